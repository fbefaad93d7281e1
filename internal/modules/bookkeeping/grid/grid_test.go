package grid_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// TestShownAndReadAgain: a draft that is shown and sent back unchanged is the same draft, red lines too.
func TestShownAndReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := record.Draft{Series: record.General, Date: "2025-06-10", Summary: "租金"}
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			amount := money.Fen(rapid.Int64Range(1, 1e14).Draw(t, "amount"))
			if rapid.Bool().Draw(t, "credit") {
				amount = -amount
			}
			p := book.Posting{Amount: amount, Red: rapid.Bool().Draw(t, "red")}
			p.Account = rapid.StringMatching(`[1-5][0-9]{2}`).Draw(t, "account")
			p.Counterparty = rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "who")
			p.Fund = rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "fund")
			d.Postings = append(d.Postings, p)
		}
		shown := grid.Of(d, &book.Chart{}, words.English)
		shown.Pad(20)
		form := map[string][]string{"date": {shown.Date},
			"series":  {shown.Series},
			"summary": {shown.Summary}}
		for i := range shown.Lines {
			for at, text := range shown.Lines[i].Columns() {
				form[grid.ColumnNames[at]] = append(form[grid.ColumnNames[at]], *text)
			}
		}
		sent := grid.Read(form)
		read, at, found := sent.Draft(&book.Chart{}, func(text string) string { return text })
		if len(found) > 0 || read.Date != d.Date || !slices.Equal(read.Postings, d.Postings) ||
			len(at) != len(d.Postings) {
			t.Fatalf("%+v came back as %+v (%v)", d, read, found)
		}
	})
}

// TestWrongAmounts: each wrong line is found in its line and column, and empty lines are passed over.
func TestWrongAmounts(t *testing.T) {
	g := grid.Grid{Date: "2025-06-10", Lines: []grid.Line{{Debit: "1.005"}, {}, {Debit: "1", Credit: "1"},
		{Credit: "x"}, {Debit: "0.00"}, {Note: "forgotten"}, {Account: "501"}, {Debit: "-1,200.50"}}}
	d, at, found := g.Draft(&book.Chart{}, func(text string) string { return text })
	type place struct {
		key, column string
		row         int
	}
	var got []place
	for _, f := range found {
		got = append(got, place{f.Key, f.Column, f.Row})
	}
	want := []place{{"books.wrong.fen", "debit", 1}, {"books.wrong.both", "credit", 3},
		{"books.wrong.amount", "credit", 4}, {"books.wrong.zero", "debit", 5}, {"books.wrong.no_amount",
			"debit", 6}}
	if !slices.Equal(got, want) {
		t.Errorf("found %v", got)
	}
	last := d.Postings[len(d.Postings)-1]
	if last.Amount != -120050 || !last.Red || at[len(at)-1] != 8 {
		t.Errorf("a red line became %+v of line %d", last, at[len(at)-1])
	}
	g.Besides([]fault.Finding{fault.Wrong("k").At("", len(at), "amount")}, at,
		func(f fault.Finding) string { return f.Key }, func(_ int, text string) string { return text })
	if g.Lines[7].Beside["debit"] != "k" {
		t.Errorf("beside the last line stands %v", g.Lines[7].Beside)
	}
}
