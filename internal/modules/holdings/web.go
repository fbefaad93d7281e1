package holdings

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// uploadMax is how many bytes a posted file and its form may have.
const uploadMax = 32 << 20

func (s *Holdings) pages() []web.Route {
	const one = "/assets/{home}/{id}"
	change, transfer := web.Permitted(assets.Change), web.Permitted(assets.Transfer)
	read := web.Permitted(assets.Read)
	return []web.Route{
		{Pattern: "GET /assets", Access: read, Handle: s.list},
		{Pattern: "GET /assets/labels", Access: read, Handle: s.labels},
		{Pattern: "GET /assets/new", Access: change, Handle: s.askNew},
		{Pattern: "POST /assets/new", Access: change, Handle: s.takeNew},
		{Pattern: "GET " + one, Access: read, Handle: s.show},
		{Pattern: "GET " + one + "/label", Access: read, Handle: s.label},
		{Pattern: "GET " + one + "/edit", Access: change, Handle: s.askAmend},
		{Pattern: "POST " + one + "/edit", Access: change, Handle: s.takeAmend},
		{Pattern: "GET " + one + "/use", Access: change, Handle: s.askUse},
		{Pattern: "POST " + one + "/use", Access: change, Handle: s.takeUse},
		{Pattern: "GET " + one + "/revalue", Access: change, Handle: s.askRevalue},
		{Pattern: "POST " + one + "/revalue", Access: change, Handle: s.takeRevalue},
		{Pattern: "GET " + one + "/title", Access: change, Handle: s.askTitle},
		{Pattern: "POST " + one + "/title", Access: change, Handle: s.takeTitle},
		{Pattern: "GET " + one + "/split", Access: change, Handle: s.askSplit},
		{Pattern: "POST " + one + "/split", Access: change, Handle: s.takeSplit},
		{Pattern: "GET " + one + "/transfer", Access: transfer, Handle: s.askTransfer},
		{Pattern: "POST " + one + "/transfer", Access: transfer, Handle: s.takeTransfer},
		{Pattern: "GET " + one + "/dispose", Access: web.Permitted(assets.Dispose), Handle: s.askDispose},
		{Pattern: "POST " + one + "/dispose", Access: web.Permitted(assets.Dispose), Handle: s.takeDispose},
		{Pattern: "POST " + one + "/files", Access: change, BodyMax: uploadMax, Handle: s.attach},
	}
}

// Address is a card's page.
func Address(ref assets.Ref) string { return fmt.Sprintf("/assets/%d/%d", ref.Home, ref.ID) }

// refOf reads the card of the address.
func refOf(r *web.Request) (assets.Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return assets.Ref{}, err
	}
	id, err := r.ID("id")
	return assets.Ref{Home: home, ID: id}, err
}

// asked is the card of the address with its owner, if the reader may do an act at its place. To others
// there is none.
func (s *Holdings) asked(r *web.Request, permit access.Permit) (a assets.Asset, o registry.Organisation,
	err error) {
	ref, err := refOf(r)
	if err != nil {
		return a, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if a, err = assets.Get(v, ref); err != nil {
			return err
		}
		if err = r.Require(permit, a.Place); err != nil {
			return err
		}
		o, err = registry.Get(v, registry.Ref{Home: a.Home, ID: a.Organisation})
		return err
	})
	return a, o, err
}

// done leads to a card with a word of what just happened.
func done(ref assets.Ref, what string) web.Answer {
	return web.Redirect(Address(ref) + "?" + web.DoneField + "=assets." + what)
}

// trail leads from the list over the owner to a card.
func trail(r *web.Request, a assets.Asset, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("assets.menu"), Href: "/assets"},
		{Text: o.Name, Href: "/assets?organisation=" + o.Ref().String()},
		{Text: a.Name, Href: Address(a.Ref())}}
}
