package score

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// vector is a case of testdata about some rule.
type vector[R any] struct {
	Name      string    `yaml:"name"`
	Rule      R         `yaml:"rule"`
	Normalise Normalise `yaml:"normalise"`
	Indicator Indicator `yaml:"indicator"`
	Figures   string    `yaml:"figures"`
	Weights   string    `yaml:"weights"`
	Want      string    `yaml:"want"`
	Done      string    `yaml:"done"`
	Moved     int       `yaml:"moved"`
}

// cases reads a file of testdata.
func cases[T any](t *testing.T, name string) []T {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	if err := yaml.UnmarshalWithOptions(body, &all, yaml.Strict()); err != nil {
		t.Fatal(yaml.FormatError(err, false, true))
	}
	if len(all) < 10 {
		t.Fatalf("%s has %d cases", name, len(all))
	}
	return all
}

// figuresOf reads figures between spaces.
func figuresOf(t testing.TB, text string) (out []float64) {
	t.Helper()
	for _, field := range strings.Fields(text) {
		out = append(out, figure(t, field))
	}
	return out
}

// letters are area codes A, B, C …
func letters(n int) (codes []string) {
	for i := range n {
		codes = append(codes, string(rune('A'+i)))
	}
	return codes
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return near(x, y, 1e-12) })
}

func TestNormalisationsCountedByHand(t *testing.T) {
	for _, v := range cases[vector[struct{}]](t, "normalise.yaml") {
		x := figuresOf(t, v.Figures)
		v.Indicator.Code = "x"
		s := Scheme{Indicators: []Indicator{v.Indicator}, Normalise: &v.Normalise}
		o := run(t, s, Table{Areas: letters(len(x)), Columns: []string{"x"}, Values: [][]float64{x}})
		if want := figuresOf(t, v.Want); !same(o.Scores[0], want) {
			t.Errorf("%s: %v, want %v", v.Name, o.Scores[0], want)
		}
	}
}

func TestTreatmentsCountedByHand(t *testing.T) {
	for _, v := range cases[vector[Treat]](t, "treat.yaml") {
		x := figuresOf(t, v.Figures)
		s := Scheme{Indicators: []Indicator{{Code: "x"}}, Treat: &v.Rule}
		o := run(t, s, Table{Areas: letters(len(x)), Columns: []string{"x"}, Values: [][]float64{x}})
		if want := figuresOf(t, v.Want); !same(o.Treated[0], want) {
			t.Errorf("%s: %v, want %v", v.Name, o.Treated[0], want)
		}
		var done Treatment
		if len(o.Treatments) > 0 {
			done = o.Treatments[0]
		}
		if done.Done != v.Done || done.Moved != v.Moved {
			t.Errorf("%s: %q moved %d, want %q and %d", v.Name, done.Done, done.Moved, v.Done, v.Moved)
		}
		changed := 0
		for i := range x {
			if x[i] == x[i] && o.Treated[0][i] != x[i] {
				changed++
			}
		}
		if changed != len(o.Changes) {
			t.Errorf("%s: %d cells changed, %d are on record", v.Name, changed, len(o.Changes))
		}
	}
}

func TestAggregationsCountedByHand(t *testing.T) {
	for _, v := range cases[vector[Aggregation]](t, "aggregate.yaml") {
		x, weights := figuresOf(t, v.Figures), figuresOf(t, v.Weights)
		s := Scheme{Aggregates: []Aggregate{{Code: "I"}}, Aggregate: []Aggregation{v.Rule}}
		table := Table{Areas: []string{"A"}}
		for i := range x {
			code := strings.ToLower(letters(len(x))[i])
			s.Indicators = append(s.Indicators, Indicator{Code: code, Parent: "I", Weight: &weights[i]})
			table.Columns, table.Values = append(table.Columns, code), append(table.Values, []float64{x[i]})
		}
		o := run(t, s, table)
		if want := figuresOf(t, v.Want); !same(o.Scores[o.Top()], want) {
			t.Errorf("%s: %v, want %v", v.Name, o.Scores[o.Top()], want)
		}
	}
}

// example is the data of the vectors of the domain: four areas and three indicators under one index.
func example() (Scheme, Table) {
	weights := []float64{.344930, .315938, .339132}
	s := Scheme{Key: "example", Normalise: &Normalise{Method: MinMax, High: 1},
		Aggregates: []Aggregate{{Code: "I"}}, Aggregate: []Aggregation{{Method: Arithmetic}}}
	for i, code := range []string{"x1", "x2", "x3"} {
		s.Indicators = append(s.Indicators, Indicator{Code: code, Parent: "I", Weight: &weights[i]})
	}
	s.Indicators[1].Direction = Cost
	return s, Table{Areas: letters(4), Columns: []string{"x1", "x2", "x3"},
		Values: [][]float64{{60, 72, 50, 90}, {2.8, 2.4, 3.1, 2.1}, {40, 55, 30, 70}}}
}

func TestExampleOfTheDomain(t *testing.T) {
	s, table := example()
	o := run(t, s, table)
	for c, want := range [][]float64{{.25, .55, 0, 1}, {.3, .7, 0, 1}, {.25, .625, 0, 1},
		{.265797, .622826, 0, 1}} {
		for a := range want {
			if math.Abs(o.Scores[c][a]-want[a]) > 5e-7 {
				t.Errorf("%s of %s: %v, want %v", o.Nodes[c].Code, o.Areas[a], o.Scores[c][a], want[a])
			}
		}
	}
	if !slices.Equal(o.Ranks[3], []int{3, 2, 4, 1}) {
		t.Errorf("ranks %v", o.Ranks[3])
	}
	// With a floor of .01 a geometric mean can be taken.
	s.Normalise, s.Aggregate = &Normalise{Method: MinMax, Low: .01, High: 1},
		[]Aggregation{{Method: Geometric}}
	o = run(t, s, table)
	for a, want := range []float64{.272209, .623690, .01, 1} {
		if math.Abs(o.Scores[3][a]-want) > 5e-7 {
			t.Errorf("geometric: %v, want %v", o.Scores[3][a], want)
		}
	}
}

// TestMixedMeans: a method a level, the last holding above, and a node's own before its level's.
func TestMixedMeans(t *testing.T) {
	s := Scheme{Aggregate: []Aggregation{{Method: Arithmetic}, {Method: Geometric}, {Method: Harmonic}},
		Aggregates: []Aggregate{{Code: "P", Parent: "S"}, {Code: "Q", Parent: "S",
			Aggregate: &Aggregation{Method: Total}}, {Code: "S", Parent: "I"}, {Code: "R", Parent: "T"},
			{Code: "T", Parent: "I"}, {Code: "I", Level: 4}},
		Indicators: []Indicator{{Code: "a", Parent: "P"}, {Code: "b", Parent: "P"}, {Code: "c",
			Parent: "Q"},
			{Code: "d", Parent: "Q"}, {Code: "e", Parent: "R"}}}
	table := Table{Areas: []string{"A"}, Columns: []string{"a", "b", "c", "d", "e"},
		Values: [][]float64{{1}, {7}, {4}, {5}, {12}}}
	o := run(t, s, table)
	// P = 4, Q = 9, S = √36 = 6, R = T = 12, I = 2/(1/6 + 1/12) = 8
	for code, want := range map[string]float64{"P": 4, "Q": 9, "S": 6, "R": 12, "T": 12, "I": 8} {
		if got := o.Scores[o.plan.Index(code)][0]; !near(got, want, 1e-12) {
			t.Errorf("%s = %v, want %v", code, got, want)
		}
	}
}

// TestImputationsCountedByHand on three indicators, two of them in one pillar.
func TestImputationsCountedByHand(t *testing.T) {
	na := math.NaN()
	s := Scheme{Groups: []Label{{Code: "g"}}, Aggregates: []Aggregate{{Code: "P", Parent: "I"},
		{Code: "Q", Parent: "I"}, {Code: "I"}},
		Indicators: []Indicator{{Code: "x", Parent: "P"}, {Code: "y", Parent: "P", Direction: Cost},
			{Code: "z", Parent: "Q"}}}
	table := Table{Areas: letters(5), Columns: []string{"x", "y", "z"},
		Values: [][]float64{{10, 20, 40, na, na}, {0, 5, 10, 2, na}, {100, 0, 50, 50, 75}},
		Groups: map[string][]string{"g": {"n", "n", "s", "s", ""}}}
	for name, c := range map[string]struct {
		rule Impute
		x, y []float64
	}{
		"mean": {Impute{Method: ImputeMean}, []float64{10, 20, 40, 70.0 / 3, 70.0 / 3}, []float64{0, 5,
			10, 2, 4.25}},
		"median": {Impute{Method: ImputeMedian}, []float64{10, 20, 40, 20, 20}, []float64{0, 5, 10, 2,
			3.5}},
		"mean of the group": {Impute{Method: ImputeMean, Group: "g"}, []float64{10, 20, 40, 40, na},
			[]float64{0, 5, 10, 2, na}},
		// D: y is .8 of the way from 10 down to 0, z .5: x is .65 of the way from 10 to 40.
		"row": {Impute{Method: ImputeRow}, []float64{10, 20, 40, 29.5, 32.5}, []float64{0, 5, 10, 2, 2.5}},
		// In the pillar of x and y, E has nothing.
		"row of the pillar": {Impute{Method: ImputeRow, Level: 2}, []float64{10, 20, 40, 34, na},
			[]float64{0, 5, 10, 2, na}},
		"none": {Impute{Method: ImputeNone}, []float64{10, 20, 40, na, na}, []float64{0, 5, 10, 2, na}},
		"given": {Impute{Method: ImputeNone, Given: []Given{{Area: "D", Indicator: "x", Value: 7}}},
			[]float64{10, 20, 40, 7, na}, []float64{0, 5, 10, 2, na}},
	} {
		s.Impute = &c.rule
		o := run(t, s, table)
		if !same(o.Prepared[0], c.x) || !same(o.Prepared[1], c.y) {
			t.Errorf("%s: %v %v, want %v %v", name, o.Prepared[0], o.Prepared[1], c.x, c.y)
		}
	}
	s.Impute = &Impute{Method: ImputeMean, Group: "h"}
	if _, err := Compile(s, table, Methods{}); !fault.HasKey(err, "rating.impute_group_unknown") {
		t.Errorf("an unknown group: %v", err)
	}
	s.Impute = &Impute{Method: ImputeLinear}
	if _, err := Compile(s, table, Methods{}); !fault.HasKey(err, "rating.impute_no_time") {
		t.Errorf("no times: %v", err)
	}
}

// TestImputationsInTime: one area from 2010 to 2016, not every year.
func TestImputationsInTime(t *testing.T) {
	na := math.NaN()
	times := []string{"2016", "2010", "2011", "2012",
		"2015"} // sorted by the plan: 2010 2011 2012 2015 2016
	table := Table{Areas: []string{"A", "A", "A", "A", "A"}, Times: times, Columns: []string{"x"},
		Values: [][]float64{{na, na, 10, na, 40}}}
	for name, c := range map[string]struct {
		rule Impute
		want []float64
	}{
		"previous":           {Impute{Method: ImputePrevious}, []float64{na, 10, 10, 40, 40}},
		"previous of a year": {Impute{Method: ImputePrevious, Years: 1}, []float64{na, 10, 10, 40, 40}},
		"constant":           {Impute{Method: ImputeConstant}, []float64{10, 10, 10, 40, 40}},
		"linear":             {Impute{Method: ImputeLinear}, []float64{10, 10, 17.5, 40, 40}},
	} {
		s := Scheme{Indicators: []Indicator{{Code: "x"}}, Impute: &c.rule}
		if o := run(t, s, table); !same(o.Prepared[0], c.want) {
			t.Errorf("%s: %v, want %v", name, o.Prepared[0], c.want)
		}
	}
	table.Times = []string{"2018", "2010", "2011", "2014", "2015"}
	s := Scheme{Indicators: []Indicator{{Code: "x"}}, Impute: &Impute{Method: ImputePrevious, Years: 2}}
	o := run(t, s, table)
	if want := []float64{na, 10, na, 40, na}; !same(o.Prepared[0], want) {
		t.Errorf("two years back: %v, want %v", o.Prepared[0], want)
	}
}

// TestDenominatorsAndScreening: a missing or zero denominator leaves nothing, and what is left is counted.
func TestDenominatorsAndScreening(t *testing.T) {
	na := math.NaN()
	s := Scheme{Denominate: true, Screen: &Screen{Availability: 0.5}, Indicators: []Indicator{
		{Code: "x", Denominator: "p"}, {Code: "y"}}}
	table := Table{Areas: letters(5), Columns: []string{"y", "p", "x"},
		Values: [][]float64{{1, 2, 3, na, na}, {4, 0, na, 2, na}, {8, 8, 8, 8, 8}}}
	o := run(t, s, table)
	if !slices.Equal(o.Areas, []string{"A", "B", "C", "D"}) || !same(o.Prepared[0], []float64{2, na, na,
		4}) {
		t.Errorf("%v %v", o.Areas, o.Prepared)
	}
	s.Screen.Strict = true
	if o = run(t, s, table); !slices.Equal(o.Areas, []string{"A"}) || len(o.Screened) != 5 {
		t.Errorf("strict: %v", o.Areas)
	}
	var why []string
	for _, c := range o.Changes {
		why = append(why, c.Area+" "+c.Why)
	}
	if want := []string{"A divided", "B denominator_zero", "C denominator_missing", "D divided",
		"E denominator_missing", "B dropped", "C dropped", "D dropped", "E dropped"}; !slices.Equal(why,
		want) {
		t.Errorf("changes %v, want %v", why, want)
	}
	table.Values[0] = []float64{na, na, na, na, na}
	if _, err := Compile(s, table, Methods{}); !fault.HasKey(err, "rating.screen_empty") {
		t.Errorf("nobody is left: %v", err)
	}
}

// TestPanel: each time is treated and ranked by itself; min and max are those of all times together.
func TestPanel(t *testing.T) {
	s := Scheme{Indicators: []Indicator{{Code: "x", Parent: "I"}}, Aggregates: []Aggregate{{Code: "I"}},
		Treat: &Treat{}, Normalise: &Normalise{Method: MinMax},
		Aggregate: []Aggregation{{Method: Arithmetic}}}
	table := Table{Columns: []string{"x"}, Values: make([][]float64, 1)}
	for _, year := range []string{"2021", "2020"} {
		for i, area := range letters(11) {
			x := float64(i + 1)
			if year == "2020" && i == 10 {
				x = 100 // becomes 10, the largest of that year beside it
			}
			if year == "2021" {
				x *= 2
			}
			table.Areas, table.Times = append(table.Areas, area), append(table.Times, year)
			table.Values[0] = append(table.Values[0], x)
		}
	}
	o := run(t, s, table)
	if o.Keys[0] != "A 2020" || o.Keys[21] != "K 2021" || len(o.Changes) != 1 ||
		o.Changes[0].Time != "2020" {
		t.Errorf("keys %v, changes %v", o.Keys, o.Changes)
	}
	// From 1 (A of 2020) to 22 (K of 2021).
	for row, want := range map[int]float64{0: 0, 10: 900.0 / 21, 11: 100.0 / 21, 21: 100} {
		if !near(o.Scores[0][row], want, 1e-12) {
			t.Errorf("%s: %v, want %v", o.Keys[row], o.Scores[0][row], want)
		}
	}
	if o.Ranks[1][9] != 1 || o.Ranks[1][10] != 1 || o.Ranks[1][21] != 1 || o.Ranks[1][0] != 11 {
		t.Errorf("ranks %v", o.Ranks[1])
	}
	s.Normalise.By = ByTime
	if o = run(t, s, table); o.Scores[0][11] != 0 || o.Scores[0][9] != 100 {
		t.Errorf("by time: %v", o.Scores[0])
	}
	if o.Row("K", "2021") != 21 || o.Row("K", "") != 10 || o.Row("Z", "") != -1 {
		t.Error("rows are not found")
	}
}
