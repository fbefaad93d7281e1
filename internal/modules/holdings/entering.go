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

// chosen is the organisation the address or form names, if the reader may change its cards.
func (s *Holdings) chosen(r *web.Request) (registry.Organisation, error) {
	text := r.Field("organisation")
	if text == "" {
		return s.ownOrganisation(r)
	}
	o, err := s.organisation(r.Context(), r.Actor, text)
	if err == nil {
		err = r.Require(assets.Change, o.Place)
	}
	return o, err
}

// ownOrganisation is that of the reader's only post, so that a village accountant need not say where.
func (s *Holdings) ownOrganisation(r *web.Request) (registry.Organisation, error) {
	nowhere := fault.New(fault.Invalid, "assets.which_organisation")
	place := int64(0)
	for _, post := range r.Actor.Posts {
		if post.Place == 0 || !r.Can(assets.Change, post.Place) {
			continue
		}
		if place != 0 && place != post.Place {
			return registry.Organisation{}, nowhere
		}
		place = post.Place
	}
	return store.Read(r.Context(), s.host.Store, func(v *store.View) (registry.Organisation, error) {
		o, found, err := registry.At(v, place)
		if err == nil && !found {
			err = nowhere
		}
		return o, err
	})
}

func (s *Holdings) enterPage(r *web.Request, o registry.Organisation) formpage.Page {
	return formpage.Page{Title: r.T("assets.enter"), Lead: r.T("assets.enter.lead", o.Name),
		Button: r.T("assets.enter.button"), Action: "/assets/new", Back: "/assets",
		Hidden: []formpage.Hidden{{Name: "organisation", Value: o.Ref().String()}}, Place: o.Place,
		Trail: []web.Crumb{{Text: r.T("assets.menu"), Href: "/assets"},
			{Text: o.Name, Href: registry.Address(o.Ref())}}}
}

// pickView asks whose card it shall be.
type pickView struct {
	Action, Value string
	Refusal       string
}

// pick asks for the organisation where it does not follow from the reader's post.
func (s *Holdings) pick(r *web.Request, title, action string, refused error) (web.Answer, error) {
	f := fault.Of(refused)
	if f.Code != fault.Invalid && f.Code != fault.NotFound && f.Code != fault.Conflict {
		return nil, refused
	}
	v := pickView{Action: action, Value: r.Field("organisation")}
	if v.Value != "" {
		v.Refusal = r.Explain(f)
	}
	return web.View("holdings/pick", web.Page{Title: title, Data: v, Status: status(v.Refusal)}), nil
}

func status(refusal string) int {
	if refusal == "" {
		return 0
	}
	return web.Status(fault.New(fault.Invalid, "web.form"))
}

// askNew shows the form of a card.
func (s *Holdings) askNew(r *web.Request) (web.Answer, error) {
	o, err := s.chosen(r)
	if err != nil {
		return s.pick(r, r.T("assets.enter"), "/assets/new", err)
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
	o, err := s.chosen(r)
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
