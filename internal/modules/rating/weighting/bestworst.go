package weighting

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/linear"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// BestWorst are the comparisons of the best-worst method (最优最劣法): the best item with every other, and every
// other with the worst, on a scale of 1 to 9.
type BestWorst struct {
	Items       []string
	Best, Worst int       // their positions
	ToOthers    []float64 // how many times as important the best is as each item; 1 at Best
	ToWorst     []float64 // how many times as important each item is as the worst; 1 at Worst
}

// Compared are the weights of the best-worst method with what tells of their consistency.
type Compared struct {
	Weights
	Xi    float64 // ξ of the linear model: the largest disagreement, in weight; 0 is full consistency
	Ratio float64 // input-based consistency ratio (Liang, Brunelli and Rezaei 2020), 0 to 1, 0 best
	Limit float64 // the ratio up to which comparisons of this number and span are consistent enough
	Least string  // the item whose comparisons agree least with best-to-worst; empty where all agree
}

const scaleMost = 9.0

// ratioLimits are the thresholds of the input-based ratio (Liang, Brunelli and Rezaei 2020, table 3): a row
// for each best-to-worst comparison from 3 to 9, a column for each number of items from 3 to 9. The paper was
// not read; three programs that quote it agree digit by digit. mark: unverified.
var ratioLimits = [7][7]float64{
	{.1667, .1667, .1667, .1667, .1667, .1667, .1667},
	{.1121, .1529, .1898, .2206, .2527, .2577, .2683},
	{.1354, .1994, .2306, .2546, .2716, .2844, .2960},
	{.1330, .1990, .2643, .3044, .3144, .3221, .3262},
	{.1294, .2457, .2819, .3029, .3144, .3251, .3403},
	{.1309, .2521, .2958, .3154, .3408, .3620, .3657},
	{.1359, .2681, .3062, .3337, .3517, .3620, .3662},
}

// limit is the threshold of these comparisons: between two rows the lower, of more than nine items that of
// nine, and below the table 0, since a span up to 2 leaves no room for disagreement.
func (b BestWorst) limit() float64 {
	const least = 3
	span, column := b.ToOthers[b.Worst], min(len(b.Items)-least, len(ratioLimits[0])-1)
	if span < least || column < 0 {
		return 0
	}
	below, above := int(math.Floor(span))-least, int(math.Ceil(span))-least
	return min(ratioLimits[below][column], ratioLimits[above][column])
}

// check refuses comparisons outside the scale, naming the item.
func (b BestWorst) check() error {
	n := len(b.Items)
	if n < 2 || len(b.ToOthers) != n || len(b.ToWorst) != n || b.Best < 0 || b.Best >= n || b.Worst < 0 ||
		b.Worst >= n || b.Best == b.Worst {
		return fault.New(fault.Invalid, "rating.bestworst_shape", n, len(b.ToOthers), len(b.ToWorst))
	}
	for i := range b.Items {
		for _, a := range [2]float64{b.ToOthers[i], b.ToWorst[i]} {
			if !(a >= 1 && a <= scaleMost) {
				return fault.New(fault.Invalid, "rating.bestworst_scale", b.Items[i], a)
			}
		}
	}
	if b.ToOthers[b.Best] != 1 || b.ToWorst[b.Worst] != 1 || b.ToOthers[b.Worst] != b.ToWorst[b.Best] {
		return fault.New(fault.Invalid, "rating.bestworst_ends", b.Items[b.Best], b.Items[b.Worst])
	}
	return nil
}

// Weigh solves the linear model (Rezaei 2016): least ξ with |w_B − a_Bj·w_j| ≤ ξ, |w_j − a_jW·w_W| ≤ ξ,
// Σw = 1, w ≥ 0.
func (b BestWorst) Weigh() (Compared, error) {
	if err := b.check(); err != nil {
		return Compared{}, err
	}
	n := len(b.Items)
	constraints := []linear.Constraint{{Coefficients: append(slices.Repeat([]float64{1}, n), 0),
		Sense: linear.Equal, Bound: 1}}
	within := func(more, less int, times float64) {
		if more == less {
			return
		}
		for _, sign := range [2]float64{1, -1} {
			row := make([]float64, n+1)
			row[more], row[less], row[n] = sign, -sign*times, -1
			constraints = append(constraints, linear.Constraint{Coefficients: row})
		}
	}
	for j := range n {
		within(b.Best, j, b.ToOthers[j])
		if j != b.Best {
			within(j, b.Worst, b.ToWorst[j])
		}
	}
	objective := make([]float64, n+1)
	objective[n] = 1
	solved, err := linear.Minimise(objective, constraints)
	if err != nil {
		return Compared{}, err
	}
	c := Compared{Xi: solved.X[n]}
	if c.Weights, err = proportional(b.Items, solved.X[:n]); err != nil {
		return Compared{}, err
	}
	c.Basis = nil
	c.Ratio, c.Least = b.consistency()
	c.Limit = b.limit()
	return c, nil
}

// consistency is the largest |a_Bj·a_jW − a_BW| ÷ (a_BW² − a_BW), and its item.
func (b BestWorst) consistency() (ratio float64, least string) {
	whole := b.ToOthers[b.Worst]
	if whole == 1 {
		return 0, ""
	}
	for j, item := range b.Items {
		if r := math.Abs(b.ToOthers[j]*b.ToWorst[j]-whole) / (whole*whole - whole); r > ratio {
			ratio, least = r, item
		}
	}
	return ratio, least
}

// Order names weights that follow from an order of importance alone.
type Order string

// The orders, with m items, the first most important.
const (
	OrderCentroid   Order = "roc" // rank-order centroid: w_i = Σ_{k≥i} 1/k ÷ m
	OrderSum        Order = "rs"  // rank sum: 2(m+1−i) ÷ (m(m+1))
	OrderReciprocal Order = "rr"  // rank reciprocal: (1/i) ÷ Σ 1/k
)

// RankOrder answers the weights of items with ranks, 1 the most important. Items of equal rank share the mean
// of the places they take together.
func RankOrder(items []string, ranks []int, o Order) (Weights, error) {
	m := len(items)
	if len(ranks) != m || m == 0 {
		return Weights{}, fault.New(fault.Invalid, "rating.weighting_shape", m, len(ranks))
	}
	places := make([]float64, m)
	for i := m - 1; i >= 0; i-- {
		switch o {
		case OrderCentroid:
			places[i] = 1 / float64(i+1)
			if i < m-1 {
				places[i] += places[i+1]
			}
		case OrderSum:
			places[i] = float64(m - i)
		case OrderReciprocal:
			places[i] = 1 / float64(i+1)
		default:
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_order", string(o))
		}
	}
	basis := make([]float64, m)
	for i, rank := range ranks {
		before, same := 0, 0
		for _, other := range ranks {
			if other < rank {
				before++
			} else if other == rank {
				same++
			}
		}
		if rank < 1 {
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_rank", items[i], rank)
		}
		for _, p := range places[before : before+same] {
			basis[i] += p / float64(same)
		}
	}
	w, err := proportional(items, basis)
	w.Basis = nil
	return w, err
}
