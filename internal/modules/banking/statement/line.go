package statement

import (
	"errors"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Lengths of what is kept of a line, in characters.
const (
	nameMax    = 100
	purposeMax = 200
	serialMax  = 64
	tailLength = 4
)

// line reads a row as a transaction. A row with something wrong in it is told and gives no line.
func (r *reader) line(row Row) {
	found := len(r.out.Findings)
	l := Line{Row: row.Number}
	l.Date = r.date(row)
	amount, moved := r.amount(row)
	l.Amount = amount
	if c, there := r.cell(row, BalanceColumn); there && !c.Merged {
		l.Balance, l.HasBalance = r.balance(row, c)
	}
	r.currency(row)
	r.sameAccount(row)
	l.Counterparty = r.text(row, Counterparty, nameMax)
	l.Purpose = r.purpose(row)
	l.Serial = r.serial(row)
	if c, there := r.cell(row, CounterpartyAccount); there && !c.Lost {
		l.Tail = last(digitsOf(c.Text), tailLength)
	}
	if fault.Stops(r.out.Findings[found:]) {
		return
	}
	if !moved {
		r.tell(fault.Told("banking.read.nothing_moved"), row.Number, "")
		return
	}
	r.out.Lines = append(r.out.Lines, l)
}

func last(text string, n int) string { return text[max(0, len(text)-n):] }

func (r *reader) dayOf(c Cell) (period.Date, bool) {
	if c.Day != "" {
		return c.Day, true
	}
	if d, ok := r.format.day(c.Text); ok {
		return d, true
	}
	if d, rest, ok := readDay(strings.TrimSpace(decimal.Normal(c.Text)), r.odd); r.odd != "" && ok &&
		isTime(rest, r.odd) {
		return d, true
	}
	if !c.Number {
		c.Serial, c.Number = serialDay(c.Text), true
	}
	// Days that a program took for numbers: 45717 is 2025-03-01.
	if c.Number && c.Serial >= "1990-01-01" && c.Serial < "2100-01-01" {
		return c.Serial, true
	}
	return "", false
}

// date reads the day of a row. A merged cell gives its day to each of its rows.
func (r *reader) date(row Row) period.Date {
	letter := r.out.Head.letter(Date)
	c, there := r.cell(row, Date)
	if !there {
		r.tell(fault.Wrong("banking.read.no_date"), row.Number, letter)
		return ""
	}
	d, ok := r.dayOf(c)
	switch {
	case !ok:
		r.tell(fault.Wrong("banking.read.date").Saw(c.Text), row.Number, letter)
	case c.Day == "" && (d == c.Serial || d == serialDay(c.Text)):
		r.tell(fault.Told("banking.read.date_number", string(d)).Saw(c.Text), row.Number, letter)
	case r.want.Today != "" && d > r.want.Today:
		r.tell(fault.Wrong("banking.read.future", string(d)).Saw(c.Text), row.Number, letter)
	}
	return d
}

// figureOf reads the amount of a part's cell.
func (r *reader) figureOf(row Row, p Part) (amount money.Fen, s side, there bool) {
	c, there := r.cell(row, p)
	if !there || c.Merged {
		return 0, silent, false
	}
	letter := r.out.Head.letter(p)
	if c.Empty {
		r.tell(fault.Wrong("banking.read.no_value").Saw(c.Text), row.Number, letter)
		return 0, silent, false
	}
	amount, s, there, err := r.format.money(c.Text, c.Number)
	switch {
	case errors.Is(err, decimal.ErrPrecise):
		r.tell(fault.Wrong("banking.read.precise").Saw(c.Text), row.Number, letter)
	case err != nil:
		r.tell(fault.Wrong("banking.read.amount").Saw(c.Text), row.Number, letter)
	case c.Lost:
		r.tell(fault.Wrong("banking.read.lost_digits").Saw(c.Text), row.Number, letter)
	}
	return amount, s, there && err == nil
}

// amount is what a row moved: in above zero. moved is false where it says that nothing was.
func (r *reader) amount(row Row) (amount money.Fen, moved bool) {
	h := r.out.Head
	rule := r.format.Amounts
	if rule == "" {
		switch {
		case h.column(Inflow) >= 0 && h.column(Outflow) >= 0:
			rule = ByColumns
		case h.column(Direction) >= 0:
			rule = ByWord
		default:
			rule = Signed
		}
	}
	if rule == ByColumns {
		return r.byColumns(row)
	}
	amount, s, there := r.figureOf(row, Amount)
	if !there {
		if _, filled := r.cell(row, Amount); !filled {
			r.tell(fault.Wrong("banking.read.no_amount"), row.Number, h.letter(Amount))
		}
		return 0, false
	}
	switch rule {
	case ByWord:
		if word := r.word(row); word != silent {
			s = word
		}
		if s == silent {
			c, _ := r.cell(row, Direction)
			r.tell(fault.Wrong("banking.read.direction").Saw(c.Text), row.Number, h.letter(Direction))
		}
	case Inverted:
		amount = -amount
	}
	if s == outward {
		amount = -amount
	}
	return amount, amount != 0
}

// word reads the column of directions.
func (r *reader) word(row Row) side {
	c, there := r.cell(row, Direction)
	if !there {
		return silent
	}
	switch folded := fold(c.Text); {
	case isOneOf(folded, r.format.In):
		return inward
	case isOneOf(folded, r.format.Out):
		return outward
	}
	return silent
}

// byColumns reads two columns of which one is filled. A reversal stands below zero in its column.
func (r *reader) byColumns(row Row) (money.Fen, bool) {
	in, _, hasIn := r.figureOf(row, Inflow)
	out, _, hasOut := r.figureOf(row, Outflow)
	if in != 0 && out != 0 {
		r.tell(fault.Wrong("banking.read.both", in.String(), out.String()), row.Number,
			r.out.Head.letter(Outflow))
		return 0, false
	}
	if !hasIn && !hasOut {
		if !r.filled(row, Inflow) && !r.filled(row, Outflow) {
			r.tell(fault.Wrong("banking.read.no_amount"), row.Number, r.out.Head.letter(Inflow))
		}
		return 0, false
	}
	if out < 0 {
		r.minus[row.Number] = true
	}
	r.plus = r.plus || out > 0
	return in - out, in != out
}

func (r *reader) filled(row Row, p Part) bool {
	_, filled := r.cell(row, p)
	return filled
}

// balance reads a balance; one on the bank's debit side is an overdraft.
func (r *reader) balance(row Row, _ Cell) (money.Fen, bool) {
	amount, s, there := r.figureOf(row, BalanceColumn)
	if c, filled := r.cell(row, BalanceSide); filled && there {
		if isOneOf(fold(c.Text), r.format.Out) {
			s = outward
		}
	}
	if s == outward && amount > 0 {
		amount = -amount
	}
	return amount, there
}

func (r *reader) currency(row Row) {
	c, there := r.cell(row, Currency)
	if there && !r.isYuan(c.Text) {
		r.tell(fault.Wrong("banking.read.currency").Saw(c.Text), row.Number, r.out.Head.letter(Currency))
	}
}

// yuan are the usual names of the currency that is read.
var yuan = []string{"人民币", "人民币元", "人民币(本位币)", "rmb", "cny", "156", "001", "01", "元"}

func (r *reader) isYuan(text string) bool {
	folded := fold(text)
	return folded == "" || isOneOf(folded, yuan) || isOneOf(folded, r.format.Yuan)
}

// sameAccount tells a line of another account, as statements of several accounts have them.
func (r *reader) sameAccount(row Row) {
	if c, there := r.cell(row, AccountNumber); there && !c.Lost {
		digits := digitsOf(c.Text)
		if r.out.Number == "" {
			r.out.Number = digits
		}
		if !sameNumber(digits, r.want.Number) || !sameNumber(digits, r.out.Number) {
			r.tell(fault.Wrong("banking.read.other_account", last(digits, tailLength)), row.Number,
				r.out.Head.letter(AccountNumber))
		}
	}
	if c, there := r.cell(row, Holder); there && r.out.Holder == "" {
		r.out.Holder = strings.TrimSpace(c.Text)
	}
}

// sameNumber compares as many last digits as both have: files and books mask numbers differently.
func sameNumber(a, b string) bool {
	n := min(len(a), len(b))
	if n > 8 && len(a) != len(b) {
		n = tailLength
	}
	return a == "" || b == "" || last(a, n) == last(b, n)
}

// text is a cell as text, without blanks at its ends or in a row.
func (r *reader) text(row Row, p Part, most int) string {
	c, there := r.cell(row, p)
	if !there || c.Empty {
		return ""
	}
	return tidy(c.Text, most)
}

func tidy(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(decimal.Normal(text)), " "))
	return string(runes[:min(len(runes), most)])
}

// serial is the bank's number of a transaction, unless a workbook lost its last digits.
func (r *reader) serial(row Row) string {
	c, there := r.cell(row, Serial)
	if !there || c.Empty {
		return ""
	}
	if c.Lost || strings.Contains(strings.ToUpper(c.Text), "E+") {
		r.tell(fault.Told("banking.read.serial_lost").Saw(c.Text), row.Number, r.out.Head.letter(Serial))
		return ""
	}
	text := tidy(c.Text, serialMax)
	if strings.Trim(text, "0-") == "" {
		return ""
	}
	return text
}

// purpose joins the columns that say what a transaction was for.
func (r *reader) purpose(row Row) string {
	var all []string
	for _, column := range r.out.Head.Columns {
		if column.Part != Purpose {
			continue
		}
		c, _ := row.at(column.Index)
		if text := tidy(c.Text, purposeMax); text != "" && !c.Empty && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return tidy(strings.Join(all, " "), purposeMax)
}
