package commitments

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (s *Commitments) pages() []web.Route {
	const one, transfer = "/commitments/{home}/{id}", "/transfers/{home}/{id}"
	read, change, announce := web.Permitted(MayRead), web.Permitted(MayChange), web.Permitted(MayAnnounce)
	routes := []web.Route{
		{Pattern: "GET /commitments", Access: read, Handle: s.list},
		{Pattern: "GET /commitments/new", Access: change, Handle: s.askNew},
		{Pattern: "POST /commitments/new", Access: change, Handle: s.takeNew},
		{Pattern: "GET " + one, Access: read, Handle: s.show},
		{Pattern: "GET " + one + "/edit", Access: change, Handle: s.askAmend},
		{Pattern: "POST " + one + "/edit", Access: change, Handle: s.takeAmend},
		{Pattern: "POST " + one + "/files", Access: change, BodyMax: intakepage.SizeMax, Handle: s.attach},
		{Pattern: "GET /transfers", Access: read, Handle: s.transfers},
		{Pattern: "GET /transfers/new", Access: announce, Handle: s.askAnnounce},
		{Pattern: "POST /transfers/new", Access: announce, Handle: s.takeAnnounce},
		{Pattern: "GET " + transfer, Access: read, Handle: s.showTransfer},
	}
	for _, k := range actings {
		routes = append(routes,
			web.Route{Pattern: "GET " + one + "/" + k.name, Access: change,
				Handle: func(r *web.Request) (web.Answer, error) { return s.ask(r, k) }},
			web.Route{Pattern: "POST " + one + "/" + k.name, Access: change,
				Handle: func(r *web.Request) (web.Answer, error) { return s.takeAct(r, k) }})
	}
	for _, k := range transferActings {
		routes = append(routes,
			web.Route{Pattern: "GET " + transfer + "/" + k.name, Access: web.Permitted(k.permit),
				Handle: func(r *web.Request) (web.Answer, error) { return s.askTransfer(r, k) }},
			web.Route{Pattern: "POST " + transfer + "/" + k.name, Access: web.Permitted(k.permit),
				Handle: func(r *web.Request) (web.Answer, error) { return s.takeTransfer(r, k) }})
	}
	return routes
}

// Address is a commitment's page.
func Address(ref Ref) string { return fmt.Sprintf("/commitments/%d/%d", ref.Home, ref.ID) }

// TransferAddress is a transfer's page.
func TransferAddress(ref Ref) string { return fmt.Sprintf("/transfers/%d/%d", ref.Home, ref.ID) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// refIn is what the address names.
func refIn(r *web.Request) (Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return Ref{}, err
	}
	id, err := r.ID("id")
	return Ref{home, id}, err
}

// asked is the commitment of the address with its owner, if the reader may do an act at its place. To
// others there is none.
func (s *Commitments) asked(r *web.Request, permit access.Permit) (c Commitment, o registry.Organisation,
	err error) {
	ref, err := refIn(r)
	if err != nil {
		return c, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if c, err = Get(v, ref); err != nil {
			return err
		}
		if err = r.Require(permit, c.Place); err != nil {
			return err
		}
		o, err = registry.Get(v, ownerOf(c))
		return err
	})
	return c, o, err
}

// done leads to a page with a word of what just happened.
func done(address, what string) web.Answer {
	return web.Redirect(address + "?" + web.DoneField + "=commitments." + what)
}

// trail leads from the list over the owner to a commitment.
func trail(r *web.Request, c Commitment, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("commitments.menu"), Href: "/commitments"},
		{Text: o.Name, Href: "/commitments?organisation=" + o.Ref().String()},
		{Text: c.Party, Href: Address(refOf(c))}}
}

// kindIn is the kind that the address or form names; a loan, unless it says otherwise.
func kindIn(r *web.Request) (Kind, error) {
	kind := Kind(r.Field("kind"))
	if kind == "" {
		return Loan, nil
	}
	if !slices.Contains(record.Kinds, kind) {
		return "", fault.New(fault.NotFound, "commitments.no_kind")
	}
	return kind, nil
}

func (s *Commitments) enterPage(r *web.Request, o registry.Organisation, kind Kind) formpage.Page {
	key := "commitments." + string(kind) + ".enter"
	return formpage.Page{Title: r.T(key), Lead: r.T(key+".lead", o.Name),
		Button: r.T("commitments.enter.button"), Action: "/commitments/new", Back: "/commitments",
		Hidden: []formpage.Hidden{{Name: "organisation", Value: o.Ref().String()},
			{Name: "kind", Value: string(kind)}}, Place: o.Place,
		Trail: []web.Crumb{{Text: r.T("commitments.menu"), Href: "/commitments"},
			{Text: o.Name, Href: registry.Address(o.Ref())}}}
}

// askNew shows the form of a kind.
func (s *Commitments) askNew(r *web.Request) (web.Answer, error) {
	kind, err := kindIn(r)
	if err != nil {
		return nil, err
	}
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return s.chooser.Pick(r, r.T("commitments."+string(kind)+".enter"), "/commitments/new", err)
	}
	blank := filled(s.codes.Load().forms[kind], map[string]string{"day": string(r.Today())})
	return s.enterPage(r, o, kind).Of(blank, nil).Answer(r, s.host.Dictionary)
}

// takeNew takes a new commitment.
func (s *Commitments) takeNew(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	kind, err := kindIn(r)
	if err != nil {
		return nil, err
	}
	o, err := s.chooser.Chosen(r)
	if err != nil {
		return nil, err
	}
	page := s.enterPage(r, o, kind)
	read, found := formpage.Read(r, s.codes.Load().forms[kind], "")
	if fault.Stops(found) {
		return page.Of(read, found).Answer(r, s.host.Dictionary)
	}
	e := entryOf(kind, read)
	checked := e
	found = append(found, s.Check(&checked)...)
	if len(found) > 0 && (fault.Stops(found) || !formpage.Confirmed(r)) {
		return page.Of(read, found).Answer(r, s.host.Dictionary)
	}
	c, err := s.Enter(r.Context(), r.Actor, o.Ref(), e)
	if err != nil {
		return page.Of(read, nil).After(err).Answer(r, s.host.Dictionary)
	}
	return done(Address(refOf(c)), "entered"), nil
}

func (s *Commitments) amendPage(r *web.Request, c Commitment, o registry.Organisation,
	version int64) formpage.Page {
	return formpage.Page{Title: r.T("commitments.amend"), Lead: r.T("commitments.amend.lead"),
		Button: r.T("commitments.amend.button"), Action: Address(refOf(c)) + "/edit", Place: c.Place,
		Back: Address(refOf(c)), Trail: trail(r, c, o),
		Hidden: []formpage.Hidden{{Name: "version", Value: whole(version)}}}
}

// askAmend shows what stands, to be changed.
func (s *Commitments) askAmend(r *web.Request) (web.Answer, error) {
	c, o, err := s.asked(r, MayChange)
	if err != nil {
		return nil, err
	}
	d, err := s.amendable(c.Kind)
	if err != nil {
		return nil, err
	}
	return s.amendPage(r, c, o, c.Version).Of(filled(d, valuesOf(c)), nil).Answer(r, s.host.Dictionary)
}

// takeAmend takes what was changed, at the version that was shown.
func (s *Commitments) takeAmend(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	c, o, err := s.asked(r, MayChange)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	d, err := s.amendable(c.Kind)
	if err != nil {
		return nil, err
	}
	read, found := formpage.Read(r, d, "")
	page := s.amendPage(r, c, o, version).Of(read, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	e := entryOf(c.Kind, read)
	q := Act{Ref: refOf(c), Version: version, On: r.Today(), Document: e.Document}
	if _, err := s.Amend(r.Context(), r.Actor, q, e); err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(Address(refOf(c)), "amended"), nil
}
