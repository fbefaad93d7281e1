package score

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn is an index of two pillars with figures that may lack, and repeat.
func drawn(t *rapid.T) (Scheme, Table) {
	areas, indicators := rapid.IntRange(2, 12).Draw(t, "areas"), rapid.IntRange(2, 8).Draw(t, "indicators")
	s := Scheme{Aggregates: []Aggregate{{Code: "P", Parent: "I"}, {Code: "Q", Parent: "I"}, {Code: "I"}},
		Normalise: &Normalise{Method: MinMax, Low: 1, High: 100}}
	table := Table{Areas: letters(areas)}
	for i := range indicators {
		w := rapid.Float64Range(0.1, 5).Draw(t, "weight")
		parent := "P"
		if i > 0 && (i == 1 || rapid.Bool().Draw(t, "pillar")) {
			parent = "Q"
		}
		s.Indicators = append(s.Indicators, Indicator{Code: "x" + letters(indicators)[i], Parent: parent,
			Weight:    &w,
			Direction: rapid.SampledFrom([]Direction{Benefit, Cost}).Draw(t, "direction")})
		table.Columns = append(table.Columns, s.Indicators[i].Code)
		table.Values = append(table.Values, rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-50, 50),
			rapid.Just(3.0), rapid.Just(math.NaN())), areas, areas).Draw(t, "figures"))
	}
	s.Aggregate = []Aggregation{{Method: rapid.SampledFrom([]string{Arithmetic, Geometric, Harmonic,
		Median}).
		Draw(t, "mean")}}
	return s, table
}

func outcomeOf(t *rapid.T, s Scheme, table Table) *Outcome {
	plan, err := Compile(s, table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := plan.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestUnitsDoNotMatter: another unit changes no score and no rank (invariant 3).
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, table := drawn(t)
		s.Normalise = &Normalise{Method: rapid.SampledFrom([]string{MinMax, ZScore, Ranked, DistanceMax,
			PercentRank, FractionMax}).Draw(t, "method"), Low: 1, High: 100}
		s.Aggregate[0].Method = Arithmetic
		before := outcomeOf(t, s, table)
		column := rapid.IntRange(0, len(table.Columns)-1).Draw(t, "column")
		table.Values[column] = slices.Clone(table.Values[column])
		for i := range table.Values[column] {
			table.Values[column][i] *= 1024 // a power of two loses nothing
		}
		after := outcomeOf(t, s, table)
		for n := range before.Nodes {
			if !same(before.Scores[n], after.Scores[n]) {
				t.Fatalf("%s: %v became %v", before.Nodes[n].Code, before.Scores[n], after.Scores[n])
			}
		}
	})
}

// TestOrderDoesNotMatter: areas and indicators in another order have the same scores (invariant 2).
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, table := drawn(t)
		before := outcomeOf(t, s, table)
		rows := rapid.Permutation(indices(len(table.Areas))).Draw(t, "rows")
		columns := rapid.Permutation(indices(len(table.Columns))).Draw(t, "columns")
		s.Indicators = chosen(s.Indicators, columns)
		other := Table{Areas: chosen(table.Areas, rows), Columns: chosen(table.Columns, columns)}
		for _, c := range columns {
			other.Values = append(other.Values, chosen(table.Values[c], rows))
		}
		after := outcomeOf(t, s, other)
		for n, node := range before.Nodes {
			at := after.plan.Index(node.Code)
			for row, area := range before.Areas {
				if x, y := before.Scores[n][row], after.Scores[at][after.Row(area, "")]; !near(x, y,
					1e-12) {
					t.Fatalf("%s of %s: %v became %v", node.Code, area, x, y)
				}
			}
		}
	})
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestMeansStayBetween: bounds, weights and parts (invariants 4 to 6).
func TestMeansStayBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, table := drawn(t)
		o := outcomeOf(t, s, table)
		sum := 0.0
		for i := range o.Indicators {
			sum += o.Effective[i]
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("effective weights sum to %v", sum)
		}
		for _, node := range o.Aggregates() {
			for row, x := range o.Scores[node] {
				low, high, parts := math.Inf(1), math.Inf(-1), 0.0
				for _, c := range o.Nodes[node].Children {
					if y := o.Scores[c][row]; y == y {
						low, high = min(low, y), max(high, y)
					}
				}
				if x != x {
					if low <= high {
						t.Fatalf("%s of row %d is missing", o.Nodes[node].Code, row)
					}
					continue
				}
				if x < low-1e-9 || x > high+1e-9 {
					t.Fatalf("%s of row %d: %v is not between %v and %v", o.Nodes[node].Code, row, x, low,
						high)
				}
				for _, part := range o.Contributions(node, row) {
					parts += part.Contribution
				}
				if !near(parts, x, 1e-9) {
					t.Fatalf("%s of row %d: %v, parts %v", o.Nodes[node].Code, row, x, parts)
				}
			}
		}
	})
}

// TestRebuildsAreFree: a worker answers the same whatever it did before, and with any number of processors
// (invariant 8).
func TestRebuildsAreFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, table := drawn(t)
		plan, err := Compile(s, table, Methods{})
		if err != nil {
			t.Fatal(err)
		}
		one, many := plan.Worker(1), plan.Worker(3)
		kept := copied(rebuilt(t, one, Variant{}))
		noise := Variant{Data: one.Data(), WinMax: 1, Treat: &Treat{},
			Normalise: &Normalise{Method: Ranked},
			Aggregate: []Aggregation{{Method: Arithmetic}}}
		for i := range noise.Data[0] {
			noise.Data[0][i] += 7
		}
		a, b := copied(rebuilt(t, one, noise)), rebuilt(t, many, noise)
		for n := range kept {
			if !slices.EqualFunc(a[n], b[n], alike) {
				t.Fatalf("node %d with one processor %v, with three %v", n, a[n], b[n])
			}
		}
		for n, column := range rebuilt(t, one, Variant{}) {
			if !slices.EqualFunc(kept[n], column, alike) {
				t.Fatalf("node %d was %v, now %v", n, kept[n], column)
			}
		}
	})
}

func rebuilt(t *rapid.T, w *Worker, v Variant) [][]float64 {
	scores, err := w.Rebuild(v)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func copied(columns [][]float64) (out [][]float64) {
	for _, c := range columns {
		out = append(out, slices.Clone(c))
	}
	return out
}

// alike compares to the bit, all NaN being one.
func alike(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// TestRankWithin a group, ties sharing the least place.
func TestRankWithin(t *testing.T) {
	o := Outcome{Areas: letters(6), Scores: [][]float64{{5, 9, 9, 1, math.NaN(), 7}},
		Groups: map[string][]string{"g": {"n", "n", "s", "n", "n", ""}}}
	if got := o.RankWithin(0, "g"); !slices.Equal(got, []int{2, 1, 1, 3, 0, 0}) {
		t.Errorf("ranks %v", got)
	}
	if got := o.RankWithin(0, "h"); !slices.Equal(got, make([]int, 6)) {
		t.Errorf("ranks of no group %v", got)
	}
}

// TestFlags: pairs of one pillar alone, each once.
func TestFlags(t *testing.T) {
	s, table := example()
	s.Aggregates = []Aggregate{{Code: "P", Parent: "I"}, {Code: "Q", Parent: "I"}, {Code: "I"}}
	s.Indicators[0].Parent, s.Indicators[1].Parent, s.Indicators[2].Parent = "P", "P", "Q"
	o := run(t, s, table)
	pairs := o.Flags(1, 2, o.Prepared)
	if len(pairs) != 1 || pairs[0].First != 0 || pairs[0].Second != 1 || pairs[0].High {
		t.Errorf("pairs %+v", pairs)
	}
	if all := o.Flags(1, 3, o.Scores); len(all) != 3 || !all[0].High {
		t.Errorf("all pairs %+v", all)
	}
}

// TestMethodsOfOtherPackages are called with what they need.
func TestMethodsOfOtherPackages(t *testing.T) {
	s, table := example()
	s.Weights, s.Aggregate = []Weighting{{Method: "first"}}, []Aggregation{{Method: "largest"}}
	m := Methods{Weigh: map[string]Weigh{"first": func(f Family) ([]float64, error) {
		if f.Parent != "I" || !slices.Equal(f.Children, []string{"x1", "x2", "x3"}) || f.Raw[1][0] != 2.8 ||
			f.Columns[1][3] != 1 || len(f.Areas) != 4 {
			t.Errorf("family %+v", f)
		}
		return []float64{1, 0, 0}, nil
	}}, Combine: map[string]Combine{"largest": func(f Family, weights, into []float64) error {
		if !slices.Equal(weights, []float64{1, 0, 0}) {
			t.Errorf("weights %v", weights)
		}
		for a := range into {
			into[a] = max(f.Columns[0][a], f.Columns[1][a], f.Columns[2][a])
		}
		return nil
	}}}
	plan, err := Compile(s, table, m)
	if err != nil {
		t.Fatal(err)
	}
	o, err := plan.Run()
	if err != nil || !same(o.Scores[3], []float64{.3, .7, 0, 1}) || o.Contributions(3, 0) != nil {
		t.Errorf("%v, %v", o, err)
	}
	s.Weights[0] = Weighting{Method: EqualWeights}
	s.Aggregate[0].Method = Arithmetic
	if o = run(t, s, table); !near(o.Effective[0], 1.0/3, 1e-12) {
		t.Errorf("equal: %v", o.Effective)
	}
}
