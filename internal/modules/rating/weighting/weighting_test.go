package weighting_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func ExamplePrioritiesOf() {
	j, _ := weighting.JudgementOf([]string{"P", "I", "S"}, []float64{3, 5, 2})
	p, _ := weighting.PrioritiesOf(j, weighting.Eigenvector, weighting.TableSaaty)
	fmt.Printf("%.6f λ %.6f CR %.6f %v\n", p.Values, p.Lambda, p.Ratio, p.Consistent)
	// Output: [0.648329 0.229651 0.122020] λ 3.003695 CR 0.003185 true
}

// worked is the example of four areas: x1 better with more, x2 with less, x3 with more.
func worked() (frame.Frame, []weighting.Direction) {
	return frame.Frame{Areas: []string{"A", "B", "C", "D"}, Columns: []string{"x1", "x2", "x3"},
			Values: [][]float64{{60, 72, 50, 90}, {2.8, 2.4, 3.1, 2.1}, {40, 55, 30, 70}}},
		[]weighting.Direction{weighting.More, weighting.Less, weighting.More}
}

func rescaled(t *testing.T) frame.Frame {
	t.Helper()
	f, directions := worked()
	z, err := weighting.Rescaled(f, directions)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// same compares with printed decimals.
func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= 5.1e-7) {
			t.Errorf("%s: %.7f, want %v", what, got, want)
			return
		}
	}
}

func TestVectorsFromFigures(t *testing.T) {
	z := rescaled(t)
	same(t, "z of A", z.Row(0), []float64{.25, .3, .25})
	same(t, "z of B", z.Row(1), []float64{.55, .7, .625})
	e, err := weighting.Entropy(z, weighting.EntropyMinMax)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "1−e", e.Basis, []float64{1 - .694658, 1 - .720323, 1 - .699791})
	same(t, "entropy", e.Values, []float64{.344930, .315938, .339132})
	e, err = weighting.Entropy(z, weighting.EntropyShift)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "shifted", e.Values, []float64{.344922, .315944, .339134})
	c, err := weighting.Critic(z, false)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "CRITIC", c.Values, []float64{.404932, .415224, .179844})
	if a, err := weighting.Critic(z, true); err != nil || !slices.Equal(a.Values, c.Values) {
		t.Errorf("all correlations are positive and |r| changes CRITIC to %v (%v)", a.Values, err)
	}
	d, err := weighting.Deviation(z)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "σ", d.Basis, []float64{.430116, .439697, .437500})
	raw, _ := worked()
	v, err := weighting.Variation(raw)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sd/mean", v.Basis[:1], []float64{math.Sqrt(888.0/3) / 68}) // d −8 4 −18 22
}

// TestIndependenceOfTwo: with two columns each one's multiple correlation is |r|, so they weigh the same; of
// three, the one that stands alone weighs most.
func TestIndependence(t *testing.T) {
	f := frame.Frame{Areas: []string{"A", "B", "C", "D", "E"}, Columns: []string{"x", "y", "z"},
		Values: [][]float64{{1, 2, 3, 4, 5}, {1, 2.1, 2.9, 4.2, 4.9}, {3, -1, 4, -2, 4}}}
	w, err := weighting.Independence(f)
	if err != nil {
		t.Fatal(err)
	}
	if w.Values[2] < w.Values[0] || w.Values[2] < w.Values[1] {
		t.Errorf("the column that stands alone has %v", w.Values)
	}
	// R² of the third on the others, by its formula from the three correlations.
	r12, r13 := statistic.Pearson(f.Values[0], f.Values[1]), statistic.Pearson(f.Values[0], f.Values[2])
	r23 := statistic.Pearson(f.Values[1], f.Values[2])
	multiple := math.Sqrt((r13*r13 + r23*r23 - 2*r12*r13*r23) / (1 - r12*r12))
	if math.Abs(w.Basis[2]-1/multiple) > 1e-9/multiple {
		t.Errorf("1/R of the third is %v, want %v", w.Basis[2], 1/multiple)
	}
	two, err := weighting.Independence(frame.Frame{Areas: f.Areas, Columns: f.Columns[:2],
		Values: f.Values[:2]})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "two", two.Values, []float64{.5, .5})
}

func TestRefusalsNameColumnAndCell(t *testing.T) {
	f := func(change func(frame.Frame)) frame.Frame {
		g, _ := worked()
		g = g.Clone()
		change(g)
		return g
	}
	gap := f(func(g frame.Frame) { g.Values[1][2] = math.NaN() })
	flat := f(func(g frame.Frame) { g.Values[2] = []float64{5, 5, 5, 5} })
	zero := f(func(g frame.Frame) { g.Values[0][3] = 0 })
	below := f(func(g frame.Frame) { g.Values[0][3] = -1 })
	double := f(func(g frame.Frame) { g.Values[1] = []float64{120, 144, 100, 180} })
	double = frame.Frame{Areas: append(double.Areas, "E"), Columns: double.Columns, Values: [][]float64{
		append(double.Values[0], 1), append(double.Values[1], 2), append(double.Values[2], 9)}}
	few := frame.Frame{Areas: gap.Areas[:2], Columns: gap.Columns, Values: [][]float64{{1, 2}, {2, 1}, {1,
		3}}}
	entropy := func(g frame.Frame, v weighting.Variant) error {
		_, err := weighting.Entropy(g,
			v)
		return err
	}
	critic := func(g frame.Frame) error { _, err := weighting.Critic(g, false); return err }
	independence := func(g frame.Frame) error { _, err := weighting.Independence(g); return err }
	components := func(g frame.Frame) error {
		_, err := weighting.ComponentsOf(g, weighting.GapsRefused)
		return err
	}
	for i, c := range []struct {
		err  error
		key  string
		args []any
	}{
		{entropy(gap, weighting.EntropyMinMax), "rating.weighting_missing", []any{"x2", "C"}},
		{critic(gap), "rating.weighting_missing", []any{"x2", "C"}},
		{components(gap), "rating.weighting_missing", []any{"x2", "C"}},
		{critic(flat), "rating.weighting_constant", []any{"x3", "A", 5.0}},
		{components(flat), "rating.weighting_constant", []any{"x3", "A", 5.0}},
		{entropy(zero, weighting.EntropyRaw), "rating.weighting_entropy", []any{"x1", "D", 0.0, "raw"}},
		{entropy(below, weighting.EntropyMinMax), "rating.weighting_entropy", []any{"x1", "D", -1.0,
			"minmax"}},
		{entropy(zero, weighting.EntropyShift), "rating.weighting_entropy", []any{"x1", "A", 60.0,
			"shift"}},
		{entropy(zero, "other"), "rating.weighting_variant", []any{"other"}},
		{critic(few), "rating.weighting_areas", []any{2, 3, 3}},
		{components(few), "rating.weighting_areas", []any{2, 3, 4}},
		{independence(few), "rating.weighting_areas", []any{2, 3, 4}},
		{independence(double), "rating.matrix_singular", []any{"x2"}},
	} {
		if g := fault.Of(c.err); g == nil || g.Key != c.key || !slices.Equal(g.Args, c.args) {
			t.Errorf("%d: %v, want %s %v", i, c.err, c.key, c.args)
		}
	}
	w, err := weighting.Entropy(flat, weighting.EntropyRaw)
	if err != nil || w.Values[2] != 0 {
		t.Errorf("a constant column weighs %v (%v)", w.Values, err)
	}
	_, directions := worked()
	z, err := weighting.Rescaled(flat, directions)
	if err != nil || !slices.Equal(z.Values[2], []float64{1, 1, 1, 1}) {
		t.Errorf("a constant column is brought to %v (%v)", z.Values, err)
	}
	w, err = weighting.Entropy(z, weighting.EntropyMinMax)
	if err != nil || w.Values[2] != 0 || w.Values[0] == 0 {
		t.Errorf("a constant column weighs %v (%v)", w.Values, err)
	}
	c, err := weighting.ComponentsOf(frame.Frame{Areas: append(gap.Areas, "E"), Columns: gap.Columns[:2],
		Values: [][]float64{append(gap.Values[0], 8), append(gap.Values[1], 3)}}, weighting.GapsDropped)
	if err != nil || c.Areas != 4 || !slices.Equal(c.Dropped, []string{"C"}) {
		t.Errorf("with a gap dropped: %+v, %v", c, err)
	}
}

func TestComponentsByHand(t *testing.T) {
	// Two columns of correlation r have λ = 1±r, the vector (1,1)/√2, KMO .5 and Bartlett −(n−2.5) ln(1−r²).
	f := frame.Frame{Areas: []string{"A", "B", "C", "D"}, Columns: []string{"x", "y"},
		Values: [][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}}} // r = .6
	c, err := weighting.ComponentsOf(f, weighting.GapsRefused)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "λ", c.Values, []float64{1.6, .4})
	same(t, "loadings", c.First(), []float64{math.Sqrt2 / 2, math.Sqrt2 / 2})
	same(t, "tests", []float64{c.KMO, c.Bartlett, c.Freedom}, []float64{.5, -1.5 * math.Log(.64), 1})
	for _, keep := range []weighting.Keep{weighting.KeepAboveOne, weighting.KeepCumulative} {
		w, kept, err := c.Weigh(keep)
		if err != nil || kept != map[weighting.Keep]int{weighting.KeepAboveOne: 1,
			weighting.KeepCumulative: 2}[keep] {
			t.Errorf("%s keeps %d (%v)", keep, kept, err)
		}
		same(t, "weights", w.Values, []float64{.5, .5})
	}
}

// TestFitnessOfEqualCorrelations: three columns that correlate by .8 with each other have partial
// correlations of .8/1.8, a determinant of .2²·2.6 and one component above 1.
func TestFitnessOfEqualCorrelations(t *testing.T) {
	f := frame.Sized([]string{"1", "2", "3", "4", "5", "6", "7", "8"}, []string{"x", "y", "z"})
	sign := func(bits int) float64 { return 1 - 2*float64(bits&1) }
	for a := range 8 {
		shared := 2 * sign(a^a>>1^a>>2) // the columns of a Hadamard matrix are orthogonal
		for c := range 3 {
			f.Values[c][a] = shared + sign(a>>c)
		}
	}
	c, err := weighting.ComponentsOf(f, weighting.GapsRefused)
	if err != nil {
		t.Fatal(err)
	}
	partial := .8 / 1.8
	same(t, "fitness", []float64{c.KMO, c.Bartlett, c.Freedom}, []float64{.64 / (.64 + partial*partial),
		-(7 - 11./6) * math.Log(.04*2.6), 3})
	same(t, "λ", c.Values, []float64{2.6, .2, .2})
	if c.Chance != statistic.ChiSquareProbability(c.Bartlett, 3) || c.Chance > .01 {
		t.Errorf("chance %v", c.Chance)
	}
	w, kept, err := c.Weigh(weighting.KeepAboveOne)
	if err != nil || kept != 1 {
		t.Fatalf("%d kept, %v", kept, err)
	}
	same(t, "weights", w.Values, []float64{1. / 3, 1. / 3, 1. / 3})
}

func TestEqualAndGiven(t *testing.T) {
	columns := []string{"a", "b", "c"}
	e, _ := weighting.Equal(columns)
	g, _ := weighting.Given(columns, []float64{2, 1, 1})
	same(t, "equal", e.Values, []float64{1. / 3, 1. / 3, 1. / 3})
	same(t, "given", g.Values, []float64{.5, .25, .25})
	_, err := weighting.Given(columns, []float64{1, -1, 1})
	if f := fault.Of(err); f == nil || f.Key != "rating.weighting_negative" || f.Args[0] != "b" {
		t.Errorf("a negative weight: %v", err)
	}
	if _, err := weighting.Given(columns, []float64{0, 0, 0}); !fault.HasKey(err,
		"rating.weighting_nothing") {
		t.Errorf("no weight: %v", err)
	}
}

func TestRankOrdersByHand(t *testing.T) {
	for o, want := range map[weighting.Order][]float64{
		weighting.OrderCentroid:   {11. / 18, 5. / 18, 2. / 18},
		weighting.OrderSum:        {3. / 6, 2. / 6, 1. / 6},
		weighting.OrderReciprocal: {6. / 11, 3. / 11, 2. / 11},
	} {
		w, err := weighting.RankOrder([]string{"a", "b", "c"}, []int{1, 2, 3}, o)
		if err != nil {
			t.Fatal(err)
		}
		same(t, string(o), w.Values, want)
		tied, err := weighting.RankOrder([]string{"a", "b", "c"}, []int{2, 1, 2}, o)
		if err != nil {
			t.Fatal(err)
		}
		middle := (want[1] + want[2]) / 2
		same(t, string(o)+" tied", tied.Values, []float64{middle, want[0], middle})
	}
	if _, err := weighting.RankOrder([]string{"a"}, []int{0}, weighting.OrderSum); !fault.HasKey(err,
		"rating.weighting_rank") {
		t.Error("rank 0 was taken")
	}
}

func TestCombinations(t *testing.T) {
	columns := []string{"a", "b"}
	w1, _ := weighting.Given(columns, []float64{.8, .2})
	w2, _ := weighting.Given(columns, []float64{.5, .5})
	sets := []weighting.Weights{w1, w2}
	a, err := weighting.Additive(sets, []float64{1, 3})
	p, err2 := weighting.Product(sets)
	r, err3 := weighting.Root(sets)
	g, alpha, err4 := weighting.Game(sets)
	if err != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Fatal(err, err2, err3, err4)
	}
	same(t, "additive", a.Values, []float64{.575, .425})
	same(t, "product", p.Values, []float64{.8, .2})
	same(t, "root", r.Values, []float64{2. / 3, 1. / 3}) // √.4 : √.1
	// [.68 .5; .5 .5]α = (.68, .5): α = (1, 0).
	same(t, "α", alpha, []float64{1, 0})
	same(t, "game", g.Values, []float64{.8, .2})
	if _, _, err := weighting.Game([]weighting.Weights{w1, w1}); !fault.HasKey(err,
		"rating.combine_dependent") {
		t.Errorf("the same set twice: %v", err)
	}
	other, _ := weighting.Given([]string{"a", "c"}, []float64{1, 1})
	if _, err := weighting.Product([]weighting.Weights{w1, other}); !fault.HasKey(err,
		"rating.combine_columns") {
		t.Errorf("other columns: %v", err)
	}
}

func TestWeightsDoNotDependOnOrderOrUnit(t *testing.T) {
	methods := map[string]func(frame.Frame) ([]float64, error){
		"entropy": func(f frame.Frame) ([]float64, error) {
			return values(weighting.Entropy(f,
				weighting.EntropyRaw))
		},
		"variation":    func(f frame.Frame) ([]float64, error) { return values(weighting.Variation(f)) },
		"critic":       func(f frame.Frame) ([]float64, error) { return onZ(f, false) },
		"critic abs":   func(f frame.Frame) ([]float64, error) { return onZ(f, true) },
		"independence": func(f frame.Frame) ([]float64, error) { return values(weighting.Independence(f)) },
		"components": func(f frame.Frame) ([]float64, error) {
			c, err := weighting.ComponentsOf(f, weighting.GapsRefused)
			if err != nil {
				return nil, err
			}
			w, _, err := c.Weigh(weighting.KeepCumulative)
			return w.Values, err
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(6, 12).Draw(t, "areas"), rapid.IntRange(2, 4).Draw(t, "columns")
		f := frame.Sized(make([]string, n), make([]string, m))
		turned := frame.Sized(f.Areas, make([]string, m))
		for c := range m {
			f.Columns[c], turned.Columns[m-1-c] = fmt.Sprint(c), fmt.Sprint(c)
			for a := range n {
				f.Values[c][a] = rapid.Float64Range(1, 500).Draw(t, "x")
				turned.Values[m-1-c][n-1-a] = f.Values[c][a] * float64(c+2)
			}
		}
		for name, method := range methods {
			w, err := method(f)
			v, err2 := method(turned)
			if (err == nil) != (err2 == nil) {
				t.Fatalf("%s: %v, turned %v", name, err, err2)
			}
			sum := 0.0
			for c := range w {
				sum += w[c]
				if w[c] < 0 || math.Abs(w[c]-v[m-1-c]) > 1e-7 {
					t.Fatalf("%s: %v, turned %v", name, w, v)
				}
			}
			if err == nil && math.Abs(sum-1) > 1e-12 {
				t.Fatalf("%s sums to %v", name, sum)
			}
		}
	})
}

func values(w weighting.Weights, err error) ([]float64, error) { return w.Values, err }

func onZ(f frame.Frame, absolute bool) ([]float64, error) {
	z, err := weighting.Rescaled(f, slices.Repeat([]weighting.Direction{weighting.More}, len(f.Columns)))
	if err != nil {
		return nil, err
	}
	return values(weighting.Critic(z, absolute))
}
