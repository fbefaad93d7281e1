package ledger

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// movement is a year of a book in memory: the balances it began with, and what moved by month.
type movement struct {
	opening []book.Balance
	moved   []turnoverRow
}

// movements read the year of the month being closed for some books. Earlier years are closed, or there
// are none: a month is closed after all before it.
func (c *closing) movements(r store.Reader, list []Book) (map[int64]*movement, error) {
	all := make(map[int64]*movement, len(list))
	ids := make([]int64, len(list))
	for i, b := range list {
		ids[i], all[b.ID] = b.ID, &movement{}
	}
	in, args := among("book", ids)
	args = slices.Concat([]any{c.home}, args, []any{c.month.Year()})
	for row, err := range openings.Each(r, "WHERE home = ? AND "+in+" AND year = ?", args...) {
		if err != nil {
			return nil, err
		}
		m := all[row.Book]
		m.opening = append(m.opening, book.Balance{Account: row.Account, Counterparty: row.Counterparty,
			Amount: row.Amount})
	}
	for row, err := range turnovers.Each(r, "WHERE home = ? AND "+in+" AND year = ?", args...) {
		if err != nil {
			return nil, err
		}
		m := all[row.Book]
		m.moved = append(m.moved, row)
	}
	return all, nil
}

// balances are what stood at the end of a month's last day.
func (m *movement) balances(on period.Date) ([]book.Balance, error) {
	all := sumsOf(m.opening)
	var err error
	for _, t := range m.moved {
		if t.Month > monthOf(on) {
			continue
		}
		key := balanceKey{t.Account, t.Counterparty}
		if all[key], err = money.Sum(all[key], t.Debit, -t.Credit); err != nil {
			return nil, fault.New(fault.Invalid, "ledger.overflow")
		}
	}
	return all.list(false), nil
}

// figures are the movements of a month and of the year up to its end, for statements.
func (m *movement) figures(month period.Period) (book.Figures, error) {
	before, err := m.balances(month.First().AddDays(-1))
	if err != nil {
		return nil, err
	}
	var ofMonth, ofYear []book.Turnover
	for _, t := range m.moved {
		moved := book.Turnover{Account: t.Account, Counterparty: t.Counterparty, Debit: t.Debit,
			Credit:  t.Credit,
			Closing: t.Closing}
		if t.Month == month.String() {
			ofMonth = append(ofMonth, moved)
		}
		if t.Month <= month.String() {
			ofYear = append(ofYear, moved)
		}
	}
	return book.Figures{book.SpanPeriod: {Opening: before, Turnovers: ofMonth},
		book.SpanYear: {Opening: m.opening, Turnovers: ofYear}}, nil
}
