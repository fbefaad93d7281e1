package commitments

import (
	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// cards are what the pages of organisations and places show of the register.
func (s *Commitments) cards() []web.Card {
	return []web.Card{
		{On: "organisation", Order: 36, Permit: MayRead, View: "commitments/summary",
			Render: s.organisationCard},
		{On: "place", Order: 36, Permit: MayRead, View: "commitments/summary", Render: s.placeCard},
		{On: "books-due", Order: 20, Permit: MayRead, View: "commitments/due", Render: s.dueCard},
	}
}

// summaryView is what there is in the register.
type summaryView struct {
	Summary
	List, Transfers, Add string
	Here                 bool // an organisation is here to be summed up
}

// None reports whether nothing stands in the register.
func (v summaryView) None() bool { return v.Summary == Summary{} }

// Yuan writes an amount of the summary.
func (v summaryView) Yuan(fen int64) string { return money.Fen(fen).String() }

func (s *Commitments) organisationCard(r *web.Request, on web.CardSubject) (any, error) {
	text := registry.Ref{Home: on.Home, ID: on.ID}.String()
	view := summaryView{Here: true, List: "/commitments?organisation=" + text,
		Transfers: "/transfers?organisation=" + text}
	err := s.host.Store.View(r.Context(), func(v *store.View) (err error) {
		view.Summary, err = summaryOf(v, "organisation", on.Home, on.ID)
		return err
	})
	if r.Can(MayChange, on.Place) {
		view.Add = "/commitments/new?organisation=" + text
	}
	return view, err
}

// placeCard sums up the organisation of a place; those below are in the lists.
func (s *Commitments) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	at := "?place=%23" + whole(on.Place)
	view := summaryView{List: "/commitments" + at, Transfers: "/transfers" + at}
	err := s.host.Store.View(r.Context(), func(v *store.View) error {
		o, found, err := registry.At(v, on.Place)
		if err != nil || !found {
			return err
		}
		view.Here = true
		view.Summary, err = summaryOf(v, "organisation", o.Home, o.ID)
		return err
	})
	return view, err
}

// dueCard lists what falls due, by and to the owner of the books. Where nothing does there is no card.
func (s *Commitments) dueCard(r *web.Request, on web.CardSubject) (any, error) {
	list, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]Commitment, error) {
		return commitmentTable.All(v, `WHERE home = ? AND organisation = ? AND state = 'standing' AND due <= ?
			ORDER BY due, id`, on.Home, on.ID, r.Today().AddDays(record.DueDays))
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return record.DuesOf(list, r.Today()), nil
}
