package holdings

import (
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (s *Holdings) enterPage(r *web.Request, o registry.Organisation) formpage.Page {
	return formpage.Page{Title: r.T("assets.enter"), Lead: r.T("assets.enter.lead", o.Name),
		Button: r.T("assets.enter.button"), Action: "/assets/new", Back: "/assets",
		Hidden: []formpage.Hidden{{Name: "organisation", Value: o.Ref().String()}}, Place: o.Place,
		Trail: []web.Crumb{{Text: r.T("assets.menu"), Href: "/assets"},
			{Text: o.Name, Href: registry.Address(o.Ref())}}}
}

// askNew shows the form of a card.
func (s *Holdings) askNew(r *web.Request) (web.Answer, error) {
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return s.chooser.Pick(r, r.T("assets.enter"), "/assets/new", err)
	}
	record := filled(s.forms.enter, map[string]string{"form": assets.FormFixed,
		"class":    string(assets.NonOperating),
		"category": "production", "origin": "own", "title": string(assets.Clear), "use_state": "self",
		"acquired": string(r.Today())})
	return s.enterPage(r, o).Of(record, nil).Answer(r, s.host.Dictionary)
}

// takeNew takes a new card.
func (s *Holdings) takeNew(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, s.forms.enter, "")
	page := s.enterPage(r, o)
	a, more := assetOf(record)
	a.Home, a.Organisation, a.Place = o.Home, o.ID, o.Place
	if found = append(found, more...); fault.Stops(found) {
		return page.Of(record, found).Answer(r, s.host.Dictionary)
	}
	doubts, err := s.doubts(r, a)
	if err != nil {
		return nil, err
	}
	if len(doubts) > 0 && (fault.Stops(doubts) || !formpage.Confirmed(r)) {
		return page.Of(record, doubts).Answer(r, s.host.Dictionary)
	}
	made, err := s.assets.Acquire(r.Context(), r.Actor, assets.Acquisition{Card: a,
		Document: record.Text("document")})
	if err != nil {
		return page.Of(record, nil).After(err).Answer(r, s.host.Dictionary)
	}
	return done(made.Ref(), "acquired"), nil
}

// doubts is everything to be said about a card before it is entered or changed.
func (s *Holdings) doubts(r *web.Request, a assets.Asset) ([]fault.Finding, error) {
	s.assets.Fill(&a)
	findings := s.assets.Check(&a)
	twins, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]fault.Finding, error) {
		return s.assets.Twins(v, r.Actor, a)
	})
	return append(findings, twins...), err
}

func (s *Holdings) amendPage(r *web.Request, a assets.Asset, o registry.Organisation) formpage.Page {
	page := s.actPage(r, a, o, "edit")
	page.Title, page.Lead = r.T("assets.amend"), r.T("assets.amend.lead")
	page.Button = r.T("assets.amend.button")
	return page
}

func (s *Holdings) askAmend(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, assets.Change)
	if err != nil {
		return nil, err
	}
	return s.amendPage(r, a, o).Of(filled(s.forms.amend, valuesOf(a)), nil).Answer(r, s.host.Dictionary)
}

func (s *Holdings) takeAmend(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	a, o, err := s.asked(r, assets.Change)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, s.forms.amend, "")
	page := s.amendPage(r, a, o)
	d, more := descriptionOf(record, a)
	if found = append(found, more...); fault.Stops(found) {
		return page.Of(record, found).Answer(r, s.host.Dictionary)
	}
	changed := a
	changed.Describe(d)
	doubts, err := s.doubts(r, changed)
	if err != nil {
		return nil, err
	}
	if len(doubts) > 0 && (fault.Stops(doubts) || !formpage.Confirmed(r)) {
		return page.Of(record, doubts).Answer(r, s.host.Dictionary)
	}
	q, err := actOf(r, a)
	if err == nil {
		q.On = r.Today()
		_, err = s.assets.Amend(r.Context(), r.Actor, q, d)
	}
	if err != nil {
		return page.Of(record, nil).After(err).Answer(r, s.host.Dictionary)
	}
	return done(a.Ref(), "amended"), nil
}

// descriptionOf reads the form of a correction. What it does not ask stays as it was.
func descriptionOf(r form.Record, a assets.Asset) (assets.Description, []fault.Finding) {
	read, findings := assetOf(r)
	d := read.Description()
	if d.Number == "" {
		d.Number = a.Number
	}
	return d, findings
}
