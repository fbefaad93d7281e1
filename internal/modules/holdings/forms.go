package holdings

import (
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
)

// forms are the forms of the acts on a card. Their labels are dictionary entries: assets.use.contract.
type forms struct {
	enter, amend, use, revalue, title, split, transfer, dispose *form.Definition
}

// splitAtOnce is into how many parts the page splits; more can be split again, or by the API.
const splitAtOnce = 4

// described are the fields of a card that Amend sets right.
var described = []string{"number", "name", "category", "certificate", "parcel", "custodian", "location",
	"latitude", "longitude", "quantity", "unit", "boundary", "note"}

// The fields all acts end with.
var (
	onField       = form.Field{Key: "on", Kind: form.Date, Required: true}
	documentField = form.Field{Key: "document", Kind: form.Text, Required: true,
		MaxLength: assets.DocumentMax}
	reasonField   = form.Field{Key: "reason", Kind: form.Long, MaxLength: assets.TextMax}
	decisionField = form.Field{Key: "decision", Kind: form.Text, MaxLength: assets.DocumentMax}
)

// makeForms reads the card's form and makes those of the acts; the dictionary is read by now.
func (s *Holdings) makeForms(c *assets.Codes) error {
	f := &s.forms
	var err error
	define := func(into **form.Definition, key string, lists []string, fields ...form.Field) {
		var used []form.CodeList
		for _, list := range lists {
			used = append(used, *c.List(list))
		}
		if err == nil {
			*into, err = formpage.Define(s.host.Dictionary, key, used, fields...)
		}
	}
	f.enter = c.Card()
	if f.amend, err = formpage.Part(c.Card(), "assets.amend", func(key string) bool {
		return slices.Contains(described, key)
	}); err != nil {
		return err
	}
	define(&f.use, "assets.use", []string{"use_state", "land_use"}, append(useFields, onField,
		optional(documentField),
		reasonField)...)
	define(&f.revalue, "assets.revalue", nil,
		form.Field{Key: "cost", Kind: form.Money, Required: true, Min: "0"},
		form.Field{Key: "salvage", Kind: form.Money, Min: "0"},
		form.Field{Key: "life_months", Kind: form.Integer, Min: "1", Max: "1200"},
		form.Field{Key: "area", Kind: form.AreaMu, Min: "0"},
		onField, documentField, reasonField, decisionField)
	define(&f.title, "assets.title", []string{"title_state"},
		form.Field{Key: "title", Kind: form.Choice, Codes: "title_state", Required: true},
		onField, documentField, reasonField, decisionField)
	define(&f.transfer, "assets.transfer", nil,
		form.Field{Key: "to", Kind: form.PlaceCode, Required: true}, onField, documentField, reasonField,
		decisionField)
	define(&f.dispose, "assets.dispose", []string{"disposal_manner"},
		form.Field{Key: "manner", Kind: form.Choice, Codes: "disposal_manner", Required: true},
		form.Field{Key: "proceeds", Kind: form.Money, Min: "0"}, onField, documentField, reasonField,
		decisionField)
	var parts []form.Field
	for n := range splitAtOnce {
		i := strconv.Itoa(n + 1)
		parts = append(parts, form.Field{Key: "name" + i, Kind: form.Text, Required: n < 2,
			MaxLength: assets.NameMax},
			form.Field{Key: "share" + i, Kind: form.Quantity, Required: n < 2, Min: "0.01"})
	}
	define(&f.split, "assets.split", nil, append(parts, onField, documentField, reasonField,
		decisionField)...)
	return err
}

func optional(f form.Field) form.Field {
	f.Required = false
	return f
}

var useFields = []form.Field{
	{Key: "use_state", Kind: form.Choice, Codes: "use_state", Required: true},
	{Key: "land_use", Kind: form.Choice, Codes: "land_use"},
	{Key: "user", Kind: form.Text, MaxLength: assets.NameMax},
	{Key: "contract", Kind: form.Code},
	{Key: "term_from", Kind: form.Date},
	{Key: "term_to", Kind: form.Date},
	{Key: "annual_fee", Kind: form.Money, Min: "0"},
	{Key: "arrears", Kind: form.Money, Min: "0"},
}
