package statistics

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// reading is a file as it was read.
type reading struct {
	name     string
	mapping  Mapping
	placing  *placing
	columns  map[string]int // position by heading
	rows     int
	outside  int
	uncoded  int // rows without a code
	figures  []incoming
	seen     map[cell]int // index in figures
	findings []fault.Finding
}

// read reads the first sheet of a file by a mapping.
func (s *Statistics) read(ctx context.Context, u sheet.Upload, m Mapping) (*reading, error) {
	book, err := sheet.Open(u, sheet.Limits{Bytes: FileMax, Rows: rowsMax, Columns: columnsMax,
		CellText: textMax})
	if err != nil {
		return nil, err
	}
	p, err := s.placing(ctx, m)
	if err != nil {
		return nil, err
	}
	r := &reading{name: filepath.Base(u.Name), mapping: m, placing: p, seen: map[cell]int{}}
	for row, err := range book.Raw(book.Sheets()[0]) {
		if err != nil {
			return nil, err
		}
		texts := textsOf(row)
		if r.columns == nil {
			if err := r.head(texts); err != nil {
				return nil, err
			}
			continue
		}
		if err := s.row(ctx, r, row.Number, texts); err != nil {
			return nil, err
		}
		if len(r.figures) > figuresMax {
			return nil, fault.New(fault.TooLarge, "statistics.too_many", figuresMax)
		}
	}
	if r.columns == nil {
		return nil, fault.New(fault.Invalid, "statistics.columns_missing", m.Key, m.Code)
	}
	if r.uncoded > 0 {
		r.findings = append(r.findings, fault.Told("statistics.place.none", r.uncoded).At(r.name, 0,
			m.Code))
	}
	return r, nil
}

func textsOf(row sheet.RawRow) []string {
	var texts []string
	for _, c := range row.Cells {
		for len(texts) <= c.Column {
			texts = append(texts, "")
		}
		texts[c.Column] = strings.TrimSpace(c.Text)
		if c.Problem != "" {
			texts[c.Column] = "#" + string(c.Problem)
		}
	}
	return texts
}

// head finds the columns of the mapping. One that is missing stops the file, one that nobody asked for is
// told.
func (r *reading) head(texts []string) error {
	r.columns = map[string]int{}
	wanted := []string{r.mapping.Code, r.mapping.Name, r.mapping.Year}
	for _, c := range r.mapping.Columns {
		wanted = append(wanted, c.Column)
	}
	for i, text := range texts {
		if _, twice := r.columns[text]; twice {
			return fault.New(fault.Invalid, "statistics.column_twice", text)
		}
		r.columns[text] = i
		if text != "" && !slices.Contains(wanted, text) && !slices.Contains(r.mapping.Ignore, text) {
			r.findings = append(r.findings, fault.Doubt("statistics.column.unmapped", text).At(r.name, 1,
				text))
		}
	}
	var missing []string
	for _, column := range wanted {
		if _, there := r.columns[column]; column != "" && !there {
			missing = append(missing, column)
		}
	}
	if len(missing) > 0 {
		return fault.New(fault.Invalid, "statistics.columns_missing", r.mapping.Key, strings.Join(missing,
			", "))
	}
	return nil
}

// text is a cell by its column's heading.
func (r *reading) text(texts []string, column string) string {
	i, there := r.columns[column]
	if column == "" || !there || i >= len(texts) || slices.Contains(r.mapping.Empty, texts[i]) {
		return ""
	}
	return texts[i]
}

// row takes the figures of a row.
func (s *Statistics) row(ctx context.Context, r *reading, number int, texts []string) error {
	r.rows++
	tell := func(column string, f fault.Finding) {
		r.findings = append(r.findings, f.At(r.name, number, column))
	}
	year := r.mapping.OfYear
	if r.mapping.Year != "" {
		var err error
		text := r.text(texts, r.mapping.Year)
		if year, err = strconv.Atoi(text); err != nil || year < series.YearMin || year > series.YearMax {
			tell(r.mapping.Year, fault.Wrong("statistics.cell.year", text))
			return nil
		}
	}
	code := r.text(texts, r.mapping.Code)
	if code == "" {
		r.uncoded++
		return nil
	}
	where, err := r.placing.of(ctx, code, year)
	switch {
	case err != nil:
		return err
	case where.outside:
		r.outside++
		return nil
	case where.wrong != nil:
		tell(r.mapping.Code, *where.wrong)
		return nil
	}
	if name := r.text(texts, r.mapping.Name); name != "" && where.name != "" && name != where.name {
		tell(r.mapping.Name, fault.Doubt("statistics.place.name", code, name, where.name))
	}
	for _, c := range r.mapping.Columns {
		text := r.text(texts, c.Column)
		if text == "" {
			continue
		}
		d := s.library().Book[c.Series]
		amount, err := decimal.Parse(text, d.Decimals+c.Shift)
		if err != nil {
			tell(c.Column, cellFinding(err, text, d.Decimals))
			continue
		}
		s.add(r, incoming{cell{c.Series, where.place, int64(year)}, amount, c.Column, number})
	}
	return nil
}

// add notes a figure, once.
func (s *Statistics) add(r *reading, in incoming) {
	first, twice := r.seen[in.cell]
	if !twice {
		r.seen[in.cell] = len(r.figures)
		r.figures = append(r.figures, in)
		return
	}
	if r.figures[first].amount != in.amount {
		r.findings = append(r.findings, s.at(r, in, fault.Wrong("statistics.cell.twice",
			r.figures[first].row,
			s.shown(in.series, r.figures[first].amount))))
	}
}

func cellFinding(err error, text string, decimals int) fault.Finding {
	switch {
	case errors.Is(err, decimal.ErrPrecise):
		return fault.Wrong("statistics.cell.precise", text, decimals)
	case errors.Is(err, decimal.ErrRange):
		return fault.Wrong("statistics.cell.range", text)
	}
	return fault.Wrong("statistics.cell.number", text)
}

// shown writes an amount of a series with its decimals.
func (s *Statistics) shown(key string, amount int64) string {
	return decimal.Grouped(amount, s.library().Book[key].Decimals)
}

// shownFigure writes a figure, or a dash for one that was taken back.
func (s *Statistics) shownFigure(f Figure) string {
	if !f.Known {
		return "–"
	}
	return s.shown(f.Series, f.Amount)
}
