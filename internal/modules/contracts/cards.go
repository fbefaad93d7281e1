package contracts

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// cards are what the pages of assets, organisations and places show of contracts.
func (s *Contracts) cards() []web.Card {
	return []web.Card{
		{On: "asset", Order: 20, Permit: Read, View: "contracts/on", Render: s.assetCard},
		{On: "organisation", Order: 35, Permit: Read, View: "contracts/summary",
			Render: s.organisationCard},
		{On: "place", Order: 35, Permit: Read, View: "contracts/summary", Render: s.placeCard},
	}
}

// onView is the contracts on a card of assets.
type onView struct {
	List []Contract
	Add  string
}

func (s *Contracts) assetCard(r *web.Request, on web.CardSubject) (any, error) {
	object := registry.Ref{Home: on.Home, ID: on.ID}.String()
	list, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]Contract, error) {
		return On(v, on.Home, object)
	})
	view := onView{List: list}
	if r.Can(Change, on.Place) {
		view.Add = "/contracts/new?object=" + object
	}
	return view, err
}

// summaryView is what there is in contracts.
type summaryView struct {
	Summary
	List, Add string
	Here      bool // an organisation is here to be summed up
}

func (s *Contracts) organisationCard(r *web.Request, on web.CardSubject) (any, error) {
	ref := registry.Ref{Home: on.Home, ID: on.ID}
	view := summaryView{Here: true, List: "/contracts?organisation=" + ref.String()}
	err := s.host.Store.View(r.Context(), func(v *store.View) (err error) {
		view.Summary, err = SummaryOf(v, ref, r.Today())
		return err
	})
	if r.Can(Change, on.Place) {
		view.Add = "/contracts/new?organisation=" + ref.String()
	}
	return view, err
}

// placeCard sums up the contracts of the organisation of a place; those below are in the list.
func (s *Contracts) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	view := summaryView{List: "/contracts?place=%23" + whole(on.Place)}
	err := s.host.Store.View(r.Context(), func(v *store.View) error {
		o, found, err := registry.At(v, on.Place)
		if err != nil || !found {
			return err
		}
		view.Here = true
		view.Summary, err = SummaryOf(v, o.Ref(), r.Today())
		return err
	})
	return view, err
}
