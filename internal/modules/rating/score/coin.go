package score

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Sheet is a table of texts as it stands in a file: the first row is the heading.
type Sheet struct {
	Name string
	Rows [][]string
}

// reader reads a sheet by its headings and keeps what is wrong.
type reader struct {
	sheet    Sheet
	at       map[string]int
	findings []fault.Finding
}

func newReader(s Sheet) *reader {
	r := &reader{sheet: s, at: map[string]int{}}
	if len(s.Rows) == 0 {
		r.wrong(1, "", "rating.sheet_empty")
		return r
	}
	for c, heading := range s.Rows[0] {
		heading = strings.TrimSpace(strings.TrimPrefix(heading, "\ufeff"))
		if _, twice := r.at[heading]; twice && heading != "" {
			r.wrong(1, heading, "rating.sheet_heading_repeated", heading)
		}
		if heading != "" {
			r.at[heading] = c
		}
	}
	return r
}

func (r *reader) wrong(row int, column, key string, args ...any) {
	r.findings = append(r.findings, fault.Wrong(key, args...).At(r.sheet.Name, row, column))
}

func (r *reader) doubt(row int, column, key string, args ...any) {
	r.findings = append(r.findings, fault.Doubt(key, args...).At(r.sheet.Name, row, column))
}

// text is the trimmed text under a heading.
func (r *reader) text(row int, heading string) string {
	c, there := r.at[heading]
	if !there || c >= len(r.sheet.Rows[row]) {
		return ""
	}
	return strings.TrimSpace(r.sheet.Rows[row][c])
}

// cell is the text under a heading; NA and nothing are empty.
func (r *reader) cell(row int, heading string) string {
	text := r.text(row, heading)
	if text == "NA" || text == "NaN" || text == "NULL" {
		return ""
	}
	return text
}

// number reads a figure; empty is missing. What is no finite number is told with its place.
func (r *reader) number(row int, heading string) (x float64, there bool) {
	text := r.cell(row, heading)
	if text == "" {
		return math.NaN(), false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(x, 0) || x != x || strings.ContainsAny(text, "xX_") {
		f := fault.Wrong("rating.sheet_no_number", heading).At(r.sheet.Name, row+1, heading)
		r.findings = append(r.findings, f.Saw(text))
		return math.NaN(), false
	}
	return x, true
}

// long tells a row with more cells than the heading: a comma without quotes moves all figures behind it.
func (r *reader) long(row int) {
	for c := len(r.sheet.Rows[0]); c < len(r.sheet.Rows[row]); c++ {
		if text := strings.TrimSpace(r.sheet.Rows[row][c]); text != "" {
			f := fault.Wrong("rating.sheet_row_long", len(r.sheet.Rows[0])).At(r.sheet.Name, row+1, "")
			r.findings = append(r.findings, f.Saw(text))
			return
		}
	}
}

// blank says that a row has no text at all.
func (r *reader) blank(row int) bool {
	return !slices.ContainsFunc(r.sheet.Rows[row],
		func(s string) bool { return strings.TrimSpace(s) != "" })
}

// stop turns findings into a refusal if one of them is an error.
func (r *reader) stop() error {
	if !fault.Stops(r.findings) {
		return nil
	}
	wrong := slices.DeleteFunc(slices.Clone(r.findings), func(f fault.Finding) bool {
		return f.Severity != fault.Error
	})
	return fault.New(fault.Invalid, "rating.sheet", r.sheet.Name, len(wrong)).With(wrong)
}

// The columns of iMeta.
const (
	metaCode = "iCode"
	metaType = "Type"
)

// ReadMeta reads a table of indicators as the reference package writes it (iMeta): iCode, Type (Indicator,
// Aggregate, Group, Denominator, Other), Level, Parent, Direction, Weight, and optionally iName, Unit,
// Target, Denominator, and figures of normalisations: goalpost_lower, _upper, _scale and _trunc2posts,
// minmax_lower and _upper, scaled_lower, _upper and scale_factor, zscore_mean and _sd, dist2targ_cap_max.
// The scheme has no steps yet.
// Warnings come back with it; errors are a refusal with all findings.
func ReadMeta(s Sheet) (Scheme, []fault.Finding, error) {
	m := metaReader{reader: newReader(s)}
	for _, heading := range []string{metaCode, metaType, "Parent", "Direction", "Weight"} {
		if _, there := m.at[heading]; !there && len(s.Rows) > 0 {
			m.wrong(1, heading, "rating.sheet_column_lacking", heading)
		}
	}
	if err := m.stop(); err != nil {
		return Scheme{}, nil, err
	}
	for row := 1; row < len(s.Rows); row++ {
		if !m.blank(row) {
			m.long(row)
			m.take(row)
		}
	}
	m.parents()
	if err := m.stop(); err != nil {
		return Scheme{}, nil, err
	}
	return m.scheme, m.findings, nil
}

type metaReader struct {
	*reader
	scheme Scheme
	seen   []string
}

// parents tells the place of parents that are no aggregates.
func (m *metaReader) parents() {
	for row := 1; row < len(m.sheet.Rows); row++ {
		code, kind, parent := m.cell(row, metaCode), m.cell(row, metaType), m.cell(row, "Parent")
		known := func(a Aggregate) bool { return a.Code == parent }
		if (kind == "Indicator" || kind == "Aggregate") && parent != "" &&
			!slices.ContainsFunc(m.scheme.Aggregates, known) {
			m.wrong(row+1, "Parent", "rating.scheme_parent_unknown", code, parent)
		}
	}
}

func (m *metaReader) take(row int) {
	code, kind := m.cell(row, metaCode), m.cell(row, metaType)
	if code == "" || slices.Contains(m.seen, code) {
		m.wrong(row+1, metaCode, "rating.sheet_code_repeated", code)
		return
	}
	m.seen = append(m.seen, code)
	label := Label{Code: code, Name: m.cell(row, "iName"), Unit: m.cell(row, "Unit")}
	switch kind {
	case "Indicator":
		m.indicator(row, label)
	case "Aggregate":
		a := Aggregate{Code: code, Name: label.Name, Parent: m.cell(row, "Parent"), Level: m.level(row),
			Weight: m.weight(row)}
		if a.Level == 1 {
			m.wrong(row+1, "Level", "rating.sheet_level", code, 1)
		}
		m.scheme.Aggregates = append(m.scheme.Aggregates, a)
	case "Group":
		m.scheme.Groups = append(m.scheme.Groups, label)
	case "Denominator":
		m.scheme.Denominators = append(m.scheme.Denominators, label)
	case "Other":
	default:
		m.wrong(row+1, metaType, "rating.sheet_type_unknown", code, kind)
	}
}

func (m *metaReader) level(row int) int {
	x, there := m.number(row, "Level")
	if there && (x != math.Trunc(x) || x < 1 || x > 100) {
		m.wrong(row+1, "Level", "rating.sheet_level", m.cell(row, metaCode), x)
		return 0
	}
	if !there {
		return 0
	}
	return int(x)
}

// weight is nil where it is 1 or not written.
func (m *metaReader) weight(row int) *float64 {
	x, there := m.number(row, "Weight")
	if !there || x == 1 {
		return nil
	}
	return &x
}

func (m *metaReader) indicator(row int, label Label) {
	i := Indicator{Code: label.Code, Name: label.Name, Unit: label.Unit, Parent: m.cell(row, "Parent"),
		Weight: m.weight(row), Denominator: m.cell(row, "Denominator")}
	if level := m.level(row); level > 1 {
		m.wrong(row+1, "Level", "rating.sheet_level", label.Code, level)
	}
	switch m.cell(row, "Direction") {
	case "1", "+1", "1.0":
	case "-1", "-1.0":
		i.Direction = Cost
	default:
		m.wrong(row+1, "Direction", "rating.sheet_direction", label.Code, m.cell(row, "Direction"))
	}
	if x, there := m.number(row, "Target"); there {
		i.Target = &x
	}
	m.scales(row, &i)
	m.scheme.Indicators = append(m.scheme.Indicators, i)
}

// areaHeadings are the columns that may hold the codes of areas, best first; else it is the first column.
var areaHeadings = []string{"uCode", "area", "code", "代码", "评价单元"}

// nameHeadings and timeHeadings likewise; there may be none.
var (
	nameHeadings = []string{"uName", "name", "名称"}
	timeHeadings = []string{"Time", "time", "year", "年份", "时间"}
)

// ReadData reads figures of a scheme from a table with one row an area (or an area and time): a column of
// codes (uCode), optionally names (uName) and times (Time), the scheme's columns of groups, and its
// indicators and denominators, in any order. Empty and NA are missing.
func ReadData(s Sheet, scheme Scheme) (Table, []fault.Finding, error) {
	d := &dataReader{reader: newReader(s)}
	if len(s.Rows) == 1 {
		d.wrong(1, "", "rating.sheet_no_rows")
	}
	if err := d.stop(); err != nil {
		return Table{}, nil, err
	}
	d.heads(scheme)
	if err := d.stop(); err != nil {
		return Table{}, nil, err
	}
	for row := 1; row < len(s.Rows); row++ {
		if !d.blank(row) {
			d.long(row)
			d.take(row)
		}
	}
	if err := d.stop(); err != nil {
		return Table{}, nil, err
	}
	return d.table, d.findings, nil
}

type dataReader struct {
	*reader
	area, name, time string
	groups           []string
	table            Table
	seen             map[string]int
}

// heads finds the columns.
func (d *dataReader) heads(s Scheme) {
	first := func(wanted []string) string {
		at := slices.IndexFunc(wanted, func(h string) bool { _, there := d.at[h]; return there })
		if at < 0 {
			return ""
		}
		return wanted[at]
	}
	d.area, d.name, d.time = first(areaHeadings), first(nameHeadings), first(timeHeadings)
	known := []string{d.name, d.time}
	if d.area == "" {
		d.area = strings.TrimSpace(strings.TrimPrefix(d.sheet.Rows[0][0], "\ufeff"))
	}
	d.seen, d.table.Groups = map[string]int{}, map[string][]string{}
	for _, g := range s.Groups {
		if _, there := d.at[g.Code]; !there {
			d.doubt(1, g.Code, "rating.sheet_column_lacking", g.Code)
			continue
		}
		d.groups = append(d.groups, g.Code)
	}
	for _, i := range s.Indicators {
		if _, there := d.at[i.Code]; !there {
			d.wrong(1, i.Code, "rating.sheet_column_lacking", i.Code)
		}
		d.table.Columns = append(d.table.Columns, i.Code)
	}
	for _, i := range s.Indicators {
		if by := i.Denominator; by != "" && !slices.Contains(d.table.Columns, by) {
			if _, there := d.at[by]; there {
				d.table.Columns = append(d.table.Columns, by)
			} else if s.Denominate {
				d.wrong(1, by, "rating.sheet_column_lacking", by)
			}
		}
	}
	known = append(append(append(known, d.area), d.groups...), d.table.Columns...)
	known = append(known, originColumns(s)...)
	for _, heading := range d.sheet.Rows[0] {
		heading = strings.TrimSpace(strings.TrimPrefix(heading, "\ufeff"))
		other := func(l Label) bool { return l.Code == heading }
		if heading != "" && !slices.Contains(known, heading) && !slices.ContainsFunc(s.Denominators,
			other) {
			d.findings = append(d.findings,
				fault.Told("rating.sheet_column_unused", heading).At(d.sheet.Name, 1, heading))
		}
	}
	d.table.Values = make([][]float64, len(d.table.Columns))
}

func (d *dataReader) take(row int) {
	code, time := d.text(row, d.area), "" // NA is the code of a country
	if d.time != "" {
		time = d.cell(row, d.time)
		d.table.Times = append(d.table.Times, time)
	}
	if code == "" {
		d.wrong(row+1, d.area, "rating.sheet_area_empty")
	} else if before, twice := d.seen[code+"\x00"+time]; twice {
		d.wrong(row+1, d.area, "rating.sheet_area_repeated", code, before)
	}
	d.seen[code+"\x00"+time] = row + 1
	d.table.Areas = append(d.table.Areas, code)
	if d.name != "" {
		d.table.Names = append(d.table.Names, d.text(row, d.name))
	}
	for _, g := range d.groups {
		d.table.Groups[g] = append(d.table.Groups[g], d.cell(row, g))
	}
	for c, heading := range d.table.Columns {
		x, _ := d.number(row, heading)
		d.table.Values[c] = append(d.table.Values[c], x)
	}
}
