package contracts

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// uploadMax is how many bytes a posted file and its form may have.
const uploadMax = 32 << 20

func (s *Contracts) pages() []web.Route {
	const one = "/contracts/{home}/{id}"
	read, change := web.Permitted(Read), web.Permitted(Change)
	routes := []web.Route{
		{Pattern: "GET /contracts", Access: read, Handle: s.list},
		{Pattern: "GET /contracts/new", Access: change, Handle: s.askNew},
		{Pattern: "POST /contracts/new", Access: change, Handle: s.takeNew},
		{Pattern: "GET /contracts/import", Access: change, Handle: s.importPage},
		{Pattern: "GET /contracts/template", Access: change, Handle: s.template},
		{Pattern: "POST /contracts/import", Access: change, BodyMax: uploadMax, Handle: s.upload},
		{Pattern: "GET /contract-imports/{home}/{id}", Access: change, Handle: s.intakePage},
		{Pattern: "POST /contract-imports/{home}/{id}/apply", Access: change, Handle: s.applyIntake},
		{Pattern: "POST /contract-imports/{home}/{id}/cancel", Access: change, Handle: s.cancelIntake},
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

// organisation reads which organisation a person means: its number as 500102/37, its credit code, or its
// place. What the actor may not read is not found.
func (s *Contracts) organisation(ctx context.Context, actor access.Actor,
	text string) (registry.Organisation, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (o registry.Organisation, err error) {
		if o, err = s.organisationIn(ctx, v, text); err == nil {
			err = s.host.Access.Require(actor, Read, o.Place)
		}
		return o, err
	})
}

func (s *Contracts) organisationIn(ctx context.Context, v store.Reader,
	text string) (registry.Organisation, error) {
	if ref, ok := registry.ParseRef(text); ok {
		return registry.Get(v, ref)
	}
	if o, found, err := registry.ByCode(v, strings.ToUpper(strings.TrimSpace(text))); err != nil || found {
		return o, err
	}
	nowhere := fault.New(fault.NotFound, "contracts.no_organisation", text)
	place, err := s.places.Find(ctx, text)
	if err != nil {
		return registry.Organisation{}, nowhere.Because(err)
	}
	o, found, err := registry.At(v, place)
	if err == nil && !found {
		err = nowhere
	}
	return o, err
}

// chosen is the organisation the address or form names, or that of the reader's only post, if the reader
// may change its contracts.
func (s *Contracts) chosen(r *web.Request) (registry.Organisation, error) {
	text := r.Field("organisation")
	if text == "" {
		for _, post := range r.Actor.Posts {
			if post.Place == 0 || !r.Can(Change, post.Place) {
				continue
			}
			if text != "" {
				return registry.Organisation{}, fault.New(fault.Invalid, "contracts.which_organisation")
			}
			text = "#" + whole(post.Place)
		}
	}
	if text == "" {
		return registry.Organisation{}, fault.New(fault.Invalid, "contracts.which_organisation")
	}
	o, err := s.organisation(r.Context(), r.Actor, text)
	if err == nil {
		err = r.Require(Change, o.Place)
	}
	return o, err
}
