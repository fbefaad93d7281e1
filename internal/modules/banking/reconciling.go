package banking

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Reconcile puts the reconciliation of an account on a day together.
func (s *Banking) Reconcile(r store.Reader, actor access.Actor, ref Ref,
	on period.Date) (match.Reconciliation, Work, error) {
	a, err := s.mine(r, actor, MayRead, ref)
	if err != nil {
		return match.Reconciliation{}, Work{}, err
	}
	return s.reconcile(r, a, on)
}

func (s *Banking) reconcile(r store.Reader, a Account, on period.Date) (match.Reconciliation, Work, error) {
	if !on.Valid() || on < a.Since.AddDays(-1) || on > s.host.Today() {
		return match.Reconciliation{}, Work{}, fault.New(fault.Invalid, "banking.day", a.Since)
	}
	w, err := s.work(r, a, on)
	if err != nil {
		return match.Reconciliation{}, w, err
	}
	bank, err := w.bankBalance()
	if err != nil {
		return match.Reconciliation{}, w, err
	}
	books, err := s.booksBalance(r, a, on)
	if err != nil {
		return match.Reconciliation{}, w, err
	}
	rec, err := match.Reconcile(w.account(bank, books))
	return rec, w, err
}

// Assert keeps the reconciliation of a day. What is not explained by items under way needs a word. A day
// that was asserted before is asserted anew; the log has both.
func (s *Banking) Assert(ctx context.Context, actor access.Actor, ref Ref, on period.Date,
	explanation string) (row Assertion, err error) {
	explanation = strings.TrimSpace(explanation)
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.mine(tx, actor, MayMatch, ref)
		if err != nil {
			return err
		}
		rec, w, err := s.reconcile(tx, a, on)
		if err != nil {
			return err
		}
		if (!rec.Agrees() || len(w.Gaps) > 0) && explanation == "" ||
			len([]rune(explanation)) > explanationMax {
			return fault.New(fault.Conflict, "banking.differs", rec.Difference)
		}
		before, found, err := assertions.First(tx, "WHERE home = ? AND account = ? AND day = ?", a.Home,
			a.ID, on)
		if err != nil {
			return err
		}
		if row, err = asserted(rec); err != nil {
			return err
		}
		row.Home, row.Account, row.Day, row.Explanation = a.Home, a.ID, on, explanation
		row.Actor, row.At = actor.Account, tx.Now()
		if found {
			row.ID, row.Version = before.ID, before.Version
			err = assertions.Update(tx, &row)
		} else if row.ID, err = tx.NextID(a.Home, "bank_assertion"); err == nil {
			err = assertions.Insert(tx, &row)
		}
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_balance.asserted", Subject: subject(a.ID),
			Place: a.Place, Actor: actor.Account, Body: map[string]any{"on": on,
				"difference": rec.Difference}})
		return err
	})
	return row, err
}

// asserted is the row of a reconciliation.
func asserted(r match.Reconciliation) (row Assertion, err error) {
	row = Assertion{BankBalance: r.BankBalance, BooksBalance: r.BooksBalance, Difference: r.Difference}
	if row.BankReceived, err = match.Sum(r.BankReceived); err != nil {
		return row, err
	}
	if row.BankPaid, err = match.Sum(r.BankPaid); err != nil {
		return row, err
	}
	if row.BooksReceived, err = match.Sum(r.BooksReceived); err != nil {
		return row, err
	}
	if row.BooksPaid, err = match.Sum(r.BooksPaid); err != nil {
		return row, err
	}
	row.Unreached = int64(len(r.BankReceived) + len(r.BankPaid) + len(r.BooksReceived) + len(r.BooksPaid))
	return row, nil
}
