package choice_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/choice"
	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// worked is the example with weights by entropy.
func worked() choice.Decision {
	d := choice.Decision{Frame: frame.Frame{Areas: []string{"A", "B", "C", "D"}, Columns: []string{"x1",
		"x2", "x3"},
		Values: [][]float64{{60, 72, 50, 90}, {2.8, 2.4, 3.1, 2.1}, {40, 55, 30, 70}}},
		Directions: []weighting.Direction{weighting.More, weighting.Less, weighting.More}}
	z, _ := weighting.Rescaled(d.Frame, d.Directions)
	w, _ := weighting.Entropy(z, weighting.EntropyMinMax)
	d.Weights = w.Values
	return d
}

func ExampleTopsis() {
	r, _ := choice.Topsis(worked(), choice.ScaleMinMax, nil)
	fmt.Printf("%.6f\n", r.Scores)
	// Output: [0.265582 0.618845 0.000000 1.000000]
}

func near(t testing.TB, what string, got, want []float64) {
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

func must[T any](v T, err error) func(rapid.TB) T {
	return func(t rapid.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func second[T any](_ T, err error) error { return err }

func TestVectorsOfTopsis(t *testing.T) {
	d := worked()
	near(t, "vec", must(choice.Topsis(d, choice.ScaleVector, nil))(t).Scores, []float64{.256142, .609015, 0,
		1})
	// Weights outside the square, by hand for A: z = .25 .30 .25.
	up, down := 0.0, 0.0
	for c, z := range []float64{.25, .3, .25} {
		up += d.Weights[c] * (1 - z) * (1 - z)
		down += d.Weights[c] * z * z
	}
	r := must(choice.Topsis(d, choice.ScaleOutside, nil))(t)
	near(t, "mm_wd", r.Scores[:1], []float64{math.Sqrt(down) / (math.Sqrt(up) + math.Sqrt(down))})
	near(t, "distances", []float64{r.ToIdeal[0], r.ToWorst[0]}, []float64{math.Sqrt(up), math.Sqrt(down)})
}

// TestFixedPostsHoldRanks: an area outside the base turns the order of others round, unless posts are fixed.
func TestFixedPostsHoldScores(t *testing.T) {
	d := worked()
	posts := must(choice.PostsOf(d))(t)
	more := d
	more.Frame = frame.Frame{Areas: append(slices.Clone(d.Areas), "E"), Columns: d.Columns,
		Values: [][]float64{
			append(slices.Clone(d.Values[0]), 400), append(slices.Clone(d.Values[1]), 9),
			append(slices.Clone(d.Values[2]), 1)}}
	for _, s := range []choice.Scale{choice.ScaleVector, choice.ScaleMinMax, choice.ScaleOutside} {
		before := must(choice.Topsis(d, s, nil))(t)
		fixed := must(choice.Topsis(more, s, &posts))(t)
		moved := must(choice.Topsis(more, s, nil))(t)
		near(t, string(s), fixed.Scores[:4], before.Scores)
		if math.Abs(moved.Scores[0]-before.Scores[0]) < 1e-3 {
			t.Errorf("%s: the new area moved nothing; the test shows nothing", s)
		}
		if e := fixed.Scores[4]; e < 0 || e > 1 {
			t.Errorf("%s: the area beyond the posts has %v", s, e)
		}
	}
}

// TestVikorByHand: z of A .25 .30 .25, B .55 .70 .625, C 0, D 1; with equal weights S = 2.2/3 1.125/3 1 0 and
// R = .75/3 .45/3 1/3 0.
func TestVikorByHand(t *testing.T) {
	d := worked()
	d.Weights = nil
	r := must(choice.Vikor(d, .5))(t)
	near(t, "S", r.Utility, []float64{2.2 / 3, 1.125 / 3, 1, 0})
	near(t, "R", r.Regret, []float64{.25, .15, 1. / 3, 0})
	near(t, "Q", r.Q, []float64{.5*2.2/3 + .5*.75, .5*1.125/3 + .5*.45, 1, 0})
	if !r.Advantage || !r.Stable || !slices.Equal(r.Candidates, []int{3}) {
		t.Errorf("compromise %+v", r)
	}
	// Four areas need a lead of 1/3: .2 is none, so both stand in the compromise.
	close := choice.Decision{Frame: frame.Frame{Areas: d.Areas, Columns: []string{"x"},
		Values: [][]float64{{1, .8, .3, 0}}}}
	r = must(choice.Vikor(close, .5))(t)
	if r.Advantage || !slices.Equal(r.Candidates, []int{0, 1}) {
		t.Errorf("compromise %+v", r)
	}
}

func TestGreyByHand(t *testing.T) {
	d := worked()
	d.Weights = []float64{1, 1, 1} // Δ of A .75 .7 .75, Δmax 1: .5/1.25 .5/1.2 .5/1.25
	near(t, "grey", must(choice.Grey(d, .5))(t), []float64{(.4 + .5/1.2 + .4) / 3,
		(.5/.95 + .5/.8 + .5/.875) / 3, 1. / 3, 1})
}

func TestOutrankingByHand(t *testing.T) {
	nan := math.NaN()
	f := frame.Frame{Areas: []string{"A", "B", "C"}, Columns: []string{"x", "y", "z"},
		Values: [][]float64{{3, 1, 2}, {1, 1, 1}, {5, 4, nan}}} // z better with less
	d := choice.Decision{Frame: f, Weights: []float64{.5, .3, .2},
		Directions: []weighting.Direction{weighting.More, weighting.More, weighting.Less}}
	// A–B: x .5, y half of .3, z for B: .65. A–C: x, y of .8: (.5+.15)/.8. B–C: .15/.8.
	r := must(choice.Outranking(d, choice.MissingPair))(t)
	near(t, "row A", r.Matrix[0], []float64{0, .65, .8125})
	near(t, "row B", r.Matrix[1], []float64{.35, 0, .1875})
	if !slices.Equal(r.Copeland, []int{2, -2, 0}) {
		t.Errorf("Copeland %v", r.Copeland)
	}
	// As the reference counts: o of A–C is .65, and C is credited with the rest.
	r = must(choice.Outranking(d, choice.MissingReference))(t)
	near(t, "row C", r.Matrix[2], []float64{.35, .85, 0})
	_, err := choice.Outranking(d, choice.MissingRefused)
	if g := fault.Of(err); g == nil || g.Key != "rating.choice_missing" || g.Args[0] != "z" ||
		g.Args[1] != "C" {
		t.Errorf("missing: %v", err)
	}
	// 49 equal weights do not sum to ½ exactly in floats; 24 wins, 24 defeats and one equal are a tie all
	// the same.
	wide := frame.Sized([]string{"A", "B"}, make([]string, 49))
	for c := range 49 {
		wide.Columns[c] = fmt.Sprint(c)
		wide.Values[c][0], wide.Values[c][1] = float64(c), float64(24)
	}
	if r = must(choice.Outranking(choice.Decision{Frame: wide},
		choice.MissingRefused))(t); r.Copeland[0] != 0 {
		t.Errorf("a tie of 49 columns counts %v", r.Copeland)
	}
}

func TestPrometheeByHand(t *testing.T) {
	f := frame.Frame{Areas: []string{"A", "B", "C"}, Columns: []string{"x"}, Values: [][]float64{{0, 1, 4}}}
	d := choice.Decision{Frame: f}
	usual := must(choice.Promethee(d, []choice.Criterion{{Preference: choice.PreferUsual}}))(t)
	near(t, "usual", usual.Net, []float64{-1, 0, 1})
	// d 1 3 4 with q 1 and p 3: 0, 1, 1.
	step := must(choice.Promethee(d, []choice.Criterion{{Preference: choice.PreferLinear, Q: 1, P: 3}}))(t)
	near(t, "linear", step.Net, []float64{-.5, -.5, 1})
	bell := must(choice.Promethee(d, []choice.Criterion{{Preference: choice.PreferGaussian, P: 1}}))(t)
	near(t, "gaussian", bell.Leaving[1:2], []float64{(1 - math.Exp(-.5)) / 2})
	_, err := choice.Promethee(d, []choice.Criterion{{Preference: choice.PreferLinear, Q: 3, P: 3}})
	if g := fault.Of(err); g == nil || g.Key != "rating.choice_criterion" || g.Args[0] != "x" {
		t.Errorf("p not above q: %v", err)
	}
}

// TestParetoByHand: two columns of two areas standardise to 90 and 110; A is 110 and 90, B the reverse: M
// 100, S 10, penalty 1.
func TestParetoByHand(t *testing.T) {
	f := frame.Frame{Areas: []string{"A", "B", "C"}, Columns: []string{"x", "y"},
		Values: [][]float64{{2, 1, 1.5}, {3, 5, 4}}}
	d := choice.Decision{Frame: f}
	r := must(choice.Mazziotta(d, choice.PenaltyDown))(t)
	high := 10 * math.Sqrt(1.5) // deviation of 2 1 1.5 dividing by 3 is √(1/6)
	near(t, "scores", r.Scores, []float64{100 - high*high/100, 100 - high*high/100, 100})
	up := must(choice.Mazziotta(d, choice.PenaltyUp))(t)
	near(t, "raised", up.Scores[:1], []float64{100 + high*high/100})
	posts := must(choice.GoalpostsAround(d, []float64{1.5, 4}))(t)
	a := must(choice.Adjusted(d, posts, choice.PenaltyDown))(t)
	near(t, "adjusted", a.Scores, []float64{100 - 9, 100 - 9, 100}) // 130 and 70: S 30, 900/100
	d.Directions = []weighting.Direction{weighting.More, weighting.Less}
	a = must(choice.Adjusted(d, posts, choice.PenaltyDown))(t)
	near(t, "turned", a.Scores, []float64{130, 70, 100})
}

func TestRefusalsNameTheCell(t *testing.T) {
	spoiled := func(c, a int, x float64) choice.Decision {
		d := worked()
		d.Frame = d.Clone()
		d.Values[c][a] = x
		return d
	}
	gap, below := spoiled(1, 2, math.NaN()), spoiled(0, 3, -1)
	flat := worked()
	flat.Values[2] = []float64{1, 1, 1, 1}
	empty := worked()
	empty.Values[2] = []float64{0, 0, 0, 0}
	alike := worked()
	alike.Values = [][]float64{{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}}
	other := choice.Posts{Columns: []string{"x1", "q", "x3"}, Least: make([]float64, 3),
		Largest: make([]float64, 3),
		Norm:    make([]float64, 3)}
	for i, c := range []struct {
		err  error
		key  string
		args []any
	}{
		{second(choice.Topsis(gap, choice.ScaleVector, nil)), "rating.choice_missing", []any{"x2", "C"}},
		{second(choice.Vikor(gap, .5)), "rating.choice_missing", []any{"x2", "C"}},
		{second(choice.Grey(gap, .5)), "rating.choice_missing", []any{"x2", "C"}},
		{second(choice.BenefitOfDoubt(gap, nil)), "rating.choice_missing", []any{"x2", "C"}},
		{second(choice.Mazziotta(gap, choice.PenaltyUp)), "rating.choice_missing", []any{"x2", "C"}},
		{second(choice.Topsis(flat, choice.ScaleMinMax, nil)), "rating.choice_constant", []any{"x3"}},
		{second(choice.Mazziotta(flat, choice.PenaltyUp)), "rating.choice_constant", []any{"x3"}},
		{second(choice.Topsis(empty, choice.ScaleVector, nil)), "rating.choice_zero_column", []any{"x3"}},
		{second(choice.Topsis(alike, choice.ScaleVector, nil)), "rating.choice_alike", []any{"A"}},
		{second(choice.Topsis(worked(), choice.ScaleMinMax, &other)), "rating.choice_posts", []any{"x2"}},
		{second(choice.Topsis(worked(), "city", nil)), "rating.choice_scale", []any{"city"}},
		{second(choice.BenefitOfDoubt(below, nil)), "rating.choice_negative", []any{"x1", "D", -1.0}},
		{second(choice.Vikor(worked(), 1.5)), "rating.choice_share", []any{1.5}},
		{second(choice.Grey(worked(), 0)), "rating.choice_share", []any{0.0}},
		{second(choice.Mazziotta(worked(), 0)), "rating.choice_penalty", []any{0}},
		{second(choice.Outranking(worked(), "")), "rating.choice_rule", []any{""}},
		{second(choice.BenefitOfDoubt(worked(), &choice.Bounds{Least: []float64{.5, .5, .5},
			Most: []float64{1, 1, 1}})),
			"rating.choice_bounds_sum", []any{1.5, 3.0}},
		{second(choice.BenefitOfDoubt(worked(), &choice.Bounds{Least: []float64{.5, 0, 0},
			Most: []float64{.4, 1, 1}})),
			"rating.choice_bound", []any{"x1", .5, .4}},
	} {
		if g := fault.Of(c.err); g == nil || g.Key != c.key || !slices.Equal(g.Args, c.args) {
			t.Errorf("%d: %v, want %s %v", i, c.err, c.key, c.args)
		}
	}
}

// TestDoubtByHand: A (1, .2) and B (.2, 1) stand on the frontier, C (.5, .5) under it: best with w equal,
// .5/.6.
func TestDoubtByHand(t *testing.T) {
	f := frame.Frame{Areas: []string{"A", "B", "C"}, Columns: []string{"x", "y"}, Values: [][]float64{{1,
		.2, .5}, {.2, 1, .5}}}
	r := must(choice.BenefitOfDoubt(choice.Decision{Frame: f}, nil))(t)
	near(t, "scores", []float64{r[0].Score, r[1].Score, r[2].Score}, []float64{1, 1, .5 / .6})
	near(t, "shares of C", r[2].Shares, []float64{.5, .5})
	if !slices.Equal(r[2].Peers, []int{0, 1}) {
		t.Errorf("peers of C %v", r[2].Peers)
	}
	// Each column must make 40 % of the score of A: .4·S = w_y·.2 and S = w_x + .2·w_y with w_x + .2·w_y ≤ 1,
	// .2·w_x + w_y ≤ 1. With w_x = .6 S, w_y = 2 S: .12 S + 2 S ≤ 1.
	r = must(choice.BenefitOfDoubt(choice.Decision{Frame: f}, &choice.Bounds{Least: []float64{.4, .4},
		Most: []float64{1, 1}}))(t)
	near(t, "bounded A", []float64{r[0].Score, r[0].Shares[1]}, []float64{1 / 2.12, .4})
}

// naiveDoubt tries every corner of the weights of two columns.
func naiveDoubt(f frame.Frame, area int) float64 {
	type line struct{ a, b, c float64 }
	lines := []line{{1, 0, 0}, {0, 1, 0}}
	for k := range f.Areas {
		lines = append(lines, line{f.Values[0][k], f.Values[1][k], 1})
	}
	best := 0.0
	for i, p := range lines {
		for _, q := range lines[:i] {
			determinant := p.a*q.b - p.b*q.a
			if math.Abs(determinant) < 1e-12 {
				continue
			}
			x, y := (p.c*q.b-p.b*q.c)/determinant, (p.a*q.c-p.c*q.a)/determinant
			ok := x >= -1e-12 && y >= -1e-12
			for k := range f.Areas {
				ok = ok && f.Values[0][k]*x+f.Values[1][k]*y <= 1+1e-9
			}
			if ok {
				best = max(best, f.Values[0][area]*x+f.Values[1][area]*y)
			}
		}
	}
	return best
}

func TestDoubtAgainstEveryCorner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 7).Draw(t, "areas")
		f := frame.Sized(make([]string, n), []string{"x", "y"})
		for a := range n {
			f.Values[0][a] = float64(rapid.IntRange(0, 20).Draw(t, "x"))
			f.Values[1][a] = float64(rapid.IntRange(0, 20).Draw(t, "y"))
		}
		f.Values[0][0]++
		f.Values[1][n-1]++
		r := must(choice.BenefitOfDoubt(choice.Decision{Frame: f}, nil))(t)
		for a := range n {
			if want := naiveDoubt(f, a); math.Abs(r[a].Score-want) > 1e-9 {
				t.Fatalf("area %d of %v: %v, by corners %v", a, f.Values, r[a].Score, want)
			}
		}
	})
}

// TestDoubtIsTheSameOnAnyNumberOfProcessors, to the bit, and no unit matters.
func TestDoubtIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(2, 12).Draw(t, "areas"), rapid.IntRange(1, 5).Draw(t, "columns")
		f := frame.Sized(make([]string, n), make([]string, m))
		bounds := choice.Bounds{Least: make([]float64, m), Most: slices.Repeat([]float64{1}, m)}
		for c := range m {
			bounds.Least[c] = .5 / float64(m)
			for a := range n {
				f.Values[c][a] = rapid.Float64Range(.01, 10).Draw(t, "y")
			}
		}
		d := choice.Decision{Frame: f}
		wide, free := must(choice.BenefitOfDoubt(d, &bounds))(t), must(choice.BenefitOfDoubt(d, nil))(t)
		before := runtime.GOMAXPROCS(1)
		one := must(choice.BenefitOfDoubt(d, &bounds))(t)
		runtime.GOMAXPROCS(before)
		scaled := f.Clone()
		for a := range n {
			scaled.Values[0][a] *= 1000
		}
		unit := must(choice.BenefitOfDoubt(choice.Decision{Frame: scaled}, &bounds))(t)
		best := 0.0
		for a := range n {
			if wide[a].Score != one[a].Score || !slices.Equal(wide[a].Shares, one[a].Shares) {
				t.Fatalf("area %d: %v on many, %v on one", a, wide[a], one[a])
			}
			if math.Abs(unit[a].Score-wide[a].Score) > 1e-9 || wide[a].Score > free[a].Score+1e-9 {
				t.Fatalf("area %d: %v, in another unit %v, without bounds %v", a, wide[a].Score,
					unit[a].Score, free[a].Score)
			}
			for c, s := range wide[a].Shares {
				if s < bounds.Least[c]-1e-9 {
					t.Fatalf("area %d has a share of %v in column %d", a, s, c)
				}
			}
			best = max(best, free[a].Score)
		}
		if math.Abs(best-1) > 1e-9 {
			t.Fatalf("the best area has %v", best)
		}
	})
}

// TestOrderOfAreasAndColumnsDoesNotMatter, scores lie in [0,1], Copeland sums to 0.
func TestOrderOfAreasAndColumnsDoesNotMatter(t *testing.T) {
	methods := map[string]func(choice.Decision) ([]float64, error){
		"vec": func(d choice.Decision) ([]float64, error) {
			return closeness(choice.Topsis(d,
				choice.ScaleVector, nil))
		},
		"mm": func(d choice.Decision) ([]float64, error) {
			return closeness(choice.Topsis(d,
				choice.ScaleMinMax, nil))
		},
		"mm_wd": func(d choice.Decision) ([]float64, error) {
			return closeness(choice.Topsis(d,
				choice.ScaleOutside, nil))
		},
		"grey": func(d choice.Decision) ([]float64, error) { return choice.Grey(d, .5) },
		"vikor": func(d choice.Decision) ([]float64, error) {
			r, err := choice.Vikor(d, .3)
			return r.Q, err
		},
		"copeland": func(d choice.Decision) ([]float64, error) {
			r, err := choice.Outranking(d, choice.MissingRefused)
			sum, scores := 0, make([]float64, len(d.Areas))
			for a, c := range r.Copeland {
				sum += c
				scores[a] = (float64(c)/float64(len(d.Areas)-1) + 1) / 2
			}
			if sum != 0 {
				return nil, fmt.Errorf("Copeland sums to %d", sum)
			}
			return scores, err
		},
		"promethee": func(d choice.Decision) ([]float64, error) {
			r, err := choice.Promethee(d, slices.Repeat([]choice.Criterion{{Preference: choice.PreferLinear,
				P: 40}}, len(d.Columns)))
			for a := range r.Net {
				r.Net[a] = (r.Net[a] + 1) / 2
			}
			return r.Net, err
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(3, 9).Draw(t, "areas"), rapid.IntRange(1, 5).Draw(t, "columns")
		d := choice.Decision{Frame: frame.Sized(make([]string, n), make([]string, m)),
			Weights:    make([]float64, m),
			Directions: make([]weighting.Direction, m)}
		e := choice.Decision{Frame: frame.Sized(d.Areas, d.Columns), Weights: make([]float64, m),
			Directions: make([]weighting.Direction, m)}
		for c := range m {
			d.Weights[c] = float64(rapid.IntRange(1, 4).Draw(t, "w"))
			d.Directions[c] = rapid.SampledFrom([]weighting.Direction{weighting.More,
				weighting.Less}).Draw(t, "direction")
			for a := range n {
				d.Values[c][a] = float64(rapid.IntRange(1, 50).Draw(t, "x"))
			}
			d.Values[c][0], d.Values[c][1] = 51, 0
			e.Weights[m-1-c], e.Directions[m-1-c] = d.Weights[c]*4, d.Directions[c]
			for a := range n {
				e.Values[m-1-c][n-1-a] = d.Values[c][a]
			}
		}
		for name, method := range methods {
			x, y := must(method(d))(t), must(method(e))(t)
			for a := range n {
				if math.Abs(x[a]-y[n-1-a]) > 1e-12 || x[a] < -1e-12 || x[a] > 1+1e-12 {
					t.Fatalf("%s: %v, turned %v", name, x, y)
				}
			}
		}
	})
}

func closeness(c choice.Closeness, err error) ([]float64, error) { return c.Scores, err }
