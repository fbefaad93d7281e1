package sheets

import (
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func TestTheDaysBehindACell(t *testing.T) {
	june, _ := period.Parse("2025-06")
	for name, c := range map[string]struct {
		column book.Column
		from   period.Date
		to     period.Date
	}{
		"the period":      {book.Column{Span: book.SpanPeriod}, "2025-06-01", "2025-06-30"},
		"its year":        {book.Column{Span: book.SpanYear}, "2025-01-01", "2025-06-30"},
		"the year before": {book.Column{Span: book.SpanLastYear}, "2024-06-01", "2024-06-30"},
		"its closing": {book.Column{Span: book.SpanLastYear, Quantity: book.Closing}, "2024-01-01",
			"2024-06-30"},
		"a year's own days": {book.Column{Span: book.SpanYear, Quantity: book.Opening}, "2025-01-01",
			"2025-06-30"},
	} {
		if from, to := Span(c.column, june); from != c.from || to != c.to {
			t.Errorf("%s: %s to %s, want %s to %s", name, from, to, c.from, c.to)
		}
	}
}

// TestBehindASum: the accounts of all lines under it; the hash knows figures and not words.
func TestBehindASum(t *testing.T) {
	definition := book.Statement{Lines: []book.Line{{Key: "all",
		Terms: []book.Term{{Line: "money"},
			{Line: "claims"}}}, {Key: "money"}, {Key: "claims"}}}
	sheet := book.Sheet{Lines: []book.SheetLine{{Key: "all"}, {Key: "money", Accounts: []string{"101",
		"102"},
		Cells: []money.Fen{5}}, {Key: "claims", Accounts: []string{"112"}}}}
	if got := Behind(sheet, &definition, "all", 3); !slices.Equal(got, []string{"101", "102", "112"}) {
		t.Errorf("behind the sum: %v", got)
	}
	before := Hash(sheet)
	sheet.Lines[1].Title = words.Plain("货币资金")
	if Hash(sheet) != before {
		t.Error("a title changes the hash")
	}
	sheet.Lines[1].Cells = []money.Fen{6}
	if Hash(sheet) == before {
		t.Error("a figure does not change the hash")
	}
}
