package holdings

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// degreePlaces are the decimal places of a position: micro-degrees, some 0.1 m.
const degreePlaces = 6

// assetOf reads a filled-in form assets.card. What else is wrong with it the checks of a card find;
// here only positions can be unreadable.
func assetOf(r form.Record) (assets.Asset, []fault.Finding) {
	a := assets.Asset{Number: r.Text("number"), Name: r.Text("name"), Form: r.Text("form"),
		Class: assets.Class(r.Text("class")), Category: r.Text("category"), Kind: r.Text("fixed_kind"),
		Origin: r.Text("origin"), Title: assets.Title(r.Text("title")), Acquired: r.Date("acquired"),
		Quantity: r.Hundredths("quantity"), Unit: r.Text("unit"), Cost: r.Money("cost"),
		Area:      r.Area("area"),
		FloorArea: r.Area("floor_area"), Method: depreciation.Method(r.Text("method")),
		Months: int(r.Int("life_months")), Salvage: r.Money("salvage"), InUse: r.Date("in_use"),
		Base: r.Money("written_off"), UseState: r.Text("use_state"), LandUse: r.Text("land_use"),
		User: r.Text("user"), Contract: r.Text("contract"), TermFrom: r.Date("term_from"),
		TermTo: r.Date("term_to"), AnnualFee: r.Money("annual_fee"), Arrears: r.Money("arrears"),
		Certificate: r.Text("certificate"), Parcel: r.Text("parcel"), Custodian: r.Text("custodian"),
		Location: r.Text("location"), Boundary: r.Text("boundary"), Note: r.Text("note")}
	if a.Form == assets.FormResource {
		a.Kind = r.Text("land_class")
	}
	var findings []fault.Finding
	for _, p := range []struct {
		field string
		into  *int64
	}{{"latitude", &a.Latitude}, {"longitude", &a.Longitude}} {
		text := r.Text(p.field)
		if text == "" {
			continue
		}
		n, err := decimal.Parse(text, degreePlaces)
		if err != nil {
			findings = append(findings, fault.Wrong("assets.position").At("", 0, p.field).Saw(text))
		}
		*p.into = n
	}
	return a, findings
}

// valuesOf is a card as its form holds it.
func valuesOf(a assets.Asset) map[string]string {
	values := map[string]string{"number": a.Number, "name": a.Name, "form": a.Form,
		"class":    string(a.Class),
		"category": a.Category, "origin": a.Origin, "title": string(a.Title),
		"acquired": string(a.Acquired),
		"unit":     a.Unit, "cost": a.Cost.Plain(), "method": string(a.Method), "use_state": a.UseState,
		"land_use": a.LandUse, "user": a.User, "contract": a.Contract, "term_from": string(a.TermFrom),
		"term_to": string(a.TermTo), "certificate": a.Certificate, "parcel": a.Parcel,
		"custodian": a.Custodian, "location": a.Location, "boundary": a.Boundary, "note": a.Note,
		"quantity": decimal.Format(a.Quantity, 2), "annual_fee": a.AnnualFee.Plain(),
		"arrears": a.Arrears.Plain(), "area": a.Area.PlainMu()}
	kind := "fixed_kind"
	if a.Form == assets.FormResource {
		kind = "land_class"
	}
	values[kind] = a.Kind
	if a.Latitude != 0 || a.Longitude != 0 {
		values["latitude"] = decimal.Format(a.Latitude, degreePlaces)
		values["longitude"] = decimal.Format(a.Longitude, degreePlaces)
	}
	return values
}

// filled is a record of a form with values as they would be entered. They need not be right.
func filled(d *form.Definition, values map[string]string) form.Record {
	record, _ := d.ParseForm(func(key string) string { return values[key] }, d.Blank(), form.Context{})
	return record
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }
