package bookkeeping

import (
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// monthOf reads the month of a posted form.
func monthOf(r *web.Request) (string, error) {
	month, err := period.Parse(r.Field("month"))
	if err != nil || month.Kind() != period.Month {
		return "", fault.New(fault.Invalid, "books.month", r.Field("month"))
	}
	return month.String(), nil
}

// closedView tells what should be put right in a month that was closed.
type closedView struct {
	Month    string
	Findings []fault.Finding
	Back     string
	Refused  *web.Refused // why it cannot be closed
	Waiting  string       // the vouchers that are to be checked first
}

// closeMonth closes the first open month.
func (s *Bookkeeping) closeMonth(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, ledger.MayClose)
	if err != nil {
		return nil, err
	}
	month, err := monthOf(r)
	if err != nil {
		return nil, err
	}
	closed, err := s.ledger.Close(r.Context(), r.Actor, o.Ref(), month)
	if err != nil {
		return notClosed(r, o, month, err)
	}
	if len(closed.Findings) > 0 { // balances that should be gone at a year's end
		return web.View("bookkeeping/closed", web.Page{Title: r.T("books.closed.title"), Place: o.Place,
			Trail: trail(r, o), Data: closedView{Month: month, Findings: closed.Findings,
				Back: Address(o.Ref())}}), nil
	}
	return done(Address(o.Ref()), "closed"), nil
}

// notClosed tells what stands in the way of closing a month, with the way to it.
func notClosed(r *web.Request, o opened, month string, refused error) (web.Answer, error) {
	if fault.Of(refused).Key != "ledger.drafts_left" {
		return nil, refused
	}
	words, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	return web.View("bookkeeping/closed", web.Page{Title: r.T("books.close"), Place: o.Place,
		Status: web.Status(fault.Of(refused)), Trail: trail(r, o), Data: closedView{Month: month,
			Back: Address(o.Ref()), Refused: words,
			Waiting: Address(o.Ref()) + "/vouchers?state=open&to=" + month}}), nil
}

// reopenMonth opens the last closed month again, by a decision and with a reason.
func (s *Bookkeeping) reopenMonth(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, ledger.MayReopen)
	if err != nil {
		return nil, err
	}
	month, err := monthOf(r)
	if err != nil {
		return nil, err
	}
	_, err = s.ledger.Reopen(r.Context(), r.Actor, o.Ref(), ledger.Reopening{Month: month,
		Reason: r.Field("reason"), Decision: r.Field("decision")})
	if err != nil {
		return nil, err
	}
	return done(Address(o.Ref()), "reopened"), nil
}
