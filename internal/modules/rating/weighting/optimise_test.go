package weighting_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// scattered is a frame whose columns hang together by a common part.
func scattered(n, m int, seed uint64) frame.Frame {
	f := frame.Sized(make([]string, n), make([]string, m))
	s := statistic.NewStream(seed, 1)
	for c := range m {
		f.Columns[c] = fmt.Sprint("x", c)
		for a := range n {
			f.Values[c][a] = float64(c+1) * (s.Normal(uint64(a)) + s.Normal(uint64(1000*(c+1)+a)))
		}
	}
	return f
}

// TestBalanceIsReached: of columns that all correlate, any moderate targets can be met exactly, each by
// its own column, whatever the order of columns.
func TestBalanceIsReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := scattered(40, 4, rapid.Uint64().Draw(t, "seed"))
		targets := map[string]float64{}
		for _, code := range f.Columns {
			targets[code] = rapid.Float64Range(.9, 1.2).Draw(t, "target")
		}
		o, err := weighting.Optimise(weighting.Problem{Elements: f, Aim: weighting.AimBalance,
			Targets: targets})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, w := range o.Values {
			sum += w
			if w < 0 {
				t.Fatalf("a negative weight in %v", o.Values)
			}
			if o.Objective < -40 && math.Abs(o.Shares[i]-o.Targets[i]) > 1e-8 {
				t.Fatalf("shares %v for targets %v", o.Shares, o.Targets)
			}
		}
		equal := weighting.Weights{Columns: f.Columns, Values: []float64{.25, .25, .25, .25}}
		if math.Abs(sum-1) > 1e-12 || o.Objective > objective(f, equal.Values, o.Targets)+1e-9 {
			t.Fatalf("weights %v sum to %v, objective %v", o.Values, sum, o.Objective)
		}
		turned, err := f.Select([]string{"x2", "x0", "x3", "x1"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := weighting.Optimise(weighting.Problem{Elements: turned, Aim: weighting.AimBalance,
			Targets: targets})
		if err != nil || math.Abs(p.Objective-o.Objective) > 1e-4*math.Abs(o.Objective) &&
			(p.Objective > -40 || o.Objective > -40) {
			t.Fatalf("in another order the objective is %v, not %v (%v)", p.Objective, o.Objective, err)
		}
		if o.Objective < -40 && math.Abs(p.Values[1]-o.Values[0]) > 1e-6 {
			t.Fatalf("weights %v, in another order %v", o.Values, p.Values)
		}
	})
}

// objective is the naive count of ln mean (t−s)².
func objective(f frame.Frame, w, targets []float64) float64 {
	index := make([]float64, len(f.Areas))
	for c, column := range f.Values {
		for a, x := range column {
			index[a] += w[c] * x
		}
	}
	var r []float64
	sum, miss := 0.0, 0.0
	for _, column := range f.Values {
		r = append(r, statistic.Pearson(column, index))
		sum += r[len(r)-1]
	}
	for i := range r {
		miss += (targets[i] - r[i]/sum) * (targets[i] - r[i]/sum) / float64(len(r))
	}
	return math.Log(miss)
}

// TestInfomaxHasItsKnownAnswer: the sum of correlations with a weighted sum is greatest for w ∝ 1/σ.
func TestInfomaxHasItsKnownAnswer(t *testing.T) {
	f := scattered(60, 5, 9)
	o, err := weighting.Optimise(weighting.Problem{Elements: f, Aim: weighting.AimInfomax})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, column := range f.Values {
		sum += 1 / statistic.Deviation(column)
	}
	for c, column := range f.Values {
		if want := 1 / statistic.Deviation(column) / sum; math.Abs(o.Values[c]-want) > 1e-4 {
			t.Errorf("weights %v: of %s %v, want %v", o.Values, f.Columns[c], o.Values[c], want)
		}
	}
}

func TestOptimiseRefuses(t *testing.T) {
	f := scattered(10, 3, 1)
	broken := errors.New("no index")
	flat := f.Clone()
	clear(flat.Values[1])
	for name, c := range map[string]struct {
		p   weighting.Problem
		key string
		arg any
	}{
		"aim": {weighting.Problem{Elements: f}, "rating.optimise_aim", ""},
		"unknown target": {weighting.Problem{Elements: f, Aim: "balance",
			Targets: map[string]float64{"q": 1}}, "rating.optimise_target", "q"},
		"lacking target": {weighting.Problem{Elements: f, Aim: "balance",
			Targets: map[string]float64{"x0": 1, "x2": 1}},
			"rating.optimise_target", "x1"},
		"constant": {weighting.Problem{Elements: flat, Aim: "balance"}, "rating.weighting_constant", "x1"},
		"constant index": {weighting.Problem{Elements: f, Aim: "infomax", Index: func([]float64) ([]float64,
			error) {
			return make([]float64, 10), nil
		}}, "rating.optimise_undefined", 3},
	} {
		_, err := weighting.Optimise(c.p)
		if g := fault.Of(err); g == nil || g.Key != c.key || g.Args[0] != c.arg {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := weighting.Optimise(weighting.Problem{Elements: f, Aim: "balance",
		Index: func([]float64) ([]float64, error) { return nil, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("an index that fails: %v", err)
	}
}
