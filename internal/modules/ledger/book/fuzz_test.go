package book_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// FuzzCharts: whatever a chart says, it is taken or refused with findings. A chart that is taken keeps
// books: it closes a year of any balances, and its statements can be made. Charts are drawn as JSON,
// which is quick to read; reading YAML is for package pack.
func FuzzCharts(f *testing.F) {
	text, err := os.ReadFile("testdata/charts/province.yaml")
	if err != nil {
		f.Fatal(err)
	}
	var province book.Chart
	if err := yaml.Unmarshal(text, &province); err != nil {
		f.Fatal(err)
	}
	for _, c := range []book.Chart{province, *chart(f, "2024")} {
		body, err := json.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"Key":"a","From":"2026-01-01","Accounts":[{"Code":"a","Parent":"a"}]}`))
	f.Add([]byte(`{"Accounts":[{"Code":"a.a","Parent":"b"},{"Code":"b","Parent":"a.a"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var c book.Chart
		if json.Unmarshal(body, &c) != nil {
			return
		}
		c.Conversions = nil // speak of other charts
		charts, findings := book.NewCharts([]book.Chart{c})
		taken, ok := charts.Get(c.Key)
		if ok == fault.Stops(findings) {
			t.Fatalf("taken: %v, with %v", ok, findings)
		}
		if !ok {
			return
		}
		fold := book.NewFold(taken)
		for i, a := range taken.Accounts {
			if err := fold.Open(book.Balance{Account: a.Code, Amount: 1}); err != nil {
				t.Fatal(err)
			}
			if i%2 == 1 {
				_ = fold.Move(book.Turnover{Account: a.Code, Debit: 3, Credit: 5})
			}
		}
		movement := book.Movement{Opening: fold.Balances(), Turnovers: fold.Turnovers()}
		for i := range taken.Statements {
			figures := book.Figures{book.SpanPeriod: movement, book.SpanYear: movement}
			if _, err := book.Evaluate(&taken.Statements[i], figures); err != nil {
				t.Fatalf("%s: %v", taken.Statements[i].Key, err)
			}
		}
		for _, template := range taken.Templates {
			taken.Fill(template.Key, book.Filling{})
		}
		taken.CloseYear(movement.Opening, taken.From)
		taken.SettleDistribution(movement.Opening, taken.From)
	})
}

// FuzzCanonical: a text is read only if it is what Canonical writes.
func FuzzCanonical(f *testing.F) {
	f.Add("terrace postings 1\n101\t-1\tred\t\t\t\t\t\t\\\\t\n")
	f.Add("terrace postings 1\n")
	f.Add("terrace postings 1\n101\t+1\t\t\t\t\t\t\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		postings, err := book.ParseCanonical(text)
		if err == nil && book.Canonical(postings) != text {
			t.Fatalf("%q is read as %v", text, postings)
		}
	})
}
