package assets

import (
	"context"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// DocumentMax is how many characters a reference of a document or decision may have.
const DocumentMax = 100

// Acquisition is a new card and the document it rests on.
type Acquisition struct {
	Card     Asset // Home and Organisation name the owner; a Number is given if it has none
	Document string
}

// Acquire makes the card of an asset (permit assets.change at the owner's place). What the card does
// not say of its depreciation is filled in from the pack's parameters, see Default.
func (s *Assets) Acquire(ctx context.Context, actor access.Actor, q Acquisition) (Asset, error) {
	var made Asset
	err := s.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		made, err = s.acquireIn(tx, actor, q)
		return err
	})
	return made, err
}

// acquireIn makes a card in a transaction of the caller.
func (s *Assets) acquireIn(tx *store.Tx, actor access.Actor, q Acquisition) (Asset, error) {
	o, err := s.owner(tx, actor, Change, registry.Ref{Home: q.Card.Home, ID: q.Card.Organisation})
	if err != nil {
		return q.Card, err
	}
	return s.EnterFor(tx, actor, o, q)
}

// EnterFor enters a card for an owner; whoever calls has asked the permit.
func (s *Assets) EnterFor(tx *store.Tx, actor access.Actor, o registry.Organisation,
	q Acquisition) (Asset, error) {
	a := q.Card
	a.Home, a.Organisation, a.Place = o.Home, o.ID, o.Place
	a.Version, a.State, a.Ended = 0, Live, period.Open
	s.Fill(&a)
	findings := append(s.Check(&a), documentFindings(q.Document)...)
	if fault.Stops(findings) {
		return a, fault.New(fault.Invalid, "assets.invalid").With(findings)
	}
	var err error
	if a.ID, err = tx.NextID(a.Home, "asset"); err != nil {
		return a, err
	}
	if err := Free(tx, &a); err != nil {
		return a, err
	}
	if err := enter(tx, &a); err != nil {
		return a, err
	}
	on := a.Acquired
	if on == "" {
		on = tx.Now().Date()
	}
	return a, record(tx, actor, a, Happening{Kind: "acquired", On: on, Amount: a.Cost,
		Document: q.Document})
}

// owner reads the organisation that owns or shall own a card, if the actor may do the act at its
// place and it still exists.
func (s *Assets) owner(r store.Reader, actor access.Actor, permit access.Permit,
	ref registry.Ref) (registry.Organisation, error) {
	o, err := registry.Get(r, ref)
	if err != nil {
		return o, err
	}
	if err := s.host.Access.Require(actor, permit, o.Place); err != nil {
		return o, err
	}
	if o.Status != registry.Active {
		return o, fault.New(fault.Conflict, "assets.owner_ended", o.Name)
	}
	return o, nil
}

// Free gives a card that has none a number, and refuses one that the organisation uses already.
func Free(r store.Reader, a *Asset) error {
	if a.Number == "" {
		a.Number = numberOf(a.ID)
	}
	other, taken, err := numbered(r, a.Home, a.Organisation, a.Number)
	if err == nil && taken && other.ID != a.ID {
		f := fault.Wrong("assets.number_taken", other.Name).At("", 0, "number").Saw(a.Number)
		err = fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{f})
	}
	return err
}

func documentFindings(document string) []fault.Finding {
	if utf8.RuneCountInString(document) > DocumentMax {
		return []fault.Finding{fault.Wrong("assets.too_long", DocumentMax).At("", 0, "document")}
	}
	return nil
}
