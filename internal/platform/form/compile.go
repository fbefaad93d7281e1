package form

import (
	"regexp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// FieldsMax is the number of fields a form may have.
const FieldsMax = 200

// report collects findings about a form.
type report struct {
	file     string
	findings []fault.Finding
}

func (r *report) add(line int, part string, f fault.Finding) {
	r.findings = append(r.findings, f.At(r.file, line, part))
}

// whole demands a text in every language.
func (r *report) whole(line int, part string, text locale.Words) {
	if !text.Whole() {
		r.add(line, part, fault.Wrong("form.language", part))
	}
}

var marks = []Mark{Verified, Unverified, Config}

// compileFields checks the form and its fields and makes them ready for use.
func (d *Definition) compileFields(codes map[string]*CodeList) []fault.Finding {
	r := &report{file: d.File}
	if !validKey(d.Key) {
		r.add(1, "key", fault.Wrong("form.bad_key", d.Key))
	}
	if d.Version < 1 {
		r.add(1, "version", fault.Wrong("form.bad_version"))
	}
	if d.Basis == "" {
		r.add(1, "basis", fault.Wrong("form.no_basis"))
	}
	if !slices.Contains(marks, d.Mark) {
		r.add(1, "mark", fault.Wrong("form.bad_mark", string(d.Mark)))
	}
	if n := len(d.Fields); n == 0 || n > FieldsMax {
		r.add(1, "fields", fault.Wrong("form.field_count", n, FieldsMax))
	}
	r.whole(1, "title", d.Title)
	d.index = make(map[string]int, len(d.Fields))
	labels := map[string]bool{}
	for i := range d.Fields {
		f := &d.Fields[i]
		for _, label := range f.Headings() {
			if labels[label] && label != "" { // headings of a workbook could not be told apart
				r.add(f.line, f.Key, fault.Wrong("form.same_label", label))
			}
			labels[label] = true
		}
		if _, twice := d.index[f.Key]; twice {
			r.add(f.line, f.Key, fault.Wrong("form.twice", f.Key))
		}
		d.index[f.Key] = i
		f.compile(r, codes)
	}
	if fault.Stops(r.findings) {
		return r.findings
	}
	var err error
	if d.environment, err = rule.NewEnvironment(d.variables()); err != nil {
		r.add(1, "fields", fault.Wrong("form.bad_key", err.Error()))
	}
	return r.findings
}

func (f *Field) compile(r *report, codes map[string]*CodeList) {
	if !rule.ValidName(f.Key) {
		r.add(f.line, f.Key, fault.Wrong("form.bad_key", f.Key))
	}
	r.whole(f.line, f.Key, f.Label)
	for _, optional := range []locale.Words{f.Unit, f.Help} {
		if optional != (locale.Words{}) {
			r.whole(f.line, f.Key, optional)
		}
	}
	if f.kind = kinds()[f.Kind]; f.kind == nil {
		r.add(f.line, f.Key, fault.Wrong("form.bad_kind", string(f.Kind)))
		return
	}
	if f.codes = codes[f.Codes]; (f.Kind == Choice) != (f.codes != nil) || f.codes == nil && f.Codes != "" {
		r.add(f.line, f.Key, fault.Wrong("form.bad_codes", f.Codes))
		return
	}
	f.limits(r)
	if f.DataClass == "" {
		f.DataClass = "S1"
	}
	if !slices.Contains([]string{"S0", "S1", "S2", "S3"}, f.DataClass) {
		r.add(f.line, f.Key, fault.Wrong("form.bad_class", f.DataClass))
	}
}

// limits reads the bounds and the pattern.
func (f *Field) limits(r *report) {
	bounded := f.Numeric() || f.Kind == Date
	for _, b := range []struct {
		text Scalar
		into **value
	}{{f.Min, &f.min}, {f.Max, &f.max}} {
		if b.text == "" {
			continue
		}
		v, problem := f.kind.read(f, string(b.text), &Context{})
		if problem != "" || !bounded {
			r.add(f.line, f.Key, fault.Wrong("form.bad_bound", string(b.text)))
			continue
		}
		*b.into = &v
	}
	if f.min != nil && f.max != nil && (f.min.number > f.max.number || f.min.text > f.max.text) {
		r.add(f.line, f.Key, fault.Wrong("form.bad_bound", string(f.Max)))
	}
	if f.Pattern != "" {
		p, err := regexp.Compile(`^(?:` + f.Pattern + `)$`)
		if err != nil || f.kind.rule != rule.Text || !f.Help.Whole() {
			r.add(f.line, f.Key, fault.Wrong("form.bad_pattern", f.Pattern))
			return
		}
		f.pattern = p
	}
}

// compileChecks compiles the rules; all forms of the library are known by then.
func (d *Definition) compileChecks(l *Library) []fault.Finding {
	r := &report{file: d.File}
	seen := map[string]bool{}
	for i := range d.Checks {
		c := &d.Checks[i]
		d.compileCheck(r, c, seen, d.environment)
		d.placeholders(r, c, true)
	}
	for i := range d.CrossChecks {
		c := &d.CrossChecks[i]
		env := d.crossEnvironment(r, c, l)
		if env != nil {
			d.compileCheck(r, &c.Check, seen, env)
			d.placeholders(r, &c.Check, false)
		}
	}
	return r.findings
}

func (d *Definition) compileCheck(r *report, c *Check, seen map[string]bool, env *rule.Environment) {
	if !rule.ValidName(c.Key) || seen[c.Key] {
		r.add(c.line, c.Key, fault.Wrong("form.bad_key", c.Key))
	}
	seen[c.Key] = true
	r.whole(c.line, c.Key, c.Text)
	if c.Severity == "" {
		c.Severity = fault.Error
	}
	if !slices.Contains([]fault.Severity{fault.Error, fault.Warning, fault.Note}, c.Severity) {
		r.add(c.line, c.Key, fault.Wrong("form.bad_severity", string(c.Severity)))
	}
	for _, key := range c.Fields {
		if d.Position(key) < 0 {
			r.add(c.line, c.Key, fault.Wrong("form.unknown_field", key))
		}
	}
	c.expr = r.rule(c, c.Expr, env)
	if c.When != "" {
		c.when = r.rule(c, c.When, env)
	}
}

// rule compiles one expression. A broken one becomes a rule that always holds, so that the library
// can still be looked at; with its finding it must not be used.
func (r *report) rule(c *Check, text string, env *rule.Environment) *rule.Rule {
	compiled, err := env.Compile(text)
	if err == nil {
		return compiled
	}
	for _, f := range fault.Of(err).Findings {
		f.Sheet, f.Column, f.Row = r.file, c.Key+" "+f.Column, c.line
		r.findings = append(r.findings, f.Saw(text))
	}
	harmless, err := env.Compile("true")
	if err != nil {
		panic(err) // it compiles in any environment
	}
	return harmless
}

// placeholders demands that a text shows only what there is.
func (d *Definition) placeholders(r *report, c *Check, fields bool) {
	for _, l := range locale.Languages {
		for _, p := range placeholder.FindAllString(c.Text.In(l), -1) {
			key := strings.Trim(p, "{}")
			if key != "left" && key != "right" && (!fields || d.Position(key) < 0) {
				r.add(c.line, c.Key, fault.Wrong("form.unknown_field", key))
			}
		}
	}
}

// crossEnvironment declares the rows of the form and of each other form a cross-check names.
func (d *Definition) crossEnvironment(r *report, c *CrossCheck, l *Library) *rule.Environment {
	variables := []rule.Variable{{Name: "rows", Kind: rule.List, Fields: d.variables()}}
	for name, key := range c.Forms {
		other, ok := l.Form(key)
		if !ok || name == "rows" {
			r.add(c.line, c.Key, fault.Wrong("form.unknown_form", key))
			return nil
		}
		rows := rule.Variable{Name: "rows", Kind: rule.List, Fields: other.variables()}
		variables = append(variables,
			rule.Variable{Name: name, Kind: rule.Record, Fields: []rule.Variable{rows}})
	}
	env, err := rule.NewEnvironment(variables)
	if err != nil {
		r.add(c.line, c.Key, fault.Wrong("form.bad_key", err.Error()))
		return nil
	}
	return env
}

// compile checks a code list and makes it ready for use. Two entries that hold on one day must not
// have a code or a meaning in common: a drop-down that shows it could not be read back.
func (c *CodeList) compile() []fault.Finding {
	r := &report{file: c.File}
	c.index = map[string][]int{}
	if !validKey(c.Key) {
		r.add(1, "key", fault.Wrong("form.bad_key", c.Key))
	}
	r.whole(1, "title", c.Title)
	for i, e := range c.Entries {
		part := "entries." + string(e.Code)
		if e.Code == "" || strings.TrimSpace(string(e.Code)) != string(e.Code) {
			r.add(0, part, fault.Wrong("form.bad_key", string(e.Code)))
		}
		r.whole(0, part, e.Words())
		if e.From != "" && !e.From.Valid() || e.To != "" && (!e.To.Valid() || e.To <= e.From) {
			r.add(0, part, fault.Wrong("form.bad_dates", string(e.Code)))
		}
		if e.Parent != "" && !slices.ContainsFunc(c.Entries, func(p Entry) bool {
			return p.Code == e.Parent && p.Code != e.Code
		}) {
			r.add(0, part, fault.Wrong("form.bad_parent", string(e.Code), string(e.Parent)))
		}
		for _, name := range e.names() {
			for _, j := range c.index[name] {
				if e.overlaps(c.Entries[j]) {
					r.add(0, part, fault.Wrong("form.ambiguous", string(e.Code), string(c.Entries[j].Code)))
				}
			}
			c.index[name] = append(c.index[name], i)
		}
	}
	return r.findings
}
