package weighting_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func judgement(t testing.TB, items []string, upper ...float64) weighting.Judgement {
	t.Helper()
	j, err := weighting.JudgementOf(items, upper)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestVectorOfHierarchy(t *testing.T) {
	j := judgement(t, []string{"a", "b", "c"}, 3, 5, 2)
	for table, want := range map[weighting.Table]float64{weighting.TableSaaty: .003185,
		weighting.TableSampled: .003552,
		weighting.TablePymcdm:  .003185} {
		p, err := weighting.PrioritiesOf(j, weighting.Eigenvector, table)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(p.Ratio-want) > 2e-6 || math.Abs(p.Index-.001847) > 5e-7 {
			t.Errorf("%s: CI %v, CR %v, want %v", table, p.Index, p.Ratio, want)
		}
	}
	// Row products 15, 2/3, 1/10; their cube roots 2.466212 .873580 .464159 sum to 3.803951.
	g, err := weighting.PrioritiesOf(j, weighting.GeometricMean, weighting.TableSaaty)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "geometric", g.Values, []float64{.648329, .229651, .122020})
	// Columns sum to 23/15, 4.5, 8.
	c, err := weighting.PrioritiesOf(j, weighting.ColumnMean, weighting.TableSaaty)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "column mean", c.Values, []float64{(15./23 + 3/4.5 + 5./8) / 3, (5./23 + 1/4.5 + 2./8) / 3,
		(3./23 + .5/4.5 + 1./8) / 3})
}

func TestBadJudgementsAreRefusedByPair(t *testing.T) {
	j := judgement(t, []string{"a", "b", "c"}, 3, 5, 2)
	j.Matrix[2][1] = 2
	_, err := weighting.PrioritiesOf(j, weighting.Eigenvector, weighting.TableSaaty)
	if f := fault.Of(err); f == nil || f.Key != "rating.ahp_reciprocal" || f.Args[0] != "b" ||
		f.Args[1] != "c" {
		t.Errorf("not reciprocal: %v", err)
	}
	for _, x := range []float64{0, -2, math.NaN(), math.Inf(1)} {
		if _, err := weighting.JudgementOf([]string{"a", "b"}, []float64{x}); !fault.HasKey(err,
			"rating.ahp_reciprocal") {
			t.Errorf("%v: %v", x, err)
		}
	}
	good := judgement(t, []string{"a", "b", "c"}, 3, 5, 2)
	if _, err := weighting.PrioritiesOf(good, "mode", weighting.TableSaaty); !fault.HasKey(err,
		"rating.ahp_derivation") {
		t.Errorf("derivation: %v", err)
	}
	if _, err := weighting.PrioritiesOf(good, weighting.Eigenvector, "mine"); !fault.HasKey(err,
		"rating.ahp_table") {
		t.Errorf("table: %v", err)
	}
}

// TestDoubtFindsTheSlip: weights 4:2:1:1 with one comparison turned round.
func TestDoubtFindsTheSlip(t *testing.T) {
	items := []string{"a", "b", "c", "d"}
	whole := judgement(t, items, 2, 4, 4, 2, 2, 1)
	if _, found, err := weighting.MostDoubtful(whole, weighting.TableSaaty); found || err != nil {
		t.Errorf("a doubt in a consistent matrix (%v)", err)
	}
	slip := judgement(t, items, 2, .25, 4, 2, 2, 1)
	p, err := weighting.PrioritiesOf(slip, weighting.Eigenvector, weighting.TableSaaty)
	if err != nil || p.Consistent {
		t.Errorf("CR %v passes (%v)", p.Ratio, err)
	}
	d, found, err := weighting.MostDoubtful(slip, weighting.TableSaaty)
	if err != nil || !found || d.First != "a" || d.Second != "c" || d.Given != .25 || d.Suggested != 4 ||
		d.RatioAfter > 1e-12 {
		t.Errorf("%+v %v %v", d, found, err)
	}
}

func TestGroups(t *testing.T) {
	items := []string{"a", "b", "c"}
	one, two := judgement(t, items, 2, 8, 4), judgement(t, items, 8, 8, 1)
	pooled, err := weighting.PooledJudgement([]weighting.Judgement{one, two}, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "cells", []float64{pooled.Matrix[0][1], pooled.Matrix[0][2], pooled.Matrix[1][2],
		pooled.Matrix[2][1]},
		[]float64{4, 8, 2, .5})
	alone, err := weighting.PooledJudgement([]weighting.Judgement{one, two}, []float64{0, 3})
	if err != nil || math.Abs(alone.Matrix[0][1]-8) > 1e-12 {
		t.Errorf("one voice: %v, %v", alone, err)
	}
	// Both are consistent, so pooling judgements and pooling priorities geometrically are the same.
	var sets []weighting.Weights
	for _, j := range []weighting.Judgement{one, two, pooled} {
		p, err := weighting.PrioritiesOf(j, weighting.Eigenvector, weighting.TableSaaty)
		if err != nil || p.Ratio > 1e-12 {
			t.Fatalf("%+v %v", p, err)
		}
		sets = append(sets, p.Weights)
	}
	w, err := weighting.PooledPriorities(sets[:2], nil, weighting.MeanGeometric)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "pooled", w.Values, sets[2].Values)
	w, err = weighting.PooledPriorities(sets[:2], []float64{1, 3}, weighting.MeanArithmetic)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "arithmetic", w.Values[:1], []float64{sets[0].Values[0]/4 + sets[1].Values[0]*3/4})
	other := judgement(t, []string{"a", "b", "d"}, 1, 1, 1)
	if _, err := weighting.PooledJudgement([]weighting.Judgement{one, other}, nil); !fault.HasKey(err,
		"rating.ahp_items") {
		t.Errorf("other items: %v", err)
	}
	if _, err := weighting.PooledJudgement([]weighting.Judgement{one}, []float64{-1}); !fault.HasKey(err,
		"rating.ahp_voices") {
		t.Errorf("a negative voice: %v", err)
	}
}

// TestConsistentMatricesGiveTheirWeightsBack: invariant 6.
func TestConsistentMatricesGiveTheirWeightsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "n")
		w, sum := rapid.SliceOfN(rapid.Float64Range(.1, 10), n, n).Draw(t, "w"), 0.0
		j := weighting.Judgement{Matrix: make([][]float64, n)}
		for i := range n {
			j.Items = append(j.Items, fmt.Sprint(i))
			sum += w[i]
			for k := range n {
				j.Matrix[i] = append(j.Matrix[i], w[i]/w[k])
			}
		}
		for _, d := range []weighting.Derivation{weighting.Eigenvector, weighting.GeometricMean,
			weighting.ColumnMean} {
			p, err := weighting.PrioritiesOf(j, d, weighting.TableSaaty)
			if err != nil {
				t.Fatal(err)
			}
			for i := range w {
				if math.Abs(p.Values[i]-w[i]/sum) > 1e-12 || p.Ratio > 1e-10 {
					t.Fatalf("%s: %v of %v, CR %v", d, p.Values, w, p.Ratio)
				}
			}
		}
	})
}

// TestPrioritiesAreAnEigenvector of any reciprocal matrix, and λ is at least n.
func TestPrioritiesAreAnEigenvector(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "n")
		items, upper := make([]string, n), make([]float64, 0, n*n)
		for i := range items {
			items[i] = fmt.Sprint(i)
		}
		for range n * (n - 1) / 2 {
			x := float64(rapid.IntRange(1, 9).Draw(t, "a"))
			if rapid.Bool().Draw(t, "less") {
				x = 1 / x
			}
			upper = append(upper, x)
		}
		j, err := weighting.JudgementOf(items, upper)
		if err != nil {
			t.Fatal(err)
		}
		p, err := weighting.PrioritiesOf(j, weighting.Eigenvector, weighting.TableSaaty)
		if err != nil || p.Lambda < float64(n)-1e-12 {
			t.Fatalf("λ %v of %d (%v)", p.Lambda, n, err)
		}
		for i, row := range j.Matrix {
			sum := 0.0
			for k, a := range row {
				sum += a * p.Values[k]
			}
			if math.Abs(sum-p.Lambda*p.Values[i]) > 1e-11*p.Lambda {
				t.Fatalf("row %d: %v, λw %v", i, sum, p.Lambda*p.Values[i])
			}
		}
	})
}

// TestBestWorst: a consistent set of comparisons 4:8:2:4:1, and Rezaei's way with an inconsistent one.
func TestBestWorst(t *testing.T) {
	b := weighting.BestWorst{Items: []string{"quality", "price", "comfort", "safety", "style"}, Best: 1,
		Worst:    4,
		ToOthers: []float64{2, 1, 4, 2, 8}, ToWorst: []float64{4, 8, 2, 4, 1}}
	c, err := b.Weigh()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "weights", c.Values, []float64{4. / 19, 8. / 19, 2. / 19, 4. / 19, 1. / 19})
	if c.Xi > 1e-12 || c.Ratio != 0 || c.Least != "" {
		t.Errorf("ξ %v, ratio %v of %s in a consistent set", c.Xi, c.Ratio, c.Least)
	}
	// best = first: 2 to second, 8 to third; second is 5 times the third: 2·5 − 8 over 8² − 8.
	b = weighting.BestWorst{Items: []string{"a", "b", "c"}, Best: 0, Worst: 2, ToOthers: []float64{1, 2, 8},
		ToWorst: []float64{8, 5, 1}}
	if c, err = b.Weigh(); err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Ratio-2./56) > 1e-15 || c.Least != "b" {
		t.Errorf("ratio %v of %s", c.Ratio, c.Least)
	}
	if c.Limit != .1309 {
		t.Errorf("limit %v of three items and a span of 8", c.Limit)
	}
	// Every weight on a grid: none disagrees less than ξ.
	least := math.Inf(1)
	const steps = 800
	for i := range steps {
		for k := range steps - i {
			x, y := float64(i)/steps, float64(k)/steps
			z := 1 - x - y
			least = min(least, max(math.Abs(x-2*y), math.Abs(x-8*z), math.Abs(y-5*z)))
		}
	}
	if c.Xi > least+1e-12 || c.Xi < least-.01 {
		t.Errorf("ξ %v, by the grid %v", c.Xi, least)
	}
	reached := max(math.Abs(c.Values[0]-2*c.Values[1]), math.Abs(c.Values[0]-8*c.Values[2]),
		math.Abs(c.Values[1]-5*c.Values[2]))
	if math.Abs(reached-c.Xi) > 1e-12 {
		t.Errorf("the weights disagree by %v, not ξ %v", reached, c.Xi)
	}
	b.ToOthers[1] = 12
	_, err = b.Weigh()
	if f := fault.Of(err); f == nil || f.Key != "rating.bestworst_scale" || f.Args[0] != "b" {
		t.Errorf("outside the scale: %v", err)
	}
	b.ToOthers[1], b.ToWorst[0] = 2, 7
	if _, err = b.Weigh(); !fault.HasKey(err, "rating.bestworst_ends") {
		t.Errorf("ends that disagree: %v", err)
	}
}

// TestLimitsOfBestWorst: between two spans the lower limit holds, beyond nine items that of nine, and with a
// span of 2 nothing may disagree.
func TestLimitsOfBestWorst(t *testing.T) {
	for _, of := range []struct {
		items       int
		span, limit float64
	}{{3, 3, .1667}, {4, 7, .2457}, {9, 9, .3662}, {12, 9, .3662}, {5, 4.5, .1898}, {5, 8.5, .2958}, {4, 2,
		0},
		{2, 9, 0}, {4, 1, 0}} {
		b := weighting.BestWorst{Items: make([]string, of.items), Best: 0, Worst: of.items - 1}
		for i := range b.Items {
			b.Items[i] = string(rune('a' + i))
			b.ToOthers, b.ToWorst = append(b.ToOthers, of.span), append(b.ToWorst, 1)
		}
		b.ToOthers[0], b.ToWorst[0] = 1, of.span
		c, err := b.Weigh()
		if err != nil || c.Limit != of.limit || c.Ratio != 0 {
			t.Errorf("%d items, span %v: %v %v, want %v", of.items, of.span, c.Limit, err, of.limit)
		}
	}
}
