package registry

import (
	"context"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
)

func (g *Registry) successionPage(r *web.Request, o Organisation, act string) formpage.Page {
	return formpage.Page{Title: r.T("registry."+act+".title", o.Name),
		Lead: r.T("registry." + act + ".lead"), Button: r.T("registry." + act + ".button"),
		Action: Address(o.Ref()) + "/" + act, Back: Address(o.Ref()), Danger: true, Place: o.Place,
		Trail: g.trail(r, o)}
}

// succeeding is the organisation of the address, if the reader may merge and divide it.
func (g *Registry) succeeding(r *web.Request) (Organisation, error) {
	o, err := g.changing(r)
	if err == nil {
		err = r.Require(Succeed, o.Place)
	}
	return o, err
}

func (g *Registry) askMerge(r *web.Request) (web.Answer, error) {
	o, err := g.succeeding(r)
	if err != nil {
		return nil, err
	}
	return g.successionPage(r, o, "merge").Of(g.forms.merge.Blank(), nil).Answer(r, g.host.Dictionary)
}

func (g *Registry) merge(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := g.succeeding(r)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.merge, "")
	var sources []int64
	for _, key := range sourceFields {
		if !record.Given(key) {
			continue
		}
		from, err := g.meant(r.Context(), r.Actor, record.Text(key))
		if err != nil || from.Home != o.Home || slices.Contains(sources, from.ID) {
			found = append(found, fault.Wrong("registry.wrong.source").At("", 0, key))
			continue
		}
		sources = append(sources, from.ID)
	}
	page := g.successionPage(r, o, "merge").Of(record, found)
	if fault.Stops(found) {
		return page.Answer(r, g.host.Dictionary)
	}
	if err := g.Merge(r.Context(), r.Actor, o.Ref(), sources, approvalOf(record)); err != nil {
		return page.After(err).Answer(r, g.host.Dictionary)
	}
	return done(o.Ref(), "merged"), nil
}

// meant is the active organisation that a person means by its number, its credit code or its place.
func (g *Registry) meant(ctx context.Context, actor access.Actor, text string) (o Organisation, err error) {
	place := int64(0)
	ref, byNumber := ParseRef(text)
	code, wrong := identifier.ParseCredit(text)
	if !byNumber && wrong != nil {
		if place, err = g.places.Find(ctx, text); err != nil {
			return o, err
		}
	}
	err = g.host.Store.View(ctx, func(v *store.View) (err error) {
		found := true
		switch {
		case byNumber:
			o, err = Get(v, ref)
		case wrong == nil:
			o, found, err = ByCode(v, string(code))
		default:
			o, found, err = At(v, place)
		}
		if err == nil && !found {
			err = fault.New(fault.NotFound, "access.outside")
		}
		return err
	})
	if err == nil {
		err = g.host.Access.Require(actor, Read, o.Place)
	}
	return o, err
}

// piecePrefix stands before the names of a successor's fields.
func piecePrefix(i int) string { return fmt.Sprintf("p%d_", i+1) }

// dividePage shows the approval and the successors; found holds what is wrong, by piece, −1 for the
// approval.
func (g *Registry) dividePage(r *web.Request, o Organisation, approval form.Record, pieces []form.Record,
	found map[int][]fault.Finding) formpage.Page {
	page := g.successionPage(r, o, "divide").Of(approval, found[-1])
	for i, p := range pieces {
		page.Sections = append(page.Sections, formpage.Section{Heading: r.T("registry.divide.piece", i+1),
			Prefix: piecePrefix(i), Record: p, Findings: found[i], Optional: i >= 2})
	}
	return page
}

func (g *Registry) askDivide(r *web.Request) (web.Answer, error) {
	o, err := g.succeeding(r)
	if err != nil {
		return nil, err
	}
	pieces := make([]form.Record, piecesMax)
	for i := range pieces {
		pieces[i] = g.forms.piece.Blank()
	}
	return g.dividePage(r, o, g.forms.divide.Blank(), pieces, nil).Answer(r, g.host.Dictionary)
}

func (g *Registry) divide(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := g.succeeding(r)
	if err != nil {
		return nil, err
	}
	found := map[int][]fault.Finding{}
	approval, wrong := formpage.Read(r, g.forms.divide, "")
	found[-1] = wrong
	records := make([]form.Record, piecesMax)
	var pieces []Piece
	var at []int // positions of the pieces on the page
	stopped := fault.Stops(wrong)
	for i := range records {
		var p Piece
		if records[i], p, found[i] = g.readPiece(r, i); records[i].IsBlank() && i >= 2 {
			found[i] = nil
			continue
		}
		stopped = stopped || fault.Stops(found[i])
		pieces, at = append(pieces, p), append(at, i)
	}
	if !stopped {
		err = g.Divide(r.Context(), r.Actor, o.Ref(), pieces, approvalOf(approval))
		if err == nil {
			return done(o.Ref(), "divided"), nil
		}
		sortOut(err, at, found)
	}
	page := g.dividePage(r, o, approval, records, found)
	page.Refused = err
	return page.Answer(r, g.host.Dictionary)
}

// sortOut puts the findings of a refused division beside what they are about.
func sortOut(err error, at []int, found map[int][]fault.Finding) {
	for _, f := range fault.Of(err).Findings {
		position := -1
		if f.Row > 0 && f.Row <= len(at) {
			position = at[f.Row-1]
		}
		found[position] = append(found[position], f)
	}
}

// readPiece reads one successor of the page.
func (g *Registry) readPiece(r *web.Request, i int) (form.Record, Piece, []fault.Finding) {
	record, found := formpage.Read(r, g.forms.piece, piecePrefix(i))
	o, more := g.placed(r, record)
	return record, Piece{o, record.Hundredths("share")}, append(found, more...)
}

// told takes the day on which creditors were told.
func (g *Registry) told(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := g.asked(r)
	if err != nil {
		return nil, err
	}
	link, err := r.Number("link")
	if err != nil {
		return nil, err
	}
	day, err := r.Date("told")
	if err == nil {
		err = g.Tell(r.Context(), r.Actor, o.Home, link, day)
	}
	if fault.Is(err, fault.Invalid) {
		return g.file(r, o.Ref(), 0, err)
	}
	if err != nil {
		return nil, err
	}
	return done(o.Ref(), "told"), nil
}
