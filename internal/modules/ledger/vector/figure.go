package vector

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
)

// The measures of the books. Each book reports at its organisation's place for the year, anew whenever a
// month is closed or opened again; a book that runs and has closed none of the year's months is a gap.
const (
	GrossIncome = "ledger.income_gross" // 集体经营性收入: subsidies and other income are not in it
	NetIncome   = "ledger.income_net"   // 集体经营收益: after cost, may be below zero
	TotalAssets = "ledger.assets"
	Liabilities = "ledger.liabilities"
	Equity      = "ledger.equity"
)

// Figure is where a measure stands in the statements: lines of one that are added up, in a column.
type Figure struct {
	Measure, Statement, Column string
	Lines                      []string
}

// Figures name lines by their keys, which charts share; a line that a chart does not have is nothing.
var Figures = []Figure{
	{GrossIncome, book.IncomeStatement, "year", []string{"operating_revenue", "contract_income",
		"investment_income"}},
	{NetIncome, book.IncomeStatement, "year", []string{"operating_income"}},
	{TotalAssets, book.BalanceSheet, "closing", []string{"total_assets"}},
	{Liabilities, book.BalanceSheet, "closing", []string{"total_liabilities"}},
	{Equity, book.BalanceSheet, "closing", []string{"total_equity"}},
}

// Value adds up a measure's lines in its column.
func (f Figure) Value(s *book.Statement, sheet book.Sheet) int64 {
	column := slices.IndexFunc(s.Columns, func(c book.Column) bool { return c.Key == f.Column })
	var sum int64
	for _, line := range sheet.Lines {
		if column >= 0 && column < len(line.Cells) && slices.Contains(f.Lines, line.Key) {
			sum += int64(line.Cells[column])
		}
	}
	return sum
}
