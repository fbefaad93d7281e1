package registry

import (
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (g *Registry) appointPage(r *web.Request, o Organisation) formpage.Page {
	return formpage.Page{Title: r.T("registry.appoint"), Lead: r.T("registry.appoint.lead", o.Name),
		Button: r.T("registry.appoint.button"), Action: Address(o.Ref()) + "/appoint",
		Back:  Address(o.Ref()),
		Place: o.Place, Trail: g.trail(r, o)}
}

func (g *Registry) askAppoint(r *web.Request) (web.Answer, error) {
	o, err := g.changing(r)
	if err != nil {
		return nil, err
	}
	record := filled(g.forms.appoint, map[string]string{"since": string(r.Today()),
		"office": r.Field("office")})
	return g.appointPage(r, o).Of(record, nil).Answer(r, g.host.Dictionary)
}

func (g *Registry) appoint(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := g.changing(r)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.appoint, "")
	page := g.appointPage(r, o).Of(record, found)
	if fault.Stops(found) {
		return page.Answer(r, g.host.Dictionary)
	}
	err = g.Appoint(r.Context(), r.Actor, Appointment{Organisation: o.Ref(),
		Office: Office(record.Text("office")), Name: record.Text("name"), Phone: record.Text("phone"),
		Since: record.Date("since")})
	if err != nil {
		return page.After(err).Answer(r, g.host.Dictionary)
	}
	return done(o.Ref(), "appointed"), nil
}

// officerAsked is the officer of the address and the organisation, within the reader's places.
func (g *Registry) officerAsked(r *web.Request) (Officer, Organisation, error) {
	ref, err := refOf(r)
	if err != nil {
		return Officer{}, Organisation{}, err
	}
	var row Officer
	var o Organisation
	err = g.host.Store.View(r.Context(), func(v *store.View) error {
		if row, err = getOfficer(v, ref.Home, ref.ID); err != nil {
			return err
		}
		o, err = g.seen(v, r, Ref{row.Home, row.Organisation})
		return err
	})
	return row, o, err
}

func (g *Registry) leavePage(r *web.Request, row Officer, o Organisation) (formpage.Page, error) {
	name, err := g.host.Keys.Open(nameColumn, row.Name)
	if err != nil {
		return formpage.Page{}, err
	}
	office := r.T("registry.office." + string(row.Office))
	return formpage.Page{Title: r.T("registry.leave"), Lead: r.T("registry.leave.lead", o.Name, office,
		name),
		Button: r.T("registry.leave.button"), Action: officerAddress(row) + "/leave",
		Back:   Address(o.Ref()),
		Danger: true, Place: o.Place, Trail: g.trail(r, o)}, nil
}

func (g *Registry) askLeave(r *web.Request) (web.Answer, error) {
	row, o, err := g.officerAsked(r)
	if err == nil {
		err = r.Require(Change, o.Place)
	}
	if err != nil {
		return nil, err
	}
	page, err := g.leavePage(r, row, o)
	if err != nil {
		return nil, err
	}
	record := filled(g.forms.leave, map[string]string{"on": string(r.Today())})
	return page.Of(record, nil).Answer(r, g.host.Dictionary)
}

func (g *Registry) leave(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	row, o, err := g.officerAsked(r)
	if err == nil {
		err = r.Require(Change, o.Place)
	}
	if err != nil {
		return nil, err
	}
	page, err := g.leavePage(r, row, o)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.leave, "")
	if page = page.Of(record, found); fault.Stops(found) {
		return page.Answer(r, g.host.Dictionary)
	}
	if err := g.Leave(r.Context(), r.Actor, row.Home, row.ID, record.Date("on")); err != nil {
		return page.After(err).Answer(r, g.host.Dictionary)
	}
	return done(o.Ref(), "left"), nil
}

// phone shows an officer's telephone once, for a reason that is kept.
func (g *Registry) phone(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	row, o, err := g.officerAsked(r)
	if err != nil {
		return nil, err
	}
	err = g.host.Audit.Unmask(r.Context(), r.Actor, audit.Unmasking{Home: row.Home, Place: o.Place,
		Permit: ReadOfficers, Subject: "officer/" + number(row.ID), Field: "phone",
		Reason: r.Field("reason")})
	if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Limited) {
		return nil, err
	}
	whole := row.ID
	if err != nil {
		whole = 0
	}
	return g.file(r, o.Ref(), whole, err)
}
