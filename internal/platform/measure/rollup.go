package measure

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Tree is the places of a date, numbered in pre-order from 0: a place before those below it.
type Tree interface {
	Len() int
	Parent(n int) int // -1: none
	Place(n int) int64
	Home(n int) int64
}

// Sum is what adds up: the parts of a figure and its coverage.
type Sum struct{ Numerator, Denominator, Covered, Expected int64 }

// add is the sum of both; false if it does not fit.
func (s Sum) add(o Sum) (Sum, bool) {
	n, ok1 := decimal.Add(s.Numerator, o.Numerator)
	d, ok2 := decimal.Add(s.Denominator, o.Denominator)
	c, ok3 := decimal.Add(s.Covered, o.Covered)
	e, ok4 := decimal.Add(s.Expected, o.Expected)
	return Sum{n, d, c, e}, ok1 && ok2 && ok3 && ok4
}

// AddUp adds every place's sum to the one above it, in one pass from the end: afterwards sums[n] is
// that of the whole subtree of n.
func AddUp(t Tree, sums []Sum) error {
	if len(sums) != t.Len() {
		return fmt.Errorf("measure: %d sums for %d places", len(sums), t.Len())
	}
	for n := t.Len() - 1; n > 0; n-- {
		above := t.Parent(n)
		if above < 0 {
			continue
		}
		if above >= n {
			return fmt.Errorf("measure: place %d stands after %d, which lies in it", above, n)
		}
		var fits bool
		if sums[above], fits = sums[above].add(sums[n]); !fits {
			return fault.New(fault.Invalid, "measure.overflow")
		}
	}
	return nil
}

// OverTime joins the sums of consecutive periods, oldest first, into that of the whole stretch.
func OverTime(nature Nature, sums []Sum) (Sum, error) {
	if len(sums) == 0 {
		return Sum{}, nil
	}
	if nature != Flow {
		return sums[len(sums)-1], nil
	}
	var all Sum
	for _, s := range sums {
		var fits bool
		if all, fits = all.add(s); !fits {
			return all, fault.New(fault.Invalid, "measure.overflow")
		}
	}
	return all, nil
}

// RolledUp is what a roll-up did.
type RolledUp struct {
	Figures int     // own figures that were added up
	Totals  int     // totals that were saved
	Left    []int64 // places with figures that are not in the tree
}

// RollUp adds the own figures of a measure in a period up the tree and saves the totals of all places
// that have something below them, in one transaction: a reader sees all of them or none.
func (s *Service) RollUp(ctx context.Context, t Tree, measure string, p period.Period) (RolledUp, error) {
	d, err := s.Definition(measure)
	if err != nil {
		return RolledUp{}, err
	}
	if d.Denominator != "" {
		return RolledUp{}, fmt.Errorf("measure: %s is computed from others and has no figures", measure)
	}
	at := numbered(t)
	var done RolledUp
	err = s.store.Maintain(ctx, func(tx *store.Tx) error {
		done = RolledUp{}
		own, err := ownOf(tx, measure, p)
		if err != nil {
			return err
		}
		sums, below := make([]Sum, t.Len()), make([]bool, t.Len())
		for _, f := range own {
			n, ok := at[f.Place]
			if !ok {
				done.Left = append(done.Left, f.Place)
				continue
			}
			sums[n] = Sum{f.Numerator, f.Denominator, f.Covered, f.Expected}
			done.Figures++
			for above := t.Parent(n); above >= 0 && !below[above]; above = t.Parent(above) {
				below[above] = true
			}
		}
		if err := AddUp(t, sums); err != nil {
			return err
		}
		done.Totals, err = saveTotals(tx, t, Figure{Measure: measure, Period: p.String()}, sums, below)
		return err
	})
	return done, err
}

// numbered is where each place of a tree stands.
func numbered(t Tree) map[int64]int {
	at := make(map[int64]int, t.Len())
	for n := range t.Len() {
		at[t.Place(n)] = n
	}
	return at
}

// ownOf reads the own figures of a measure in a period, of all places.
func ownOf(r store.Reader, measure string, p period.Period) ([]Figure, error) {
	return table.All(r, `WHERE measure = ? AND period = ? AND total = ? ORDER BY home, place`, measure,
		p.String(), false)
}

// saveTotals replaces all totals of a measure and period by those of the places that have something
// below them.
func saveTotals(tx *store.Tx, t Tree, f Figure, sums []Sum, below []bool) (int, error) {
	if _, err := tx.Exec(`DELETE FROM figure WHERE measure = ? AND period = ? AND total = ?`,
		f.Measure, f.Period, true); err != nil {
		return 0, err
	}
	saved := 0
	for n, sum := range sums {
		if !below[n] {
			continue
		}
		f.Home, f.Place, f.Total, f.At = t.Home(n), t.Place(n), true, tx.Now()
		f.Numerator, f.Denominator, f.Covered, f.Expected = sum.Numerator, sum.Denominator, sum.Covered,
			sum.Expected
		if err := save(tx, f); err != nil {
			return saved, err
		}
		saved++
	}
	return saved, nil
}
