package returns

import (
	"bytes"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	fields "github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// kinds are the cells' kinds as fields of a page or workbook have them.
var kinds = map[form.Kind]fields.Kind{form.Money: fields.Money, form.Count: fields.Integer,
	form.Area: fields.AreaM2, form.Quantity: fields.Quantity}

// sheetOf makes the form of a report as pages and workbooks have it: what a source answers is read-only,
// what is computed is left out, and the rules are those that need nothing else.
func sheetOf(f reporting.Filled) (*fields.Definition, error) {
	d := fields.Definition{Key: "report." + strings.ReplaceAll(f.Form.Key, "-", "_"),
		Version: f.Form.Version,
		Title:   f.Form.Title, Basis: f.Form.Basis, Mark: fields.Mark(f.Form.Mark)}
	var open []string
	for i, c := range f.Form.Cells {
		if c.Computed() {
			continue
		}
		low, high := c.Bounds(f.Level)
		d.Fields = append(d.Fields, fields.Field{Key: c.Key, Label: c.Title, Kind: kinds[c.Kind],
			Min: bound(c, low), Max: bound(c, high), ReadOnly: !f.Asks(i)})
		open = append(open, c.Key)
	}
	for _, r := range f.Form.Plain(open) {
		d.Checks = append(d.Checks, fields.Check{Key: strings.ReplaceAll(r.Key, "-", "_"), When: r.When,
			Expr:     r.Expr,
			Severity: r.Severity, Fields: r.Cells, Text: r.Text, Basis: r.Basis})
	}
	library, found := fields.NewLibrary(nil, []fields.Definition{d})
	if fault.Stops(found) {
		return nil, fault.New(fault.Internal, "fault.internal").With(found)
	}
	made, _ := library.Form(d.Key)
	return made, nil
}

func bound(c form.Cell, v *int64) fields.Scalar {
	if v == nil {
		return ""
	}
	return fields.Scalar(decimal.Format(*v, c.Kind.Decimals()))
}

// cellsOf are the values of a report in the order of its sheet.
func cellsOf(f reporting.Filled, d *fields.Definition) []string {
	cells := make([]string, len(d.Fields))
	for n, field := range d.Fields {
		i := f.Form.Index(field.Key)
		if v := f.Row[i]; v.Known {
			cells[n] = decimal.Format(v.Amount, f.Form.Cells[i].Kind.Decimals())
		}
	}
	return cells
}

// context is what reading depends on.
func (m *Returns) context(r *web.Request) fields.Context {
	return fields.Context{On: r.Today(), Parameters: m.host.Packs.On(r.Today())}
}

// valuesOf are what a record says of the cells that may be typed.
func valuesOf(f reporting.Filled, record fields.Record) map[string]*int64 {
	values := map[string]*int64{}
	for i, c := range f.Form.Cells {
		if c.Computed() || !f.Asks(i) {
			continue
		}
		values[c.Key] = nil
		if !record.Given(c.Key) {
			continue
		}
		var v int64
		switch c.Kind {
		case form.Money:
			v = int64(record.Money(c.Key))
		case form.Count:
			v = record.Int(c.Key)
		case form.Area:
			v = int64(record.Area(c.Key))
		default:
			v = record.Hundredths(c.Key)
		}
		values[c.Key] = &v
	}
	return values
}

const (
	bookKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvKind  = "text/csv; charset=utf-8"
)

func reference(p reporting.Report) string {
	return strconv.FormatInt(p.Home, 10) + "/" + strconv.FormatInt(p.ID, 10)
}

// workbook answers with the workbook of a report: one row, known cells locked.
func (m *Returns) workbook(r *web.Request) (web.Answer, error) {
	f, err := m.readable(r)
	if err != nil {
		return nil, err
	}
	d, err := sheetOf(f)
	if err != nil {
		return nil, err
	}
	t := sheet.Template{Form: d, Language: r.Language, Dictionary: m.host.Dictionary,
		Organisation:     reference(f.Report),
		OrganisationName: f.Name, Period: f.Period, On: r.Today(), BlankRows: 1, Rows: one(f, d)}
	kind, ending, write := bookKind, ".xlsx", t.WriteXLSX
	if strings.HasSuffix(r.URL.Path, ".csv") {
		kind, ending, write = csvKind, ".csv", t.WriteCSV
	}
	var file bytes.Buffer
	if _, err := write(&file); err != nil {
		return nil, err
	}
	return web.File(f.Name+" "+f.Period+" "+d.Title.In(r.Language)+ending, kind, &file), nil
}

func one(f reporting.Filled, d *fields.Definition) iter.Seq2[sheet.Prefilled, error] {
	return func(yield func(sheet.Prefilled, error) bool) {
		yield(sheet.Prefilled{Ref: reference(f.Report), Cells: cellsOf(f, d)}, nil)
	}
}

// bookMax is the number of bytes of a workbook that is sent back.
const bookMax = 4 << 20

// workbookPosted takes a workbook back: what it says of the asked cells is saved, if nothing in it is wrong.
func (m *Returns) workbookPosted(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("sheet")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	f, err := m.readable(r)
	if err != nil {
		return nil, err
	}
	record, err := m.read(r, f, sheet.Upload{Name: header.Filename, Content: file, Size: header.Size})
	if err != nil {
		return nil, err
	}
	if err := m.reporting.Save(r.Context(), r.Actor, f.Ref(), f.Version, valuesOf(f, record)); err != nil {
		return nil, err
	}
	return done(f.Address(), "returns.saved"), nil
}

// read reads the one row of a workbook of this report.
func (m *Returns) read(r *web.Request, f reporting.Filled, u sheet.Upload) (record fields.Record,
	err error) {
	d, err := sheetOf(f)
	if err != nil {
		return record, err
	}
	book, err := sheet.Open(u, sheet.Limits{})
	if err != nil {
		return record, err
	}
	reading, err := book.Read(sheet.Wanted{Form: d, Organisation: reference(f.Report),
		OrganisationName: f.Name,
		Period:           f.Period, On: r.Today(), TemplateOnly: true})
	if err != nil {
		return record, err
	}
	found := reading.Findings
	rows := 0
	if !fault.Stops(found) {
		for entry, err := range reading.Records(m.context(r)) {
			if err != nil {
				return record, err
			}
			if entry.Ref != reference(f.Report) {
				continue // a row somebody added: a report has one
			}
			rows++
			record = entry.Record
			found = append(found, entry.Findings...)
		}
	}
	// What only warns is found again when the report is submitted, and explained then.
	found = slices.DeleteFunc(found, func(one fault.Finding) bool { return one.Severity != fault.Error })
	if len(found) > 0 || rows != 1 {
		return record, fault.New(fault.Invalid, "returns.sheet_wrong", len(found)).With(found)
	}
	return record, nil
}

// sdmxName names a file of figures.
func sdmxName(ending string) string { return "terrace-figures" + ending }

// writeTo collects what a writer writes.
func writeTo(write func(io.Writer) error) (*bytes.Buffer, error) {
	var b bytes.Buffer
	return &b, write(&b)
}
