// Package vector is the statements of a book's closed month in memory: what moved in its year, the cells of
// its statements as one row of numbers, and where they stand when the rows of a city are added up.
package vector

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Year is a year of a book: the balances it began with, and what moved by month.
type Year struct {
	Opening []book.Balance
	Moved   []Moved
}

// Moved is what moved in a month.
type Moved struct {
	Month string
	book.Turnover
}

// Key is an account, or a detail of one.
type Key struct{ Account, Counterparty string }

// Sums are amounts by account and detail, debit above zero.
type Sums map[Key]money.Fen

// SumsOf are balances as sums.
func SumsOf(list []book.Balance) Sums {
	all := make(Sums, len(list))
	for _, b := range list {
		all[Key{b.Account, b.Counterparty}] = b.Amount
	}
	return all
}

// List gives the amounts in the order of accounts; those of nothing only if zeros are wanted.
func (s Sums) List(zeros bool) []book.Balance {
	all := make([]book.Balance, 0, len(s))
	for key, amount := range s {
		if zeros || amount != 0 {
			all = append(all, book.Balance{Account: key.Account, Counterparty: key.Counterparty,
				Amount: amount})
		}
	}
	slices.SortFunc(all, func(a, b book.Balance) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Counterparty, b.Counterparty))
	})
	return all
}

// Balances are what stood at the end of a month, or money.ErrOverflow.
func (y *Year) Balances(month string) ([]book.Balance, error) {
	all := SumsOf(y.Opening)
	var err error
	for _, t := range y.Moved {
		if t.Month > month {
			continue
		}
		key := Key{t.Account, t.Counterparty}
		if all[key], err = money.Sum(all[key], t.Debit, -t.Credit); err != nil {
			return nil, err
		}
	}
	return all.List(false), nil
}

// Figures are the movements of a month and of the year up to its end, for statements.
func (y *Year) Figures(month period.Period) (book.Figures, error) {
	before, err := y.Balances(month.Previous().String())
	if err != nil {
		return nil, err
	}
	var ofMonth, ofYear []book.Turnover
	for _, t := range y.Moved {
		if t.Month == month.String() {
			ofMonth = append(ofMonth, t.Turnover)
		}
		if t.Month <= month.String() {
			ofYear = append(ofYear, t.Turnover)
		}
	}
	return book.Figures{book.SpanPeriod: {Opening: before, Turnovers: ofMonth},
		book.SpanYear: {Opening: y.Opening, Turnovers: ofYear}}, nil
}

// Statements are those whose cells are kept of every closed month, in their order.
var Statements = []string{book.BalanceSheet, book.IncomeStatement}

// Cells are the statements of a book as one vector, and the values of what is published of them by measure.
func Cells(chart *book.Chart, figures book.Figures) (cells []byte, values map[string]int64, err error) {
	cells, values = make([]byte, 0, 160), map[string]int64{}
	for _, key := range Statements {
		s, ok := chart.Statement(key)
		if !ok {
			continue
		}
		sheet, err := book.Evaluate(s, figures)
		if err != nil {
			return nil, nil, err
		}
		cells = appendCells(cells, sheet)
		for _, f := range Figures {
			if f.Statement == key {
				values[f.Measure] = f.Value(s, sheet)
			}
		}
	}
	return cells, values, nil
}

// appendCells adds the cells of a statement to a vector.
func appendCells(cells []byte, sheet book.Sheet) []byte {
	for _, line := range sheet.Lines {
		for _, cell := range line.Cells {
			cells = binary.AppendVarint(cells, int64(cell))
		}
	}
	return cells
}

// Layout is where the cells of a chart's vector go in a row of sums; −1: nowhere.
type Layout struct{ cells []int }

// Add adds a vector to a row; false: it is not of this layout.
func (o Layout) Add(row []int64, cells []byte) bool {
	ends := 0
	for _, b := range cells {
		if b < 0x80 {
			ends++
		}
	}
	if ends != len(o.cells) {
		return false
	}
	for _, at := range o.cells {
		value, n := binary.Varint(cells)
		if n <= 0 {
			return false
		}
		if cells = cells[n:]; at >= 0 {
			row[at] += value
		}
	}
	row[len(row)-1]++
	return true
}

// Plan is the rows that the vectors of a month are added up in: the cells of a statement's lines one after
// the other, then how many books they are of.
type Plan struct {
	Lines, Columns []string // keys
	Width          int
	Layouts        map[string]Layout // by chart
}

// PlanOf is the plan of a statement as a chart has it, for books under any of the charts: their lines add up
// by their keys.
func PlanOf(chart *book.Chart, charts []*book.Chart, statement string) (Plan, error) {
	u := Plan{Layouts: map[string]Layout{}}
	place := map[[2]string]int{}
	err := eachCell(chart, func(key, line, column string) {
		if key != statement {
			return
		}
		if len(u.Lines) == 0 || u.Lines[len(u.Lines)-1] != line {
			u.Lines = append(u.Lines, line)
		}
		if len(u.Lines) == 1 {
			u.Columns = append(u.Columns, column)
		}
		place[[2]string{line, column}] = len(place)
	})
	if err != nil {
		return u, err
	}
	u.Width = len(place) + 1
	for _, c := range charts {
		var o Layout
		err := eachCell(c, func(key, line, column string) {
			at, ok := place[[2]string{line, column}]
			if !ok || key != statement {
				at = -1
			}
			o.cells = append(o.cells, at)
		})
		if err != nil {
			return u, err
		}
		u.Layouts[c.Key] = o
	}
	return u, nil
}

// eachCell walks the cells of a chart's vector in their order.
func eachCell(chart *book.Chart, walk func(statement, line, column string)) error {
	for _, key := range Statements {
		s, ok := chart.Statement(key)
		if !ok {
			continue
		}
		empty, err := book.Evaluate(s, book.Figures{})
		if err != nil {
			return err
		}
		for _, line := range empty.Lines {
			for i := range line.Cells {
				walk(key, line.Key, s.Columns[i].Key)
			}
		}
	}
	return nil
}
