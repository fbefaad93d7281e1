package intake_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// A module that keeps pumps, and adds up what was applied: anything done twice shows.
const schema = `-- +goose Up
CREATE TABLE pump (home BIGINT NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL,
	amount BIGINT NOT NULL, PRIMARY KEY (home, id));
CREATE TABLE pump_sum (home BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (home, name));
`

type pump struct {
	Home    int64  `db:"home"`
	ID      int64  `db:"id,key"`
	Version int64  `db:"version,version"`
	Name    string `db:"name"`
	Amount  int64  `db:"amount"`
}

var pumps = store.NewTable[pump]("pump")

var parts = []store.Part{intake.Part(), {Name: "pump",
	Migrations: fstest.MapFS{"0001_pump.sql": {Data: []byte(schema)}}}}

const pumpForm = `
key: pump.list
version: 1
title: {zh: 水泵清单, en: Pumps}
basis: 无
mark: config
fields:
  - {key: name, label: {zh: 名称, en: Name}, kind: text, required: true}
  - {key: amount, label: {zh: 金额, en: Amount}, kind: money, required: true}
  - {key: phone, label: {zh: 电话, en: Phone}, kind: code, data_class: S2}
checks:
  - key: dear
    expr: amount <= 100000
    severity: warning
    fields: [amount]
    text: {zh: "金额{amount}偏大", en: "{amount} is much"}
cross_checks:
  - key: once
    expr: unique(rows, name)
    fields: [name]
    text: {zh: 名称重复, en: a name stands twice}
`

func pumpDefinition(t testing.TB) *form.Definition {
	t.Helper()
	l, findings := form.Load(fstest.MapFS{"forms/a.yaml": {Data: []byte(pumpForm)}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	d, _ := l.Form("pump.list")
	return d
}

var officer = access.Actor{Account: 7, Posts: []access.Post{{Role: "officer", Place: 1}}}

type places struct{}

func (places) Path(place int64) access.Path {
	if place < 1 {
		return nil
	}
	return binary.BigEndian.AppendUint32(nil, uint32(place))
}

func (places) Members(int64) []int64 { return nil }

var errDown = errors.New("the machine went down")

// world is a service with its module.
type world struct {
	*intake.Service
	store  *store.Store
	home   int64
	refuse func(row intake.Row) error
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	s.Seal(pumps)
	ring, err := keys.New(storetest.Random(9))
	if err != nil {
		t.Fatal(err)
	}
	a := access.New()
	a.SetPlaces(places{})
	a.SetRoles([]access.Role{{Key: "officer", Permits: []access.Permit{"pump.change"}}})
	w := &world{Service: intake.New(s, a, ring), store: s, home: 500102,
		refuse: func(intake.Row) error { return nil }}
	w.SetPortions(3, 3, 2)
	kind := intake.Kind{Key: "pump.list", Form: pumpDefinition(t), Permit: "pump.change",
		Apply: func(tx *store.Tx, in intake.Intake, row intake.Row) error { return w.apply(tx, in, row) },
		Finish: func(tx *store.Tx, in intake.Intake) error {
			_, err := tx.Exec(`INSERT INTO pump_sum (home, name, n) VALUES (?, 'finished', 1)
				ON CONFLICT (home, name) DO UPDATE SET n = pump_sum.n + 1`, in.Home)
			return err
		},
		Check: func(c *intake.Checking) error {
			for _, row := range c.Rows {
				if row.Record.Text("name") == "known" {
					c.Tell(row, "name", fault.Wrong("intake.absent"))
				}
			}
			return nil
		}}
	if err := w.Register(kind); err != nil {
		t.Fatal(err)
	}
	if err := w.Register(kind); err == nil {
		t.Error("a kind is registered twice")
	}
	kind.Key = "pump.named" // its rows have an identity, and its files an organisation
	kind.Operation = func(in intake.Intake, row intake.Row) string { return row.Record.Text("name") }
	kind.Wanted = func(_ context.Context, in intake.Intake) (sheet.Wanted, error) {
		return sheet.Wanted{Organisation: in.Subject, OrganisationName: "石柱村"}, nil
	}
	if err := w.Register(kind); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) apply(tx *store.Tx, in intake.Intake, row intake.Row) error {
	if err := w.refuse(row); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO pump_sum (home, name, n) VALUES (?, 'amount', ?)
		ON CONFLICT (home, name) DO UPDATE SET n = pump_sum.n + excluded.n`, in.Home,
		int64(row.Record.Money("amount"))); err != nil {
		return err
	}
	file, err := strconv.ParseInt(in.File[:8], 16, 64)
	if err != nil {
		return err
	}
	p := pump{Home: in.Home, ID: file*1_000_000 + in.Attempt*100_000 + int64(row.Line),
		Name:   row.Record.Text("name"),
		Amount: int64(row.Record.Money("amount"))}
	return pumps.Insert(tx, &p)
}

func request(content string) intake.Request {
	return intake.Request{Actor: officer, Kind: "pump.list", Home: 500102, Subject: "check/1", Place: 1,
		Upload: sheet.Upload{Name: "泵.csv", Content: bytes.NewReader([]byte(content)),
			Size: int64(len(content))}}
}

// list is a file of n good rows.
func list(n int) string {
	var b strings.Builder
	b.WriteString("名称,金额,电话\n")
	for i := range n {
		fmt.Fprintf(&b, "泵%d,%d.50,1380000%04d\n", i, i+1, i)
	}
	return b.String()
}

// run stages, checks and applies, as a page and its job do.
func (w *world) run(ctx context.Context, content string) (intake.Intake, error) {
	r := request(content)
	r.Home = w.home
	in, _, err := w.Stage(ctx, r)
	if err != nil {
		return in, err
	}
	if in.State == intake.Staged {
		if in, err = w.Check(ctx, officer, in.Home, in.ID); err != nil {
			return in, err
		}
	}
	return w.Apply(ctx, intake.Order{Actor: officer, Home: in.Home, ID: in.ID, Explanation: "看过了"})
}

// dump writes all that imports left in a home, but for times and versions.
func dump(t testing.TB, s *store.Store, home int64) string {
	t.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT id || '|' || version || '|' || name || '|' || amount FROM pump WHERE home = ? ORDER BY id`,
		`SELECT name || '|' || n FROM pump_sum WHERE home = ? ORDER BY name`,
		`SELECT kind || '|' || subject || '|' || file || '|' || attempt || '|' || state || '|' || line
			|| '|' || rows || '|' || applied || '|' || repeated || '|' || failed || '|' || errors
			|| '|' || warnings || '|' || notes || '|' || explanation || '|' || columns
			FROM intake WHERE home = ? ORDER BY id`,
		`SELECT line || '|' || ref || '|' || told || '|' || operation || '|' || state || '|' || length(cells)
			FROM intake_row WHERE home = ? ORDER BY intake, line`,
		`SELECT phase || '|' || line || '|' || n || '|' || severity || '|' || key || '|' || args
			|| '|' || spot FROM intake_finding WHERE home = ? ORDER BY intake, phase, line, n`,
		`SELECT operation || '|' || line FROM intake_operation WHERE home = ? ORDER BY operation`,
	} {
		lines, err := store.Read(t.Context(), s, func(v *store.View) ([]string, error) {
			return store.All[string](v, query, home)
		})
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.Join(lines, "\n") + "\n--\n")
	}
	return b.String()
}

func each(t *testing.T, fn func(t *testing.T, w *world), options ...storetest.Option) {
	t.Helper()
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) { fn(t, newWorld(t, s)) }, options...)
}

func sum(t testing.TB, s *store.Store, query string, args ...any) int64 {
	t.Helper()
	n, err := store.Read(t.Context(), s, func(v *store.View) (int64, error) {
		return store.Count(v, query,
			args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneCleanRun(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, err := w.run(t.Context(), list(7)+"合计,31.50,\n")
		if err != nil || in.State != intake.Done || in.Rows != 7 || in.Applied != 7 || in.Notes != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		if n := sum(t, w.store, "SELECT n FROM pump_sum WHERE name = 'amount'"); n != 3150 {
			t.Errorf("the amounts add up to %d", n)
		}
		if n := sum(t, w.store, "SELECT count(*) FROM intake_row WHERE length(cells) > 0"); n != 0 {
			t.Errorf("%d rows still hold their cells", n)
		}
		if n := sum(t, w.store,
			"SELECT count(*) FROM event WHERE kind = 'intake.applied' AND actor = 7"); n != 4 {
			t.Errorf("%d portions were recorded, want 4", n)
		}
	})
}

// TestKilledAnywhere: at every boundary of every portion – before its transaction, within it, after
// it – the step fails once; run again, everything is as after one clean run.
func TestKilledAnywhere(t *testing.T) {
	content := list(7) + "贵泵,5000,\n"
	each(t, func(t *testing.T, w *world) {
		points := 0
		w.SetStep(func(string) error { points++; return nil })
		if _, err := w.run(t.Context(), content); err != nil {
			t.Fatal(err)
		}
		want := dump(t, w.store, w.home)
		if points < 20 {
			t.Fatalf("only %d boundaries", points)
		}
		for at := 1; at <= points; at++ {
			w.home++ // a county of its own for every boundary
			n, point := 0, ""
			w.SetStep(func(name string) error {
				if n++; n == at {
					point = name
				}
				if n >= at { // down is down: a transaction that is tried again fails again
					return errDown
				}
				return nil
			})
			if _, err := w.run(t.Context(), content); !errors.Is(err, errDown) {
				t.Fatalf("boundary %d was not reached: %v", at, err)
			}
			w.SetStep(func(string) error { return nil })
			if in, err := w.run(t.Context(), content); err != nil || in.State != intake.Done {
				t.Fatalf("after %q (%d) it does not go on: %+v, %v", point, at, in, err)
			}
			if got := dump(t, w.store, w.home); got != want {
				t.Fatalf("after %q (%d)\n got %s\nwant %s", point, at, got, want)
			}
		}
	}, storetest.WithoutReplay) // boundaries are counted
}

const killVariable = "INTAKE_TEST_KILL" // database|boundary

// TestKilledProcess kills a whole process at every boundary, again and again, until one gets through.
func TestKilledProcess(t *testing.T) {
	content := list(5)
	if order := os.Getenv(killVariable); order != "" {
		child(t, order, content)
		return
	}
	clean := newWorld(t, storetest.SQLite(t, parts, storetest.WithoutReplay))
	if _, err := clean.run(t.Context(), content); err != nil {
		t.Fatal(err)
	}
	want := dump(t, clean.store, clean.home)
	file := filepath.Join(t.TempDir(), "killed.db")
	killed := 0
	for at := 1; ; at++ {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%d", killVariable, file, at))
		out, err := cmd.CombinedOutput()
		if err == nil {
			break
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() > 0 || at > 60 {
			t.Fatalf("process %d: %v\n%s", at, err, out)
		}
		killed++
	}
	if killed < 5 {
		t.Fatalf("only %d processes were killed", killed)
	}
	s, err := store.Open(t.Context(), store.Config{URL: file})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := dump(t, s, 500102); got != want {
		t.Errorf("killed %d times\n got %s\nwant %s", killed, got, want)
	}
}

// child takes the file in and kills itself at a boundary, counted from where it finds the work.
func child(t *testing.T, order, content string) {
	file, boundary, _ := strings.Cut(order, "|")
	s, err := store.Open(t.Context(), store.Config{URL: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Migrate(t.Context(), append([]store.Part{store.Own()}, parts...)); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, s)
	n := 0
	w.SetStep(func(string) error {
		if n++; fmt.Sprint(n) == boundary {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			t.Fatal(err)
		}
		return nil
	})
	if _, err := w.run(t.Context(), content); err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestSameFileTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, err := w.run(t.Context(), list(3))
		if err != nil {
			t.Fatal(err)
		}
		before := dump(t, w.store, w.home)
		again, known, err := w.Stage(t.Context(), request(list(3)))
		if err != nil || !known || again.ID != first.ID || again.State != intake.Done {
			t.Errorf("the same file: %+v, known %v, %v", again, known, err)
		}
		if in, err := w.Apply(t.Context(), intake.Order{Actor: officer, Home: first.Home,
			ID: first.ID}); err != nil ||
			in.Applied != 3 {
			t.Errorf("applying again: %+v, %v", in, err)
		}
		if got := dump(t, w.store, w.home); got != before {
			t.Errorf("something changed:\n%s", got)
		}
		other := request(list(3))
		other.Subject = "check/2"
		if in, known, err := w.Stage(t.Context(), other); err != nil || known || in.ID == first.ID {
			t.Errorf("for another subject: %+v, known %v, %v", in, known, err)
		}
	})
}

// TestCutAndSentAgain: stopped half-way and sent again, the rows that took effect are repeated, and the
// others are applied.
func TestCutAndSentAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _, err := w.Stage(t.Context(), request(list(7)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Check(t.Context(), officer, in.Home, in.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.Apply(t.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID,
			Progress: func(done, total int64) error {
				if done >= 4 {
					return errDown
				}
				return nil
			}})
		if !errors.Is(err, errDown) {
			t.Fatal(err)
		}
		if in, err = w.Cancel(t.Context(), officer, in.Home, in.ID); err != nil || in.State != intake.Cut ||
			in.Applied != 4 {
			t.Fatalf("%+v, %v", in, err)
		}
		if n := sum(t, w.store, "SELECT count(*) FROM intake_row WHERE length(cells) > 0"); n != 0 {
			t.Errorf("%d rows still hold their cells", n)
		}
		again, err := w.run(t.Context(), list(7))
		if err != nil || again.Attempt != 2 || again.Applied != 3 || again.Repeated != 4 {
			t.Errorf("%+v, %v", again, err)
		}
		if n := sum(t, w.store, "SELECT n FROM pump_sum WHERE name = 'amount'"); n != 3150 {
			t.Errorf("the amounts add up to %d", n)
		}
	})
}

func TestNothingPassesWithErrors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, err := w.run(t.Context(), "名称,金额\n泵,x\n泵,2000\nknown,1\n,5\n")
		if !fault.HasKey(err, "intake.errors") || in.Errors != 4 || in.Warnings != 2 {
			t.Fatalf("%+v, %v", in, err)
		}
		list, _, err := w.Findings(t.Context(), officer, in, intake.Filter{})
		var got []string
		for _, f := range list {
			got = append(got, fmt.Sprintf("%s %s%d", f.Key, f.Column, f.Row))
		}
		want := []string{"form.number B2", "form.check A3", "intake.absent A4", "form.required A5",
			"sheet.missing_others 1", "form.check B3"} // errors first
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v, %v; want %v", got, err, want)
		}
		if sum(t, w.store, "SELECT count(*) FROM pump") != 0 || sum(t, w.store,
			"SELECT count(*) FROM event") != 0 {
			t.Error("something was applied")
		}
		if n := sum(t, w.store, "SELECT count(*) FROM intake_row WHERE state = 'wrong'"); n != 3 {
			t.Errorf("%d rows are marked wrong", n)
		}
	})
}

func TestWarningsAreExplained(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _, err := w.Stage(t.Context(), request("名称,金额,电话\n泵,5000,\n"))
		if err != nil {
			t.Fatal(err)
		}
		if in, err = w.Check(t.Context(), officer, in.Home, in.ID); err != nil || in.Warnings != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		order := intake.Order{Actor: officer, Home: in.Home, ID: in.ID, Explanation: "  "}
		if _, err := w.Apply(t.Context(), order); !fault.HasKey(err, "intake.unexplained") {
			t.Errorf("unexplained: %v", err)
		}
		order.Explanation = "新购"
		if in, err := w.Apply(t.Context(), order); err != nil || in.Applied != 1 || in.Explanation != "新购" {
			t.Errorf("explained: %+v, %v", in, err)
		}
	})
}

// TestRowsRefusedWhileApplying: the module refuses rows that were good when they were checked. They
// are failed with their reason, the others applied; an error of the machine stops instead.
func TestRowsRefusedWhileApplying(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.refuse = func(row intake.Row) error {
			if row.Line == 3 || row.Line == 6 {
				return fault.New(fault.Conflict, "store.duplicate")
			}
			return nil
		}
		in, err := w.run(t.Context(), list(7))
		if err != nil || in.State != intake.Done || in.Applied != 5 || in.Failed != 2 {
			t.Fatalf("%+v, %v", in, err)
		}
		list, _, err := w.Findings(t.Context(), officer, in, intake.Filter{Severity: fault.Error})
		if err != nil || len(list) != 2 || list[0].Row != 3 || list[1].Row != 6 ||
			list[1].Key != "store.duplicate" {
			t.Errorf("%v, %v", list, err)
		}
		if n := sum(t, w.store, "SELECT n FROM pump_sum WHERE name = 'amount'"); n != 3150-250-550 {
			t.Errorf("the amounts add up to %d", n)
		}
	})
	each(t, func(t *testing.T, w *world) {
		down := true
		w.refuse = func(row intake.Row) error {
			if row.Line == 5 && down {
				return errDown
			}
			return nil
		}
		in, err := w.run(t.Context(), list(7))
		if !errors.Is(err, errDown) || in.State != intake.Applying {
			t.Fatalf("%+v, %v", in, err)
		}
		down = false
		if in, err = w.run(t.Context(), list(7)); err != nil || in.Applied != 7 || in.Failed != 0 {
			t.Errorf("%+v, %v", in, err)
		}
	})
}

// TestRowsWithAnIdentity: two files that speak of the same things apply them once, also within one file
// and by two at the same time.
func TestRowsWithAnIdentity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		take := func(content string) (intake.Intake, error) {
			r := request(content)
			r.Kind = "pump.named"
			in, _, err := w.Stage(t.Context(), r)
			if err == nil {
				in, err = w.Check(t.Context(), officer, in.Home, in.ID)
			}
			return in, err
		}
		a, err := take("名称,金额,电话\n甲,1,\n乙,2,\n丙,3,\n")
		if err != nil {
			t.Fatal(err)
		}
		b, err := take("名称,金额,电话\n丙,3,\n丁,4,\n乙,2,\n")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, in := range []intake.Intake{a, b} {
			wg.Go(func() {
				for {
					_, err := w.Apply(t.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID})
					if err == nil || !fault.Is(err, fault.Unavailable) {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		wg.Wait()
		if n := sum(t, w.store, "SELECT sum(applied) FROM intake"); n != 4 {
			t.Errorf("%d rows were applied, want 4", n)
		}
		if n := sum(t, w.store, "SELECT sum(repeated) FROM intake"); n != 2 {
			t.Errorf("%d rows were repeated, want 2", n)
		}
		if n := sum(t, w.store, "SELECT n FROM pump_sum WHERE name = 'amount'"); n != 1000 {
			t.Errorf("the amounts add up to %d", n)
		}
	})
}

// TestTemplatesOfOthers are refused when they are sent, and one of an older form when it is checked.
func TestTemplatesOfOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		send := func(organisation string) (intake.Intake, error) {
			var b bytes.Buffer
			tpl := sheet.Template{Form: pumpDefinition(t), Language: "zh", Dictionary: dictionary(t),
				Organisation: organisation, OrganisationName: "某村", Rows: func(yield func(sheet.Prefilled,
					error) bool) {
					yield(sheet.Prefilled{Ref: "9", Cells: []string{"甲", "1", ""}}, nil)
				}}
			if _, err := tpl.WriteXLSX(&b); err != nil {
				t.Fatal(err)
			}
			r := request("")
			r.Kind = "pump.named"
			r.Upload = sheet.Upload{Name: "a.xlsx", Content: bytes.NewReader(b.Bytes()),
				Size: int64(b.Len())}
			in, _, err := w.Stage(t.Context(), r)
			return in, err
		}
		if _, err := send("check/2"); !fault.HasKey(err, "sheet.other_organisation") {
			t.Errorf("another village: %v", err)
		}
		in, err := send("check/1")
		if err != nil || in.Rows != 1 || in.Columns != "A,B,C" {
			t.Fatalf("%+v, %v", in, err)
		}
		storetest.Tamper(t, w.store, "UPDATE intake SET form_version = 0")
		if _, err := w.Check(t.Context(), officer, in.Home, in.ID); !fault.HasKey(err,
			"intake.form_changed") {
			t.Errorf("an older form: %v", err)
		}
	})
}

// TestManyApplyAtOnce: several workers at one intake; each row takes effect once.
func TestManyApplyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _, err := w.Stage(t.Context(), request(list(30)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Check(t.Context(), officer, in.Home, in.ID); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					now, err := w.Apply(t.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID})
					if err != nil && !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Unavailable) {
						t.Error(err)
						return
					}
					if now.State == intake.Done {
						return
					}
				}
			})
		}
		wg.Wait()
		now, err := w.Get(t.Context(), officer, in.Home, in.ID)
		if err != nil || now.Applied != 30 || sum(t, w.store,
			"SELECT n FROM pump_sum WHERE name = 'finished'") != 1 {
			t.Errorf("%+v, %v", now, err)
		}
		if n := sum(t, w.store, "SELECT n FROM pump_sum WHERE name = 'amount'"); n != 30*31/2*100+30*50 {
			t.Errorf("the amounts add up to %d", n)
		}
	})
}

// TestTwoSendOneFile: sent by two at once, there is one intake.
func TestTwoSendOneFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					_, _, err := w.Stage(t.Context(), request(list(20)))
					if err == nil {
						return
					}
					if !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Unavailable) && !fault.Is(err,
						fault.Conflict) {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if sum(t, w.store, "SELECT count(*) FROM intake") != 1 || sum(t, w.store,
			"SELECT count(*) FROM intake_row") != 20 {
			t.Error("the file was staged twice")
		}
	})
}

// TestRefusedHalfWay: a file that proves broken while it is read leaves no rows, only the reason.
func TestRefusedHalfWay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.SetLimits(sheet.Limits{Rows: 50}) // beyond the rows in which headings are looked for
		in, known, err := w.Stage(t.Context(), request(list(60)))
		if !fault.HasKey(err, "sheet.rows") || known || in.State != intake.Refused {
			t.Fatalf("%+v, %v, %v", in, known, err)
		}
		if f := in.Refused(); f == nil || f.Key != "sheet.rows" || fmt.Sprint(f.Args) != "[泵.csv 50]" {
			t.Errorf("the reason: %v", f)
		}
		if sum(t, w.store, "SELECT count(*) FROM intake_row") != 0 {
			t.Error("rows are left")
		}
		w.SetLimits(sheet.Limits{})
		if in, known, err := w.Stage(t.Context(), request(list(60))); err != nil || known ||
			in.Attempt != 2 {
			t.Errorf("sent again: %+v, %v, %v", in, known, err)
		}
	})
	each(t, func(t *testing.T, w *world) {
		if _, _, err := w.Stage(t.Context(), request("%PDF-1.4")); !fault.HasKey(err, "sheet.not_a_table") {
			t.Errorf("%v", err)
		}
		if sum(t, w.store, "SELECT count(*) FROM intake") != 0 {
			t.Error("a file that is no table left an intake")
		}
	})
}

func TestPersonalCellsLieEncrypted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _, err := w.Stage(t.Context(), request("名称,金额,电话\n泵,1,13800001234\n坏,x,13900005678\n"))
		if err != nil {
			t.Fatal(err)
		}
		if in, err = w.Check(t.Context(), officer, in.Home, in.ID); err != nil || in.Errors != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		cells, err := store.Read(t.Context(), w.store, func(v *store.View) ([][]byte, error) {
			return store.All[[]byte](v, "SELECT cells FROM intake_row ORDER BY line")
		})
		if err != nil || len(cells) != 2 || len(cells[0]) == 0 || bytes.Contains(bytes.Join(cells, nil),
			[]byte("1380000")) {
			t.Errorf("%q, %v", cells, err)
		}
		if in, err = w.Cancel(t.Context(), officer, in.Home, in.ID); err != nil ||
			in.State != intake.Cancelled {
			t.Fatalf("%+v, %v", in, err)
		}
		if n := sum(t, w.store, "SELECT count(*) FROM intake_row WHERE length(cells) > 0"); n != 0 {
			t.Errorf("%d rows still hold their cells", n)
		}
	})
}

// TestNeighboursSeeNothing: every use case, asked by somebody of another place and by nobody.
func TestNeighboursSeeNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _, err := w.Stage(t.Context(), request(list(3)))
		if err != nil {
			t.Fatal(err)
		}
		before := dump(t, w.store, w.home)
		neighbour := access.Actor{Account: 8, Posts: []access.Post{{Role: "officer", Place: 2}}}
		for who, actor := range map[string]access.Actor{"a neighbour": neighbour, "nobody": {}} {
			other := request(list(4))
			other.Actor = actor
			_, _, staging := w.Stage(t.Context(), other)
			_, checking := w.Check(t.Context(), actor, in.Home, in.ID)
			_, applying := w.Apply(t.Context(), intake.Order{Actor: actor, Home: in.Home, ID: in.ID})
			_, cancelling := w.Cancel(t.Context(), actor, in.Home, in.ID)
			_, getting := w.Get(t.Context(), actor, in.Home, in.ID)
			_, _, finding := w.Findings(t.Context(), actor, in, intake.Filter{})
			for i, err := range []error{staging, checking, applying, cancelling, getting, finding} {
				if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Unauthenticated) {
					t.Errorf("%s, use case %d: %v", who, i, err)
				}
			}
			if all, err := w.Of(t.Context(), actor, in.Home, in.Subject); err != nil || len(all) != 0 {
				t.Errorf("%s lists %v, %v", who, all, err)
			}
		}
		if all, err := w.Of(t.Context(), officer, in.Home, in.Subject); err != nil || len(all) != 1 {
			t.Errorf("the officer lists %v, %v", all, err)
		}
		if got := dump(t, w.store, w.home); got != before {
			t.Error("something changed")
		}
	})
}
