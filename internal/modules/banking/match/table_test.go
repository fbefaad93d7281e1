package match

import (
	"testing"

	"github.com/terrace-project/terrace/internal/pure/words"
)

// TestWhatIsTakenOffStandsAboveZero: a payment stands under “less” as its amount, as people add the sheet up.
func TestWhatIsTakenOffStandsAboveZero(t *testing.T) {
	say := func(key string, _ ...any) words.Words { return words.Plain(key) }
	r := Reconciliation{BankPaid: []Item{{Date: "2025-03-21", Text: "手续费", Amount: -15_00}},
		BooksReceived: []Item{{Date: "2025-03-30", Counterparty: "王某", Amount: 20_00}}}
	table := r.Table(say, words.Words{})
	var cells []string
	for _, row := range table.Rows {
		for _, cell := range row {
			cells = append(cells, cell.Chinese)
		}
	}
	want := []string{"banking.table.books_balance", "0.00", "banking.table.bank_balance", "0.00",
		"banking.table.bank_received", "", "banking.table.books_received", "", "", "", "2025-03-30 王某",
		"20.00",
		"banking.table.bank_paid", "", "banking.table.books_paid", "", "2025-03-21 手续费", "15.00", "", ""}
	for i, text := range want {
		if cells[i] != text {
			t.Fatalf("cell %d is %q, want %q, in %q", i, cells[i], text, cells)
		}
	}
}
