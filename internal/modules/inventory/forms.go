package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Where the pack has the forms of the annual check.
const (
	formsFile = "inventory/forms.yaml"
	baseForm  = "inventory.count" // the counting sheet, in forms/
	formCodes = "inventory_form"  // the titles of the detail forms
)

// Form is a detail form of the check (农清明细).
type Form struct {
	Key      string         `yaml:"key"`
	Number   string         `yaml:"number"`
	Side     statement.Side `yaml:"side"`
	Cards    bool           `yaml:"cards"`    // rows come from asset cards; else from last year
	Land     bool           `yaml:"land"`     // rows have an area and a class of land
	Evidence bool           `yaml:"evidence"` // photo and position are asked for
	Line     string         `yaml:"line"`     // of the balance sheet
	Mark     form.Mark      `yaml:"mark"`
	Fields   []form.Field   `yaml:"fields"` // further columns
	Title    locale.Words   `yaml:"-"`      // from the code list
	sheet    *form.Definition
}

// Line is a line of the balance sheet (农清明细19-1).
type Line struct {
	Key   string       `yaml:"key"`
	Title locale.Words `yaml:"title"`
	Group string       `yaml:"group"`
}

// Forms are the forms of a pack, with the code lists they use.
type Forms struct {
	All    []*Form
	Lines  []Line
	Layout count.Layout // of the totals

	library *form.Library
	sheet   *form.Definition // for all forms at once
}

// Form finds a form.
func (f *Forms) Form(key string) (*Form, bool) {
	for _, one := range f.All {
		if one.Key == key {
			return one, true
		}
	}
	return nil, false
}

// Sheet is the counting sheet of all forms at once.
func (f *Forms) Sheet() *form.Definition { return f.sheet }

// Sheet is the counting sheet of the form.
func (f *Form) Sheet() *form.Definition { return f.sheet }

// Codes finds a code list.
func (f *Forms) Codes(key string) (*form.CodeList, bool) { return f.library.Codes(key) }

// LayoutKey names the layout of the totals: totals of another layout are not added to these.
func (f *Forms) LayoutKey() string {
	sum := sha256.Sum256([]byte(strings.Join(f.Layout.Forms, ",") + ";" + strings.Join(f.Layout.Land, ",")))
	return hex.EncodeToString(sum[:8])
}

// sections are the files of a pack that this module owns.
func sections() []pack.Section {
	return []pack.Section{{Path: formsFile, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := readForms(p)
		return findings
	}}}
}

// readForms reads the forms of a pack and says what is wrong with them.
func readForms(p *pack.Pack) (*Forms, []fault.Finding) {
	read, findings := pack.Decode[Form](p, formsFile, "forms")
	lines, found := pack.Decode[Line](p, formsFile, "lines")
	findings = append(findings, found...)
	library, found := form.Load(p.FS())
	if fault.Stops(found) {
		return nil, findings // told where forms are checked
	}
	f := &Forms{Lines: lines, library: library}
	titles, ok := library.Codes(formCodes)
	land, also := library.Codes("land_class")
	base, third := library.Form(baseForm)
	if !ok || !also || !third {
		return nil, append(findings, fault.Wrong("inventory.pack.missing").At(formsFile, 0, ""))
	}
	for i := range read {
		one := &read[i]
		entry, named := titles.Entry(one.Key, "")
		one.Title = entry.Words()
		if !named || !f.fits(one) {
			findings = append(findings, fault.Wrong("inventory.pack.form", one.Key).At(formsFile, 0,
				one.Key))
			continue
		}
		f.All = append(f.All, one)
		f.Layout.Forms = append(f.Layout.Forms, one.Key)
	}
	for _, e := range land.Entries {
		if !slices.Contains(f.Layout.Land, string(e.Code)) {
			f.Layout.Land = append(f.Layout.Land, string(e.Code))
		}
	}
	return f, append(findings, f.makeSheets(*base)...)
}

// fits reports whether a form is whole: on a side, and on a line of the balance sheet unless it is of
// resources.
func (f *Forms) fits(one *Form) bool {
	if !slices.Contains([]statement.Side{statement.AssetSide, statement.LiabilitySide, statement.EquitySide,
		statement.ResourceSide}, one.Side) ||
		one.Number == "" {
		return false
	}
	onLine := slices.ContainsFunc(f.Lines, func(l Line) bool { return l.Key == one.Line })
	return onLine == (one.Side != statement.ResourceSide)
}

// landFields are the columns that only forms of land have.
var landFields = []string{"book_area", "counted_area", "area_increases", "area_decreases", "land_use"}

// makeSheets derives the counting sheet of each form from the common one: without the columns that do
// not concern it, with its own.
func (f *Forms) makeSheets(base form.Definition) []fault.Finding {
	if missing := base.Offers(sheetFields); len(missing) > 0 {
		return missing
	}
	sheets := []form.Definition{base}
	for _, one := range f.All {
		d := base
		d.Key, d.Examples = baseForm+"."+one.Key, nil
		d.Title = locale.Words{Chinese: base.Title.Chinese + "：" + one.Title.Chinese,
			English: base.Title.English + ": " + one.Title.English}
		foreign := func(key string) bool {
			return key == "form" || !one.Land && slices.Contains(landFields, key)
		}
		d.Checks = slices.DeleteFunc(slices.Clone(base.Checks), func(c form.Check) bool {
			return slices.ContainsFunc(c.Fields, foreign)
		})
		d.Fields = slices.DeleteFunc(slices.Clone(base.Fields),
			func(field form.Field) bool { return foreign(field.Key) })
		d.Fields = append(d.Fields, one.Fields...)
		sheets = append(sheets, d)
	}
	library, findings := f.library.With(sheets)
	if fault.Stops(findings) {
		return findings
	}
	f.sheet, _ = library.Form(baseForm)
	for _, one := range f.All {
		one.sheet, _ = library.Form(baseForm + "." + one.Key)
	}
	return findings
}

// sheetFields are the columns of the counting sheet that the module cannot do without.
var sheetFields = map[string]form.Kind{"number": form.Integer, "form": form.Choice, "name": form.Text,
	"kind": form.Text, "book": form.Money, "book_area": form.AreaMu, "verdict": form.Choice,
	"counted":   form.Money,
	"increases": form.Money, "decreases": form.Money, "counted_area": form.AreaMu,
	"area_increases": form.AreaMu,
	"area_decreases": form.AreaMu, "class": form.Choice, "title": form.Choice, "use_state": form.Choice,
	"land_use": form.Choice, "keeper": form.Text, "counted_on": form.Date, "latitude": form.Code,
	"longitude": form.Code, "remark": form.Text}
