package banking

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// checkAll proves invariants 2, 4, 5 and 6 over the whole database.
func (s *Banking) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return s.host.Store.View(ctx, func(v *store.View) error {
		for _, step := range []func(*store.View, func(fault.Finding)) error{s.checkStatements,
			s.checkMatches,
			s.checkAssertions} {
			if err := step(v, report); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkStatements: each statement has as many lines as it added, and each line opens.
func (s *Banking) checkStatements(v *store.View, report func(fault.Finding)) error {
	count := map[Ref]int64{}
	for l, err := range lines.Each(v, "") {
		if err != nil {
			return err
		}
		count[Ref{l.Home, l.Statement}]++
		if _, err := s.open(l); err != nil {
			report(fault.Wrong("banking.verify.sealed", Ref{l.Home, l.ID}.String()))
		}
	}
	for t, err := range taken.Each(v, "") {
		if err != nil {
			return err
		}
		ref := Ref{t.Home, t.ID}
		if count[ref] != t.Added || t.Added > t.Lines {
			report(fault.Wrong("banking.verify.lines", ref.String(), count[ref], t.Added))
		}
		delete(count, ref)
	}
	for ref := range count {
		report(fault.Wrong("banking.verify.lines", ref.String(), count[ref], 0))
	}
	return nil
}

// checkMatches: both sides of each match in force sum to the same, and each member is in one.
func (s *Banking) checkMatches(v *store.View, report func(fault.Finding)) error {
	members := map[string]int64{} // home/member → match
	for m, err := range matched.Each(v, "") {
		if err != nil {
			return err
		}
		members[Ref{m.Home, m.Match}.String()+" "+m.Member]++
	}
	held, err := matches.All(v, "WHERE state = ? ORDER BY home, id", Confirmed)
	if err != nil {
		return err
	}
	for _, m := range held {
		ref := Ref{m.Home, m.ID}.String()
		for _, member := range m.members() {
			if members[ref+" "+member] != 1 {
				report(fault.Wrong("banking.verify.member", ref, member))
			}
			delete(members, ref+" "+member)
		}
		a, err := Get(v, Ref{m.Home, m.Account})
		if err != nil {
			report(fault.Wrong("banking.verify.match", ref))
			continue
		}
		bank, wrongBank := sumOf(strings.Fields(m.Lines), func(id string) (money.Fen, error) {
			return lineAmount(v, a, id)
		})
		books, wrongBooks := sumOf(strings.Fields(m.Postings), func(id string) (money.Fen, error) {
			return s.postingAmount(v, a, id)
		})
		if wrongBank != nil || wrongBooks != nil || bank != books || bank != m.Amount {
			report(fault.Wrong("banking.verify.match", ref))
		}
	}
	for left := range members {
		ref, member, _ := strings.Cut(left, " ")
		report(fault.Wrong("banking.verify.member", ref, member))
	}
	return nil
}

// checkAssertions: their arithmetic holds, and the balances are still what was asserted. Books and
// statements of an open month may have grown since: that is told, not wrong.
func (s *Banking) checkAssertions(v *store.View, report func(fault.Finding)) error {
	all, err := assertions.All(v, "ORDER BY home, id")
	if err != nil {
		return err
	}
	for _, row := range all {
		ref := Ref{row.Home, row.ID}.String()
		bank, err := money.Sum(row.BankBalance, row.BooksReceived, row.BooksPaid)
		books, wrong := money.Sum(row.BooksBalance, row.BankReceived, row.BankPaid)
		if err != nil || wrong != nil || bank-books != row.Difference {
			report(fault.Wrong("banking.verify.assertion", ref))
			continue
		}
		a, err := Get(v, Ref{row.Home, row.Account})
		if err != nil {
			report(fault.Wrong("banking.verify.assertion", ref))
			continue
		}
		w, err := s.work(v, a, row.Day)
		if err != nil {
			return err
		}
		nowBank, err := w.bankBalance()
		if err != nil {
			return err
		}
		nowBooks, err := s.booksBalance(v, a, row.Day)
		if err != nil {
			return err
		}
		if nowBank != row.BankBalance || nowBooks != row.BooksBalance {
			report(fault.Doubt("banking.verify.moved", ref, row.Day, nowBank-row.BankBalance,
				nowBooks-row.BooksBalance))
		}
	}
	return nil
}
