package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// tiny is a city of all counties with next to nothing in them.
var tiny = setting.Scale{Name: "tiny", Even: true, Townships: 1, Villages: 1, Groups: 2, Accounts: 1}

// builtCity is a city that a test has built, with the program it was built in still open.
type builtCity struct {
	*demo.City
	program *Program
}

// buildTiny builds a city in a database of its own.
func buildTiny(t *testing.T, url string, seed int64, language ...string) builtCity {
	t.Helper()
	clock := setting.NewClock(demo.Begun)
	p := New(Outside{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Clock: clock.Now,
		Random: setting.Random(tiny.Name, seed),
		Environment: func(name string) (string, bool) {
			return strings.Join(language, ""), name == "TERRACE_LANGUAGE"
		}})
	resolved, err := config.Resolve(settings, config.Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	p.host.Config = resolved.With("db", url).With("keys", filepath.Join(folder, "keys")).
		With("files", filepath.Join(folder, "files"))
	closing, err := p.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closing)
	city, err := demo.Build(t.Context(), demo.Config{Host: p.host, Modules: p.services, Clock: clock,
		Scale: tiny, Seed: seed})
	if err != nil {
		t.Fatal(p.host.Dictionary.Explain("en", fault.Of(err)), fault.Of(err).Findings, err)
	}
	return builtCity{city, p}
}

// story is everything the log says: with the digests of all rows, and the signed heads.
func (b builtCity) story(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for e, err := range store.Each[store.StoredEvent](v, `SELECT `+store.EventColumns+`
			FROM event ORDER BY home, id`) {
			if err != nil {
				return err
			}
			fmt.Fprintf(&text, "%s %x\n", e.Leaf(), e.Salt)
		}
		heads, err := store.All[string](v, `SELECT note FROM log_checkpoint ORDER BY home, size`)
		text.WriteString(strings.Join(heads, "\n"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func sqliteURL(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "city.db") }

// TestTheSameSeedBuildsTheSameCity: on both engines, to the signed heads of the log.
func TestTheSameSeedBuildsTheSameCity(t *testing.T) {
	one := buildTiny(t, sqliteURL(t), 7).story(t)
	if other := buildTiny(t, sqliteURL(t), 7, "zh").story(t); other != one {
		t.Error("two cities of one seed differ, one built in Chinese")
	}
	if other := buildTiny(t, sqliteURL(t), 8).story(t); other == one {
		t.Error("another seed built the same city")
	}
	t.Run("postgres", func(t *testing.T) {
		if other := buildTiny(t, storetest.PostgresURL(t), 7).story(t); other != one {
			t.Error("the same seed built another city on PostgreSQL")
		}
	})
}

// TestWhatTheCityHas: a city is built once for all that only read it.
func TestWhatTheCityHas(t *testing.T) {
	b := buildTiny(t, sqliteURL(t), 1)
	for name, has := range map[string]func(*testing.T, builtCity){
		"checks at every stage":         theCheckStandsEverywhere,
		"true answers about checks":     theAnswersOfTheCheckAreTrue,
		"sums of its counties":          theCityIsTheSumOfItsCounties,
		"separated duties":              dutiesAreSeparated,
		"findings of what is planted":   supervisionFindsWhatIsPlanted,
		"a book that ties out for each": everyCollectiveHasABookThatTiesOut,
		"reports at every stage":        reportsStandEverywhere,
		"true answers about reports":    theAnswersOfTheReportsAreTrue,
		"ranks that spread":             indicesHaveTheirSpread,
	} {
		t.Run(name, func(t *testing.T) { has(t, b) })
	}
}

// TestTheCityIsSound: everything in it passes terrace verify, and the counts and the
// adjustment are as they should be.
func TestTheCityIsSound(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		b := buildTiny(t, fresh(t, s), 1)
		report, err := b.program.host.Log.Verify(t.Context(), b.program.Tables(), func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range b.program.modules {
			for _, check := range m.Checks {
				if err := check.Run(t.Context(), func(f fault.Finding) {
					report.Findings = append(report.Findings, f)
				}); err != nil {
					t.Errorf("%s: %v", check.Name, err)
				}
			}
		}
		for _, f := range report.Findings {
			if f.Severity == fault.Error {
				t.Error(f)
			}
		}
		if report.Rows < 2000 || len(b.Ledger) < 100 {
			t.Errorf("only %d rows and %d collectives", report.Rows, len(b.Ledger))
		}
		for day, want := range map[period.Date]int{"2025-12-31": 38, "2026-01-25": 37} {
			if got := b.countiesOn(t, day); got != want {
				t.Errorf("%d counties on %s, not %d", got, day, want)
			}
		}
		b.homesAreRight(t)
	})
}

// fresh is the address of an empty database of the same engine as a store's.
func fresh(t *testing.T, s *store.Store) string {
	t.Helper()
	if s.Engine() == "postgres" {
		return storetest.PostgresURL(t)
	}
	return sqliteURL(t)
}

func (b builtCity) countiesOn(t *testing.T, day period.Date) (count int) {
	t.Helper()
	tree, err := b.Modules.Places.At(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	return len(b.CountiesOf(tree))
}

// homesAreRight: every collective lies under the county in which its place lies when the city is
// served, so that its officers find it.
func (b builtCity) homesAreRight(t *testing.T) {
	t.Helper()
	moved := 0
	for _, c := range b.Ledger {
		if home := b.Modules.Places.Home(c.Place); home != c.Home {
			t.Errorf("%s lies at home %d, its place in %d", c.Ref, c.Home, home)
		}
		if name := b.Modules.Places.Name(c.Home); name == "两江新区" {
			moved++
		}
	}
	if moved == 0 {
		t.Error("the new district has no collectives")
	}
}

// TestEveryFaultIsTold: each is in the answer key, in both languages, and where it says it is.
func TestEveryFaultIsTold(t *testing.T) {
	b := buildTiny(t, sqliteURL(t), 3)
	name := filepath.Join(t.TempDir(), "answers")
	if err := b.WriteKey(name); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var key struct {
		Answers []struct {
			Rule         string
			Wrong, Basis struct{ Chinese, English string }
			Page         string
		}
	}
	if err := json.Unmarshal(body, &key); err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for _, a := range key.Answers {
		rules[a.Rule] = true
	}
	if len(key.Answers) != len(b.Answers) || len(rules) < 6 {
		t.Errorf("%d answers to %d faults of %d rules", len(key.Answers), len(b.Answers), len(rules))
	}
	page, err := os.ReadFile(name + ".md")
	if err != nil || strings.Contains(string(page), "demo.fault") || strings.Contains(string(page), "%!") {
		t.Errorf("the page has bare keys (%v)", err)
	}
}

// dutiesAreSeparated: in every county other people count, review and approve.
func dutiesAreSeparated(t *testing.T, b builtCity) {
	t.Helper()
	tree := b.Modules.Places.Today()
	for _, n := range b.CountiesOf(tree) {
		officer, one := b.Cast.Holder("county_officer", tree.ID(n))
		leader, two := b.Cast.Holder("county_leader", tree.ID(n))
		if !one || !two || officer.Account == leader.Account {
			t.Errorf("%s lacks an officer or a leader", tree.Name(n))
		}
	}
	seen := map[int64]bool{}
	for _, m := range b.Cast.Members {
		if seen[m.Account] {
			t.Errorf("%s holds two posts", m.Login)
		}
		seen[m.Account] = true
		if m.Place == 0 || !tree.Has(m.Place) {
			continue
		}
		actor, err := b.As(t.Context(), m.Role, m.Place)
		if err != nil || len(actor.Posts) != 1 || actor.Posts[0].Place != m.Place {
			t.Errorf("%s acts as %+v (%v)", m.Login, actor, err)
		}
	}
}

// demoOnce runs the command and returns its exit code and what it printed.
func demoOnce(t *testing.T, folder string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	p := New(Outside{Out: &out, Err: &out, Clock: Process().Clock,
		Environment: func(name string) (string, bool) {
			return map[string]string{"TERRACE_LANGUAGE": "en"}[name], name == "TERRACE_LANGUAGE"
		}})
	args = append([]string{"demo", "--no-serve", "--db", filepath.Join(folder, "d.db")}, args...)
	return p.Main(context.WithoutCancel(t.Context()), args), out.String()
}

// TestTheCommand: it builds, finds what it built, refuses another city, and never touches a database
// that is something else.
func TestTheCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the small city: not with -short")
	}
	folder := t.TempDir()
	half := filepath.Join(folder, "d.db.building")
	if err := os.WriteFile(half, []byte("what an interrupted build left"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := demoOnce(t, folder)
	if code != 0 || !strings.Contains(out, "built anew") || !strings.Contains(out, demo.Password("small",
		1)) {
		t.Fatalf("%d: %s", code, out)
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("the unfinished database is still there")
	}
	if code, out = demoOnce(t, folder); code != 0 || strings.Contains(out, "building the city") {
		t.Errorf("the second start: %d: %s", code, out)
	}
	if code, out = demoOnce(t, folder, "--seed", "2"); code != 5 || !strings.Contains(out, "--seed 1") {
		t.Errorf("another seed: %d: %s", code, out)
	}
	if code, out = demoOnce(t, folder, "--scale", "huge"); code != 3 {
		t.Errorf("an unknown scale: %d: %s", code, out)
	}
	// Stopped before the database had its name: it is finished, not built again.
	if err := os.Rename(filepath.Join(folder, "d.db"), half); err != nil {
		t.Fatal(err)
	}
	if code, out = demoOnce(t, folder); code != 0 || strings.Contains(out, "built anew") {
		t.Errorf("a city without its name: %d: %s", code, out)
	}
	other := t.TempDir()
	if err := os.Rename(filepath.Join(folder, "d.db.keys"), filepath.Join(other, "d.db.keys")); err != nil {
		t.Fatal(err)
	}
	if code, out = demoOnce(t, other); code != 5 || !strings.Contains(out, "d.db.keys") {
		t.Errorf("keys without a database: %d: %s", code, out)
	}
}

// TestADatabaseInUseIsNeverTouched: the demo command refuses it.
func TestADatabaseInUseIsNeverTouched(t *testing.T) {
	folder := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(folder, "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	p := New(Outside{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Clock: Process().Clock,
		Environment: func(string) (string, bool) { return "", false }})
	if _, err := s.Migrate(t.Context(), p.Parts()); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Record(store.Event{Kind: "test.used", Subject: "test"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(folder, "d.db"))
	if err != nil {
		t.Fatal(err)
	}
	if code, out := demoOnce(t, folder); code != 5 || !strings.Contains(out, "no demo city") {
		t.Errorf("a database in use: %d: %s", code, out)
	}
	after, err := os.ReadFile(filepath.Join(folder, "d.db"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a database in use was changed (%v)", err)
	}
}
