package form

import (
	"regexp"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// check asks the checks of one record.
func (d *Definition) check(r Record, c Context) []Finding {
	var findings []Finding
	for i := range d.Checks {
		if check := &d.Checks[i]; !r.unreadable(check) {
			findings = append(findings, check.ask(d, r, r, c)...)
		}
	}
	return findings
}

// unreadable reports whether the check reads a field that could not be read.
func (r Record) unreadable(c *Check) bool {
	bad := func(key string) bool {
		v, _ := r.at(key)
		return v.state == wrong
	}
	return slices.ContainsFunc(c.expr.Uses(), bad) ||
		c.when != nil && slices.ContainsFunc(c.when.Uses(), bad)
}

// ask evaluates the check; shown is the record whose values the text shows.
func (c *Check) ask(d *Definition, from rule.Source, shown Record, ctx Context) []Finding {
	if c.when != nil {
		applies, err := c.when.Holds(from, ctx.Parameters)
		if err != nil {
			return []Finding{c.failed(d)}
		}
		if !applies {
			return nil
		}
	}
	holds, err := c.expr.Holds(from, ctx.Parameters)
	if err != nil {
		return []Finding{c.failed(d)}
	}
	if holds {
		return nil
	}
	return []Finding{c.violated(d, from, shown, ctx)}
}

// failed says that the check has no result for this record: a sum that does not fit, a parameter
// that is not set.
func (c *Check) failed(d *Definition) Finding {
	return c.finding(fault.Wrong("form.check_failed", c.Key, d.Title))
}

func (c *Check) finding(f fault.Finding) Finding {
	found := Finding{Finding: f, Rule: c.Key, Fields: c.Fields, Record: -1}
	if len(c.Fields) > 0 {
		found.Column = c.Fields[0]
	}
	return found
}

// violated fills the check's text with the values that broke it.
func (c *Check) violated(d *Definition, from rule.Source, shown Record, ctx Context) Finding {
	var reason rule.Reason
	reason.Row = -1
	if e, err := c.expr.Explain(from, ctx.Parameters); err == nil && len(e.Reasons) > 0 {
		reason = e.Reasons[0]
	}
	text := locale.Each(func(l locale.Language) string {
		return placeholder.ReplaceAllStringFunc(c.Text.In(l), func(p string) string {
			return c.fill(d, p[1:len(p)-1], filling{shown, reason, l})
		})
	})
	key := "form.check"
	args := []any{text}
	if c.Basis != "" {
		key, args = "form.check_basis", append(args, c.Basis)
	}
	found := c.finding(fault.Finding{Severity: c.Severity, Key: key, Args: args})
	found.Record = reason.Row
	return found
}

// placeholder is a field's key in braces, or left or right: the two sides of the comparison that
// decided, shown as the first field of the check is.
var placeholder = regexp.MustCompile(`\{[a-z][a-z0-9_]*\}`)

type filling struct {
	shown    Record
	reason   rule.Reason
	language locale.Language
}

func (c *Check) fill(d *Definition, key string, with filling) string {
	var text string
	switch key {
	case "left":
		text = c.side(d, with.reason.Left, with.language)
	case "right":
		text = c.side(d, with.reason.Right, with.language)
	default:
		if f, ok := d.Field(key); ok && f.personal() {
			return "…"
		}
		text = with.shown.Shown(key, with.language)
	}
	if text == "" {
		return word("form.blank").In(with.language)
	}
	return text
}

func (c *Check) side(d *Definition, side rule.Value, l locale.Language) string {
	if !side.Given() {
		return ""
	}
	if len(c.Fields) > 0 {
		if f, ok := d.Field(c.Fields[0]); ok && f.kind.rule == side.Kind() {
			return f.shown(value{given, side.Int(), side.Text()}, l)
		}
	}
	if side.Kind() == rule.Text {
		return side.Text()
	}
	return side.String()
}

// CrossCheck asks the checks over many records: rows are those of this form, others those of other
// forms by their keys. A form that is not there has no rows.
func (d *Definition) CrossCheck(rows []Record, others map[string][]Record, c Context) []Finding {
	var findings []Finding
	own := sources(rows)
	for i := range d.CrossChecks {
		check := &d.CrossChecks[i]
		from := crossed{"rows": rule.ListOf(own)}
		for name, key := range check.Forms {
			from[name] = rule.RecordOf(crossed{"rows": rule.ListOf(sources(others[key]))})
		}
		findings = append(findings, check.ask(d, from, Record{}, c)...)
	}
	return findings
}

func sources(rows []Record) []rule.Source {
	all := make([]rule.Source, len(rows))
	for i, r := range rows {
		all[i] = r
	}
	return all
}

// crossed is what a cross-check reads: lists of rows by name.
type crossed map[string]rule.Value

// Value is the list of a name.
func (c crossed) Value(name string) rule.Value { return c[name] }
