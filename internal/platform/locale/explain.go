package locale

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Explanation is a refusal in words.
type Explanation struct {
	What string `json:"what"`
	Rule string `json:"rule"`
	Next string `json:"next"`
}

// Explain puts a fault into words: what, by which rule, and what to do next. Arguments of the
// fault serve all three.
func (d *Dictionary) Explain(l Language, f *fault.Fault) Explanation {
	return Explanation{
		What: d.Text(l, f.Key, f.Args...),
		Rule: d.Text(l, f.Key+".rule", f.Args...),
		Next: d.Text(l, f.Key+".next", f.Args...),
	}
}

// String is the explanation on one line, for the command line.
func (e Explanation) String() string { return strings.Join([]string{e.What, e.Rule, e.Next}, " ") }

// Finding puts a finding into words, with its place in front: 表1!F7 …
func (d *Dictionary) Finding(l Language, f fault.Finding) string {
	text := d.Text(l, f.Key, f.Args...)
	if f.Value != "" {
		text += d.Text(l, "finding.saw", f.Value)
	}
	if place := d.Place(l, f); place != "" {
		return d.Text(l, "finding.at", place, text)
	}
	return text
}

// Place is where a finding is: sheet, row and column, as far as it has them.
func (d *Dictionary) Place(l Language, f fault.Finding) string {
	var parts []string
	if f.Sheet != "" {
		parts = append(parts, d.Text(l, "finding.sheet", f.Sheet))
	}
	if f.Row > 0 {
		parts = append(parts, d.Text(l, "finding.row", f.Row))
	}
	if f.Column != "" {
		parts = append(parts, d.Text(l, "finding.column", f.Column))
	}
	return strings.Join(parts, d.Text(l, "finding.separator"))
}
