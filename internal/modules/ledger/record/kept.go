package record

import (
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Gate counts who passed the gate of a book: whoever posts into it or closes it passes one after another.
type Gate struct {
	Home   int64 `db:"home"`
	Book   int64 `db:"book,key"`
	Posted int64 `db:"posted"`
}

// Number is the last number given in a book, month and series.
type Number struct {
	Home   int64  `db:"home"`
	Book   int64  `db:"book,key"`
	Month  string `db:"month,key"`
	Series string `db:"series,key"`
	Last   int64  `db:"last"`
}

// NumberOf is the counter of a book's month and series; last is −1 if there is none yet.
func NumberOf(b Book, month, series string, last int64) *Number {
	return &Number{Home: b.Home, Book: b.ID, Month: month, Series: series, Last: last}
}

// Turnover is what moved on an account in a month, under a counterparty where it is kept so.
type Turnover struct {
	Home         int64     `db:"home"`
	Book         int64     `db:"book,key"`
	Year         int       `db:"year,key"`
	Account      string    `db:"account,key"`
	Month        string    `db:"month,key"`
	Counterparty string    `db:"counterparty,key"`
	Closing      bool      `db:"closing,key"`
	Debit        money.Fen `db:"debit"`
	Credit       money.Fen `db:"credit"`
}

// Moved is the row as statements see it.
func (t Turnover) Moved() vector.Moved {
	return vector.Moved{Month: t.Month, Turnover: book.Turnover{Account: t.Account,
		Counterparty: t.Counterparty, Debit: t.Debit, Credit: t.Credit, Closing: t.Closing}}
}

// Add adds a line to the side on which it stands; a red one lessens the other.
func (t *Turnover) Add(line PostingRow) (err error) {
	if (line.Amount > 0) != line.Red {
		t.Debit, err = t.Debit.Add(line.Amount)
		return err
	}
	t.Credit, err = t.Credit.Add(-line.Amount)
	return err
}

// Key is what was answered to a request that carried a key.
type Key struct {
	Home        int64          `db:"home"`
	Account     int64          `db:"account,key"`
	Name        string         `db:"name,key"`
	Fingerprint string         `db:"fingerprint"`
	Voucher     int64          `db:"voucher"` // 0: refused
	Refusal     string         `db:"refusal"`
	At          period.Instant `db:"at"`
}

// Sheet is the statements of a book's closed month as one vector.
type Sheet struct {
	Home  int64  `db:"home"`
	Month string `db:"month,key"`
	Book  int64  `db:"book,key"`
	Place int64  `db:"place"`
	Chart string `db:"chart"`
	Cells []byte `db:"cells"`
}

// Moving is turnovers as postings are added to them.
type Moving struct {
	Rows []Turnover
	at   map[turnoverKey]int
}

type turnoverKey struct {
	account, month, counterparty string
	closing                      bool
}

// Add adds a voucher's postings.
func (m *Moving) Add(v *Voucher, lines []PostingRow) error {
	if m.at == nil {
		m.at = map[turnoverKey]int{}
	}
	for _, line := range lines {
		key := turnoverKey{line.Account, v.Month, line.Detail(), line.Closing}
		i, ok := m.at[key]
		if !ok {
			i = len(m.Rows)
			m.at[key] = i
			m.Rows = append(m.Rows, Turnover{Home: v.Home, Book: v.Book, Year: v.Date.Year(),
				Account: key.account, Month: key.month, Counterparty: key.counterparty,
				Closing: key.closing})
		}
		if err := m.Rows[i].Add(line); err != nil {
			return fault.New(fault.Invalid, "ledger.overflow")
		}
	}
	return nil
}

// After is what stands on the accounts that are moved once they were, of what stands on all of them now.
func (m *Moving) After(now []book.Balance) (after []book.Balance, err error) {
	sums, touched := vector.SumsOf(now), vector.Sums{}
	for _, t := range m.Rows {
		key := vector.Key{Account: t.Account, Counterparty: t.Counterparty}
		if sums[key], err = money.Sum(sums[key], t.Debit, -t.Credit); err != nil {
			return nil, fault.New(fault.Invalid, "ledger.overflow")
		}
		touched[key] = sums[key]
	}
	return touched.List(true), nil
}

// Of is what moved in a year.
func (m *Moving) Of(year int) []vector.Moved {
	var moved []vector.Moved
	for _, t := range m.Rows {
		if t.Year == year {
			moved = append(moved, t.Moved())
		}
	}
	return moved
}
