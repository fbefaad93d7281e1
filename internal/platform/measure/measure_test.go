package measure_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func definition(key string, change func(*measure.Definition)) measure.Definition {
	d := measure.Definition{Key: key, Title: locale.Words{Chinese: key, English: key},
		Nature:    measure.Stock,
		Direction: measure.More, Missing: measure.Partial, Source: "test", Basis: "b", Mark: "verified"}
	if change != nil {
		change(&d)
	}
	return d
}

// catalogue has a measure of every kind.
var catalogue = []measure.Definition{
	definition("used", nil), definition("area", nil),
	definition("assets", func(d *measure.Definition) { d.Decimals = 2 }),
	definition("people", func(d *measure.Definition) { d.Missing = measure.Zero }),
	definition("done", func(d *measure.Definition) { d.Nature = measure.Cumulative }),
	definition("whole", func(d *measure.Definition) { d.Missing = measure.Void }),
	definition("mean", func(d *measure.Definition) { d.Parts, d.Decimals = true, 1 }),
	definition("share", func(d *measure.Definition) {
		d.Numerator, d.Denominator, d.Scale, d.Decimals = "used", "area", 100, 1
	}),
	definition("head", func(d *measure.Definition) { // yuan a head from fen
		d.Numerator, d.Denominator, d.Decimals = "assets", "people", 2
	}),
}

func each(t *testing.T, fn func(*testing.T, *store.Store, *measure.Service)) {
	t.Helper()
	storetest.Each(t, []store.Part{measure.Part()}, func(t *testing.T, s *store.Store) {
		fn(t, s, service(t, s))
	})
}

func service(t testing.TB, s *store.Store) *measure.Service {
	t.Helper()
	service, err := measure.New(s, catalogue...)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

var year = period.OfYear(2025)

func figure(key string, place, numerator int64) measure.Figure {
	return measure.Figure{Home: place / 100, Measure: key, Place: place, Period: year.String(),
		Numerator: numerator, Covered: 1, Expected: 1, Source: "test/1"}
}

func publish(t testing.TB, s *store.Store, m *measure.Service, figures ...measure.Figure) error {
	t.Helper()
	return s.Maintain(t.Context(), func(tx *store.Tx) error { return m.Publish(tx, figures...) })
}

func mustPublish(t testing.TB, s *store.Store, m *measure.Service, figures ...measure.Figure) {
	t.Helper()
	if err := publish(t, s, m, figures...); err != nil {
		t.Fatal(err)
	}
}

func value(t testing.TB, s *store.Store, m *measure.Service, key string, place int64) measure.Value {
	t.Helper()
	return reader{s, m}.value(t, key, place, year)
}

type reader struct {
	store    *store.Store
	measures *measure.Service
}

func (r reader) value(t testing.TB, key string, place int64, p period.Period) measure.Value {
	t.Helper()
	s, m := r.store, r.measures
	table, err := store.Read(t.Context(), s, func(v *store.View) (measure.Table, error) {
		return m.Read(v, measure.Ask{Measures: []string{key}, Places: []int64{place},
			Periods: []period.Period{p}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return table.Value(key, place, p)
}

// line is a tree written as the parent of each place; its places are numbered 101, 102 …
type line []int

func (l line) Len() int          { return len(l) }
func (l line) Parent(n int) int  { return l[n] }
func (l line) Place(n int) int64 { return int64(101 + n) }
func (l line) Home(n int) int64  { return l.Place(n) / 100 }

func TestARatioIsComputedAfterTheSums(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		tree := line{-1, 0, 0}
		mustPublish(t, s, m, figure("used", 102, 3), figure("area", 102, 4), figure("used", 103, 1),
			figure("area", 103, 6))
		for _, key := range []string{"used", "area"} {
			if _, err := m.RollUp(t.Context(), tree, key, year); err != nil {
				t.Fatal(err)
			}
		}
		for place, want := range map[int64]string{101: "40.0", 102: "75.0", 103: "16.7"} {
			if got := value(t, s, m, "share", place); got.Text() != want || !got.Known {
				t.Errorf("place %d: %s (%+v), want %s", place, got.Text(), got.Sum, want)
			}
		}
		mustPublish(t, s, m, figure("assets", 102, 123_456), figure("people", 102, 100))
		if got := value(t, s, m, "head", 102); got.Text() != "12.35" {
			t.Errorf("1,234.56 yuan among 100 are %s each", got.Text())
		}
	})
}

// TestTotalsEqualANaiveSum over random trees and figures, with places that report themselves and have
// others below them.
func TestTotalsEqualANaiveSum(t *testing.T) {
	s := storetest.SQLite(t, []store.Part{measure.Part()})
	m := service(t, s)
	quarters := 0
	rapid.Check(t, func(rt *rapid.T) {
		p := period.OfYear(1950 + quarters%1000) // each case a year of its own
		quarters++
		tree := line{-1}
		stack := []int{0}
		for n := 1; n < rapid.IntRange(1, 30).Draw(rt, "places"); n++ {
			stack = stack[:rapid.IntRange(1, len(stack)).Draw(rt, "depth")]
			tree = append(tree, stack[len(stack)-1])
			stack = append(stack, n)
		}
		own := map[int64]measure.Sum{}
		for n := range tree {
			if !rapid.Bool().Draw(rt, "reports") {
				continue
			}
			f := figure("used", tree.Place(n), rapid.Int64Range(-1000, 1000).Draw(rt, "amount"))
			f.Period, f.Covered = p.String(), rapid.Int64Range(0, 1).Draw(rt, "covered")
			mustPublish(t, s, m, f)
			own[f.Place] = measure.Sum{Numerator: f.Numerator, Covered: f.Covered, Expected: 1}
		}
		if _, err := m.RollUp(t.Context(), tree, "used", p); err != nil {
			rt.Fatal(err)
		}
		for n := range tree {
			want := naive(tree, own, n)
			if got := (reader{s, m}).value(t, "used", tree.Place(n), p); got.Sum != want {
				rt.Fatalf("place %d of %v: %+v, want %+v", n, tree, got.Sum, want)
			}
		}
	})
}

// naive adds up the subtree of a place by asking of each place whether it lies in it.
func naive(tree line, own map[int64]measure.Sum, root int) measure.Sum {
	var all measure.Sum
	for n := range tree {
		for at := n; at >= 0; at = tree[at] {
			if at == root {
				s := own[tree.Place(n)]
				all.Numerator += s.Numerator
				all.Covered += s.Covered
				all.Expected += s.Expected
				break
			}
		}
	}
	return all
}

func TestRollingUpAgainReplaces(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		tree := line{-1, 0, 1}
		mustPublish(t, s, m, figure("used", 103, 5), figure("used", 999, 7))
		done, err := m.RollUp(t.Context(), tree, "used", year)
		if err != nil || done.Figures != 1 || done.Totals != 2 || !slices.Equal(done.Left, []int64{999}) {
			t.Errorf("%+v, %v", done, err)
		}
		if err := s.Maintain(t.Context(), func(tx *store.Tx) error {
			return m.Withdraw(tx, 1, "used", 103, year)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := m.RollUp(t.Context(), tree, "used", year); err != nil {
			t.Fatal(err)
		}
		if got := value(t, s, m, "used", 101); got.Known || got.Numerator != 0 {
			t.Errorf("a returned report still counts: %+v", got)
		}
	})
}

func TestWhatAGapMeans(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		tree := line{-1, 0, 0}
		for _, key := range []string{"used", "people", "whole"} {
			due := figure(key, 103, 0)
			due.Covered = 0
			mustPublish(t, s, m, figure(key, 102, 8), due)
			if _, err := m.RollUp(t.Context(), tree, key, year); err != nil {
				t.Fatal(err)
			}
		}
		for key, want := range map[string]string{"used": "8", "people": "8", "whole": "–"} {
			if got := value(t, s, m, key, 101); got.Text() != want || got.Covered != 1 ||
				got.Expected != 2 {
				t.Errorf("%s: %s of %+v, want %s", key, got.Text(), got.Sum, want)
			}
		}
		for key, want := range map[string]string{"used": "–", "people": "0", "whole": "–"} {
			if got := value(t, s, m, key, 103); got.Text() != want {
				t.Errorf("%s of a place that has not reported: %s, want %s", key, got.Text(), want)
			}
		}
		if got := value(t, s, m, "share", 102); got.Known {
			t.Errorf("a ratio without its denominator: %+v", got)
		}
	})
}

func TestCumulativeFiguresNeverFall(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		at := func(p string, n int64) measure.Figure {
			f := figure("done", 102, n)
			f.Period = p
			return f
		}
		mustPublish(t, s, m, at("2024", 10), at("2026", 20), at("2025Q1", 3))
		for _, bad := range []measure.Figure{at("2025", 9), at("2025", 21), at("2027", 19), at("2023",
			11)} {
			if err := publish(t, s, m, bad); !fault.HasKey(err, "measure.fell") {
				t.Errorf("%s with %d: %v", bad.Period, bad.Numerator, err)
			}
		}
		mustPublish(t, s, m, at("2025", 15), at("2025", 16))
	})
}

func TestSumsThatDoNotFitAreRefused(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		mustPublish(t, s, m, figure("used", 102, math.MaxInt64), figure("used", 103, 1))
		if _, err := m.RollUp(t.Context(), line{-1, 0, 0}, "used", year); !fault.HasKey(err,
			"measure.overflow") {
			t.Errorf("an overflow: %v", err)
		}
		if got := value(t, s, m, "used", 101); got.Known {
			t.Errorf("something was saved: %+v", got)
		}
	})
}

func TestWhatIsNoFigureIsRefused(t *testing.T) {
	s := storetest.SQLite(t, []store.Part{measure.Part()})
	m := service(t, s)
	for name, change := range map[string]func(*measure.Figure){
		"unknown": func(f *measure.Figure) { f.Measure = "nothing" },
		"ratio":   func(f *measure.Figure) { f.Measure = "share" },
		"period":  func(f *measure.Figure) { f.Period = "2025-13" },
		"nowhere": func(f *measure.Figure) { f.Place = 0 },
		"covers":  func(f *measure.Figure) { f.Covered = 2 },
		"parts":   func(f *measure.Figure) { f.Denominator = 3 },
		"mean":    func(f *measure.Figure) { f.Measure = "mean" },
	} {
		f := figure("used", 102, 1)
		change(&f)
		if err := publish(t, s, m, f); err == nil {
			t.Errorf("%s was published", name)
		}
	}
	f := figure("mean", 102, 7)
	f.Denominator = 2
	mustPublish(t, s, m, f)
	if got := value(t, s, m, "mean", 102); got.Text() != "3.5" {
		t.Errorf("7 of 2 are %s", got.Text())
	}
}

func TestDefinitionsAreWhole(t *testing.T) {
	for name, change := range map[string]func(*measure.Definition){
		"no English":      func(d *measure.Definition) { d.Title.English = "" },
		"half a unit":     func(d *measure.Definition) { d.Unit.Chinese = "亩" },
		"no nature":       func(d *measure.Definition) { d.Nature = "" },
		"no direction":    func(d *measure.Definition) { d.Direction = "up" },
		"no rule":         func(d *measure.Definition) { d.Missing = "" },
		"no basis":        func(d *measure.Definition) { d.Basis = "" },
		"half a ratio":    func(d *measure.Definition) { d.Numerator = "used" },
		"ratio of ratios": func(d *measure.Definition) { d.Numerator, d.Denominator = "share", "used" },
		"of nothing":      func(d *measure.Definition) { d.Numerator, d.Denominator = "used", "nothing" },
		"known key":       func(d *measure.Definition) { d.Key = "used" },
		"decimals":        func(d *measure.Definition) { d.Decimals = 9 },
	} {
		if _, err := measure.New(nil, append(slices.Clone(catalogue), definition("new",
			change))...); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestOverTime(t *testing.T) {
	months := []measure.Sum{{Numerator: 3, Covered: 1, Expected: 1}, {Numerator: 4, Covered: 0,
		Expected: 1}}
	for nature, want := range map[measure.Nature]measure.Sum{
		measure.Flow:       {Numerator: 7, Covered: 1, Expected: 2},
		measure.Stock:      {Numerator: 4, Covered: 0, Expected: 1},
		measure.Cumulative: {Numerator: 4, Covered: 0, Expected: 1}} {
		if got, err := measure.OverTime(nature, months); got != want || err != nil {
			t.Errorf("%s: %+v, %v", nature, got, err)
		}
	}
}

func TestChanges(t *testing.T) {
	amount := func(n int64) measure.Value {
		return measure.Value{Definition: definition("a", nil), Known: true, Amount: n}
	}
	less := amount(80)
	less.Definition.Direction = measure.Less
	for _, c := range []struct {
		now, before measure.Value
		want        string
		better      int
	}{
		{amount(110), amount(100), "100 1 true", 1}, {amount(90), amount(100), "-100 1 true", -1},
		{less, amount(100), "-200 1 true", 1}, {amount(5), amount(0), "0 0 false", 1},
		{amount(5), measure.Value{}, "0 0 false", 0}, {amount(-5), amount(-10), "500 1 true", 1},
	} {
		n, places, known := c.now.Change(c.before)
		if got := fmt.Sprint(n, places, known); got != c.want || c.now.Better(c.before) != c.better {
			t.Errorf("%d after %d: %s, %d", c.now.Amount, c.before.Amount, got, c.now.Better(c.before))
		}
	}
}

// TestManyPlacesAtOnce reads more places than one statement asks for.
func TestManyPlacesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		want := map[int64]int64{}
		for place := int64(101); place < 231; place++ {
			want[place] = place * 3
			mustPublish(t, s, m, figure("used", place, place*3))
		}
		table, err := store.Read(t.Context(), s, func(v *store.View) (measure.Table, error) {
			return m.Read(v, measure.Ask{Measures: []string{"used"},
				Places:  slices.Collect(maps.Keys(want)),
				Periods: []period.Period{year}})
		})
		if err != nil {
			t.Fatal(err)
		}
		for place, n := range want {
			if got := table.Value("used", place, year); got.Amount != n {
				t.Errorf("place %d: %d, want %d", place, got.Amount, n)
			}
		}
	})
}

func TestSeriesEndsAtItsPeriodAndKnowsTheYearBefore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, m *measure.Service) {
		for quarter, n := range map[string]int64{"2024Q3": 3, "2025Q1": 10, "2025Q3": 12} {
			f := figure("used", 102, n)
			f.Period = quarter
			mustPublish(t, s, m, f)
		}
		last, err := period.Parse("2025Q3")
		if err != nil {
			t.Fatal(err)
		}
		series, err := store.Read(t.Context(), s, func(v *store.View) (measure.Series, error) {
			return m.Series(v, "used", 102, last, 3)
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range series.Values {
			got = append(got, v.Period.String()+"="+v.Text())
		}
		if want := "[2025Q1=10 2025Q2=– 2025Q3=12]"; fmt.Sprint(got) != want {
			t.Errorf("%v, want %s", got, want)
		}
		if series.YearAgo == nil || series.YearAgo.Amount != 3 ||
			series.YearAgo.Period.String() != "2024Q3" {
			t.Errorf("the year before: %+v", series.YearAgo)
		}
	})
}

// TestOwnFiguresAddUpOnAnotherTree: sums are those of the tree that is asked, not of the totals that were
// saved, and what lies outside the tree is in none; a gap below a place makes a void figure unknown.
func TestOwnFiguresAddUpOnAnotherTree(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, service *measure.Service) {
		year := period.OfYear(2025)
		publish := func(place, numerator, covered int64) {
			t.Helper()
			err := s.Maintain(t.Context(), func(tx *store.Tx) error {
				return service.Publish(tx, measure.Figure{Home: 1, Measure: "whole", Place: place,
					Period: "2025", Numerator: numerator, Covered: covered, Expected: 1, Source: "x"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		publish(12, 5, 1)
		publish(13, 7, 1)
		publish(14, 0, 0)
		publish(99, 1000, 1) // lies outside
		// 10 is the city, 11 and 15 counties; in the first tree 14 belongs to 15, in the second to 11.
		apart := forest{places: []int64{10, 11, 12, 13, 15, 14}, parents: []int{-1, 0, 1, 1, 0, 4}}
		joined := forest{places: []int64{10, 11, 12, 13, 14, 15}, parents: []int{-1, 0, 1, 1, 1, 0}}
		for _, one := range []struct {
			tree  forest
			place int64
			known bool
			want  measure.Sum
		}{
			{apart, 11, true, measure.Sum{Numerator: 12, Covered: 2, Expected: 2}},
			{apart, 15, false, measure.Sum{Expected: 1}},
			{apart, 10, false, measure.Sum{Numerator: 12, Covered: 2, Expected: 3}},
			{joined, 11, false, measure.Sum{Numerator: 12, Covered: 2, Expected: 3}},
			{joined, 15, false, measure.Sum{}},
			{joined, 99, false, measure.Sum{}},
		} {
			table, err := store.Read(t.Context(), s, func(v *store.View) (measure.Table, error) {
				return service.AddUpOwn(v, one.tree, measure.Ask{Measures: []string{"whole"},
					Places: []int64{10, 11, 15, 99}, Periods: []period.Period{year}})
			})
			if err != nil {
				t.Fatal(err)
			}
			v := table.Value("whole", one.place, year)
			if v.Known != one.known || v.Sum != one.want || one.known && v.At == 0 {
				t.Errorf("%d of %v is %+v", one.place, one.tree.places, v)
			}
		}
		reported, err := store.Read(t.Context(), s, func(v *store.View) ([]period.Period, error) {
			return service.Reported(v, "whole")
		})
		if err != nil || len(reported) != 1 || reported[0] != year {
			t.Errorf("%v, %v", reported, err)
		}
	})
}

// forest is a tree of places written out.
type forest struct {
	places  []int64
	parents []int
}

func (f forest) Len() int          { return len(f.places) }
func (f forest) Place(n int) int64 { return f.places[n] }
func (f forest) Parent(n int) int  { return f.parents[n] }
func (f forest) Home(int) int64    { return 1 }
