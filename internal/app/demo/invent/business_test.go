package invent_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// means are those of a collective, made up from a number.
func means(d *invent.Draw, level division.Level) invent.Means {
	m := invent.Means{Level: level, Year: 2025, Closing: []book.Balance{
		{Account: "101", Amount: money.Fen(d.Between(0, 90_000))},
		{Account: "102", Amount: money.Fen(d.Between(0, 40_000_000))},
		{Account: "112", Counterparty: "应收租金", Amount: money.Fen(d.Between(0, 2_000_000))},
		{Account: "113", Counterparty: "成员", Amount: money.Fen(d.Between(0, 700_000))},
		{Account: "211", Counterparty: "应付工程款", Amount: -money.Fen(d.Between(0, 9_000_000))},
		{Account: "213", Amount: -money.Fen(d.Between(0, 400_000))},
		{Account: "241", Amount: -money.Fen(d.Between(0, 50_000_000))},
		{Account: "151", Amount: 90_000_000}, {Account: "152", Amount: -30_000_000}}}
	for month := 1; month <= 12; month++ {
		m.Wear = append(m.Wear, invent.Wear{Month: month, Expense: "511", Accumulated: "152",
			Amount: 125_000})
	}
	if d.PerMille(300) {
		m.Cash, m.Split = 240_000, 6_000_000
	}
	if d.PerMille(500) {
		m.Bought = []book.Posting{{Account: "151", Amount: 3_000_000}}
	}
	for range d.Below(4) {
		m.Lets = append(m.Lets, invent.Let{What: "山林", Tenant: "某户", Fee: money.Fen(d.Between(1,
			3_000_000))})
	}
	return m
}

// TestABusinessYearAddsUp: every voucher sums to zero and lies in the year, cash and bank are never
// overdrawn, and the accounts end where they have to.
func TestABusinessYearAddsUp(t *testing.T) {
	type key struct{ account, counterparty string }
	for number := range int64(400) {
		d := invent.NewDraw(1, "test", number)
		level := []division.Level{division.Group, division.Village, division.Township}[number%3]
		m := means(d, level)
		year := invent.Year(d, m)
		stands, sum := map[key]money.Fen{}, money.Fen(0)
		for _, b := range year.Opening {
			stands[key{b.Account, b.Counterparty}] += b.Amount
			sum += b.Amount
		}
		if sum != 0 {
			t.Fatalf("%d opens with a difference of %s", number, sum)
		}
		for _, e := range year.Entries {
			total := money.Fen(0)
			for _, p := range e.Postings {
				total += p.Amount
				stands[key{p.Account, p.Counterparty}] += p.Amount
			}
			if total != 0 || len(e.Postings) < 2 || e.Date.Year() != 2025 {
				t.Fatalf("%d: %+v", number, e)
			}
			for _, account := range []string{"101", "102"} {
				if stands[key{account: account}] < 0 {
					t.Fatalf("%d: %s is overdrawn by %s on %s (%s)", number, account,
						stands[key{account: account}], e.Date, e.Summary)
				}
			}
		}
		for _, b := range m.Closing {
			if got := stands[key{b.Account, b.Counterparty}]; got != b.Amount {
				t.Errorf("%d: %s ends with %s, not %s", number, b.Account, got, b.Amount)
			}
		}
	}
}
