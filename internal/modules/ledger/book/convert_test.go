package book_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func old(account, counterparty string, amount money.Fen) book.Balance {
	return book.Balance{Account: account, Counterparty: counterparty, Amount: amount}
}

func written(balances []book.Balance) string {
	var all []string
	for _, b := range balances {
		text := b.Account + " " + b.Amount.Plain()
		if b.Counterparty != "" {
			text = b.Account + "/" + b.Counterparty + " " + b.Amount.Plain()
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// TestConversion2004To2024: codes that clash go where they mean the same, what is gone waits for a
// decision.
func TestConversion2004To2024(t *testing.T) {
	from, to := chart(t, "2004"), chart(t, "2024")
	v, ok := to.ConversionFrom("2004")
	if !ok || v.On != "2024-01-01" || v.Mark != "unverified" {
		t.Fatalf("%+v", v)
	}
	balances := []book.Balance{old("101", "", 10_00), old("113", "甲", 5_00), old("113", "乙", -2_00),
		old("131", "", 100_00), old("153", "", 3_00), old("154", "", 40_00), old("202", "水厂", -20_00),
		old("211", "", -6_00), old("212", "", -9_00), old("311", "", -71_00), old("322", "undistributed",
			-50_00)}
	open := v.Open(balances)
	if len(open) != 2 || open[0].Account != "131" || open[1].Account != "212" {
		t.Errorf("to be decided: %v", open)
	}
	_, findings := to.Convert(from, balances, nil)
	if got := keys(findings); !slices.Equal(got, []string{"book.conversion_undecided"}) ||
		len(findings) != 2 {
		t.Errorf("without decisions: %v", findings)
	}
	decided := []book.Decided{
		{Account: "131", Parts: []book.Balance{old("131", "", 30_00), old("132", "", 70_00)}},
		{Account: "212", Parts: []book.Balance{old("311", "", -9_00)}}}
	got, findings := to.Convert(from, balances, decided)
	if len(findings) > 0 {
		t.Fatalf("%v", findings)
	}
	const want = "101 10.00, 113/乙 -2.00, 113/甲 5.00, 131 30.00, 132 70.00, 153 40.00, 154 3.00, " +
		"211/水厂 -20.00, 212 -6.00, 311 -80.00, 322/undistributed -50.00"
	if written(got.Balances) != want {
		t.Errorf("balances\n%s\nwant\n%s", written(got.Balances), want)
	}
	changes := map[string]book.Change{}
	for _, d := range got.Differences {
		changes[d.From.Account+">"+d.To.Account] = d.Change
	}
	for change, want := range map[string]book.Change{"101>101": book.Unchanged, "153>154": book.Renumbered,
		"202>211": book.Renumbered, "131>132": book.ByDecision, "212>311": book.ByDecision} {
		if changes[change] != want {
			t.Errorf("%s is %q, not %q", change, changes[change], want)
		}
	}
	// The sheets before and after say the same of what did not change its nature.
	before := evaluate(t, from, book.BalanceSheet, book.Figures{book.SpanPeriod: {Opening: balances}})
	after := evaluate(t, to, book.BalanceSheet, book.Figures{book.SpanPeriod: {Opening: got.Balances}})
	for _, line := range []string{"money", "receivables", "payables", "construction", "disposal",
		"wages_payable",
		"total_assets", "undistributed"} {
		if b, a := cell(t, before, line, 0), cell(t, after, line, 0); a != b {
			t.Errorf("%s was %s and is %s", line, b, a)
		}
	}
}

func TestConversionRefusals(t *testing.T) {
	from, to := chart(t, "2004"), chart(t, "2024")
	balances := []book.Balance{old("511", "", -30_00), old("101", "", 30_00)}
	part := func(account string, amount money.Fen) []book.Decided {
		return []book.Decided{{Account: "511", Parts: []book.Balance{old(account, "", amount)}}}
	}
	for name, c := range map[string]struct {
		balances []book.Balance
		decided  []book.Decided
		want     string
	}{
		"rent":                 {balances, part("501", -30_00), ""},
		"profits handed up":    {balances, part("502", -30_00), ""},
		"not what it is":       {balances, part("503", -30_00), "book.conversion_choice"},
		"too little":           {balances, part("501", -29_99), "book.conversion_parts"},
		"an account not there": {balances, part("999", -30_00), "book.conversion_choice"},
		"nothing decided":      {balances, nil, "book.conversion_undecided"},
		"nothing to decide":    {balances[1:], part("501", -30_00), "book.conversion_idle"},
		"a balance on nothing": {[]book.Balance{old("999", "", 1)}, nil, "book.conversion_misses"},
		"nobody owes it": {[]book.Balance{old("112", "", 1), old("101", "", -1)}, nil,
			"book.conversion_nobody"},
	} {
		got, findings := to.Convert(from, c.balances, c.decided)
		if k := strings.Join(keys(findings), " "); k != c.want {
			t.Errorf("%s: %q, want %q", name, k, c.want)
		}
		if fault.Stops(findings) != (got.Balances == nil) {
			t.Errorf("%s: %v with %v", name, got, findings)
		}
	}
	if _, findings := from.Convert(to, balances, nil); !fault.Stops(findings) {
		t.Error("the new chart goes back to the old one")
	}
}

// TestConversionKeepsEveryFen: whatever stands in the old books and however it is split.
func TestConversionKeepsEveryFen(t *testing.T) {
	from, to := chart(t, "2004"), chart(t, "2024")
	v, _ := to.ConversionFrom("2004")
	rows := map[string]book.ConversionRow{}
	for _, row := range v.Rows {
		rows[row.Account] = row
	}
	rapid.Check(t, func(t *rapid.T) {
		f := book.NewFold(from)
		for range rapid.IntRange(1, 8).Draw(t, "entries") {
			if err := f.Add(drawEntry(t, from)); err != nil {
				t.Fatal(err)
			}
		}
		balances := f.Balances()
		decided := v.Open(balances)
		amounts := map[[2]string]money.Fen{}
		for _, b := range balances {
			amounts[[2]string{b.Account, b.Counterparty}] = b.Amount
		}
		for i, d := range decided {
			whole := amounts[[2]string{d.Account, d.Counterparty}]
			first := money.Fen(rapid.Int64Range(-1000, 1000).Draw(t, "first"))
			to := rows[d.Account].To
			decided[i].Parts = []book.Balance{old(rapid.SampledFrom(to).Draw(t, "to"), "甲", first),
				old(rapid.SampledFrom(to).Draw(t, "to"), "乙", whole-first)}
		}
		for i, b := range balances {
			if b.Account == "322" { // a year's distribution is settled before books come over
				balances[i].Counterparty = "undistributed"
			}
		}
		got, findings := to.Convert(from, balances, decided)
		if fault.Stops(findings) {
			t.Fatalf("%v", findings)
		}
		sum, parts := money.Fen(0), map[[2]string]money.Fen{}
		for _, b := range got.Balances {
			sum += b.Amount
		}
		for _, d := range got.Differences {
			parts[[2]string{d.From.Account, d.From.Counterparty}] += d.To.Amount
			if d.From.Amount != d.To.Amount {
				t.Fatalf("%v became %v", d.From, d.To)
			}
		}
		if sum != 0 {
			t.Fatalf("the new balances sum to %s", sum)
		}
		for _, b := range balances {
			if b.Account != "322" && parts[[2]string{b.Account, b.Counterparty}] != b.Amount {
				t.Fatalf("of %v only %s came over", b, parts[[2]string{b.Account, b.Counterparty}])
			}
		}
	})
}

// TestAge: bands at their very edges, what is paid settles the oldest first, what is paid too much is told.
func TestAge(t *testing.T) {
	of := func(who string, on period.Date, amount money.Fen) book.Claim {
		return book.Claim{Counterparty: who, Date: on, Amount: amount}
	}
	red := func(who string, on period.Date, amount money.Fen) book.Claim {
		return book.Claim{Counterparty: who, Date: on, Amount: amount, Red: true}
	}
	aged, err := book.Age([]book.Claim{
		of("甲", "2021-05-01", 100_00), of("甲", "2023-01-01", 50_00), of("甲", "2024-12-31", 20_00),
		of("甲", "2024-12-30", 7_00), of("甲", "2025-12-31", 3_00), of("甲", "2026-01-01", 999_00),
		of("甲", "2025-06-01", -60_00),
		of("乙", "2025-03-01", -5_00), of("乙", "2025-04-01", 2_00),
		of("丙", "2024-02-29", 9_00), of("丙", "2024-03-01", -9_00),
		// A claim and a receipt that were booked in error, and taken back in red.
		of("丁", "2021-01-01", 8_00), of("丁", "2025-02-01", 6_00), red("丁", "2025-02-02", -6_00),
		of("丁", "2025-03-01", -8_00), red("丁", "2025-03-02", 8_00),
	}, "2025-12-31")
	if err != nil {
		t.Fatal(err)
	}
	want := []book.Aged{
		{Counterparty: "丁", Bands: [4]money.Fen{0, 0, 0, 8_00}, Total: 8_00, Oldest: "2021-01-01"},
		{Counterparty: "乙", Advance: 3_00},
		{Counterparty: "甲", Bands: [4]money.Fen{23_00, 7_00, 50_00, 40_00}, Total: 120_00,
			Oldest: "2021-05-01"},
	}
	if !slices.Equal(aged, want) {
		t.Errorf("%+v", aged)
	}
}

// TestConversionFromNowhere: it is left out and told; the chart itself is taken.
func TestConversionFromNowhere(t *testing.T) {
	c := *chart(t, "2024")
	c.Conversions = []book.Conversion{{From: "1996", On: "2005-01-01", Rows: []book.ConversionRow{
		{Account: "101", To: []string{"101"}}}}}
	charts, findings := book.NewCharts([]book.Chart{c})
	if got := keys(findings); !slices.Equal(got, []string{"book.conversion_chart"}) {
		t.Errorf("%v", findings)
	}
	taken, ok := charts.Get("2024")
	if !ok {
		t.Fatal("the chart is left out")
	}
	if _, ok := taken.ConversionFrom("1996"); ok {
		t.Error("a conversion from nowhere is kept")
	}
	c.Conversions = []book.Conversion{{From: "2024", On: "2025-01-01", Rows: []book.ConversionRow{
		{Account: "101", To: []string{"102"}}, {Account: "999", To: []string{"101"}}}}}
	_, findings = book.NewCharts([]book.Chart{c})
	if got := keys(findings); !slices.Equal(got, []string{"book.conversion_account",
		"book.conversion_misses"}) {
		t.Errorf("%v", findings)
	}
}
