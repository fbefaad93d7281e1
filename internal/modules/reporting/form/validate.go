package form

import (
	"math/big"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
)

// Layer is one of the four layers of validation; the fourth, of the configuration, is Check.
type Layer string

// The layers that a row goes through.
const (
	InRange  Layer = "range"
	AcrossOf Layer = "cross"
	Unusual  Layer = "outlier"
)

// Finding is something wrong or unusual in a row, with what explains it.
type Finding struct {
	Layer    Layer
	Rule     string // of a cross-item rule its key; else the kind of finding
	Severity fault.Severity
	Cell     string
	Facts    []string // arguments of the text, in words
}

// Ranges finds the cells that are missing or out of their bounds for a unit of a level.
func (d Definition) Ranges(row Row, level division.Level) []Finding {
	var found []Finding
	for i, c := range d.Cells {
		if c.Computed() {
			continue
		}
		if !row[i].Known {
			if !c.Optional {
				found = append(found, Finding{InRange, "missing", fault.Error, c.Key, nil})
			}
			continue
		}
		low, high := c.Bounds(level)
		if low != nil && row[i].Amount < *low || high != nil && row[i].Amount > *high {
			found = append(found, Finding{InRange, "range", fault.Error, c.Key,
				[]string{d.Text(i, row[i]), d.bound(i, low), d.bound(i, high)}})
		}
	}
	return found
}

func (d Definition) bound(i int, v *int64) string {
	if v == nil {
		return "–"
	}
	return d.Text(i, Value{Known: true, Amount: *v})
}

// Bounds are those of the cell for a level: the level's own, else the cell's.
func (c Cell) Bounds(level division.Level) (low, high *int64) {
	low, high = c.Min, c.Max
	for _, r := range c.Ranges {
		if r.Level == level {
			return r.Min, r.Max
		}
	}
	return low, high
}

// Usual is where figures of a kind lie: the median and the bounds around it.
type Usual struct{ Median, Low, High int64 }

// Outlying reports whether x lies further from the median of others than so many median absolute
// deviations, and where the usual ones lie (rounded outward). Everything is doubled twice so that the
// median of an even number stays whole. Where more than half of the others are equal the deviation is
// 0; then x is outlying if it is more than half as much again as the median, or less than half of it.
func Outlying(x int64, others []int64, deviations fraction.Fraction, least int) (Usual, bool) {
	if len(others) < max(least, 1) {
		return Usual{}, false
	}
	middle := doubleMedian(bigs(others)) // twice the median
	away := make([]*big.Int, len(others))
	for i, o := range others {
		away[i] = distance(middle, o)
	}
	width := doubleMedian(away) // four times the deviation
	n, m := big.NewInt(deviations.Numerator), big.NewInt(deviations.Denominator)
	if width.Sign() == 0 {
		width = new(big.Int).Abs(middle) // four times half the median
		n, m = big.NewInt(1), big.NewInt(1)
	}
	reach := new(big.Int).Mul(width, n) // four times the reach, times m
	at := new(big.Int).Mul(distance(middle, x), m)
	outside := at.Mul(at, big.NewInt(2)).Cmp(reach) > 0
	centre := new(big.Int).Mul(middle, new(big.Int).Mul(m, big.NewInt(2))) // four times the median, times m
	by := new(big.Int).Mul(m, big.NewInt(4))
	low := new(big.Int).Div(new(big.Int).Sub(centre, reach), by) // Div rounds down for by > 0
	high := new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(new(big.Int).Add(centre, reach)), by))
	return Usual{new(big.Int).Div(middle, big.NewInt(2)).Int64(), low.Int64(), high.Int64()}, outside
}

// distance is twice how far x is from a median that is given doubled.
func distance(doubled *big.Int, x int64) *big.Int {
	d := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(x), big.NewInt(2)), doubled)
	return d.Abs(d)
}

func bigs(all []int64) []*big.Int {
	out := make([]*big.Int, len(all))
	for i, n := range all {
		out[i] = big.NewInt(n)
	}
	return out
}

// doubleMedian is twice the median of a list that is not empty.
func doubleMedian(all []*big.Int) *big.Int {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, (*big.Int).Cmp)
	n := len(sorted)
	return new(big.Int).Add(sorted[(n-1)/2], sorted[n/2])
}

// Unusual finds cells that lie far from their unit's own history or from those of its peers.
func (d Definition) Unusual(row Row, history, peers []Row, deviations fraction.Fraction,
	least int) []Finding {
	var found []Finding
	for i, c := range d.Cells {
		if !c.Outlier {
			continue
		}
		x, known := d.Shown(i, row[i])
		if !known {
			continue
		}
		for _, against := range []struct {
			rule string
			rows []Row
		}{{"history", history}, {"peers", peers}} {
			usual, outside := Outlying(x, d.column(i, against.rows), deviations, least)
			if outside {
				found = append(found, Finding{Unusual, against.rule, fault.Warning, c.Key,
					[]string{d.Text(i, row[i]), d.plain(i, usual.Median), d.plain(i, usual.Low),
						d.plain(i, usual.High)}})
			}
		}
	}
	return found
}

func (d Definition) column(i int, rows []Row) (all []int64) {
	for _, row := range rows {
		if v, known := d.Shown(i, row[i]); known {
			all = append(all, v)
		}
	}
	return all
}

// plain writes an amount that is already as shown.
func (d Definition) plain(i int, amount int64) string {
	c := d.Cells[i]
	if c.Kind == Ratio {
		c.Kind = Quantity
	}
	one := Definition{Cells: []Cell{c}}
	return one.Text(0, Value{Known: true, Amount: amount})
}
