package disparity

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Measures are the measures of one distribution.
type Measures struct {
	Areas         int
	Mean          float64 // weighted by people
	TheilT        float64 // Σ v r ln r, 0 to ln(people ÷ the least share)
	TheilL        float64 // Σ v ln(1/r), the mean logarithmic deviation; +Inf with a zero
	Entropy2      float64 // GE(2) = Σ v (r²−1) / 2
	Hoover        float64 // Σ v |r−1| / 2, the share that would have to move
	Gini          float64 // ΣΣ v v' |r−r'| / 2
	GiniCorrected float64 // Gini · n/(n−1) where every area counts one; NaN with weights or for one area
	Variation     float64 // coefficient of variation, dividing by n (by people)
	VariationN1   float64 // the same with n−1 where every area counts one; NaN with weights or for one area
	Least, Most   float64 // extreme figures
}

// Measure computes all measures of a distribution. Units do not matter; the order of areas moves only the
// last bits.
func Measure(d Distribution) (Measures, error) {
	r, err := d.read()
	if err != nil {
		return Measures{}, err
	}
	m := Measures{Areas: len(d.Areas), Mean: r.mean, GiniCorrected: math.NaN(), VariationN1: math.NaN(),
		Least: math.Inf(1), Most: math.Inf(-1)}
	squares := 0.0
	for i, x := range r.ratio {
		v := r.share[i]
		m.TheilT += v * xlogx(x)
		m.Hoover += v * math.Abs(x-1) / 2
		squares += v * (x - 1) * (x - 1)
		m.Least, m.Most = min(m.Least, d.Values[i]), max(m.Most, d.Values[i])
	}
	// Rounding leaves −1e-17 where all are equal.
	m.TheilT, m.TheilL = max(m.TheilT, 0), max(r.theilL(), 0)
	m.Entropy2 = squares / 2 // Σ v (r²−1) is Σ v (r−1)², without the loss of digits
	m.Variation = math.Sqrt(squares)
	m.Gini = giniOf(r)
	if n := float64(len(d.Areas)); d.Weights == nil && n > 1 {
		m.GiniCorrected = m.Gini * n / (n - 1)
		m.VariationN1 = math.Sqrt(squares * n / (n - 1))
	}
	return m, nil
}

// xlogx is x ln x, 0 at 0.
func xlogx(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(x)
}

// theilL is Σ v ln(1/r). An area without people does not count, whatever its figure.
func (r read) theilL() float64 {
	sum := 0.0
	for i, x := range r.ratio {
		if r.share[i] > 0 {
			sum -= r.share[i] * math.Log(x)
		}
	}
	return sum
}

// TheilT is Theil's T: Σ v r ln r with 0·ln 0 = 0.
func TheilT(d Distribution) (float64, error) {
	m, err := Measure(d)
	return m.TheilT, err
}

// TheilL is Theil's L, the mean logarithmic deviation: Σ v ln(1/r). It is +Inf where a figure is 0.
func TheilL(d Distribution) (float64, error) {
	m, err := Measure(d)
	return m.TheilL, err
}

// Gini is ΣΣ v v' |r−r'| / 2, without correction for few areas, in n log n.
func Gini(d Distribution) (float64, error) {
	m, err := Measure(d)
	return m.Gini, err
}

// Atkinson is Atkinson's measure for an aversion ε > 0: the share of the mean that equality would be worth.
// With ε = 1 it is 1 − geometric mean ÷ mean; with a zero and ε ≥ 1 it is 1.
func Atkinson(d Distribution, aversion float64) (float64, error) {
	if !(aversion > 0) || math.IsInf(aversion, 0) {
		return 0, fault.New(fault.Invalid, "rating.disparity_aversion", aversion)
	}
	r, err := d.read()
	if err != nil {
		return 0, err
	}
	if r.zero >= 0 && aversion >= 1 {
		return 1, nil
	}
	if aversion == 1 {
		return 1 - math.Exp(-r.theilL()), nil
	}
	sum := 0.0
	for i, x := range r.ratio {
		if r.share[i] > 0 {
			sum += r.share[i] * math.Pow(x, 1-aversion)
		}
	}
	return 1 - math.Pow(sum, 1/(1-aversion)), nil
}

// Side is one side of an urban-rural comparison: people and their income a head.
type Side struct{ People, Income float64 }

// UrbanRural is the urban-rural Theil of a place: Σ over both sides of income share × ln(income share ÷ share
// of people). It is Theil's T of two groups without differences inside them.
func UrbanRural(place string, urban, rural Side) (float64, error) {
	return TheilT(Distribution{Indicator: place, Areas: []string{"urban", "rural"},
		Values: []float64{urban.Income, rural.Income}, Weights: []float64{urban.People, rural.People}})
}
