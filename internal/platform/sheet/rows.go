package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/sheet/markup"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rows streams the rows of a sheet in which something is written.
func (b *Book) rows(p part) iter.Seq2[row, error] {
	if b.text != nil {
		return b.text.rows(b)
	}
	return func(yield func(row, error) bool) {
		r := &rowReader{book: b, yield: yield}
		b.hides = nil
		if err := b.each(p.file, b.limits.Unzipped, r.visit); err != nil {
			yield(row{}, err)
		}
	}
}

// rowReader follows the tags of a sheet: sheetData > row > c > (f, v, is > t).
type rowReader struct {
	book  *Book
	yield func(row, error) bool

	inData   bool
	row      row
	seen     int // rows with content
	cell     cell
	kind     string // the attribute t of the cell
	value    []byte
	collects bool // the text belongs to the cell's value
	phonetic int
}

func (r *rowReader) visit(m *markup.Reader, kind markup.Token) error {
	if kind == markup.Text {
		if r.collects && r.phonetic == 0 {
			r.value = append(r.value, m.Text()...)
		}
		return nil
	}
	name := m.Name()
	if !r.inData {
		r.inData = kind == markup.Start && string(name) == "sheetData"
		if kind == markup.Start && string(name) == "col" {
			r.book.hideColumns(m)
		}
		return nil
	}
	if kind == markup.Start {
		return r.start(m, name)
	}
	return r.end(name)
}

func (r *rowReader) start(m *markup.Reader, name []byte) error {
	switch string(name) {
	case "row":
		return r.startRow(m)
	case "c":
		return r.startCell(m)
	case "f":
		r.cell.pending = true
	case "v":
		r.cell.pending = false
		r.collects = true
	case "t":
		r.collects = true
	case "rPh":
		r.phonetic++
	}
	return nil
}

// span is a run of columns, from 0, ends included.
type span struct{ from, to int }

// hideColumns notes columns that the sheet does not show.
func (b *Book) hideColumns(m *markup.Reader) {
	hidden, _ := m.Attribute("hidden")
	first, _ := m.Attribute("min")
	last, _ := m.Attribute("max")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if (hidden == "1" || hidden == "true") && err1 == nil && err2 == nil &&
		len(b.hides) < b.limits.Columns {
		b.hides = append(b.hides, span{from - 1, to - 1})
	}
}

// hides reports whether a column is among those that are not shown.
func hides(spans []span, column int) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from <= column && column <= s.to })
}

func (r *rowReader) startRow(m *markup.Reader) error {
	number := r.row.number + 1
	if text, ok := m.Attribute("r"); ok {
		n, err := strconv.Atoi(text)
		if err != nil || n < number || n > 1<<20 {
			return fmt.Errorf("sheet: the row %q is out of order", text)
		}
		number = n
	}
	hidden, _ := m.Attribute("hidden")
	r.row = row{number: number, hidden: hidden == "1" || hidden == "true", cells: r.row.cells[:0]}
	r.cell.column = -1
	return nil
}

func (r *rowReader) startCell(m *markup.Reader) error {
	column := r.cell.column + 1
	if address, ok := m.Attribute("r"); ok {
		named := columnOf(address)
		if named < column {
			return fmt.Errorf("sheet: the cell %q is out of order", address)
		}
		column = named
	}
	r.cell = cell{column: column}
	r.kind, _ = m.Attribute("t")
	if text, ok := m.Attribute("s"); ok {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(r.book.styles) {
			r.cell.style = r.book.styles[n]
		}
	}
	r.value = r.value[:0]
	return nil
}

func (r *rowReader) end(name []byte) error {
	switch string(name) {
	case "v", "t":
		r.collects = false
	case "rPh":
		r.phonetic--
	case "c":
		return r.endCell()
	case "row":
		return r.endRow()
	case "sheetData":
		return errEnough
	}
	return nil
}

// cellKinds are the values of the attribute t.
var cellKinds = map[string]cellKind{"": numberCell, "n": numberCell, "s": textCell, "str": textCell,
	"inlineStr": textCell, "b": flagCell, "e": errorCell, "d": dayCell}

func (r *rowReader) endCell() error {
	kind, ok := cellKinds[r.kind]
	if !ok {
		return fmt.Errorf("sheet: a cell of the unknown type %q", r.kind)
	}
	r.cell.kind, r.cell.text = kind, string(r.value)
	if r.kind == "s" {
		i, err := strconv.Atoi(string(r.value))
		text, ok := r.book.strings.at(i)
		if err != nil || !ok {
			return fmt.Errorf("sheet: the shared text %q is missing", r.value)
		}
		r.cell.text = text
	}
	if r.cell.text == "" && !r.cell.pending {
		return nil
	}
	return r.book.addCell(&r.row, r.cell)
}

// addCell adds a cell to a row within the limits. A text that is too long is cut one character after
// the limit, so that the field it belongs to refuses it.
func (b *Book) addCell(to *row, c cell) error {
	if c.column >= b.limits.Columns {
		return fault.New(fault.TooLarge, "sheet.columns", b.upload.Name, b.limits.Columns)
	}
	if c.kind == textCell {
		if c.text = visible(c.text); c.text == "" && !c.pending {
			return nil
		}
	}
	if len(c.text) > b.limits.CellText && utf8.RuneCountInString(c.text) > b.limits.CellText {
		c.text = string([]rune(c.text)[:b.limits.CellText+1])
	}
	to.cells = append(to.cells, c)
	return nil
}

func (r *rowReader) endRow() error {
	if r.row.blank() {
		return nil
	}
	if r.seen++; r.seen > r.book.limits.Rows {
		return fault.New(fault.TooLarge, "sheet.rows", r.book.upload.Name, r.book.limits.Rows)
	}
	if !r.yield(r.row, nil) {
		return errEnough
	}
	return nil
}

// merge is a merged area, in columns from 0 and rows from 1, ends included.
type merge struct{ left, top, right, bottom int }

// merges reads the merged areas of a sheet. They stand behind the rows, so the whole part is unzipped
// once before its rows are read; that also proves that it is whole and within the limits before
// anything is made of it.
func (b *Book) merges(p part) ([]merge, error) {
	f := b.parts[partName(p.file)]
	if b.text != nil || f == nil {
		return nil, nil
	}
	tail, err := b.tail(f, "mergeCells")
	if err != nil || tail == nil {
		return nil, err
	}
	var all []merge
	m := markup.New(bytes.NewReader(tail))
	for {
		kind, err := m.Next()
		if err != nil || kind == markup.Finished || kind == markup.End && m.Depth() == 0 {
			return all, nil // the tail ends with the sheet's own end tag, which has no beginning here
		}
		if kind != markup.Start || string(m.Name()) != "mergeCell" {
			continue
		}
		area, _ := m.Attribute("ref")
		if merged, ok := parseArea(area); ok {
			all = append(all, merged)
		}
		if len(all) > b.limits.Merges {
			return nil, fault.New(fault.TooLarge, "sheet.merges", b.upload.Name, b.limits.Merges)
		}
	}
}

// tailMax is the number of bytes behind the rows that are looked at.
const tailMax = 4 << 20

// tail unzips a part to its end and gives what begins with the last tag of a name, or nil.
func (b *Book) tail(f *zip.File, name string) ([]byte, error) {
	content, err := f.Open()
	if err != nil {
		return nil, b.broken(err)
	}
	defer content.Close()
	in := bufio.NewReaderSize(content, 256<<10)
	var tail []byte
	for {
		window, err := in.Peek(64 << 10)
		if len(window) == 0 {
			if err != io.EOF {
				return nil, b.broken(err)
			}
			return tail, nil
		}
		take := len(window)
		if at := beginning(window, name); tail == nil && at >= 0 {
			if at == 0 {
				tail = []byte{}
			} else {
				take = at
			}
		} else if tail == nil && err == nil {
			take -= 64 // a tag may begin here
		}
		if tail != nil && len(tail)+take <= tailMax {
			tail = append(tail, window[:take]...)
		}
		if _, err := in.Discard(take); err != nil {
			return nil, b.broken(err)
		}
	}
}

// beginning finds where a tag of a name, with or without a prefix, begins; -1 if nowhere.
func beginning(window []byte, name string) int {
	from := 0
	for {
		at := bytes.Index(window[from:], []byte(name))
		if at < 0 {
			return -1
		}
		at += from
		open := at - 1
		for open > 0 && at-open < 32 && isName(window[open]) {
			open--
		}
		if open >= 0 && window[open] == '<' {
			return open
		}
		from = at + len(name)
	}
}

func isName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '_' ||
		c == '-' || c == '.'
}

// parseArea reads B2:D5.
func parseArea(text string) (merge, bool) {
	from, to, found := bytes.Cut([]byte(text), []byte(":"))
	if !found {
		return merge{}, false
	}
	a := merge{left: columnOf(string(from)), right: columnOf(string(to)), top: rowOf(string(from)),
		bottom: rowOf(string(to))}
	return a, a.left >= 0 && a.right >= a.left && a.top >= 1 && a.bottom >= a.top
}

func rowOf(address string) int {
	for i := range len(address) {
		if address[i] >= '0' && address[i] <= '9' {
			n, err := strconv.Atoi(address[i:])
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}
