package sheet

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// headRowsMax is how far down a sheet its headings are looked for.
const headRowsMax = 40

// Column is a column of the file that holds a field of the form.
type Column struct {
	Index   int    // from 0
	Letter  string // A, B …
	Heading string // as it stands in the file
	Field   int    // position in the form
}

// head is what the head of a sheet says: which column holds which field, and where the rows begin.
type head struct {
	columns  []Column // by field; Index is -1 where the field is missing
	ref      int      // column of the references; -1: none
	seal     int
	from     int // number of the last row of the head
	findings []fault.Finding
	matched  int
}

// readHead looks for the row with the field keys and for the row with the labels. The keys decide;
// without them the labels do, in either language.
func (b *Book) readHead(p part, d *form.Definition) (head, error) {
	h := head{ref: -1, seal: -1}
	var keys *scored
	var labelled, single []*scored
	find := d.Finder()
	for r, err := range b.rows(p) {
		if err != nil {
			return h, err
		}
		if r.number > headRowsMax {
			break
		}
		keys = better(keys, score(r, func(text string) int { return d.Position(text) }))
		one := score(r, find)
		labelled = append(labelled, one)
		if n := len(single); n > 0 && single[n-1].number+1 == r.number {
			labelled = append(labelled, stacked(single[n-1], one, find))
		}
		single = append(single, one)
	}
	decisive := keys
	if keys == nil || !keys.convincing(d) {
		keys = nil
	}
	var labels *scored
	for _, s := range labelled {
		if keys == nil || s.number != keys.number { // keys may read like labels
			labels = better(labels, s)
		}
	}
	if keys == nil {
		decisive = labels
	}
	if decisive == nil || !decisive.convincing(d) {
		return h, nil
	}
	h.from = decisive.number
	if labels != nil && labels.convincing(d) {
		h.from = max(h.from, labels.number)
	}
	h.take(p.name, d, decisive, labels)
	for _, c := range h.columns {
		if c.Index >= 0 && hides(b.hides, c.Index) {
			h.findings = append(h.findings, fault.Told("sheet.hidden_column", d.Fields[c.Field].Label).
				At(p.name, decisive.number, c.Letter))
		}
	}
	h.findings = append(h.findings, unitsAbove(p.name, d, single, decisive.top)...)
	return h, nil
}

// scored is a row that may be the head: which cell stands for which field.
type scored struct {
	number  int
	top     int // the row above, where two rows are one heading; else number
	cells   []cell
	fields  []int // of each cell; -1: none
	matched int   // different fields
}

func score(r row, find func(text string) int) *scored {
	s := &scored{number: r.number, top: r.number, cells: slices.Clone(r.cells)}
	seen := map[int]bool{}
	for _, c := range r.cells {
		field := -1
		if c.kind == textCell {
			field = find(strings.TrimSpace(c.text))
		}
		s.fields = append(s.fields, field)
		if field >= 0 {
			seen[field] = true
		}
	}
	s.matched = len(seen)
	return s
}

// better is the row that stands for more fields; of two alike the upper.
func better(a, b *scored) *scored {
	if a == nil || b.matched > a.matched {
		return b
	}
	return a
}

// convincing demands two fields, or the only one there is: a title may by chance be called like a
// field.
func (s *scored) convincing(d *form.Definition) bool { return s.matched >= min(2, len(d.Fields)) }

// take makes the columns of the head and tells what is missing, double or unknown.
func (h *head) take(sheet string, d *form.Definition, decisive, labels *scored) {
	h.columns = make([]Column, len(d.Fields))
	h.matched = decisive.matched
	for i := range h.columns {
		h.columns[i] = Column{Index: -1, Field: i}
	}
	for i, c := range decisive.cells {
		switch field := decisive.fields[i]; {
		case c.text == refKey:
			h.ref = c.column
		case c.text == sealKey:
			h.seal = c.column
		case field < 0:
			h.findings = append(h.findings, fault.Told("sheet.extra", c.text).
				At(sheet, decisive.number, letters(c.column)))
		case h.columns[field].Index >= 0:
			h.findings = append(h.findings, fault.Wrong("sheet.twice", d.Fields[field].Label,
				h.columns[field].Letter).At(sheet, decisive.number, letters(c.column)))
		default:
			h.columns[field] = Column{c.column, letters(c.column), heading(c, labels), field}
			if other := d.Fields[field].OtherUnit(h.columns[field].Heading); other != "" {
				h.findings = append(h.findings, fault.Wrong("sheet.unit", d.Fields[field].Label, other,
					unitOf(&d.Fields[field])).At(sheet, decisive.number, letters(c.column)))
			}
		}
	}
	h.missing(sheet, d, decisive.number)
}

// missing tells which columns are not there: each that is required, and all others at once.
func (h *head) missing(sheet string, d *form.Definition, number int) {
	var others []locale.Words
	for i := range h.columns {
		switch f := &d.Fields[i]; {
		case h.columns[i].Index >= 0:
		case f.Required:
			h.findings = append(h.findings, fault.Wrong("sheet.missing", f.Label).At(sheet, number, ""))
		default:
			others = append(others, f.Label)
		}
	}
	if len(others) > 0 {
		h.findings = append(h.findings, fault.Doubt("sheet.missing_others", form.Listed(others)).
			At(sheet, number, ""))
	}
}

func unitOf(f *form.Field) locale.Words { return locale.Each(f.UnitIn) }

// heading is what people read above a column.
func heading(c cell, labels *scored) string {
	if labels != nil {
		for _, other := range labels.cells {
			if other.column == c.column {
				return strings.TrimSpace(other.text)
			}
		}
	}
	return strings.TrimSpace(c.text)
}
