package registry

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// WholeShare is one, in units of 0.0001.
const WholeShare = 10_000

// CreditorDays is how many days after the county's approval creditors must have been told (Art. 23).
const CreditorDays = 10

// documentMax is the number of characters of the name of a document.
const documentMax = 200

// Approval is on what a merger or division rests.
type Approval struct {
	On       period.Date // takes effect
	Approved period.Date // by the county government
	Document string
	Told     period.Date // creditors were told; "" not yet
}

func (a Approval) check(today period.Date) error {
	var findings []fault.Finding
	wrong := func(field string, f fault.Finding) { findings = append(findings, f.At("", 0, field)) }
	if !a.Approved.Valid() || a.Approved > today {
		wrong("approved", fault.Wrong("registry.wrong.approved"))
	}
	if !a.On.Valid() || a.On > today || a.Approved > a.On {
		wrong("on", fault.Wrong("registry.wrong.on"))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(a.Document)); n == 0 || n > documentMax {
		wrong("document", fault.Wrong("registry.wrong.document", documentMax))
	}
	if a.Told != "" && (!a.Told.Valid() || a.Told > today || a.Approved.Valid() &&
		(a.Told < a.Approved || a.Told > a.Approved.AddDays(CreditorDays))) {
		wrong("told", fault.Wrong("registry.wrong.told", CreditorDays))
	}
	if len(findings) > 0 {
		return fault.New(fault.Invalid, "registry.approval").With(findings)
	}
	return nil
}

// Merge joins organisations of one county into another of it, which goes on: everything of theirs is
// its from the day on. Merging villages does not do this by itself.
func (g *Registry) Merge(ctx context.Context, actor access.Actor, target Ref, sources []int64,
	a Approval) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		into, err := g.forSuccession(tx, actor, target, a)
		if err != nil {
			return err
		}
		if len(sources) == 0 {
			return fault.New(fault.Invalid, "registry.nothing_to_merge")
		}
		for _, id := range sources {
			from, err := g.forSuccession(tx, actor, Ref{target.Home, id}, a)
			if err != nil {
				return err
			}
			if from.ID == into.ID || from.Level != into.Level {
				return fault.New(fault.Invalid, "registry.merge_level", from.Name)
			}
			if err := g.end(tx, &from, Merged, a.On); err != nil {
				return err
			}
			if err := addLink(tx, Link{Home: into.Home, Kind: Merged, Source: id, Target: into.ID,
				Share: WholeShare}, a); err != nil {
				return err
			}
			into.Members += from.Members
			into.SurveyArea += from.SurveyArea
		}
		if err := organisations.Update(tx, &into); err != nil {
			return err
		}
		return g.recordSuccession(tx, actor, into, Merged, a)
	})
}

// Piece is a successor of a division and its share in 0.0001.
type Piece struct {
	Organisation Organisation
	Share        int64
}

// Divide ends an organisation and enters its successors, whose shares sum to one.
func (g *Registry) Divide(ctx context.Context, actor access.Actor, source Ref, pieces []Piece,
	a Approval) error {
	var total int64
	for _, p := range pieces {
		if total += p.Share; p.Share <= 0 || total > WholeShare {
			return fault.New(fault.Invalid, "registry.shares")
		}
	}
	if len(pieces) < 2 || total != WholeShare {
		return fault.New(fault.Invalid, "registry.shares")
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		from, err := g.forSuccession(tx, actor, source, a)
		if err != nil {
			return err
		}
		if err := g.end(tx, &from, Divided, a.On); err != nil {
			return err
		}
		if err := g.claimCode(tx, actor, from.Ref(), from.Code, ""); err != nil {
			return err
		}
		if err := g.checkPieces(actor, from, pieces); err != nil {
			return err
		}
		for _, p := range pieces {
			o := p.Organisation
			o.Established = a.On
			if err := g.createIn(tx, actor, &o); err != nil {
				return err
			}
			link := Link{Home: from.Home, Kind: Divided, Source: from.ID, Target: o.ID, Share: p.Share}
			if err := addLink(tx, link, a); err != nil {
				return err
			}
		}
		return g.recordSuccession(tx, actor, from, Divided, a)
	})
}

// checkPieces finds what is wrong with the successors; Row counts them from 1.
func (g *Registry) checkPieces(actor access.Actor, from Organisation, pieces []Piece) error {
	var findings []fault.Finding
	for i := range pieces {
		o := &pieces[i].Organisation
		if err := g.host.Access.Require(actor, Succeed, o.Place); err != nil {
			return err
		}
		if g.places.Home(o.Place) != from.Home {
			findings = append(findings, fault.Wrong("registry.wrong.county").At("", i+1, "place"))
		}
		if o.Level != from.Level {
			findings = append(findings, fault.Wrong("registry.wrong.divide_level").At("", i+1, "place"))
		}
		for _, f := range g.check(o) {
			findings = append(findings, f.At("", i+1, f.Column))
		}
	}
	if fault.Stops(findings) {
		return fault.New(fault.Invalid, "registry.invalid").With(findings)
	}
	return nil
}

// Tell records the day on which the creditors of a merger or division were told, within the ten days
// of the law. It is entered once.
func (g *Registry) Tell(ctx context.Context, actor access.Actor, home, link int64, on period.Date) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		row, found, err := links.First(tx, "WHERE home = ? AND id = ?", home, link)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "access.outside")
		}
		target, err := Get(tx, Ref{home, row.Target})
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, Succeed, target.Place); err != nil {
			return err
		}
		if row.Told != "" {
			return fault.New(fault.Conflict, "registry.told_already", string(row.Told))
		}
		a := Approval{row.Happened, row.Approved, row.Document, on}
		if err := a.check(tx.Now().Date()); err != nil || on == "" {
			return fault.New(fault.Invalid, "registry.telling", CreditorDays, string(row.Approved))
		}
		row.Told = on
		if err := links.Update(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "organisation.creditors_told",
			Subject: subject(row.Source), Place: target.Place, Actor: actor.Account,
			Body: successionBody{row.Kind, on, row.Document}})
		return err
	})
}

// forSuccession reads an active organisation the actor may change and checks the approval.
func (g *Registry) forSuccession(tx *store.Tx, actor access.Actor, ref Ref, a Approval) (Organisation,
	error) {
	o, err := Get(tx, ref)
	if err != nil {
		return o, err
	}
	if err := g.host.Access.Require(actor, Succeed, o.Place); err != nil {
		return o, err
	}
	if o.Status != Active {
		return o, fault.New(fault.Conflict, "registry.ended")
	}
	return o, a.check(tx.Now().Date())
}

// end closes an organisation on a day, and with it the offices in it.
func (g *Registry) end(tx *store.Tx, o *Organisation, how Status, on period.Date) error {
	held, err := inOffice(tx, o.Ref(), on)
	if err != nil {
		return err
	}
	for _, row := range held {
		row.Until = max(on, row.Since)
		if err := officers.Update(tx, &row); err != nil {
			return err
		}
	}
	o.Status, o.Ended = how, on
	return organisations.Update(tx, o)
}

func addLink(tx *store.Tx, l Link, a Approval) error {
	var err error
	if l.ID, err = tx.NextID(l.Home, "organisation_link"); err != nil {
		return err
	}
	l.Happened, l.Document, l.Approved, l.Told = a.On, strings.TrimSpace(a.Document), a.Approved, a.Told
	return links.Insert(tx, &l)
}

type successionBody struct {
	Kind     Status      `json:"kind"`
	On       period.Date `json:"on"`
	Document string      `json:"document"`
}

func (g *Registry) recordSuccession(tx *store.Tx, actor access.Actor, o Organisation, kind Status,
	a Approval) error {
	_, err := tx.Record(store.Event{Home: o.Home, Kind: "organisation." + string(kind),
		Subject: subject(o.ID),
		Place:   o.Place, Actor: actor.Account, Body: successionBody{kind, a.On, a.Document}})
	return err
}
