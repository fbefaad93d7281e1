package counting

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// A row as the record of its counting sheet, and back.

// cells are a row in the order of a sheet's fields, as plain values. What is as booked is left empty.
func (g *Counting) cells(d *form.Definition, w inventory.Row, in locale.Language) []string {
	known := g.known(w, in)
	details := w.Details()
	all := make([]string, len(d.Fields))
	for i := range d.Fields {
		key := d.Fields[i].Key
		if value, ours := known[key]; ours {
			all[i] = value
		} else {
			all[i] = details[key]
		}
	}
	return all
}

// known are the values of a row by the fields of the common sheet.
func (g *Counting) known(w inventory.Row, in locale.Language) map[string]string {
	v := map[string]string{"number": "", "form": w.Form, "name": w.Name, "kind": g.kindText(w, in),
		"book": w.Book.Plain(), "book_area": "", "verdict": string(w.Verdict), "class": string(w.Class),
		"title": string(w.Title), "use_state": w.UseState, "land_use": w.LandUse, "keeper": w.Keeper,
		"counted_on": string(w.CountedOn), "remark": w.Remark, "latitude": "", "longitude": "",
		"counted":   "",
		"increases": notZero(w.Increases), "decreases": notZero(w.Decreases), "counted_area": "",
		"area_increases": noLand(w.AreaIncreases), "area_decreases": noLand(w.AreaDecreases)}
	if w.Number != 0 {
		v["number"] = strconv.FormatInt(w.Number, 10)
	}
	if f, ok := g.inventory.Forms().Form(w.Form); ok && f.Land {
		v["book_area"] = w.BookArea.PlainMu()
	}
	if w.Verdict != count.Uncounted && w.Counted != bookedAmount(w, w.Verdict, w.Increases, w.Decreases) {
		v["counted"] = w.Counted.Plain()
	}
	if w.Verdict != count.Uncounted && w.CountedArea != bookedArea(w, w.Verdict, w.AreaIncreases,
		w.AreaDecreases) {
		v["counted_area"] = w.CountedArea.PlainMu()
	}
	if w.Latitude != 0 || w.Longitude != 0 {
		v["latitude"], v["longitude"] = decimal.Format(w.Latitude, 6), decimal.Format(w.Longitude, 6)
	}
	return v
}

func notZero(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return f.Plain()
}

func noLand(a area.Area) string {
	if a == 0 {
		return ""
	}
	return a.PlainMu()
}

// kindList is the code list of the kinds of a form; "" if it has none.
func kindList(f *inventory.Form) string {
	switch {
	case f.Land:
		return "land_class"
	case f.Key == "fixed":
		return "fixed_kind"
	}
	return ""
}

func (g *Counting) kindText(w inventory.Row, in locale.Language) string {
	f, ok := g.inventory.Forms().Form(w.Form)
	if list := ""; ok && w.Kind != "" {
		if list = kindList(f); list != "" {
			return g.inventory.CodeText(list, w.Kind).In(in)
		}
	}
	return w.Kind
}

// differs reports whether a verdict says that what was found is not what was booked.
func differs(v count.Verdict) bool { return v == count.Gain || v == count.Loss || v == count.Damaged }

// bookedAmount is what an amount left empty means.
func bookedAmount(w inventory.Row, v count.Verdict, increases, decreases money.Fen) money.Fen {
	if differs(v) {
		return 0
	}
	return w.Book + increases - decreases
}

// bookedArea is what an area left empty means.
func bookedArea(w inventory.Row, v count.Verdict, increases, decreases area.Area) area.Area {
	if differs(v) {
		return 0
	}
	return w.BookArea + increases - decreases
}

// entryOf reads what a record says was found of a row. The row of something found has number 0.
func (g *Counting) entryOf(r form.Record, w inventory.Row, f *inventory.Form) (inventory.Entry, error) {
	e := inventory.Entry{Version: w.Version, Verdict: count.Verdict(r.Text("verdict")),
		Increases: r.Money("increases"), Decreases: r.Money("decreases"),
		UseState: r.Text("use_state"), LandUse: r.Text("land_use"), Class: assets.Class(r.Text("class")),
		Title: assets.Title(r.Text("title")), Keeper: r.Text("keeper"), Remark: r.Text("remark"),
		On: r.Date("counted_on")}
	if e.Counted = bookedAmount(w, e.Verdict, e.Increases, e.Decreases); r.Given("counted") {
		e.Counted = r.Money("counted")
	}
	e.AreaIncreases = asRead(r.Area("area_increases"), w.AreaIncreases)
	e.AreaDecreases = asRead(r.Area("area_decreases"), w.AreaDecreases)
	if f.Land || r.Given("counted_area") { // a form without land refuses an area
		e.CountedArea = bookedArea(w, e.Verdict, e.AreaIncreases, e.AreaDecreases)
	}
	if r.Given("counted_area") {
		booked := bookedArea(w, count.Match, e.AreaIncreases, e.AreaDecreases)
		e.CountedArea = asRead(r.Area("counted_area"), booked, w.CountedArea)
	}
	if f.Land && w.Class == "" {
		e.Class = assets.Resource
	}
	for _, field := range f.Fields {
		if r.Form().Position(field.Key) >= 0 {
			if e.Detail == nil {
				e.Detail = map[string]string{}
			}
			e.Detail[field.Key] = r.Plain(field.Key)
		}
	}
	var err error
	if e.Latitude, e.Longitude, err = position(r.Text("latitude"), r.Text("longitude")); err != nil {
		return e, err
	}
	if w.Number == 0 {
		e.Kind, err = g.kindOf(r.Text("kind"), f, e.On)
	}
	return e, err
}

// opening makes an entry of a balance that the books have and no row yet: left empty it is as booked,
// and the verdict follows.
func opening(e *inventory.Entry, given bool, book money.Fen) {
	if book == 0 {
		return
	}
	if !given {
		e.Counted = book + e.Increases - e.Decreases
	}
	switch verified := e.Counted - e.Increases + e.Decreases; {
	case verified == book:
		e.Verdict = count.Match
	case verified > book:
		e.Verdict = count.Gain
	default:
		e.Verdict = count.Loss
	}
}

// asRead is the exact area that someone may have meant: the one of the candidates that reads the same.
func asRead(read area.Area, candidates ...area.Area) area.Area {
	for _, c := range candidates {
		if same, err := area.ParseMu(c.PlainMu()); err == nil && same == read {
			return c
		}
	}
	return read
}

// kindOf reads the kind of something found, by its code or its meaning.
func (g *Counting) kindOf(text string, f *inventory.Form, on period.Date) (string, error) {
	list := kindList(f)
	if list == "" || text == "" {
		return "", nil
	}
	codes, ok := g.inventory.Forms().Codes(list)
	if !ok {
		return "", fault.New(fault.Internal, "inventory.code", list)
	}
	entry, ok := codes.Find(text, on)
	if !ok {
		return "", fault.New(fault.Invalid, "inventory.code", text)
	}
	return string(entry.Code), nil
}

// position reads degrees, as the sheet's pattern lets them pass, into micro-degrees.
func position(latitude, longitude string) (north, east int64, err error) {
	if latitude == "" || longitude == "" {
		return 0, 0, nil // the sheet's own check refuses one without the other
	}
	north, first := decimal.Parse(latitude, 6)
	east, second := decimal.Parse(longitude, 6)
	if first != nil || second != nil || north < -90e6 || north > 90e6 || east < -180e6 || east > 180e6 {
		return 0, 0, fault.New(fault.Invalid, "counting.bad_position")
	}
	return north, east, nil
}

// fieldOf is the field of the sheet beside which a refusal stands.
func fieldOf(f *fault.Fault) string {
	switch f.Key {
	case "inventory.counted_on":
		return "counted_on"
	case "counting.bad_position":
		return "latitude"
	case "inventory.no_area":
		return "counted_area"
	case "inventory.land_class", "inventory.code":
		return "kind"
	case "inventory.negative", "inventory.range", "inventory.rolled_below_zero":
		return "counted"
	case "inventory.name", "counting.no_such_row":
		return "name"
	case "inventory.no_form", "counting.other_form":
		return "form"
	}
	return "verdict"
}
