package counting

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rowView is the page of a row: what the ledger says, and what was found.
type rowView struct {
	inventory.Row
	CheckName string
	Address   string // of the check
	Form      *inventory.Form
	FormTitle string
	Facts     []form.Fact
	Tone      string
	MayCount  bool
	Photo     string // address of the photo; "" there is none
	Lacks     bool   // it is counted, but for the photo or the position

	Phone     bool // one row after the other
	Done, Of  int64
	Book      *form.FieldView // asked of a balance in a first check; nil: not
	FoundKind *form.FieldView // asked of something found; nil: its form has no kinds

	Verdicts []form.Option
	Verdict  string
	Differs  bool // the figures are shown open
	Amounts  []form.FieldView
	Since    []form.FieldView // what came and went, of something found
	Position []form.FieldView
	Fields   []form.FieldView
	Errors   []string
	Warnings []string
	Forms    []web.Option
}

// The fields of a counting sheet that the page shows apart from the others.
var (
	amountFields = []string{"counted_area", "area_increases", "area_decreases", "counted", "increases",
		"decreases"}
	sinceFields = []string{"area_increases", "area_decreases", "increases", "decreases"}
	placeFields = []string{"latitude", "longitude"}
)

// confirmField is set once the counter has seen the warnings.
const confirmField = "confirm"

// asks reports whether the page of a form asks for a field. What it does not ask stays as it is.
func asks(f *inventory.Form, key string) bool {
	switch key {
	case "class":
		return f.Cards && !f.Land
	case "title", "use_state":
		return f.Cards
	case "latitude", "longitude":
		return f.Evidence
	}
	return true
}

// sheetRow is a row with the form and the check it stands in, as every page of a row reads it.
type sheetRow struct {
	first bool // something new on a form without cards, in the organisation's first check
	check inventory.Check
	row   inventory.Row // of something found, its number is 0
	form  *inventory.Form
	phone bool // one row after the other
}

// formOf finds the form of a row.
func (g *Counting) formOf(w inventory.Row) (*inventory.Form, error) {
	f, ok := g.inventory.Forms().Form(w.Form)
	if !ok {
		return nil, fault.New(fault.Invalid, "inventory.no_form", w.Form)
	}
	return f, nil
}

// read finds the row of the address, within the reader's places.
func (g *Counting) read(r *web.Request) (s sheetRow, err error) {
	number, err := r.ID("number")
	if err != nil {
		return s, err
	}
	return store.Read(r.Context(), g.host.Store, func(v *store.View) (s sheetRow, err error) {
		s.phone = r.Field("phone") == "1"
		if s.check, err = g.inventory.Readable(v, r); err == nil {
			s.row, err = getRow(v, s.check.Ref(), number)
		}
		if err == nil {
			s.form, err = g.formOf(s.row)
		}
		return s, err
	})
}

func (g *Counting) rowPage(r *web.Request) (web.Answer, error) {
	s, err := g.read(r)
	if err != nil {
		return nil, err
	}
	return g.show(r, s, g.record(r, s), nil, 0), nil
}

// record is the row as it stands.
func (g *Counting) record(r *web.Request, s sheetRow) form.Record {
	d := s.form.Sheet()
	record, _ := d.Parse(g.cells(d, s.row, r.Language), g.context(r.Today()))
	return record
}

// posted reads the row as the page was sent. What the page does not ask stays as it is.
func (g *Counting) posted(r *web.Request, s sheetRow) (form.Record, []form.Finding) {
	before := g.record(r, s)
	return s.form.Sheet().ParseForm(func(key string) string {
		if !asks(s.form, key) {
			return before.Plain(key)
		}
		return r.Field(key)
	}, before, g.context(r.Today()))
}

// show is the page of a row with a record of its sheet, what was found in it, and status 0 for 200.
func (g *Counting) show(r *web.Request, s sheetRow, record form.Record, found []form.Finding,
	status int) web.Answer {
	v := g.view(r, s)
	viewer := form.Viewer{Dictionary: g.host.Dictionary, Language: r.Language, On: r.Today()}
	shown := viewer.View(record, found)
	v.Errors, v.Warnings = shown.Errors, append(shown.Warnings, shown.Notes...)
	for _, field := range shown.Fields {
		switch {
		case !asks(s.form, field.Name):
		case field.Name == "verdict":
			v.Verdicts, v.Verdict = field.Options, field.Value
		case s.row.Number == 0 && slices.Contains(sinceFields, field.Name):
			v.Since = append(v.Since, field)
			v.Differs = v.Differs || field.Value != "" || field.Error != ""
		case slices.Contains(amountFields, field.Name):
			v.Amounts = append(v.Amounts, field)
			v.Differs = v.Differs || field.Value != "" || field.Error != ""
		case slices.Contains(placeFields, field.Name):
			v.Position = append(v.Position, field)
		default:
			v.Fields = append(v.Fields, field)
		}
	}
	slices.SortStableFunc(v.Amounts, func(a, b form.FieldView) int {
		return slices.Index(amountFields, a.Name) - slices.Index(amountFields, b.Name)
	})
	page := web.Page{Title: s.row.Name, Data: v, Status: status, Place: s.check.Place,
		Trail: append(g.inventory.Trail(r, s.check), web.Crumb{Text: v.FormTitle,
			Href: v.Address + "/rows?form=" + v.Form.Key})}
	if s.row.Number == 0 {
		page.Title = r.T("counting.new")
		return web.View("counting/new", page)
	}
	return web.View("counting/row", page)
}

// view is what stands on the page beside what was found.
func (g *Counting) view(r *web.Request, s sheetRow) rowView {
	w := s.row
	v := rowView{Row: w, CheckName: s.check.Name, Address: s.check.Address(), Form: s.form,
		FormTitle: s.form.Title.In(r.Language), Tone: tone(w.Verdict), Done: s.check.Counted,
		Of:       s.check.Rows,
		MayCount: s.check.Stage == inventory.Counting && r.Can(inventory.MayCount, s.check.Place),
		Phone:    s.phone, Lacks: lacks(s.form, w)}
	if w.Number == 0 {
		v.Forms, v.FoundKind, v.Book = g.formOptions(r), g.foundKind(r, s.form, w.Kind), bookField(r, s)
		return v
	}
	v.Facts = g.facts(r, s)
	if w.Photo != 0 {
		v.Photo = fmt.Sprintf("/files/%d/%d", w.Home, w.Photo)
	}
	return v
}

// lacks reports whether a counted row still needs its photo or position.
func lacks(f *inventory.Form, w inventory.Row) bool {
	return f.Evidence && w.Verdict != "" && w.Verdict != "loss" &&
		(w.Photo == 0 || w.Latitude == 0 && w.Longitude == 0)
}

// facts are what the ledger knows of a row.
func (g *Counting) facts(r *web.Request, s sheetRow) []form.Fact {
	w, in := s.row, r.Language
	var all []form.Fact
	add := func(label, text, unit string) {
		if text != "" {
			all = append(all, form.Fact{Label: r.T(label), Text: text, Unit: unit})
		}
	}
	add("counting.kind", g.kindText(w, in), "")
	add("inventory.rows.column.book", w.Book.String(), "")
	if w.WrittenOff != 0 {
		add("counting.written_off", w.WrittenOff.String(), r.T("unit.yuan"))
	}
	if s.form.Land {
		add("counting.book_area", w.BookArea.Mu(), r.T("unit.mu"))
		add("counting.land_use", g.inventory.CodeText("land_use", w.LandUse).In(in), "")
	}
	add("counting.rows.column.use", g.inventory.CodeText("use_state", w.UseState).In(in), "")
	add("counting.rows.column.keeper", w.Keeper, "")
	details := w.Details()
	for _, field := range s.form.Fields {
		text := details[field.Key]
		if field.Codes != "" && text != "" {
			text = g.inventory.CodeText(field.Codes, text).In(in)
		}
		if text != "" {
			all = append(all, form.Fact{Label: field.Label.In(in), Text: text})
		}
	}
	if w.Latitude != 0 || w.Longitude != 0 {
		add("counting.position", decimal.Format(w.Latitude, 6)+", "+decimal.Format(w.Longitude, 6), "")
	}
	return all
}
