package choice

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Penalty says which way imbalance counts in the Mazziotta–Pareto index.
type Penalty int

// The penalties.
const (
	PenaltyDown Penalty = -1 // of development: more is better, imbalance lowers
	PenaltyUp   Penalty = 1  // of poverty: more is worse, imbalance raises
)

// Pareto is the Mazziotta–Pareto index, by area.
type Pareto struct {
	Scores    []float64 // Mean ± Imbalance
	Mean      []float64 // of the standardised figures
	Imbalance []float64 // S²/M, the penalty
}

// Mazziotta answers the Mazziotta–Pareto index: every column standardised to mean 100 and deviation 10
// over the areas (dividing by n), and for each area M ± S²/M. Weights are not read: the method has none.
func Mazziotta(d Decision, p Penalty) (Pareto, error) {
	if err := d.forPareto(p); err != nil {
		return Pareto{}, err
	}
	rows := make([][]float64, len(d.Areas))
	for c, column := range d.Values {
		m := statistic.MomentsOf(column)
		if m.Constant() {
			return Pareto{}, fault.New(fault.Invalid, "rating.choice_constant", d.Columns[c])
		}
		deviation := math.Sqrt(m.M2 / float64(m.N))
		if d.less(c) {
			deviation = -deviation
		}
		for a, x := range column {
			rows[a] = append(rows[a], 100+10*(x-m.Mean)/deviation)
		}
	}
	return d.pareto(rows, p)
}

// Goalposts are the fixed least and largest figure of each column for the adjusted index.
type Goalposts struct{ Least, Largest []float64 }

// GoalpostsAround answers posts of the adjusted index: half the range of the table to each side of a
// reference figure of each column, which then stands at 100.
func GoalpostsAround(d Decision, reference []float64) (Goalposts, error) {
	p, err := PostsOf(d)
	if err != nil {
		return Goalposts{}, err
	}
	if len(reference) != len(d.Columns) {
		return Goalposts{}, fault.New(fault.Invalid, "rating.choice_shape", len(d.Columns), len(reference))
	}
	var g Goalposts
	for c, x := range reference {
		half := (p.Largest[c] - p.Least[c]) / 2
		g.Least, g.Largest = append(g.Least, x-half), append(g.Largest, x+half)
	}
	return g, nil
}

// Adjusted answers the adjusted index (AMPI), whose figures compare over years:
// (x−least)/(largest−least)·60+70 between fixed posts, turned where less is better, and for each area M ±
// S²/M.
func Adjusted(d Decision, g Goalposts, p Penalty) (Pareto, error) {
	if err := d.forPareto(p); err != nil {
		return Pareto{}, err
	}
	if len(g.Least) != len(d.Columns) || len(g.Largest) != len(d.Columns) {
		return Pareto{}, fault.New(fault.Invalid, "rating.choice_shape", len(d.Columns), len(g.Least))
	}
	rows := make([][]float64, len(d.Areas))
	for c, column := range d.Values {
		width := g.Largest[c] - g.Least[c]
		if !(width > 0) || math.IsInf(width, 0) {
			return Pareto{}, fault.New(fault.Invalid, "rating.choice_constant", d.Columns[c])
		}
		for a, x := range column {
			y := (x-g.Least[c])/width*60 + 70
			if d.less(c) {
				y = 200 - y
			}
			rows[a] = append(rows[a], y)
		}
	}
	return d.pareto(rows, p)
}

func (d Decision) forPareto(p Penalty) error {
	if p != PenaltyDown && p != PenaltyUp {
		return fault.New(fault.Invalid, "rating.choice_penalty", int(p))
	}
	d.Weights = nil
	if _, err := d.shares(); err != nil {
		return err
	}
	return d.complete()
}

// pareto takes the penalty off every row, or puts it on.
func (d Decision) pareto(rows [][]float64, p Penalty) (Pareto, error) {
	n := len(rows)
	r := Pareto{Scores: make([]float64, n), Mean: make([]float64, n), Imbalance: make([]float64, n)}
	for a, row := range rows {
		m := statistic.MomentsOf(row)
		if !(m.Mean > 0) {
			return Pareto{}, fault.New(fault.Invalid, "rating.choice_pareto_mean", d.Areas[a], m.Mean)
		}
		r.Mean[a] = m.Mean
		r.Imbalance[a] = m.M2 / float64(m.N) / m.Mean
		r.Scores[a] = m.Mean + float64(p)*r.Imbalance[a]
	}
	return r, nil
}
