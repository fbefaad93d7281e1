package contracts

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// uploadMax is how many bytes a posted file and its form may have.
const uploadMax = 32 << 20

func (s *Contracts) pages() []web.Route {
	const one = "/contracts/{home}/{id}"
	read, change := web.Permitted(Read), web.Permitted(Change)
	routes := []web.Route{
		{Pattern: "GET /contracts", Access: read, Handle: s.list},
		{Pattern: "GET /contracts/ageing", Access: read, Handle: s.ageing},
		{Pattern: "GET /contracts/new", Access: change, Handle: s.askNew},
		{Pattern: "POST /contracts/new", Access: change, Handle: s.takeNew},
		{Pattern: "GET " + one, Access: read, Handle: s.show},
		{Pattern: "GET " + one + "/edit", Access: change, Handle: s.askAmend},
		{Pattern: "POST " + one + "/edit", Access: change, Handle: s.takeAmend},
		{Pattern: "POST " + one + "/files", Access: change, BodyMax: uploadMax, Handle: s.attach},
	}
	for _, k := range actings {
		routes = append(routes,
			web.Route{Pattern: "GET " + one + "/" + k.name, Access: web.Permitted(k.permit),
				Handle: func(r *web.Request) (web.Answer, error) { return s.ask(r, k) }},
			web.Route{Pattern: "POST " + one + "/" + k.name, Access: web.Permitted(k.permit),
				Handle: func(r *web.Request) (web.Answer, error) { return s.take(r, k) }})
	}
	return routes
}

// Address is a contract's page.
func Address(ref Ref) string { return fmt.Sprintf("/contracts/%d/%d", ref.Home, ref.ID) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// asked is the contract of the address with its owner, if the reader may do an act at its place. To
// others there is none.
func (s *Contracts) asked(r *web.Request, permit access.Permit) (c Contract, o registry.Organisation,
	err error) {
	home, err := r.ID("home")
	if err != nil {
		return c, o, err
	}
	id, err := r.ID("id")
	if err != nil {
		return c, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if c, err = Get(v, Ref{home, id}); err != nil {
			return err
		}
		if err = r.Require(permit, c.Place); err != nil {
			return err
		}
		o, err = registry.Get(v, c.Owner())
		return err
	})
	return c, o, err
}

// done leads to a contract with a word of what just happened.
func done(ref Ref, what string) web.Answer {
	return web.Redirect(Address(ref) + "?" + web.DoneField + "=contracts." + what)
}

// trail leads from the list over the owner to a contract.
func trail(r *web.Request, c Contract, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("contracts.menu"), Href: "/contracts"},
		{Text: o.Name, Href: "/contracts?organisation=" + o.Ref().String()},
		{Text: c.Name, Href: Address(c.Ref())}}
}
