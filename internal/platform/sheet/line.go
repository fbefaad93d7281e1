package sheet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// liner makes lines of rows.
type liner struct {
	reading *Reading
	label   func(text string) int
	fills   map[int]cell   // values of merged areas that reach down, by column
	refs    map[string]int // reference → row it was first seen in
}

// totals begin the row that adds the others up; footers begin the lines for signatures.
var (
	totals = []string{"合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "过次页", "转次页", "承前页", "total", "totals",
		"subtotal", "grandtotal", "sum"}
	footers = []string{"填表", "制单", "记账:", "出纳:", "会计:", "会计主管", "主管", "审核:", "经办人:", "财务负责人", "制表", "审核人",
		"复核", "负责人", "单位负责人", "填报", "注:", "说明:", "备注:",
		"preparedby", "checkedby", "note:"}
)

// skips reports whether the row is no record, and notes why.
func (l *liner) skips(r row) bool {
	n := &l.reading.notes
	if r.number > n.last+1 {
		n.blank += r.number - n.last - 1
	}
	n.last = r.number
	first := ""
	numbers := 0
	for _, c := range r.cells {
		if first == "" {
			first = strings.TrimRight(form.Fold(c.text), ":")
		}
		if c.kind == numberCell {
			numbers++
		}
	}
	switch {
	case l.repeatsHead(r):
		n.heads = append(n.heads, r.number)
		return true
	case slices.Contains(totals, first):
		n.totals = append(n.totals, r.number)
		return true
	case numbers == 0 && slices.ContainsFunc(footers, func(f string) bool {
		return strings.HasPrefix(first+":", f) && len(r.cells) <= len(l.reading.Columns)
	}) && l.lacksRequired(r):
		n.footers = append(n.footers, r.number)
		return true
	}
	if r.hidden {
		n.hidden = append(n.hidden, r.number)
	}
	return false
}

// repeatsHead recognises the headings again, as people copy them to the top of each printed page.
func (l *liner) repeatsHead(r row) bool {
	matched := 0
	for _, c := range r.cells {
		if c.kind != textCell {
			continue
		}
		if i := l.label(c.text); i >= 0 && l.reading.head.columns[i].Index == c.column {
			matched++
		}
	}
	return matched >= min(2, len(l.reading.wanted.Form.Fields))
}

// lacksRequired tells a line for signatures from an asset that happens to be called 负责人办公桌. Where a form
// requires nothing, a colon does: 制单：张三.
func (l *liner) lacksRequired(r row) bool {
	if !slices.ContainsFunc(l.reading.wanted.Form.Fields, func(f form.Field) bool { return f.Required }) {
		return len(r.cells) > 0 && strings.Contains(form.Fold(r.cells[0].text), ":")
	}
	for i, f := range l.reading.wanted.Form.Fields {
		if column := l.reading.head.columns[i].Index; f.Required && column >= 0 {
			if _, there := r.at(column); !there {
				return true
			}
		}
	}
	return false
}

func (l *liner) line(r row) Line {
	reading := l.reading
	d := reading.wanted.Form
	line := Line{Row: r.number, Cells: make([]string, len(d.Fields))}
	l.startMerges(&line, r)
	next := 0
	for i := range d.Fields {
		column := reading.head.columns[i].Index
		if column < 0 {
			continue
		}
		c, ok := find(r.cells, &next, column)
		if !ok {
			if c, ok = l.fill(r, column); !ok {
				continue
			}
		}
		text, problem := reading.book.textFor(c, d.Fields[i].Kind)
		if utf8.RuneCountInString(text) > reading.book.limits.CellText {
			problem = tooLong
		}
		line.Cells[i] = text
		if problem != noProblem {
			line.tell(l.reading, i, found(problem, &d.Fields[i], c))
		}
	}
	l.reference(&line, r)
	return line
}

// find looks a column up; the columns usually come in the order of the cells.
func find(cells []cell, next *int, column int) (cell, bool) {
	for n := range cells {
		i := (*next + n) % len(cells)
		if cells[i].column == column {
			*next = i + 1
			return cells[i], true
		}
	}
	return cell{}, false
}

func (l *Line) tell(r *Reading, field int, f fault.Finding) {
	l.Told = append(l.Told, field)
	l.Findings = append(l.Findings, f.At(r.Sheet, l.Row, r.head.columns[field].Letter))
}

const tooLong problem = "long"

// found puts a problem of a cell into words. Personal values are not repeated.
func found(p problem, f *form.Field, c cell) fault.Finding {
	var finding fault.Finding
	switch p {
	case errorValue:
		return fault.Wrong("sheet.cell_error", f.Label, c.text)
	case noValue:
		return fault.Wrong("sheet.cell_formula", f.Label)
	case tooLong:
		return fault.Wrong("sheet.cell_long", f.Label)
	case digitsLost:
		finding = fault.Wrong("sheet.cell_digits", f.Label)
	case exponentText:
		finding = fault.Wrong("sheet.cell_exponent", f.Label)
	default:
		finding = fault.Wrong("sheet.cell_year", f.Label)
	}
	if f.DataClass < "S2" {
		finding = finding.Saw(c.text)
	}
	return finding
}

// startMerges deals with the merged areas that begin in this row. One that reaches down over one
// field gives its value to every row, as whoever merged the cells meant it; one over several fields
// cannot be read.
func (l *liner) startMerges(line *Line, r row) {
	for _, m := range l.reading.merges {
		if m.top != r.number {
			continue
		}
		var fields []int
		for i, c := range l.reading.head.columns {
			if c.Index >= m.left && c.Index <= m.right {
				fields = append(fields, i)
			}
		}
		slices.SortFunc(fields, func(a, b int) int {
			return l.reading.head.columns[a].Index - l.reading.head.columns[b].Index
		})
		d := l.reading.wanted.Form
		switch c, ok := r.at(m.left); {
		case len(fields) > 1:
			line.tell(l.reading, fields[0], fault.Wrong("sheet.merged_wide", d.Fields[fields[0]].Label))
		case len(fields) == 1 && ok && m.bottom > m.top && d.Fields[fields[0]].Counted():
			line.tell(l.reading, fields[0], fault.Wrong("sheet.merged_number", d.Fields[fields[0]].Label,
				m.top, m.bottom))
		case len(fields) == 1 && ok && m.bottom > m.top:
			l.fills[l.reading.head.columns[fields[0]].Index] = c
			l.reading.notes.merged++
		}
	}
}

// fill is the value of a merged area that covers the cell.
func (l *liner) fill(r row, column int) (cell, bool) {
	c, ok := l.fills[column]
	if !ok {
		return c, false
	}
	for _, m := range l.reading.merges {
		if column >= m.left && column <= m.right && r.number > m.top && r.number <= m.bottom {
			return c, true
		}
	}
	return c, false
}

// reference reads which prefilled row this is and whether its locked cells are as they were.
func (l *liner) reference(line *Line, r row) {
	reading := l.reading
	if reading.head.ref < 0 {
		return
	}
	c, _ := r.at(reading.head.ref)
	line.Ref = strings.TrimSpace(c.text)
	if line.Ref == "" {
		return
	}
	if first, twice := l.refs[line.Ref]; twice {
		line.Findings = append(line.Findings,
			fault.Wrong("sheet.ref_twice", first).At(reading.Sheet, line.Row, ""))
	} else {
		l.refs[line.Ref] = line.Row
	}
	sealed, _ := r.at(reading.head.seal)
	d, context := reading.wanted.Form, reading.wanted.context()
	if sealed.text != reading.Meta.seal(d, line.Ref, line.Cells, context) {
		line.Findings = append(line.Findings,
			fault.Wrong("sheet.sealed").At(reading.Sheet, line.Row, ""))
	}
}

// notes are what a reading left out or filled in.
type notes struct {
	sheet   string
	last    int // number of the row read last
	blank   int
	heads   []int
	totals  []int
	footers []int
	hidden  []int
	merged  int
}

func (n notes) findings() []fault.Finding {
	var all []fault.Finding
	if n.blank > 0 {
		all = append(all, fault.Told("sheet.blank_rows", n.blank).At(n.sheet, 0, ""))
	}
	for _, row := range n.heads {
		all = append(all, fault.Told("sheet.head_row").At(n.sheet, row, ""))
	}
	for _, row := range n.totals {
		all = append(all, fault.Told("sheet.totals_row").At(n.sheet, row, ""))
	}
	for _, row := range n.footers {
		all = append(all, fault.Told("sheet.footer_row").At(n.sheet, row, ""))
	}
	if len(n.hidden) > 0 {
		all = append(all, fault.Doubt("sheet.hidden_rows", len(n.hidden)).At(n.sheet, n.hidden[0], ""))
	}
	if n.merged > 0 {
		all = append(all, fault.Told("sheet.merged", n.merged).At(n.sheet, 0, ""))
	}
	return all
}
