package banking

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var update = flag.Bool("update", false, "write what is read of testdata/dirty anew")

// outcome writes what was read of a file: its lines, and what was found with its cell.
func outcome(r Reading, err error) string {
	var b strings.Builder
	if err != nil {
		f := fault.Of(err)
		fmt.Fprintln(&b, "refused:", f.Key)
		for _, one := range f.Findings {
			fmt.Fprintln(&b, one)
		}
		return b.String()
	}
	fmt.Fprintln(&b, "format:", r.Format)
	for _, l := range r.Lines {
		fmt.Fprintln(&b, strings.TrimSpace(l.String()+" "+l.Serial))
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

func (s *Banking) readBytes(name string, body []byte, format string) (Reading, error) {
	return s.Read(sheet.Upload{Name: name, Content: bytes.NewReader(body), Size: int64(len(body))}, format,
		statement.Expectation{Today: "2026-01-05"})
}

// TestDirtyFiles reads every file of testdata/dirty as it came – and none of them in a wrong way: NAME.want
// says what is read and what is found in which cell.
func TestDirtyFiles(t *testing.T) {
	s := reader(t)
	names, err := filepath.Glob("testdata/dirty/*")
	if err != nil || len(names) < 36 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		if filepath.Ext(name) == ".want" {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, wrong := s.readBytes(filepath.Base(name), body, "")
		got := outcome(r, wrong)
		if *update {
			if err := os.WriteFile(name+".want", []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name + ".want")
		if err != nil || got != string(want) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
		}
	}
}

// TestFormulasWithoutValues are named by their cell.
func TestFormulasWithoutValues(t *testing.T) {
	f := excelize.NewFile()
	for i, text := range []string{"交易日期", "支出", "收入", "余额", "2025-03-01", "", "1000", ""} {
		cell, err := excelize.CoordinatesToCellName(i%4+1, i/4+1)
		if err == nil && text != "" {
			err = f.SetCellValue("Sheet1", cell, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "D2", "C2-B2"); err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if err := f.Write(&body); err != nil {
		t.Fatal(err)
	}
	r, err := reader(t).readBytes("x.xlsx", body.Bytes(), "")
	if err != nil || !strings.Contains(outcome(r, nil), "Sheet1!D:2 error banking.read.no_value") {
		t.Error(outcome(r, err))
	}
}

// TestLargeFiles: what is too long is refused by name, and the longest that is taken is read whole.
func TestLargeFiles(t *testing.T) {
	s := reader(t)
	long := func(lines int) []byte {
		var b bytes.Buffer
		b.WriteString("交易日期,支出,收入,余额,对方户名,摘要\n")
		for i := range lines {
			fmt.Fprintf(&b, "2025-%02d-%02d,,0.01,%d.%02d,%s,%s\n", i*12/lines+1, i*336/lines%28+1,
				(i+1)/100,
				(i+1)%100, "天台村股份经济合作联合社第一经营部", strings.Repeat("门面租金", 12))
		}
		return b.Bytes()
	}
	body := long(statement.LinesMax)
	r, err := s.readBytes("long.csv", body, "")
	if err != nil || len(body) < 10<<20 || len(r.Lines) != statement.LinesMax || len(r.Findings) > 0 {
		t.Errorf("%d bytes, %d lines, %d findings, %v", len(body), len(r.Lines), len(r.Findings), err)
	}
	_, err = s.readBytes("longer.csv", long(statement.LinesMax+5_000), "")
	if !fault.HasKey(err, "sheet.rows") {
		t.Error(err)
	}
}

// TestColumnsThatSomebodyNamed: a file that nobody knows is read by the letters of its columns.
func TestColumnsThatSomebodyNamed(t *testing.T) {
	s := reader(t)
	body, err := os.ReadFile("testdata/dirty/unknown-headings.csv")
	if err != nil {
		t.Fatal(err)
	}
	key := statement.Mapping(map[statement.Part]string{statement.Date: "a", statement.Outflow: "B",
		statement.Inflow: "C", statement.BalanceColumn: "D"}, 2)
	r, err := s.readBytes("unknown.csv", body, key)
	if err != nil || r.Stops() || len(r.Lines) != 1 || r.Lines[0].String() != "2025-03-01 1000.00 1000.00" {
		t.Errorf("%s: %s", key, outcome(r, err))
	}
	for _, wrong := range []string{"columns:", "columns:date=A", "columns:date=A,amount=A",
		"columns:date=1,amount=B",
		"columns:date=A,inflow=B", "columns:date=A,amount=B,inflow=C,outflow=D", "columns:day=A,amount=B",
		"columns:date=A,amount=B;from=0", "columns:date=A,inflow=B,outflow=C,direction=D"} {
		if _, err := s.format(wrong); !fault.HasKey(err, "banking.mapping") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if !slices.Contains(statement.Mappable, statement.Date) {
		t.Error("no day can be named")
	}
}
