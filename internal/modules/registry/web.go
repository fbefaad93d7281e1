package registry

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (g *Registry) pages() []web.Route {
	const one = "/organisations/{home}/{id}"
	return []web.Route{
		{Pattern: "GET /organisations", Access: web.Permitted(Read), Handle: g.list},
		{Pattern: "GET /organisations/new", Access: web.Permitted(Change), Handle: g.askNew},
		{Pattern: "POST /organisations/new", Access: web.Permitted(Change), Handle: g.enter},
		{Pattern: "GET " + one, Access: web.Permitted(Read), Handle: g.show},
		{Pattern: "GET " + one + "/edit", Access: web.Permitted(Change), Handle: g.askAmend},
		{Pattern: "POST " + one + "/edit", Access: web.Permitted(Change), Handle: g.amend},
		{Pattern: "GET " + one + "/appoint", Access: web.Permitted(Change), Handle: g.askAppoint},
		{Pattern: "POST " + one + "/appoint", Access: web.Permitted(Change), Handle: g.appoint},
		{Pattern: "GET /officers/{home}/{id}/leave", Access: web.Permitted(Change), Handle: g.askLeave},
		{Pattern: "POST /officers/{home}/{id}/leave", Access: web.Permitted(Change), Handle: g.leave},
		{Pattern: "GET /officers/{home}/{id}/relative", Access: web.Permitted(Change),
			Handle: g.askRelative},
		{Pattern: "POST /officers/{home}/{id}/relative", Access: web.Permitted(Change), Handle: g.relative},
		{Pattern: "POST /relatives/{home}/{id}/withdraw", Access: web.Permitted(Change),
			Handle: g.withdraw},
		{Pattern: "POST /officers/{home}/{id}/phone", Access: web.Permitted(ReadOfficers), Handle: g.phone},
		{Pattern: "GET " + one + "/merge", Access: web.Permitted(Succeed), Handle: g.askMerge},
		{Pattern: "POST " + one + "/merge", Access: web.Permitted(Succeed), Handle: g.merge},
		{Pattern: "GET " + one + "/divide", Access: web.Permitted(Succeed), Handle: g.askDivide},
		{Pattern: "POST " + one + "/divide", Access: web.Permitted(Succeed), Handle: g.divide},
		{Pattern: "POST " + one + "/told", Access: web.Permitted(Succeed), Handle: g.told},
	}
}

// Address is an organisation's page.
func Address(ref Ref) string { return fmt.Sprintf("/organisations/%d/%d", ref.Home, ref.ID) }

// placeAddress is a place's page.
func placeAddress(place int64) string { return fmt.Sprintf("/places/%d", place) }

// refOf reads the organisation of the address.
func refOf(r *web.Request) (Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return Ref{}, err
	}
	id, err := r.ID("id")
	return Ref{home, id}, err
}

// seen reads an organisation within the places where the reader may do an act. To others there is none.
func (g *Registry) seen(v store.Reader, r *web.Request, ref Ref) (Organisation, error) {
	o, err := Get(v, ref)
	if err != nil {
		return o, err
	}
	return o, r.Require(Read, o.Place)
}

// asked is the organisation of the address.
func (g *Registry) asked(r *web.Request) (Organisation, error) {
	ref, err := refOf(r)
	if err != nil {
		return Organisation{}, err
	}
	return store.Read(r.Context(), g.host.Store, func(v *store.View) (Organisation, error) {
		return g.seen(v, r, ref)
	})
}

// changing is the organisation of the address, if it is active.
func (g *Registry) changing(r *web.Request) (Organisation, error) {
	o, err := g.asked(r)
	if err == nil && o.Status != Active {
		err = fault.New(fault.Conflict, "registry.ended")
	}
	return o, err
}

// trail leads from the list over the place to an organisation.
func (g *Registry) trail(r *web.Request, o Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("registry.menu"), Href: "/organisations"},
		{Text: g.places.Name(o.Place), Href: placeAddress(o.Place)}, {Text: o.Name, Href: Address(o.Ref())}}
}

// done goes to an organisation's page and says there what happened.
func done(ref Ref, what string) web.Answer {
	return web.Redirect(Address(ref) + "?" + web.DoneField + "=registry." + what)
}
