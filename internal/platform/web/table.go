package web

import (
	"bytes"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// TableView is a plain table in one language, as the block "plain-table" shows it.
type TableView struct {
	Title, Note string
	Heading     []CellView
	Rows        []LineView
}

// CellView is a cell of a plain table; Href is empty or what it opens.
type CellView struct {
	Text   string
	Number bool
	Href   string
}

// LineView is a line of a plain table.
type LineView struct {
	Cells []CellView
	Bold  bool
}

// TableIn turns a plain table into what a page shows.
func TableIn(l words.Language, t words.Table) TableView {
	v := TableView{Title: t.Title.In(l), Note: t.Note.In(l)}
	for i, h := range t.Heading {
		v.Heading = append(v.Heading, CellView{Text: h.In(l), Number: t.IsNumber(i)})
	}
	for i, cells := range t.Rows {
		line := LineView{Bold: slices.Contains(t.Bold, i)}
		for j, c := range cells {
			line.Cells = append(line.Cells, CellView{Text: c.In(l), Number: t.IsNumber(j)})
		}
		v.Rows = append(v.Rows, line)
	}
	return v
}

// Book answers with plain tables as one workbook, a sheet each.
func Book(r *Request, name string, tables []words.Table) (Answer, error) {
	sheets := make([]sheet.Table, len(tables))
	for i, t := range tables {
		sheets[i] = sheetOf(t, r.Language)
	}
	var book bytes.Buffer
	if err := sheet.WriteBook(&book, sheets); err != nil {
		return nil, err
	}
	return File(name+".xlsx", formatKinds["xlsx"], &book), nil
}

func sheetOf(t words.Table, l words.Language) sheet.Table {
	out := sheet.Table{Title: t.Title.In(l)}
	for _, h := range t.Heading {
		out.Heading = append(out.Heading, h.In(l))
	}
	if note := t.Note.In(l); note != "" {
		out.Notes = []string{note}
	}
	out.Rows = func(yield func([]any, error) bool) {
		for _, cells := range t.Rows {
			line := make([]any, len(cells))
			for i, c := range cells {
				line[i] = figureOf(c.In(l), t.IsNumber(i))
			}
			if !yield(line, nil) {
				return
			}
		}
	}
	return out
}

// figureOf makes a figure a number with its places, so that a workbook can add it up.
func figureOf(text string, isNumber bool) any {
	if !isNumber || text == "" || strings.Trim(text, "-0123456789,.") != "" {
		return text
	}
	plain := strings.ReplaceAll(text, ",", "")
	_, fraction, _ := strings.Cut(plain, ".")
	return sheet.Number{Text: plain, Places: len(fraction)}
}
