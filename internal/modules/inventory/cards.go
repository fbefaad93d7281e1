package inventory

import (
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// cardYears is how many years a card looks back.
const cardYears = 5

// cards are what the pages of places, organisations and assets show of their checks.
func (n *Inventory) cards() []web.Card {
	return []web.Card{
		{On: "place", Order: 40, Permit: MayRead, View: "inventory/checks_card", Render: n.placeCard},
		{On: "organisation", Order: 40, Permit: MayRead, View: "inventory/checks_card",
			Render: n.organisationCard},
		{On: "asset", Order: 40, Permit: MayRead, View: "inventory/rows_card", Render: n.assetCard},
	}
}

// checkLine is a check on a card.
type checkLine struct {
	Check
	Tone, StageText string
}

func lines(r *web.Request, list []Check) any {
	if len(list) == 0 {
		return nil
	}
	all := make([]checkLine, len(list))
	for i, c := range list {
		all[i] = checkLine{c, c.Stage.Tone(), r.T("inventory.stage." + string(c.Stage))}
	}
	return all
}

// placeCard lists the checks of the organisations right at the place.
func (n *Inventory) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	return n.checkCard(r, "WHERE place = ? AND year <= ? ORDER BY year DESC, id LIMIT ?", on.ID,
		on.On.Year(), 2*cardYears)
}

func (n *Inventory) organisationCard(r *web.Request, on web.CardSubject) (any, error) {
	return n.checkCard(r, "WHERE home = ? AND organisation = ? ORDER BY year DESC LIMIT ?", on.Home, on.ID,
		cardYears)
}

func (n *Inventory) checkCard(r *web.Request, where string, args ...any) (any, error) {
	list, err := store.Read(r.Context(), n.host.Store, func(v *store.View) ([]Check, error) {
		return checks.All(v, where, args...)
	})
	return lines(r, list), err
}

// countedRow is a row of an asset in a check.
type countedRow struct {
	ID           int64         `db:"id"`
	Home         int64         `db:"home"`
	Year         int           `db:"year"`
	Number       int64         `db:"number"`
	Verdict      count.Verdict `db:"verdict"`
	Book         money.Fen     `db:"book"`
	Verified     money.Fen     `db:"verified"`
	VerifiedArea area.Area     `db:"verified_area"`
}

// assetCard lists what the checks of the last years found of an asset.
func (n *Inventory) assetCard(r *web.Request, on web.CardSubject) (any, error) {
	list, err := store.Read(r.Context(), n.host.Store, func(v *store.View) ([]countedRow, error) {
		return store.All[countedRow](v, `SELECT c.id AS id, c.home AS home, c.year AS year,
			w.number AS number,
			w.verdict AS verdict, w.book AS book, w.verified AS verified, w.verified_area AS verified_area
			FROM inventory_row w JOIN inventory_check c ON c.home = w.home AND c.id = w.inventory
			WHERE w.home = ? AND w.asset = ? ORDER BY c.year DESC LIMIT ?`, on.Home, on.ID, cardYears)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, nil
}
