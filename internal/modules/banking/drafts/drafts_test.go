package drafts

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// TestALineBecomesAVoucher: by what it says and its direction; what a closed month lacks is booked on the
// first open day; both lines sum to nothing.
func TestALineBecomesAVoucher(t *testing.T) {
	interest := Template{Title: words.Words{Chinese: "利息"}, Words: []string{"利息", "Interest"},
		Direction: "in"}
	line := statement.Line{Date: "2025-03-21", Amount: 5_00, Purpose: "INTEREST", Serial: "A3"}
	out := line
	out.Amount = -5_00
	if !interest.Fits(line) || interest.Fits(out) || interest.Fits(statement.Line{Amount: 1,
		Purpose: "租金"}) {
		t.Error("the template is not for interest that came in, and for that alone")
	}
	for closed, want := range map[string]string{"": "2025-03-21 利息 INTEREST",
		"2025-02": "2025-03-21 利息 INTEREST", "2025-03": "2025-04-01 补记2025-03-21 利息 INTEREST",
		"2025-12": "2026-01-01 补记2025-03-21 利息 INTEREST"} {
		if day, summary := interest.Day(line, closed); string(day)+" "+summary != want {
			t.Errorf("closed through %q: %s %s, want %s", closed, day, summary, want)
		}
	}
	lines := interest.Postings(line, "102", "农商行", book.Account{Code: "504"})
	if lines[0].Amount != 5_00 || lines[1].Amount != -5_00 || lines[0].Counterparty != "农商行" {
		t.Errorf("%+v", lines)
	}
}
