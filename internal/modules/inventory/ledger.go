package inventory

import (
	"encoding/json"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// cardsMax bounds the cards of one organisation: a larger one would not fit a team of villagers.
const cardsMax = 20_000

// ledger makes the rows a check begins with: one for each live card, and for forms without cards
// those of last year's approved check, with adjustments. Book amounts are cost; what was written off
// stands beside.
func (n *Inventory) ledger(r store.Reader, c Check) ([]Row, error) {
	list, err := n.fromCards(r, c)
	if err != nil {
		return nil, err
	}
	before, err := n.fromLastYear(r, c)
	if err != nil {
		return nil, err
	}
	list = append(list, before...)
	for i := range list {
		list[i].Home, list[i].Check, list[i].Number = c.Home, c.ID, int64(i+1)
	}
	return list, nil
}

func (n *Inventory) fromCards(r store.Reader, c Check) ([]Row, error) {
	var list []Row
	for after := ""; len(list) < cardsMax; {
		cards, err := assets.OfOrganisation(r, c.Home, c.Organisation, after, 500)
		if err != nil {
			return nil, err
		}
		for _, a := range cards {
			after = a.Number
			if a.Acquired <= c.Reference { // what came later belongs to next year
				list = append(list, rowOf(a, c))
			}
		}
		if len(cards) < 500 {
			break
		}
	}
	return list, nil
}

// rowOf makes the row of a card.
func rowOf(a assets.Asset, c Check) Row {
	return Row{Form: a.Form, Asset: a.ID, Name: a.Name, Class: a.Class, Kind: a.Kind, Title: a.Title,
		Quantity: a.Quantity, Unit: a.Unit, Book: a.Cost, BookArea: a.Area,
		WrittenOff: a.Accumulated(c.Reference),
		UseState:   a.UseState, LandUse: a.LandUse, Keeper: a.Custodian, Detail: cardDetail(a)}
}

// cardDetail are the further columns of a form that a card knows.
func cardDetail(a assets.Asset) string {
	d := map[string]string{}
	put := func(key, value string) {
		if value != "" && value != "0.00" {
			d[key] = value
		}
	}
	put("certificate", a.Certificate)
	put("contract", a.Contract)
	put("holder", a.User)
	put("annual_fee", a.AnnualFee.Plain())
	put("arrears", a.Arrears.Plain())
	if a.Form == "fixed" {
		put("floor_area", plainSquareMetres(a.FloorArea))
	}
	if a.Form == "resource" {
		put("boundary", a.Boundary)
		put("term_to", string(a.TermTo))
	}
	if len(d) == 0 {
		return ""
	}
	text, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings can be encoded
	}
	return string(text)
}

func plainSquareMetres(a area.Area) string { return money.Fen(a).Plain() } // both have two places

// fromLastYear carries the balances of forms without cards from last year's approved check, with
// this year's adjustments; an adjustment of nothing that was there becomes a row of its own.
func (n *Inventory) fromLastYear(r store.Reader, c Check) ([]Row, error) {
	last, found, err := previous(r, c)
	if err != nil {
		return nil, err
	}
	changes, err := adjustments.All(r,
		"WHERE home = ? AND organisation = ? AND year = ? AND asset = 0 ORDER BY id",
		c.Home, c.Organisation, c.Year)
	if err != nil {
		return nil, err
	}
	var list []Row
	if found {
		old, err := RowsOf(r, last.Ref())
		if err != nil {
			return nil, err
		}
		for _, w := range old {
			if w.Asset != 0 || n.carded(w.Form) {
				continue
			}
			opening := w.Verified
			for _, a := range changes {
				if a.Row == w.Number {
					opening += a.Amount
				}
			}
			if opening != 0 {
				list = append(list, Row{Form: w.Form, Name: w.Name, Class: w.Class, Title: w.Title,
					Quantity: w.Quantity,
					Unit:     w.Unit, Book: opening, Keeper: w.Keeper, Detail: w.Detail})
			}
		}
	}
	for _, a := range changes {
		if a.Row == 0 {
			list = append(list, Row{Form: a.Form, Name: a.Name, Title: assets.Clear, Book: a.Amount,
				BookArea: a.Area})
		}
	}
	return list, nil
}

// carded reports whether the rows of a form come from cards.
func (n *Inventory) carded(key string) bool {
	f, ok := n.Forms().Form(key)
	return ok && f.Cards
}
