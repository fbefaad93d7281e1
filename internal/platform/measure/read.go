package measure

import (
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Ask says which figures are wanted.
type Ask struct {
	Measures []string
	Places   []int64
	Periods  []period.Period
}

// Table is figures that were read.
type Table struct {
	service *Service
	figures map[cell]Figure
}

type cell struct {
	measure string
	place   int64
	period  string
}

// portion is how many places are asked for in one statement.
const portion = 50

var readText = `WHERE measure = ? AND period = ? AND place IN (?` + strings.Repeat(", ?", portion-1) + `)`

// Read reads measures by name at places in periods. A place's total stands for its own figure where
// there is one. A ratio brings its parts.
func (s *Service) Read(r store.Reader, ask Ask) (Table, error) {
	t := Table{service: s, figures: map[cell]Figure{}}
	amounts := map[string]bool{}
	for _, key := range ask.Measures {
		d, err := s.Definition(key)
		if err != nil {
			return t, err
		}
		if d.Denominator != "" {
			amounts[d.Numerator], amounts[d.Denominator] = true, true
			continue
		}
		amounts[key] = true
	}
	for key := range amounts {
		for _, p := range ask.Periods {
			for from := 0; from < len(ask.Places); from += portion {
				if err := t.read(r, key, p, ask.Places[from:min(from+portion,
					len(ask.Places))]); err != nil {
					return t, err
				}
			}
		}
	}
	return t, nil
}

func (t Table) read(r store.Reader, measure string, p period.Period, places []int64) error {
	args := make([]any, 0, 2+portion)
	args = append(args, measure, p.String())
	for i := range portion {
		place := int64(-1) // no place: fills the statement up
		if i < len(places) {
			place = places[i]
		}
		args = append(args, place)
	}
	figures, err := table.All(r, readText, args...)
	if err != nil {
		return err
	}
	for _, f := range figures {
		id := cell{f.Measure, f.Place, f.Period}
		if other, ok := t.figures[id]; !ok || !other.Total {
			t.figures[id] = f
		}
	}
	return nil
}

// Value is what a measure is at a place in a period.
type Value struct {
	Definition Definition
	Period     period.Period
	Known      bool
	Amount     int64 // in units of 10^-Decimals
	Sum
	Source string
	At     period.Instant
}

// Value gives one value of the table. What was not asked for is not known.
func (t Table) Value(measure string, place int64, p period.Period) Value {
	d := t.service.catalogue[measure]
	v := Value{Definition: d, Period: p}
	if d.Denominator == "" {
		f, found := t.figures[cell{measure, place, p.String()}]
		v.Sum = Sum{f.Numerator, f.Denominator, f.Covered, f.Expected}
		v.Source, v.At = f.Source, f.At
		return v.judge(found, 0, 0)
	}
	n, there := t.figures[cell{d.Numerator, place, p.String()}]
	m, also := t.figures[cell{d.Denominator, place, p.String()}]
	v.Sum = Sum{n.Numerator, m.Numerator, min(n.Covered, m.Covered), max(n.Expected, m.Expected)}
	v.Source, v.At = n.Source, min(n.At, m.At)
	return v.judge(there && also, t.service.catalogue[d.Numerator].Decimals,
		t.service.catalogue[d.Denominator].Decimals)
}

// Of is the value of a ratio whose parts the caller has counted itself, all of them.
func Of(d Definition, p period.Period, numerator, denominator int64) Value {
	v := Value{Definition: d, Period: p, Sum: Sum{numerator, denominator, 0, 0}}
	return v.judge(true, 0, 0)
}

// judge decides by the measure's rule whether there is a value, and computes it.
func (v Value) judge(found bool, numeratorDecimals, denominatorDecimals int) Value {
	gap := v.Covered < v.Expected
	switch v.Definition.Missing {
	case Zero:
		v.Known = true
	case Partial:
		v.Known = found && (v.Covered > 0 || v.Expected == 0)
	case Void:
		v.Known = found && !gap
	}
	if !v.Definition.Ratio() {
		v.Amount = v.Numerator
		return v
	}
	v.Amount = 0
	if v.Denominator == 0 {
		v.Known = false
		return v
	}
	up, fits := decimal.MulDiv(v.Definition.scale(), power(v.Definition.Decimals+denominatorDecimals), 1,
		decimal.HalfUp)
	down, fits2 := decimal.MulDiv(v.Denominator, power(numeratorDecimals), 1, decimal.HalfUp)
	amount, fits3 := decimal.MulDiv(v.Numerator, up, max(down, 1), decimal.HalfUp)
	v.Amount, v.Known = amount, v.Known && fits && fits2 && fits3
	return v
}

func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Text writes the value with separators, without its unit; a dash if it is not known.
func (v Value) Text() string {
	if !v.Known {
		return "–"
	}
	return decimal.Grouped(v.Amount, v.Definition.Decimals)
}

// Plain writes the value for files: without separators, empty if it is not known.
func (v Value) Plain() string {
	if !v.Known {
		return ""
	}
	return decimal.Format(v.Amount, v.Definition.Decimals)
}

// Change is how a value differs from an earlier one: for a ratio in its own unit (percentage points), for
// an amount in per cent with one decimal place. known is false if either is not, or if it began at 0.
func (v Value) Change(earlier Value) (amount int64, decimals int, known bool) {
	difference, fits := decimal.Add(v.Amount, -earlier.Amount)
	if !v.Known || !earlier.Known || !fits {
		return 0, 0, false
	}
	if v.Definition.Ratio() {
		return difference, v.Definition.Decimals, true
	}
	base := max(earlier.Amount, -earlier.Amount)
	if base == 0 {
		return 0, 0, false
	}
	change, fits := decimal.MulDiv(difference, 1000, base, decimal.HalfUp)
	return change, 1, fits
}

// Better is 1 if the value is better than an earlier one by the measure's direction, -1 if worse.
func (v Value) Better(earlier Value) int {
	if !v.Known || !earlier.Known || v.Amount == earlier.Amount || v.Definition.Direction == Neither {
		return 0
	}
	if (v.Amount > earlier.Amount) == (v.Definition.Direction == More) {
		return 1
	}
	return -1
}
