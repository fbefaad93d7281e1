package registry

import (
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// cards are what pages of places show of their organisations.
func (g *Registry) cards() []web.Card {
	return []web.Card{{On: "place", Order: 10, Permit: Read, View: "registry/place-card",
		Render: g.placeCard}}
}

// placeCard is what a place's page shows: its organisation, and the way to those below.
type placeCard struct {
	Organisation
	Address   string
	Tone      string
	Held      []heldOffice
	Vacant    []Office
	PlaceText string // names the place in addresses
	OfLevel   bool   // organisations stand at places of this level
	Stands    bool   // one stands here
	May       bool   // be entered by the reader
	Below     bool   // there are places below, which may have theirs
}

type heldOffice struct {
	Office Office
	Number int64
}

func (g *Registry) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	card := placeCard{PlaceText: "#" + number(on.Place), Below: len(g.places.Children(on.Place)) > 0,
		OfLevel: typeDigits[g.places.Level(on.Place)] != 0, May: r.Can(Change, on.Place)}
	err := g.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if card.Organisation, card.Stands, err = At(v, on.Place); err != nil || !card.Stands {
			return err
		}
		held, err := officesAt(v, on.Place, r.Today())
		for _, office := range Offices {
			if n := held[office]; n > 0 {
				card.Held = append(card.Held, heldOffice{office, n})
			}
		}
		for _, office := range needed {
			if held[office] == 0 {
				card.Vacant = append(card.Vacant, office)
			}
		}
		return err
	})
	card.Address, card.Tone = Address(card.Ref()), tone(card.Status)
	return card, err
}
