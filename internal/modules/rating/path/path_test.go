package path_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func ExampleTarget() {
	target := path.Target{Indicator: "I1", Place: "Ezhou", From: 2023, To: 2027, Baseline: 2.36, Aim: 2.30,
		Shape: path.Geometric}
	k, _ := target.Step()
	fmt.Printf("%.4f %% a year; rural growth %.4f %%\n", 100*(k-1), 100*path.RuralNeeded(.045, k))
	// Output: -0.6417 % a year; rural growth 5.1750 %
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

func near(t rapid.TB, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestVectorsOfGrowth(t *testing.T) {
	k := must(path.Factor(2.45, 2.30, 5))(t)
	near(t, "5 %", path.RuralNeeded(.05, k), .063352, 5e-7)
	near(t, "6 %", path.RuralNeeded(.06, k), .073479, 5e-7)
	near(t, "back", path.UrbanAllowed(path.RuralNeeded(.05, k), k), .05, 1e-15)
	needs := must(path.WhatItTakes(2.45, 2.30, 5, .06, []float64{.05, .06}))(t)
	near(t, "extra", needs[1].Extra, .013479, 5e-7)
	years := must(path.YearsUntil(2.45, 2.30, .05, needs[0].Rural))(t)
	near(t, "years", years, 5, 1e-9)
	if y := must(path.YearsUntil(2.45, 2.30, .05, .04))(t); !math.IsInf(y, 1) {
		t.Errorf("a ratio that rises arrives after %v years", y)
	}
	if y := must(path.YearsUntil(2.2, 2.30, .05, .04))(t); y != 0 {
		t.Errorf("a ratio that is there arrives after %v years", y)
	}
}

func TestLights(t *testing.T) {
	down := path.Target{Indicator: "I1", Place: "C", From: 2022, To: 2027, Baseline: 2.45, Aim: 2.30,
		Shape: path.Geometric}
	required := must(down.Required(2024))(t)
	near(t, "required", required, 2.45*math.Pow(2.30/2.45, .4), 1e-12)
	for actual, want := range map[float64]path.Light{required: path.Green, 2.2: path.Green,
		required * 1.0049: path.Amber,
		required * 1.0051: path.Red, required * 1.005: path.Amber} {
		if got := must(down.LightOf(2024, actual))(t); got != want {
			t.Errorf("%v beside %v is %s, want %s", actual, required, got, want)
		}
	}
	up := path.Target{Indicator: "P1", Place: "E", From: 2020, To: 2030, Baseline: 60, Aim: 70,
		Shape: path.Linear, Margin: .02}
	for actual, want := range map[float64]path.Light{65: path.Green, 64: path.Amber, 63.6: path.Red,
		80: path.Green} {
		if got := must(up.LightOf(2025, actual))(t); got != want {
			t.Errorf("%v beside 65 is %s, want %s", actual, got, want)
		}
	}
	followed := must(up.Follow(map[int]float64{2021: 60, 2022: math.NaN()}))(t)
	if len(followed) != 11 || followed[1].Light != path.Amber || followed[1].Gap != 1 ||
		followed[2].Light != "" ||
		!math.IsNaN(followed[2].Actual) || followed[10].Required != 70 {
		t.Errorf("followed %+v", followed)
	}
	hold := down
	hold.Aim, hold.Better = 2.45, path.Less
	if got := must(hold.LightOf(2025, 2.45))(t); got != path.Green {
		t.Errorf("held is %s", got)
	}
}

func TestRefusalsNameWhatIsWrong(t *testing.T) {
	good := path.Target{Indicator: "I1", Place: "C", From: 2022, To: 2027, Baseline: 2.45, Aim: 2.30,
		Shape: path.Geometric}
	with := func(change func(*path.Target)) error {
		c := good
		change(&c)
		return second(c.Step())
	}
	s := path.Series{Indicator: "I1", Place: "C", Years: []int{2014, 2015, 2016, 2018, 2019},
		Values: []float64{3, 2.9, 2.8, 2.6, 2.5}}
	series := func(change func(*path.Series)) error {
		c := s
		c.Years, c.Values = slices.Clone(s.Years), slices.Clone(s.Values)
		change(&c)
		return second(path.Project(c, path.Settings{Model: path.ModelTrend}, 3))
	}
	counties := func(change func([]path.County)) error {
		c := []path.County{{"A", 1, 5, 1, 2}, {"B", 1, 4, 1, 3}}
		change(c)
		return second(path.CityOf(c))
	}
	_, _, _, gone := path.Change([]path.County{{"A", 1, 5, 1, 2}, {"B", 1, 4, 1, 3}}, []path.County{{"A", 1,
		5, 1, 2}})
	_, _, _, came := path.Change([]path.County{{"A", 1, 5, 1, 2}}, []path.County{{"A", 1, 5, 1, 2}, {"B", 1,
		4, 1, 3}})
	for i, c := range []struct {
		err  error
		key  string
		args []any
	}{
		{with(func(t *path.Target) { t.To = 2022 }), "rating.path_years", []any{"I1", "C", 2022, 2022}},
		{with(func(t *path.Target) { t.Aim = -1 }), "rating.path_ends", []any{"I1", "C", 2.45, -1.0}},
		{with(func(t *path.Target) { t.Aim = 2.45 }), "rating.path_flat", []any{"I1", "C", 2.45}},
		{with(func(t *path.Target) { t.Shape = "curve" }), "rating.path_shape", []any{"curve", ""}},
		{with(func(t *path.Target) { t.Margin = -1 }), "rating.path_margin", []any{-1.0}},
		{second(good.Required(2028)), "rating.path_outside", []any{2028, 2022, 2027}},
		{second(good.LightOf(2024, math.NaN())), "rating.path_missing", []any{"I1", "C", 2024}},
		{second(path.Factor(0, 1, 1)), "rating.path_factor", []any{0.0, 1.0, 1.0}},
		{second(path.YearsUntil(2, 1, -1, 0)), "rating.path_growth", []any{-1.0, 0.0}},
		{series(func(s *path.Series) { s.Values[1] = 0 }), "rating.forecast_positive", []any{"I1", "C",
			2015, 0.0}},
		{series(func(s *path.Series) { s.Years[2] = 2015 }), "rating.forecast_order", []any{"I1", "C",
			2015}},
		{series(func(s *path.Series) { s.Breaks = []int{2016} }), "rating.forecast_few", []any{"I1", "C", 3,
			4}},
		{second(path.Project(s, path.Settings{Model: path.ModelDamped}, 3)), "rating.forecast_gap",
			[]any{"I1", "C", 2017}},
		{second(path.Project(path.Series{Indicator: "I1", Place: "C", Years: []int{1, 2, 3, 4, 5},
			Values: []float64{5, 4, 3, 2, 1}}, path.Settings{Model: path.ModelDamped}, 3)),
			"rating.forecast_few", []any{"I1", "C", 5, 6}},
		{second(path.Project(s, path.Settings{Model: "oracle"}, 3)), "rating.forecast_settings",
			[]any{"oracle", .8, .9}},
		{second(path.Project(s, path.Settings{Model: path.ModelTrend}, 0)), "rating.forecast_years",
			[]any{0}},
		{counties(func(c []path.County) { c[1].RuralIncome = math.NaN() }), "rating.contribution_cell",
			nil},
		{counties(func(c []path.County) { c[1].UrbanIncome = 0 }), "rating.contribution_cell", []any{"B",
			"urban income", 0.0}},
		{counties(func(c []path.County) { c[1].Code = "A" }), "rating.contribution_twice", []any{"A"}},
		{counties(func(c []path.County) { c[0].UrbanPeople, c[1].UrbanPeople = 0, 0 }),
			"rating.contribution_nobody", []any{2}},
		{gone, "rating.contribution_areas", []any{"B"}},
		{came, "rating.contribution_areas", []any{"B"}},
	} {
		if g := fault.Of(c.err); g == nil || g.Key != c.key || c.args != nil && !slices.Equal(g.Args,
			c.args) {
			t.Errorf("%d: %v, want %s %v", i, c.err, c.key, c.args)
		}
	}
}

// TestTrendByHand: ln y = 0 1 0 1 in years 1 to 4 has slope .2, SSE .8, s² .4; year 5 is 1 ±
// t·√(.4·(1+.25+6.25/5)).
func TestTrendByHand(t *testing.T) {
	s := path.Series{Years: []int{1, 2, 3, 4}, Values: []float64{1, math.E, 1, math.E}}
	f := must(path.Project(s, path.Settings{Model: path.ModelTrend, Level: .95}, 2))(t)
	p := f.Years[0]
	near(t, "median", math.Log(p.Median), 1, 1e-12)
	near(t, "deviation", p.Deviation, math.Sqrt(.4*2.5), 1e-12)
	near(t, "high", math.Log(p.High), 1+4.30265272974946*1, 1e-8) // t of 2 degrees at 95 %
	near(t, "growth", f.Growth, math.Expm1(.2), 1e-12)
	near(t, "half", f.Reaches(5, math.E, path.Less), .5, 1e-12)
	near(t, "upper", f.Reaches(5, p.High, path.Less), .975, 1e-9)
	near(t, "lower", f.Reaches(5, p.Low, path.More), .975, 1e-9)
	if !math.IsNaN(f.Reaches(9, 1, path.Less)) {
		t.Error("a year that was not forecast has a chance")
	}
}

// TestForecastsOfASteadySeries: a constant rate goes on by the trend, and is damped by the other.
func TestForecastsOfASteadySeries(t *testing.T) {
	s := path.Series{Indicator: "I1", Breaks: []int{2013}, Years: []int{2011, 2012}, Values: []float64{9,
		1}}
	for i := range 8 {
		s.Years, s.Values = append(s.Years, 2013+i), append(s.Values, 3*math.Pow(.98, float64(i)))
	}
	trend := must(path.Project(s, path.Settings{Model: path.ModelTrend}, 5))(t)
	near(t, "trend", trend.Years[4].Median, 3*math.Pow(.98, 12), 1e-9)
	near(t, "its width", trend.Years[4].High-trend.Years[4].Low, 0, 1e-9)
	if trend.Since != 2013 || trend.Figures != 8 {
		t.Errorf("figures before the break were used: %+v", trend)
	}
	damped := must(path.Project(s, path.Settings{Model: path.ModelDamped}, 40))(t)
	last := s.Values[len(s.Values)-1]
	if y := damped.Years[0].Median; y >= last || y < trend.Years[0].Median-1e-3 {
		t.Errorf("the first damped year is %v after %v", y, last)
	}
	if y := damped.Years[39].Median; y < last*math.Pow(.98, 9.1) {
		t.Errorf("forty years on the damped trend is at %v of %v", y, last)
	}
}

// TestQuantiles of Student's distribution as printed.
func TestQuantiles(t *testing.T) {
	near(t, "10, 95 %", path.StudentQuantile(.95, 10), 2.228138852, 1e-8)
	near(t, "1, 80 %", path.StudentQuantile(.8, 1), 3.077683537, 1e-8)
}

func TestIntervalsWiden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := path.Series{}
		for i := range rapid.IntRange(4, 15).Draw(t, "n") {
			s.Years = append(s.Years, 2013+i)
			s.Values = append(s.Values, rapid.Float64Range(1.5, 4).Draw(t, "y"))
		}
		for m, least := range map[path.Model]int{path.ModelTrend: 4, path.ModelDamped: 6} {
			if len(s.Years) < least {
				if err := second(path.Project(s, path.Settings{Model: m}, 10)); !fault.HasKey(err,
					"rating.forecast_few") {
					t.Fatalf("%s of %d figures: %v", m, len(s.Years), err)
				}
				continue
			}
			f := must(path.Project(s, path.Settings{Model: m}, 10))(t)
			before := 0.0
			for _, p := range f.Years {
				if !(p.Low <= p.Median && p.Median <= p.High) || p.Deviation < before-1e-12 {
					t.Fatalf("%s: %+v after %v", m, p, before)
				}
				before = p.Deviation
			}
		}
	})
}

// TestLevelByHand: A has ratio 2.5 and B 4/3; incomes: urban 4.5, rural 2.5, ratio 1.8.
func TestLevelByHand(t *testing.T) {
	city, parts, err := path.Level([]path.County{{"A", 1, 5, 1, 2}, {"B", 1, 4, 1, 3}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", city.Ratio, 1.8, 1e-15)
	near(t, "A", parts[0].Own, .5*3/2.5, 1e-15)
	near(t, "B", parts[1].Own, .5*1/2.5, 1e-15)
	near(t, "no mix", parts[0].Mix+parts[1].Mix, 0, 1e-15)
}

// drawnCounties are the same places in two years; some have but one side.
func drawnCounties(t *rapid.T) (before, after []path.County) {
	n := rapid.IntRange(2, 8).Draw(t, "n")
	figure := func() float64 { return rapid.Float64Range(1, 50).Draw(t, "figure") }
	people := func() float64 {
		return rapid.OneOf(rapid.Float64Range(1, 900), rapid.Just(0.0)).Draw(t, "people")
	}
	for i := range n {
		a := path.County{Code: fmt.Sprint(i), UrbanPeople: people(), UrbanIncome: figure(),
			RuralPeople: people(), RuralIncome: figure()}
		b := path.County{Code: a.Code, UrbanPeople: people(), UrbanIncome: figure(), RuralPeople: people(),
			RuralIncome: figure()}
		if i == 0 {
			a.UrbanPeople, a.RuralPeople, b.UrbanPeople, b.RuralPeople = 100, 200, 150, 150
		}
		if rapid.Bool().Draw(t, "still") {
			b = a
		}
		before, after = append(before, a), append(after, b)
	}
	return before, after
}

func TestContributionsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawnCounties(t)
		city, parts, err := path.Level(before)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, p := range parts {
			sum += p.Sum
		}
		if math.Abs(sum-(city.Ratio-1)) > 1e-10*max(1, city.Ratio) {
			t.Fatalf("parts add up to %v, the ratio is %v", sum, city.Ratio)
		}
		turned := slices.Clone(after)
		slices.Reverse(turned)
		first, last, effects, err := path.Change(before, turned)
		if err != nil {
			t.Fatal(err)
		}
		sum = 0
		for _, e := range effects {
			sum += e.Sum
		}
		if math.Abs(sum-(last.Ratio-first.Ratio)) > 1e-10*max(1, first.Ratio, last.Ratio) {
			t.Fatalf("effects add up to %v, the ratio went from %v to %v", sum, first.Ratio, last.Ratio)
		}
		scaled := slices.Clone(before)
		for i := range scaled {
			scaled[i].UrbanIncome *= 1e4
			scaled[i].RuralIncome *= 1e4
			scaled[i].UrbanPeople *= 10
			scaled[i].RuralPeople *= 10
		}
		_, other, err := path.Level(scaled)
		if err != nil {
			t.Fatal(err)
		}
		for i := range parts {
			if math.Abs(parts[i].Sum-other[i].Sum) > 1e-9 {
				t.Fatalf("in other units county %d has %v, not %v", i, other[i].Sum, parts[i].Sum)
			}
		}
	})
}

// TestChangeNamesWhoMoved: only B's rural income grew, so only that brought the ratio down.
func TestChangeNamesWhoMoved(t *testing.T) {
	before := []path.County{{"A", 1, 5, 1, 2}, {"B", 1, 4, 1, 3}}
	after := []path.County{{"A", 1, 5, 1, 2}, {"B", 1, 4, 1, 3.5}}
	first, last, effects, err := path.Change(before, after)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "B", effects[1].RuralIncome, last.Ratio-first.Ratio, 1e-15)
	if a := effects[0]; a.Sum != 0 || effects[1].UrbanIncome != 0 || effects[1].RuralPeople != 0 ||
		effects[1].Sum >= 0 {
		t.Errorf("effects %+v", effects)
	}
}
