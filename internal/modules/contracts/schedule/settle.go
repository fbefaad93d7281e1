package schedule

import (
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Claim is an instalment that has fallen due, less what was given up of it.
type Claim struct {
	Day    period.Date
	Amount money.Fen // not negative
	Paid   money.Fen
}

// Open is what is not paid.
func (c Claim) Open() money.Fen { return c.Amount - c.Paid }

// Settle spreads what was paid over claims that are in the order of their age, oldest first, and says
// what is left over.
func Settle(claims []money.Fen, paid money.Fen) (settled []money.Fen, left money.Fen) {
	settled = make([]money.Fen, len(claims))
	for i, amount := range claims {
		settled[i] = max(0, min(amount, paid))
		paid -= settled[i]
	}
	return settled, paid
}

// Band is how old an open claim is.
type Band int

// The bands of the annual check: not yet due, up to a year, two, three, and older.
const (
	Coming Band = iota
	FirstYear
	SecondYear
	ThirdYear
	Older
	Bands
)

// BandOf tells the band of a due day.
func BandOf(due, today period.Date) Band {
	switch {
	case due > today:
		return Coming
	case due > today.AddMonths(-12):
		return FirstYear
	case due > today.AddMonths(-24):
		return SecondYear
	case due > today.AddMonths(-36):
		return ThirdYear
	}
	return Older
}

// Age adds up what is open by its age.
func Age(claims []Claim, today period.Date) [Bands]money.Fen {
	var bands [Bands]money.Fen
	for _, c := range claims {
		bands[BandOf(c.Day, today)] += c.Open()
	}
	return bands
}
