package ledger

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// homesOf are the counties that keep books.
func homesOf(r store.Reader) ([]int64, error) {
	return store.All[int64](r, "SELECT DISTINCT home FROM ledger_book ORDER BY home")
}

// sourcesAtOnce is how many sources one statement asks for.
const sourcesAtOnce = 500

// Taken are the vouchers of a book that have one of some sources, by source.
func Taken(r store.Reader, ref Ref, sources []string) (map[string]int64, error) {
	found := map[string]int64{}
	for some := range slices.Chunk(sources, sourcesAtOnce) {
		args := []any{ref.Home, ref.ID}
		for _, source := range some {
			args = append(args, source)
		}
		for row, err := range store.Each[sourceRow](r, query.Taken(len(some)), args...) {
			if err != nil {
				return nil, err
			}
			if row.ID != 0 {
				found[row.Source] = row.ID
			}
		}
	}
	return found, nil
}

type sourceRow struct {
	Source string `db:"source"`
	ID     int64  `db:"id"`
}

// monthSeals are the hashes over the vouchers of a month in some books; a book without any has that of
// nothing.
func monthSeals(r store.Reader, home int64, month string, ids []int64) (map[int64]string, error) {
	in, args := query.Among("book", ids)
	rows, err := store.All[record.SealedVoucher](r,
		"SELECT book, series, number, hash FROM ledger_voucher WHERE home = ? AND "+
			in+" AND month = ? AND number > 0", slices.Concat([]any{home}, args, []any{month})...)
	if err != nil {
		return nil, err
	}
	byBook := map[int64][]record.SealedVoucher{}
	for _, row := range rows {
		byBook[row.Book] = append(byBook[row.Book], row)
	}
	all := make(map[int64]string, len(ids))
	for _, id := range ids {
		all[id] = record.SealMonth(byBook[id])
	}
	return all, nil
}

// yearsOf reads a year of some books: what it began with and what moved.
func yearsOf(r store.Reader, home int64, year int, list []Book) (map[int64]*vector.Year, error) {
	all := make(map[int64]*vector.Year, len(list))
	ids := make([]int64, len(list))
	for i, b := range list {
		ids[i], all[b.ID] = b.ID, &vector.Year{}
	}
	in, args := query.Among("book", ids)
	args = slices.Concat([]any{home}, args, []any{year})
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
		m.Moved = append(m.Moved, row.Moved())
	}
	return all, nil
}
