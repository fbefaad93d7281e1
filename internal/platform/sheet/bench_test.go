package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
)

// benchRows is the size of the workbooks measured.
const benchRows = 20_000

func benchTemplate(b *testing.B) sheet.Template {
	d := fixedForm(b)
	tpl := template(b, d, locale.Chinese)
	tpl.BlankRows = 1
	tpl.Rows = func(yield func(sheet.Prefilled, error) bool) {
		for i := range benchRows {
			n := strconv.Itoa(i)
			row := cells(d, map[string]string{"number": "GD" + n, "name": "水泵" + n,
				"acquired": "2019-03-05",
				"heads":    n, "book": n + ".50", "verified": n + ".25", "land": "12.35", "rate": "85.00",
				"use":   "leased",
				"class": "007", "certified": "1", "contract": "HT-" + n, "phone": "13812345678",
				"remark": "无"})
			if !yield(sheet.Prefilled{Ref: n, Cells: row}, nil) {
				return
			}
		}
	}
	return tpl
}

// rate is rows a second, and the peak of the heap over it.
func rate(b *testing.B, rows int, work func()) (perSecond float64) {
	b.Helper()
	runtime.GC()
	start := time.Now()
	work()
	return float64(rows) / time.Since(start).Seconds()
}

func BenchmarkWrite(b *testing.B) {
	tpl := benchTemplate(b)
	ours := rate(b, benchRows, func() {
		if _, err := tpl.WriteXLSX(io.Discard); err != nil {
			b.Fatal(err)
		}
	})
	bare := rate(b, benchRows, func() { bareWrite(b, tpl) })
	benchmark.Report(b, benchmark.Figure{Name: "sheet/write", Value: ours, Unit: "1/s", Baseline: bare,
		Against: "the same cells in the same order by excelize's stream writer, unstyled"})
}

// bareWrite writes the same values without styles, locks, drop-downs and seals.
func bareWrite(b *testing.B, tpl sheet.Template) {
	b.Helper()
	f := excelize.NewFile()
	defer f.Close()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	line := 1
	for p := range tpl.Rows {
		row := make([]any, len(p.Cells)+2)
		for i, c := range p.Cells {
			row[i] = c
			if tpl.Form.Fields[i].Numeric() {
				row[i], _ = strconv.ParseFloat(c, 64)
			}
		}
		row[len(p.Cells)], row[len(p.Cells)+1] = p.Ref, "0123456789abcdef"
		if err := stream.SetRow(fmt.Sprint("A", line), row); err != nil {
			b.Fatal(err)
		}
		line++
	}
	if err := stream.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Write(io.Discard); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkRead(b *testing.B) {
	tpl := benchTemplate(b)
	content := bytesOf(b, tpl.WriteXLSX)
	w := wanted(tpl.Form)
	ours := rate(b, benchRows, func() {
		got, err := read("a.xlsx", content, w, sheet.Limits{})
		if err != nil || len(got.entries) != benchRows || len(got.findings) > 0 {
			b.Fatal(len(got.entries), err, got.findings[:min(3, len(got.findings))])
		}
	})
	bare := rate(b, benchRows, func() { bareRead(b, content) })
	benchmark.Report(b, benchmark.Figure{Name: "sheet/read", Value: ours, Unit: "1/s", Baseline: bare,
		Against: "excelize's row reader over the same workbook, text of the cells alone"})
}

// bareRead reads the texts of the cells, and looks at none of them.
func bareRead(b *testing.B, content []byte) {
	b.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetList()[0])
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n < benchRows {
		b.Fatal(n)
	}
}
