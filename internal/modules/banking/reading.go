package banking

import (
	"errors"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rowsAtOnceMax is how many rows a file may have: the lines of a statement and what stands around them.
const rowsAtOnceMax = statement.LinesMax + 2_000

// format finds a format by its key, or makes one of columns that somebody named.
func (s *Banking) format(key string) (*statement.Format, error) {
	general := statement.Format{}
	for _, f := range s.formats {
		if f.Key == key {
			return f, nil
		}
		if f.Fallback {
			general = *f
		}
	}
	if !strings.HasPrefix(key, statement.ByColumnsPrefix) {
		return nil, fault.New(fault.Invalid, "banking.no_format", key)
	}
	f, ok := general.WithColumns(key)
	if !ok {
		return nil, fault.New(fault.Invalid, "banking.mapping", key)
	}
	f.Title = s.host.Dictionary.Words("banking.columns")
	return &f, nil
}

// Reading is a file read as a statement.
type Reading struct {
	statement.Statement
	Guessed bool
}

// Read reads a file in a format, or in the one whose headings fit best.
func (s *Banking) Read(u sheet.Upload, key string, want statement.Expectation) (Reading, error) {
	formats := s.formats
	if key != "" {
		f, err := s.format(key)
		if err != nil {
			return Reading{}, err
		}
		formats = []*statement.Format{f}
	}
	book, err := sheet.Open(u, sheet.Limits{Rows: rowsAtOnceMax})
	if err != nil {
		return Reading{}, err
	}
	best, rows, err := s.choose(book, formats, key != "")
	unfit := fault.HasKey(err, "banking.no_fit") || fault.HasKey(err, "banking.no_fit_row")
	if other, there := book.InOtherEncoding(); there && (err == nil || unfit) {
		second, more, wrong := s.choose(other, formats, key != "")
		decided := err == nil && second.Score == best.Score &&
			strings.EqualFold(best.Format.Encoding, other.Encoding)
		if wrong == nil && (err != nil || second.Score > best.Score || decided) {
			best, rows, err = second, more, nil
			book = other
		}
	}
	if err != nil {
		return Reading{}, err
	}
	read := Reading{Statement: statement.Read(best.Format, best.Sheet, rows, want), Guessed: key == ""}
	if book.Encoding != "" && book.Encoding != "UTF-8" {
		read.Findings = append(read.Findings, fault.Told("sheet.encoded", book.Encoding).At(best.Sheet, 0,
			""))
	}
	return read, nil
}

// Told is everything to be said of a reading: the format it was read in, if nobody named it, first.
func (s *Banking) Told(read Reading) []fault.Finding {
	f, err := s.format(read.Format)
	if err != nil || !read.Guessed {
		return read.Findings
	}
	return append([]fault.Finding{fault.Told("banking.guessed", f.Title).At(read.Sheet, 0, "")},
		read.Findings...)
}

// choose finds the sheet and the format of a file.
func (s *Banking) choose(book *sheet.Book, formats []*statement.Format, named bool) (statement.Fit,
	[]statement.Row, error) {
	var sheets []statement.Sheet
	for _, name := range book.Sheets() {
		rows, err := rowsOf(book, name)
		if err != nil {
			return statement.Fit{}, nil, err
		}
		sheets = append(sheets, statement.Sheet{Name: name, Rows: rows})
	}
	fit, rows, err := statement.Choose(sheets, formats, named)
	if errors.Is(err, statement.ErrUnfit) {
		err = unfit(sheets, formats)
	}
	return fit, rows, err
}

// unfit is the refusal of a file that no format fits: what of the likeliest headings is known, what is
// missing, and at which columns nothing was recognised.
func unfit(sheets []statement.Sheet, formats []*statement.Format) error {
	best, at, found := statement.ClosestOf(formats, sheets)
	if !found {
		return fault.New(fault.Invalid, "banking.no_fit")
	}
	lacks := locale.Word("banking.part." + string(best.Lacks()[0]))
	return fault.New(fault.Invalid, "banking.no_fit_row", best.Row, best.Known(),
		lacks).With(best.Strange(at))
}

// rowsOf reads the rows of a sheet as the format's reader wants them.
func rowsOf(book *sheet.Book, name string) ([]statement.Row, error) {
	var all []statement.Row
	for raw, err := range book.Raw(name) {
		if err != nil {
			return nil, err
		}
		row := statement.Row{Number: raw.Number, Hidden: raw.Hidden}
		for _, c := range raw.Cells {
			row.Cells = append(row.Cells, statement.Cell{Column: c.Column, Text: c.Text, Number: c.Number,
				Lost: c.Inexact, Empty: c.Problem != "", Day: c.Day, Serial: c.Serial, Merged: c.Merged})
		}
		all = append(all, row)
	}
	return all, nil
}

// How much of a file that no format fits is shown.
const (
	peekRows    = 12
	peekColumns = 16
	peekText    = 30 // characters of a cell
)

// peeked is a row of a file as it stands.
type peeked struct {
	Number int
	Cells  []string
}

// peek reads the first rows of the first sheet, and names the columns that have something in them.
func peek(u sheet.Upload) (rows []peeked, letters []string) {
	book, err := sheet.Open(u, sheet.Limits{Rows: rowsAtOnceMax})
	if err != nil || len(book.Sheets()) == 0 {
		return nil, nil
	}
	width := 0
	for raw, err := range book.Raw(book.Sheets()[0]) {
		if err != nil || len(rows) == peekRows {
			break
		}
		row := peeked{Number: raw.Number, Cells: make([]string, peekColumns)}
		for _, c := range raw.Cells {
			if c.Column < peekColumns && !c.Merged {
				runes := []rune(c.Text)
				row.Cells[c.Column], width = string(runes[:min(len(runes), peekText)]), max(width,
					c.Column+1)
			}
		}
		rows = append(rows, row)
	}
	for column := range width {
		letters = append(letters, sheet.ColumnName(column))
	}
	for i := range rows {
		rows[i].Cells = rows[i].Cells[:width]
	}
	return rows, letters
}
