package space_test

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/space"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var (
	four = []string{"1", "2", "3", "4"}
	ring = []space.Pair{{First: "1", Second: "2"}, {First: "1", Second: "3"}, {First: "2", Second: "4"},
		{First: "3", Second: "4"}}
	figures = space.Figures{Indicator: "x", Areas: four, Values: []float64{60, 72, 50, 90}}
	usual   = space.Test{Permutations: 999, Seed: 7}
)

func ExampleMoran() {
	m, _ := space.Contiguity(four, ring)
	g, _ := space.Moran(figures, m.RowStandardised(), usual)
	fmt.Printf("I %.6f E %.6f\n", g.I, g.Expectation)
	// Output: I -0.220721 E -0.333333
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

// TestProbabilityAgainstAllPermutations: four areas have 24 orders, so the exact p can be counted.
func TestProbabilityAgainstAllPermutations(t *testing.T) {
	m := must(space.Contiguity(four, ring))(t).RowStandardised()
	g := must(space.Moran(figures, m, space.Test{Permutations: 20000, Seed: 1}))(t)
	far, all := 0, 0
	var permute func(rest, done []float64)
	permute = func(rest, done []float64) {
		if len(rest) == 0 {
			i := must(space.Moran(space.Figures{Indicator: "x", Areas: four, Values: done}, m,
				space.Test{Permutations: 1}))(t)
			all++
			if math.Abs(i.I-g.Expectation) >= math.Abs(g.I-g.Expectation)-1e-12 {
				far++
			}
			return
		}
		for k := range rest {
			others := append(append([]float64(nil), rest[:k]...), rest[k+1:]...)
			permute(others, append(done[:len(done):len(done)], rest[k]))
		}
	}
	permute(figures.Values, nil)
	if exact := float64(far) / float64(all); math.Abs(g.P-exact) > .015 || all != 24 {
		t.Errorf("p %v, counted over %d orders %v", g.P, all, exact)
	}
	if math.Abs(g.Mean-g.Expectation) > .01 {
		t.Errorf("the permutations have mean %v, expected %v", g.Mean, g.Expectation)
	}
}

// grid is a square of areas with queen contiguity and coordinates.
func grid(size int) (areas []string, pairs []space.Pair, points []space.Point) {
	name := func(x, y int) string { return fmt.Sprintf("%02d-%02d", x, y) }
	for x := range size {
		for y := range size {
			areas = append(areas, name(x, y))
			points = append(points, space.Point{X: float64(x), Y: float64(y)})
			for _, d := range [][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
				if i, j := x+d[0], y+d[1]; i < size && j >= 0 && j < size {
					pairs = append(pairs, space.Pair{First: name(x, y), Second: name(i, j)})
				}
			}
		}
	}
	return areas, pairs, points
}

// TestPatternsAreFound: a slope is certain, a hot corner is named, and a board without pattern is not.
func TestPatternsAreFound(t *testing.T) {
	areas, pairs, points := grid(7)
	m := must(space.Contiguity(areas, pairs))(t).RowStandardised()
	slope := space.Figures{Indicator: "slope", Areas: areas}
	for _, p := range points {
		slope.Values = append(slope.Values, p.X*p.X+p.Y*p.Y)
	}
	g := must(space.Moran(slope, m, usual))(t)
	if g.I < .5 || g.P != .001 {
		t.Errorf("a slope has I %v, p %v", g.I, g.P)
	}
	locals := must(space.MoranLocal(slope, m, usual))(t)
	far, near := locals[len(locals)-1], locals[0]
	if far.Kind != space.HighHigh || near.Kind != space.LowLow || far.Q > .05 || far.P > far.Q {
		t.Errorf("far corner %+v, near corner %+v", far, near)
	}
	chance := slope
	chance.Values = nil
	lot := statistic.NewStream(3, 0)
	for i := range areas {
		chance.Values = append(chance.Values, lot.Normal(uint64(i)))
	}
	if g = must(space.Moran(chance, m, usual))(t); g.P < .05 {
		t.Errorf("figures without pattern have I %v, p %v", g.I, g.P)
	}
}

func TestMatricesByHand(t *testing.T) {
	areas := []string{"b", "a", "c", "d"}
	points := []space.Point{{X: 0}, {X: 2}, {X: -2}, {X: 10}} // a and c are as far from b
	near := must(space.Nearest(areas, points, space.Plane, 1))(t)
	if want := [][]space.Link{{{To: 1, Weight: 1}}, {{To: 0, Weight: 1}}, {{To: 0, Weight: 1}}, {{To: 1,
		Weight: 1}}}; !reflect.DeepEqual(near.Rows, want) {
		t.Errorf("nearest %v", near.Rows)
	}
	band := must(space.Within(areas, points, space.Plane, 2))(t)
	if !slices.Equal(band.Islands(), []string{"d"}) || len(band.Rows[0]) != 2 || len(band.Rows[1]) != 1 {
		t.Errorf("band %v", band.Rows)
	}
	joined := must(band.JoinIslands(points, space.Plane, 1))(t)
	if len(joined.Islands()) != 0 || len(joined.Rows[1]) != 2 || len(joined.Rows[3]) != 1 ||
		len(band.Rows[1]) != 1 {
		t.Errorf("joined %v, before %v", joined.Rows, band.Rows)
	}
	// Wuhan to Chongqing is about 750 km along the great circle.
	cities := []string{"wuhan", "chongqing"}
	at := []space.Point{{X: 114.305, Y: 30.593}, {X: 106.551, Y: 29.563}}
	if m := must(space.Within(cities, at, space.Sphere, 760))(t); len(m.Islands()) != 0 {
		t.Error("farther than 760 km")
	}
	if m := must(space.Within(cities, at, space.Sphere, 740))(t); len(m.Islands()) != 2 {
		t.Error("nearer than 740 km")
	}
}

func TestFalseDiscoveryByHand(t *testing.T) {
	got := space.FalseDiscovery([]float64{.04, .01, math.NaN(), .03, .5})
	for i, want := range []float64{.04 * 4 / 3, .04, math.NaN(), .04 * 4 / 3, .5} {
		if math.Abs(got[i]-want) > 1e-15 || math.IsNaN(got[i]) != math.IsNaN(want) {
			t.Errorf("%d: %v, want %v", i, got[i], want)
		}
	}
}

func TestRefusalsNameAreas(t *testing.T) {
	m := must(space.Contiguity(four, ring))(t).RowStandardised()
	with := func(change func(*space.Figures)) space.Figures {
		f := figures
		f.Areas, f.Values = slices.Clone(f.Areas), slices.Clone(f.Values)
		change(&f)
		return f
	}
	lonely := must(space.Contiguity(four, ring[:1]))(t)
	points := make([]space.Point, 4)
	for i, c := range []struct {
		err  error
		key  string
		args []any
	}{
		{second(space.Moran(with(func(f *space.Figures) { f.Values[2] = math.NaN() }), m, usual)),
			"rating.space_missing", []any{"x", "3"}},
		{second(space.MoranLocal(with(func(f *space.Figures) { f.Areas[1] = "9" }), m, usual)),
			"rating.space_areas", []any{"9", "2"}},
		{second(space.Moran(with(func(f *space.Figures) { f.Areas, f.Values = f.Areas[:3], f.Values[:3] }),
			m, usual)),
			"rating.space_areas", []any{"–", "4"}},
		{second(space.Moran(with(func(f *space.Figures) { f.Values = []float64{1, 1, 1, 1} }), m, usual)),
			"rating.space_constant", []any{"x"}},
		{second(space.Moran(figures, lonely, usual)), "rating.space_islands", []any{"3, 4"}},
		{second(space.Moran(figures, m, space.Test{})), "rating.space_permutations", []any{0, 99999}},
		{second(space.Contiguity(four, []space.Pair{{First: "1", Second: "8"}})), "rating.space_area",
			[]any{"8", "1", "8"}},
		{second(space.Contiguity(four, []space.Pair{{First: "1", Second: "1"}})), "rating.space_self",
			[]any{"1"}},
		{second(space.Contiguity([]string{"1", "1"}, nil)), "rating.space_twice", []any{"1"}},
		{second(space.Nearest(four, points, space.Plane, 4)), "rating.space_neighbours", []any{4, 4}},
		{second(space.Nearest(four, points[:3], space.Plane, 1)), "rating.space_points", []any{4, 3}},
		{second(space.Within(four, points, "map", 1)), "rating.space_metric", []any{"map"}},
		{second(space.Within(four, points, space.Plane, 0)), "rating.space_band", []any{0.0}},
		{second(space.Nearest(four, []space.Point{{}, {X: 200}, {}, {}}, space.Sphere, 1)),
			"rating.space_point", []any{"2"}},
	} {
		if g := fault.Of(c.err); g == nil || g.Key != c.key || !slices.Equal(g.Args, c.args) {
			t.Errorf("%d: %v, want %s %v", i, c.err, c.key, c.args)
		}
	}
	kept := space.Test{Permutations: 99, Seed: 1, KeepIslands: true}
	locals := must(space.MoranLocal(figures, lonely, kept))(t)
	if locals[3].Kind != space.Isolated || !math.IsNaN(locals[3].I) || math.IsNaN(locals[0].Q) {
		t.Errorf("kept islands %+v", locals)
	}
}

// TestInvariants: unit, zero and order do not matter; local figures sum to S0·I; processors do not matter.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 15).Draw(t, "n")
		f := space.Figures{Indicator: "x"}
		points := make([]space.Point, n)
		for i := range n {
			f.Areas = append(f.Areas, fmt.Sprintf("%02d", i))
			f.Values = append(f.Values, float64(rapid.IntRange(0, 100).Draw(t, "x")))
			points[i] = space.Point{X: rapid.Float64Range(0, 10).Draw(t, "px"), Y: rapid.Float64Range(0,
				10).Draw(t, "py")}
		}
		f.Values[0], f.Values[1] = 0, 101
		m := must(space.Nearest(f.Areas, points, space.Plane, rapid.IntRange(1, 3).Draw(t,
			"k")))(t).RowStandardised()
		test := space.Test{Permutations: 49, Seed: rapid.Uint64().Draw(t, "seed")}
		g, locals := must(space.Moran(f, m, test))(t), must(space.MoranLocal(f, m, test))(t)
		sum := 0.0
		for _, l := range locals {
			sum += l.I
			if l.P < 1.0/50 || l.P > 1 || l.Q < l.P {
				t.Fatalf("local %+v", l)
			}
		}
		if math.Abs(sum-float64(n)*g.I) > 1e-9 || g.P < 1.0/50 || g.P > 1 {
			t.Fatalf("local figures sum to %v, n·I is %v, p %v", sum, float64(n)*g.I, g.P)
		}
		before := runtime.GOMAXPROCS(1)
		one, alone := must(space.Moran(f, m, test))(t), must(space.MoranLocal(f, m, test))(t)
		runtime.GOMAXPROCS(before)
		if !reflect.DeepEqual(g, one) || !reflect.DeepEqual(locals, alone) {
			t.Fatal("the number of processors matters")
		}
		turned := space.Figures{Indicator: "x", Areas: slices.Clone(f.Areas)}
		slices.Reverse(turned.Areas)
		for i := range n {
			turned.Values = append(turned.Values, 5*f.Values[n-1-i]-1000)
		}
		if o := must(space.Moran(turned, m, test))(t); math.Abs(o.I-g.I) > 1e-9 {
			t.Fatalf("turned and in another unit I is %v, not %v", o.I, g.I)
		}
	})
}
