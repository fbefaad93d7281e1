package disparity_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/disparity"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// counties are the worked example: A-urban, A-rural, B-urban, B-rural.
func counties() disparity.Distribution {
	return disparity.Distribution{Indicator: "I1", Areas: []string{"Au", "Ar", "Bu", "Br"},
		Values: []float64{48, 20, 42, 17}, Weights: []float64{120, 80, 60, 90}}
}

var sides = []string{"urban", "rural", "urban", "rural"}

func ExampleSplitT() {
	d, _ := disparity.SplitT(counties(), sides)
	s, _ := disparity.SplitSundrum(counties(), []bool{true, false, true, false})
	fmt.Printf("T %.6f = %.6f between + %.6f within\n", d.Total, d.Between, d.Within)
	fmt.Printf("Gini %.6f = %.6f + %.6f + %.6f\n", s.Gini, s.Urban, s.Rural, s.Between)
	// Output:
	// T 0.095445 = 0.093147 between + 0.002298 within
	// Gini 0.227620 = 0.010818 + 0.005409 + 0.211394
}

// near compares to the six decimals of a printed vector.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 5.1e-7) {
		t.Errorf("%s = %.9f, want %.6f", what, got, want)
	}
}

// must answers a figure, or ends the test where it was refused.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestVectorOfUrbanAndRural(t *testing.T) {
	m := must(disparity.Measure(counties()))(t)
	near(t, "mean", m.Mean, 32.6)
	near(t, "T", m.TheilT, .095445)
	near(t, "Gini", m.Gini, .227620)
	a := must(disparity.UrbanRural("A", disparity.Side{People: 120, Income: 48}, disparity.Side{People: 80,
		Income: 20}))(t)
	b := must(disparity.UrbanRural("B", disparity.Side{People: 60, Income: 42}, disparity.Side{People: 90,
		Income: 17}))(t)
	near(t, "county A", a, .075384)
	near(t, "county B", b, .100149)
	s := must(disparity.SplitSundrum(counties(), []bool{true, false, true, false}))(t)
	near(t, "G_u", s.UrbanGini, .028986)
	near(t, "G_r", s.RuralGini, .040594)
	if math.Abs(s.Residual) > 1e-15 {
		t.Errorf("the groups do not overlap and the residual is %v", s.Residual)
	}
	overlapping := counties()
	overlapping.Values[2] = 18
	s = must(disparity.SplitSundrum(overlapping, []bool{true, false, true, false}))(t)
	near(t, "G", s.Gini, .245365)
	near(t, "parts", s.Urban+s.Rural+s.Between, .239862)
	near(t, "residual", s.Residual, .005502)
}

func TestVectorOfConvergence(t *testing.T) {
	d := disparity.Distribution{Indicator: "y", Areas: []string{"A", "B", "C", "D"}, Values: []float64{10,
		14, 20, 30}}
	last := d
	last.Values = []float64{18, 23, 30, 41}
	s0, s1 := must(disparity.SigmaOf(d))(t), must(disparity.SigmaOf(last))(t)
	near(t, "CV 0", s0.Variation, .407203)
	near(t, "CV 1", s1.Variation, .308262)
	near(t, "sd ln 0", s0.LogSpread, .471972)
	near(t, "sd ln 1", s1.LogSpread, .353676)
	b := must(disparity.BetaOf(d, last.Values, 5))(t)
	near(t, "b", b.Slope, -.050141)
	near(t, "a", b.Intercept, .232235)
	near(t, "speed", b.Speed, .057724)
	if math.Abs(b.HalfLife-12.0079) > 5e-5 {
		t.Errorf("half-life %v", b.HalfLife)
	}
	// By hand: residuals of y = .117557 .099287 .081093 .062475 about the line; s² = Σe²/2.
	x, sxx, left := make([]float64, 4), 0.0, 0.0
	mean := 0.0
	for i, v := range d.Values {
		x[i] = math.Log(v)
		mean += x[i] / 4
	}
	for i := range x {
		sxx += (x[i] - mean) * (x[i] - mean)
		e := math.Log(last.Values[i]/d.Values[i])/5 - b.Intercept - b.Slope*x[i]
		left += e * e
	}
	if se := math.Sqrt(left / 2 / sxx); math.Abs(b.SlopeSE-se) > 1e-12 || math.Abs(b.T-b.Slope/se) > 1e-6 {
		t.Errorf("standard error %v, want %v", b.SlopeSE, se)
	}
	if b.P <= 0 || b.P > .001 || b.R2 < .998 || math.Abs(b.SpeedSE-b.SlopeSE/(1+5*b.Slope)) > 1e-15 {
		t.Errorf("p %v, R² %v, error of the speed %v", b.P, b.R2, b.SpeedSE)
	}
	apart := must(disparity.BetaOf(d, []float64{10, 15, 23, 40}, 5))(t)
	if apart.Slope <= 0 || apart.Speed >= 0 || !math.IsInf(apart.HalfLife, 1) {
		t.Errorf("areas that drift apart: %+v", apart)
	}
}

func TestMeasuresByHand(t *testing.T) {
	d := disparity.Distribution{Indicator: "y", Areas: []string{"A", "B"}, Values: []float64{1, 3}}
	m := must(disparity.Measure(d))(t) // r = .5, 1.5
	near(t, "T", m.TheilT, .5*(.5*math.Log(.5)+1.5*math.Log(1.5)))
	near(t, "L", m.TheilL, -.5*(math.Log(.5)+math.Log(1.5)))
	near(t, "GE(2)", m.Entropy2, .125)
	near(t, "Hoover", m.Hoover, .25)
	near(t, "Gini", m.Gini, .25)
	near(t, "corrected", m.GiniCorrected, .5)
	near(t, "CV", m.Variation, .5)
	near(t, "CV n−1", m.VariationN1, math.Sqrt(.5))
	near(t, "Atkinson 1", must(disparity.Atkinson(d, 1))(t), 1-math.Sqrt(3)/2)
	near(t, "Atkinson 2", must(disparity.Atkinson(d, 2))(t), .25) // harmonic mean 1.5
	near(t, "Atkinson .5", must(disparity.Atkinson(d, .5))(t), 1-math.Pow((1+math.Sqrt(3))/2, 2)/2)
	d.Values[0] = 0
	m = must(disparity.Measure(d))(t)
	near(t, "T with a zero", m.TheilT, math.Ln2)
	if !math.IsInf(m.TheilL, 1) || must(disparity.Atkinson(d, 1))(t) != 1 || m.Gini != .5 {
		t.Errorf("with a zero: %+v", m)
	}
}

func TestRefusalsNameTheCell(t *testing.T) {
	nan := math.NaN()
	good := func() disparity.Distribution { return counties() }
	for name, c := range map[string]struct {
		spoil func(*disparity.Distribution)
		key   string
		area  string
	}{
		"missing": {func(d *disparity.Distribution) { d.Values[1] = nan }, "rating.disparity_missing",
			"Ar"},
		"infinite": {func(d *disparity.Distribution) { d.Values[1] = math.Inf(1) },
			"rating.disparity_missing", "Ar"},
		"negative": {func(d *disparity.Distribution) { d.Values[2] = -1 }, "rating.disparity_negative",
			"Bu"},
		"no weight": {func(d *disparity.Distribution) { d.Weights[3] = nan }, "rating.disparity_weight",
			"Br"},
		"bad weight": {func(d *disparity.Distribution) { d.Weights[3] = -2 }, "rating.disparity_weight",
			"Br"},
		"nothing": {func(d *disparity.Distribution) { clear(d.Values) }, "rating.disparity_nothing",
			""},
		"nobody": {func(d *disparity.Distribution) { clear(d.Weights) }, "rating.disparity_nothing",
			""},
		"fewer weights": {func(d *disparity.Distribution) { d.Weights = d.Weights[1:] },
			"rating.disparity_shape", ""},
	} {
		d := good()
		c.spoil(&d)
		for _, err := range []error{second(disparity.Measure(d)), second(disparity.SplitT(d, sides)),
			second(disparity.SplitDagum(d, sides)), second(disparity.Atkinson(d, 1))} {
			f := fault.Of(err)
			if f == nil || f.Key != c.key || f.Args[0] != "I1" || c.area != "" && f.Args[1] != c.area {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	zero := good()
	zero.Values[1] = 0
	for key, err := range map[string]error{
		"rating.disparity_zero":        second(disparity.SplitL(zero, sides)),
		"rating.converge_positive":     second(disparity.BetaOf(zero, good().Values, 5)),
		"rating.disparity_aversion":    second(disparity.Atkinson(good(), 0)),
		"rating.disparity_groups":      second(disparity.SplitT(good(), sides[1:])),
		"rating.disparity_no_group":    second(disparity.SplitL(good(), []string{"u", "", "u", "r"})),
		"rating.disparity_one_group":   second(disparity.SplitSundrum(good(), make([]bool, 4))),
		"rating.converge_years":        second(disparity.BetaOf(good(), good().Values, 0)),
		"rating.converge_constant":     second(disparity.BetaOf(same(), good().Values, 5)),
		"rating.disparity_empty_group": second(disparity.SplitDagum(nobodyRural(), sides)),
	} {
		if !fault.HasKey(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	gaps := good()
	gaps.Values[0] = nan
	kept, left := gaps.Present()
	if !slices.Equal(left, []string{"Au"}) || !slices.Equal(kept.Weights, []float64{80, 60, 90}) {
		t.Errorf("kept %v, left out %v", kept, left)
	}
}

func same() disparity.Distribution {
	d := counties()
	d.Values = []float64{7, 7, 7, 7}
	return d
}

func nobodyRural() disparity.Distribution {
	d := counties()
	d.Weights[1], d.Weights[3] = 0, 0
	return d
}

func second[T any](_ T, err error) error { return err }

// drawn is a distribution in which ties, zeros and areas without people occur.
func drawn(t *rapid.T) (disparity.Distribution, []string) {
	n := rapid.IntRange(2, 12).Draw(t, "n")
	d := disparity.Distribution{Indicator: "y", Weights: make([]float64, n)}
	groups := make([]string, n)
	for i := range n {
		d.Areas = append(d.Areas, fmt.Sprint(i))
		d.Values = append(d.Values, float64(rapid.IntRange(0, 12).Draw(t, "y")))
		d.Weights[i] = float64(rapid.IntRange(1, 5).Draw(t, "w"))
		groups[i] = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "group")
	}
	d.Values[0]++
	groups[0], groups[1] = "a", "b"
	return d, groups
}

// naive is the Gini by its double sum.
func naive(d disparity.Distribution) float64 {
	sum, people, all := 0.0, 0.0, 0.0
	for i, x := range d.Values {
		people += d.Weights[i]
		all += d.Weights[i] * x
		for j, y := range d.Values {
			sum += d.Weights[i] * d.Weights[j] * math.Abs(x-y)
		}
	}
	return sum / (2 * people * all)
}

func TestGiniAgainstItsDoubleSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, groups := drawn(t)
		g, err := disparity.SplitDagum(d, groups)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(g.Gini-naive(d)) > 1e-12 {
			t.Fatalf("Gini %v, double sum %v", g.Gini, naive(d))
		}
		if sum := g.Within + g.Between + g.Overlap; math.Abs(sum-g.Gini) > 1e-12 || g.Overlap < -1e-12 {
			t.Fatalf("parts %v %v %v add up to %v, not %v", g.Within, g.Between, g.Overlap, sum, g.Gini)
		}
		for _, p := range g.Pairs {
			if p.Distance < -1e-12 || p.Distance > 1+1e-12 {
				t.Fatalf("distance %v of %s and %s", p.Distance, p.First, p.Second)
			}
		}
		urban := make([]bool, len(groups))
		for i, name := range groups {
			urban[i] = name == "a"
		}
		s, err := disparity.SplitSundrum(d, urban)
		if err != nil {
			t.Fatal(err)
		}
		if s.Residual < -1e-12 || math.Abs(s.Urban+s.Rural+s.Between+s.Residual-s.Gini) > 1e-12 {
			t.Fatalf("Sundrum %+v", s)
		}
	})
}

func TestTheilAddsUpAndUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, groups := drawn(t)
		scale := rapid.Float64Range(.001, 1000).Draw(t, "scale")
		scaled, doubled := d, d
		scaled.Values = slices.Clone(d.Values)
		for i := range scaled.Values {
			scaled.Values[i] *= scale
		}
		// The first area cut in two halves: nothing may change.
		doubled.Areas = append(slices.Clone(d.Areas), "half")
		doubled.Values = append(slices.Clone(d.Values), d.Values[0])
		doubled.Weights = append(slices.Clone(d.Weights), d.Weights[0]/2)
		doubled.Weights[0] /= 2
		m, err := disparity.Measure(d)
		if err != nil {
			t.Fatal(err)
		}
		for name, other := range map[string]disparity.Distribution{"scaled": scaled, "halved": doubled,
			"turned": turned(d)} {
			o, err := disparity.Measure(other)
			if err != nil {
				t.Fatal(err)
			}
			pairs := [][2]float64{{m.TheilT, o.TheilT}, {m.Entropy2, o.Entropy2}, {m.Hoover, o.Hoover},
				{m.Gini, o.Gini},
				{m.Variation, o.Variation}}
			if !math.IsInf(m.TheilL, 1) {
				pairs = append(pairs, [2]float64{m.TheilL, o.TheilL})
			}
			for k, p := range pairs {
				if math.Abs(p[0]-p[1]) > 1e-11 || p[0] < -1e-15 {
					t.Fatalf("%s: measure %d is %v, was %v", name, k, p[1], p[0])
				}
			}
		}
		s, err := disparity.SplitT(d, groups)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(s.Within+s.Between-m.TheilT) > 1e-12 || s.Between < -1e-12 {
			t.Fatalf("T %v = %v within + %v between", m.TheilT, s.Within, s.Between)
		}
		l, err := disparity.SplitL(d, groups)
		switch {
		case math.IsInf(m.TheilL, 1):
			if !fault.HasKey(err, "rating.disparity_zero") {
				t.Fatalf("a zero was split: %v", err)
			}
		case err != nil:
			t.Fatal(err)
		case math.Abs(l.Within+l.Between-m.TheilL) > 1e-12:
			t.Fatalf("L %v = %v within + %v between", m.TheilL, l.Within, l.Between)
		}
	})
}

func turned(d disparity.Distribution) disparity.Distribution {
	d.Areas, d.Values, d.Weights = slices.Clone(d.Areas), slices.Clone(d.Values), slices.Clone(d.Weights)
	slices.Reverse(d.Areas)
	slices.Reverse(d.Values)
	slices.Reverse(d.Weights)
	return d
}

// TestAtkinsonGrowsWithAversion: it grows with aversion and stays within 0 and 1.
func TestAtkinsonGrowsWithAversion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, _ := drawn(t)
		before := 0.0
		for _, aversion := range []float64{.25, .5, .999999, 1, 1.000001, 2, 5} {
			a, err := disparity.Atkinson(d, aversion)
			if err != nil {
				t.Fatal(err)
			}
			if a < before-1e-9 || a > 1 {
				t.Fatalf("Atkinson(%v) = %v after %v", aversion, a, before)
			}
			before = a
		}
	})
}
