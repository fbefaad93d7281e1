package banking

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// fits reports whether a template is for a line.
func (t Template) fits(l LineOf) bool {
	if t.Direction == "in" && l.Amount < 0 || t.Direction == "out" && l.Amount > 0 {
		return false
	}
	text := strings.ToLower(l.Purpose + " " + l.Counterparty)
	return len(t.Words) == 0 || slices.ContainsFunc(t.Words, func(w string) bool {
		return strings.Contains(text, strings.ToLower(w))
	})
}

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
	for _, t := range s.templates {
		account, there := chart.Account(t.Accounts[b.Chart])
		if !there || !t.fits(l) {
			continue
		}
		other := book.Posting{Account: account.Code, Amount: -l.Amount}
		if t.Keeps || account.Detail {
			other.Counterparty = l.Counterparty
		}
		summary := t.Title.Chinese
		for _, more := range []string{l.Counterparty, l.Purpose} {
			if more != "" {
				summary += " " + more
			}
		}
		// What the books of a closed month lack is booked on the first open day, and says which day it was.
		on := l.Date
		if b.Closed != "" && string(on) < string(period.Date(b.Closed+"-01").AddMonths(1)) {
			on = period.Date(b.Closed + "-01").AddMonths(1)
			summary = "补记" + string(l.Date) + " " + summary
		}
		runes := []rune(summary)
		return ledger.Draft{Book: b.Ref(), Date: on, Summary: string(runes[:min(len(runes),
			summaryMax)]),
			Source: sourceOf(a, l.ID),
			Postings: []book.Posting{{Account: a.Account, Amount: l.Amount,
				Dimensions: book.Dimensions{Counterparty: a.Detail}, Note: l.Serial}, other}}, nil
	}
	return ledger.Draft{}, fault.New(fault.Conflict, "banking.no_template")
}

// sourceOf names a line as the source of a voucher.
func sourceOf(a Account, line int64) string { return "bank/" + a.Ref().String() + "/" + lineID(line) }

// summaryMax is the number of characters of a voucher's summary.
const summaryMax = 100

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
