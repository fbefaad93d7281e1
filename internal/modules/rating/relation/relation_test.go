package relation_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func ExampleCouple() {
	r, _ := relation.Couple([]float64{.6, .4}, relation.Choice{})
	fmt.Printf("C %.6f T %.1f D %.6f level %d %s\n", r.Coupling, r.Level, r.Coordination, r.Grade, r.Type)
	// Output: C 0.979796 T 0.5 D 0.699927 level 7 rural_lags
}

func TestVectorsOfCoupling(t *testing.T) {
	for _, c := range []struct {
		u                         []float64
		coupling, level, together float64
		wang, wangTogether        float64
	}{
		{[]float64{.6, .4}, .979796, .5, .699927, .730297, .604275},
		{[]float64{.8, .2}, .8, .5, .632456, .316228, .397635},
		{[]float64{.62, .41, .55}, .985470, .526667, .720427, .811596, .653789},
		{[]float64{.5, .5, .5}, 1, .5, .707107, 1, .707107},
		{[]float64{.3, .6, .45, .5}, .969956, .4625, .669780, .755750, .591214},
	} {
		plain, err := relation.Couple(c.u, relation.Choice{})
		modified, err2 := relation.Couple(c.u, relation.Choice{Form: relation.Wang})
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for _, pair := range [][2]float64{{plain.Coupling, c.coupling}, {plain.Level, c.level},
			{plain.Coordination, c.together}, {modified.Coupling, c.wang}, {modified.Coordination,
				c.wangTogether}} {
			if math.Abs(pair[0]-pair[1]) > 5.1e-7 {
				t.Errorf("%v: %v, want %v", c.u, pair[0], pair[1])
			}
		}
	}
}

// TestPowers: for two systems k1 is 4·U1·U2/(U1+U2)² and k2 its square; .6 and .4 give .96 and .9216.
func TestPowers(t *testing.T) {
	for k, want := range map[float64]float64{1: .96, 2: .9216, .5: math.Sqrt(.96)} {
		r, err := relation.Couple([]float64{.6, .4}, relation.Choice{Form: relation.Power, K: k})
		if err != nil || math.Abs(r.Coupling-want) > 1e-12 {
			t.Errorf("k %v: %v, want %v (%v)", k, r.Coupling, want, err)
		}
	}
}

func TestZeros(t *testing.T) {
	for _, c := range []struct {
		u        []float64
		zero     relation.Zero
		coupling float64
		grade    int
	}{
		{[]float64{0, 0}, "", 0, 1}, {[]float64{0, 0}, relation.ZeroMissing, math.NaN(), 0},
		{[]float64{0, .7}, relation.ZeroMissing, 0, 1}, {[]float64{0, .7, .9}, "", 0, 1},
	} {
		for _, form := range []relation.Form{"", relation.Wang} {
			r, err := relation.Couple(c.u, relation.Choice{Form: form, Zero: c.zero})
			if err != nil || r.Grade != c.grade || r.Coupling != c.coupling && !(math.IsNaN(r.Coupling) &&
				c.grade == 0) {
				t.Errorf("%v by %q: %+v, %v", c.u, c.zero, r, err)
			}
		}
	}
}

func TestLevelsAreHalfOpen(t *testing.T) {
	for d, want := range map[float64]int{0: 1, .0999: 1, .1: 2, .2: 3, .3: 4, .4: 5, .5: 6, .6: 7, .7: 8,
		.8: 9, .9: 10,
		math.Nextafter(.3, 0): 3, math.Nextafter(.7, 0): 7, .8999: 9, 1: 10} {
		if got := relation.Grade(d); got != want {
			t.Errorf("level of %v is %d, want %d", d, got, want)
		}
	}
	for u, want := range map[[2]float64]relation.Type{{.6, .5}: relation.Synchronous, {.4,
		.3}: relation.Synchronous,
		{.5, .6}: relation.Synchronous, {.61, .5}: relation.RuralLags, {.2, .5}: relation.UrbanLags} {
		if r, err := relation.Couple(u[:], relation.Choice{}); err != nil || r.Type != want {
			t.Errorf("%v: %v, want %v (%v)", u, r.Type, want, err)
		}
	}
}

func TestRefusalsNameSystemAndArea(t *testing.T) {
	f := func(x float64) frame.Frame {
		return frame.Frame{Areas: []string{"A", "B"}, Columns: []string{"U", "R"}, Values: [][]float64{{.1,
			.2}, {.3, x}}}
	}
	for _, x := range []float64{-.01, 1.01, math.NaN()} {
		_, err := relation.CoupleAll(f(x), relation.Choice{})
		if g := fault.Of(err); g == nil || g.Key != "rating.relation_outside" || g.Args[0] != "R" ||
			g.Args[1] != "B" {
			t.Errorf("%v: %v", x, err)
		}
	}
	for key, c := range map[string]relation.Choice{
		"rating.relation_form":    {Form: "sum"},
		"rating.relation_power":   {Form: relation.Power},
		"rating.relation_weights": {Weights: []float64{1}},
		"rating.relation_weight":  {Weights: []float64{1, -1}},
	} {
		if _, err := relation.CoupleAll(f(.5), c); !fault.HasKey(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := relation.Couple([]float64{1}, relation.Choice{}); !fault.HasKey(err,
		"rating.relation_systems") {
		t.Errorf("one system: %v", err)
	}
	_, err := relation.Obstacles(f(1.5), []float64{1, 1})
	if g := fault.Of(err); g == nil || g.Key != "rating.relation_outside" || g.Args[1] != "B" {
		t.Errorf("obstacle outside: %v", err)
	}
	for i, s := range []relation.Sectors{{1, 0, 1, 1}, {1, 1, 0, 1}, {-1, 1, 1, 1}, {1, 1, 1, math.NaN()}} {
		_, err := relation.Contrast("A", s)
		_, err2 := relation.DualContrast("A", s)
		if !fault.HasKey(err, "rating.relation_sector") || !fault.HasKey(err2, "rating.relation_sector") {
			t.Errorf("%d: %v %v", i, err, err2)
		}
	}
}

// TestVectorOfObstacles: area A of the worked example, with the weights of entropy.
func TestVectorOfObstacles(t *testing.T) {
	z := frame.Frame{Areas: []string{"A", "D"}, Columns: []string{"x1", "x2", "x3"},
		Values: [][]float64{{.25, 1}, {.3, 1}, {.25, 1}}}
	o, err := relation.Obstacles(z, []float64{.344930, .315938, .339132})
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range []float64{.352352, .301220, .346429} {
		if math.Abs(o.Values[c][0]-want) > 1e-6 || o.Values[c][1] != 0 {
			t.Errorf("%s: %v, want %v and 0", o.Columns[c], o.Values[c], want)
		}
	}
	d, err := relation.ByDimension(o, []string{"P", "I", "P"})
	if err != nil || !slices.Equal(d.Columns, []string{"P", "I"}) ||
		math.Abs(d.Values[0][0]-.698781) > 1e-6 {
		t.Errorf("dimensions %v, %v", d, err)
	}
	largest := relation.Largest(o, 0, 2)
	if len(largest) != 2 || largest[0].Code != "x1" || largest[1].Code != "x3" || len(relation.Largest(o, 1,
		2)) != 0 {
		t.Errorf("largest %v", largest)
	}
	z.Values[0][0] = math.NaN()
	if o, err = relation.Obstacles(z, []float64{1, 1, 1}); err != nil || !math.IsNaN(o.Values[0][0]) ||
		math.Abs(o.Values[1][0]+o.Values[2][0]-1) > 1e-15 {
		t.Errorf("with a gap: %v, %v", o, err)
	}
}

// TestContrastByHand: agriculture makes 20 of 100 with 40 of 100 people: (20/40)/(80/60) and |.8−.6|.
func TestContrastByHand(t *testing.T) {
	s := relation.Sectors{PrimaryValue: 20, OtherValue: 80, PrimaryLabour: 40, OtherLabour: 60}
	c, err := relation.Contrast("A", s)
	d, err2 := relation.DualContrast("A", s)
	if err != nil || err2 != nil || math.Abs(c-.375) > 1e-15 || math.Abs(d-.2) > 1e-15 {
		t.Errorf("%v %v, %v %v", c, d, err, err2)
	}
}

func TestCouplingIsBoundedAndSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "n")
		u := rapid.SliceOfN(rapid.Float64Range(0, 1), n, n).Draw(t, "u")
		turned := slices.Clone(u)
		slices.Reverse(turned)
		equal := slices.Repeat(u[:1], n)
		for _, c := range []relation.Choice{{}, {Form: relation.Power, K: 2}, {Form: relation.Wang},
			{Form: relation.Power, K: 1 / float64(n)}} {
			r, err := relation.Couple(u, c)
			s, err2 := relation.Couple(turned, c)
			e, err3 := relation.Couple(equal, c)
			if err != nil || err2 != nil || err3 != nil {
				t.Fatal(err, err2, err3)
			}
			if r.Coupling < 0 || r.Coupling > 1 || r.Level < 0 || r.Level > 1 || r.Coordination > 1 ||
				math.Abs(r.Coupling-s.Coupling) > 1e-12 {
				t.Fatalf("%v: %+v, turned %+v", u, r, s)
			}
			if u[0] > 0 && math.Abs(e.Coupling-1) > 1e-12 {
				t.Fatalf("equal systems %v couple with %v", equal, e.Coupling)
			}
		}
		plain, _ := relation.Couple(u, relation.Choice{})
		power, _ := relation.Couple(u, relation.Choice{Form: relation.Power, K: 1 / float64(n)})
		if math.Abs(plain.Coupling-power.Coupling) > 1e-9 {
			t.Fatalf("k = 1/n gives %v, not %v", power.Coupling, plain.Coupling)
		}
	})
}

func TestObstaclesSumToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 6).Draw(t, "areas"), rapid.IntRange(1, 6).Draw(t, "columns")
		z := frame.Sized(make([]string, n), make([]string, m))
		weights := rapid.SliceOfN(rapid.Float64Range(.01, 5), m, m).Draw(t, "weights")
		for c := range m {
			copy(z.Values[c], rapid.SliceOfN(rapid.SampledFrom([]float64{0, .3, .5, 1, math.NaN()}), n,
				n).Draw(t, "z"))
		}
		o, err := relation.Obstacles(z, weights)
		if err != nil {
			t.Fatal(err)
		}
		for a := range n {
			sum, best := 0.0, true
			for c := range m {
				if x := o.Values[c][a]; x == x {
					sum += x
					best = best && z.Values[c][a] == 1
				}
			}
			if best && sum != 0 || !best && math.Abs(sum-1) > 1e-12 {
				t.Fatalf("the degrees of area %d sum to %v", a, sum)
			}
		}
	})
}
