package form

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Context is what reading depends on beside the form.
type Context struct {
	On         period.Date     // the day whose code lists hold; "" takes every entry
	Parameters rule.Parameters // for param("key") in checks; nil if no check asks
}

// Finding is one thing wrong with a record. Column is the key of the first field it concerns.
type Finding struct {
	fault.Finding
	Rule   string   // what is wrong with a field (required, number, …) or the key of a check
	Fields []string // beside which it stands
	Record int      // place of the record in a cross-check, from 0; -1: no single one
}

// Plainly gives the findings without what only forms know.
func Plainly(findings []Finding) []fault.Finding {
	all := make([]fault.Finding, len(findings))
	for i, f := range findings {
		all[i] = f.Finding
	}
	return all
}

// Parse reads a record from texts in the order of the form's fields; those that are missing at the
// end are blank. Everything that is wrong with the fields and by the checks is found at once. What
// could not be read stays in the record as it was entered.
func (d *Definition) Parse(cells []string, c Context) (Record, []Finding) {
	return d.ParseKnowing(cells, nil, c)
}

// ParseKnowing is Parse where whoever read the file already found something wrong with the fields at
// the positions told: they count as wrong, and nothing more is said of them.
func (d *Definition) ParseKnowing(cells []string, told []int, c Context) (Record, []Finding) {
	r := d.Blank()
	var findings []Finding
	for i := range d.Fields {
		entered := ""
		if i < len(cells) {
			entered = cells[i]
		}
		if slices.Contains(told, i) {
			r.values[i] = value{state: wrong, text: entered}
			continue
		}
		v, problem := d.Fields[i].parse(entered, &c)
		r.values[i] = v
		if problem != "" {
			findings = append(findings, d.Fields[i].finding(problem, entered, c.On))
		}
	}
	return r, append(findings, d.check(r, c)...)
}

// Canonical is a field's text as the form would write it, or the text itself if it cannot be read.
func (f *Field) Canonical(text string, c Context) string {
	v, problem := f.parse(text, &c)
	if problem != "" {
		return strings.TrimSpace(text)
	}
	return plainOf(f, v)
}

// ParseForm reads a record from a posted page. Read-only fields keep what they were prefilled with,
// whatever was posted.
func (d *Definition) ParseForm(get func(key string) string, prefilled Record, c Context) (Record,
	[]Finding) {
	cells := make([]string, len(d.Fields))
	for i := range d.Fields {
		if f := &d.Fields[i]; f.ReadOnly {
			cells[i] = prefilled.Plain(f.Key)
		} else {
			cells[i] = get(f.Key)
		}
	}
	return d.Parse(cells, c)
}

// Locked finds the read-only fields whose value is no longer the one they were prefilled with.
func Locked(prefilled, got Record) []Finding {
	var findings []Finding
	for i := range got.form.Fields {
		f := &got.form.Fields[i]
		if was, is := prefilled.Plain(f.Key), got.Plain(f.Key); f.ReadOnly && was != is {
			findings = append(findings, f.finding("locked", is, ""))
		}
	}
	return findings
}

// parse reads one field; problem is "" or what is wrong.
func (f *Field) parse(entered string, c *Context) (v value, problem string) {
	text := strings.TrimSpace(entered)
	if text == "" {
		if f.Required {
			return value{}, "required"
		}
		return value{}, ""
	}
	if n := f.LengthMax(); n > 0 && utf8.RuneCountInString(text) > n {
		return value{state: wrong, text: text}, "length"
	}
	v, problem = f.kind.read(f, text, c)
	if problem == "" {
		problem = f.bounds(v)
	}
	if problem != "" {
		return value{state: wrong, text: text}, problem
	}
	return v, ""
}

// bounds holds a readable value against the field's own limits.
func (f *Field) bounds(v value) string {
	switch {
	case f.min != nil && (v.number < f.min.number || v.text < f.min.text):
		return "min"
	case f.max != nil && (v.number > f.max.number || v.text > f.max.text):
		return "max"
	case f.pattern != nil && !f.pattern.MatchString(v.text):
		return "pattern"
	}
	return ""
}

// finding puts a problem of a field into a finding; on is the day whose choices it lists.
func (f *Field) finding(problem, entered string, on period.Date) Finding {
	found := Finding{Rule: problem, Fields: []string{f.Key}, Record: -1}
	switch problem {
	case "required":
		found.Finding = fault.Wrong("form.required", f.Label)
	case "number":
		found.Finding = fault.Wrong("form.number", f.Label)
	case "places":
		found.Finding = fault.Wrong("form.places", f.Label, f.kind.places)
	case "range":
		found.Finding = fault.Wrong("form.range", f.Label)
	case "min":
		found.Finding = fault.Wrong("form.min", f.Label, string(f.Min))
	case "max":
		found.Finding = fault.Wrong("form.max", f.Label, string(f.Max))
	case "length":
		found.Finding = fault.Wrong("form.length", f.Label, f.LengthMax())
	case "pattern":
		found.Finding = fault.Wrong("form.pattern", f.Label, f.Help)
	case "date":
		found.Finding = fault.Wrong("form.date", f.Label)
	case "choice":
		found.Finding = fault.Wrong("form.choice", f.Label, f.codes.Title, f.codes.offered(on))
	case "check":
		found.Finding = fault.Wrong("form.flag", f.Label)
	case "credit_code":
		found.Finding = fault.Wrong("form.credit_code", f.Label)
	case "resident_code":
		found.Finding = fault.Wrong("form.resident_code", f.Label)
	case "locked":
		found.Finding = fault.Wrong("form.locked", f.Label)
	default:
		found.Finding = fault.Wrong("form.characters", f.Label)
	}
	found.Column = f.Key
	if entered = strings.TrimSpace(entered); entered != "" && !f.personal() {
		found.Finding = found.Saw(entered)
	}
	return found
}

// personal values are not repeated in findings, which may be stored and exported.
func (f *Field) personal() bool { return f.DataClass >= "S2" }
