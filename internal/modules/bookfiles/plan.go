package bookfiles

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// entry is a row of the file, as the form read it.
type entry struct {
	row    int
	record form.Record
	bad    bool // the form found an error in it
}

// remark is something found in a row, beside a field.
type remark struct {
	field   string
	finding fault.Finding
}

// planned is a voucher of the file.
type planned struct {
	name    string // as messages call it: 2025-03 记-12
	word    string // its number alone; "" it has none
	head    int    // first row
	last    int    // row read last
	rows    []int
	draft   ledger.Draft
	sum     money.Fen
	spoiled bool // a row has an error: the sum says nothing
	wrong   bool
}

// plan is a file as vouchers. It is a function of the file, the form and the book alone.
type plan struct {
	vouchers []*planned
	of       map[int]*planned // the voucher of a row
	left     map[int]bool     // rows that are no postings: sums, remarks
	remarks  map[int][]remark

	sorting sync.Once
	ordered map[string][]*planned // by month and series
	numbers map[string][]int      // the same, ascending
}

// planner puts rows together.
type planner struct {
	*plan
	signs   bool // it was told how sides written 1 and -1 are read
	finder  *cells.Finder
	book    ledger.Book
	file    string // hash
	byKey   map[string]*planned
	content map[string]*planned
	current *planned
}

func newPlanner(finder *cells.Finder, b ledger.Book, file string) *planner {
	return &planner{plan: &plan{of: map[int]*planned{}, left: map[int]bool{}, remarks: map[int][]remark{}},
		finder: finder, book: b, file: file, byKey: map[string]*planned{}, content: map[string]*planned{}}
}

func (p *planner) tell(row int, field string, f fault.Finding) {
	p.remarks[row] = append(p.remarks[row], remark{field, f})
}

// sumRows are words that make a row a sum or a carry-over, wherever in the row they stand.
var sumRows = []string{"合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "本日合计", "本月合计", "本期合计", "本月累计",
	"本年累计", "本年合计", "过次页", "承前页", "转次页", "上年结转", "结转下年", "期初余额", "期末余额", "月初余额", "月末余额",
	"total", "totals", "subtotal", "grandtotal", "carriedforward", "broughtforward"}

// isSum reports whether a row adds up others. A line of a voucher with number and account is none, though
// its summary may be 上年结转.
func isSum(r form.Record) bool {
	line := r.Given("number") && (r.Given("account") || r.Given("account_name"))
	for _, key := range []string{"date", "summary", "account", "account_name", "number", "counterparty"} {
		text := strings.Trim(form.Fold(r.Plain(key)), ":。.·-*")
		if word, _, found := strings.Cut(text, ":"); found {
			text = word // 合计：壹仟元整
		}
		text, _, _ = strings.Cut(text, "(")
		if slices.Contains(sumRows, text) && (!line || key != "summary") {
			return true
		}
	}
	return false
}

// add takes the next row.
func (p *planner) add(e entry) {
	r := e.record
	account, name := r.Plain("account"), r.Plain("account_name")
	switch {
	case isSum(r):
		p.left[e.row] = true
		p.tell(e.row, "", fault.Told("bookfiles.sum_row"))
		return
	case account == "" && name == "" && r.Plain("debit")+r.Plain("credit")+r.Plain("amount") == "":
		p.left[e.row] = true
		p.tell(e.row, "", fault.Told("bookfiles.text_row"))
		return
	}
	v := p.voucherOf(e)
	if v == nil {
		return
	}
	v.last = e.row
	if _, ok := readDay(e.record.Plain("date")); !ok && e.record.Plain("date") != "" {
		v.spoiled = true
	}
	v.rows = append(v.rows, e.row)
	v.spoiled = v.spoiled || e.bad
	p.of[e.row] = v
	p.posting(v, e)
}

// voucherOf finds the voucher that a row is part of, or begins one.
func (p *planner) voucherOf(e entry) *planned {
	date, dated := p.dateOf(&e)
	series, number := numberOf(e.record.Plain("series"), e.record.Plain("number"))
	v := p.current
	switch {
	case number == "" && !dated:
		if v == nil {
			p.tell(e.row, "date", fault.Wrong("bookfiles.no_date"))
		}
		return v
	case number == "" && v != nil && v.sum != 0 && v.draft.Date == date:
		return v // its number stands in the first of its rows alone
	case number == "":
		return p.begin(&planned{head: e.row, draft: ledger.Draft{Series: series, Date: date}},
			fmt.Sprintf("row/%d", e.row))
	case !dated && v != nil && v.word == series+"-"+number:
		return v
	case !dated:
		p.tell(e.row, "date", fault.Wrong("bookfiles.no_date"))
		e.bad = true
	}
	word := series + "-" + number
	key := month(date) + "/" + word
	if known := p.byKey[key]; known != nil {
		return p.again(known, e, date)
	}
	return p.begin(&planned{head: e.row, word: word, draft: ledger.Draft{Series: series, Date: date}}, key)
}

// dateOf reads the day of a row; a text that is no day is told of, and is no blank.
func (p *planner) dateOf(e *entry) (day period.Date, dated bool) {
	text := e.record.Plain("date")
	if text == "" {
		return "", false
	}
	day, ok := readDay(text)
	if !ok {
		e.bad = true
		p.tell(e.row, "date", fault.Wrong("bookfiles.no_day").Saw(text))
	}
	return day, true
}

// begin begins a voucher. Its source makes it enter the book once, whatever file it comes with.
func (p *planner) begin(v *planned, key string) *planned {
	v.draft.Book = p.book.Ref()
	v.draft.Source = "file/" + key
	if v.word == "" {
		v.draft.Source = "file/" + p.file[:min(16, len(p.file))] + "/" + key
	}
	v.name = strings.TrimSpace(string(v.draft.Date) + " " + v.word)
	if v.name == "" {
		v.name = fmt.Sprint("#", v.head)
	}
	p.byKey[key], p.current = v, v
	p.vouchers = append(p.vouchers, v)
	return v
}

// again goes on with a voucher whose number came before. One that was complete before other rows
// came
// between is another with the same number.
func (p *planner) again(v *planned, e entry, date period.Date) *planned {
	if v != p.current && v.sum == 0 && len(v.rows) > 1 && !v.spoiled {
		v.wrong = true
		p.tell(e.row, "number", fault.Wrong("bookfiles.number_twice", v.name, v.head, v.last))
	} else if date != v.draft.Date && date != "" {
		v.wrong = true
		p.tell(e.row, "date", fault.Wrong("bookfiles.two_dates", v.name, string(v.draft.Date)).
			Saw(string(date)))
	}
	p.current = v
	return v
}

func month(day period.Date) string {
	if len(day) < len("2006-01") {
		return ""
	}
	return string(day[:len("2006-01")])
}

// pageOf is the part of a number that tells the sheets of one voucher apart: 记-12 1/2.
var pageOf = regexp.MustCompile(`[\s(]*\d+/\d+\)?$`)

// digitsOf is the number proper.
var digitsOf = regexp.MustCompile(`\d+`)

// numberOf reads a voucher's number: 记-12, 记字第12号, 银付3, 0012; a mark without digits stands
// for itself.
func numberOf(series, text string) (string, string) {
	text = pageOf.ReplaceAllString(decimal.Normal(text), "")
	of := ledger.General
	for _, s := range ledger.SeriesAll {
		if strings.Contains(series+text, s) {
			of = s
		}
	}
	if text == "" {
		return of, ""
	}
	digits := digitsOf.FindAllString(text, -1)
	if len(digits) == 0 {
		if strings.Trim(text, "记收付转现银字第号-") == "" {
			return of, ""
		}
		return of, form.Fold(text)
	}
	if number := strings.TrimLeft(strings.Join(digits, "-"), "0"); number != "" {
		return of, number
	}
	return of, "0"
}

// posting reads a row's account, amount and dimensions.
func (p *planner) posting(v *planned, e entry) {
	line, ok := p.amountOf(e)
	if !ok {
		v.spoiled = true
	}
	f := p.finder.Find(e.record.Plain("account"), e.record.Plain("account_name"))
	if f.Told != nil && !(e.bad && f.Told.Key == "bookfiles.no_account") {
		field := "account"
		if e.record.Plain(field) == "" && e.record.Plain("account_name") != "" {
			field = "account_name"
		}
		p.tell(e.row, field, f.Told.Saw(e.record.Plain(field)))
		v.wrong = v.wrong || f.Told.Severity == fault.Error
	}
	line.Account = f.Account.Code
	line.Dimensions = book.Dimensions{Counterparty: p.detail(e, f), Member: e.record.Text("member"),
		Asset: e.record.Text("asset"), Project: e.record.Text("project"), Fund: e.record.Text("fund")}
	summary := oneLine(e.record.Text("summary"))
	if v.draft.Summary == "" {
		v.draft.Summary = summary
	}
	line.Note = oneLine(e.record.Text("note"))
	if summary != "" && summary != v.draft.Summary {
		line.Note = strings.TrimSpace(summary + " " + line.Note)
	}
	v.draft.Postings = append(v.draft.Postings, line)
	if sum, err := v.sum.Add(line.Amount); err == nil {
		v.sum = sum
	} else {
		v.spoiled = true
		p.tell(e.row, "", fault.Wrong("bookfiles.too_much"))
	}
}

// detail is the counterparty of a row: the field, else what stands behind the account's name.
func (p *planner) detail(e entry, f cells.Found) string {
	text := oneLine(e.record.Text("counterparty"))
	if text == "" {
		text = f.Detail
	}
	for _, d := range f.Account.Details {
		if plain := cells.PlainName(text); plain == cells.PlainName(d.Name.Chinese) ||
			plain == cells.PlainName(d.Name.English) {
			return d.Code
		}
	}
	return text
}

// amountOf reads the amount of a posting.
func (p *planner) amountOf(e entry) (line book.Posting, ok bool) {
	debit, credit, ok := p.sidesOf(e)
	switch {
	case !ok:
		return line, false
	case debit != 0 && credit != 0:
		p.tell(e.row, "credit", fault.Wrong("bookfiles.both_sides"))
		return line, false
	case debit == 0 && credit == 0 && e.bad:
		return line, false // the cell has its finding
	case debit == 0 && credit == 0:
		field := "debit"
		if e.record.Given("amount") {
			field = "amount"
		}
		p.tell(e.row, field, fault.Wrong("bookfiles.zero_line"))
		return line, false
	case debit != 0:
		return book.Posting{Amount: debit, Red: debit < 0}, true
	}
	return book.Posting{Amount: -credit, Red: credit < 0}, true
}

// sidesOf reads both sides of a row, from two columns or from one with its side. An amount without a side is
// left to whoever asks: it is told of.
func (p *planner) sidesOf(e entry) (debit, credit money.Fen, ok bool) {
	debit, ok1 := p.read(e, "debit")
	credit, ok2 := p.read(e, "credit")
	amount, ok3 := p.read(e, "amount")
	if !ok1 || !ok2 || !ok3 {
		return 0, 0, false
	}
	if amount == 0 {
		return debit, credit, true
	}
	if debit != 0 || credit != 0 {
		p.tell(e.row, "amount", fault.Wrong("bookfiles.both_sides"))
		return 0, 0, false
	}
	side := form.Fold(e.record.Plain("side"))
	switch side {
	case "借", "借方", "debit", "dr", "d", "j":
		return amount, 0, true
	case "贷", "贷方", "credit", "cr", "c", "df":
		return 0, amount, true
	case "1", "+1", "-1":
		if !p.signs {
			p.signs = true
			p.tell(e.row, "side", fault.Doubt("bookfiles.side_signs"))
		}
		if side == "-1" {
			return 0, amount, true
		}
		return amount, 0, true
	}
	p.tell(e.row, "side", fault.Wrong("bookfiles.no_side").Saw(e.record.Plain("side")))
	return 0, 0, false
}

func (p *planner) read(e entry, field string) (money.Fen, bool) {
	text := e.record.Plain(field)
	amount, problem := cells.Amount(text)
	switch problem {
	case "":
		if amount > ledger.AmountMax || amount < -ledger.AmountMax {
			p.tell(e.row, field, fault.Wrong("bookfiles.too_much").Saw(text))
			return 0, false
		}
		return amount, true
	case "places":
		p.tell(e.row, field, fault.Wrong("bookfiles.places").Saw(text))
	default:
		p.tell(e.row, field, fault.Wrong("bookfiles.no_number").Saw(text))
	}
	return 0, false
}

// finish judges each voucher as a whole, once all rows are read.
func (p *planner) finish() *plan {
	for _, v := range p.vouchers {
		switch {
		case v.spoiled:
			v.wrong = true
		case v.sum != 0:
			v.wrong = true
			debit, credit := sides(v.draft.Postings)
			p.tell(v.head, "debit", fault.Wrong("bookfiles.unbalanced", v.name, debit, credit, v.sum,
				len(v.rows)))
		case len(v.draft.Postings) > book.PostingsMax:
			v.wrong = true
			p.tell(v.head, "", fault.Wrong("bookfiles.too_many_lines", v.name, book.PostingsMax))
		}
		if v.draft.Summary == "" && !v.spoiled && v.draft.Postings[0].Note != "" {
			v.draft.Summary, v.draft.Postings[0].Note = v.draft.Postings[0].Note, ""
			p.tell(v.head, "note", fault.Told("bookfiles.summary_note", v.name))
		}
		if v.draft.Summary == "" && !v.spoiled {
			v.wrong = true
			p.tell(v.head, "summary", fault.Wrong("bookfiles.no_summary", v.name))
		}
		if n := len(v.draft.Postings); !v.wrong && n%2 == 0 && n > 2 &&
			slices.Equal(v.draft.Postings[:n/2], v.draft.Postings[n/2:]) {
			p.tell(v.head, "", fault.Doubt("bookfiles.rows_twice", v.name))
		}
		if !v.wrong {
			p.lawful(v)
		}
		if v.wrong {
			continue
		}
		content := fmt.Sprint(v.draft.Date, v.draft.Series, v.draft.Summary, v.draft.Postings)
		if twin := p.content[content]; twin != nil {
			p.tell(v.head, "", fault.Doubt("bookfiles.same_twice", v.name, twin.name, twin.head))
		}
		p.content[content] = v
	}
	return p.plan
}

// lawful asks the chart, and puts each finding at the row of its line.
func (p *planner) lawful(v *planned) {
	entry := book.Entry{Date: v.draft.Date, Summary: v.draft.Summary, Postings: v.draft.Postings}
	for _, f := range book.CheckEntry(p.finder.Chart, entry) {
		row := v.head
		if f.Row > 0 && f.Row <= len(v.rows) {
			row = v.rows[f.Row-1]
		}
		v.wrong = v.wrong || f.Severity == fault.Error
		field := f.Column
		if field == "amount" {
			field = "debit"
		}
		f.Row, f.Column = 0, ""
		p.tell(row, field, f)
	}
}

// sides are the sums of both sides. Red lines lessen their own.
func sides(list []book.Posting) (debit, credit money.Fen) {
	for _, l := range list {
		if (l.Amount > 0) != l.Red {
			debit += l.Amount
		} else {
			credit -= l.Amount
		}
	}
	return debit, credit
}

// oneLine makes a text one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
