package restate_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestThreeVillagesMerge is lesson 1 and the example of the package comment.
func TestThreeVillagesMerge(t *testing.T) {
	merge := []restate.Act{{ID: 1, On: "2025-03-01", Parts: []restate.Part{{1, 4, restate.All,
		restate.Whole},
		{2, 4, restate.All, restate.Whole}, {3, 4, restate.All, restate.Whole}}}}
	lastYear := map[int64][]int64{1: {30}, 2: {12}, 3: {5}}
	published, _ := restate.Map(merge, "2024-12-31", "2024-12-31", "area", lastYear)
	if !equal(published, lastYear) {
		t.Errorf("as published: %v", published)
	}
	restated, gaps := restate.Map(merge, "2024-12-31", "2025-12-31", "area", lastYear)
	if !equal(restated, map[int64][]int64{4: {47}}) || gaps != nil {
		t.Errorf("restated: %v, gaps %v", restated, gaps)
	}
	if !equal(lastYear, map[int64][]int64{1: {30}, 2: {12}, 3: {5}}) {
		t.Error("what was published has been changed")
	}
}

func equal(a, b map[int64][]int64) bool {
	return maps.EqualFunc(a, b, func(x, y []int64) bool { return slices.Equal(x, y) })
}

// TestASplitByTheBasisAskedFor: area and population divide differently; without parts on the basis
// nothing is divided, and that is told.
func TestASplitByTheBasisAskedFor(t *testing.T) {
	split := []restate.Act{{ID: 7, On: "2025-03-01", Parts: []restate.Part{{1, 1, "area", 2500},
		{1, 2, "area", 7500}, {1, 1, "population", 5000}, {1, 2, "population", 5000}}}}
	for basis, want := range map[string]map[int64][]int64{
		"area":       {1: {3, -3}, 2: {7, -7}}, // 2.5 and 7.5: the earlier share takes the rest
		"population": {1: {5, -5}, 2: {5, -5}},
		"households": {1: {10, -10}},
	} {
		got, gaps := restate.Map(split, "2024-12-31", "2025-12-31", basis, map[int64][]int64{1: {10, -10}})
		if !equal(got, want) || (gaps != nil) != (basis == "households") {
			t.Errorf("%s: %v, gaps %v", basis, got, gaps)
		}
	}
}

// TestPartsChangePlacesAtOnce: when two places exchange parts, nothing makes the round trip.
func TestPartsChangePlacesAtOnce(t *testing.T) {
	exchange := []restate.Act{{ID: 1, On: "2025-03-01", Parts: []restate.Part{{1, 2, "area", 10000},
		{2, 1, "area", 10000}}}}
	got, _ := restate.Map(exchange, "2025-01-01", "2026-01-01", "area", map[int64][]int64{1: {7}, 2: {9}})
	if !equal(got, map[int64][]int64{1: {9}, 2: {7}}) {
		t.Errorf("%v", got)
	}
}

var days = []period.Date{"2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"}

// drawShares divides a whole into a few shares. Drawing one share after the other until nothing is
// left draws thousands of tiny ones and never ends.
func drawShares(t *rapid.T) []int32 {
	weights := rapid.SliceOfN(rapid.SampledFrom([]int32{1, 2, 3, 7, 50, 5000}), 1, 6).Draw(t, "weights")
	sum, left := int32(0), restate.Whole
	for _, w := range weights {
		sum += w
	}
	shares := make([]int32, len(weights))
	for i, w := range weights {
		shares[i] = restate.Whole * w / sum
		left -= shares[i]
	}
	shares[len(shares)-1] += left
	return shares
}

func drawActs(t *rapid.T) []restate.Act {
	var acts []restate.Act
	for i := range rapid.IntRange(0, 6).Draw(t, "acts") {
		a := restate.Act{ID: int64(i), On: rapid.SampledFrom(days).Draw(t, "on")}
		for from := int64(1); from <= 4; from++ {
			if !rapid.Bool().Draw(t, "passes") {
				continue
			}
			for _, share := range drawShares(t) {
				a.Parts = append(a.Parts, restate.Part{From: from,
					To: rapid.Int64Range(1, 6).Draw(t, "to"), Basis: "area", Share: share})
			}
		}
		acts = append(acts, a)
	}
	return acts
}

// TestSumsAreKeptAndStepsAdd: no figure is lost or made, and going through a day between changes
// nothing.
func TestSumsAreKeptAndStepsAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		figures := map[int64][]int64{}
		for place := range int64(5) {
			figures[place+1] = []int64{rapid.Int64Range(-1e6, 1e6).Draw(t, "a"),
				rapid.Int64Range(0, 3).Draw(t, "b")}
		}
		between := rapid.SampledFrom(days).Draw(t, "between")
		direct, _ := restate.Map(acts, "2019-12-31", "2024-01-01", "area", figures)
		first, _ := restate.Map(acts, "2019-12-31", between, "area", figures)
		second, _ := restate.Map(acts, between, "2024-01-01", "area", first)
		if !equal(direct, second) {
			t.Fatalf("direct %v, in steps %v", direct, second)
		}
		for f := range 2 {
			before, after := int64(0), int64(0)
			for _, row := range figures {
				before += row[f]
			}
			for _, row := range direct {
				after += row[f]
			}
			if before != after {
				t.Fatalf("figure %d: %d became %d", f, before, after)
			}
		}
	})
}

func TestDivideIsExactAtTheEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, 0,
			1, -1})).Draw(t, "n")
		shares := drawShares(t)
		sum := int64(0)
		for i, piece := range restate.Divide(n, shares) {
			sum += piece
			exact := float64(n) * float64(shares[i]) / float64(restate.Whole)
			if math.Abs(float64(piece)-exact) > 1+math.Abs(exact)*1e-9 {
				t.Fatalf("%d of %d: %d, exactly %f", shares[i], n, piece, exact)
			}
		}
		if sum != n {
			t.Fatalf("%v of %d sum to %d", shares, n, sum)
		}
	})
}
