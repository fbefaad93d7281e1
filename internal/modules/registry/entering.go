package registry

import (
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// listTrail leads to the list.
func listTrail(r *web.Request) []web.Crumb {
	return []web.Crumb{{Text: r.T("registry.menu"), Href: "/organisations"}}
}

// filled is a record of a form with values as they would be entered. They need not be right.
func filled(d *form.Definition, values map[string]string) form.Record {
	record, _ := d.ParseForm(func(key string) string { return values[key] }, d.Blank(), form.Context{})
	return record
}

func (g *Registry) enterPage(r *web.Request) formpage.Page {
	return formpage.Page{Title: r.T("registry.enter"), Lead: r.T("registry.enter.lead"),
		Button: r.T("registry.enter.button"), Action: "/organisations/new", Back: "/organisations",
		Trail: listTrail(r)}
}

// askNew shows the form of an organisation, at the place of the address if it names one.
func (g *Registry) askNew(r *web.Request) (web.Answer, error) {
	record := filled(g.forms.enter, map[string]string{"place": r.Field("place")})
	return g.enterPage(r).Of(record, nil).Answer(r, g.host.Dictionary)
}

// enter takes a new organisation.
func (g *Registry) enter(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.enter, "")
	page := g.enterPage(r)
	o, more := g.placed(r, record)
	if found = append(found, more...); fault.Stops(found) {
		return page.Of(record, append(found, g.rest(o, found)...)).Answer(r, g.host.Dictionary)
	}
	doubts := g.check(&o)
	if len(doubts) > 0 && (fault.Stops(doubts) || !formpage.Confirmed(r)) {
		return page.Of(record, doubts).Answer(r, g.host.Dictionary)
	}
	made, err := g.Create(r.Context(), r.Actor, o)
	if err != nil {
		return page.Of(record, nil).After(err).Answer(r, g.host.Dictionary)
	}
	return done(made.Ref(), "entered"), nil
}

// placed reads an organisation with its place, which gives it its level.
func (g *Registry) placed(r *web.Request, record form.Record) (Organisation, []fault.Finding) {
	o := organisationOf(record)
	if !record.Given("place") {
		return o, nil
	}
	place, err := g.places.Find(r.Context(), record.Text("place"))
	if err == nil {
		err = r.Require(Change, place)
	}
	if f := fault.Of(err); f != nil {
		return o, []fault.Finding{fault.Wrong(f.Key, f.Args...).At("", 0, "place")}
	}
	o.Place, o.Level = place, g.places.Level(place)
	return o, nil
}

// rest is what else is wrong with an organisation, beside fields of which nothing is said yet.
func (g *Registry) rest(o Organisation, said []fault.Finding) []fault.Finding {
	known := map[string]bool{"level": true} // follows from the place
	for _, f := range said {
		known[f.Column] = true
	}
	var more []fault.Finding
	for _, f := range g.check(&o) {
		if f.Severity == fault.Error && !known[f.Column] && (o.Place != 0 || f.Column != "place") &&
			(o.Level != 0 || f.Column != "code") {
			more = append(more, f)
		}
	}
	return more
}

func (g *Registry) amendPage(r *web.Request, o Organisation) formpage.Page {
	return formpage.Page{Title: r.T("registry.amend", o.Name), Lead: r.T("registry.amend.lead"),
		Button: r.T("registry.amend.button"), Action: Address(o.Ref()) + "/edit", Back: Address(o.Ref()),
		Place: o.Place, Trail: g.trail(r, o)}
}

// askAmend shows what stands, to be changed.
func (g *Registry) askAmend(r *web.Request) (web.Answer, error) {
	o, err := g.changing(r)
	if err != nil {
		return nil, err
	}
	page := g.amendPage(r, o)
	page.Hidden = versionField(o.Version)
	return page.Of(filled(g.forms.amend, plainValues(o)), nil).Answer(r, g.host.Dictionary)
}

// amend takes what was changed, at the version that was shown.
func (g *Registry) amend(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	old, err := g.changing(r)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.amend, "")
	o := organisationOf(record)
	o.Home, o.ID, o.Version, o.Place, o.Level = old.Home, old.ID, version, old.Place, old.Level
	page := g.amendPage(r, old)
	page.Hidden = versionField(version)
	if fault.Stops(found) {
		return page.Of(record, append(found, g.rest(o, found)...)).Answer(r, g.host.Dictionary)
	}
	doubts := g.check(&o)
	if len(doubts) > 0 && (fault.Stops(doubts) || !formpage.Confirmed(r)) {
		return page.Of(record, doubts).Answer(r, g.host.Dictionary)
	}
	if _, err := g.Amend(r.Context(), r.Actor, o); err != nil {
		return page.Of(record, nil).After(err).Answer(r, g.host.Dictionary)
	}
	return done(old.Ref(), "amended"), nil
}
