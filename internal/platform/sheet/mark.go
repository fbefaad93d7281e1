package sheet

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Marking writes a copy of a file in which whoever filled it in finds what is wrong: each cell with a
// finding is coloured and has a comment, and a sheet of its own lists them all. The copy is corrected
// in place and sent again; marks of an earlier copy are taken off first.
type Marking struct {
	Dictionary *locale.Dictionary
	Language   locale.Language
	Findings   []fault.Finding
	Limits     Limits
}

const (
	foundSheet  = "检查结果 Findings" // passed over when the copy comes back
	markAuthor  = "Terrace"
	marksMax    = 1_000    // cells with a comment
	listedMax   = 10_000   // lines of the list
	inPlaceMax  = 24 << 20 // bytes of sheets that are edited; larger ones get the list alone
	commentMax  = 1_000    // characters
	commentWide = 320      // pixels
)

// colours of a marked cell, by severity.
var colours = map[fault.Severity]string{fault.Error: "F6C9C4", fault.Warning: "FBE7B9",
	fault.Note: "D6E6F5"}

// cellMark is what there is to say about one cell.
type cellMark struct {
	severity fault.Severity
	texts    []string
}

// Write writes the copy. A sheet of more than 24 MB would have to be held in memory to be edited: its
// copy is the list alone.
func (m Marking) Write(w io.Writer, u Upload) (err error) {
	book, err := Open(u, m.Limits)
	if err != nil {
		return err
	}
	defer func() { // a file may be such that the library that edits it gives up
		if p := recover(); p != nil {
			err = book.broken(fmt.Errorf("panic while marking: %v", p))
		}
	}()
	var copied *excelize.File
	switch {
	case book.text != nil:
		copied, err = m.ofText(book)
	case book.editedSize() <= inPlaceMax:
		copied, err = m.inPlace(book)
	default:
		copied = excelize.NewFile()
		err = copied.SetSheetName("Sheet1", foundSheet)
	}
	if copied != nil {
		defer copied.Close()
	}
	if err == nil {
		err = m.list(copied)
	}
	if err != nil {
		return book.broken(err)
	}
	return copied.Write(w)
}

func (b *Book) editedSize() int64 {
	var size int64
	for _, p := range b.sheets {
		if f := b.parts[partName(p.file)]; f != nil {
			size += int64(min(f.UncompressedSize64, 1<<40))
		}
	}
	return size
}

// marks gathers the findings of each cell of a sheet. One about a whole row is put to its first cell.
func (m Marking) marks(sheet string) map[string]cellMark {
	all := map[string]cellMark{}
	for _, f := range m.Findings {
		if f.Sheet != sheet || f.Row == 0 || len(all) == marksMax {
			continue
		}
		column := f.Column
		if columnOf(column) < 0 {
			column = "A"
		}
		cell := column + strconv.Itoa(f.Row)
		mark := all[cell]
		if mark.severity == "" || rank(f.Severity) < rank(mark.severity) {
			mark.severity = f.Severity
		}
		mark.texts = append(mark.texts, m.Dictionary.Text(m.Language, f.Key, f.Args...))
		all[cell] = mark
	}
	return all
}

func rank(s fault.Severity) int {
	switch s {
	case fault.Error:
		return 0
	case fault.Warning:
		return 1
	}
	return 2
}

// inPlace marks the workbook itself: everything else in it stays as it is.
func (m Marking) inPlace(b *Book) (*excelize.File, error) {
	content, err := readAll(io.NewSectionReader(b.upload.Content, 0, b.upload.Size), b.limits.Bytes)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(content),
		excelize.Options{UnzipSizeLimit: b.limits.Unzipped, UnzipXMLSizeLimit: b.limits.Unzipped})
	if err != nil {
		return nil, err
	}
	if i, err := f.GetSheetIndex(foundSheet); err == nil && i >= 0 {
		if err := f.DeleteSheet(foundSheet); err != nil {
			return f, err
		}
	}
	for _, p := range b.sheets {
		if p.hidden || p.name == foundSheet {
			continue
		}
		if err := m.unmark(f, p.name); err != nil {
			return f, err
		}
		marks := m.marks(p.name)
		for _, cell := range slices.Sorted(maps.Keys(marks)) {
			if err := m.mark(f, p.name, cell, marks[cell]); err != nil {
				return f, err
			}
		}
	}
	_, err = f.NewSheet(foundSheet)
	return f, err
}

// unmark takes off the comments and colours of an earlier copy.
func (m Marking) unmark(f *excelize.File, sheet string) error {
	comments, err := f.GetComments(sheet)
	if err != nil {
		return err
	}
	for _, c := range comments {
		if c.Author != markAuthor {
			continue
		}
		if err := f.DeleteComment(sheet, c.Cell); err != nil {
			return err
		}
		if err := fill(f, sheet, c.Cell, excelize.Fill{}); err != nil {
			return err
		}
	}
	return nil
}

func (m Marking) mark(f *excelize.File, sheet, cell string, mark cellMark) error {
	coloured := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[mark.severity]}}
	if err := fill(f, sheet, cell, coloured); err != nil {
		return err
	}
	return f.AddComment(sheet, comment(cell, mark))
}

func comment(cell string, mark cellMark) excelize.Comment {
	text := []rune(strings.Join(mark.texts, "\n"))
	if len(text) > commentMax {
		text = append(text[:commentMax-1], '…')
	}
	return excelize.Comment{Author: markAuthor, Cell: cell, Text: string(text), Width: commentWide,
		Height: uint(40 + 20*len(mark.texts) + len(text))}
}

// fill changes the background of a cell and nothing else of its style.
func fill(f *excelize.File, sheet, cell string, with excelize.Fill) error {
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		return err
	}
	style, err := f.GetStyle(id)
	if err != nil {
		return err
	}
	style.Fill = with
	if id, err = f.NewStyle(style); err != nil {
		return err
	}
	return f.SetCellStyle(sheet, cell, cell, id)
}

// ofText makes a workbook of a CSV file, cell by cell as text, and marks it.
func (m Marking) ofText(b *Book) (*excelize.File, error) {
	f := excelize.NewFile()
	name := sheetName(b.sheets[0].name)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return f, err
	}
	marks := m.marks(b.sheets[0].name)
	for _, cell := range slices.Sorted(maps.Keys(marks)) {
		if err := f.AddComment(name, comment(cell, marks[cell])); err != nil {
			return f, err
		}
	}
	stream, err := f.NewStreamWriter(name)
	if err != nil {
		return f, err
	}
	styles := map[fault.Severity]int{}
	for severity, colour := range colours {
		style := excelize.Style{NumFmt: 49, Fill: excelize.Fill{Type: "pattern", Pattern: 1,
			Color: []string{colour}}}
		if styles[severity], err = f.NewStyle(&style); err != nil {
			return f, err
		}
	}
	for r, err := range b.rows(b.sheets[0]) {
		if err != nil {
			return f, err
		}
		if err := stream.SetRow("A"+strconv.Itoa(r.number), markedRow(r, marks, styles)); err != nil {
			return f, err
		}
	}
	if err := stream.Flush(); err != nil {
		return f, err
	}
	_, err = f.NewSheet(foundSheet)
	return f, err
}

func markedRow(r row, marks map[string]cellMark, styles map[fault.Severity]int) []any {
	var cells []any
	for _, c := range r.cells {
		for len(cells) < c.column {
			cells = append(cells, nil)
		}
		cells = append(cells, c.text)
	}
	for column := range max(len(cells), 26) {
		mark, ok := marks[letters(column)+strconv.Itoa(r.number)]
		if !ok {
			continue
		}
		for len(cells) <= column {
			cells = append(cells, nil)
		}
		text, _ := cells[column].(string)
		cells[column] = excelize.Cell{Value: text, StyleID: styles[mark.severity]}
	}
	return cells
}

// list writes the sheet with all findings, the worst first.
func (m Marking) list(f *excelize.File) error {
	stream, err := f.NewStreamWriter(foundSheet)
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	wrap, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true,
		Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, width := range []float64{10, 36, 100} {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	for i, line := range m.lines() {
		style := wrap
		if i == 0 {
			style = bold
		}
		cells := make([]any, len(line))
		for j, text := range line {
			cells[j] = excelize.Cell{Value: text, StyleID: style}
		}
		if err := stream.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return err
		}
	}
	return stream.Flush()
}

func (m Marking) lines() [][]string {
	t := func(key string, args ...any) string { return m.Dictionary.Text(m.Language, key, args...) }
	lines := [][]string{{t("sheet.found.severity"), t("sheet.found.place"), t("sheet.found.text")}}
	if len(m.Findings) == 0 {
		return append(lines, []string{"", "", t("sheet.found.none")})
	}
	for _, severity := range []fault.Severity{fault.Error, fault.Warning, fault.Note} {
		for _, f := range m.Findings {
			if f.Severity != severity {
				continue
			}
			if len(lines) > listedMax {
				return append(lines, []string{"", "", t("sheet.found.more", listedMax)})
			}
			place := m.Dictionary.Place(m.Language, f)
			text := f
			text.Sheet, text.Row, text.Column = "", 0, ""
			lines = append(lines, []string{t("severity." + string(severity)), place,
				m.Dictionary.Finding(m.Language, text)})
		}
	}
	return lines
}
