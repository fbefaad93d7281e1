package record

import (
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// What is shown of what falls due: within so many days, and how many at most.
const (
	DueDays  = 90
	dueShown = 10
)

// Due is a commitment that is due and not settled, or falls due soon.
type Due struct {
	Commitment
	Late bool
}

// Word is the key of what it is.
func (d Due) Word() string { return "commitments.kind." + string(d.Kind) }

// Dues is what falls due under the loans, lendings and guarantees of an organisation.
type Dues struct {
	Days, More int
	Lines      []Due
	Owed, Lent money.Fen // by it, to it; what it only stands for is neither
}

// DuesOf sums up standing commitments, the longest due first.
func DuesOf(list []Commitment, today period.Date) Dues {
	d := Dues{Days: DueDays, More: max(0, len(list)-dueShown)}
	for i, c := range list {
		switch c.Kind {
		case Loan:
			d.Owed += c.Outstanding()
		case Lending:
			d.Lent += c.Outstanding()
		}
		if i < dueShown {
			d.Lines = append(d.Lines, Due{c, c.Due < today})
		}
	}
	return d
}
