package bookfiles

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// blank is a form as a file to fill in for a book.
type blank struct {
	sheet.Template
	chart *book.Chart
}

// template makes the file for vouchers or for opening balances of a book.
func (s *Bookfiles) template(r store.Reader, l locale.Language, b ledger.Book, opening bool) (blank,
	error) {
	chart, err := s.chartOf(b)
	if err != nil {
		return blank{}, err
	}
	o, err := registry.Get(r, ownerOf(b))
	if err != nil {
		return blank{}, err
	}
	t := blank{sheet.Template{Form: s.forms[0], Language: l, Dictionary: s.host.Dictionary,
		Organisation: b.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}, chart}
	if opening {
		t.Form = s.openings[0]
		balances, err := ledger.Balances(r, b.Ref(), b.From.AddDays(-1))
		if err != nil {
			return t, err
		}
		t.Rows = t.openingRows(balances)
	}
	return t, nil
}

// openingRows are all accounts that may be booked, with their named details and those that are
// there.
func (t blank) openingRows(balances []book.Balance) iter.Seq2[sheet.Prefilled, error] {
	return func(yield func(sheet.Prefilled, error) bool) {
		for _, a := range t.chart.Accounts {
			if !t.chart.Bookable(a.Code) {
				continue
			}
			for _, b := range rowsOf(a, balances) {
				who := t.chart.DetailName(a.Code, b.Counterparty).In(t.Language)
				debit, credit := "", ""
				switch {
				case b.Amount > 0:
					debit = b.Amount.Plain()
				case b.Amount < 0:
					credit = (-b.Amount).Plain()
				}
				row := sheet.Prefilled{Ref: a.Code + "/" + b.Counterparty,
					Cells: []string{cells.LabelOf(t.Language, a), who, debit, credit, ""}}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// rowsOf are the rows of an account: one for each detail, or the account's own.
func rowsOf(a book.Account, balances []book.Balance) []book.Balance {
	var rows []book.Balance
	for _, d := range a.Details {
		rows = append(rows, book.Balance{Account: a.Code, Counterparty: d.Code})
	}
	for _, b := range balances {
		if b.Account != a.Code {
			continue
		}
		if i := slices.IndexFunc(rows, func(r book.Balance) bool {
			return r.Counterparty == b.Counterparty
		}); i >= 0 {
			rows[i].Amount = b.Amount
			continue
		}
		rows = append(rows, b)
	}
	if len(rows) == 0 {
		rows = append(rows, book.Balance{Account: a.Code})
	}
	return rows
}

// accountsSheet is the hidden sheet that the drop-down of accounts offers.
const accountsSheet = "accounts"

// WriteXLSX writes the workbook with a drop-down of the chart's accounts, and amounts as numbers.
// The drop-down
// offers and does not compel: names and pinyin are read too.
func (t blank) WriteXLSX(w io.Writer) (rows int, err error) {
	var plain bytes.Buffer
	if rows, err = t.Template.WriteXLSX(&plain); err != nil {
		return rows, err
	}
	file, err := excelize.OpenReader(&plain)
	if err != nil {
		return rows, err
	}
	defer file.Close()
	dress := dressing{blank: t, file: file, sheet: file.GetSheetName(file.GetActiveSheetIndex())}
	if err := dress.find(); err != nil {
		return rows, err
	}
	if err := dress.accounts(); err != nil {
		return rows, err
	}
	for _, c := range []struct{ field, format string }{{"debit", amountFormat}, {"credit", amountFormat},
		{"date", dayFormat}} {
		if t.Form.Position(c.field) < 0 {
			continue
		}
		if err := dress.dress(c.field, c.format, rows); err != nil {
			return rows, err
		}
	}
	return rows, file.Write(w)
}

// dressing gives a written template what the form cannot know: the chart.
type dressing struct {
	blank
	file  *excelize.File
	sheet string
	first int // row of the first record
}

// keyRows is how many rows are searched for the keys of the fields.
const keyRows = 10

// find finds the first row: it comes two below that of the keys.
func (d *dressing) find() error {
	for row := 1; row <= keyRows; row++ {
		if at, err := d.file.GetCellValue(d.sheet, fmt.Sprint("A", row)); err != nil {
			return err
		} else if at == d.Form.Fields[0].Key {
			d.first = row + 2
			return nil
		}
	}
	return fmt.Errorf("bookfiles: the template has no keys")
}

// lastEntered is the row up to which drop-downs reach.
const lastEntered = 100_000

func (d *dressing) column(field string) (string, error) {
	return excelize.ColumnNumberToName(d.Form.Position(field) + 1)
}

// accounts gives the column of accounts its drop-down.
func (d *dressing) accounts() error {
	if _, err := d.file.NewSheet(accountsSheet); err != nil {
		return err
	}
	n := 0
	for _, a := range d.chart.Accounts {
		if !d.chart.Bookable(a.Code) {
			continue
		}
		n++
		label := cells.LabelOf(d.Language, a)
		if err := d.file.SetCellStr(accountsSheet, fmt.Sprint("A", n), label); err != nil {
			return err
		}
	}
	if err := d.file.SetSheetVisible(accountsSheet, false, true); err != nil {
		return err
	}
	column, err := d.column("account")
	if err != nil {
		return err
	}
	rule := excelize.NewDataValidation(true)
	rule.SetSqref(fmt.Sprintf("%s%d:%s%d", column, d.first, column, lastEntered))
	if err := d.free(rule.Sqref); err != nil {
		return err
	}
	rule.SetSqrefDropList(fmt.Sprintf("%s!$A$1:$A$%d", accountsSheet, n))
	field, _ := d.Form.Field("account")
	rule.SetInput(field.Label.In(d.Language), field.Help.In(d.Language))
	rule.ShowErrorMessage = false
	return d.file.AddDataValidation(d.sheet, rule)
}

// free takes away the rule of an area. All are taken away and the others put back: removing the
// cells of one
// area takes excelize seconds.
func (d *dressing) free(area string) error {
	rules, err := d.file.GetDataValidations(d.sheet)
	if err != nil {
		return err
	}
	if err := d.file.DeleteDataValidation(d.sheet); err != nil {
		return err
	}
	for _, rule := range rules {
		if rule.Sqref != area {
			if err := d.file.AddDataValidation(d.sheet, rule); err != nil {
				return err
			}
		}
	}
	return nil
}

// Amounts have separators, and red ones are red.
const (
	amountFormat = `#,##0.00;[Red]-#,##0.00`
	dayFormat    = `yyyy-mm-dd`
)

// dress gives a column a format: amounts that are typed can be added up in the workbook, and days
// are days.
func (d *dressing) dress(field, format string, prefilled int) error {
	column, err := d.column(field)
	if err != nil {
		return err
	}
	last := d.first + prefilled + blankLines
	heads := make([]int, d.first)
	for row := 1; row < d.first; row++ {
		if heads[row], err = d.file.GetCellStyle(d.sheet, fmt.Sprint(column, row)); err != nil {
			return err
		}
	}
	line := excelize.Border{Color: "BFBFBF", Style: 1}
	var border []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		line.Type = side
		border = append(border, line)
	}
	style, err := d.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Border: border,
		Protection: &excelize.Protection{Locked: false}})
	if err != nil {
		return err
	}
	if err := d.file.SetColStyle(d.sheet, column, style); err != nil {
		return err
	}
	for row := 1; row < d.first; row++ {
		at := fmt.Sprint(column, row)
		if err := d.file.SetCellStyle(d.sheet, at, at, heads[row]); err != nil {
			return err
		}
	}
	if format != amountFormat {
		return nil
	}
	return d.numbers(column, last)
}

// numbers turns amounts that were written as text into numbers.
func (d *dressing) numbers(column string, last int) error {
	for row := d.first; row <= last; row++ {
		at := fmt.Sprint(column, row)
		text, err := d.file.GetCellValue(d.sheet, at)
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		if amount, problem := cells.Amount(text); problem == "" {
			if err := d.file.SetCellDefault(d.sheet, at, amount.Plain()); err != nil {
				return err
			}
		}
	}
	return nil
}

// blankLines are drawn below the prefilled rows.
const blankLines = 30
