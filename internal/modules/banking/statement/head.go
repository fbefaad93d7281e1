package statement

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Cell is a cell of a file.
type Cell struct {
	Column int // from 0
	Text   string
	Number bool        // the file holds a number: Text is written with a point
	Lost   bool        // a number whose last digits are lost
	Empty  bool        // has no value where one should stand: an error, a formula without a result
	Day    period.Date // of a cell that shows a day
	Serial period.Date // the day that a number would be
	Merged bool        // the text stands in the first cell of a merged area
}

// Row is a row of a file in which something is written.
type Row struct {
	Number int // as a spreadsheet program shows it
	Hidden bool
	Cells  []Cell
}

func (r Row) at(column int) (Cell, bool) {
	for _, c := range r.Cells {
		if c.Column == column {
			return c, true
		}
	}
	return Cell{}, false
}

// first is the first text of the row, folded.
func (r Row) first() string {
	for _, c := range r.Cells {
		if f := fold(c.Text); f != "" && !c.Merged {
			return f
		}
	}
	return ""
}

// Column is a column that was found.
type Column struct {
	Part    Part
	Index   int
	Letter  string
	Heading string
}

// Head is where the table of a statement begins and what its columns hold.
type Head struct {
	Row      int // number of the last row of headings; 0: columns by position
	Columns  []Column
	Unknown  []Column // headings that the format does not know
	Twice    []Column // a second column of a part that can have one only
	position int      // of the row among the rows
}

func (h Head) column(p Part) int {
	for _, c := range h.Columns {
		if c.Part == p {
			return c.Index
		}
	}
	return -1
}

func (h Head) letter(p Part) string {
	for _, c := range h.Columns {
		if c.Part == p {
			return c.Letter
		}
	}
	return ""
}

// serves reports whether lines can be read under the head.
func (h Head) serves() bool {
	return h.column(Date) >= 0 && (h.column(Amount) >= 0 || h.column(Inflow) >= 0 && h.column(Outflow) >= 0)
}

// rank counts the different parts that were found, less those that stand twice: 发生额 over two columns is
// the upper of two rows of headings.
func (h Head) rank() int {
	seen := map[Part]bool{}
	for _, c := range h.Columns {
		seen[c.Part] = true
	}
	return len(seen) - 2*len(h.Twice)
}

// FindHead finds the headings of a format among rows: in one row, or in two of which the lower divides
// the upper. The row that names most parts is it; of two alike
// the upper.
func (f *Format) FindHead(rows []Row) (Head, bool) {
	if len(f.Positions) > 0 {
		return f.headByPosition(rows), true
	}
	best, found := Head{}, false
	for i, r := range rows {
		if r.Number > f.headRows() {
			break
		}
		h := f.headOf(r, Row{}, i)
		if i > 0 && r.Number == rows[i-1].Number+1 {
			if both := f.headOf(r, rows[i-1], i); both.rank() > h.rank() {
				h = both
			}
		}
		if h.serves() && (!found || h.rank() > best.rank()) {
			best, found = h, true
		}
	}
	return best, found
}

func (f *Format) headByPosition(rows []Row) Head {
	h := Head{position: -1}
	for _, p := range columnParts {
		if letter := f.Positions[p]; letter != "" {
			h.Columns = append(h.Columns, Column{Part: p, Index: columnOf(letter),
				Letter: columnName(columnOf(letter))})
		}
	}
	for i, r := range rows {
		if r.Number < f.FirstRow {
			h.position = i
		}
	}
	return h
}

// headOf reads a row as headings. What stands above a cell is tried together with it and, where the
// cell is empty, in its place.
func (f *Format) headOf(r, above Row, position int) Head {
	h := Head{Row: r.Number, position: position}
	columns := map[int]bool{}
	for _, c := range slices.Concat(r.Cells, above.Cells) {
		columns[c.Column] = true
	}
	order := make([]int, 0, len(columns))
	for c := range columns {
		order = append(order, c)
	}
	slices.Sort(order)
	group := "" // a heading above several columns stands in the first of them
	for _, index := range order {
		own, _ := r.at(index)
		upper, there := above.at(index)
		if there && upper.Text != "" {
			group = upper.Text
		}
		candidates := []string{own.Text, upper.Text + own.Text, own.Text + upper.Text}
		if own.Text == "" {
			candidates = []string{upper.Text}
		} else if !there {
			candidates = append(candidates, group+own.Text, own.Text+group)
		}
		heading := own.Text
		if heading == "" {
			heading = upper.Text
		}
		if own.Number || own.Day != "" {
			continue // a figure is no heading
		}
		h.take(f, Column{Index: index, Letter: columnName(index), Heading: heading}, candidates)
	}
	return h
}

// take puts a column where its heading says.
func (h *Head) take(f *Format, c Column, candidates []string) {
	for _, text := range candidates {
		p, ok := f.partOf(text)
		if !ok {
			continue
		}
		c.Part = p
		switch {
		case h.column(p) < 0 || p == Purpose:
			h.Columns = append(h.Columns, c)
		case p == Counterparty || p == CounterpartyAccount || p == Serial || p == Holder ||
			p == AccountNumber || p == Currency || p == Outcome:
			h.Unknown = append(h.Unknown, c)
		default:
			h.Twice = append(h.Twice, c)
		}
		return
	}
	if fold(c.Heading) != "" {
		h.Unknown = append(h.Unknown, c)
	}
}

// partOf finds what a heading stands for: as it is written first, then without its unit.
func (f *Format) partOf(heading string) (Part, bool) {
	whole := fold(heading)
	if whole == "" {
		return "", false
	}
	for _, p := range columnParts {
		if isOneOf(whole, f.Columns[p]) {
			return p, true
		}
	}
	bare := withoutUnit(whole)
	if bare == "" {
		return "", false
	}
	for _, p := range columnParts {
		for _, title := range f.Columns[p] {
			if withoutUnit(fold(title)) == bare {
				return p, true
			}
		}
	}
	return "", false
}

// Fit is how well a format's headings fit a file.
type Fit struct {
	Format *Format
	Sheet  string
	Head   Head
	Score  int // larger is better
}

// FitOf tells how well a format fits the rows of a sheet: a heading that it knows counts ten, one that
// it does not know takes one off, and the bank's name above the table is worth a heading.
func FitOf(f *Format, sheet string, rows []Row) (Fit, bool) {
	if len(f.Positions) > 0 {
		return Fit{}, false // fits everything: only when it is named
	}
	h, found := f.FindHead(rows)
	if !found {
		return Fit{}, false
	}
	score := 10*len(h.Columns) - len(h.Unknown) - 30*len(h.Twice)
	if f.namesBank(rows[:min(h.position, len(rows))]) {
		score += 10
	}
	return Fit{Format: f, Sheet: sheet, Head: h, Score: score}, true
}

func (f *Format) namesBank(rows []Row) bool {
	name := fold(f.Bank.Chinese)
	if name == "" || f.Fallback {
		return false
	}
	for _, r := range rows {
		for _, c := range r.Cells {
			if contains(fold(c.Text), name) {
				return true
			}
		}
	}
	return false
}

// Best is the fit to take: the highest, and among equals one that is no fallback. The others that fit
// as well are told: if they read other lines, nobody can say which is right.
func Best(fits []Fit) (best Fit, equals []Fit, found bool) {
	better := func(a, b Fit) bool {
		if a.Format.Fallback != b.Format.Fallback {
			// One that is made for a bank is believed before a general one that knows a few words more.
			return b.Format.Fallback && a.Score+25 >= b.Score || a.Format.Fallback && a.Score > b.Score+25
		}
		return a.Score > b.Score
	}
	for _, fit := range fits {
		if !found || better(fit, best) {
			best, found = fit, true
		}
	}
	for _, fit := range fits {
		if fit.Score == best.Score && fit.Format.Fallback == best.Format.Fallback &&
			(fit.Format != best.Format || fit.Sheet != best.Sheet) {
			equals = append(equals, fit)
		}
	}
	return best, equals, found
}

// problem places a finding at a column of the head.
func (h Head) problem(f fault.Finding, sheet string, c Column) fault.Finding {
	return f.At(sheet, h.Row, c.Letter).Saw(c.Heading)
}
