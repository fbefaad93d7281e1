package bookkeeping

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping/sheets"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// statementView is a statement of books over a period.
type statementView struct {
	Books     opened
	Sheet     book.Sheet
	Key       string
	Period    period.Period
	Periods   []web.Option
	Others    []statementLink
	Lines     []sheetLineView
	Findings  []fault.Finding
	PlaceName string
	Self      string // its address without the period
	Exports   []web.Option
	Closed    bool // all its months are closed

	Published  *Publication // nil: it is not
	MayPublish bool
	Changed    bool // the figures are others than were published
}

// statementLink leads to a statement.
type statementLink struct {
	Title, Href string
	Current     bool
}

// sheetLineView is a line of a statement with what its cells open.
type sheetLineView struct {
	book.SheetLine
	Cells []sheetCellView
}

// sheetCellView is a cell; Href opens the postings it is made of.
type sheetCellView struct {
	Text   string
	Href   string
	Amount money.Fen
}

// periodAsked reads the period of the address; without one it is the last closed month, or the present one.
func (o opened) periodAsked(r *web.Request) (period.Period, error) {
	text := r.Field("period")
	if text == "" {
		if month, err := period.Parse(o.Closed); err == nil {
			return month, nil
		}
		return period.Containing(o.lastDay(r.Today()), period.Month), nil
	}
	p, err := period.Parse(text)
	if err != nil {
		return p, fault.New(fault.Invalid, "books.period", text)
	}
	return p, nil
}

// periods are those a reader may choose: each month of the books, the latest first, with quarters and years.
func (o opened) periods(r *web.Request) []web.Option {
	var list []web.Option
	month := period.Containing(o.lastDay(r.Today()), period.Month)
	for ; month.Last() >= o.From && len(list) < periodsMax; month = month.Previous() {
		end := month.Last()
		if end.Month() == 12 {
			list = append(list, option(period.OfYear(month.Year())))
		}
		if end.Month()%3 == 0 {
			list = append(list, option(period.Containing(end, period.Quarter)))
		}
		list = append(list, option(month))
	}
	return list
}

// periodsMax is how many periods are offered: some seven years.
const periodsMax = 120

func option(p period.Period) web.Option { return web.Option{Value: p.String(), Text: p.String()} }

// statement shows one, or gives it as a file.
func (s *Bookkeeping) statement(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	definition, known := o.chart.Statement(key)
	if !known {
		return nil, fault.New(fault.NotFound, "books.no_statement", key)
	}
	p, err := o.periodAsked(r)
	if err != nil {
		return nil, err
	}
	v := statementView{Books: o, Key: key, Period: p, PlaceName: s.places.Name(o.Place),
		Self: statementAddress(o.Ref(), key), Closed: o.closed(p), MayPublish: r.Can(MayPublish, o.Place)}
	err = s.host.Store.View(r.Context(), func(w *store.View) (err error) {
		if v.Sheet, err = s.ledger.Statement(w, o.Ref(), key, p); err != nil {
			return err
		}
		published, found, err := publicationOf(w, o.Ref(), key, p.String())
		if found && published.Withdrawn == 0 {
			v.Published, v.Changed = &published, published.Hash != sheets.Hash(v.Sheet)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if format := r.URL.Query().Get("format"); format != "" {
		return sheetFile(r, v, format)
	}
	v.Findings, v.Periods = v.Sheet.Findings, o.periods(r)
	v.Lines = linesOfSheet(o, v.Sheet, definition, p)
	for _, other := range statementsOf(o.chart) {
		v.Others = append(v.Others, statementLink{other.Title.In(r.Language),
			statementAddress(o.Ref(), other.Key) + "?period=" + p.String(), other.Key == key})
	}
	for _, format := range []string{"xlsx", "csv"} {
		v.Exports = append(v.Exports, web.Option{Text: format,
			Value: v.Self + "?period=" + p.String() + "&format=" + format})
	}
	title := v.Sheet.Title.In(r.Language) + " " + p.String()
	return web.View("bookkeeping/statement", web.Page{Title: title, Data: v, Wide: true, Place: o.Place,
		Trail: trail(r, o)}), nil
}

func statementAddress(ref ledger.Ref, key string) string {
	return Address(ref) + "/statements/" + url.PathEscape(key)
}

// statementsOf are the statements of a chart: those every chart should have first, in the order in
// which they are read.
func statementsOf(chart *book.Chart) []book.Statement {
	var list []book.Statement
	standard := map[string]bool{}
	for _, key := range book.StandardStatements {
		if one, known := chart.Statement(key); known {
			list, standard[key] = append(list, *one), true
		}
	}
	for _, one := range chart.Statements {
		if !standard[one.Key] {
			list = append(list, one)
		}
	}
	return list
}

// closed reports whether all months of a period are.
func (o opened) closed(p period.Period) bool {
	return period.Containing(p.Last(), period.Month).String() <= o.Closed
}

// linesOfSheet links every cell to the postings it is made of. An optional line without figures is left out.
// Without a definition nothing is linked.
func linesOfSheet(o opened, sheet book.Sheet, definition *book.Statement, p period.Period) []sheetLineView {
	var list []sheetLineView
	var columns []book.Column
	if definition != nil {
		columns = definition.Columns
	}
	for _, l := range sheet.Lines {
		if len(l.Accounts) == 0 && definition != nil {
			l.Accounts = grid.Expanded(o.chart, sheets.Behind(sheet, definition, l.Key,
				len(definition.Lines)))
		}
		one := sheetLineView{SheetLine: l}
		zero := true
		for i, amount := range l.Cells {
			cell := sheetCellView{Amount: amount, Text: amount.String()}
			zero = zero && amount == 0
			if i < len(columns) && len(l.Accounts) > 0 {
				cell.Href = o.cellAddress(l.Accounts, columns[i], p)
			}
			if i < len(sheet.Absent) && sheet.Absent[i] {
				cell = sheetCellView{Text: "–"}
			}
			one.Cells = append(one.Cells, cell)
		}
		if l.Head {
			one.Cells = make([]sheetCellView, len(sheet.Columns))
		}
		if l.Optional && zero && !l.Head {
			continue
		}
		list = append(list, one)
	}
	return list
}

// cellAddress leads to the postings behind a cell: those within its span. What stood before the
// span is carried over on top of their list.
func (o opened) cellAddress(accounts []string, column book.Column, p period.Period) string {
	from, to := sheets.Span(column, p)
	return postingsAddress(o.Ref(), linesAsked{Accounts: accounts, From: from, To: to})
}

// sheetFile gives a statement as a workbook or as text.
func sheetFile(r *web.Request, v statementView, format string) (web.Answer, error) {
	table := sheets.Table(v.Sheet, v.Books.Owner.Name, v.Period)
	name := v.Sheet.Title.In(r.Language) + " " + v.Books.Owner.Name + " " + v.Period.String()
	switch format {
	case "xlsx":
		return web.Book(r, name, []words.Table{table})
	case "csv":
		return csvFile(r, name, table)
	}
	return nil, fault.New(fault.Unsupported, "web.format", format)
}

// csvFile gives a table as text that spreadsheets open.
func csvFile(r *web.Request, name string, t words.Table) (web.Answer, error) {
	var text bytes.Buffer
	if _, err := sheet.WriteCSV(&text, sheetTable(t, r.Language)); err != nil {
		return nil, err
	}
	return web.File(name+".csv", "text/csv; charset=utf-8", &text), nil
}

// sheetTable is a table in one language, its figures as numbers.
func sheetTable(t words.Table, l words.Language) sheet.Table {
	table := sheet.Table{Title: t.Title.In(l), Notes: []string{t.Note.In(l)}}
	for _, h := range t.Heading {
		table.Heading = append(table.Heading, h.In(l))
	}
	table.Rows = func(yield func([]any, error) bool) {
		for _, cells := range t.Rows {
			row := make([]any, len(cells))
			for i, c := range cells {
				row[i] = c.In(l)
				if plain := strings.ReplaceAll(c.In(l), ",", ""); t.IsNumber(i) && plain != "" {
					row[i] = sheet.Number{Text: plain, Places: money.Places}
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return table
}

// unverified reports whether a statement's definition was not read in its source.
func unverified(mark string) bool { return mark == "unverified" }

// MarkText is the mark of the definition, if there is a word to say about it.
func (v statementView) MarkText() string {
	if unverified(v.Sheet.Mark) {
		return v.Sheet.Mark
	}
	return ""
}

// Publishable reports whether the public may be shown this statement.
func (v statementView) Publishable() bool { return publishable(v.Key) }

// PublishAddress begins the addresses of publishing and withdrawing.
func (v statementView) PublishAddress() string { return Address(v.Books.Ref()) }
