package succession

import (
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// charts are three that follow each other: 102 becomes D.1, and D.1 is divided between E.1 and E.2.
func charts(t *testing.T) []*book.Chart {
	t.Helper()
	chart := func(key string, bank string, conversion book.Conversion, assets ...string) book.Chart {
		name := words.Words{Chinese: key, English: key}
		c := book.Chart{Key: key, Title: name, From: "2025-01-01", Close: book.YearClose{Result: "Y",
			Distribution: "L", Undistributed: book.Part{Account: "L"}}}
		for _, code := range assets {
			c.Accounts = append(c.Accounts, book.Account{Code: code, Name: name, Class: book.Asset,
				Side: book.Debit})
		}
		for _, code := range []string{"Y", "L"} {
			c.Accounts = append(c.Accounts, book.Account{Code: code, Name: name, Class: book.Equity,
				Side: book.Credit})
		}
		if bank != "" {
			c.Roles = map[string]string{"bank": bank}
		}
		if conversion.From != "" {
			c.Conversions = []book.Conversion{conversion}
		}
		return c
	}
	all, found := book.NewCharts([]book.Chart{
		chart("a", "", book.Conversion{}, "101", "102"),
		chart("b", "", book.Conversion{From: "a", On: "2025-02-01", Rows: []book.ConversionRow{
			{Account: "101", To: []string{"102"}}, {Account: "102", To: []string{"D.1"}}}}, "102", "D.1"),
		chart("c", "E.2", book.Conversion{From: "b", On: "2025-03-01", Rows: []book.ConversionRow{
			{Account: "102", To: []string{"F"}},
			{Account: "D.1", To: []string{"E.1", "E.2"}, Decide: true}}}, "E.1", "E.2", "F")})
	if fault.Stops(found) {
		t.Fatal(found)
	}
	return all.All()
}

// TestAnAccountFollowsTheConversions: forwards and backwards; the same code under another chart is another
// account.
func TestAnAccountFollowsTheConversions(t *testing.T) {
	list := charts(t)
	for _, c := range []struct {
		at   int
		code string
		want []string
	}{
		{0, "102", []string{"102", "D.1", "E.2"}},
		{0, "101", []string{"101", "102", "F"}},
		{1, "102", []string{"101", "102", "F"}},
		{2, "E.1", []string{"102", "D.1", "E.1"}},
		{2, "F", []string{"101", "102", "F"}},
	} {
		if got := Codes(list, c.at, c.code); !slices.Equal(got, c.want) {
			t.Errorf("%s of chart %s is %q, want %q", c.code, list[c.at].Key, got, c.want)
		}
	}
	if got := Codes([]*book.Chart{list[1], list[1]}, 0, "102"); got[1] != "102" {
		t.Errorf("the same chart once more: %q", got)
	}
}
