package banking

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/banking/succession"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// chartRow is the chart under which the account of the chart was said.
type chartRow struct {
	Home    int64  `db:"home"`
	Account int64  `db:"account,key"`
	Chart   string `db:"chart"`
}

var saidUnder = store.NewTable[chartRow]("bank_account_chart")

// codes are the books of an owner, the oldest first, with the account of the chart that the deposits
// stand on in each; "" none.
func (s *Banking) codes(r store.Reader, a Account) ([]ledger.Book, []string, error) {
	list, err := ledger.BooksOf(r, a.Owner())
	if err != nil {
		return nil, nil, err
	}
	said, _, err := saidUnder.First(r, "WHERE home = ? AND account = ?", a.Home, a.ID)
	if err != nil {
		return nil, nil, err
	}
	slices.Reverse(list)
	charts, at := make([]*book.Chart, len(list)), -1
	for i, b := range list {
		found, there := s.ledger.Charts().Get(b.Chart)
		if !there { // a pack without it: the account is what it was
			found = &book.Chart{Key: b.Chart}
		}
		charts[i] = found
		if at < 0 && (b.Chart == said.Chart || said.Chart == "" && found.Bookable(a.Account)) {
			at = i
		}
	}
	if at < 0 { // said for books that do not run: the same code, where there is such an account
		return list, slices.Repeat([]string{a.Account}, len(list)), nil
	}
	return list, succession.Codes(charts, at, a.Account), nil
}

// codeIn is the account of the chart that an account's deposits stand on in a book.
func (s *Banking) codeIn(r store.Reader, a Account, b ledger.Book) (string, error) {
	list, codes, err := s.codes(r, a)
	if at := slices.IndexFunc(list, func(one ledger.Book) bool { return one.ID == b.ID }); at >= 0 {
		return codes[at], err
	}
	return a.Account, err
}

// depositsIn is the account of the chart that an account's deposits stand on on a day, with its name.
func (s *Banking) depositsIn(r store.Reader, a Account, on period.Date, l words.Language) (string, error) {
	b, found, err := ledger.Of(r, a.Owner(), on)
	if err != nil || !found {
		return a.Account, err
	}
	code, err := s.codeIn(r, a, b)
	if chart, known := s.ledger.Charts().Get(b.Chart); known {
		code += " " + chart.Name(code).In(l)
	}
	return code, err
}
