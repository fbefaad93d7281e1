package contracts

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (s *Contracts) enterPage(r *web.Request, o registry.Organisation) formpage.Page {
	return formpage.Page{Title: r.T("contracts.enter"), Lead: r.T("contracts.enter.lead", o.Name),
		Button: r.T("contracts.enter.button"), Action: "/contracts/new", Back: "/contracts",
		Hidden: []formpage.Hidden{{Name: "organisation", Value: o.Ref().String()}}, Place: o.Place,
		Trail: []web.Crumb{{Text: r.T("contracts.menu"), Href: "/contracts"},
			{Text: o.Name, Href: registry.Address(o.Ref())}}}
}

// askNew shows the form of a contract.
func (s *Contracts) askNew(r *web.Request) (web.Answer, error) {
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return s.chooser.Pick(r, r.T("contracts.enter"), "/contracts/new", err)
	}
	record := filled(s.codes.Load().form, map[string]string{"every": "year", "paper": "1",
		"objects": r.Field("object"), "begins": string(r.Today())})
	return s.enterPage(r, o).Of(record, nil).Answer(r, s.host.Dictionary)
}

// takeNew takes a new contract.
func (s *Contracts) takeNew(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return nil, err
	}
	page := s.enterPage(r, o)
	return s.taken(r, page, func(e Entry) (Contract, error) {
		return s.Enter(r.Context(), r.Actor, o.Ref(), e)
	}, "entered")
}

// taken reads a contract from its form, shows what is doubtful once, and hands it on.
func (s *Contracts) taken(r *web.Request, page formpage.Page, put func(Entry) (Contract, error),
	what string) (web.Answer, error) {
	record, found := formpage.Read(r, s.codes.Load().form, "")
	if fault.Stops(found) {
		return page.Of(record, found).Answer(r, s.host.Dictionary)
	}
	e, more := entryOf(record)
	found = append(found, more...)
	checked := e
	found = append(found, s.Check(&checked)...)
	if len(found) > 0 && (fault.Stops(found) || !formpage.Confirmed(r)) {
		return page.Of(record, found).Answer(r, s.host.Dictionary)
	}
	c, err := put(e)
	if err != nil {
		return page.Of(record, nil).After(err).Answer(r, s.host.Dictionary)
	}
	return done(c.Ref(), what), nil
}

func (s *Contracts) amendPage(r *web.Request, c Contract, o registry.Organisation,
	version int64) formpage.Page {
	return formpage.Page{Title: r.T("contracts.amend"), Lead: r.T("contracts.amend.lead"),
		Button: r.T("contracts.amend.button"), Action: Address(c.Ref()) + "/edit", Back: Address(c.Ref()),
		Place: c.Place, Trail: trail(r, c, o),
		Hidden: []formpage.Hidden{{Name: "version", Value: whole(version)}}}
}

// askAmend shows what stands, to be changed.
func (s *Contracts) askAmend(r *web.Request) (web.Answer, error) {
	c, o, err := s.asked(r, Change)
	if err != nil {
		return nil, err
	}
	record, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (form.Record, error) {
		list, err := ObjectsOf(v, c.Ref())
		return filled(s.codes.Load().form, valuesOf(c, list)), err
	})
	if err != nil {
		return nil, err
	}
	return s.amendPage(r, c, o, c.Version).Of(record, nil).Answer(r, s.host.Dictionary)
}

// takeAmend takes what was changed, at the version that was shown.
func (s *Contracts) takeAmend(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	c, o, err := s.asked(r, Change)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	return s.taken(r, s.amendPage(r, c, o, version), func(e Entry) (Contract, error) {
		return s.Amend(r.Context(), r.Actor, Act{Ref: c.Ref(), Version: version, On: r.Today(),
			Document: e.Document, Reason: ""}, e)
	}, "amended")
}
