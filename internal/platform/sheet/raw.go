package sheet

import (
	"iter"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// RawCell is a cell of a file that follows no form of ours: a bank's statement.
type RawCell struct {
	Column  int         // from 0
	Text    string      // a number is written plainly: 1234.5
	Number  bool        // the file holds a number, and Text has the digits it keeps of it
	Inexact bool        // a number of more digits than a workbook keeps: its last are lost
	Day     period.Date // of a cell that shows a day
	Serial  period.Date // the day that a number would be if it were one
	Merged  bool        // the text stands in the first cell of a merged area that covers this one
	Problem RawProblem
}

// RawProblem is why a cell has no value.
type RawProblem string

// The problems.
const (
	RawError   RawProblem = "error"   // #REF!
	RawPending RawProblem = "pending" // a formula whose result the file does not hold
)

// RawRow is a row in which something is written.
type RawRow struct {
	Number int // as a spreadsheet program shows it
	Hidden bool
	Cells  []RawCell // ascending
}

// ColumnName is the name of a column as a spreadsheet program shows it: 0 is A, 26 is AA.
func ColumnName(column int) string { return letters(column) }

// Raw streams the rows of a sheet as they stand, with the cells of merged areas filled in and marked:
// what a merged cell means is the reader's to say.
func (b *Book) Raw(name string) iter.Seq2[RawRow, error] {
	return func(yield func(RawRow, error) bool) {
		p, ok := b.find(name)
		if !ok {
			yield(RawRow{}, fault.New(fault.Invalid, "sheet.broken", b.upload.Name))
			return
		}
		areas, err := b.merges(p)
		if err != nil {
			yield(RawRow{}, err)
			return
		}
		filler := newFiller(areas)
		for r, err := range b.rows(p) {
			if err != nil {
				yield(RawRow{}, err)
				return
			}
			raw := RawRow{Number: r.number, Hidden: r.hidden}
			for _, c := range r.cells {
				raw.Cells = append(raw.Cells, b.raw(c))
			}
			filler.fill(&raw)
			if !yield(raw, nil) {
				return
			}
		}
	}
}

func (b *Book) raw(c cell) RawCell {
	raw := RawCell{Column: c.column, Text: c.text}
	switch {
	case c.kind == errorCell:
		raw.Problem = RawError
	case c.pending:
		raw.Problem = RawPending
	case c.kind == dayCell:
		if day := period.Date(c.text[:min(len(c.text), len("2006-01-02"))]); day.Valid() {
			raw.Day = day
		}
	case c.kind == numberCell:
		text, exact := plainNumber(c.text)
		raw.Text, raw.Number, raw.Inexact = text, true, !exact
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			if day, ok := b.date.day(f); ok {
				raw.Serial = day
			}
		}
		if c.style.date {
			raw.Day = raw.Serial
		}
	}
	return raw
}

// filler fills the cells of merged areas from their first one.
type filler struct {
	areas  []merge // by their first row
	active []area
}

type area struct {
	merge
	first RawCell
}

func newFiller(areas []merge) *filler {
	f := &filler{areas: slices.Clone(areas)}
	slices.SortStableFunc(f.areas, func(a, b merge) int { return a.top - b.top })
	return f
}

func (f *filler) fill(r *RawRow) {
	f.active = slices.DeleteFunc(f.active, func(a area) bool { return a.bottom < r.Number })
	for len(f.areas) > 0 && f.areas[0].top <= r.Number {
		m := f.areas[0]
		f.areas = f.areas[1:]
		at := slices.IndexFunc(r.Cells, func(c RawCell) bool { return c.Column == m.left })
		if at >= 0 && m.top == r.Number {
			f.active = append(f.active, area{m, r.Cells[at]})
		}
	}
	for _, a := range f.active {
		for column := a.left; column <= min(a.right, a.left+filledColumnsMax); column++ {
			f.put(r, a, column)
		}
	}
}

// filledColumnsMax keeps an area that claims sixteen thousand columns from filling them.
const filledColumnsMax = 64

func (f *filler) put(r *RawRow, a area, column int) {
	at, there := slices.BinarySearchFunc(r.Cells, column, func(c RawCell, column int) int {
		return c.Column - column
	})
	if there {
		return
	}
	c := a.first
	c.Column, c.Merged = column, true
	r.Cells = slices.Insert(r.Cells, at, c)
}

// InOtherEncoding is the same file read in the other encoding that its bytes fit; false if only one
// fits. Whoever knows what must stand in the file decides between them.
func (b *Book) InOtherEncoding() (*Book, bool) {
	if b.text == nil || b.text.other == nil {
		return nil, false
	}
	other, text := *b, *b.text
	text.encoding, text.other = *b.text.other, nil
	other.text, other.Encoding = &text, text.encoding.name
	return &other, true
}
