package disparity

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Sigma is the spread of one period; σ-convergence is that it falls from one period to the next.
type Sigma struct {
	Variation float64 // standard deviation (dividing by n) ÷ mean
	LogSpread float64 // standard deviation of ln y (dividing by n−1); NaN for one area or with a zero
}

// SigmaOf is the spread of a distribution, every area counting one: its weights are not read.
func SigmaOf(d Distribution) (Sigma, error) {
	d.Weights = nil
	m, err := Measure(d)
	if err != nil {
		return Sigma{}, err
	}
	s := Sigma{Variation: m.Variation, LogSpread: math.NaN()}
	if m.Least > 0 {
		logs := make([]float64, len(d.Values))
		for i, x := range d.Values {
			logs[i] = math.Log(x)
		}
		s.LogSpread = statistic.Deviation(logs)
	}
	return s, nil
}

// Beta is unconditional β-convergence: (1/T)·ln(y_T/y_0) = a + b·ln y_0, by least squares.
type Beta struct {
	Areas         int
	Years         float64
	Intercept     float64 // a
	Slope         float64 // b; below 0: the poorer grow faster
	InterceptSE   float64 // standard errors of a and b; NaN with two areas
	SlopeSE       float64
	T, P          float64 // t of b, and its two-sided p with n−2 degrees of freedom
	R2            float64
	Speed         float64 // λ = −ln(1+bT)/T a year; NaN where 1+bT ≤ 0 (they overtake each other)
	SpeedSE       float64 // by the delta method: SlopeSE ÷ (1+bT)
	HalfLife      float64 // ln 2 ÷ λ years; +Inf where the gaps do not close
	Fit, Residual []float64
}

// BetaOf regresses the yearly growth between two periods, years apart, on the first. Growth is annualised:
// that is why λ has T under the logarithm.
func BetaOf(d Distribution, last []float64, years float64) (Beta, error) {
	if !(years > 0) || math.IsInf(years, 0) {
		return Beta{}, fault.New(fault.Invalid, "rating.converge_years", years)
	}
	if len(last) != len(d.Areas) || len(d.Values) != len(d.Areas) {
		return Beta{}, fault.New(fault.Invalid, "rating.disparity_shape", d.Indicator, len(d.Areas),
			len(d.Values),
			len(last))
	}
	if len(d.Areas) < 3 {
		return Beta{}, fault.New(fault.Invalid, "rating.converge_areas", d.Indicator, len(d.Areas))
	}
	x, y := make([]float64, len(last)), make([]float64, len(last))
	for i, area := range d.Areas {
		for _, cell := range [2]float64{d.Values[i], last[i]} {
			if math.IsNaN(cell) || math.IsInf(cell, 0) {
				return Beta{}, fault.New(fault.Invalid, "rating.disparity_missing", d.Indicator, area)
			}
			if cell <= 0 {
				return Beta{}, fault.New(fault.Invalid, "rating.converge_positive", d.Indicator, area, cell)
			}
		}
		x[i] = math.Log(d.Values[i])
		y[i] = math.Log(last[i]/d.Values[i]) / years
	}
	mx := statistic.MomentsOf(x)
	if mx.Min == mx.Max {
		return Beta{}, fault.New(fault.Invalid, "rating.converge_constant", d.Indicator)
	}
	b := Beta{Areas: len(x), Years: years}
	b.regress(x, y, mx)
	b.speed()
	return b, nil
}

// regress fits the line and its errors.
func (b *Beta) regress(x, y []float64, mx statistic.Moments) {
	n := float64(len(x))
	my := statistic.MomentsOf(y)
	b.Slope = statistic.Covariance(x, y) * (n - 1) / mx.M2
	b.Intercept = my.Mean - b.Slope*mx.Mean
	left := 0.0
	for i := range x {
		fit := b.Intercept + b.Slope*x[i]
		b.Fit, b.Residual = append(b.Fit, fit), append(b.Residual, y[i]-fit)
		left += (y[i] - fit) * (y[i] - fit)
	}
	s2 := left / (n - 2)
	b.SlopeSE = math.Sqrt(s2 / mx.M2)
	b.InterceptSE = math.Sqrt(s2 * (1/n + mx.Mean*mx.Mean/mx.M2))
	b.R2 = math.NaN()
	if my.M2 > 0 {
		b.R2 = max(1-left/my.M2, 0)
	}
	b.T = b.Slope / b.SlopeSE
	b.P = statistic.StudentProbability(b.T, n-2)
}

// speed turns the slope into a yearly speed and a half-life.
func (b *Beta) speed() {
	b.Speed, b.SpeedSE, b.HalfLife = math.NaN(), math.NaN(), math.NaN()
	if rest := 1 + b.Slope*b.Years; rest > 0 {
		b.Speed = -math.Log(rest) / b.Years
		b.SpeedSE = b.SlopeSE / rest
		b.HalfLife = math.Inf(1)
		if b.Speed > 0 {
			b.HalfLife = math.Ln2 / b.Speed
		}
	}
}
