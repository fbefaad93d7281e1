package sheet_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
)

// small are limits that a fuzzer reaches.
var small = sheet.Limits{Bytes: 1 << 20, Unzipped: 1 << 20, SharedStrings: 1 << 16, Rows: 200, Columns: 40,
	CellText: 100, Sheets: 5, Merges: 50}

// partsOf takes a workbook apart.
func partsOf(t testing.TB, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// FuzzXLSX: whatever stands in the parts of a workbook, it is read or refused.
func FuzzXLSX(f *testing.F) {
	d := fixedForm(f)
	whole := partsOf(f, workbook(f, func(b *excelize.File) {
		b.SetSheetRow("Sheet1", "A3", &[]any{"水泵", 1.5, "2019-03-05", "A1", "出租", 0.5, 3})
		b.MergeCell("Sheet1", "A4", "A5")
	}))
	const name = "xl/worksheets/sheet1.xml"
	f.Add([]byte(whole[name]), []byte(whole["xl/sharedStrings.xml"]), []byte(whole["xl/styles.xml"]))
	f.Add([]byte(sheetOf(`<row><c t="inlineStr"><is><t>名称</t></is></c><c t="str"><v>核实数</v></c></row>`+
		`<row r="9"><c r="B9" t="n"><f>1</f><v>1E+400</v></c></row>`)), []byte(`<sst><si/></sst>`),
		[]byte(`<cellXfs><xf numFmtId="14"/></cellXfs>`))
	f.Fuzz(func(t *testing.T, rows, shared, styles []byte) {
		whole[name], whole["xl/sharedStrings.xml"], whole["xl/styles.xml"] = string(rows), string(shared),
			string(styles)
		r, err := read("a.xlsx", zipped(t, whole), wanted(d), small)
		if err == nil && len(r.entries) > small.Rows {
			t.Fatalf("%d rows", len(r.entries))
		}
	})
}

// FuzzFile: whatever the bytes, the file is read or refused; and marked or refused.
func FuzzFile(f *testing.F) {
	d := fixedForm(f)
	for _, content := range files(f, template(f, d, locale.Chinese)) {
		f.Add(content)
	}
	f.Add([]byte("名称,核实数\n\"水,泵\",5\n\n=\"x\",'=1\n"))
	f.Add([]byte("a;b\r1;2\r"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, name := range []string{"a.csv"} {
			r, err := read(name, content, wanted(d), small)
			if err != nil {
				continue
			}
			m := sheet.Marking{Dictionary: dictionary(t), Language: locale.English, Findings: r.findings,
				Limits: small}
			m.Write(io.Discard, upload(name, content)) //nolint:errcheck // it must not panic
		}
	})
}
