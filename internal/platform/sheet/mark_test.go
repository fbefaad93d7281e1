package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func mark(t testing.TB, name string, content []byte, findings []fault.Finding) []byte {
	t.Helper()
	var b bytes.Buffer
	m := sheet.Marking{Dictionary: dictionary(t), Language: locale.Chinese, Findings: findings}
	if err := m.Write(&b, upload(name, content)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMarkedCopyIsCorrectedInPlace: the copy has colour, comment and list; corrected and sent again
// it is clean, and marking it again leaves nothing of the first marks.
func TestMarkedCopyIsCorrectedInPlace(t *testing.T) {
	d := fixedForm(t)
	tpl := template(t, d, locale.Chinese)
	tpl.Rows = prefilled(sheet.Prefilled{Ref: "1", Cells: cells(d, map[string]string{"number": "7",
		"name": "水泵",
		"book": "100", "verified": "100"})})
	for kind, content := range map[string][]byte{"a.xlsx": bytesOf(t, tpl.WriteXLSX), "a.csv": bytesOf(t,
		tpl.WriteCSV)} {
		row := map[string]int{"a.xlsx": 6, "a.csv": 3}[kind]
		broken := content
		if kind == "a.xlsx" {
			broken = edited(t, content, fmt.Sprint("F", row), "一百")
		} else {
			broken = bytes.Replace(content, []byte("100,,"), []byte("一百,,"), 1)
			broken = bytes.Replace(broken, []byte(",100,一百,"), []byte(",100,一百,"), 1)
		}
		first, err := read(kind, broken, wanted(d), sheet.Limits{})
		if err != nil || first.keys() != fmt.Sprint("form.number F", row) {
			t.Fatalf("%s: %s, %v", kind, first.keys(), err)
		}
		marked := mark(t, kind, broken, first.findings)
		f, err := excelize.OpenReader(bytes.NewReader(marked))
		if err != nil {
			t.Fatal(err)
		}
		name := f.GetSheetList()[0]
		comments, err := f.GetComments(name)
		if err != nil || len(comments) != 1 || comments[0].Cell != fmt.Sprint("F", row) ||
			!strings.Contains(comments[0].Text, "“核实数”应填写数字。") {
			t.Errorf("%s: comments %+v, %v", kind, comments, err)
		}
		if got := colour(t, f, name, fmt.Sprint("F", row)); got != "F6C9C4" {
			t.Errorf("%s: the wrong cell has the colour %q", kind, got)
		}
		if got, _ := f.GetCellValue("检查结果 Findings", "B2"); got != fmt.Sprintf("工作表“%s”，第%d行，“F”列", name,
			row) {
			t.Errorf("%s: listed at %q", kind, got)
		}
		f.Close()
		again, err := read("b.xlsx", marked, wanted(d), sheet.Limits{})
		if err != nil || again.keys() != first.keys() {
			t.Fatalf("%s: the copy reads %s, %v", kind, again.keys(), err)
		}
		mended, err := read("b.xlsx", edited(t, marked, fmt.Sprint("F", row), "120"), wanted(d),
			sheet.Limits{})
		if err != nil || mended.keys() != "" || mended.entries[0].Ref != "1" ||
			mended.entries[0].Record.Money("verified") != 12000 {
			t.Errorf("%s: mended it reads %s, %v", kind, mended.keys(), err)
		}
		clean := mark(t, "b.xlsx", edited(t, marked, fmt.Sprint("F", row), "120"), nil)
		f, err = excelize.OpenReader(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		if comments, err := f.GetComments(name); err != nil || len(comments) != 0 ||
			colour(t, f, name, fmt.Sprint("F", row)) != "" {
			t.Errorf("%s: marks are left: %v, %v", kind, comments, err)
		}
		f.Close()
	}
}

func edited(t testing.TB, content []byte, cell, text string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.SetCellStr(f.GetSheetList()[0], cell, text); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func colour(t testing.TB, f *excelize.File, name, cell string) string {
	t.Helper()
	id, err := f.GetCellStyle(name, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(style.Fill.Color, ",")
}

// TestMarkingRefusesWhatCannotBeRead, and many findings do not make it fail.
func TestMarkingRefusesWhatCannotBeRead(t *testing.T) {
	m := sheet.Marking{Dictionary: dictionary(t), Language: locale.English}
	if err := m.Write(&bytes.Buffer{}, upload("a.pdf", []byte("%PDF-1.4"))); !fault.HasKey(err,
		"sheet.not_a_table") {
		t.Error(err)
	}
	content := workbook(t, func(f *excelize.File) {})
	var findings []fault.Finding
	for i := range 12_000 {
		findings = append(findings, fault.Doubt("form.number", "x").At("Sheet1", i+1, "ZZ"),
			fault.Wrong("form.number", "y").At("Sheet1", i+1, ""))
	}
	f, err := excelize.OpenReader(bytes.NewReader(mark(t, "a.xlsx", content, findings)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	last, err := f.GetCellValue("检查结果 Findings", "C10002")
	if err != nil || !strings.Contains(last, "10000") {
		t.Errorf("the list ends with %q, %v", last, err)
	}
}
