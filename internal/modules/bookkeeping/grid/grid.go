// Package grid is a voucher as it is typed on a page: lines of text on their way to postings and back, and
// what is wrong beside the field in which it stands.
//
// # Invariants
//
//  1. What was typed is shown again as it was typed, whatever is wrong with it.
//  2. A line stands on the side of the column its amount was typed in. Below zero it is a red-letter line,
//     which lessens the other side.
//  3. A draft shown by Of and read by Draft has the same postings, but for lines that book nothing.
//
// # Example
//
// A line with "102 银行存款" and 1,200.50 in debit becomes a posting of 120050 fen on 102; −1,200.50 in debit one
// of −120050 fen in red.
package grid

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Numbers of lines of the grid.
const (
	LinesFirst = 4 // of an empty grid
	LinesMore  = 4 // that "more lines" adds
)

// Line is a line of the grid as it was typed.
type Line struct {
	Note, Account, Debit, Credit               string
	Counterparty, Member, Asset, Project, Fund string

	Beside    map[string]string // what is wrong, by column
	AskDetail bool              // the account is kept per counterparty
	Side      string            // of a template's line: where the amount belongs
	Asks      []string          // of a template's line: the dimensions to fill
}

// Columns are the fields of a line, in the order of the grid.
func (l *Line) Columns() []*string {
	return []*string{&l.Note, &l.Account, &l.Debit, &l.Credit, &l.Counterparty, &l.Member, &l.Asset,
		&l.Project,
		&l.Fund}
}

// ColumnNames are the names of the fields of a line; each stands in the form once for every line.
var ColumnNames = []string{"note", "account", "debit", "credit", "counterparty", "member", "asset",
	"project",
	"fund"}

// empty reports whether the line books nothing: a template's line whose amount was left out counts so.
// An amount that was forgotten leaves the voucher out of balance, which the check says.
func (l *Line) empty() bool {
	return l.Debit == "" && l.Credit == "" && l.Note+l.Member+l.Asset+l.Project+l.Fund == ""
}

// Dimensions reports whether a line says more than the counterparty, so that its further fields open.
func (l Line) Dimensions() bool { return l.Member+l.Asset+l.Project+l.Fund != "" }

// Wrong reports whether something is wrong in the further fields.
func (l Line) Wrong() bool {
	return slices.ContainsFunc(ColumnNames[5:], func(name string) bool { return l.Beside[name] != "" })
}

// Grid is a voucher as it is typed.
type Grid struct {
	Date, Series, Summary string
	Lines                 []Line
	Beside                map[string]string // what is wrong in its head, by field
	Errors                []string          // everything to mend, on top
}

// Read reads a posted grid. Lines are kept where they are, empty ones too.
func Read(form map[string][]string) Grid {
	g := Grid{Date: first(form, "date"), Series: first(form, "series"),
		Summary: first(form, "summary")}
	for i := range min(len(form["account"]), book.PostingsMax) {
		var l Line
		for at, into := range l.Columns() {
			if values := form[ColumnNames[at]]; i < len(values) {
				*into = strings.TrimSpace(values[i])
			}
		}
		g.Lines = append(g.Lines, l)
	}
	return g
}

// Of shows a draft as they would have been typed.
func Of(d record.Draft, chart *book.Chart, l words.Language) Grid {
	g := Grid{Date: string(d.Date), Series: d.Series, Summary: d.Summary}
	for _, p := range d.Postings {
		one := Line{Note: p.Note, Account: AccountText(chart, p.Account, l),
			Counterparty: chart.DetailName(p.Account, p.Counterparty).In(l),
			Member:       p.Member, Asset: p.Asset, Project: p.Project, Fund: p.Fund}
		one.Debit, one.Credit = sidesOf(p.Amount, p.Red)
		g.Lines = append(g.Lines, one)
	}
	return g
}

// sidesOf is an amount in the column in which it stands. A red line stands on the other side, below zero.
func sidesOf(amount money.Fen, red bool) (debit, credit string) {
	if (amount > 0) != red {
		return amount.Plain(), ""
	}
	return "", (-amount).Plain()
}

// Pad adds empty lines up to a number.
func (g *Grid) Pad(n int) {
	for len(g.Lines) < min(n, book.PostingsMax) {
		g.Lines = append(g.Lines, Line{})
	}
}

// Draft reads the grid as a voucher without its books; account reads which account a text means. Lines
// that book nothing are passed over; at tells which line of the grid each posting stands in. Rows of
// findings are lines of the grid, from 1.
func (g *Grid) Draft(chart *book.Chart, account func(string) string) (d record.Draft, at []int,
	findings []fault.Finding) {
	d = record.Draft{Series: g.Series, Summary: g.Summary}
	date, err := period.ParseDate(g.Date)
	if err != nil {
		findings = append(findings, fault.Wrong("books.wrong.date").At("", 0, "date").Saw(g.Date))
	}
	d.Date = date
	for i := range g.Lines {
		l := &g.Lines[i]
		if l.empty() {
			continue
		}
		amount, red, finding := l.amount()
		if finding != nil {
			findings = append(findings, finding.At("", i+1, finding.Column))
		}
		code := account(l.Account)
		d.Postings = append(d.Postings, book.Posting{Account: code, Amount: amount, Red: red,
			Note: l.Note,
			Dimensions: book.Dimensions{Counterparty: detailOf(chart, code, l.Counterparty),
				Member: l.Member, Asset: l.Asset, Project: l.Project, Fund: l.Fund}})
		at = append(at, i+1)
	}
	return d, at, findings
}

// amount reads the two amounts of a line, of which one is given. Below zero it is a red-letter line.
func (l *Line) amount() (amount money.Fen, red bool, wrong *fault.Finding) {
	told := func(key, column, saw string) (money.Fen, bool, *fault.Finding) {
		f := fault.Wrong(key).At("", 0, column).Saw(saw)
		return 0, false, &f
	}
	if l.Debit != "" && l.Credit != "" {
		return told("books.wrong.both", "credit", l.Credit)
	}
	text, column := l.Debit, "debit"
	if text == "" {
		text, column = l.Credit, "credit"
	}
	if text == "" {
		return told("books.wrong.no_amount", "debit", "")
	}
	amount, err := money.Parse(text)
	switch {
	case errors.Is(err, decimal.ErrPrecise):
		return told("books.wrong.fen", column, text)
	case err != nil:
		return told("books.wrong.amount", column, text)
	case amount == 0:
		return told("books.wrong.zero", column, text)
	}
	if column == "credit" {
		return -amount, amount < 0, nil
	}
	return amount, amount < 0, nil
}

// Besides puts what was found beside the fields and on top. Rows of findings are postings; at leads from
// them to the lines of the grid; without it they are lines already.
func (g *Grid) Besides(found []fault.Finding, at []int, text func(fault.Finding) string,
	placed func(row int, text string) string) {
	for _, f := range found {
		words, row := text(f), f.Row
		if at != nil && row >= 1 && row <= len(at) {
			row = at[row-1]
		}
		if row < 1 || row > len(g.Lines) {
			g.Errors = append(g.Errors, words)
			beside(&g.Beside, f.Column, words)
			continue
		}
		g.Errors = append(g.Errors, placed(row, words))
		column := f.Column
		if column == "amount" {
			if column = "debit"; g.Lines[row-1].Credit != "" {
				column = "credit"
			}
		}
		beside(&g.Lines[row-1].Beside, column, words)
	}
}

// beside keeps the first thing that is wrong with a field.
func beside(all *map[string]string, field, words string) {
	if *all == nil {
		*all = map[string]string{}
	}
	if (*all)[field] == "" {
		(*all)[field] = words
	}
}

// Placed puts what was found about an account as a whole at the first line that takes from it.
func Placed(found []fault.Finding, list []book.Posting) []fault.Finding {
	found = slices.Clone(found)
	for i := range found {
		f := &found[i]
		if f.Row != 0 || f.Column != "" || len(f.Args) == 0 {
			continue
		}
		at := slices.IndexFunc(list, func(p book.Posting) bool {
			return p.Account == f.Args[0] && (p.Amount < 0) == (f.Key == "book.overdraft")
		})
		if at >= 0 {
			f.Row, f.Column = at+1, "amount"
		}
	}
	return found
}

// Begin lays out the lines of a template. The side on which an amount belongs is named in the field.
func (g *Grid) Begin(t book.Template, chart *book.Chart, l words.Language) {
	g.Series, g.Summary = cmp.Or(t.Series, g.Series), t.Summary
	for _, one := range t.Lines {
		made := Line{Account: AccountText(chart, one.Account, l), Side: string(one.Side),
			Counterparty: chart.DetailName(one.Account, one.Detail).In(l), Asks: one.Ask}
		g.Lines = append(g.Lines, made)
	}
}

// Postings are rows as a draft holds them.
func Postings(rows []record.PostingRow) []book.Posting {
	list := make([]book.Posting, len(rows))
	for i, p := range rows {
		list[i] = book.Posting{Account: p.Account, Amount: p.Amount, Red: p.Red, Note: p.Note,
			Dimensions: book.Dimensions{Counterparty: p.Counterparty, Member: p.Member, Asset: p.Asset,
				Project: p.Project, Fund: p.Fund}}
	}
	return list
}

// Totals are the sums of both sides, as far as the lines can be read.
func (g Grid) Totals() (t Totals) {
	for i := range g.Lines {
		amount, red, wrong := g.Lines[i].amount()
		if wrong != nil {
			continue
		}
		into, add := &t.Debit, amount
		if (amount > 0) == red {
			into, add = &t.Credit, -amount
		}
		if sum, err := into.Add(add); err == nil {
			*into = sum
		}
	}
	t.Difference = t.Debit - t.Credit
	return t
}

// Totals are the sums of a voucher.
type Totals struct{ Debit, Credit, Difference money.Fen }

// first is the first value of a field, trimmed.
func first(form map[string][]string, name string) string {
	if values := form[name]; len(values) > 0 {
		return strings.TrimSpace(values[0])
	}
	return ""
}

// AccountText is an account as a field holds it: its code and its name.
func AccountText(chart *book.Chart, code string, l words.Language) string {
	if code == "" {
		return ""
	}
	if _, known := chart.Account(code); !known {
		return code
	}
	return code + " " + chart.Name(code).In(l)
}

// detailOf reads which counterparty somebody means. Of an account with named details it is a detail's code,
// which may be given by its name in either language.
func detailOf(chart *book.Chart, account, text string) string {
	a, _ := chart.Account(account)
	for _, d := range a.Details {
		if text == d.Name.Chinese || strings.EqualFold(text, d.Name.English) || strings.EqualFold(text,
			d.Code) {
			return d.Code
		}
	}
	return text
}

// Expanded are the bookable accounts behind codes, each once, in the order of the chart; unknown codes are
// left out.
func Expanded(chart *book.Chart, codes []string) []string {
	chosen := map[string]bool{}
	for _, code := range codes {
		for _, leaf := range chart.Leaves(strings.TrimSpace(code)) {
			chosen[leaf] = true
		}
	}
	var list []string
	for _, a := range chart.Accounts {
		if chosen[a.Code] {
			list = append(list, a.Code)
		}
	}
	return list
}
