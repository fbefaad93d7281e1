// Package depreciation writes the cost of a long-lived asset off over its life, exactly to the fen.
//
// Under the accounting system of rural collective economic organisations (财会〔2023〕14号, in force
// from 2024-01-01) an asset is depreciated from the month after it is put into use and no longer
// from the month after it leaves, by straight line (年限平均法) or by units of work (工作量法); land
// and what is written off entirely is not. (Wording of the months unverified.)
//
// # Invariants
//
//  1. What has been written off by the end of month m is computed from the whole, never added up
//     from rounded months; so the months of a life sum exactly to cost minus salvage.
//  2. It never falls, never exceeds cost minus salvage, and is 0 before the asset is in use.
//  3. Splitting an asset splits cost, salvage and what was written off so that the parts sum to the
//     whole, and each part goes on as the whole would have.
//  4. A revaluation or a change of life takes effect from the month after it and never touches a
//     month that is past.
//
// Example: a pump of 1,000.00 yuan, salvage 50.00, 36 months, in use on 2026-03-15: April is the
// first month with 26.39; at the end of 2026 nine months are written off, 237.50; at the end of
// March 2029 all 950.00.
package depreciation

import (
	"errors"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Method is how the cost is spread.
type Method string

// The methods.
const (
	None         Method = "none"          // land, culture, what is never written off
	StraightLine Method = "straight_line" // the same each month
	Units        Method = "units"         // by work done
)

// Plan is what depreciation follows from. A revalued or changed asset has a Base: what had been
// written off when the present plan began.
type Plan struct {
	Method  Method
	Cost    money.Fen   // original or revalued
	Salvage money.Fen   // expected at the end
	Months  int         // life, or what was left of it at Since
	Since   period.Date // put into use, or revalued, on
	Base    money.Fen   // written off before Since
	Work    int64       // Units: all the work of the life, in hundredths of its unit
	Ended   period.Date // disposed of on; "" while it is there
}

// The ways a plan can be wrong.
var (
	ErrCost    = errors.New("depreciation: cost and salvage must not be negative, nor salvage above cost")
	ErrLife    = errors.New("depreciation: a life of 1 to 1200 months, or all the work of it, is needed")
	ErrSince   = errors.New("depreciation: the day it was put into use is needed")
	ErrBase    = errors.New("depreciation: more was written off than there is")
	ErrShares  = errors.New("depreciation: the shares of a split must be positive")
	ErrOverrun = errors.New("depreciation: the amounts do not fit")
)

// MonthsMax is the longest life: a hundred years.
const MonthsMax = 1200

// Check says what is wrong with a plan.
func (p Plan) Check() error {
	switch {
	case p.Cost < 0 || p.Salvage < 0 || p.Salvage > p.Cost:
		return ErrCost
	case p.Base < 0 || p.Base > p.Cost-p.Salvage:
		return ErrBase
	case p.Method == None:
		return nil
	case !p.Since.Valid():
		return ErrSince
	case p.Method == StraightLine && (p.Months < 1 || p.Months > MonthsMax),
		p.Method == Units && p.Work < 1:
		return ErrLife
	}
	return nil
}

// open is what is left to write off from Since on.
func (p Plan) open() money.Fen { return p.Cost - p.Salvage - p.Base }

// monthsBy counts the months written off by the end of the month in which a day lies.
func (p Plan) monthsBy(day period.Date) int {
	until := day
	if p.Ended != "" && p.Ended < until {
		until = p.Ended
	}
	n := (until.Year()-p.Since.Year())*12 + int(until.Month()) - int(p.Since.Month())
	return min(max(n, 0), p.Months)
}

// Accumulated is what has been written off by the end of the month in which a day lies (straight
// line; a plan by units needs AccumulatedWork).
func (p Plan) Accumulated(day period.Date) money.Fen {
	if p.Method != StraightLine || p.Months == 0 || day < p.Since {
		return p.Base
	}
	part, err := p.open().Times(int64(p.monthsBy(day)), int64(p.Months), decimal.HalfUp)
	if err != nil {
		return p.Base // cannot be: the part is not above the whole
	}
	return p.Base + part
}

// AccumulatedWork is what has been written off when so much of the work has been done, in
// hundredths of its unit.
func (p Plan) AccumulatedWork(done int64) money.Fen {
	if p.Method != Units || p.Work == 0 || done <= 0 {
		return p.Base
	}
	part, err := p.open().Times(min(done, p.Work), p.Work, decimal.HalfUp)
	if err != nil {
		return p.Base
	}
	return p.Base + part
}

// Month is what one month writes off.
func (p Plan) Month(m period.Period) money.Fen {
	return p.Accumulated(m.Last()) - p.Accumulated(m.First().AddDays(-1))
}

// Net is cost minus what has been written off by the end of the day's month.
func (p Plan) Net(day period.Date) money.Fen { return p.Cost - p.Accumulated(day) }

// Revalue begins anew on a day with another cost, salvage and remaining life. What was written off
// by the end of that month stays.
func (p Plan) Revalue(day period.Date, cost, salvage money.Fen, months int) (Plan, error) {
	next := Plan{Method: p.Method, Cost: cost, Salvage: salvage, Months: months, Since: max(day, p.Since),
		Base: p.Accumulated(day), Work: p.Work}
	return next, next.Check()
}

// Remaining is how many months of the life are left after the month of a day.
func (p Plan) Remaining(day period.Date) int { return p.Months - p.monthsBy(day) }

// Split divides the asset in proportion to shares on a day. The parts sum to the whole in cost,
// salvage and what was written off; leftover fen go to the earlier parts.
func (p Plan) Split(day period.Date, shares []int64) ([]Plan, error) {
	var total int64
	for _, s := range shares {
		var fits bool
		if total, fits = decimal.Add(total, s); s <= 0 || !fits {
			return nil, ErrShares
		}
	}
	if len(shares) < 2 {
		return nil, ErrShares
	}
	// What was written off, what still will be and the salvage are each divided exactly; the cost of
	// a part is their sum, so that none has more written off than it can bear.
	written := p.Accumulated(day)
	var pieces [3][]money.Fen
	for i, amount := range []money.Fen{written, p.Cost - p.Salvage - written, p.Salvage} {
		var err error
		if pieces[i], err = apportion(amount, shares, total); err != nil {
			return nil, err
		}
	}
	parts := make([]Plan, len(shares))
	for i := range parts {
		base, open, salvage := pieces[0][i], pieces[1][i], pieces[2][i]
		parts[i] = Plan{Method: p.Method, Cost: base + open + salvage, Salvage: salvage,
			Months: max(1, p.Remaining(day)), Since: max(day, p.Since), Base: base, Work: p.Work}
	}
	return parts, nil
}

// apportion divides an amount exactly: each share rounded down, what is left over a fen at a time
// to the first parts.
func apportion(amount money.Fen, shares []int64, total int64) ([]money.Fen, error) {
	parts := make([]money.Fen, len(shares))
	left := amount
	for i, s := range shares {
		part, err := amount.Times(s, total, decimal.Down)
		if err != nil {
			return nil, ErrOverrun
		}
		parts[i], left = part, left-part
	}
	for i := 0; left > 0; i++ {
		parts[i%len(parts)]++
		left--
	}
	return parts, nil
}
