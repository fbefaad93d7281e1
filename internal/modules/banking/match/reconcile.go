package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Settled is a match that a person confirmed.
type Settled struct {
	Lines, Postings []string // IDs
}

// Account is one bank account as both sides have it, up to a day.
type Account struct {
	On           period.Date
	BankBalance  money.Fen
	BooksBalance money.Fen
	Lines        []Item
	Postings     []Item
	Settled      []Settled
}

// Reconciliation is the statement that reconciles the balances of a day (银行存款余额调节表).
type Reconciliation struct {
	On            period.Date
	BankBalance   money.Fen
	BooksBalance  money.Fen
	BankReceived  []Item // by the bank, not yet by the books
	BankPaid      []Item
	BooksReceived []Item // by the books, not yet by the bank
	BooksPaid     []Item
	BankAdjusted  money.Fen
	BooksAdjusted money.Fen
	Difference    money.Fen // of the adjusted balances: not explained
}

// Agrees reports whether everything is explained.
func (r Reconciliation) Agrees() bool { return r.Difference == 0 }

// Exact reports whether the balances are equal as they are, with nothing under way.
func (r Reconciliation) Exact() bool {
	return r.Agrees() && len(r.BankReceived)+len(r.BankPaid)+len(r.BooksReceived)+len(r.BooksPaid) == 0
}

// Reconcile puts the statement together. Lines and postings after the day are left out. A match counts
// only if all of it lies on or before the day: what one side had by then and the other not was under way.
func Reconcile(a Account) (Reconciliation, error) {
	r := Reconciliation{On: a.On, BankBalance: a.BankBalance, BooksBalance: a.BooksBalance}
	lines, postings := a.until(a.Lines), a.until(a.Postings)
	known := func(of map[string]Item, ids []string) bool {
		return !slices.ContainsFunc(ids, func(id string) bool { _, there := of[id]; return !there })
	}
	for _, s := range a.Settled {
		if !known(lines, s.Lines) || !known(postings, s.Postings) {
			continue
		}
		for _, id := range s.Lines {
			delete(lines, id)
		}
		for _, id := range s.Postings {
			delete(postings, id)
		}
	}
	r.BankReceived, r.BankPaid = divide(lines)
	r.BooksReceived, r.BooksPaid = divide(postings)
	return r, r.add()
}

func (a Account) until(items []Item) map[string]Item {
	kept := map[string]Item{}
	for _, i := range items {
		if i.Date <= a.On {
			kept[i.ID] = i
		}
	}
	return kept
}

// divide sorts items by direction and day.
func divide(items map[string]Item) (received, paid []Item) {
	for _, i := range items {
		if i.Amount >= 0 {
			received = append(received, i)
		} else {
			paid = append(paid, i)
		}
	}
	for _, list := range [][]Item{received, paid} {
		slices.SortFunc(list, func(a, b Item) int {
			return cmp.Or(strings.Compare(string(a.Date), string(b.Date)), cmp.Compare(a.Amount, b.Amount),
				strings.Compare(a.ID, b.ID))
		})
	}
	return received, paid
}

// Sum adds the amounts of items.
func Sum(items []Item) (money.Fen, error) {
	sum, err := money.Fen(0), error(nil)
	for _, i := range items {
		if sum, err = sum.Add(i.Amount); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

func (r *Reconciliation) add() (err error) {
	if r.BankAdjusted, err = adjusted(r.BankBalance, r.BooksReceived, r.BooksPaid); err != nil {
		return err
	}
	if r.BooksAdjusted, err = adjusted(r.BooksBalance, r.BankReceived, r.BankPaid); err != nil {
		return err
	}
	r.Difference, err = r.BankAdjusted.Add(-r.BooksAdjusted)
	return err
}

// adjusted adds what the other side has already; what was paid lies below zero.
func adjusted(balance money.Fen, received, paid []Item) (money.Fen, error) {
	in, err := Sum(received)
	if err != nil {
		return 0, err
	}
	out, err := Sum(paid)
	if err != nil {
		return 0, err
	}
	return money.Sum(balance, in, out)
}
