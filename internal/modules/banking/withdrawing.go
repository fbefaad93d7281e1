package banking

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Withdrawal is a statement that was taken back.
type Withdrawal struct {
	Home      int64          `db:"home"`
	Statement int64          `db:"statement,key"`
	Account   int64          `db:"account"`
	Lines     int64          `db:"lines"`
	Reason    string         `db:"reason"`
	Actor     int64          `db:"actor"`
	At        period.Instant `db:"at"`
}

var withdrawals = store.NewTable[Withdrawal]("bank_withdrawal")

// Conditions on lines and statements that were not taken back.
const (
	lineHeld = ` NOT EXISTS (SELECT 1 FROM bank_withdrawal w WHERE w.home = bank_line.home
		AND w.statement = bank_line.statement) `
	statementHeld = ` NOT EXISTS (SELECT 1 FROM bank_withdrawal w WHERE w.home = bank_statement.home
		AND w.statement = bank_statement.id) `
)

// WithdrawalsOf are the statements of an account that were taken back, by statement.
func WithdrawalsOf(r store.Reader, ref Ref) (map[int64]Withdrawal, error) {
	list, err := withdrawals.All(r, "WHERE home = ? AND account = ?", ref.Home, ref.ID)
	all := map[int64]Withdrawal{}
	for _, w := range list {
		all[w.Statement] = w
	}
	return all, err
}

// Withdraw takes a statement back that was taken by mistake (permit banking.match, with a reason): its lines
// count no more, what they were matched with is free again, and the file can be taken anew. Not where any
// of it is reconciled into a month that is closed, where a voucher was made of one of its lines, or where a
// later statement left lines out because this one had them.
func (s *Banking) Withdraw(ctx context.Context, actor access.Actor, ref Ref, id int64,
	reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > explanationMax {
		return fault.New(fault.Invalid, "banking.reason")
	}
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.mine(tx, actor, MayMatch, ref)
		if err != nil {
			return err
		}
		t, found, err := taken.First(tx, "WHERE home = ? AND id = ? AND account = ? AND"+statementHeld,
			ref.Home, id, ref.ID)
		if err == nil && !found {
			err = fault.New(fault.Conflict, "banking.not_taken")
		}
		if err != nil {
			return err
		}
		own, err := lines.All(tx, "WHERE home = ? AND statement = ? ORDER BY day, id", ref.Home, id)
		if err != nil {
			return err
		}
		if err := s.withdrawable(tx, a, t, own); err != nil {
			return err
		}
		if err := s.release(tx, actor, a, own, reason); err != nil {
			return err
		}
		if err := withdrawals.Insert(tx, &Withdrawal{Home: a.Home, Statement: id, Account: a.ID,
			Lines:  t.Added,
			Reason: reason, Actor: actor.Account, At: tx.Now()}); err != nil {
			return err
		}
		// Supervision compares no counterparty of a line that counts no more.
		if _, err := tx.Exec(`DELETE FROM bank_line_party WHERE home = ? AND line IN (SELECT id FROM bank_line
			WHERE home = ? AND statement = ?)`, a.Home, a.Home, id); err != nil {
			return err
		}
		if err := accounts.Update(tx, &a); err != nil { // of two at once the second looks again
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_statement.withdrawn",
			Subject: subject(a.ID),
			Place:   a.Place, Actor: actor.Account, Body: map[string]any{"statement": id, "file": t.File,
				"lines": t.Added, "reason": reason}})
		return err
	})
}

// withdrawable refuses a statement on which something rests.
func (s *Banking) withdrawable(tx *store.Tx, a Account, t Taken, own []lineRow) error {
	later, found, err := taken.First(tx, `WHERE home = ? AND account = ? AND id > ? AND begins <= ?
		AND ends >= ? AND added < lines AND`+statementHeld+"ORDER BY id LIMIT 1",
		a.Home, a.ID, t.ID, t.Ends, t.Begins)
	if err != nil {
		return err
	}
	if found {
		return fault.New(fault.Conflict, "banking.withdraw_later", later.Name)
	}
	if len(own) == 0 {
		return nil
	}
	books, err := ledger.BooksOf(tx, a.Owner())
	if err != nil {
		return err
	}
	closed := period.Date("") // the last day that is closed in any of the books
	for _, b := range books {
		if b.Closed != "" {
			closed = max(closed, period.Date(b.Closed+"-01").AddMonths(1).AddDays(-1))
		}
	}
	kept, found, err := assertions.First(tx, `WHERE home = ? AND account = ? AND day >= ? AND day <= ?
		ORDER BY day LIMIT 1`, a.Home, a.ID, own[0].Day, closed)
	if err != nil {
		return err
	}
	if found {
		return fault.New(fault.Conflict, "banking.withdraw_closed", string(kept.Day))
	}
	for _, l := range own {
		for _, b := range books {
			v, made, err := ledger.BySource(tx, b.Ref(), sourceOf(a, l.ID))
			if err != nil {
				return err
			}
			if made && v.ReversedBy == 0 {
				return fault.New(fault.Conflict, "banking.withdraw_voucher", string(l.Day),
					l.Amount.String())
			}
		}
	}
	return nil
}

// release undoes the matches of lines. One with a posting of a closed month stops it.
func (s *Banking) release(tx *store.Tx, actor access.Actor, a Account, own []lineRow, reason string) error {
	members := map[string]bool{}
	for _, l := range own {
		members[lineID(l.ID)] = true
	}
	held, err := MatchesOf(tx, a.Ref())
	if err != nil {
		return err
	}
	for _, m := range held {
		if !slices.ContainsFunc(strings.Fields(m.Lines), func(id string) bool { return members[id] }) {
			continue
		}
		for _, id := range strings.Fields(m.Postings) {
			number, _, _ := strings.Cut(strings.TrimPrefix(id, "p"), ".")
			n, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return err
			}
			v, _, err := ledger.VoucherOf(tx, ledger.VoucherRef{Home: a.Home, ID: n})
			if err != nil {
				return err
			}
			b, err := ledger.Get(tx, v.BookRef())
			if err != nil {
				return err
			}
			if b.Closed != "" && string(v.Date) < string(period.Date(b.Closed+"-01").AddMonths(1)) {
				return fault.New(fault.Conflict, "banking.withdraw_closed", string(v.Date))
			}
		}
		if err := undo(tx, actor, m, reason); err != nil {
			return err
		}
	}
	return nil
}

// undo takes one match back.
func undo(tx *store.Tx, actor access.Actor, m Match, reason string) error {
	m.State, m.UndoneBy, m.UndoneAt, m.Reason = Undone, actor.Account, tx.Now(), reason
	if err := matches.Update(tx, &m); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM bank_matched WHERE home = ? AND match = ?", m.Home, m.ID)
	return err
}
