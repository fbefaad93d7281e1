package bookkeeping

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Numbers of lines of the grid.
const (
	linesFirst = 6 // of an empty grid
	linesMore  = 4 // that "more lines" adds
)

// line is a line of the grid as it was typed.
type line struct {
	Note, Account, Debit, Credit               string
	Counterparty, Member, Asset, Project, Fund string

	Beside    map[string]string // what is wrong, by column
	AskDetail bool              // the account is kept per counterparty
	Side      string            // of a template's line: where the amount belongs
	Asks      []string          // of a template's line: the dimensions to fill
}

// columns are the fields of a line, in the order of the grid.
func (l *line) columns() []*string {
	return []*string{&l.Note, &l.Account, &l.Debit, &l.Credit, &l.Counterparty, &l.Member, &l.Asset,
		&l.Project,
		&l.Fund}
}

// columnNames are the names of the fields of a line; each stands in the form once for every line.
var columnNames = []string{"note", "account", "debit", "credit", "counterparty", "member", "asset",
	"project",
	"fund"}

// empty reports whether the line books nothing: a template's line whose amount was left out counts so.
// An amount that was forgotten leaves the voucher out of balance, which the check says.
func (l *line) empty() bool {
	return l.Debit == "" && l.Credit == "" && l.Note+l.Member+l.Asset+l.Project+l.Fund == ""
}

// Dimensions reports whether a line says more than the counterparty, so that its further fields open.
func (l line) Dimensions() bool { return l.Member+l.Asset+l.Project+l.Fund != "" }

// Wrong reports whether something is wrong in the further fields.
func (l line) Wrong() bool {
	return slices.ContainsFunc(columnNames[5:], func(name string) bool { return l.Beside[name] != "" })
}

// grid is a voucher as it is typed.
type grid struct {
	Date, Series, Summary string
	Lines                 []line
	Beside                map[string]string // what is wrong in its head, by field
	Errors                []string          // everything to mend, on top
}

// readGrid reads a posted grid. Lines are kept where they are, empty ones too.
func readGrid(form url.Values) grid {
	g := grid{Date: strings.TrimSpace(form.Get("date")), Series: form.Get("series"),
		Summary: strings.TrimSpace(form.Get("summary"))}
	for i := range min(len(form["account"]), book.PostingsMax) {
		var l line
		for at, into := range l.columns() {
			if values := form[columnNames[at]]; i < len(values) {
				*into = strings.TrimSpace(values[i])
			}
		}
		g.Lines = append(g.Lines, l)
	}
	return g
}

// gridOf shows a voucher's lines as they would have been typed.
func gridOf(v ledger.Voucher, rows []ledger.PostingRow, chart *book.Chart, l locale.Language) grid {
	g := grid{Date: string(v.Date), Series: v.Series, Summary: v.Summary}
	for _, p := range rows {
		one := line{Note: p.Note, Account: accountText(chart, p.Account, l),
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

// pad adds empty lines up to a number.
func (g *grid) pad(n int) {
	for len(g.Lines) < min(n, book.PostingsMax) {
		g.Lines = append(g.Lines, line{})
	}
}

// draft reads the grid as a voucher. Lines that say nothing are passed over; at tells which line of the
// grid each posting stands in. Rows of findings are lines of the grid, from 1.
func (g *grid) draft(ref ledger.Ref, chart *book.Chart) (d ledger.Draft, at []int,
	findings []fault.Finding) {
	d = ledger.Draft{Book: ref, Series: g.Series, Summary: g.Summary}
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
		account := accountCode(chart, l.Account)
		d.Postings = append(d.Postings, book.Posting{Account: account, Amount: amount, Red: red,
			Note: l.Note,
			Dimensions: book.Dimensions{Counterparty: detailOf(chart, account, l.Counterparty),
				Member: l.Member, Asset: l.Asset, Project: l.Project, Fund: l.Fund}})
		at = append(at, i+1)
	}
	return d, at, findings
}

// amount reads the two amounts of a line, of which one is given. Below zero it is a red-letter line.
func (l *line) amount() (amount money.Fen, red bool, wrong *fault.Finding) {
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

// besides puts what was found beside the fields and on top. Rows of findings are postings; at leads from
// them to the lines of the grid; without it they are lines already.
func (g *grid) besides(found []fault.Finding, at []int, text func(fault.Finding) string,
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

// Totals are the sums of both sides, as far as the lines can be read.
func (g grid) Totals() (t totals) {
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

// totals are the sums of a voucher.
type totals struct{ Debit, Credit, Difference money.Fen }

// amountOf reads an amount of a filter; empty is 0.
func amountOf(text string) (money.Fen, error) {
	if text == "" {
		return 0, nil
	}
	amount, err := money.Parse(text)
	if err != nil {
		return 0, fault.New(fault.Invalid, "books.amount_filter", text).Because(err)
	}
	return amount, nil
}
