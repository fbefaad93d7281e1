package book

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Claim is a movement on a claim: above zero it arises, below it is settled.
type Claim struct {
	Counterparty string
	Date         period.Date
	Amount       money.Fen
	Red          bool // a red-letter line: it takes back an earlier one instead of settling the oldest
}

// AgeBands are the bands of ages: up to one year, one to two, two to three, more than three.
const AgeBands = 4

// Aged is what a counterparty owes on a day, by how long ago it arose.
type Aged struct {
	Counterparty string
	Bands        [AgeBands]money.Fen
	Total        money.Fen   // of the bands
	Oldest       period.Date // when the oldest open part arose; "" if nothing is open
	Advance      money.Fen   // paid before anything was owed, above zero
}

// Age tells how old claims are on a day. What is paid settles what arose first (先进先出); what is paid too
// much waits for what arises next. Claims are taken in the order of their dates, those of one day as
// they are given; later ones than the day are left out. Exact: Total − Advance is the sum of what was
// given. A claim that arose a year ago to the day is still of the first band. The error is
// money.ErrOverflow.
func Age(claims []Claim, on period.Date) ([]Aged, error) {
	sorted := make([]Claim, 0, len(claims))
	for _, c := range claims {
		if c.Date <= on && c.Amount != 0 {
			sorted = append(sorted, c)
		}
	}
	slices.SortStableFunc(sorted, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(a.Counterparty, b.Counterparty), cmp.Compare(a.Date, b.Date))
	})
	var aged []Aged
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].Counterparty == sorted[0].Counterparty {
			n++
		}
		one, err := age(withoutReversed(sorted[:n]), on)
		if err != nil {
			return nil, err
		}
		one.Counterparty = sorted[0].Counterparty
		if one.Total != 0 || one.Advance != 0 {
			aged = append(aged, one)
		}
		sorted = sorted[n:]
	}
	return aged, nil
}

// withoutReversed leaves out each red line together with the latest earlier one of the opposite amount:
// a claim that was booked in error last month must not settle one of years ago. A red line that takes
// nothing back settles or arises like any other.
func withoutReversed(claims []Claim) []Claim {
	kept := make([]Claim, 0, len(claims))
	for _, c := range claims {
		i := len(kept) - 1
		for c.Red && i >= 0 && (kept[i].Red || kept[i].Amount != -c.Amount) {
			i--
		}
		if c.Red && i >= 0 {
			kept = slices.Delete(kept, i, i+1)
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

// age settles the claims of one counterparty.
func age(claims []Claim, on period.Date) (Aged, error) {
	var a Aged
	settled := wide{}
	for _, c := range claims {
		if c.Amount < 0 {
			settled.join(minus(c.Amount))
		}
	}
	var bands [AgeBands]wide
	for _, c := range claims {
		if c.Amount < 0 {
			continue
		}
		open := wide{}
		open.add(c.Amount)
		open.join(settled.negated())
		if open.negative() {
			settled = open.negated()
			continue
		}
		settled = wide{}
		if open.zero() {
			continue
		}
		if a.Oldest == "" {
			a.Oldest = c.Date
		}
		bands[band(c.Date, on)].join(open)
	}
	var err error
	if a.Advance, err = settled.fen(); err != nil {
		return a, err
	}
	total := wide{}
	for i, sum := range bands {
		total.join(sum)
		if a.Bands[i], err = sum.fen(); err != nil {
			return a, err
		}
	}
	a.Total, err = total.fen()
	return a, err
}

// band is how many years have gone by since a day, counted as begun ones, from 0.
func band(arose, on period.Date) int {
	for years := 1; years < AgeBands; years++ {
		if on <= arose.AddMonths(12*years) {
			return years - 1
		}
	}
	return AgeBands - 1
}
