package linear_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/linear"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func row(sense linear.Sense, bound float64, coefficients ...float64) linear.Constraint {
	return linear.Constraint{Coefficients: coefficients, Sense: sense, Bound: bound}
}

func ExampleMaximise() {
	s, _ := linear.Maximise([]float64{3, 5}, []linear.Constraint{row(linear.AtMost, 4, 1, 0),
		row(linear.AtMost, 12, 0, 2), row(linear.AtMost, 18, 3, 2)})
	fmt.Println(s.X, s.Objective)
	// Output: [2 6] 36
}

func TestRefusals(t *testing.T) {
	for key, constraints := range map[string][]linear.Constraint{
		"rating.linear_infeasible": {row(linear.AtMost, 1, 1, 1), row(linear.AtLeast, 2, 1, 1)},
		"rating.linear_unbounded":  {row(linear.AtLeast, 1, 1, 1)},
		"rating.linear_shape":      {row(linear.AtMost, 1, 1)},
	} {
		if _, err := linear.Maximise([]float64{1, 1}, constraints); !fault.HasKey(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// TestDegenerateProgrammesEnd: Beale's programme circles without a rule against it.
func TestDegenerateProgrammesEnd(t *testing.T) {
	s, err := linear.Minimise([]float64{-.75, 150, -.02, 6}, []linear.Constraint{
		row(linear.AtMost, 0, .25, -60, -.04, 9), row(linear.AtMost, 0, .5, -90, -.02, 3),
		row(linear.AtMost, 1, 0, 0, 1, 0)})
	if err != nil || math.Abs(s.Objective+.05) > 1e-12 {
		t.Errorf("%v %v", s, err)
	}
	// Two equal equations: one row says nothing after the first phase.
	s, err = linear.Maximise([]float64{1, 2}, []linear.Constraint{row(linear.Equal, 1, 1, 1),
		row(linear.Equal, 2, 2, 2)})
	if err != nil || math.Abs(s.Objective-2) > 1e-12 {
		t.Errorf("%v %v", s, err)
	}
}

// corners is the naive answer: every corner of the polyhedron, by solving every choice of active constraints.
func corners(objective []float64, constraints []linear.Constraint) (best float64, found bool) {
	n := len(objective)
	all := append([]linear.Constraint(nil), constraints...)
	for j := range n {
		unit := make([]float64, n)
		unit[j] = 1
		all = append(all, linear.Constraint{Coefficients: unit, Sense: linear.AtLeast})
	}
	best = math.Inf(-1)
	var choose func(from int, active []linear.Constraint)
	choose = func(from int, active []linear.Constraint) {
		if len(active) == n {
			if x := meeting(active); x != nil && holds(x, all) {
				found = true
				best = max(best, dot(objective, x))
			}
			return
		}
		for i := from; i < len(all); i++ {
			choose(i+1, append(active[:len(active):len(active)], all[i]))
		}
	}
	choose(0, nil)
	return best, found
}

func meeting(active []linear.Constraint) []float64 {
	var a [][]float64
	var b []float64
	for _, c := range active {
		a, b = append(a, c.Coefficients), append(b, c.Bound)
	}
	x, err := statistic.Solve(a, b, nil)
	if err != nil {
		return nil
	}
	return x
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func holds(x []float64, constraints []linear.Constraint) bool {
	for _, c := range constraints {
		left := dot(c.Coefficients, x)
		if c.Sense != linear.AtLeast && left > c.Bound+1e-8 || c.Sense != linear.AtMost &&
			left < c.Bound-1e-8 {
			return false
		}
	}
	for _, v := range x {
		if v < -1e-8 {
			return false
		}
	}
	return true
}

func TestAgainstEveryCorner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "n")
		whole := func(least int) float64 { return float64(rapid.IntRange(least, 6).Draw(t, "cell")) }
		objective := make([]float64, n)
		box := make([]float64, n)
		for j := range n {
			objective[j], box[j] = whole(-6), 1
		}
		constraints := []linear.Constraint{{Coefficients: box, Bound: 20}}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			c := linear.Constraint{Coefficients: make([]float64, n), Bound: whole(-6),
				Sense: linear.Sense(rapid.IntRange(0, 2).Draw(t, "sense"))}
			for j := range n {
				c.Coefficients[j] = whole(-6)
			}
			constraints = append(constraints, c)
		}
		best, found := corners(objective, constraints)
		s, err := linear.Maximise(objective, constraints)
		if (err == nil) != found {
			t.Fatalf("answer %v, %v; a corner was found: %v", s, err, found)
		}
		if found && (math.Abs(s.Objective-best) > 1e-8 || !holds(s.X, constraints)) {
			t.Fatalf("%v at %v, best corner %v", s.Objective, s.X, best)
		}
	})
}
