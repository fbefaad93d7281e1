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

// WriteXLSX writes the table as a workbook, streaming: memory does not grow with the rows.
// It returns the number of rows written.
func WriteXLSX(w io.Writer, t Table) (rows int, err error) {
	book := excelize.NewFile()
	defer book.Close()
	if rows, err = addSheet(book, "Sheet1", t); err != nil {
		return rows, err
	}
	return rows, book.Write(w)
}

// WriteBook writes tables as one workbook, a sheet each, named by its title.
func WriteBook(w io.Writer, tables []Table) error {
	book := excelize.NewFile()
	defer book.Close()
	taken := map[string]bool{}
	for i, t := range tables {
		name := unusedName(t.Title, taken)
		if i == 0 {
			if err := book.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := book.NewSheet(name); err != nil {
			return err
		}
		if _, err := addSheet(book, name, t); err != nil {
			return err
		}
	}
	return book.Write(w)
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

// addSheet writes a table to a sheet of a workbook.
func addSheet(book *excelize.File, name string, t Table) (rows int, err error) {
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return 0, err
	}
	styles, err := newTableStyles(book)
	if err != nil {
		return 0, err
	}
	if err := writeHead(stream, t, styles); err != nil {
		return 0, err
	}
	line := 2
	for cells, err := range t.Rows {
		if err != nil {
			return rows, err
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", line), styles.cells(cells)); err != nil {
			return rows, err
		}
		rows++
		line++
	}
	for _, note := range t.Notes {
		line++
		if err := stream.SetRow(fmt.Sprintf("A%d", line), []any{note}); err != nil {
			return rows, err
		}
	}
	return rows, stream.Flush()
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
