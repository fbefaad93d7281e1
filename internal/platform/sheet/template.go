package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Template is a form as a file to fill in: for one organisation and period, with the rows that are
// known already.
type Template struct {
	Form             *form.Definition
	Language         locale.Language
	Dictionary       *locale.Dictionary
	Organisation     string // reference, as the reader will ask for it
	OrganisationName string
	Period           string
	On               period.Date                 // the day whose code lists are offered
	Rows             iter.Seq2[Prefilled, error] // nil: none
	BlankRows        int                         // lines drawn below them; 0: 30. More can be filled in.
}

// Prefilled is a row that is known already. Its read-only fields are locked.
type Prefilled struct {
	Ref   string   // by which the row is found again; unique within the file
	Cells []string // plain values in the order of the form's fields
}

// The rows of a template's sheet.
const (
	titleRow = 1 + iota
	aboutRow
	legendRow
	keysRow // hidden
	headingRow
	firstRow
)

const (
	blankRows   = 30
	enteredLast = 100_000 // row up to which drop-downs and formats reach
)

func (t Template) meta() Meta {
	m := Meta{Form: t.Form.Key, Version: t.Form.Version, Title: t.Form.Title.In(t.Language),
		Fingerprint: fingerprint(t.Form), Organisation: t.Organisation,
		OrganisationName: t.OrganisationName, Period: t.Period}
	m.Hash = m.hash()
	return m
}

func (t Template) text(key string, args ...any) string {
	return t.Dictionary.Text(t.Language, key, args...)
}

// headings are the labels with their units; a star marks what must be filled in.
func (t Template) headings() []string {
	all := make([]string, len(t.Form.Fields))
	for i := range t.Form.Fields {
		f := &t.Form.Fields[i]
		all[i] = f.Label.In(t.Language)
		if unit := f.UnitIn(t.Language); unit != "" {
			all[i] = t.text("sheet.heading", all[i], unit)
		}
		if f.Required {
			all[i] += " *"
		}
	}
	return all
}

// shown is a plain value as the sheet shows it: a choice by its meaning, a flag by its word.
func (t Template) shown(f *form.Field, plain string) string {
	switch {
	case plain == "":
		return ""
	case f.CodeList() != nil:
		if e, ok := f.CodeList().Entry(plain, t.On); ok {
			return e.Words().In(t.Language)
		}
	case f.Kind == form.Flag:
		if plain == "1" {
			return t.text("form.yes")
		}
		return t.text("form.no")
	}
	return plain
}

func (t Template) rows() iter.Seq2[Prefilled, error] {
	if t.Rows == nil {
		return func(func(Prefilled, error) bool) {}
	}
	return t.Rows
}

// WriteCSV writes the template as CSV: what it is in the first row, labels in the second. It has no
// drop-downs and no locks; the reader notices a changed locked cell all the same. It returns the
// number of rows.
func (t Template) WriteCSV(w io.Writer) (rows int, err error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return 0, err
	}
	meta := t.meta()
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{metaMark}, meta.fields()...)); err != nil {
		return 0, err
	}
	if err := out.Write(append(t.headings(), refKey, sealKey)); err != nil {
		return 0, err
	}
	for p, err := range t.rows() {
		if err != nil {
			return rows, err
		}
		record := make([]string, len(t.Form.Fields)+2)
		for i := range t.Form.Fields {
			record[i] = Harmless(t.shown(&t.Form.Fields[i], at(p.Cells, i)))
		}
		record[len(t.Form.Fields)], record[len(t.Form.Fields)+1] = p.Ref, t.seal(meta, p)
		if err := out.Write(record); err != nil {
			return rows, err
		}
		rows++
	}
	out.Flush()
	return rows, out.Error()
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func (t Template) seal(meta Meta, p Prefilled) string {
	cells := make([]string, len(t.Form.Fields))
	copy(cells, p.Cells)
	return meta.seal(t.Form, p.Ref, cells, form.Context{On: t.On})
}

// WriteXLSX writes the template as a workbook, streaming: memory does not grow with the rows. It
// returns the number of rows.
func (t Template) WriteXLSX(w io.Writer) (rows int, err error) {
	book := excelize.NewFile()
	defer book.Close()
	name := sheetName(t.Form.Title.In(t.Language))
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return 0, err
	}
	writer := &templateWriter{Template: t, book: book, sheet: name, seals: t.meta(),
		lists: map[string]int{}}
	if err := writer.hiddenSheets(); err != nil {
		return 0, err
	}
	if rows, err = writer.data(); err != nil {
		return rows, err
	}
	return rows, book.Write(w)
}

// sheetNameMax is the number of characters a sheet's name may have.
const sheetNameMax = 31

// sheetName makes a name a sheet may have: not too long, with none of the characters Excel refuses.
func sheetName(title string) string {
	var name []rune
	for _, r := range title {
		switch r {
		case ':', '\\', '/', '?', '*', '[', ']', '\'':
			r = ' '
		}
		if len(name) < sheetNameMax {
			name = append(name, r)
		}
	}
	if strings.TrimSpace(string(name)) == "" {
		return "Sheet1"
	}
	return string(name)
}

// templateWriter writes one workbook.
type templateWriter struct {
	Template
	book   *excelize.File
	sheet  string
	seals  Meta
	styles templateStyles
	lists  map[string]int // code list → its column on the hidden sheet
}

// data writes the sheet that people see.
func (w *templateWriter) data() (rows int, err error) {
	if err := w.page(); err != nil {
		return 0, err
	}
	if w.styles, err = newTemplateStyles(w.book); err != nil {
		return 0, err
	}
	stream, err := w.book.NewStreamWriter(w.sheet)
	if err != nil {
		return 0, err
	}
	if err := w.columns(stream); err != nil {
		return 0, err
	}
	if err := w.head(stream); err != nil {
		return 0, err
	}
	if rows, err = w.body(stream); err != nil {
		return rows, err
	}
	for i := range w.Form.Fields {
		if err := w.validation(i); err != nil {
			return rows, err
		}
	}
	return rows, stream.Flush()
}

func (w *templateWriter) head(stream *excelize.StreamWriter) error {
	unit := ""
	if w.Form.Mark == form.Unverified {
		unit = w.text("form.unverified")
	}
	keys := make([]any, 0, len(w.Form.Fields)+2)
	headings := make([]any, 0, len(w.Form.Fields)+2)
	for i, h := range w.headings() {
		keys = append(keys, w.Form.Fields[i].Key)
		headings = append(headings, excelize.Cell{Value: h, StyleID: w.styles.heading})
	}
	keys = append(keys, refKey, sealKey)
	for _, line := range []struct {
		row    int
		cells  []any
		option excelize.RowOpts
	}{
		{titleRow, []any{excelize.Cell{Value: w.Form.Title.In(w.Language), StyleID: w.styles.title}},
			excelize.RowOpts{Height: 26}},
		{aboutRow, []any{w.text("sheet.about", w.OrganisationName, w.Period) + " " + unit},
			excelize.RowOpts{}},
		{legendRow, []any{excelize.Cell{Value: w.text("sheet.legend"), StyleID: w.styles.soft}},
			excelize.RowOpts{}},
		{keysRow, keys, excelize.RowOpts{Hidden: true}},
		{headingRow, headings, excelize.RowOpts{Height: 32}},
	} {
		if err := stream.SetRow("A"+strconv.Itoa(line.row), line.cells, line.option); err != nil {
			return err
		}
	}
	return nil
}

// body writes the known rows, with their read-only cells locked, and lines to fill in.
func (w *templateWriter) body(stream *excelize.StreamWriter) (rows int, err error) {
	line := firstRow
	n := len(w.Form.Fields)
	for p, err := range w.rows() {
		if err != nil {
			return rows, err
		}
		cells := make([]any, n+2)
		for i := range w.Form.Fields {
			f := &w.Form.Fields[i]
			cells[i] = excelize.Cell{Value: w.value(f, at(p.Cells, i)), StyleID: w.styles.of(f, f.ReadOnly)}
		}
		cells[n], cells[n+1] = p.Ref, w.seal(w.seals, p)
		if err := stream.SetRow("A"+strconv.Itoa(line), cells); err != nil {
			return rows, err
		}
		rows++
		line++
	}
	empty := make([]any, n)
	for i := range w.Form.Fields {
		empty[i] = excelize.Cell{StyleID: w.styles.of(&w.Form.Fields[i], false)}
	}
	more := w.BlankRows
	if more == 0 {
		more = blankRows
	}
	for range more {
		if err := stream.SetRow("A"+strconv.Itoa(line), empty); err != nil {
			return rows, err
		}
		line++
	}
	return rows, nil
}

// value is a plain value as a cell: numbers and days as such, so that people can sort and add up.
func (w *templateWriter) value(f *form.Field, plain string) any {
	switch {
	case plain == "":
		return nil
	case f.Numeric():
		return decimalValue(plain)
	case f.Kind == form.Date:
		if n := serialOf(plain); n > 0 {
			return n
		}
	}
	return w.shown(f, plain)
}

func serialOf(plain string) int {
	day, err := period.ParseDate(plain)
	if err != nil {
		return 0
	}
	return serial(day)
}

// hiddenSheets writes what the template says of itself and the long code lists. It comes before the
// rows: hiding a sheet makes excelize load every sheet there is.
func (w *templateWriter) hiddenSheets() error {
	var about, codes [][]string
	for i, field := range w.seals.fields() {
		about = append(about, []string{metaNames[i], field})
	}
	for i := range w.Form.Fields {
		texts := w.Form.Fields[i].Choices(w.Language, w.On)
		if _, done := w.lists[w.Form.Fields[i].Codes]; done || short(texts) {
			continue
		}
		column := len(w.lists)
		w.lists[w.Form.Fields[i].Codes] = column
		for row, text := range texts {
			if len(codes) <= row {
				codes = append(codes, nil)
			}
			for len(codes[row]) < column {
				codes[row] = append(codes[row], "")
			}
			codes[row] = append(codes[row], text)
		}
	}
	if err := w.hidden(metaSheet, about); err != nil || len(codes) == 0 {
		return err
	}
	return w.hidden(codesSheet, codes)
}

func (w *templateWriter) hidden(name string, rows [][]string) error {
	if _, err := w.book.NewSheet(name); err != nil {
		return err
	}
	if err := w.book.SetSheetVisible(name, false, true); err != nil {
		return err
	}
	stream, err := w.book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, text := range row {
			cells[j] = text
		}
		if err := stream.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return err
		}
	}
	return stream.Flush()
}
