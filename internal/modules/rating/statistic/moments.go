package statistic

import (
	"math"
	"slices"
)

// Moments are the sums of a column from which its statistics follow. Missing cells are left out.
type Moments struct {
	N          int
	Min, Max   float64 // NaN where N is 0
	Mean       float64
	M2, M3, M4 float64 // Σd², Σd³, Σd⁴
}

// MomentsOf reads a column in two passes; the mean is corrected by the mean of its own residuals.
func MomentsOf(x []float64) Moments {
	m := Moments{Min: math.NaN(), Max: math.NaN(), Mean: math.NaN()}
	sum := 0.0
	for _, v := range x {
		if v != v {
			continue
		}
		if m.N == 0 || v < m.Min {
			m.Min = v
		}
		if m.N == 0 || v > m.Max {
			m.Max = v
		}
		sum += v
		m.N++
	}
	if m.N == 0 {
		return m
	}
	m.Mean = corrected(x, sum/float64(m.N), m.N)
	for _, v := range x {
		if v == v {
			d := v - m.Mean
			square := d * d
			m.M2 += square
			m.M3 += square * d
			m.M4 += square * square
		}
	}
	return m
}

// corrected adds to a mean what its rounding lost.
func corrected(x []float64, mean float64, n int) float64 {
	rest := 0.0
	for _, v := range x {
		if v == v {
			rest += v - mean
		}
	}
	return mean + rest/float64(n)
}

// Constant says that there is no spread: none or one figure, or all the same.
func (m Moments) Constant() bool { return m.N < 2 || m.Min == m.Max }

// Variance is Σd²/(n−1); NaN under 2 figures, 0 for a constant column.
func (m Moments) Variance() float64 {
	switch {
	case m.N < 2:
		return math.NaN()
	case m.Min == m.Max:
		return 0
	}
	return m.M2 / float64(m.N-1)
}

// Deviation is the root of Variance.
func (m Moments) Deviation() float64 { return math.Sqrt(m.Variance()) }

// Skewness of type 2; NaN under 3 figures and for a constant column.
func (m Moments) Skewness() float64 {
	if m.N < 3 || m.Constant() {
		return math.NaN()
	}
	n := float64(m.N)
	g := math.Sqrt(n) * m.M3 / (m.M2 * math.Sqrt(m.M2))
	return g * math.Sqrt(n*(n-1)) / (n - 2)
}

// Kurtosis of type 2, in excess of the normal distribution's; NaN under 4 figures and for a constant column.
func (m Moments) Kurtosis() float64 {
	if m.N < 4 || m.Constant() {
		return math.NaN()
	}
	n := float64(m.N)
	r := n * m.M4 / (m.M2 * m.M2)
	return ((n+1)*(r-3) + 6) * (n - 1) / ((n - 2) * (n - 3))
}

// Sum adds the figures of a column; 0 where there are none.
func Sum(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		if v == v {
			sum += v
		}
	}
	return sum
}

// Mean of a column; NaN where there is no figure.
func Mean(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if v == v {
			sum += v
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return corrected(x, sum/float64(n), n)
}

// Variance of a column with n−1; NaN under 2 figures.
func Variance(x []float64) float64 { return MomentsOf(x).Variance() }

// Deviation of a column with n−1; NaN under 2 figures.
func Deviation(x []float64) float64 { return MomentsOf(x).Deviation() }

// Skewness of a column, type 2.
func Skewness(x []float64) float64 { return MomentsOf(x).Skewness() }

// Kurtosis of a column, type 2, excess.
func Kurtosis(x []float64) float64 { return MomentsOf(x).Kurtosis() }

// Extremes are the least and the largest figure; NaN where there is none.
func Extremes(x []float64) (least, largest float64) {
	least, largest = math.Inf(1), math.Inf(-1)
	for _, v := range x { // a missing cell is neither less nor more than anything
		if v < least {
			least = v
		}
		if v > largest {
			largest = v
		}
	}
	if least > largest {
		return extremesOfNone(x)
	}
	return least, largest
}

// extremesOfNone is for columns without a finite figure.
func extremesOfNone(x []float64) (least, largest float64) {
	least, largest = math.NaN(), math.NaN()
	for _, v := range x {
		if v == v && !(least <= v) {
			least = v
		}
		if v == v && !(largest >= v) {
			largest = v
		}
	}
	return least, largest
}

// Sorted copies the figures of a column in rising order, without the missing ones.
func Sorted(x []float64) []float64 {
	sorted := make([]float64, 0, len(x))
	for _, v := range x {
		if v == v {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	return sorted
}

// Median of a column: the middle figure or the mean of the two in the middle; NaN where there is none.
func Median(x []float64) float64 {
	s := Sorted(x)
	n := len(s)
	switch {
	case n == 0:
		return math.NaN()
	case n%2 == 1:
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}

// Quantile of a column, type 7, p from 0 to 1; NaN where there is no figure.
func Quantile(x []float64, p float64) float64 { return QuantileSorted(Sorted(x), p) }

// QuantileSorted is Quantile of figures already sorted and complete.
func QuantileSorted(s []float64, p float64) float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	at := float64(len(s)-1) * min(max(p, 0), 1)
	low := int(at)
	if low >= len(s)-1 {
		return s[len(s)-1]
	}
	return s[low] + (at-float64(low))*(s[low+1]-s[low])
}

// Covariance of two columns with n−1, over the rows that have both; NaN under 2 rows.
func Covariance(x, y []float64) float64 {
	s := pairOf(x, y)
	if s.n < 2 {
		return math.NaN()
	}
	return s.xy / float64(s.n-1)
}
