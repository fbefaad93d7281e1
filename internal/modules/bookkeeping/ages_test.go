package bookkeeping_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// TestAReversedClaimLeavesTheOlderOne: a red-letter voucher takes back the claim it reverses and does not
// settle the oldest, so that what was owed the longest still shows as such.
func TestAReversedClaimLeavesTheOlderOne(t *testing.T) {
	each(t, func(x *site) {
		b, err := x.Ledger.OpenBook(t.Context(), access.Machine,
			ledger.Opening{Organisation: x.Owner(otherVillage).Ref(),
				Chart: "2024", From: "2024-01-01"})
		x.Must(err)
		claim := func(d ledger.Draft, amount money.Fen, red bool) {
			t.Helper()
			d.Book, d.Summary = b.Ref(), "应收租金"
			d.Postings = []book.Posting{{Account: "112", Amount: amount, Red: red,
				Dimensions: book.Dimensions{Counterparty: "赵某"}}, {Account: "501", Amount: -amount,
				Red: red}}
			x.Must(x.Host.Store.Write(t.Context(), func(tx *store.Tx) error {
				_, _, err := x.Ledger.PostFor(tx, access.Machine, d)
				return err
			}))
		}
		claim(ledger.Draft{Date: "2024-02-01"}, 300_00, false)
		claim(ledger.Draft{Date: "2025-03-01"}, 300_00, false)
		claim(ledger.Draft{Date: "2025-04-01"}, -300_00, true)
		x.see(x.as("accountant", otherVillage), bookkeeping.Address(b.Ref()), 200, "赵某",
			`data-label="1–2 years">300.00<`, `!data-label="Up to 1 year">300.00<`)
	})
}
