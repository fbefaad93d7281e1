package path_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
)

// TestGrowthAYear: mean yearly growth counted by hand, by logarithms of a table and by multiplying out.
func TestGrowthAYear(t *testing.T) {
	for _, c := range []struct{ first, last, years, growth, within float64 }{
		{100, 200, 10, .0717734625, 5e-11}, // 2^(1/10), log 2 = .30103
		{100, 121, 2, .10, 1e-15},          // 1.1² = 1.21
		{8, 1, 3, -.5, 1e-15},              // halves each year
		{50, 50, 7, 0, 0},                  //
		{1, 1.331, 3, .1, 1e-15},           // 1.1³
		{2.36, 2.30, 4, -.006417, 5e-7},    // domain/evaluation.md
		{9489.80, 15133.27, 5, .09783, 5e-6},
	} {
		k := must(path.Factor(c.first, c.last, c.years))(t)
		near(t, "growth", k-1, c.growth, c.within)
		at := c.first
		for range int(c.years) {
			at *= k
		}
		near(t, "multiplied out", at, c.last, 1e-12*c.last)
	}
	// Not the mean of the yearly growths: +50 % and −50 % leave three quarters.
	near(t, "up and down", must(path.Factor(100, 75, 2))(t), math.Sqrt(.75), 1e-15)
}

// TestGrowthOfASteadySeries: whatever grows by g every year has g as its yearly growth, over any span and in
// any unit; and two spans multiply.
func TestGrowthOfASteadySeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.Float64Range(-.3, .3).Draw(t, "g")
		first := rapid.Float64Range(.01, 1e6).Draw(t, "first")
		years := rapid.IntRange(1, 40).Draw(t, "years")
		last := first
		for range years {
			last *= 1 + g
		}
		k := must(path.Factor(first, last, float64(years)))(t)
		near(t, "growth", k-1, g, 1e-12)
		near(t, "other unit", must(path.Factor(first*1e4, last*1e4, float64(years)))(t), k, 1e-12)
		middle := rapid.Float64Range(.01, 1e6).Draw(t, "middle")
		a, b := must(path.Factor(first, middle, 3))(t), must(path.Factor(middle, last, 4))(t)
		near(t, "two spans", math.Pow(a, 3)*math.Pow(b, 4)*first, last, 1e-9*last)
	})
}

// TestTheDampedTrendCountedAgain: the forecast of six figures of Chongqing's ratio by another way of writing
// the model: y is a sum of earlier errors, and every α and β of the grid is tried from the beginning.
func TestTheDampedTrendCountedAgain(t *testing.T) {
	values := []float64{2.650, 2.593, 2.564, 2.547, 2.532, 2.507}
	s := path.Series{Years: []int{2014, 2015, 2016, 2017, 2018, 2019}, Values: values}
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	slope := (logs[2] - logs[0]) / 2               // least squares over three equally spaced figures
	start := (logs[0]+logs[1]+logs[2])/3 - 2*slope // the year before the first
	best, at := math.Inf(1), dampedWay{start: start, slope: slope}
	var errors []float64
	for a := 0; a <= 100; a += 5 {
		for b := 0; b <= a; b += 5 {
			way := dampedWay{float64(a) / 100, float64(b) / 100, start, slope}
			e := way.errors(logs)
			sum := 0.0
			for _, x := range e {
				sum += x * x
			}
			if sum < best-1e-15 {
				best, at, errors = sum, way, e
			}
		}
	}
	f := must(path.Project(s, path.Settings{Model: path.ModelDamped}, 8))(t)
	near(t, "alpha", f.Alpha, at.alpha, 1e-12)
	near(t, "beta", f.Beta, at.beta, 1e-12)
	// Student's t of two degrees: P(|T| < t) = t/√(t²+2), .8 at √(2·.64/.36).
	quantile := math.Sqrt(2 * .64 / .36)
	variance := 1.0
	for h, p := range f.Years {
		mean := at.ahead(errors, h+1)
		deviation := math.Sqrt(best / 2 * variance)
		near(t, "median", p.Median, math.Exp(mean), 1e-10)
		near(t, "low", p.Low, math.Exp(mean-quantile*deviation), 1e-8)
		near(t, "high", p.High, math.Exp(mean+quantile*deviation), 1e-8)
		w := at.weight(h + 1)
		variance += w * w
	}
}

// dampedWay is a damped trend with its weights and its beginning: the level the year before the first figure,
// and the first step.
type dampedWay struct{ alpha, beta, start, slope float64 }

// damp is .9 + .81 + … of n summands.
func damp(n int) float64 { return .9 * (1 - math.Pow(.9, float64(n))) / (1 - .9) }

// weight is what an error adds to the mean n years later.
func (w dampedWay) weight(n int) float64 { return w.alpha + w.beta*damp(n) }

// ahead is the mean n years after the last error: the beginning's own way and the weight of each error.
func (w dampedWay) ahead(errors []float64, n int) float64 {
	at := len(errors) + n
	mean := w.start + w.slope/.9*damp(at)
	for i, e := range errors {
		mean += w.weight(at-i-1) * e
	}
	return mean
}

func (w dampedWay) errors(logs []float64) (errors []float64) {
	for _, y := range logs {
		errors = append(errors, y-w.ahead(errors, 1))
	}
	return errors
}
