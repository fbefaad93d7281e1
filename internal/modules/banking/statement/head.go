package statement

import (
	"slices"
	"strings"

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

// below reports whether cells of a row are merged with those above them.
func (r Row) below(above Row) bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool {
		upper, there := above.at(c.Column)
		return c.Merged && there && upper.Text == c.Text
	})
}

// Column is a column that was found.
type Column struct {
	Part    Part
	Index   int
	Letter  string
	Heading string
	rank    int // of its title among those of the part: the lower is read
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
			if both := f.headOf(r, rows[i-1], i); both.rank() > h.rank() || both.rank() == h.rank() &&
				r.below(rows[i-1]) {
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
		// Both together first: 户名 below 对方 is the counterparty's name and not the holder's.
		candidates := []string{upper.Text + own.Text, own.Text + upper.Text, own.Text}
		if own.Text == "" {
			candidates = []string{upper.Text}
		} else if !there {
			candidates = []string{group + own.Text, own.Text + group, own.Text}
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
		p, rank, ok := f.partOf(text)
		if !ok {
			continue
		}
		c.Part, c.rank = p, rank
		switch {
		case h.column(p) < 0 || p == Purpose:
			h.Columns = append(h.Columns, c)
		case p == Date || p == BalanceColumn || p == Direction:
			h.prefer(c)
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

// prefer keeps of two columns for one part that whose title the format names first: banks print the day
// of the transaction beside that of booking, and the balance beside what is at hand of it. Of two alike
// nobody can say which is meant.
func (h *Head) prefer(c Column) {
	for i, other := range h.Columns {
		switch {
		case other.Part != c.Part:
		case other.rank == c.rank:
			h.Twice = append(h.Twice, c)
		case c.rank < other.rank:
			h.Columns[i] = c
			h.Unknown = append(h.Unknown, other)
		default:
			h.Unknown = append(h.Unknown, c)
		}
	}
}

// timeRank puts titles of a time of day behind those of a day: 交易时间 beside 交易日期 is the hour.
const timeRank = 1000

// partOf finds what a heading stands for: as it is written first, then without its unit; and how early
// the format names it.
func (f *Format) partOf(heading string) (p Part, rank int, found bool) {
	whole := strings.TrimRight(fold(heading), ".")
	bare := withoutUnit(whole)
	for _, same := range []func(title string) bool{
		func(title string) bool { return whole != "" && title == whole },
		func(title string) bool { return bare != "" && withoutUnit(title) == bare },
	} {
		for _, p := range columnParts {
			for i, title := range f.Columns[p] {
				if title = strings.TrimRight(fold(title), "."); !same(title) {
					continue
				}
				if contains(title, "时间") || contains(title, "time") {
					i += timeRank
				}
				return p, i, true
			}
		}
	}
	return "", 0, false
}

// Fit is how well a format's headings fit a file.
type Fit struct {
	Format *Format
	Sheet  string
	Head   Head
	Score  int  // larger is better
	Named  bool // the bank's name stands above the table
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
	named := f.namesBank(rows[:min(h.position, len(rows))])
	if named {
		score += 10
	}
	return Fit{Format: f, Sheet: sheet, Head: h, Score: score, Named: named}, true
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

// nearly is by how much a general format must fit better than one that is made for a bank.
const nearly = 25

// Best is the fit to take: the highest, where one that is made for a bank is believed before a general one
// that knows a few words more. The others that fit as well are told: if they read other lines, nobody can
// say which is right.
func Best(fits []Fit) (best Fit, equals []Fit, found bool) {
	var own, general *Fit
	for i := range fits {
		fit := &fits[i]
		side := &own
		if fit.Format.Fallback {
			side = &general
		}
		if *side == nil || fit.Score > (*side).Score {
			*side = fit
		}
	}
	switch {
	case own == nil && general == nil:
		return Fit{}, nil, false
	case own == nil, general != nil && general.Score > own.Score+nearly:
		best = *general
	default:
		best = *own
	}
	for _, fit := range fits {
		if fit.Score == best.Score && fit.Format.Fallback == best.Format.Fallback &&
			(fit.Format != best.Format || fit.Sheet != best.Sheet) {
			equals = append(equals, fit)
		}
	}
	return best, equals, true
}

// Closest is the row of a sheet that comes nearest to being headings: what of it is known to a format,
// and what is not. False: no row has a single one.
func Closest(formats []*Format, rows []Row) (best Head, found bool) {
	for _, f := range formats {
		for i, r := range rows {
			if r.Number > f.headRows() {
				break
			}
			if h := f.headOf(r, Row{}, i); len(h.Columns) > 0 && (!found || h.rank() > best.rank()) {
				best, found = h, true
			}
		}
	}
	return best, found
}

// Lacks are the parts without which no line is read and that a head does not have.
func (h Head) Lacks() []Part {
	var all []Part
	if h.column(Date) < 0 {
		all = append(all, Date)
	}
	if h.column(Amount) < 0 && h.column(Inflow) < 0 && h.column(Outflow) < 0 {
		return append(all, Amount)
	}
	if h.column(Amount) < 0 && h.column(Inflow) < 0 {
		all = append(all, Inflow)
	}
	if h.column(Amount) < 0 && h.column(Outflow) < 0 {
		all = append(all, Outflow)
	}
	return all
}

// problem places a finding at a column of the head.
func (h Head) problem(f fault.Finding, sheet string, c Column) fault.Finding {
	return f.At(sheet, h.Row, c.Letter).Saw(c.Heading)
}
