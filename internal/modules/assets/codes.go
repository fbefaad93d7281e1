package assets

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
)

// cardForm is the form of a card in the pack.
const cardForm = "assets.card"

// lists are the code lists of the pack that cards use.
var lists = []string{"card_form", "asset_class", "asset_category", "asset_origin", "title_state",
	"use_state",
	"land_use", "land_class", "fixed_kind", "depreciation_method", "disposal_manner"}

// Codes are the form and the code lists of the pack in force.
type Codes struct {
	card  *form.Definition
	lists form.Lists
	known map[string]map[string]bool
}

// cardFields are the fields the module cannot do without.
var cardFields = map[string]form.Kind{"number": form.Code, "name": form.Text, "form": form.Choice,
	"class": form.Choice, "category": form.Choice, "fixed_kind": form.Choice, "land_class": form.Choice,
	"origin": form.Choice, "title": form.Choice, "acquired": form.Date, "cost": form.Money,
	"area":       form.AreaMu,
	"floor_area": form.AreaM2, "quantity": form.Quantity, "unit": form.Text, "method": form.Choice,
	"life_months": form.Integer, "salvage": form.Money, "in_use": form.Date, "written_off": form.Money,
	"use_state": form.Choice, "land_use": form.Choice, "user": form.Text, "contract": form.Code,
	"term_from": form.Date, "term_to": form.Date, "annual_fee": form.Money, "arrears": form.Money,
	"certificate": form.Code, "parcel": form.Code, "custodian": form.Text, "location": form.Text,
	"boundary": form.Text, "latitude": form.Code, "longitude": form.Code, "document": form.Text,
	"note": form.Long}

// readCodes takes what the module needs out of a pack.
func readCodes(p *pack.Pack) (*Codes, error) {
	library, _ := form.Load(p.FS()) // what is wrong with a pack's forms is told where packs are checked
	c := &Codes{known: map[string]map[string]bool{}}
	var ok bool
	if c.card, ok = library.Form(cardForm); !ok {
		return nil, fmt.Errorf("assets: the pack has no form %s", cardForm)
	}
	if missing := c.card.Offers(cardFields); len(missing) > 0 {
		return nil, fmt.Errorf("assets: the form %s lacks fields: %v", cardForm, missing)
	}
	var err error
	if c.lists, err = library.Lists(lists...); err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	for key, list := range c.lists {
		c.known[key] = map[string]bool{}
		for _, e := range list.Entries {
			c.known[key][string(e.Code)] = true
		}
	}
	return c, nil
}

// Has reports whether a list has, or had, a code.
func (c *Codes) Has(list, code string) bool { return c != nil && c.known[list][code] }

// Word is what a code means; the code itself if nobody knows.
func (c *Codes) Word(l locale.Language, list, code string) string {
	if c == nil || code == "" {
		return code
	}
	return c.lists.Word(l, list, code)
}

// KindWord is what the kind of a card means.
func (c *Codes) KindWord(l locale.Language, a Asset) string {
	if a.Form == FormResource {
		return c.Word(l, "land_class", a.Kind)
	}
	return c.Word(l, "fixed_kind", a.Kind)
}

// Card is the form of a card.
func (c *Codes) Card() *form.Definition { return c.card }

// List is one of the code lists cards use.
func (c *Codes) List(key string) *form.CodeList { return c.lists[key] }

// Codes are the code lists of the pack in force.
func (s *Assets) Codes() *Codes { return s.codes.Load() }
