package weighting

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Variant names the convention of entropy weights; results of two variants are never compared.
type Variant string

// The variants.
const (
	EntropyRaw    Variant = "raw"    // figures as they are, all above 0
	EntropyMinMax Variant = "minmax" // Z of Rescaled (or any scores of at least 0), with 0·ln 0 = 0
	EntropyShift  Variant = "shift"  // Z + 0.0001, Z within [0,1]
)

// entropyShift is what papers add to Z so that every logarithm exists.
const entropyShift = 1e-4

// Entropy answers entropy weights (熵权法): p = x/Σx by column, e = −Σ p ln p ÷ ln n, w = (1−e)/Σ(1−e). A column
// that is the same everywhere has e = 1 and weight 0.
func Entropy(f frame.Frame, v Variant) (Weights, error) {
	if err := complete(f); err != nil {
		return Weights{}, err
	}
	shift := 0.0
	switch v {
	case EntropyRaw, EntropyMinMax:
	case EntropyShift:
		shift = entropyShift
	default:
		return Weights{}, fault.New(fault.Invalid, "rating.weighting_variant", string(v))
	}
	basis := make([]float64, len(f.Columns))
	for c, column := range f.Values {
		for a, x := range column {
			if x < 0 || v == EntropyRaw && x == 0 || v == EntropyShift && x > 1 {
				return Weights{}, fault.New(fault.Invalid, "rating.weighting_entropy", f.Columns[c],
					f.Areas[a], x, string(v))
			}
		}
		e, whole := entropyOf(column, shift)
		if !whole {
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_zero_column", f.Columns[c])
		}
		basis[c] = max(1-e, 0)
		if lo, hi := statistic.Extremes(column); lo == hi {
			basis[c] = 0
		}
	}
	w, err := proportional(f.Columns, basis)
	w.Few = len(f.Areas) < len(f.Columns)
	return w, err
}

// entropyOf is the entropy of a column, 0 to 1; not whole where the column adds up to 0.
func entropyOf(column []float64, shift float64) (e float64, whole bool) {
	sum := 0.0
	for _, x := range column {
		sum += x + shift
	}
	for _, x := range column {
		if p := (x + shift) / sum; p > 0 {
			e -= p * math.Log(p)
		}
	}
	return e / math.Log(float64(len(column))), sum > 0
}

// Critic answers CRITIC weights (Diakoulaki, Mavrotas and Papayannakis 1995): C_j = σ_j Σ_k (1 − r_jk),
// on Z of Rescaled. absolute takes 1 − |r|, which is another method and must be declared. Fewer areas
// than columns are refused.
func Critic(f frame.Frame, absolute bool) (Weights, error) {
	if err := spread(f, len(f.Columns)); err != nil {
		return Weights{}, err
	}
	r := statistic.Correlations(f.Values, statistic.MethodPearson)
	basis := make([]float64, len(f.Columns))
	for j, column := range f.Values {
		for k := range f.Columns {
			if k == j {
				continue
			}
			if absolute {
				basis[j] += 1 - math.Abs(r[j][k])
			} else {
				basis[j] += 1 - r[j][k]
			}
		}
		basis[j] *= statistic.Deviation(column)
	}
	return proportional(f.Columns, basis)
}

// Deviation answers weights proportional to the standard deviation, on Z of Rescaled.
func Deviation(f frame.Frame) (Weights, error) {
	if err := complete(f); err != nil {
		return Weights{}, err
	}
	basis := make([]float64, len(f.Columns))
	for c, column := range f.Values {
		basis[c] = statistic.Deviation(column)
	}
	w, err := proportional(f.Columns, basis)
	w.Few = len(f.Areas) < len(f.Columns)
	return w, err
}

// Variation answers weights proportional to the coefficient of variation sd/|mean| of the raw figures; a
// column whose mean is 0 is refused.
func Variation(f frame.Frame) (Weights, error) {
	if err := complete(f); err != nil {
		return Weights{}, err
	}
	basis := make([]float64, len(f.Columns))
	for c, column := range f.Values {
		mean := statistic.Mean(column)
		if mean == 0 {
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_zero_column", f.Columns[c])
		}
		basis[c] = statistic.Deviation(column) / math.Abs(mean)
	}
	w, err := proportional(f.Columns, basis)
	w.Few = len(f.Areas) < len(f.Columns)
	return w, err
}

// Independence answers independence weights (独立性权重): 1/R_j, R_j the multiple correlation of a column with all
// others, √(1 − 1/(r⁻¹)_jj). Not more areas than columns, and columns that depend on each other, are refused.
func Independence(f frame.Frame) (Weights, error) {
	if err := spread(f, len(f.Columns)+1); err != nil {
		return Weights{}, err
	}
	inverse, err := statistic.Inverse(statistic.Correlations(f.Values, statistic.MethodPearson), f.Columns)
	if err != nil {
		return Weights{}, err
	}
	basis := make([]float64, len(f.Columns))
	for j := range basis {
		r := math.Sqrt(max(1-1/inverse[j][j], 0))
		if r == 0 {
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_independent", f.Columns[j])
		}
		basis[j] = 1 / r
	}
	return proportional(f.Columns, basis)
}
