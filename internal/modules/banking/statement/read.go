package statement

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// LinesMax is how many lines one statement may have.
const LinesMax = 50_000

// Line is one transaction of a statement.
type Line struct {
	Row          int // of the file
	Date         period.Date
	Amount       money.Fen // what came in; below zero: what left the account
	Balance      money.Fen
	HasBalance   bool
	Counterparty string
	Tail         string // last four digits of the counterparty's account
	Purpose      string
	Serial       string // the bank's number of the transaction
}

// Figure is an amount that may be missing, with the row where it stands.
type Figure struct {
	Amount money.Fen
	There  bool
	Row    int
}

// Expectation is what is known of the account a statement must be of.
type Expectation struct {
	Holders []string    // names the account may be held in; none: not asked
	Number  string      // digits of the account, or its last ones; "": not asked
	Today   period.Date // "": not asked
}

// Statement is what was read of a file.
type Statement struct {
	Format   string
	Sheet    string
	Head     Head
	Holder   string // as the file says
	Number   string // digits of the account as the file says
	Opening  Figure
	Closing  Figure
	Lines    []Line // oldest first
	Findings []fault.Finding
}

// Stops reports whether something was found that keeps the statement from being taken.
func (s *Statement) Stops() bool { return fault.Stops(s.Findings) }

// Warnings counts what must be explained before the statement is taken.
func (s *Statement) Warnings() int {
	n := 0
	for _, f := range s.Findings {
		if f.Severity == fault.Warning {
			n++
		}
	}
	return n
}

// From and Until are the days of the first and the last line.
func (s *Statement) From() period.Date {
	if len(s.Lines) == 0 {
		return ""
	}
	return s.Lines[0].Date
}

// Until is the day of the last line.
func (s *Statement) Until() period.Date {
	if len(s.Lines) == 0 {
		return ""
	}
	return s.Lines[len(s.Lines)-1].Date
}

// reader reads the rows of one sheet.
type reader struct {
	format *Format
	want   Expectation
	out    *Statement
	notes  map[string][]int // rows left out, by the key of the finding
	totals []Row
	facts  map[Part]Figure
	odd    string       // a pattern of days that the format does not name, learned of the whole column
	minus  map[int]bool // rows whose outflow stands below zero
	plus   bool         // an outflow stands above zero
}

// Read reads the rows of a sheet. Whatever is wrong is a finding with its cell; nothing is left out
// silently.
func Read(f *Format, sheet string, rows []Row, want Expectation) Statement {
	s := Statement{Format: f.Key, Sheet: sheet}
	r := &reader{format: f, want: want, out: &s, notes: map[string][]int{}, facts: map[Part]Figure{},
		minus: map[int]bool{}}
	head, found := f.FindHead(rows)
	if !found {
		s.Findings = append(s.Findings, fault.Wrong("banking.read.no_head", f.Key).At(sheet, 0, ""))
		return s
	}
	s.Head = head
	r.tellHead()
	for _, row := range rows[:head.position+1] {
		if row.Number != head.Row {
			r.readFacts(row)
			r.readUnit(row)
		}
	}
	r.learnDays(rows)
	for _, row := range rows[head.position+1:] {
		if len(s.Lines) == LinesMax {
			r.tell(fault.Wrong("banking.read.too_many", LinesMax), row.Number, "")
			break
		}
		r.row(row)
	}
	r.finish()
	return s
}

func (r *reader) tell(f fault.Finding, row int, column string) {
	r.out.Findings = append(r.out.Findings, f.At(r.out.Sheet, row, column))
}

// tellHead says what of the headings is not read or stands twice.
func (r *reader) tellHead() {
	h := r.out.Head
	for _, c := range h.Unknown {
		r.out.Findings = append(r.out.Findings,
			h.problem(fault.Told("banking.read.unknown_column"), r.out.Sheet, c))
	}
	for _, c := range h.Twice {
		r.out.Findings = append(r.out.Findings,
			h.problem(fault.Wrong("banking.read.column_twice", h.letter(c.Part)), r.out.Sheet, c))
	}
	for _, c := range h.Columns {
		if other := r.format.otherUnit(c); other != "" {
			r.out.Findings = append(r.out.Findings,
				h.problem(fault.Wrong("banking.read.unit", other), r.out.Sheet, c))
		}
	}
}

// otherUnit is the unit that the heading of an amount names, if it is not the format's.
func (f *Format) otherUnit(c Column) string {
	switch c.Part {
	case Amount, Inflow, Outflow, BalanceColumn:
	default:
		return ""
	}
	heading := fold(c.Heading)
	for _, u := range [][2]string{{"(分)", "fen"}, {"单位:分", "fen"}, {"万元", "ten_thousand"}} {
		if contains(heading, u[0]) && f.Unit != u[1] {
			return u[0]
		}
	}
	if (contains(heading, "(元)") || strings.HasSuffix(heading, "/元")) && f.Unit != "" && f.Unit != "yuan" {
		return "元"
	}
	return ""
}

func contains(text, part string) bool { return part != "" && strings.Contains(text, part) }

// row reads one row: a line, or something to be left out with a note.
func (r *reader) row(row Row) {
	first := row.first()
	switch {
	case first == "":
	case r.repeatsHead(row):
		r.note("banking.read.head_again", row)
	case r.carries(row):
	case r.isTotal(first, row) && !r.hasDay(row):
		r.totals = append(r.totals, row)
		r.note("banking.read.total", row)
		r.readFacts(row)
	case startsWith(first, r.format.Skip) != "" && !r.hasDay(row):
		r.note("banking.read.skipped", row)
		r.readFacts(row)
	case r.failed(row):
		r.note("banking.read.failed", row)
	case len(r.totals) > 0 && !r.hasDay(row) && !r.figures(row):
		if !r.readFacts(row) {
			r.note("banking.read.skipped", row)
		}
	case !r.hasDay(row) && !r.moves(row):
		if !r.readFacts(row) {
			r.tell(fault.Doubt("banking.read.no_line").Saw(row.Cells[0].Text), row.Number, "")
		}
	default:
		if row.Hidden {
			r.note("banking.read.hidden", row)
		}
		r.line(row)
	}
}

// isTotal reports whether a row adds others up: 合计, and 本页借方合计 where no amount stands below its heading.
func (r *reader) isTotal(first string, row Row) bool {
	if startsWith(first, r.format.Totals) != "" {
		return true
	}
	for _, word := range r.format.Totals {
		if word = fold(word); strings.HasSuffix(first, word) || contains(first, word) && !r.moves(row) {
			return true
		}
	}
	return false
}

func (r *reader) note(key string, row Row) { r.notes[key] = append(r.notes[key], row.Number) }

// cell is the cell of a part with something in it.
func (r *reader) cell(row Row, p Part) (Cell, bool) {
	column := r.out.Head.column(p)
	if column < 0 {
		return Cell{}, false
	}
	c, there := row.at(column)
	return c, there && (strings.TrimSpace(c.Text) != "" || c.Empty)
}

// hasDay reports whether a day stands in the row itself.
func (r *reader) hasDay(row Row) bool {
	c, there := r.cell(row, Date)
	if !there || c.Merged {
		return false
	}
	_, ok := r.dayOf(c)
	return ok
}

// moves reports whether an amount stands in the row itself.
func (r *reader) moves(row Row) bool {
	for _, p := range []Part{Amount, Inflow, Outflow} {
		if c, there := r.cell(row, p); there && !c.Merged {
			if _, _, is, err := r.format.money(c.Text, c.Number); is || err != nil {
				return true
			}
		}
	}
	return false
}

// figures reports whether a digit stands where amounts do. Below the totals a row without one is a signature.
func (r *reader) figures(row Row) bool {
	for _, p := range []Part{Amount, Inflow, Outflow, BalanceColumn} {
		if c, there := r.cell(row, p); there && strings.ContainsAny(decimal.Normal(c.Text), "0123456789") {
			return true
		}
	}
	return false
}

// repeatsHead recognises the headings again, as they stand on each printed page.
func (r *reader) repeatsHead(row Row) bool {
	same := 0
	for _, c := range r.out.Head.Columns {
		if cell, there := row.at(c.Index); there && c.Heading != "" && fold(cell.Text) == fold(c.Heading) {
			same++
		}
	}
	return same >= 2 && same*2 >= len(r.out.Head.Columns)
}

// carries reads a row that carries a balance and moves nothing: 承前页, 期初余额.
func (r *reader) carries(row Row) bool {
	opening, closing := false, false
	for _, c := range row.Cells {
		folded := fold(c.Text)
		opening = opening || startsWith(folded, r.format.OpeningRows) != ""
		closing = closing || startsWith(folded, r.format.ClosingRows) != ""
	}
	if !opening && !closing || r.movesMoney(row) {
		return false
	}
	key := OpeningBalance
	if closing && !opening {
		key = ClosingBalance
	}
	if !r.readFacts(row) {
		if c, there := r.cell(row, BalanceColumn); there {
			if amount, ok := r.balance(row, c); ok {
				r.figure(key, Figure{amount, true, row.Number})
			}
		}
	}
	r.note("banking.read.carried", row)
	return true
}

// movesMoney reports whether an amount other than zero stands in the row.
func (r *reader) movesMoney(row Row) bool {
	for _, p := range []Part{Amount, Inflow, Outflow} {
		if c, there := r.cell(row, p); there && !c.Merged {
			if amount, _, is, err := r.format.money(c.Text, c.Number); is && err == nil && amount != 0 {
				return true
			}
		}
	}
	return false
}

// figure keeps the first opening and the last closing balance: each page may have its own. What a later
// page carries over (承前页) is no opening balance, unless the file runs backwards.
func (r *reader) figure(p Part, f Figure) {
	if _, known := r.facts[p]; p == OpeningBalance && (known || r.risen()) {
		return
	}
	r.facts[p] = f
}

// risen reports whether lines were read already and run forwards.
func (r *reader) risen() bool {
	lines := r.out.Lines
	return len(lines) > 0 && lines[0].Date <= lines[len(lines)-1].Date
}

func (r *reader) failed(row Row) bool {
	c, there := r.cell(row, Outcome)
	return there && isOneOf(fold(c.Text), r.format.Failed)
}

// finish says what was left out and proves what was read.
func (r *reader) finish() {
	keys := make([]string, 0, len(r.notes))
	for key := range r.notes {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		for _, row := range r.notes[key] {
			r.out.Findings = append(r.out.Findings, leftOut(key).At(r.out.Sheet, row, ""))
		}
	}
	if len(r.out.Lines) == 0 {
		r.tell(fault.Wrong("banking.read.no_lines"), 0, "")
	}
	r.out.Opening, r.out.Closing = r.facts[OpeningBalance], r.facts[ClosingBalance]
	r.identify()
	if !fault.Stops(r.out.Findings) {
		r.turnOutflows()
		r.order()
		r.leaveRepeated()
		r.prove()
	}
}

// leftOut is the finding of a key: they stand here as literals, so that the dictionary is checked.
func leftOut(key string) fault.Finding {
	switch key {
	case "banking.read.head_again":
		return fault.Told("banking.read.head_again")
	case "banking.read.total":
		return fault.Told("banking.read.total")
	case "banking.read.skipped":
		return fault.Told("banking.read.skipped")
	case "banking.read.failed":
		return fault.Told("banking.read.failed")
	case "banking.read.hidden":
		return fault.Told("banking.read.hidden")
	}
	return fault.Told("banking.read.carried")
}
