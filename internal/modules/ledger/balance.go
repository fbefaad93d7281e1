package ledger

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

type balanceRow struct {
	Account      string    `db:"account"`
	Counterparty string    `db:"counterparty"`
	Amount       money.Fen `db:"amount"`
}

// balancesText adds up the opening of a year, the turnovers of whole months, and the postings of the
// month that has only begun. No row of an earlier year is read. CROSS JOIN keeps SQLite to that order:
// vouchers of the month first, then their lines by key; by itself it walks all lines of the county.
const balancesText = `SELECT account, counterparty, CAST(sum(amount) AS BIGINT) AS amount FROM (
	SELECT account, counterparty, amount FROM ledger_opening WHERE home = ? AND book = ? AND year = ?
	UNION ALL
	SELECT account, counterparty, debit - credit FROM ledger_turnover
		WHERE home = ? AND book = ? AND year >= ? AND month < ?
	UNION ALL
	SELECT p.account, CASE WHEN p.detailed THEN p.counterparty ELSE '' END, p.amount FROM ledger_voucher v
		CROSS JOIN ledger_posting p WHERE p.home = v.home AND p.voucher = v.id
		AND v.home = ? AND v.book = ? AND v.month = ? AND v.number > 0 AND v.date <= ?
	) every_amount GROUP BY account, counterparty HAVING sum(amount) <> 0`

// Balances are what stood on the accounts of a book at the end of a day, debit above zero, in the order
// of accounts and details; what is nothing is left out. Drafts do not count.
func Balances(r store.Reader, ref Ref, on period.Date) ([]book.Balance, error) {
	b, err := Get(r, ref)
	if err != nil {
		return nil, err
	}
	return balancesOf(r, b, on)
}

func balancesOf(r store.Reader, b Book, on period.Date) ([]book.Balance, error) {
	if !on.Valid() {
		return nil, fault.New(fault.Invalid, "ledger.day")
	}
	year := max(min(on.AddDays(1).Year(), b.BaseYear()), b.From.Year())
	before, begun := record.MonthOf(on), record.MonthOf(on)
	if record.MonthOf(on.AddDays(1)) != begun {
		before, begun = record.MonthOf(on.AddDays(1)), ""
	}
	rows, err := store.All[balanceRow](r, balancesText, b.Home, b.ID, year, b.Home, b.ID, year, before,
		b.Home, b.ID, begun, on)
	all := make([]book.Balance, len(rows))
	for i, row := range rows {
		all[i] = book.Balance(row)
	}
	return vector.SumsOf(all).List(false), err
}

// standing is what stands on the accounts over everything posted.
func standing(r store.Reader, b Book) ([]book.Balance, error) {
	return balancesOf(r, b, "2999-12-30")
}

// turnoversText adds up whole months, and the postings of the months that begin or end within.
const turnoversText = `SELECT account, counterparty, closing, CAST(sum(debit) AS BIGINT) AS debit,
	CAST(sum(credit) AS BIGINT) AS credit FROM (
	SELECT account, counterparty, closing, debit, credit FROM ledger_turnover
		WHERE home = ? AND book = ? AND year >= ? AND year <= ? AND month >= ? AND month <= ?
	UNION ALL
	SELECT p.account, CASE WHEN p.detailed THEN p.counterparty ELSE '' END, p.closing,
		CASE WHEN (p.amount > 0) <> p.red THEN p.amount ELSE 0 END,
		CASE WHEN (p.amount > 0) <> p.red THEN 0 ELSE -p.amount END FROM ledger_voucher v
		CROSS JOIN ledger_posting p WHERE p.home = v.home AND p.voucher = v.id
		AND v.home = ? AND v.book = ? AND v.month IN (?, ?) AND v.number > 0 AND v.date >= ? AND v.date <= ?
	) every_turnover GROUP BY account, counterparty, closing`

type movedRow struct {
	Account      string    `db:"account"`
	Counterparty string    `db:"counterparty"`
	Debit        money.Fen `db:"debit"`
	Credit       money.Fen `db:"credit"`
	Closing      bool      `db:"closing"`
}

// Turnover is what moved on the accounts of a book from one day to another, both included.
func Turnover(r store.Reader, ref Ref, from, to period.Date) ([]book.Turnover, error) {
	if !from.Valid() || !to.Valid() {
		return nil, fault.New(fault.Invalid, "ledger.day")
	}
	first, last := record.MonthOf(from), record.MonthOf(to)
	var begun, ended string
	if from.Day() != 1 {
		begun, first = first, record.MonthOf(firstOfNext(from))
	}
	if record.MonthOf(to.AddDays(1)) == last {
		ended, last = last, record.MonthOf(to.AddDays(-to.Day()))
	}
	rows, err := store.All[movedRow](r, turnoversText, ref.Home, ref.ID, from.Year(), to.Year(), first,
		last,
		ref.Home, ref.ID, begun, ended, from, to)
	all := make([]book.Turnover, len(rows))
	for i, row := range rows {
		all[i] = book.Turnover(row)
	}
	slices.SortFunc(all, func(a, b book.Turnover) int {
		byClosing := 0
		if a.Closing != b.Closing {
			byClosing = 1
			if b.Closing {
				byClosing = -1
			}
		}
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Counterparty, b.Counterparty),
			byClosing)
	})
	return all, err
}

// firstOfNext is the first day of the month after a day's.
func firstOfNext(day period.Date) period.Date {
	return period.Containing(day, period.Month).Next().First()
}

// Statement is a statement of a book over a period.
func (l *Ledger) Statement(r store.Reader, ref Ref, key string, p period.Period) (book.Sheet, error) {
	all, err := l.Statements(r, ref, []string{key}, p)
	if err != nil {
		return book.Sheet{}, err
	}
	return all[0], nil
}

// Statements are several statements of a book over one period: what they have in common is read once.
func (l *Ledger) Statements(r store.Reader, ref Ref, keys []string, p period.Period) ([]book.Sheet, error) {
	b, err := Get(r, ref)
	if err != nil {
		return nil, err
	}
	chart, err := l.chartOf(b)
	if err != nil {
		return nil, err
	}
	figures := book.Figures{}
	all := make([]book.Sheet, 0, len(keys))
	for _, key := range keys {
		s, ok := chart.Statement(key)
		if !ok {
			return nil, fault.New(fault.NotFound, "ledger.no_statement", key)
		}
		for _, column := range s.Columns {
			if err := addFigures(r, b, figures, spanOf{column.Span, p}); err != nil {
				return nil, err
			}
		}
		sheet, err := book.Evaluate(s, figures)
		if err != nil {
			return nil, err
		}
		all = append(all, sheet)
	}
	return all, nil
}

// spanOf is a span of a column, of the period that is asked for.
type spanOf struct {
	span   book.Span
	period period.Period
}

// addFigures reads the movement of a span, unless it is there or lies before the book.
func addFigures(r store.Reader, b Book, into book.Figures, of spanOf) error {
	p, span := of.period, of.span
	if _, ok := into[span]; ok {
		return nil
	}
	from, to := p.First(), p.Last()
	switch span {
	case book.SpanYear:
		from = period.OfYear(p.Year()).First()
	case book.SpanLastYear:
		from, to = period.OfYear(p.Year()-1).First(), p.SamePeriodLastYear().Last()
	}
	if to < b.From || from >= b.Until {
		return nil
	}
	opening, err := balancesOf(r, b, from.AddDays(-1))
	if err != nil {
		return err
	}
	moved, err := Turnover(r, b.Ref(), from, to)
	into[span] = book.Movement{Opening: opening, Turnovers: moved}
	return err
}
