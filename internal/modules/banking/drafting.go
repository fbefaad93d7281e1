package banking

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// DraftOf is the voucher that a line of the bank suggests, by the first template whose words it says.
func (s *Banking) DraftOf(r store.Reader, actor access.Actor, ref Ref, line int64) (ledger.Draft, error) {
	a, err := s.mine(r, actor, MayMatch, ref)
	if err != nil {
		return ledger.Draft{}, err
	}
	row, found, err := lines.First(r, "WHERE home = ? AND id = ? AND account = ? AND"+lineHeld, ref.Home,
		line,
		ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "access.outside")
	}
	if err != nil {
		return ledger.Draft{}, err
	}
	if _, taken, err := matched.First(r, "WHERE home = ? AND member = ?", ref.Home,
		lineID(line)); err != nil ||
		taken {
		if err == nil {
			err = fault.New(fault.Conflict, "banking.matched_already")
		}
		return ledger.Draft{}, err
	}
	clear, err := s.open(row)
	if err != nil {
		return ledger.Draft{}, err
	}
	return s.draft(r, a, LineOf{ID: row.ID, Line: clear})
}

func (s *Banking) draft(r store.Reader, a Account, l LineOf) (ledger.Draft, error) {
	b, err := bookOf(r, a, l.Date)
	if err != nil {
		return ledger.Draft{}, err
	}
	chart, found := s.ledger.Charts().Get(b.Chart)
	if !found {
		return ledger.Draft{}, fault.New(fault.Conflict, "banking.no_template")
	}
	code, err := s.codeIn(r, a, b)
	if err != nil {
		return ledger.Draft{}, err
	}
	for _, t := range s.templates {
		other, there := chart.Account(t.Accounts[b.Chart])
		if !there || !t.Fits(l.Line) {
			continue
		}
		on, summary := t.Day(l.Line, b.Closed)
		return ledger.Draft{Book: b.Ref(), Date: on, Summary: summary, Source: sourceOf(a, l.ID),
			Postings: t.Postings(l.Line, code, a.Detail, other)}, nil
	}
	return ledger.Draft{}, fault.New(fault.Conflict, "banking.no_template")
}

// sourceOf names a line as the source of a voucher.
func sourceOf(a Account, line int64) string { return "bank/" + a.Ref().String() + "/" + lineID(line) }

// Enter makes the draft of a voucher from a line. Another person checks it; then both match.
func (s *Banking) Enter(ctx context.Context, actor access.Actor, ref Ref, line int64) (ledger.Voucher,
	error) {
	d, err := store.Read(ctx, s.host.Store, func(v *store.View) (ledger.Draft, error) {
		return s.DraftOf(v, actor, ref, line)
	})
	if err != nil {
		return ledger.Voucher{}, err
	}
	return s.ledger.Enter(ctx, actor, d, "")
}
