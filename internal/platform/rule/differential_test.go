package rule_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

var thingParts = []store.Part{{Name: "thing", Migrations: fstest.MapFS{"0001_thing.sql": &fstest.MapFile{
	Data: []byte(`-- +goose Up
CREATE TABLE thing (
	home BIGINT NOT NULL, id BIGINT NOT NULL, organisation BIGINT NOT NULL,
	a BIGINT NOT NULL, b BIGINT NOT NULL, c TEXT NOT NULL, d TEXT NOT NULL, begun TEXT NOT NULL,
	ended TEXT NOT NULL, f BOOLEAN NOT NULL, g BOOLEAN NOT NULL, PRIMARY KEY (home, id));`)}}}}

func told(name string) words.Words { return words.Words{Chinese: "某" + name, English: name} }

var thing = rule.Subject{Name: "thing", Title: told("thing"),
	Variables: []rule.Variable{
		{Name: "a", Kind: rule.Int, Title: told("a"), Unit: rule.Fen},
		{Name: "b", Kind: rule.Int, Title: told("b")},
		{Name: "c", Kind: rule.Text, Title: told("c")}, {Name: "d", Kind: rule.Text, Title: told("d")},
		{Name: "begun", Kind: rule.Text, Unit: rule.Day, Title: told("begun")},
		{Name: "ended", Kind: rule.Text, Unit: rule.Day, Title: told("ended")},
		{Name: "f", Kind: rule.Bool, Title: told("f")}, {Name: "g", Kind: rule.Bool, Title: told("g")},
		{Name: "known", Kind: rule.Bool, Title: told("known")}},
	Tables: map[string]rule.Table{"known": {Columns: 2,
		Rows: func(_ store.Reader, scope rule.Scope) ([][]string, error) {
			return [][]string{{"水库", string(scope.Today)}, {"x", string(scope.Today)}}, nil
		}}},
	SQL: `WITH known (word, day) AS (VALUES {table known})
		SELECT t.home, t.organisation, t.id % 4 AS place, t.id AS key, t.a, t.b, t.c, t.d, t.begun, t.ended,
		t.f, t.g, EXISTS (SELECT 1 FROM known k WHERE k.word = t.c AND k.day = {today}) AS known
		FROM thing t WHERE t.home = {home} AND {organisations t.organisation} AND t.begun <= {today+9000d}`,
	Address: func(_ int64, key string) string { return "/things/" + key }}

func subjects(t rapid.TB) *rule.Subjects {
	t.Helper()
	s, err := rule.NewSubjects(thing)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drawer draws expressions within the subset of SQL.
type drawer struct{ *rapid.T }

func (d drawer) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.T, "one") }

func (d drawer) number(depth int) string {
	if depth <= 0 {
		return d.one("a", "b", "a", "b", "0", "1", "-1", "7", "-3", "9223372036854775807", "3037000500",
			"-9223372036854775807", `param("p")`, `param("q")`)
	}
	switch rapid.IntRange(0, 8).Draw(d.T, "number") {
	case 0, 1, 2, 3, 4:
		return "(" + d.number(depth-1) + d.one(" + ", " - ", " * ", " / ", " % ") + d.number(depth-1) + ")"
	case 5:
		return "-(" + d.number(depth-1) + ")"
	case 6:
		return "(" + d.truth(depth-1) + " ? " + d.number(depth-1) + " : " + d.number(depth-1) + ")"
	}
	return d.number(0)
}

func (d drawer) day(depth int) string {
	if depth > 0 && rapid.Bool().Draw(d.T, "moved") {
		return d.one(`add_years(begun, `+d.one("20", "-3", `param("p")`, "9000", "-2000")+`)`,
			`add_days(today, -`+d.one("30", "0", `param("q")`)+`)`, `add_months(today, `+d.one("-24",
				"1")+`)`)
	}
	return d.one("begun", "ended", "today", `"2025-06-30"`, `""`, `"2024-02-29"`)
}

func (d drawer) truth(depth int) string {
	if depth <= 0 {
		return d.one("f", "g", "true", "false", "given(a)", "given(c)", "given(f)", "given(begun)")
	}
	compare := d.one(" == ", " != ", " < ", " <= ", " > ", " >= ")
	switch rapid.IntRange(0, 9).Draw(d.T, "truth") {
	case 0, 1:
		return "(" + d.truth(depth-1) + d.one(" && ", " || ") + d.truth(depth-1) + ")"
	case 2:
		return "!(" + d.truth(depth-1) + ")"
	case 3, 4, 5:
		return "(" + d.number(depth-1) + compare + d.number(depth-1) + ")"
	case 6:
		return "(" + d.day(depth) + compare + d.day(depth) + ")"
	case 7:
		return d.one(`c == d`, `c != "x"`, `c in ["x", "", "水库"]`, `a in [0, 1, -3]`, `d.startsWith("水")`,
			`c.contains("x")`, `c.startsWith("")`, `d.contains("%")`)
	case 8:
		return "(" + d.truth(depth-1) + " ? " + d.truth(depth-1) + " : " + d.truth(depth-1) + ")"
	}
	return d.truth(0)
}

var drawnNumbers = rapid.OneOf(rapid.SampledFrom([]int64{0, 1, -1, 3, math.MaxInt64, math.MinInt64,
	math.MinInt64 + 1, 3037000500, -3037000500}), rapid.Int64(), rapid.Int64Range(-50, 50))
var drawnTexts = rapid.SampledFrom([]string{"", "x", "xx", "水库", "水", "a%b", "_", "X"})
var drawnDays = rapid.SampledFrom([]string{"", "2024-02-29", "2025-06-30", "2026-01-05", "1999-12-31",
	"2005-06-30"})

var drawnPlaces = rapid.SampledFrom([][]int64{nil, nil, {1}, {0, 3}})

func drawThings(t *rapid.T) [][]any {
	n := rapid.IntRange(1, 12).Draw(t, "rows")
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{int64(3), int64(i + 1), int64(i % 3), drawnNumbers.Draw(t, "a"),
			drawnNumbers.Draw(t, "b"), drawnTexts.Draw(t, "c"), drawnTexts.Draw(t, "d"),
			drawnDays.Draw(t, "begun"), drawnDays.Draw(t, "ended"), rapid.Bool().Draw(t, "f"),
			rapid.Bool().Draw(t, "g")}
	}
	return rows
}

func keep(t rapid.TB, s *store.Store, rows [][]any) {
	t.Helper()
	err := s.Write(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM thing`); err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := tx.Exec(`INSERT INTO thing (home, id, organisation, a, b, c, d, begun, ended, f, g)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, row...); err != nil {
				return err
			}
		}
		_, err := tx.Record(store.Event{Home: 3, Kind: "thing.kept", Subject: "thing/1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// answers writes what questions come to: one line an answer.
func answers(t rapid.TB, s *store.Store, scope rule.Scope, questions []rule.Question) string {
	t.Helper()
	var lines []string
	err := s.View(context.Background(), func(v *store.View) error {
		for answer, err := range subjects(t).Ask(v, "thing", scope, questions) {
			if err != nil {
				return err
			}
			for _, i := range answer.Holds {
				lines = append(lines, fmt.Sprintf("%s holds %d %q", answer.Key, i, answer.Row.Texts()))
			}
			for _, i := range answer.Failed {
				lines = append(lines, fmt.Sprintf("%s fails %d", answer.Key, i))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestSQLAndRecordAgree draws records and rules: the evaluator of records and that of SQL say the same
// on both engines, of missing values, overflow and division by zero too.
func TestSQLAndRecordAgree(t *testing.T) {
	e := subjects(t).Environment("thing")
	storetest.Each(t, thingParts, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(t *rapid.T) {
			keep(t, s, drawThings(t))
			params := parameters{"p": rapid.Int64Range(-9, 40).Draw(t, "p"), "q": drawnNumbers.Draw(t, "q")}
			var pushed, records []rule.Question
			for range rapid.IntRange(1, 3).Draw(t, "rules") {
				text := drawer{t}.truth(3)
				r, err := e.Compile(text)
				if err != nil {
					continue // a literal that is too long, a shape CEL refuses
				}
				if !subjects(t).Pushed("thing", r) && !strings.Contains(text, `param("`) {
					t.Logf("not pushed: %s", text)
				}
				q := rule.Question{Rule: r, Parameters: params, Only: drawnPlaces.Draw(t, "only"),
					Except: drawnPlaces.Draw(t, "except")}
				pushed = append(pushed, q)
				q.ByRecord = true
				records = append(records, q)
			}
			scope := rule.Scope{Home: 3, Today: "2026-01-05"}
			if rapid.Bool().Draw(t, "some") {
				scope.Organisations = []int64{0, 2}
			}
			if got, want := answers(t, s, scope, pushed), answers(t, s, scope, records); got != want {
				var texts []string
				for _, q := range pushed {
					texts = append(texts, q.Rule.Text())
				}
				t.Fatalf("rules:\n%s\nSQL:\n%s\nrecord by record:\n%s", strings.Join(texts, "\n"), got,
					want)
			}
		})
	}, storetest.WithoutReplay)
}

// TestMostIsPushedDown guards the test above: that it compares SQL with records at all.
func TestMostIsPushedDown(t *testing.T) {
	s := subjects(t)
	for text, want := range map[string]bool{
		`a * 100 < b * (100 - param("p")) && given(b)`:    true,
		`ended > add_years(begun, 20) || c in ["x", "y"]`: true,
		`begun < add_days(today, -param("p"))`:            true,
		`f ? a / b > 3 : d.startsWith("水")`:               true,
		`c < d`:                                           false, // the collation of the database
		`size(c) > 3`:                                     false,
		`add_days(begun, 30) < ended`:                     false,
		`c.matches("^x")`:                                 false,
		`begun < "2025-01-01" && f`:                       true,
		`known && a > 0`:                                  true,
		`add_months(today, -a) < ended`:                   false,
	} {
		r, err := s.Environment("thing").Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Pushed("thing", r); got != want {
			t.Errorf("%s: pushed %v", text, got)
		}
	}
}

// TestOverflowAndDivisionFail holds the semantics of errors, counted by hand.
func TestOverflowAndDivisionFail(t *testing.T) {
	row := func(id, a, b int64) []any {
		return []any{int64(3), id, int64(1), a, b, "", "", "", "", false, false}
	}
	storetest.Each(t, thingParts, func(t *testing.T, s *store.Store) {
		keep(t, s, [][]any{row(1, math.MaxInt64, 1), row(2, 10, 0), row(3, 10, 2)})
		for text, want := range map[string]string{
			`a + b > 5`:           "1 fails 0;2 holds 0;3 holds 0",
			`a / b == 5`:          "2 fails 0;3 holds 0",
			`given(b) && a/b > 5`: "1 holds 0",
			`a / b > 0 || true`:   "1 holds 0;2 holds 0;3 holds 0",
		} {
			r, err := subjects(t).Environment("thing").Compile(text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.SplitSeq(answers(t, s, rule.Scope{Home: 3, Today: "2026-01-05"},
				[]rule.Question{{Rule: r}}), "\n") {
				words := strings.Fields(line)
				got = append(got, strings.Join(words[:min(3, len(words))], " "))
			}
			if strings.Join(got, ";") != want {
				t.Errorf("%s: %s, want %s", text, strings.Join(got, ";"), want)
			}
		}
	}, storetest.WithoutReplay)
}

func TestSubjectsOfModulesAreHeldToTheirShape(t *testing.T) {
	broken := func(change func(*rule.Subject)) rule.Subject {
		s := thing
		s.Variables = slices.Clone(thing.Variables)
		change(&s)
		return s
	}
	for i, s := range []rule.Subject{
		broken(func(s *rule.Subject) { s.SQL = "SELECT 1" }),
		broken(func(s *rule.Subject) { s.SQL += " AND t.x < {yesterday}" }),
		broken(func(s *rule.Subject) { s.SQL += " AND t.x < {today-3w}" }),
		broken(func(s *rule.Subject) { s.Variables[0].Name = "today" }),
		broken(func(s *rule.Subject) { s.Variables[0].Name = "key" }),
		broken(func(s *rule.Subject) { s.Variables[0].Kind = rule.List }),
		broken(func(s *rule.Subject) { s.Variables[0].Title.English = "" }),
		broken(func(s *rule.Subject) { s.Name = "two words" }),
		broken(func(s *rule.Subject) { s.Tables = nil }),
	} {
		if _, err := rule.NewSubjects(s); err == nil {
			t.Error("accepted: " + strconv.Itoa(i))
		}
	}
	if _, err := rule.NewSubjects(thing, thing); err == nil {
		t.Error("a name stands twice")
	}
}

// TestPlacesAreAskedApart: a question that is asked of some places only holds there alone, by both
// evaluators, and its failures are told there alone.
func TestPlacesAreAskedApart(t *testing.T) {
	e := subjects(t).Environment("thing")
	r, err := e.Compile(`1 / a > param("p")`)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, thingParts, func(t *testing.T, s *store.Store) {
		var rows [][]any
		for id := range int64(8) { // at the places 0 to 3, the latter half divided by nothing
			rows = append(rows, []any{int64(3), id, int64(1), (8 - id) / 5, int64(0), "", "", "", "", false,
				false})
		}
		keep(t, s, rows)
		for _, byRecord := range []bool{false, true} {
			got := answers(t, s, rule.Scope{Home: 3, Today: "2026-01-05"}, []rule.Question{
				{Rule: r, Parameters: parameters{"p": 0}, Except: []int64{1, 2}, ByRecord: byRecord},
				{Rule: r, Parameters: parameters{"p": 1}, Only: []int64{1}, ByRecord: byRecord},
				{Rule: r, Parameters: parameters{"p": -1}, Only: []int64{2}, ByRecord: byRecord}})
			want := `0 holds 0 ["1"]|2 holds 2 ["1"]|3 holds 0 ["1"]|4 fails 0|5 fails 1|6 fails 2|7 fails 0`
			if got = strings.ReplaceAll(got, "\n", "|"); got != want {
				t.Errorf("by record %v:\n%s\nwant\n%s", byRecord, got, want)
			}
		}
	}, storetest.WithoutReplay)
}

func mustDay(t *testing.T, text string) period.Date {
	t.Helper()
	day, err := period.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}
