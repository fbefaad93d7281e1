package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// workbook makes a workbook with the headings of the form in row 2, as somebody would who never saw
// the template; fill does the rest.
func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	f.SetCellStr("Sheet1", "A1", "石柱村固定资产表")
	f.SetSheetRow("Sheet1", "A2", &[]string{"名 称", "核实数（元）*", "取得日期", "合同编号", "使用情况", "成新率", "头数", "电话"})
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDirtyWorkbooks: what offices send, and what becomes of it.
func TestDirtyWorkbooks(t *testing.T) {
	d := fixedForm(t)
	set := func(f *excelize.File, cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	format := func(f *excelize.File, cell, code string) {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		f.SetCellStyle("Sheet1", cell, cell, id)
	}
	basic := func(f *excelize.File) { set(f, "A3", "水泵"); set(f, "B3", 100) }
	for _, c := range []struct {
		name string
		fill func(f *excelize.File)
		want string // rows as name|verified|acquired|contract|use|rate|heads; then findings
	}{
		{"numbers as text", func(f *excelize.File) {
			set(f, "A3", "水泵")
			set(f, "B3", " １，２３４．５元 ")
			set(f, "G3", "1,024")
		},
			"水泵|1234.50|||||1024"},
		{"text as numbers", func(f *excelize.File) {
			set(f, "A3", 42)
			set(f, "B3", 1)
			set(f, "D3",
				13812345678)
		},
			"42|1.00||13812345678|||"},
		{"binary fractions", func(f *excelize.File) { basic(f); set(f, "B3", 0.1+0.2); set(f, "F3", 33.3) },
			"水泵|0.30||||33.30|"},
		{"a third", func(f *excelize.File) { basic(f); set(f, "B3", 100.0/3) },
			"水泵|33.3333333333333|||||;" +
				"form.places B3"},
		{"percent format", func(f *excelize.File) {
			basic(f)
			set(f, "F3", 0.855)
			format(f, "F3",
				"0.0%")
		},
			"水泵|100.00||||85.50|"},
		{"zeros by format", func(f *excelize.File) {
			basic(f)
			set(f, "D3", 42)
			format(f, "D3",
				"000000")
		},
			"水泵|100.00||000042|||"},
		{"zeros lost", func(f *excelize.File) { basic(f); set(f, "E3", 1) },
			"水泵|100.00|||1||;form.choice E3"},
		{"a date", func(f *excelize.File) {
			basic(f)
			set(f, "C3", time.Date(2019, 3, 5, 13, 0, 0, 0,
				time.UTC))
		},
			"水泵|100.00|2019-03-05||||"},
		{"a serial", func(f *excelize.File) { basic(f); set(f, "C3", 43529) }, "水泵|100.00|2019-03-05||||"},
		{"a date as text", func(f *excelize.File) { basic(f); set(f, "C3", "2019年3月5日") },
			"水泵|100.00|2019-03-05||||"},
		{"a date as eight digits", func(f *excelize.File) { basic(f); set(f, "C3", 20190305) },
			"水泵|100.00|2019-03-05||||"},
		{"a bare year", func(f *excelize.File) { basic(f); set(f, "C3", 2019) }, "水泵|100.00|2019||||;" +
			"sheet.cell_year C3"},
		{"a date in a text", func(f *excelize.File) {
			basic(f)
			set(f, "D3", 43529)
			format(f, "D3",
				"yyyy/m/d")
		},
			"水泵|100.00||2019-03-05|||"},
		{"digits lost", func(f *excelize.File) { basic(f); set(f, "D3", 500102199001010013) },
			"水泵|100.00||500102199001010000|||;sheet.cell_digits D3"},
		{"scientific text", func(f *excelize.File) { basic(f); set(f, "D3", "5.00102E+17") },
			"水泵|100.00||5.00102E+17|||;sheet.cell_exponent D3"},
		{"a blank row, a total and signatures", func(f *excelize.File) {
			basic(f)
			set(f, "A5", "电机")
			set(f, "B5", 5)
			set(f, "A6", "合 计")
			set(f, "B6", 105)
			set(f, "A8", "填表人：　　审核人：")
		}, "水泵|100.00|||||;电机|5.00|||||;sheet.blank_rows ;sheet.totals_row 6;sheet.footer_row 8"},
		{"a thing called total", func(f *excelize.File) {
			set(f, "A3", "合计用计算器")
			set(f, "B3", 5)
			set(f, "A4", "负责人办公桌")
			set(f, "B4", 1)
		},
			"合计用计算器|5.00|||||;负责人办公桌|1.00|||||"},
		{"headings on every page", func(f *excelize.File) {
			basic(f)
			f.SetSheetRow("Sheet1", "A4", &[]string{"名称", "核实数", "取得日期"})
			set(f, "A5", "名称")
			set(f, "B5", 5)
		}, "水泵|100.00|||||;名称|5.00|||||;sheet.head_row 4"},
		{"a hidden row", func(f *excelize.File) {
			basic(f)
			set(f, "A4", "电机")
			set(f, "B4", 5)
			f.SetRowVisible("Sheet1", 4, false)
		}, "水泵|100.00|||||;电机|5.00|||||;sheet.hidden_rows 4"},
		{"merged downwards", func(f *excelize.File) {
			basic(f)
			set(f, "A4", "电机")
			set(f, "B4", 5)
			set(f, "A5", "阀门")
			set(f, "B5", 6)
			set(f, "E3", "出租")
			f.MergeCell("Sheet1", "E3", "E4")
			f.MergeCell("Sheet1", "A1", "H1")
		}, "水泵|100.00|||leased||;电机|5.00|||leased||;阀门|6.00|||||;sheet.merged "},
		{"merged across", func(f *excelize.File) {
			basic(f)
			set(f, "D3", "无")
			f.MergeCell("Sheet1", "D3",
				"F3")
		},
			"水泵|100.00||无|||;sheet.merged_wide D3"},
		{"an extra column", func(f *excelize.File) { basic(f); set(f, "I2", "心情"); set(f, "I3", "好") },
			"sheet.extra I2;水泵|100.00|||||"},
		{"another unit", func(f *excelize.File) { basic(f); set(f, "B2", "核实数（万元）") },
			"sheet.unit B2;水泵|100.00|||||"},
		{"the unit in other words", func(f *excelize.File) { basic(f); set(f, "B2", "核实数(人民币元，两位小数)") },
			"水泵|100.00|||||"},
		{"a doubled column", func(f *excelize.File) {
			basic(f)
			set(f, "I2", "Verified amount")
			set(f,
				"I3", 5)
		},
			"sheet.twice I2;水泵|100.00|||||"},
		{"a missing column", func(f *excelize.File) { set(f, "A3", "水泵"); set(f, "B2", "估计数") },
			"sheet.extra B2;sheet.missing 2;水泵||||||;form.required 3"},
		{"English labels", func(f *excelize.File) {
			f.SetSheetRow("Sheet1", "A2", &[]string{"Name *", "VERIFIED amount (yuan)", "acquired  on"})
			set(f, "A3", "pump")
			set(f, "B3", 1)
		}, "pump|1.00|||||"},
		{"unreadable characters", func(f *excelize.File) { basic(f); set(f, "A3", "水\ufffd泵") },
			"水\ufffd泵|100.00|||||;form.characters A3"},
		{"far too long", func(f *excelize.File) { basic(f); set(f, "D3", strings.Repeat("长", 9000)) },
			"水泵|100.00||" + strings.Repeat("长", 8001) + "|||;sheet.cell_long D3"},
		{"two sheets, one fits", func(f *excelize.File) {
			basic(f)
			f.NewSheet("说明")
			f.SetCellStr("说明", "A1", "名称")
		}, "sheet.not_read ;水泵|100.00|||||"},
		{"two sheets, both fit", func(f *excelize.File) {
			basic(f)
			f.NewSheet("二组")
			f.SetSheetRow("二组", "A1", &[]string{"名称", "核实数"})
		}, "refused sheet.two_fit"},
		{"a hidden sheet that fits", func(f *excelize.File) {
			basic(f)
			f.NewSheet("旧")
			f.SetSheetRow("旧", "A1", &[]string{"名称", "核实数"})
			f.SetSheetVisible("旧", false)
		}, "sheet.hidden_sheet ;水泵|100.00|||||"},
		{"a heading of two rows", func(f *excelize.File) {
			f.SetSheetRow("Sheet1", "A2", &[]string{"名称", "核实", "", "备注"})
			f.SetSheetRow("Sheet1", "A3", &[]string{"", "数", "日期"})
			f.SetSheetRow("Sheet1", "A4", &[]any{"水泵", 5, "甲"})
		}, "sheet.extra C3;水泵|5.00|||||"},
		{"amounts in another unit", func(f *excelize.File) { basic(f); set(f, "B1", "单位：万元") },
			"sheet.unit_above B1;水泵|100.00|||||"},
		{"an amount merged downwards", func(f *excelize.File) {
			basic(f)
			set(f, "A4", "电机")
			f.MergeCell("Sheet1", "B3", "B4")
		}, "水泵|100|||||;sheet.merged_number B3;电机||||||;form.required B4"},
		{"no headings", func(f *excelize.File) { f.RemoveRow("Sheet1", 2); set(f, "A3", "水泵") },
			"refused sheet.no_head"},
		{"nothing below the headings", func(f *excelize.File) {}, ""},
		{"years from 1904", func(f *excelize.File) {
			basic(f)
			yes := true
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
			set(f, "C3", 42067)
		}, "水泵|100.00|2019-03-05||||"},
		{"a phone that is no number", func(f *excelize.File) {
			basic(f)
			set(f, "H3",
				5.00102199001010013e17)
		},
			"水泵|100.00|||||;sheet.cell_digits H3"},
	} {
		got := withoutMissing(summary(read("a.xlsx", workbook(t, c.fill), wanted(d), sheet.Limits{})))
		if got != c.want {
			t.Errorf("%s:\n got %.300s\nwant %.300s", c.name, got, c.want)
		}
	}
}

var columns = []string{"name", "verified", "acquired", "contract", "use", "rate", "heads"}

func summary(r result, err error) string {
	if err != nil {
		return "refused " + fault.Of(err).Key
	}
	place := func(f fault.Finding) string {
		if f.Key == "sheet.missing_others" && f.Severity == fault.Warning {
			return "missing"
		}
		at := f.Column
		if f.Row > 0 {
			at += fmt.Sprint(f.Row)
		}
		return f.Key + " " + at
	}
	var all []string
	for _, f := range r.reading.Findings {
		all = append(all, place(f))
	}
	for _, e := range r.entries {
		var cells []string
		for _, key := range columns {
			cells = append(cells, e.Record.Plain(key))
		}
		all = append(all, strings.Join(cells, "|"))
		for _, f := range e.Findings {
			all = append(all, place(f))
		}
	}
	for _, f := range r.reading.Notes() {
		all = append(all, place(f))
	}
	return strings.Join(all, ";")
}

// withoutMissing drops the warnings about optional columns that these files leave out.
func withoutMissing(s string) string {
	kept := slices.DeleteFunc(strings.Split(s, ";"), func(part string) bool { return part == "missing" })
	return strings.Join(kept, ";")
}

// TestCSVFilesAsTheyCome: separators, quotes, line ends, blank lines, encodings.
func TestCSVFilesAsTheyCome(t *testing.T) {
	d := fixedForm(t)
	gb := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct{ name, content, want string }{
		{"commas", "名称,核实数\n水泵,\"1,234.5\"\n", "水泵|1234.50|||||"},
		{"semicolons", "名称;核实数\n水泵;1234,5\n", "水泵|1234,5|||||;form.number B2"},
		{"tabs", "名称\t核实数\n水泵\t5\n", "水泵|5.00|||||"},
		{"a title above", "石柱村,,\n\n名称,核实数\n水泵,x\n", "水泵|x|||||;form.number B4"},
		{"a line break within quotes", "名称,核实数,备注\n\"水\n泵\",1,\"a\nb\"\n\n电机,y,\n",
			"水\n泵|1.00|||||;电机|y|||||;form.number B4;sheet.blank_rows "},
		{"Windows line ends", "名称,核实数\r\n水泵,5\r\n", "水泵|5.00|||||"},
		{"old Mac line ends", "名称,核实数\r水泵,5\r", "水泵|5.00|||||"},
		{"short rows", "名称,合同编号,核实数\n水泵\n", "水泵||||||;form.required C2"},
		{"scientific notation", "名称,核实数,合同编号\n水泵,1.5E+3,5.00102E+17\n",
			"水泵|1.5E+3||5.00102E+17|||;sheet.cell_exponent C2;form.number B2"},
		{"digits kept by a formula", "名称,核实数,合同编号\n水泵,1,\"=\"\"0012\"\"\"\n", "水泵|1.00||0012|||"},
		{"digits kept by a bank's formula", "名称,核实数,合同编号\n=\"水泵\",1,=\"0012\"\n", "水泵|1.00||0012|||"},
		{"what looks like one in a quotation", "名称,核实数,合同编号\n\"水,=\"\"泵\",1,=\"0012\"\n",
			`水,="泵|1.00||0012|||`},
		{"what looks like one after a line end in a quotation", "名称,核实数\n\"水\n=\"\"泵\",1\n",
			"水\n=\"泵|1.00|||||"},
		{"GB18030", gb("名称,核实数\n水泵㐀,5\n"), "sheet.encoded ;水泵㐀|5.00|||||"},
		{"two-byte characters only, decided by the labels", gb("名称,核实数\n联通,5\n"),
			"sheet.encoded ;联通|5.00|||||"},
		{"fits both and labels do not decide", "Name,Verified amount\nm²,5\n", "refused sheet.encoding"},
		{"marked, the same", "\ufeffName,Verified amount\nm²,5\n", "m²|5.00|||||"},
		{"neither", "名称,核实数\n\xff\xff\xff,5\n", "refused sheet.encoding"},
		{"damaged GB18030", gb("名称,核实数\n水泵,5\n") + "\x81", "refused sheet.encoding"},
		{"damaged UTF-16", "\xff\xfe\x00\xd8a\x00", "refused sheet.encoding"},
		{"quotes that do not match", "名称,核实数\n\"水泵,5\n", "refused sheet.csv"},
		{"only headings", "名称,核实数\n", ""},
		{"a page", "<!DOCTYPE html><html><table><tr><td>名称</td></tr></table>", "refused sheet.not_a_table"},
		{"a page in UTF-16", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "refused sheet.not_a_table"},
		{"XML of 2003",
			`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`,
			"refused sheet.not_a_table"},
		{"a name that begins like a bitmap", "BMX bike,x\n名称,核实数\n水泵,5\n", "水泵|5.00|||||"},
	} {
		got := withoutMissing(summary(read("a.csv", []byte(c.content), wanted(d), sheet.Limits{})))
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// zipped makes a ZIP file of parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wide(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteByte(byte(c))
		b.WriteByte(0)
	}
	return b.String()
}

// TestWhatIsNoTableIsRefusedByWhatItIs, and the refusal says so in both languages.
func TestWhatIsNoTableIsRefusedByWhatItIs(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 70_000)
	for kind, content := range map[string]string{
		"pdf":           "%PDF-1.7\n...",
		"image":         "\x89PNG\r\n\x1a\n\x00\x00",
		"archive":       string(zipped(t, map[string]string{"a.txt": "x"})),
		"encrypted":     ole + wide("Workbook") + strings.Repeat("x", 70_000) + wide("EncryptedPackage"),
		"old_workbook":  ole[:65500] + wide("Workbook") + ole,
		"old_document":  ole,
		"text_document": string(zipped(t, map[string]string{"word/document.xml": "x"})),
		"macro_workbook": string(zipped(t, map[string]string{"xl/workbook.xml": "x",
			"xl/vbaProject.bin": "x"})),
		"binary_workbook": string(zipped(t, map[string]string{"xl/workbook.bin": "x"})),
		"open_document":   string(zipped(t, map[string]string{"content.xml": "x", "mimetype": "x"})),
		"web_page":        "\n <HTML xmlns:x=...><table>",
		"program":         "MZ\x90",
	} {
		_, err := sheet.Open(upload("表.xls", []byte(content)), sheet.Limits{})
		f := fault.Of(err)
		if f == nil || f.Key != "sheet.not_a_table" || f.Args[1] != locale.Word("sheet.kind."+kind) {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		for _, l := range locale.Languages {
			if text := dictionary(t).Explain(l, f).String(); strings.Contains(text, "⟨") ||
				strings.Contains(text, "%!") {
				t.Errorf("%s: %s", kind, text)
			}
		}
	}
}

// TestBrokenWorkbooks: cut anywhere, or with parts that lie, they are refused, never half read.
func TestBrokenWorkbooks(t *testing.T) {
	d := fixedForm(t)
	whole := workbook(t, func(f *excelize.File) { f.SetSheetRow("Sheet1", "A3", &[]any{"水泵", 1}) })
	for at := 1; at < len(whole); at += 97 {
		if r, err := read("a.xlsx", whole[:at], wanted(d), sheet.Limits{}); err == nil {
			t.Fatalf("cut at %d of %d it was read: %v", at, len(whole), r.entries)
		}
	}
	for i := 0; i < len(whole); i += 5 {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 0x55
		read("a.xlsx", flipped, wanted(d), sheet.Limits{}) //nolint:errcheck // it must not panic
	}
	const types = `<?xml version="1.0"?><Types/>`
	book := `<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`
	relations := `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`
	for name, c := range map[string]struct{ sheet, shared, want string }{
		"fits": {
			sheetOf(`<row><c t="inlineStr"><is><t>名称</t></is></c><c t="str"><v>核实数</v></c></row>` +
				`<row><c t="s"><v>0</v></c><c><v>5</v></c></row>`),
			`<sst><si><r><t>水</t></r><r><t>泵</t></r><rPh><t>shui</t></rPh></si></sst>`,
			"水泵|5.00|||||",
		},
		"errors, formulas, flags, days": {
			sheetOf(`<row r="1"><c r="A1" t="str"><v>名称</v></c><c t="str"><v>核实数</v></c>` +
				`<c t="str"><v>取得日期</v></c><c t="str"><v>合同编号</v></c><c t="str"><v>头数</v></c></row>` +
				`<row r="2"><c t="b"><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>` +
				`<c t="d"><v>2019-03-05T00:00:00</v></c><c t="str"><f>""</f><v></v></c>` +
				`<c><f>1+2</f></c></row>` +
				`<row r="3"><c t="str"><f>"a"</f><v>a</v></c><c><f>1+2</f><v>3</v></c></row>`),
			`<sst/>`, "TRUE||2019-03-05||||;sheet.cell_formula E2;sheet.cell_error B2;a|3.00|||||",
		},
		"a shared text that is not there": {sheetOf(`<row><c t="s"><v>7</v></c></row>`), `<sst/>`,
			"refused sheet.broken"},
		"rows out of order": {sheetOf(`<row r="5"/><row r="4"/>`), `<sst/>`, "refused sheet.broken"},
		"cells out of order": {sheetOf(`<row r="5"><c r="B5"><v>1</v></c><c r="A5"/></row>`), `<sst/>`,
			"refused sheet.broken"},
		"an unknown type": {sheetOf(`<row><c t="z"><v>1</v></c></row>`), `<sst/>`, "refused sheet.broken"},
		"a document type": {`<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`, `<sst/>`, "refused sheet.broken"},
		"cut off":         {`<worksheet><sheetData><row>`, `<sst/>`, "refused sheet.broken"},
		"a column beyond the last": {sheetOf(`<row><c r="XFD1"><v>1</v></c></row>`), `<sst/>`,
			"refused sheet.columns"},
	} {
		content := zipped(t, map[string]string{"[Content_Types].xml": types, "xl/workbook.xml": book,
			"xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet1.xml": c.sheet,
			"xl/sharedStrings.xml": c.shared})
		got := withoutMissing(summary(read("a.xlsx", content, wanted(d), sheet.Limits{})))
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// sheetOf is the part of a sheet with rows.
func sheetOf(rows string) string {
	return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

// TestLimits: each limit has its own refusal, and a real bomb goes off at the door.
func TestLimits(t *testing.T) {
	d := fixedForm(t)
	content := workbook(t, func(f *excelize.File) {
		for i := range 50 {
			f.SetSheetRow("Sheet1", fmt.Sprint("A", i+3), &[]any{"水泵", i, "", strings.Repeat("x", 100) +
				fmt.Sprint(i)})
		}
	})
	for want, l := range map[string]sheet.Limits{
		"sheet.too_large": {Bytes: 1000},
		"sheet.unzipped":  {Unzipped: 10_000},
		"sheet.shared":    {SharedStrings: 2000},
		"sheet.rows":      {Rows: 20},
		"sheet.columns":   {Columns: 3},
	} {
		if got := summary(read("a.xlsx", content, wanted(d), l)); got != "refused "+want {
			t.Errorf("%s: %.100s", want, got)
		}
	}
	lines := "名称,核实数\n" + strings.Repeat("水泵,1\n", 50)
	if got := summary(read("a.csv", []byte(lines), wanted(d),
		sheet.Limits{Rows: 20})); got != "refused sheet.rows" {
		t.Errorf("rows of CSV: %.100s", got)
	}
	if _, err := sheet.Open(upload("a.csv", nil), sheet.Limits{}); !fault.HasKey(err, "sheet.nothing") {
		t.Errorf("an empty file: %v", err)
	}
}

// bomb is a workbook of a few hundred kilobytes whose sheet unzips to the size given.
func bomb(t testing.TB, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	book := `<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`
	relations := `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`
	for _, part := range [][2]string{{"xl/workbook.xml", book}, {"xl/_rels/workbook.xml.rels", relations}} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, part[1])
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, `<worksheet><sheetData><row><c t="inlineStr"><is><t>`)
	block := bytes.Repeat([]byte{' '}, 1<<20)
	for range size >> 20 {
		w.Write(block)
	}
	io.WriteString(w, `</t></is></c></row></sheetData></worksheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestZipBomb: 256 MB in 256 KB. It is refused by what it claims; claiming less, by what comes out;
// within the limit for the whole, by the size of the single text. None of it is held in memory.
func TestZipBomb(t *testing.T) {
	content := bomb(t, 256<<20)
	if len(content) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(content))
	}
	if _, err := sheet.Open(upload("a.xlsx", content), sheet.Limits{Unzipped: 64 << 20}); !fault.HasKey(err,
		"sheet.unzipped") {
		t.Errorf("by its claim: %v", err)
	}
	modest := claims(t, content, 1000)
	if got := summary(read("a.xlsx", modest, wanted(fixedForm(t)),
		sheet.Limits{Unzipped: 64 << 20})); got !=
		"refused sheet.broken" {
		t.Errorf("claiming less: %.100s", got)
	}
	before := allocated()
	if got := summary(read("a.xlsx", content, wanted(fixedForm(t)),
		sheet.Limits{})); got != "refused sheet.piece" {
		t.Errorf("as one long text: %.100s", got)
	}
	if used := allocated() - before; used > 32<<20 {
		t.Errorf("reading it took %d MB", used>>20)
	}
}

// claims rewrites the sizes in the directory of a ZIP file: the parts say that they are small.
func claims(t testing.TB, content []byte, size uint32) []byte {
	t.Helper()
	out := bytes.Clone(content)
	changed := 0
	for at := 0; ; {
		i := bytes.Index(out[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i
		binary.LittleEndian.PutUint32(out[at+24:], size)
		at += 46
		changed++
	}
	if changed != 3 {
		t.Fatalf("%d parts were found", changed)
	}
	return out
}

// allocated is how much memory was asked for since the start, in bytes.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
