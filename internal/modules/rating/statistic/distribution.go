package statistic

import "math"

// NormalProbability is the two-sided p of a figure under the standard normal distribution.
func NormalProbability(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// NormalBelow is the share of the standard normal distribution up to z.
func NormalBelow(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// NormalQuantile is the z up to which the share p of the standard normal distribution lies; infinite at 0
// and 1, NaN outside.
func NormalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// StudentProbability is the two-sided p of t with degrees of freedom.
func StudentProbability(t, freedom float64) float64 {
	if math.IsInf(t, 0) {
		return 0
	}
	return BetaBelow(freedom/(freedom+t*t), freedom/2, 0.5)
}

// ChiSquareProbability is the share of the chi-squared distribution beyond x.
func ChiSquareProbability(x, freedom float64) float64 {
	if x <= 0 {
		return 1
	}
	a, h := freedom/2, x/2
	if h < a+1 {
		return 1 - gammaSeries(a, h)
	}
	return gammaFraction(a, h)
}

const (
	stepsMax = 500
	enough   = 1e-16
	tiny     = 1e-300
)

// BetaBelow is the regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz).
func BetaBelow(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - BetaBelow(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < stepsMax; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		before := f
		for _, k := range [2]float64{even, odd} {
			d = 1 / away(1+k*d)
			c = away(1 + k/c)
			f *= c * d
		}
		if math.Abs(f-before) <= enough*math.Abs(f) {
			break
		}
	}
	return front * f
}

// away keeps a denominator from 0.
func away(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// gammaSeries is the regularised lower incomplete gamma function, for x below a+1.
func gammaSeries(a, x float64) float64 {
	lg, _ := math.Lgamma(a)
	part, sum := 1/a, 1/a
	for n := a + 1; n < a+stepsMax*10 && part > sum*enough; n++ {
		part *= x / n
		sum += part
	}
	return sum * math.Exp(-x+a*math.Log(x)-lg)
}

// gammaFraction is the regularised upper incomplete gamma function, for x from a+1 on.
func gammaFraction(a, x float64) float64 {
	lg, _ := math.Lgamma(a)
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	f := d
	for i := 1.0; i < stepsMax*10; i++ {
		k := -i * (i - a)
		b += 2
		d = 1 / away(k*d+b)
		c = away(b + k/c)
		f *= c * d
		if math.Abs(c*d-1) <= enough {
			break
		}
	}
	return math.Exp(-x+a*math.Log(x)-lg) * f
}
