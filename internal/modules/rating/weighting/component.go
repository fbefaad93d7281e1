package weighting

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Gaps says what components do with an area that lacks a figure.
type Gaps string

// The rules.
const (
	GapsRefused Gaps = "refused"
	GapsDropped Gaps = "dropped" // the area is left out of this group, and named
)

// Components are the principal components (主成分) of the correlation matrix of a group of columns.
type Components struct {
	Columns    []string
	Areas      int       // areas used
	Dropped    []string  // areas left out for a gap
	Values     []float64 // eigenvalues, falling; they sum to the number of columns
	Proportion []float64 // of the whole variance
	Cumulative []float64
	Vectors    [][]float64 // unit vectors, sum at least 0; Vectors[k][j] of component k, column j

	// Whether the columns are fit for it. KMO (Kaiser 1974) from .6 on is commonly asked; NaN where the
	// matrix is singular. Bartlett's χ² tests that the columns are unrelated; a p above .05 speaks
	// against components.
	KMO                       float64
	Bartlett, Freedom, Chance float64
}

// ComponentsOf analyses a group. It needs more areas than columns.
func ComponentsOf(f frame.Frame, g Gaps) (Components, error) {
	c := Components{Columns: f.Columns}
	switch g {
	case GapsRefused:
	case GapsDropped:
		f, c.Dropped = withoutGaps(f)
	default:
		return c, fault.New(fault.Invalid, "rating.weighting_gaps", string(g))
	}
	if err := spread(f, len(f.Columns)+1); err != nil {
		return c, err
	}
	c.Areas = len(f.Areas)
	r := statistic.Correlations(f.Values, statistic.MethodPearson)
	c.Values, c.Vectors = statistic.Eigen(r)
	sum, so := 0.0, 0.0
	for _, x := range c.Values {
		sum += x
	}
	for _, x := range c.Values {
		so += x
		c.Proportion, c.Cumulative = append(c.Proportion, x/sum), append(c.Cumulative, so/sum)
	}
	c.fitness(r)
	return c, nil
}

// withoutGaps leaves out the areas that lack a figure.
func withoutGaps(f frame.Frame) (frame.Frame, []string) {
	var kept []int
	var dropped []string
	for a, area := range f.Areas {
		whole := true
		for _, column := range f.Values {
			whole = whole && !frame.IsMissing(column[a])
		}
		if whole {
			kept = append(kept, a)
		} else {
			dropped = append(dropped, area)
		}
	}
	return f.Take(kept), dropped
}

// fitness computes KMO and Bartlett's test from the correlation matrix.
func (c *Components) fitness(r [][]float64) {
	n, m := float64(c.Areas), float64(len(r))
	logDeterminant := 0.0
	for _, x := range c.Values {
		logDeterminant += math.Log(max(x, 0))
	}
	c.Freedom = m * (m - 1) / 2
	c.Bartlett = -(n - 1 - (2*m+5)/6) * logDeterminant
	c.Chance = 0
	if !math.IsInf(c.Bartlett, 0) {
		c.Chance = statistic.ChiSquareProbability(c.Bartlett, c.Freedom)
	}
	c.KMO = math.NaN()
	inverse, err := statistic.Inverse(r, c.Columns)
	if err != nil || len(r) < 2 {
		return
	}
	plain, partial := 0.0, 0.0
	for j := range r {
		for k := range j {
			plain += r[j][k] * r[j][k]
			partial += inverse[j][k] * inverse[j][k] / (inverse[j][j] * inverse[k][k])
		}
	}
	c.KMO = plain / (plain + partial)
}

// First answers the loadings of the first component, signed so that their sum is at least 0: the weights that
// the reference package calls get_PCA. They may be negative, and are then no weights for an index.
func (c Components) First() []float64 { return c.Vectors[0] }

// Keep says which components enter the weights.
type Keep string

// The rules.
const (
	KeepAboveOne   Keep = "eigenvalue" // λ > 1 (Kaiser), at least the first
	KeepCumulative Keep = "cumulative" // as many as explain 85 %
)

const cumulativeShare = 0.85

// Weigh answers the weights of several components: w_j ∝ Σ_k |l_jk|/√λ_k · λ_k/Σλ over the components
// kept, l the loadings (unit vector × √λ), and how many were kept.
func (c Components) Weigh(k Keep) (Weights, int, error) {
	kept := 0
	switch k {
	case KeepAboveOne:
		for kept < len(c.Values) && c.Values[kept] > 1 {
			kept++
		}
		kept = max(kept, 1)
	case KeepCumulative:
		for kept < len(c.Values) {
			if kept++; c.Cumulative[kept-1] >= cumulativeShare {
				break
			}
		}
	default:
		return Weights{}, 0, fault.New(fault.Invalid, "rating.weighting_keep", string(k))
	}
	basis, whole := make([]float64, len(c.Columns)), 0.0
	for _, lambda := range c.Values[:kept] {
		whole += lambda
	}
	for i, lambda := range c.Values[:kept] {
		for j, x := range c.Vectors[i] {
			basis[j] += math.Abs(x) * lambda / whole
		}
	}
	w, err := proportional(c.Columns, basis)
	return w, kept, err
}
