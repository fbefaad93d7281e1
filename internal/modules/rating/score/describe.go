package score

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// Description are the statistics of a column.
type Description struct {
	Code                       string
	Min, Max, Mean, Median     float64
	Deviation, Skewness        float64
	Kurtosis                   float64
	Available, NonZero, Unique int // figures: that are there, not 0, different
	Same                       int // cells that share the most frequent figure
	LowAvailable, LowNonZero   bool
	LowUnique, Outliers        bool
}

// The limits of flags.
const (
	availableLeast = 0.65 // of all areas
	nonZeroLeast   = 0.5  // likewise, as the reference package computes it
	uniqueLeast    = 0.5  // likewise
)

// Describe is the table of statistics of columns.
func Describe(codes []string, columns [][]float64) []Description {
	var out []Description
	for c, x := range columns {
		m := statistic.MomentsOf(x)
		d := Description{Code: codes[c], Min: m.Min, Max: m.Max, Mean: m.Mean, Median: statistic.Median(x),
			Deviation: m.Deviation(), Skewness: m.Skewness(), Kurtosis: m.Kurtosis(), Available: m.N}
		sorted := statistic.Sorted(x)
		for from := 0; from < len(sorted); {
			to := from + 1
			for to < len(sorted) && sorted[to] == sorted[from] {
				to++
			}
			d.Unique++
			d.Same = max(d.Same, to-from)
			if sorted[from] != 0 {
				d.NonZero += to - from
			}
			from = to
		}
		areas := float64(len(x))
		d.LowAvailable = float64(m.N)/areas < availableLeast
		d.LowNonZero = float64(d.NonZero)/areas < nonZeroLeast
		d.LowUnique = float64(d.Unique)/areas < uniqueLeast
		d.Outliers = math.Abs(d.Skewness) > skewnessDefault && d.Kurtosis > kurtosisDefault
		out = append(out, d)
	}
	return out
}

// Availability is the share of the indicators under every aggregate that are there, by aggregate (in the
// order of the nodes), then by row.
func (o *Outcome) Availability() [][]float64 {
	var out [][]float64
	for node := o.Indicators; node < len(o.Nodes); node++ {
		below, column := o.plan.tree.under(node), make([]float64, len(o.Areas))
		for row := range column {
			there := 0
			for _, i := range below {
				if x := o.Prepared[i][row]; x == x {
					there++
				}
			}
			column[row] = float64(there) / float64(len(below))
		}
		out = append(out, column)
	}
	return out
}

// Pair are two nodes of one family that go together too much, or against each other.
type Pair struct {
	First, Second int
	Correlation   float64
	High          bool
}

// The limits of correlation flags.
const (
	CorrelationHigh = 0.75
	CorrelationLow  = -0.3
)

// Flags are the pairs of nodes of a level under the same ancestor of another level whose Pearson correlation
// is above 0.75 or below −0.3, each pair once. columns stand by node of the level, in the order of nodes.
func (o *Outcome) Flags(level, ancestor int, columns [][]float64) []Pair {
	var nodes []int
	for i, n := range o.Nodes {
		if n.Level == level {
			nodes = append(nodes, i)
		}
	}
	var pairs []Pair
	for j := range nodes {
		for i := range j {
			above := o.plan.tree.above(nodes[i], ancestor)
			if above < 0 || above != o.plan.tree.above(nodes[j], ancestor) {
				continue
			}
			r := statistic.Pearson(columns[i], columns[j])
			if r > CorrelationHigh || r < CorrelationLow {
				pairs = append(pairs, Pair{nodes[i], nodes[j], r, r > 0})
			}
		}
	}
	return pairs
}

// Alpha is Cronbach's alpha of the nodes of a level below a node. columns stand by node.
func (o *Outcome) Alpha(node, level int, columns [][]float64) float64 {
	var below [][]float64
	for i, n := range o.Nodes {
		if n.Level == level && o.plan.tree.above(i, o.Nodes[node].Level) == node {
			below = append(below, columns[i])
		}
	}
	return statistic.Cronbach(below)
}

// Aggregates are the nodes of levels from 2 on, in the order of the nodes.
func (o *Outcome) Aggregates() []int {
	var out []int
	for i := o.Indicators; i < len(o.Nodes); i++ {
		out = append(out, i)
	}
	return slices.Clip(out)
}
