package banking

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// LineOf is a line of an account in clear, with its number.
type LineOf struct {
	ID        int64
	Statement int64
	statement.Line
}

// Work is an account as both sides have it up to a day.
type Work struct {
	Account  Account
	On       period.Date
	Lines    []LineOf
	Postings []ledger.PostingLine
	Matches  []Match
	Gaps     []statement.Gap
}

func lineID(id int64) string { return "l" + strconv.FormatInt(id, 10) }

func postingID(voucher int64, line int) string {
	return "p" + strconv.FormatInt(voucher, 10) + "." + strconv.Itoa(line)
}

// work reads an account up to a day; before it begins nothing is reconciled.
func (s *Banking) work(r store.Reader, a Account, on period.Date) (w Work, err error) {
	w = Work{Account: a, On: on}
	rows, err := lines.All(r, "WHERE home = ? AND account = ? AND day >= ? AND day <= ? AND"+lineHeld+
		"ORDER BY day, id", a.Home, a.ID, a.Since, on)
	if err != nil {
		return w, err
	}
	bare := []statement.Line{{Balance: a.Opening, HasBalance: true}}
	for _, row := range rows {
		l, err := s.open(row)
		if err != nil {
			return w, err
		}
		w.Lines = append(w.Lines, LineOf{row.ID, row.Statement, l})
		bare = append(bare, l)
	}
	w.Gaps = statement.Gaps(bare)
	if w.Postings, err = s.postingsOf(r, a, a.Since, on); err != nil {
		return w, err
	}
	w.Matches, err = MatchesOf(r, a.Ref())
	return w, err
}

// postingsOf reads the posted lines of an account's deposits, over all books that were kept in the days.
func (s *Banking) postingsOf(r store.Reader, a Account, from, to period.Date) (all []ledger.PostingLine,
	err error) {
	books, codes, err := s.codes(r, a)
	if err != nil {
		return nil, err
	}
	for i, b := range books {
		q := ledger.Lines{Book: b.Ref(), Account: codes[i], From: from, To: to, Counterparty: a.Detail,
			Limit: ledger.LimitMax}
		for more := true; more; more = q.After != "" {
			page, next, err := ledger.PostingsOf(r, q)
			if err != nil {
				return nil, err
			}
			all, q.After = append(all, page...), next
		}
	}
	return all, nil
}

// booksBalance is what the books say stood on the account at the end of a day.
func (s *Banking) booksBalance(r store.Reader, a Account, on period.Date) (sum money.Fen, err error) {
	b, err := bookOf(r, a, on)
	if err != nil {
		return 0, err
	}
	code, err := s.codeIn(r, a, b)
	if err != nil {
		return 0, err
	}
	if a.Detail != "" && !s.perDetail(b, code) {
		// The chart keeps deposits in one sum: the account's own postings are added up.
		list, err := s.postingsOf(r, a, "", on)
		for _, p := range list {
			if sum, err = sum.Add(p.Amount); err != nil {
				return 0, err
			}
		}
		return sum, err
	}
	balances, err := ledger.Balances(r, b.Ref(), on)
	if err != nil {
		return 0, err
	}
	for _, one := range balances {
		if one.Account != code || a.Detail != "" && one.Counterparty != a.Detail {
			continue
		}
		if sum, err = sum.Add(one.Amount); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

func (s *Banking) perDetail(b ledger.Book, code string) bool {
	chart, found := s.ledger.Charts().Get(b.Chart)
	if !found {
		return false
	}
	account, found := chart.Account(code)
	return found && account.Detail
}

// bankBalance is what the bank says stood on the account: the last balance that it gave, and what moved
// since then.
func (w Work) bankBalance() (money.Fen, error) {
	sum, err := w.Account.Opening, error(nil)
	for _, l := range w.Lines {
		if l.HasBalance {
			sum = l.Balance
			continue
		}
		if sum, err = sum.Add(l.Amount); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// reference finds what names a transaction in a text: numbers of contracts, vouchers, orders.
var reference = regexp.MustCompile(`[0-9A-Za-z][0-9A-Za-z-]{5,}`)

func itemOfLine(l LineOf) match.Item {
	i := match.Item{ID: lineID(l.ID), Date: l.Date, Amount: l.Amount, Counterparty: l.Counterparty,
		Text: l.Purpose, References: reference.FindAllString(l.Purpose, -1)}
	if l.Serial != "" {
		i.References = append(i.References, l.Serial)
	}
	return i
}

func (w Work) itemOfPosting(p ledger.PostingLine) match.Item {
	text := p.Summary + " " + p.Note
	i := match.Item{ID: postingID(p.Voucher, p.Line), Date: p.Date, Amount: p.Amount, Text: text,
		References: reference.FindAllString(text, -1)}
	if p.Counterparty != w.Account.Detail {
		i.Counterparty = p.Counterparty
	}
	return i
}

// settled are the matches that hold.
func (w Work) settled() []match.Settled {
	var all []match.Settled
	for _, m := range w.Matches {
		all = append(all, match.Settled{Lines: strings.Fields(m.Lines),
			Postings: strings.Fields(m.Postings)})
	}
	return all
}

// account is the work as arithmetic sees it.
func (w Work) account(bank, books money.Fen) match.Account {
	a := match.Account{On: w.On, BankBalance: bank, BooksBalance: books, Settled: w.settled()}
	for _, l := range w.Lines {
		a.Lines = append(a.Lines, itemOfLine(l))
	}
	for _, p := range w.Postings {
		a.Postings = append(a.Postings, w.itemOfPosting(p))
	}
	return a
}

// unmatched are the items that no match holds.
func (w Work) unmatched() (bank, books []match.Item) {
	used := map[string]bool{}
	for _, m := range w.Matches {
		for _, member := range m.members() {
			used[member] = true
		}
	}
	a := w.account(0, 0)
	for _, i := range a.Lines {
		if !used[i.ID] {
			bank = append(bank, i)
		}
	}
	for _, i := range a.Postings {
		if !used[i.ID] {
			books = append(books, i)
		}
	}
	return bank, books
}
