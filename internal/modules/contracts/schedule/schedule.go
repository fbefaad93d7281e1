// Package schedule computes what falls due under a contract, and what a payment settles, exactly to
// the fen. It knows no database and no clock.
//
// # Words
//
// A Fee is an amount for each month, quarter, half-year or year, or once for the whole term, with steps
// that raise it from a year of the term on, in percent or by a fixed amount. A Phase is a stretch of the
// term with one fee: a contract begins with one, a new fee or an extension adds another, and ending it
// early cuts the last. A Due is an instalment: the days it is for, the day it falls due, the amount.
//
// # Law
//
// Civil Code, Art. 721 (rent is due as agreed), 705 (a lease over twenty years is void beyond them);
// interest and penalties are not computed: they are claimed, not scheduled.
//
// # Invariants
//
//  1. The instalments of a plan cover every day of its phases once: no gaps, no overlaps.
//  2. A whole interval costs its whole fee; a broken one at the end the part that its days are of the
//     days of the whole interval, rounded half up.
//  3. Cutting a phase leaves the instalments before the cut alone, and the instalment it cuts splits into
//     two parts that sum to it (Part).
//  4. An instalment falls due on the first due day moved by whole intervals; those of the years paid in
//     advance all on the first due day.
//  5. What is paid settles the oldest first, never more than is due, and nothing is lost: settled and
//     left over sum to what was paid.
//  6. The bands of an ageing sum to what is open.
//
// # Example
//
// A shop let from 2025-03-01 to 2027-05-31 for 12,000.00 a year, 5 % more from the second year: due
// 12,000.00 on 2025-03-01, 12,600.00 on 2026-03-01, and on 2027-03-01 for the 92 days that are left
// of a year of 366 (it has the 29 February 2028) 12,600.00 × 92 / 366 = 3,167.21.
package schedule

import (
	"errors"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Every is how often a fee is paid.
type Every string

// The intervals.
const (
	Once     Every = "once"
	Month    Every = "month"
	Quarter  Every = "quarter"
	HalfYear Every = "half_year"
	Year     Every = "year"
)

var months = map[Every]int{Month: 1, Quarter: 3, HalfYear: 6, Year: 12}

// Limits of a contract.
const (
	YearsMax   = 100
	StepsMax   = 50
	PercentMax = 10_000            // a hundred percent
	wholeShare = 10_000            // hundredths of a percent in one
	AmountMax  = 1_000_000_000_000 // fen of one instalment
)

// Step raises (or lowers) the fee from a year of the phase on.
type Step struct {
	Year    int       `json:"year"`              // from 2: the first year is the fee itself
	Percent int64     `json:"percent,omitempty"` // hundredths of a percent
	Fixed   money.Fen `json:"fixed,omitempty"`   // to add to an instalment
}

// Fee is what is paid.
type Fee struct {
	Amount  money.Fen   `json:"amount"` // an interval's
	Every   Every       `json:"every"`
	First   period.Date `json:"first,omitempty"` // first due day; "": the first day of the phase
	Steps   []Step      `json:"steps,omitempty"`
	Prepaid int         `json:"prepaid,omitempty"` // years paid on the first due day
	Deposit money.Fen   `json:"deposit,omitempty"` // kept apart, no instalment
}

// Stepped is the fee raised every so many years, as far as a schedule takes steps.
func (f Fee) Stepped(years int, percent int64) Fee {
	if years < 1 || percent == 0 {
		return f
	}
	for year := years + 1; year <= YearsMax && len(f.Steps) < StepsMax; year += years {
		f.Steps = append(f.Steps, Step{Year: year, Percent: percent})
	}
	return f
}

// Values is a fee as forms hold it.
func (f Fee) Values() map[string]string {
	values := map[string]string{"amount": f.Amount.Plain(), "every": string(f.Every),
		"prepaid": strconv.Itoa(f.Prepaid), "first_due": string(f.First)}
	if len(f.Steps) > 0 {
		values["step_years"] = strconv.Itoa(f.Steps[0].Year - 1)
		values["step_percent"] = decimal.Format(f.Steps[0].Percent, 2)
	}
	if f.Deposit != 0 {
		values["deposit"] = f.Deposit.Plain()
	}
	return values
}

// Phase is a stretch of the term with one fee.
type Phase struct {
	From period.Date `json:"from"`
	To   period.Date `json:"to"`            // last day as agreed
	Cut  period.Date `json:"cut,omitempty"` // last day, if it ended early
	Fee  Fee         `json:"fee"`
}

// Last is the phase's last day.
func (p Phase) Last() period.Date {
	if p.Cut != "" && p.Cut < p.To {
		return p.Cut
	}
	return p.To
}

// Due is an instalment.
type Due struct {
	From, To period.Date // the days it is for
	Day      period.Date // when it falls due
	Amount   money.Fen
}

// The ways a schedule can be wrong.
var (
	ErrTerm   = errors.New("schedule: the term needs a first and a last day, within a hundred years")
	ErrFee    = errors.New("schedule: amount, interval, years in advance or deposit cannot be so")
	ErrSteps  = errors.New("schedule: the steps must rise by year from the second on")
	ErrPhases = errors.New("schedule: each phase begins on the day after the one before it")
)

// Check says what is wrong with a phase.
func (p Phase) Check() error {
	if !p.From.Valid() || !p.To.Valid() || p.To < p.From || p.To >= p.From.AddMonths(12*YearsMax) ||
		p.Cut != "" && (!p.Cut.Valid() || p.Cut < p.From.AddDays(-1)) {
		return ErrTerm
	}
	f := p.Fee
	if f.Amount < 0 || f.Amount > AmountMax || f.Every != Once && months[f.Every] == 0 || f.Prepaid < 0 ||
		f.Prepaid > YearsMax || f.Deposit < 0 || f.First != "" && !f.First.Valid() {
		return ErrFee
	}
	if len(f.Steps) > StepsMax || f.Every == Once && len(f.Steps) > 0 {
		return ErrSteps
	}
	before := 1
	for _, s := range f.Steps {
		if s.Year <= before || s.Year > YearsMax || s.Percent < -PercentMax || s.Percent > PercentMax ||
			s.Fixed < -AmountMax || s.Fixed > AmountMax {
			return ErrSteps
		}
		before = s.Year
	}
	_, err := p.level(p.years())
	return err
}

// years counts the years of the term that have begun by its end.
func (p Phase) years() int {
	n := 0
	for p.From.AddMonths(12*n) <= p.To {
		n++
	}
	return n
}

// level is the fee of an interval in a year of the phase, counted from 1.
func (p Phase) level(year int) (money.Fen, error) {
	amount := p.Fee.Amount
	for _, s := range p.Fee.Steps {
		if s.Year > year {
			break
		}
		raised, err := amount.Times(wholeShare+s.Percent, wholeShare, decimal.HalfUp)
		if err != nil {
			return 0, ErrSteps
		}
		if amount, err = raised.Add(s.Fixed); err != nil || amount < 0 || amount > AmountMax {
			return 0, ErrSteps
		}
	}
	return amount, nil
}

// days counts the days of a stretch, both ends included.
func days(from, to period.Date) int64 { return int64(from.Until(to)) + 1 }

// Part is what the days up to one cost of an instalment, and what the days after it cost. They sum to it.
func (d Due) Part(last period.Date) (before, after money.Fen) {
	switch {
	case last >= d.To:
		return d.Amount, 0
	case last < d.From:
		return 0, d.Amount
	}
	part, err := d.Amount.Times(days(d.From, last), days(d.From, d.To), decimal.HalfUp)
	if err != nil {
		return d.Amount, 0 // cannot be: a part is not above the whole
	}
	return part, d.Amount - part
}

// Dues are the instalments of a phase, in order.
func (p Phase) Dues() ([]Due, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	agreed, err := p.agreed()
	if err != nil {
		return nil, err
	}
	last := p.Last()
	var list []Due
	for _, d := range agreed {
		if d.From > last {
			break
		}
		d.Amount, _ = d.Part(last)
		d.To = min(d.To, last)
		list = append(list, d)
	}
	return list, nil
}

// agreed are the instalments of the phase as if it were not cut.
func (p Phase) agreed() ([]Due, error) {
	first := p.Fee.First
	if first == "" {
		first = p.From
	}
	if p.Fee.Every == Once {
		return []Due{{p.From, p.To, first, p.Fee.Amount}}, nil
	}
	n := months[p.Fee.Every]
	var list []Due
	for i := 0; ; i++ {
		from := p.From.AddMonths(i * n)
		if from > p.To {
			return list, nil
		}
		year := i*n/12 + 1
		amount, err := p.level(year)
		if err != nil {
			return nil, err
		}
		whole := Due{From: from, To: p.From.AddMonths((i + 1) * n).AddDays(-1), Amount: amount,
			Day: first.AddMonths(i * n)}
		if year <= p.Fee.Prepaid {
			whole.Day = first
		}
		whole.Amount, _ = whole.Part(p.To)
		whole.To = min(whole.To, p.To)
		list = append(list, whole)
	}
}

// Plan is everything that falls due under a contract, in the order of the days it is for.
func Plan(phases []Phase) ([]Due, error) {
	var list []Due
	for i, p := range phases {
		if i > 0 && p.From != phases[i-1].Last().AddDays(1) {
			return nil, ErrPhases
		}
		dues, err := p.Dues()
		if err != nil {
			return nil, err
		}
		list = append(list, dues...)
	}
	return list, nil
}

// Total is what a plan sums to.
func Total(plan []Due) (money.Fen, error) {
	var sum money.Fen
	for _, d := range plan {
		var err error
		if sum, err = sum.Add(d.Amount); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// TotalOf is what all that falls due under phases sums to.
func TotalOf(phases []Phase) (money.Fen, error) {
	plan, err := Plan(phases)
	if err != nil {
		return 0, err
	}
	return Total(plan)
}

// Next is the first due day after a day; period.Open if nothing falls due any more.
func Next(plan []Due, after period.Date) period.Date {
	next := period.Open
	for _, d := range plan {
		if d.Amount != 0 && d.Day > after && d.Day < next {
			next = d.Day
		}
	}
	return next
}

// Ahead are the instalments that fall due after a day and up to another.
func Ahead(plan []Due, after, until period.Date) []Due {
	var list []Due
	for _, d := range plan {
		if d.Amount != 0 && d.Day > after && d.Day <= until {
			list = append(list, d)
		}
	}
	return list
}

// Yearly is what a year of the phase costs at its beginning: for comparing prices.
func (p Phase) Yearly() money.Fen {
	if n := months[p.Fee.Every]; n > 0 {
		return p.Fee.Amount * money.Fen(12/n)
	}
	year, err := p.Fee.Amount.Times(days(p.From, p.From.AddMonths(12).AddDays(-1)), days(p.From, p.To),
		decimal.HalfUp)
	if err != nil {
		return 0
	}
	return min(year, p.Fee.Amount)
}

// Prepaid is how many years from the beginning are paid in advance: those agreed, or all of a term that
// is paid once.
func (p Phase) Prepaid() int {
	if p.Fee.Every != Once || p.Fee.Amount == 0 {
		return p.Fee.Prepaid
	}
	return p.years()
}
