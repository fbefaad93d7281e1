package supervision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// entry is an amount that goes from one account to another.
type entry struct {
	on                   period.Date
	debit, credit, payee string
	amount               money.Fen
}

// post books an entry.
func (x *town) post(of ledger.Ref, e entry) {
	x.t.Helper()
	x.must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) error {
		_, _, err := x.Ledger.PostFor(tx, access.Machine, ledger.Draft{Book: of, Date: e.on, Summary: "某业务",
			Postings: []book.Posting{
				{Account: e.debit, Amount: e.amount, Dimensions: book.Dimensions{Counterparty: e.payee}},
				{Account: e.credit, Amount: -e.amount}}})
		return err
	}))
}

// rulesHit are the rules of all open findings, in order.
func (x *town) rulesHit() string {
	x.t.Helper()
	var all []string
	x.read(func(v *store.View) error {
		list, err := supervision.Search(v, supervision.Query{Scope: x.Host.Access.Subtree(x.home),
			Limit: 50})
		for _, f := range list {
			all = append(all, f.Rule)
		}
		return err
	})
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestBooks: cash over the limit, a large payment in cash, and payments that are split over thirty days; a
// payment thirty-one days before does not count.
func TestBooks(t *testing.T) {
	each(t, func(x *town) {
		opened, err := x.Ledger.OpenBook(apptest.Machine(x.t.Context()), access.Machine,
			ledger.Opening{Organisation: x.of, Chart: "2024", From: "2025-01-01"})
		x.must(err)
		of := ledger.Ref{Home: opened.Home, ID: opened.ID}
		x.post(of, entry{"2025-09-01", "102", "501", "", 500_000_00})
		x.post(of, entry{"2025-09-01", "101", "501", "", 5_000_00})
		x.run()
		if got := x.rulesHit(); got != "" {
			x.t.Fatalf("at the limit: %s", got)
		}
		x.post(of, entry{"2025-09-30", "511", "102", "某建材店", 40_000_00})
		x.post(of, entry{"2025-10-31", "511", "102", "某建材店", 40_000_00})
		x.run()
		if got := x.rulesHit(); got != "" {
			x.t.Fatalf("thirty-one days apart: %s", got)
		}
		x.post(of, entry{"2025-10-30", "511", "102", "某建材店", 20_000_00})
		x.post(of, entry{"2025-10-31", "101", "102", "", 2_000_00})
		x.post(of, entry{"2025-10-31", "513", "101", "某饭店", 1_500_00})
		x.run()
		if got := x.rulesHit(); got != "A13 A13-payment A19 A19" {
			x.t.Fatalf("hit: %s", got)
		}
	})
}
