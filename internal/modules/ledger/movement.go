package ledger

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// movements read the year of the month being closed for some books. Earlier years are closed, or there
// are none: a month is closed after all before it.
func (c *closing) movements(r store.Reader, list []Book) (map[int64]*vector.Year, error) {
	all := make(map[int64]*vector.Year, len(list))
	ids := make([]int64, len(list))
	for i, b := range list {
		ids[i], all[b.ID] = b.ID, &vector.Year{}
	}
	in, args := among("book", ids)
	args = slices.Concat([]any{c.home}, args, []any{c.month.Year()})
	for row, err := range openings.Each(r, "WHERE home = ? AND "+in+" AND year = ?", args...) {
		if err != nil {
			return nil, err
		}
		m := all[row.Book]
		m.Opening = append(m.Opening, book.Balance{Account: row.Account, Counterparty: row.Counterparty,
			Amount: row.Amount})
	}
	for row, err := range turnovers.Each(r, "WHERE home = ? AND "+in+" AND year = ?", args...) {
		if err != nil {
			return nil, err
		}
		m := all[row.Book]
		m.Moved = append(m.Moved, row.moved())
	}
	return all, nil
}

// moved is the row as statements see it.
func (t turnoverRow) moved() vector.Moved {
	return vector.Moved{Month: t.Month, Turnover: book.Turnover{Account: t.Account,
		Counterparty: t.Counterparty,
		Debit:        t.Debit, Credit: t.Credit, Closing: t.Closing}}
}
