package book_test

import (
	"fmt"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// year is a year of a village's books: 300 households on 113, 5,000 vouchers.
func year(b *testing.B, c *book.Chart) book.Movement {
	b.Helper()
	f := book.NewFold(c)
	for i := range 5000 {
		household := fmt.Sprintf("农户%03d", i%300)
		postings := []book.Posting{
			{Account: "113", Amount: money.Fen(1000 + i),
				Dimensions: book.Dimensions{Counterparty: household}},
			{Account: "501", Amount: -money.Fen(1000 + i)}}
		if i%2 == 1 {
			postings[1].Account = "102"
			postings = book.Reverse(postings)
			postings[0].Red, postings[1].Red = false, false
		}
		if err := f.Add(postings); err != nil {
			b.Fatal(err)
		}
	}
	return book.Movement{Turnovers: f.Turnovers()}
}

// BenchmarkStatements makes all standard statements of a village with 300 households on 内部往来.
func BenchmarkStatements(b *testing.B) {
	c := chart(b, "2024")
	m := year(b, c)
	figures := book.Figures{book.SpanPeriod: m, book.SpanYear: m, book.SpanLastYear: m}
	for b.Loop() {
		sums, err := c.Sum(figures)
		if err != nil {
			b.Fatal(err)
		}
		for _, key := range book.StandardStatements {
			s, _ := c.Statement(key)
			if _, err := s.Sheet(sums); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkCheckEntry checks a voucher of four lines.
func BenchmarkCheckEntry(b *testing.B) {
	c := chart(b, "2024")
	e := book.Entry{Date: "2025-03-01", Summary: "支付管理费用", Postings: []book.Posting{
		{Account: "513", Amount: 300}, {Account: "514", Amount: 200},
		{Account: "101", Amount: -100}, {Account: "102", Amount: -400}}}
	for b.Loop() {
		if findings := book.CheckEntry(c, e); len(findings) > 0 {
			b.Fatal(findings)
		}
	}
}
