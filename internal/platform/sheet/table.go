package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Number is a decimal as text that a workbook stores as a number with that many places: money,
// areas. Everything else goes in as text, so that codes and phone numbers keep their zeros.
type Number struct {
	Text   string // plain: 1234.50
	Places int
}

func (n Number) String() string { return n.Text }

// Table is rows to write: headings, and cells that are text, int64 or Number.
type Table struct {
	Title   string
	Heading []string
	Rows    iter.Seq2[[]any, error]
	Notes   []string // lines under the table: the source, the row count
}

// sheetLinesMax is the most lines a worksheet has (ECMA-376 part 1, as spreadsheets implement it).
const sheetLinesMax = 1 << 20

// WriteXLSX writes the table as a workbook, streaming: memory does not grow with the rows. What a
// worksheet cannot hold goes on to the next one, under the same heading.
// It returns the number of rows written.
func WriteXLSX(w io.Writer, t Table) (rows int, err error) {
	return writeBook(w, []Table{t}, sheetLinesMax)
}

// WriteBook writes tables as one workbook, a sheet each, named by its title.
func WriteBook(w io.Writer, tables []Table) error {
	_, err := writeBook(w, tables, sheetLinesMax)
	return err
}

func writeBook(w io.Writer, tables []Table, linesMax int) (rows int, err error) {
	book := excelize.NewFile()
	defer book.Close()
	styles, err := newTableStyles(book)
	if err != nil {
		return 0, err
	}
	b := &tableBook{file: book, styles: styles, linesMax: linesMax, taken: map[string]bool{}}
	for _, t := range tables {
		if err := b.add(t); err != nil {
			return b.rows, err
		}
	}
	return b.rows, book.Write(w)
}

// tableBook is a workbook of tables while it is written.
type tableBook struct {
	file     *excelize.File
	styles   *tableStyles
	linesMax int
	taken    map[string]bool // names of sheets, in small letters
	stream   *excelize.StreamWriter
	line     int // the last one written of the sheet
	rows     int // of all tables
}

// unusedName is a sheet's name for a title that no sheet of the workbook has yet.
func unusedName(title string, taken map[string]bool) string {
	name := sheetName(title)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		suffix := " " + strconv.Itoa(n)
		letters := []rune(sheetName(title))
		name = string(letters[:min(len(letters), sheetNameMax-len(suffix))]) + suffix
	}
	taken[strings.ToLower(name)] = true
	return name
}

// add writes a table to a sheet of its own, and to more of them when one is full.
func (b *tableBook) add(t Table) error {
	if err := b.open(t); err != nil {
		return err
	}
	for cells, err := range t.Rows {
		if err != nil {
			return err
		}
		if err := b.write(t, b.styles.cells(cells)); err != nil {
			return err
		}
		b.rows++
	}
	for i, note := range t.Notes {
		if i == 0 && b.line < b.linesMax {
			b.line++ // stays empty
		}
		if err := b.write(t, []any{note}); err != nil {
			return err
		}
	}
	return b.stream.Flush()
}

// open begins a sheet of a table.
func (b *tableBook) open(t Table) (err error) {
	name := unusedName(t.Title, b.taken)
	if len(b.taken) == 1 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	b.line = 1
	return writeHead(b.stream, t, b.styles)
}

// write adds a line to a table.
func (b *tableBook) write(t Table, cells []any) error {
	if b.line >= b.linesMax {
		if err := b.stream.Flush(); err != nil {
			return err
		}
		if err := b.open(t); err != nil {
			return err
		}
	}
	b.line++
	return b.stream.SetRow(fmt.Sprintf("A%d", b.line), cells)
}

func writeHead(stream *excelize.StreamWriter, t Table, styles *tableStyles) error {
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2",
		ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := stream.SetColWidth(1, max(1, len(t.Heading)), 16); err != nil {
		return err
	}
	heading := make([]any, len(t.Heading))
	for i, h := range t.Heading {
		heading[i] = excelize.Cell{Value: h, StyleID: styles.heading}
	}
	return stream.SetRow("A1", heading)
}

// tableStyles are the few styles of a plain table.
type tableStyles struct {
	heading int
	text    int
	number  map[int]int // places → style
}

func newTableStyles(book *excelize.File) (*tableStyles, error) {
	heading, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6EFE9"}}})
	if err != nil {
		return nil, err
	}
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49}) // @: text, so that codes keep their zeros
	if err != nil {
		return nil, err
	}
	s := &tableStyles{heading: heading, text: text, number: map[int]int{}}
	for places, format := range []string{"#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"} {
		if s.number[places], err = book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *tableStyles) cells(values []any) []any {
	cells := make([]any, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case int64:
			cells[i] = excelize.Cell{Value: v, StyleID: s.number[0]}
		case Number:
			cells[i] = excelize.Cell{Value: decimalValue(v.Text), StyleID: s.number[v.Places]}
		case nil:
			cells[i] = nil
		default:
			cells[i] = excelize.Cell{Value: fmt.Sprint(v), StyleID: s.text}
		}
	}
	return cells
}

// decimalValue hands a decimal to the workbook. A workbook holds binary floating point whatever we
// do; up to fifteen digits it shows them as written, and beyond that the cell is text.
func decimalValue(text string) any {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || digits > significant {
		return text
	}
	return f
}

// WriteCSV writes the table as UTF-8 with a byte-order mark, which spreadsheet programs need to see
// that it is UTF-8. It returns the number of rows written.
func WriteCSV(w io.Writer, t Table) (rows int, err error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return 0, err
	}
	out := csv.NewWriter(w)
	if err := out.Write(t.Heading); err != nil {
		return 0, err
	}
	for cells, err := range t.Rows {
		if err != nil {
			return rows, err
		}
		record := make([]string, len(cells))
		for i, c := range cells {
			if c != nil {
				record[i] = Harmless(fmt.Sprint(c))
			}
		}
		if err := out.Write(record); err != nil {
			return rows, err
		}
		rows++
	}
	out.Flush()
	return rows, out.Error()
}

// Harmless keeps a spreadsheet program from taking a text cell of a CSV file for a formula: a text
// that begins with =, +, - or @ and is no number gets an apostrophe in front. So does one that begins
// with an apostrophe before such a character, so that reading gives back exactly what was written.
func Harmless(text string) string {
	inner := strings.TrimLeft(text, "'")
	if inner == "" {
		return text
	}
	switch inner[0] {
	case '=', '@', '\t', '\r':
		return "'" + text
	case '+', '-':
		if _, err := strconv.ParseFloat(inner, 64); err != nil || inner != text {
			return "'" + text
		}
	}
	return text
}
