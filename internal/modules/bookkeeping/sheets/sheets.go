// Package sheets is what a statement is made into: a plain table for files and print, the hash of its
// figures, and the accounts and days behind a cell. It does no I/O.
//
// # Invariants
//
//  1. The hash is over keys and figures alone: titles and order of the columns' words do not change it.
//  2. Behind a line of sums are the accounts of all lines that it adds up, however deep.
//  3. The days behind a cell are those of its column: the period, its year, or the same period a year before.
//
// # Example
//
// Behind “total assets” of June stand the accounts of money, claims and fixed assets; its column “closing” of
// the year leads to the postings from 1 January to 30 June.
package sheets

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Behind are the accounts of the lines that a line adds up. depth bounds how far it looks.
func Behind(sheet book.Sheet, definition *book.Statement, key string, depth int) []string {
	var codes []string
	for _, l := range sheet.Lines {
		if l.Key == key {
			codes = append(codes, l.Accounts...)
		}
	}
	for _, l := range definition.Lines {
		if l.Key != key || depth == 0 {
			continue
		}
		for _, t := range l.Terms {
			if t.Line != "" {
				codes = append(codes, Behind(sheet, definition, t.Line, depth-1)...)
			}
		}
	}
	return codes
}

// Span are the first and the last day of the postings behind a cell of a column. What stood before them is
// carried over on top of their list.
func Span(column book.Column, p period.Period) (from, to period.Date) {
	from, to = p.First(), p.Last()
	switch column.Span {
	case book.SpanYear:
		from = period.NewDate(to.Year(), 1, 1)
	case book.SpanLastYear:
		last := p.SamePeriodLastYear()
		from, to = last.First(), last.Last()
		if column.Quantity == book.Opening || column.Quantity == book.Closing {
			from = period.NewDate(to.Year(), 1, 1)
		}
	}
	return from, to
}

// Table is a statement as a plain table.
func Table(s book.Sheet, owner string, p period.Period) words.Table {
	t := words.Table{Title: s.Title, Note: words.Plain(owner + " " + p.String()),
		Heading: []words.Words{{Chinese: "行次", English: "No."}, {Chinese: "项目", English: "Item"}},
		Number:  []bool{false, false}}
	for _, c := range s.Columns {
		t.Heading, t.Number = append(t.Heading, c), append(t.Number, true)
	}
	for i, l := range s.Lines {
		row := []words.Words{words.Plain(l.Number), l.Title}
		for j := range s.Columns {
			text := ""
			if j < len(l.Cells) && (j >= len(s.Absent) || !s.Absent[j]) {
				text = l.Cells[j].String()
			}
			row = append(row, words.Plain(text))
		}
		if t.Rows = append(t.Rows, row); l.Sum {
			t.Bold = append(t.Bold, i)
		}
	}
	return t
}

// Hash is over the figures of a statement: keys and cells of its lines, as JSON.
func Hash(s book.Sheet) string {
	type figures struct {
		Key   string      `json:"key"`
		Cells []money.Fen `json:"cells"`
	}
	lines := make([]figures, len(s.Lines))
	for i, l := range s.Lines {
		lines[i] = figures{l.Key, l.Cells}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		panic(err) // keys and whole numbers
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
