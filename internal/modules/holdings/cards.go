package holdings

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// cards are what the pages of places and organisations show of their assets.
func (s *Holdings) cards() []web.Card {
	return []web.Card{
		{On: "place", Order: 30, Permit: assets.Read, View: "holdings/sums", Render: s.placeCard},
		{On: "organisation", Order: 30, Permit: assets.Read, View: "holdings/sums",
			Render: s.organisationCard},
	}
}

// sumsView is number, cost and area by class. What is unsettled stands by itself (invariant 6).
type sumsView struct {
	Lines     []lineView
	Number    int64
	Cost      money.Fen
	Area      area.Area
	Unsettled int64
	List      string // address of the list
	Add       string // address of a new card; "" not for this reader
}

// lineView is a class with its word.
type lineView struct {
	assets.ClassSum
	Word string
}

func (s *Holdings) organisationCard(r *web.Request, on web.CardSubject) (any, error) {
	ref := registry.Ref{Home: on.Home, ID: on.ID}
	v := sumsView{List: "/assets?organisation=" + ref.String()}
	if r.Can(assets.Change, on.Place) {
		v.Add = "/assets/new?organisation=" + ref.String()
	}
	return s.sums(r, v, func(w *store.View) ([]assets.ClassSum, error) { return assets.SumsOf(w, ref) })
}

// placeCard adds up everything below a place. Whole counties are added up from the totals.
func (s *Holdings) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	reach := registry.ReachOf(s.places, s.host.Access.Subtree(on.Place))
	v := sumsView{List: "/assets?place=%23" + whole(on.Place)}
	return s.sums(r, v, func(w *store.View) ([]assets.ClassSum, error) { return assets.SumsIn(w, reach) })
}

// sums turns what was read into the lines of a card.
func (s *Holdings) sums(r *web.Request, v sumsView, read func(*store.View) ([]assets.ClassSum, error)) (any,
	error) {
	rows, err := store.Read(r.Context(), s.host.Store, read)
	if err != nil {
		return nil, err
	}
	for _, one := range rows {
		if one.Title == assets.Unsettled {
			v.Unsettled += one.Number
			continue
		}
		word := s.assets.Codes().Word(r.Language, "asset_class", string(one.Class))
		v.Lines = append(v.Lines, lineView{one, word})
		v.Number, v.Cost, v.Area = v.Number+one.Number, v.Cost+one.Cost, v.Area+one.Area
	}
	slices.SortFunc(v.Lines, func(a, b lineView) int { return cmp.Compare(rank(a.Class), rank(b.Class)) })
	return v, nil
}

func rank(c assets.Class) int {
	return slices.Index([]assets.Class{assets.Operating, assets.NonOperating, assets.Resource}, c)
}
