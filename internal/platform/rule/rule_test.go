package rule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// record is a Source for tests.
type record map[string]rule.Value

func (r record) Value(name string) rule.Value { return r[name] }

var rowFields = []rule.Variable{{Name: "name", Kind: rule.Text}, {Name: "verified", Kind: rule.Int},
	{Name: "area", Kind: rule.Int}, {Name: "idle", Kind: rule.Bool}}

var variables = []rule.Variable{
	{Name: "book", Kind: rule.Int}, {Name: "verified", Kind: rule.Int}, {Name: "gain", Kind: rule.Int},
	{Name: "loss", Kind: rule.Int}, {Name: "use", Kind: rule.Text}, {Name: "contract", Kind: rule.Text},
	{Name: "begun", Kind: rule.Text}, {Name: "ended", Kind: rule.Text}, {Name: "checked", Kind: rule.Bool},
	{Name: "rows", Kind: rule.List, Fields: rowFields},
	{Name: "total", Kind: rule.Record, Fields: []rule.Variable{
		{Name: "verified", Kind: rule.Int},
		{Name: "rows", Kind: rule.List, Fields: rowFields}}},
}

func environment(t rapid.TB) *rule.Environment {
	t.Helper()
	e, err := rule.NewEnvironment(variables)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func compile(t rapid.TB, text string) *rule.Rule {
	t.Helper()
	r, err := environment(t).Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func row(name string, verified, area int64) rule.Source {
	return record{"name": rule.TextOf(name), "verified": rule.IntOf(verified), "area": rule.IntOf(area)}
}

var sample = record{
	"book": rule.IntOf(10000), "verified": rule.IntOf(12000), "gain": rule.IntOf(2000),
	"use": rule.TextOf("leased"), "begun": rule.TextOf("2025-03-01"), "ended": rule.TextOf("2026-02-28"),
	"checked": rule.BoolOf(true),
	"rows":    rule.ListOf([]rule.Source{row("a", 7000, 1), row("b", 5000, 2), row("", 0, 3)}),
	"total": rule.RecordOf(record{"verified": rule.IntOf(12000),
		"rows": rule.ListOf([]rule.Source{row("c", 12000, 6)})}),
}

type parameters map[string]int64

func (p parameters) Int(key string) (int64, error) {
	if n, ok := p[key]; ok {
		return n, nil
	}
	return 0, errors.New("not set")
}

func TestHolds(t *testing.T) {
	for text, want := range map[string]bool{
		`gain - loss == verified - book`:                                          true,
		`gain > 0 && loss > 0`:                                                    false,
		`given(gain)`:                                                             true,
		`given(loss)`:                                                             false,
		`loss == 0`:                                                               true,
		`use != "leased" || given(contract)`:                                      false,
		`contract == ""`:                                                          true,
		`begun < ended`:                                                           true,
		`checked && !(use in ["idle", "lent"])`:                                   true,
		`sum(rows, verified) == verified`:                                         true,
		`sum(rows, r, r.verified > 5000 ? r.area : 0) == 1`:                       true,
		`sum(total.rows, verified) == total.verified`:                             true,
		`rows.all(r, r.name != "")`:                                               false,
		`rows.exists(r, r.area == 3 && !r.idle)`:                                  true,
		`rows.filter(r, given(r.name)).size() == 3`:                               true,
		`rows.exists_one(r, r.verified == 5000)`:                                  true,
		`rows.all(r, total.rows.exists(s, s.verified >= r.verified))`:             true,
		`verified * 100 <= book * (100 + param("assets.tolerance"))`:              true,
		`rows.all(r, r.area * 100 <= param("assets.tolerance") * 15)`:             true,
		`use.matches("^[a-z]+$") && use.size() == 6`:                              true,
		`rows.map(r, r.area) == [1, 2, 3]`:                                        true,
		`unique(rows, area)`:                                                      true,
		`unique(rows, idle)`:                                                      true, // given nowhere
		`unique(rows.map(r, r), name) && !unique(total.rows, name) || true`:       true,
		`verified / 7 == 1714 && verified % 7 == 2`:                               true,
		`given(total.verified) && given(rows) && size(rows) == 3 && given(total)`: true,
	} {
		got, err := compile(t, text).Holds(sample, parameters{"assets.tolerance": 20})
		if err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
}

// TestBlankRecords: nothing entered is 0, "", false, an empty list – and never a panic.
func TestBlankRecords(t *testing.T) {
	for _, text := range []string{`verified == 0`, `use == ""`, `!checked`, `rows.size() == 0`,
		`total.verified == 0`, `sum(total.rows, area) == 0`, `!given(total.rows)`} {
		for _, from := range []rule.Source{record{}, nil} {
			if got, err := compile(t, text).Holds(from, nil); err != nil || !got {
				t.Errorf("%s on nothing: %v, %v", text, got, err)
			}
		}
	}
}

func TestCompileSaysWhereAndWhat(t *testing.T) {
	for text, want := range map[string]string{
		`verified = book`:                    "rule.syntax 1:10",
		`verified == `:                       "rule.syntax 1:12",
		``:                                   "rule.syntax 1:1",
		"verified > 0 &&\n  worth > 1":       "rule.unknown 2:3",
		`verified > 1.5`:                     "rule.float 1:12",
		`verified > 5u`:                      "rule.not_offered 1:12",
		`use == b"x"`:                        "rule.not_offered 1:8",
		`verified == use`:                    "rule.types 1:10",
		`verified + book`:                    "rule.result 1:1",
		`rows.all(r, r.worth > 1)`:           "rule.field 1:14",
		`total.worth == 1`:                   "rule.field 1:6",
		`string(verified) == "1"`:            "rule.function 1:7",
		`timestamp(begun) == timestamp("x")`: "rule.function 1:10",
		`{"a": 1} == {}`:                     "rule.not_offered 1:1",
		`has(verified)`:                      "rule.function 1:4",
		`given(1)`:                           "rule.syntax 1:7",
		`param(use) > 1`:                     "rule.syntax 1:7",
		`sum(rows, 1) == 1`:                  "rule.syntax 1:11",
		`unique(rows, worth)`:                "rule.field 1:7",
		`unique(rows, 1)`:                    "rule.syntax 1:14",
		`unique(verified, book)`:             "rule.types 1:8",
		`sum(rows, worth) == 1`:              "rule.field 1:4",
		`use.matches("(")`:                   "rule.types 1:13",
		`rows.all(a, rows.all(b, rows.all(c, a.area == b.area && b.area == c.area)))`: "rule.types 1:33",
		strings.Repeat("(", 300) + "1":                             "rule.syntax 1:1",
		`use == "` + strings.Repeat("x", rule.CharactersMax) + `"`: "rule.syntax 1:1",
	} {
		_, err := environment(t).Compile(text)
		f := fault.Of(err)
		if f == nil || f.Key != "rule.compile" || len(f.Findings) == 0 {
			t.Errorf("%.60q: %v", text, err)
			continue
		}
		first := f.Findings[0]
		if got := fmt.Sprintf("%s %d:%s", first.Key, first.Row, first.Column); got != want {
			t.Errorf("%.60q: %s (%v), want %s", text, got, first.Args, want)
		}
	}
}

func TestNamesThatCannotBe(t *testing.T) {
	for _, name := range []string{"", "in", "Type", "a-b", "1a", "type", "a.b", "名"} {
		if _, err := rule.NewEnvironment([]rule.Variable{{Name: name, Kind: rule.Int}}); err == nil {
			t.Errorf("%q is accepted as a name", name)
		}
	}
	twice := []rule.Variable{{Name: "a", Kind: rule.Int}, {Name: "a", Kind: rule.Text}}
	if _, err := rule.NewEnvironment(twice); err == nil {
		t.Error("a field stands twice and is accepted")
	}
}

func TestEvaluationFailsRatherThanGuesses(t *testing.T) {
	huge := record{"book": rule.IntOf(1 << 62), "verified": rule.IntOf(1 << 62), "gain": rule.IntOf(0)}
	for _, text := range []string{`book + verified > 0`, `book * 4 > 0`, `book / gain > 1`,
		`param("assets.tolerance") > 0`, `rows[0].area == 1`} {
		if _, err := compile(t, text).Holds(huge, nil); !fault.HasKey(err, "rule.evaluate") {
			t.Errorf("%s: %v, want rule.evaluate", text, err)
		}
	}
	own := fault.New(fault.Conflict, "pack.unset", "x")
	if _, err := compile(t, `param("x") > 0`).Holds(huge, refusing{own}); fault.Of(err).Key != own.Key {
		t.Errorf("the refusal of the parameters became %v", err)
	}
}

type refusing struct{ err error }

func (r refusing) Int(string) (int64, error) { return 0, r.err }

// TestCostIsLimited: a loop within a loop over many rows ends with an error, not with the day.
func TestCostIsLimited(t *testing.T) {
	many := make([]rule.Source, 20_000)
	for i := range many {
		many[i] = row("x", int64(i), 1)
	}
	from := record{"rows": rule.ListOf(many)}
	if _, err := compile(t, `sum(rows, verified) > 0`).Holds(from, nil); err != nil {
		t.Errorf("one pass over 20,000 rows: %v", err)
	}
	for i := range many {
		many[i] = row(fmt.Sprint(i), int64(i), 1)
	}
	if holds, err := compile(t, `unique(rows, name)`).Holds(from, nil); err != nil || !holds {
		t.Errorf("20,000 names: %v, %v", holds, err)
	}
	r := compile(t, `rows.all(a, rows.exists(b, b.verified == a.verified && b.area >= 1))`)
	if _, err := r.Holds(from, nil); !fault.HasKey(err, "rule.evaluate") {
		t.Errorf("200 million steps: %v", err)
	}
}

func TestUses(t *testing.T) {
	r := compile(t,
		`given(contract) || verified > book && sum(rows, area) < param("a.b") && rows.all(r, r.area > 0)`)
	if got := fmt.Sprint(r.Uses(), r.Parameters()); got != "[contract verified book rows] [a.b]" {
		t.Errorf("uses %s", got)
	}
}

func TestExplain(t *testing.T) {
	for text, want := range map[string]string{
		`gain - loss == verified - book`: "true: gain - loss == verified - book true 2000 2000",

		`book > 0 && verified < book && gain == 1`: "false: verified < book false 12000 10000",

		`verified < book || gain == 2000`: "true: gain == 2000 true 2000 2000",

		`verified < book || gain == 1`: "false: verified < book false 12000 10000; gain == 1 false 2000 1",

		`!(use == "leased")`: `false: use == "leased" true "leased" "leased"`,

		`use != "leased" || given(contract)`: `false: use != "leased" false "leased" "leased"; ` +
			`given(contract) false – –`,

		`rows.all(r, r.name != "")`: `false: rows.all(r, r.name != "") false – – row 2`,

		`rows.exists(r, r.verified == 5000)`: `true: rows.exists(r, r.verified == 5000) true – – row 1`,

		`rows.all(r, r.area > 0)`: `true: rows.all(r, r.area > 0) true – –`,

		`sum(rows, area) == 6`: `true: sum(rows, area) == 6 true 6 6`,

		`unique(rows, verified) && !unique(rows, area)`: `false: unique(rows, area) true – –`,

		`checked ? verified > book : gain == 12345`: `true: checked true – –; ` +
			`verified > book true 12000 10000`,
	} {
		e, err := compile(t, text).Explain(sample, nil)
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, r := range e.Reasons {
			part := fmt.Sprint(r.Text, " ", r.Holds, " ", r.Left, " ", r.Right)
			if r.Row >= 0 {
				part += fmt.Sprint(" row ", r.Row)
			}
			parts = append(parts, part)
		}
		if got := fmt.Sprint(e.Holds, ": ", strings.Join(parts, "; ")); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	e, err := compile(t, `verified > book * param("p")`).Explain(sample, parameters{"p": 3})
	if err != nil || fmt.Sprint(e.Values) != "[{verified 12000} {book 10000} {p 3}]" {
		t.Errorf("values %v, %v", e.Values, err)
	}
}

// TestUniqueNamesTheRow: the first row whose value stood before.
func TestUniqueNamesTheRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []rule.Source
		want, seen := -1, map[int64]bool{}
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			n := rapid.Int64Range(0, 6).Draw(t, "n")
			if n == 0 {
				rows = append(rows, record{})
				continue
			}
			rows = append(rows, row("x", n, 1))
			if seen[n] && want < 0 {
				want = i
			}
			seen[n] = true
		}
		e, err := compile(t, `unique(rows, verified)`).Explain(record{"rows": rule.ListOf(rows)}, nil)
		if err != nil || e.Holds != (want < 0) || e.Reasons[0].Row != want {
			t.Fatalf("%+v, %v; want row %d", e, err, want)
		}
	})
}

// TestAgainstPlainGo: the identity of the annual check on random amounts, against the same in Go.
func TestAgainstPlainGo(t *testing.T) {
	r := compile(t, `gain - loss == verified - book && !(gain > 0 && loss > 0)`)
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) int64 { return rapid.Int64Range(-3, 3).Draw(t, name) }
		book, verified, gain, loss := n("book"), n("verified"), n("gain"), n("loss")
		from := record{"book": rule.IntOf(book), "verified": rule.IntOf(verified),
			"gain": rule.IntOf(gain), "loss": rule.IntOf(loss)}
		got, err := r.Holds(from, nil)
		want := gain-loss == verified-book && !(gain > 0 && loss > 0)
		if err != nil || got != want {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
		e, err := r.Explain(from, nil)
		if err != nil || e.Holds != want || len(e.Reasons) == 0 {
			t.Fatalf("Explain says %v, %v; want %v", e, err, want)
		}
	})
}

// FuzzCompile: whatever is written, the answer is a rule or a refusal with places.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`verified == 0`, `sum(rows, area)`, `given(`, `param("x") > rows[1].area`,
		`rows.all(r, r.all(s, s))`, `"\u`, `given(rows.all(r, true))`, `sum(sum(rows, area), area) == 1`,
		`given(given(book))`, `rows.map(r, r) == rows`, `total == total && rows[0] in rows`} {
		f.Add(seed)
	}
	e, err := rule.NewEnvironment(variables)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := e.Compile(text)
		if err != nil {
			if problem := fault.Of(err); problem.Key != "rule.compile" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, from := range []rule.Source{sample, record{}} {
			_, wrong := r.Holds(from, parameters{"x": 1})
			_, alsoWrong := r.Explain(from, parameters{"x": 1})
			if (wrong == nil) != (alsoWrong == nil) {
				t.Fatalf("%q: Holds says %v, Explain %v", text, wrong, alsoWrong)
			}
		}
	})
}
