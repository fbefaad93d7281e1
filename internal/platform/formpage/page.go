package formpage

import (
	"slices"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Page is a form on its way to a reader.
type Page struct {
	Title    string
	Lead     string // what will happen; "" nothing to say
	Button   string
	Action   string // where it is posted to
	Back     string // where one goes without doing it
	Danger   bool   // the button ends something
	Hidden   []Hidden
	Sections []Section
	Refused  error // what the use case answered; nil
	Place    int64
	Trail    []web.Crumb
}

// Section is one record of the page; most pages have one.
type Section struct {
	Heading  string
	Prefix   string // in front of the names of its fields
	Record   form.Record
	Findings []fault.Finding // Column is the key of the field
	Optional bool            // nothing of it need be filled in
}

// Hidden is a value that travels with the form.
type Hidden struct{ Name, Value string }

// ConfirmField is set once the reader has seen the warnings.
const ConfirmField = "confirm"

// Confirmed reports whether the reader has seen the warnings.
func Confirmed(r *web.Request) bool { return r.Field(ConfirmField) == "1" }

// Read reads what was posted under a prefix.
func Read(r *web.Request, d *form.Definition, prefix string) (form.Record, []fault.Finding) {
	record, found := d.ParseForm(func(key string) string { return r.FormValue(prefix + key) }, d.Blank(),
		form.Context{On: r.Today()})
	return record, form.Plainly(found)
}

// Of shows one record with what was found in it.
func (p Page) Of(record form.Record, findings []fault.Finding) Page {
	p.Sections = []Section{{Record: record, Findings: findings}}
	return p
}

// After shows what the use case refused. Its findings are put beside the fields of the first section.
func (p Page) After(err error) Page {
	p.Refused = err
	if f := fault.Of(err); f != nil && len(p.Sections) > 0 {
		p.Sections = slices.Clone(p.Sections)
		p.Sections[0].Findings = append(slices.Clip(p.Sections[0].Findings), f.Findings...)
	}
	return p
}

// shown is what the template is filled with.
type shown struct {
	Page
	Words   *locale.Explanation
	Views   []sectionView
	Confirm bool
}

type sectionView struct {
	Heading string
	form.View
}

// mendable are the refusals that whoever filled the form in can do something about.
var mendable = []fault.Code{fault.Invalid, fault.Conflict, fault.Stale, fault.TooLarge, fault.Unsupported}

// Answer shows the page.
func (p Page) Answer(r *web.Request, d *locale.Dictionary) (web.Answer, error) {
	v := shown{Page: p}
	status := 0
	if f := fault.Of(p.Refused); f != nil {
		if !slices.Contains(mendable, f.Code) {
			return nil, p.Refused
		}
		words := d.Explain(r.Language, f)
		v.Words, status = &words, web.Status(f)
	}
	warned, stopped := false, false
	for _, s := range p.Sections {
		v.Views = append(v.Views, p.view(r, d, s))
		for _, f := range s.Findings {
			warned, stopped = warned || f.Severity == fault.Warning, stopped || f.Severity == fault.Error
		}
	}
	if v.Confirm = warned && !stopped; status == 0 && (warned || stopped) {
		status = web.Status(fault.New(fault.Invalid, "web.form"))
	}
	return web.View("web/fill", web.Page{Title: p.Title, Data: v, Status: status, Place: p.Place,
		Trail: p.Trail}), nil
}

func (p Page) view(r *web.Request, d *locale.Dictionary, s Section) sectionView {
	var found []form.Finding
	for _, f := range s.Findings {
		one := form.Finding{Finding: f, Record: -1}
		if f.Column != "" {
			one.Fields = []string{f.Column}
		}
		found = append(found, one)
	}
	viewer := form.Viewer{Dictionary: d, Language: r.Language, On: r.Today(), Prefix: s.Prefix}
	v := sectionView{s.Heading, viewer.View(s.Record, found)}
	if v.Basis == s.Record.Form().Key {
		v.Basis = "" // a form of the module's own names the law in its lead
	}
	if s.Optional {
		for i := range v.Fields {
			v.Fields[i].Required = false
		}
	}
	return v
}
