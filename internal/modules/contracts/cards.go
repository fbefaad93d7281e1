package contracts

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// cards are what the pages of assets, organisations and places show of contracts.
func (s *Contracts) cards() []web.Card {
	return []web.Card{
		{On: "asset", Order: 20, Permit: Read, View: "contracts/on", Render: s.assetCard},
		{On: "organisation", Order: 35, Permit: Read, View: "contracts/summary",
			Render: s.organisationCard},
		{On: "place", Order: 35, Permit: Read, View: "contracts/summary", Render: s.placeCard},
		{On: "books-due", Order: 10, Permit: Read, View: "contracts/due", Render: s.dueCard},
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

// What the page of the books shows of instalments: those of the days ahead, and how many at most.
const (
	dueDays  = 90
	dueShown = 10
)

// dueLine is an instalment that is due and not paid, or falls due soon.
type dueLine struct {
	Contract
	record.Instalment
	Pays bool // the collective
}

// duesView is what is due under the contracts of whose books are shown.
type duesView struct {
	Days, More        int
	List              string
	Lines             []dueLine
	Receives, Expends money.Fen
}

// dueCard lists what is due, the longest due first.
func (s *Contracts) dueCard(r *web.Request, on web.CardSubject) (any, error) {
	ref, today := registry.Ref{Home: on.Home, ID: on.ID}, r.Today()
	lines, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]dueLine, error) {
		return s.whatIsDue(v, ref, today)
	})
	view := duesView{Days: dueDays, List: "/contracts?organisation=" + ref.String(), Lines: lines}
	for _, l := range lines {
		if l.Pays {
			view.Expends += l.Open
		} else {
			view.Receives += l.Open
		}
	}
	if view.More = max(0, len(lines)-dueShown); view.More > 0 {
		view.Lines = lines[:dueShown]
	}
	return view, err
}

// whatIsDue reads what an organisation's running contracts have open and coming.
func (s *Contracts) whatIsDue(r store.Reader, o registry.Ref, today period.Date) ([]dueLine, error) {
	list, err := contractTable.All(r, `WHERE home = ? AND organisation = ? AND (next_due <= ? OR EXISTS (
		SELECT 1 FROM contract_unpaid u WHERE u.home = contract.home AND u.contract = contract.id))`,
		o.Home, o.ID, today.AddDays(dueDays))
	var lines []dueLine
	for _, c := range list {
		rows, err := DuesOf(r, c.Ref())
		if err != nil {
			return nil, err
		}
		for _, one := range record.Outstanding(rows, c.Phases(), c.NextDue, today, today.AddDays(dueDays)) {
			lines = append(lines, dueLine{c, one, s.pays(c.Kind)})
		}
	}
	slices.SortStableFunc(lines, func(a, b dueLine) int { return cmp.Compare(a.Day, b.Day) })
	return lines, err
}
