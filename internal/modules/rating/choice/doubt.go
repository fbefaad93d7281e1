package choice

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/rating/linear"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Bounds limit each column's share of an area's score under the benefit of the doubt.
type Bounds struct{ Least, Most []float64 } // by column, 0 ≤ least ≤ most ≤ 1

// Benefit is the answer of the benefit of the doubt for one area.
type Benefit struct {
	Score  float64   // 0 to 1
	Shares []float64 // of each column in the score; they sum to 1 where the score is above 0
	Peers  []int     // areas that the same weights bring to 1: whom it is measured against
}

// BenefitOfDoubt gives every area the weights that are best for it. Figures are scores of at least 0 of which
// more is better (directions and weights of the decision are not read). Where several weightings are equally
// good, Shares is one of them; the score is the same. bounds may be nil.
func BenefitOfDoubt(d Decision, bounds *Bounds) ([]Benefit, error) {
	rows, err := d.forDoubt(bounds)
	if err != nil {
		return nil, err
	}
	answers, faults := make([]Benefit, len(rows)), make([]error, len(rows))
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		work.Go(func() {
			for a := int(next.Add(1)) - 1; a < len(rows); a = int(next.Add(1)) - 1 {
				answers[a], faults[a] = benefit(rows, a, bounds)
			}
		})
	}
	work.Wait()
	for a, err := range faults { // of several the first area's, whatever came first
		if err == nil {
			continue
		}
		if fault.HasKey(err, "rating.linear_infeasible") {
			return nil, fault.New(fault.Invalid, "rating.choice_bounds", d.Areas[a]).Because(err)
		}
		return nil, err
	}
	return answers, nil
}

// forDoubt checks a table and copies it row by row, every column divided by its largest figure.
func (d Decision) forDoubt(bounds *Bounds) ([][]float64, error) {
	if len(d.Columns) == 0 || len(d.Areas) < 2 {
		return nil, fault.New(fault.Invalid, "rating.choice_areas", len(d.Areas), len(d.Columns))
	}
	if len(d.Areas) > outrankingMax {
		return nil, fault.New(fault.TooLarge, "rating.choice_too_many", len(d.Areas), outrankingMax)
	}
	if err := d.complete(); err != nil {
		return nil, err
	}
	if err := bounds.check(d.Columns); err != nil {
		return nil, err
	}
	rows := make([][]float64, len(d.Areas))
	for c, column := range d.Values {
		if a := slices.IndexFunc(column, func(x float64) bool { return x < 0 }); a >= 0 {
			return nil, fault.New(fault.Invalid, "rating.choice_negative", d.Columns[c], d.Areas[a],
				column[a])
		}
		_, largest := statistic.Extremes(column)
		if largest <= 0 {
			return nil, fault.New(fault.Invalid, "rating.choice_zero_column", d.Columns[c])
		}
		for a, x := range column {
			rows[a] = append(rows[a], x/largest)
		}
	}
	return rows, nil
}

// check refuses shares that no area could have.
func (b *Bounds) check(columns []string) error {
	if b == nil {
		return nil
	}
	if len(b.Least) != len(columns) || len(b.Most) != len(columns) {
		return fault.New(fault.Invalid, "rating.choice_shape", len(columns), len(b.Least))
	}
	least, most := 0.0, 0.0
	for c, code := range columns {
		if !(b.Least[c] >= 0 && b.Least[c] <= b.Most[c] && b.Most[c] <= 1) {
			return fault.New(fault.Invalid, "rating.choice_bound", code, b.Least[c], b.Most[c])
		}
		least += b.Least[c]
		most += b.Most[c]
	}
	if least > 1+1e-12 || most < 1-1e-12 {
		return fault.New(fault.Invalid, "rating.choice_bounds_sum", least, most)
	}
	return nil
}

// benefit solves the programme of one area.
func benefit(rows [][]float64, area int, bounds *Bounds) (Benefit, error) {
	own := rows[area]
	constraints := make([]linear.Constraint, 0, len(rows))
	for _, row := range rows {
		constraints = append(constraints, linear.Constraint{Coefficients: row, Bound: 1})
	}
	if bounds != nil {
		constraints = append(constraints, bounds.constraints(own)...)
	}
	s, err := linear.Maximise(own, constraints)
	if err != nil {
		return Benefit{}, err
	}
	b := Benefit{Score: min(s.Objective, 1), Shares: make([]float64, len(own))}
	for c, w := range s.X {
		if s.Objective > 0 {
			b.Shares[c] = w * own[c] / s.Objective
		}
	}
	for k, row := range rows {
		sum := 0.0
		for c, w := range s.X {
			sum += w * row[c]
		}
		if math.Abs(sum-1) <= 1e-9 {
			b.Peers = append(b.Peers, k)
		}
	}
	return b, nil
}

// constraints say least·Σwy ≤ w_c·y_c ≤ most·Σwy.
func (b *Bounds) constraints(own []float64) []linear.Constraint {
	var all []linear.Constraint
	for c, y := range own {
		for _, side := range []struct {
			share, sign float64
			idle        bool
		}{{b.Least[c], 1, b.Least[c] == 0}, {b.Most[c], -1, b.Most[c] == 1}} {
			if side.idle {
				continue
			}
			row := slices.Clone(own)
			for k := range row {
				row[k] *= side.share * side.sign
			}
			row[c] -= side.sign * y
			all = append(all, linear.Constraint{Coefficients: row})
		}
	}
	return all
}
