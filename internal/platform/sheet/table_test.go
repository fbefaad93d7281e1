package sheet_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/sheet"
)

func rowsOf(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestTableAsWorkbook(t *testing.T) {
	var b bytes.Buffer
	n, err := sheet.WriteXLSX(&b, sheet.Table{Title: "资产", Heading: []string{"名称", "编号", "金额", "数量"},
		Rows: rowsOf([]any{"=1+1", "007", sheet.Number{Text: "1234.50", Places: 2}, int64(12345)},
			[]any{"水泵", "500102199001011234", sheet.Number{Text: "12345678901234567.89", Places: 2}, nil}),
		Notes: []string{"共 2 行"}})
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A1": "名称", "A2": "=1+1", "B2": "007", "C2": "1,234.50",
		"D2": "12,345",
		"B3": "500102199001011234", "C3": "12345678901234567.89", "D3": "", "A5": "共 2 行"} {
		if got, err := f.GetCellValue("资产", cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", cell, got, want, err)
		}
	}
	if formula, err := f.GetCellFormula("资产", "A2"); formula != "" || err != nil {
		t.Errorf("a text became the formula %q (%v)", formula, err)
	}
}

func TestTableAsCSV(t *testing.T) {
	var b bytes.Buffer
	n, err := sheet.WriteCSV(&b, sheet.Table{Heading: []string{"a", "b", "c"},
		Rows: rowsOf([]any{"=cmd|' /C calc'!A0", "-1+cmd", sheet.Number{Text: "-12.50", Places: 2}},
			[]any{"x,\"y\"\nz", nil, int64(7)})})
	want := "\ufeffa,b,c\n'=cmd|' /C calc'!A0,'-1+cmd,-12.50\n\"x,\"\"y\"\"\nz\",,7\n"
	if err != nil || n != 2 || b.String() != want {
		t.Errorf("%d, %v\n%q\n%q", n, err, b.String(), want)
	}
}

var errRead = errors.New("the rows cannot be read")

// TestTableThatBreaksOff: what cannot be finished is an error, not a short file.
func TestTableThatBreaksOff(t *testing.T) {
	broken := func(yield func([]any, error) bool) {
		if yield([]any{"x"}, nil) {
			yield(nil, errRead)
		}
	}
	for _, write := range []func(io.Writer, sheet.Table) (int, error){sheet.WriteXLSX, sheet.WriteCSV} {
		if n, err := write(io.Discard, sheet.Table{Heading: []string{"a"}, Rows: broken}); !errors.Is(err,
			errRead) ||
			n != 1 {
			t.Errorf("%d rows, %v", n, err)
		}
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{"": "", "=1": "'=1", "+1": "+1", "-1.5": "-1.5",
		"-1+2": "'-1+2",
		"@x":   "'@x", "+86 138": "'+86 138", "'": "'", "'-": "''-", "''=": "'''=", "'a": "'a", "a=": "a=",
		"\t=": "'\t="} {
		if got := sheet.Harmless(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if strings.HasPrefix(want, "=") {
			t.Errorf("%q stays a formula", text)
		}
	}
}

func TestABookHasASheetForEachTable(t *testing.T) {
	rows := func(cells ...any) iter.Seq2[[]any, error] {
		return func(yield func([]any, error) bool) { yield(cells, nil) }
	}
	long := strings.Repeat("资产", 20)
	var b bytes.Buffer
	err := sheet.WriteBook(&b, []sheet.Table{
		{Title: long, Heading: []string{"a"}, Rows: rows("one")},
		{Title: long, Heading: []string{"a"}, Rows: rows("two")},
		{Title: "农清明细08/固定资产", Heading: []string{"a"}, Rows: rows("three")},
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	names := book.GetSheetList()
	if len(names) != 3 || names[0] == names[1] || names[2] != "农清明细08 固定资产" {
		t.Fatalf("sheets %q", names)
	}
	for i, want := range []string{"one", "two", "three"} {
		if got, _ := book.GetCellValue(names[i], "A2"); got != want {
			t.Errorf("sheet %q has %q, not %q", names[i], got, want)
		}
	}
}
