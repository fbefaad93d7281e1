package form

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Test runs the examples of all forms: each must find exactly what it expects. parameters gives the
// parameters of a day; nil if no check asks for any. terrace pack test calls it.
func (l *Library) Test(parameters func(on period.Date) rule.Parameters) []fault.Finding {
	var findings []fault.Finding
	for _, d := range l.order {
		r := &report{file: d.File}
		for _, e := range d.Examples {
			d.try(r, e, parameters)
		}
		if len(d.Examples) == 0 && len(d.Checks) > 0 {
			r.add(1, "examples", fault.Doubt("form.no_examples", d.Key))
		}
		findings = append(findings, r.findings...)
	}
	return findings
}

func (d *Definition) try(r *report, e Example, parameters func(period.Date) rule.Parameters) {
	cells := make([]string, len(d.Fields))
	for key, text := range e.Given {
		i := d.Position(key)
		if i < 0 {
			r.add(e.line, e.Name, fault.Wrong("form.unknown_field", key))
			return
		}
		cells[i] = string(text)
	}
	c := Context{On: period.Date(e.On)}
	if parameters != nil {
		c.Parameters = parameters(c.On)
	}
	_, findings := d.Parse(cells, c)
	got := make([]string, len(findings))
	for i, f := range findings {
		got[i] = d.name(f)
	}
	want := slices.Clone(e.Expect)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.add(e.line, e.Name, fault.Wrong("form.example", strings.Join(want, ", "), strings.Join(got,
			", ")))
	}
}

// name is how an example speaks of a finding.
func (d *Definition) name(f Finding) string {
	if slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Key == f.Rule }) {
		return f.Rule
	}
	return f.Fields[0] + "." + f.Rule
}

// Offers tells which of the fields a module cannot do without the form lacks, or has as another
// kind. A module asks when it starts; a pack that dropped a field is then refused by name.
func (d *Definition) Offers(needed map[string]Kind) []fault.Finding {
	r := &report{file: d.File}
	for key, kind := range needed {
		f, ok := d.Field(key)
		if !ok {
			r.add(1, key, fault.Wrong("form.unknown_field", key))
		} else if f.Kind != kind {
			r.add(f.line, key, fault.Wrong("form.bad_kind", string(f.Kind)))
		}
	}
	return r.findings
}
