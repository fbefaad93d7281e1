package form

import (
	"slices"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// FieldView is a field as the block "field" of the pages shows it.
type FieldView struct {
	Name     string
	Label    string
	Kind     string // an HTML input type, or choice, long, check
	Value    string
	Options  []Option // of a choice
	Required bool
	Error    string
	Help     string
	Unit     string
	Numeric  bool
	Complete string // what the browser may fill in (autocomplete)
	Suggest  string // address of a search-as-you-type
}

// Option is one choice.
type Option struct{ Value, Text string }

// View is a whole form as the block "form" of the pages shows it.
type View struct {
	Title      string
	Basis      string
	Unverified bool
	Errors     []string // everything to mend, on top
	Warnings   []string
	Notes      []string
	Facts      []Fact // read-only fields
	Fields     []FieldView
}

// Fact is a value that is shown and not asked.
type Fact struct{ Label, Text, Unit string }

// Viewer makes views in one language.
type Viewer struct {
	Dictionary *locale.Dictionary
	Language   locale.Language
	On         period.Date // the day whose code lists are offered
	Prefix     string      // in front of the names of the fields, where a page has several records
}

// View shows a record with what was found in it.
func (v Viewer) View(r Record, findings []Finding) View {
	d := r.form
	out := View{Title: d.Title.In(v.Language), Basis: d.Basis, Unverified: d.Mark == Unverified}
	beside := map[string]string{}
	for _, f := range findings {
		text := v.Dictionary.Text(v.Language, f.Key, f.Args...)
		switch f.Severity {
		case fault.Error:
			out.Errors = append(out.Errors, text)
		case fault.Warning:
			out.Warnings = append(out.Warnings, text)
		case fault.Note:
			out.Notes = append(out.Notes, text)
		}
		for _, key := range f.Fields {
			if f.Severity == fault.Error && beside[key] == "" {
				beside[key] = text
			}
		}
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.ReadOnly {
			out.Facts = append(out.Facts, Fact{f.Label.In(v.Language), r.Shown(f.Key, v.Language),
				f.UnitIn(v.Language)})
			continue
		}
		out.Fields = append(out.Fields, v.field(f, r, beside[f.Key]))
	}
	return out
}

func (v Viewer) field(f *Field, r Record, wrong string) FieldView {
	out := FieldView{Name: v.Prefix + f.Key, Label: f.Label.In(v.Language), Kind: f.kind.input,
		Value: r.Plain(f.Key), Required: f.Required, Error: wrong, Help: f.Help.In(v.Language),
		Unit: f.UnitIn(v.Language), Numeric: f.Numeric(), Complete: "off"}
	if f.Kind == PlaceCode {
		out.Suggest = "/places/suggest"
	}
	if f.codes != nil {
		out.Options = v.options(f, out.Value)
	}
	return out
}

// options are the choices of the day. A value that no longer holds stays among them, so that looking
// at an old record does not change it.
func (v Viewer) options(f *Field, value string) []Option {
	var all []Option
	for _, e := range f.codes.On(v.On) {
		all = append(all, Option{string(e.Code), e.Words().In(v.Language)})
	}
	if value != "" && !slices.ContainsFunc(all, func(o Option) bool { return o.Value == value }) {
		text := value
		if e, ok := f.codes.Entry(value, v.On); ok {
			text = e.Words().In(v.Language)
		}
		all = append(all, Option{value, text})
	}
	return all
}
