package assets

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Act is what every change to a card has in common.
type Act struct {
	Ref      Ref
	Version  int64       // at which the card was read
	On       period.Date // when it took effect; not before the card, not in the future
	Document string      // on what it rests
	Reason   string
	Decision string // reference of the collective's decision, if one was needed
}

// deed is what one act does to a card in a transaction. It changes the card in place and says what
// the history shall say; what is left out there is taken from the act.
type deed func(tx *store.Tx, a *Asset) (Happening, error)

// act reads a card at the version it was seen, does the deed, and writes card, event and history.
func (s *Assets) act(ctx context.Context, actor access.Actor, permit access.Permit, q Act,
	do deed) (Asset, error) {
	var done Asset
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.seen(tx, actor, permit, q)
		if err != nil {
			return err
		}
		before := a
		h, err := do(tx, &a)
		if err != nil {
			return err
		}
		if err := save(tx, before, &a); err != nil {
			return err
		}
		done = a
		return record(tx, actor, a, q.happening(h))
	})
	return done, err
}

func (q Act) happening(h Happening) Happening {
	h.On, h.Document, h.Reason, h.Decision = q.On, q.Document, q.Reason, q.Decision
	return h
}

// seen reads a card for an act: the actor may, it is live, nobody changed it meanwhile, the day fits.
func (s *Assets) seen(r store.Reader, actor access.Actor, permit access.Permit, q Act) (Asset, error) {
	a, err := Get(r, q.Ref)
	if err != nil {
		return a, err
	}
	if err := s.host.Access.Require(actor, permit, a.Place); err != nil {
		return a, err
	}
	switch {
	case a.Version != q.Version:
		return a, fault.New(fault.Stale, "store.stale")
	case a.State != Live:
		return a, fault.New(fault.Conflict, "assets.ended", string(a.Ended))
	}
	if findings := s.checkAct(a, q); len(findings) > 0 {
		return a, fault.New(fault.Invalid, "assets.invalid").With(findings)
	}
	return a, nil
}

// checkAct finds what is wrong with an act itself. Columns are fields of the pages' forms.
func (s *Assets) checkAct(a Asset, q Act) []fault.Finding {
	var findings []fault.Finding
	if !q.On.Valid() || q.On > s.host.Today() || q.On < a.Acquired {
		findings = append(findings, fault.Wrong("assets.act_day").At("", 0, "on"))
	}
	for _, t := range []struct {
		field, text string
		most        int
	}{{"document", q.Document, DocumentMax}, {"decision", q.Decision, DocumentMax},
		{"reason", q.Reason, TextMax}} {
		if utf8.RuneCountInString(t.text) > t.most {
			findings = append(findings, fault.Wrong("assets.too_long", t.most).At("", 0, t.field))
		}
	}
	return findings
}

// proved refuses an act that needs a document and names none.
func (q Act) proved() error {
	if strings.TrimSpace(q.Document) != "" {
		return nil
	}
	f := fault.Wrong("assets.document_missing").At("", 0, "document")
	return fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{f})
}

// whole refuses a card that an act has made wrong.
func (s *Assets) whole(a *Asset) error {
	if findings := s.Check(a); fault.Stops(findings) {
		return fault.New(fault.Invalid, "assets.invalid").With(findings)
	}
	return nil
}
