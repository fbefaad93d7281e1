package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

const fixed = `
key: assets.fixed
version: 2
title: {zh: 固定资产清查登记表, en: Fixed assets}
basis: 农经发〔2017〕11号
mark: unverified
fields:
  - {key: number, label: {zh: 资产编号, en: Asset no.}, kind: code, read_only: true}
  - {key: name, label: {zh: 名称, en: Name}, kind: text, required: true, max_length: 60}
  - {key: acquired, label: {zh: 取得日期, en: Acquired on}, kind: date}
  - {key: heads, label: {zh: 头数, en: Heads}, kind: integer, min: 0}
  - {key: book, label: {zh: 账面数, en: Book amount}, kind: money, read_only: true}
  - {key: verified, label: {zh: 核实数, en: Verified amount}, kind: money, required: true}
  - {key: land, label: {zh: 占地, en: Land}, kind: area_mu}
  - {key: rate, label: {zh: 成新率, en: Condition}, kind: percent, max: 100}
  - {key: use, label: {zh: 使用情况, en: Use}, kind: choice, codes: assets.use}
  - {key: class, label: {zh: 类别, en: Class}, kind: choice, codes: assets.class}
  - {key: certified, label: {zh: 有无权证, en: Certificate}, kind: check}
  - {key: contract, label: {zh: 合同编号, en: Contract no.}, kind: code,
     help: {zh: 按合同填写, en: as on the contract}}
  - {key: phone, label: {zh: 电话, en: Phone}, kind: code, data_class: S2}
  - {key: remark, label: {zh: 备注, en: Remark}, kind: long}
checks:
  - key: positive
    expr: verified >= 0
    fields: [verified]
    text: {zh: "核实数{verified}不应为负", en: "verified {verified} must not be negative"}
examples:
  - {given: {name: x, verified: 1}, expect: []}
`

const uses = `
key: assets.use
title: {zh: 使用情况, en: use}
entries:
  - {code: self, zh: 自用, en: own use}
  - {code: leased, zh: 出租, en: leased}
  - {code: "01", zh: 闲置, en: idle}
`

func library(t testing.TB) *form.Library {
	t.Helper()
	classes := "key: assets.class\ntitle: {zh: 类别, en: class}\nentries:\n"
	for i := range 120 {
		classes += fmt.Sprintf("  - {code: \"%03d\", zh: 类别之%d, en: \"class, number %d\"}\n", i, i, i)
	}
	l, findings := form.Load(fstest.MapFS{"forms/fixed.yaml": {Data: []byte(fixed)},
		"codes/use.yaml": {Data: []byte(uses)}, "codes/class.yaml": {Data: []byte(classes)}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return l
}

func fixedForm(t testing.TB) *form.Definition {
	d, _ := library(t).Form("assets.fixed")
	return d
}

func dictionary(t testing.TB) *locale.Dictionary {
	t.Helper()
	d, err := locale.Load(form.Texts, sheet.Texts, locale.Own)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const today period.Date = "2025-12-31"

var context = form.Context{On: today}

func template(t testing.TB, d *form.Definition, l locale.Language) sheet.Template {
	return sheet.Template{Form: d, Language: l, Dictionary: dictionary(t), Organisation: "500102/7",
		OrganisationName: "石柱村", Period: "2025", On: today}
}

func wanted(d *form.Definition) sheet.Wanted {
	return sheet.Wanted{Form: d, Organisation: "500102/7", OrganisationName: "石柱村", Period: "2025",
		On: today}
}

func upload(name string, content []byte) sheet.Upload {
	return sheet.Upload{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))}
}

// result is all that reading a file gave.
type result struct {
	entries  []sheet.Entry
	findings []fault.Finding
	reading  *sheet.Reading
}

func read(name string, content []byte, w sheet.Wanted, l sheet.Limits) (result, error) {
	book, err := sheet.Open(upload(name, content), l)
	if err != nil {
		return result{}, err
	}
	reading, err := book.Read(w)
	if err != nil {
		return result{}, err
	}
	out := result{reading: reading, findings: slices.Clone(reading.Findings)}
	for e, err := range reading.Records(context) {
		if err != nil {
			return result{}, err
		}
		out.entries = append(out.entries, e)
		out.findings = append(out.findings, e.Findings...)
	}
	out.findings = append(out.findings, reading.Notes()...)
	return out, nil
}

func (r result) keys() string {
	var all []string
	for _, f := range r.findings {
		all = append(all, fmt.Sprintf("%s %s%s", f.Key, f.Column,
			map[bool]string{true: fmt.Sprint(f.Row)}[f.Row > 0]))
	}
	return strings.Join(all, "; ")
}

func prefilled(rows ...sheet.Prefilled) func(func(sheet.Prefilled, error) bool) {
	return func(yield func(sheet.Prefilled, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func bytesOf(t testing.TB, write func(io.Writer) (int, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cells makes the cells of a row by field.
func cells(d *form.Definition, values map[string]string) []string {
	all := make([]string, len(d.Fields))
	for key, v := range values {
		all[d.Position(key)] = v
	}
	return all
}

func drawCells(t *rapid.T, d *form.Definition) []string {
	all := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		if !f.Required && rapid.Bool().Draw(t, f.Key+" blank") {
			continue
		}
		switch f.Kind {
		case form.Integer:
			all[i] = fmt.Sprint(rapid.Int64Range(0, 1_000_000).Draw(t, f.Key))
		case form.Money, form.AreaMu:
			n := rapid.Int64Range(0, 99_999_999_999).Draw(t, f.Key)
			all[i] = fmt.Sprintf("%d.%02d", n/100, n%100)
		case form.Percent:
			n := rapid.Int64Range(0, 10000).Draw(t, f.Key)
			all[i] = fmt.Sprintf("%d.%02d", n/100, n%100)
		case form.Date:
			all[i] = string(period.Date("1900-01-01").AddDays(rapid.IntRange(0, 50000).Draw(t, f.Key)))
		case form.Choice:
			all[i] = string(rapid.SampledFrom(f.CodeList().On(today)).Draw(t, f.Key).Code)
		case form.Flag:
			all[i] = rapid.SampledFrom([]string{"0", "1"}).Draw(t, f.Key)
		case form.Code:
			all[i] = rapid.StringMatching(`[0-9A-Z]{1,20}`).Draw(t, f.Key)
		default:
			all[i] = strings.TrimSpace(rapid.StringMatching(`[a-z一-龥=+@'",;&<> -]{1,12}`).Draw(t, f.Key))
		}
	}
	all[d.Position("name")] = "厂房" + all[d.Position("name")]
	return all
}

// TestTemplateRoundTrip: known rows written into a template and read back are the same records, in
// both languages, as XLSX, as CSV in UTF-8 and in GB18030.
func TestTemplateRoundTrip(t *testing.T) {
	d := fixedForm(t)
	rapid.Check(t, func(rt *rapid.T) {
		var rows []sheet.Prefilled
		for i := range rapid.IntRange(0, 4).Draw(rt, "rows") {
			rows = append(rows, sheet.Prefilled{Ref: fmt.Sprint(i + 1), Cells: drawCells(rt, d)})
		}
		tpl := template(t, d, rapid.SampledFrom(locale.Languages).Draw(rt, "language"))
		tpl.Rows = prefilled(rows...)
		for name, content := range files(t, tpl) {
			got, err := read(name, content, wanted(d), sheet.Limits{})
			if err != nil {
				rt.Fatalf("%s: %v", name, err)
			}
			if len(got.entries) != len(rows) {
				rt.Fatalf("%s: %d rows, want %d (%s)", name, len(got.entries), len(rows), got.keys())
			}
			for i, e := range got.entries {
				want, _ := d.Parse(rows[i].Cells, context)
				if !e.Record.Equal(want) || e.Ref != rows[i].Ref || fault.Stops(e.Findings) {
					rt.Fatalf("%s row %d: read %q %q, want %q %q\n%v", name, i, e.Ref, e.Record.Cells(),
						rows[i].Ref, want.Cells(), e.Findings)
				}
			}
		}
	})
}

func files(t testing.TB, tpl sheet.Template) map[string][]byte {
	utf8 := bytesOf(t, tpl.WriteCSV)
	plain := bytes.TrimPrefix(utf8, []byte("\ufeff"))
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(plain)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"a.xlsx": bytesOf(t, tpl.WriteXLSX), "a.csv": utf8, "plain.csv": plain,
		"gb18030.csv": gb, "utf16.csv": wide}
}

// TestTemplateIsAWorkbook looks at what people see and at what they do not.
func TestTemplateIsAWorkbook(t *testing.T) {
	d := fixedForm(t)
	tpl := template(t, d, locale.Chinese)
	tpl.Rows = prefilled(sheet.Prefilled{Ref: "9", Cells: cells(d, map[string]string{"number": "007",
		"name": "水泵",
		"book": "1234.5", "use": "leased", "acquired": "2019-03-05", "phone": "13812345678"})})
	f, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, tpl.WriteXLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := "固定资产清查登记表"
	if got := f.GetSheetList(); !slices.Equal(got, []string{name, "_terrace", "_codes"}) {
		t.Errorf("sheets %v", got)
	}
	for cell, want := range map[string]string{"A1": name, "A2": "填报单位：石柱村　　期间：2025 （本表格式未经核实）",
		"A4": "number", "O4": "_row", "F5": "核实数（元） *", "E5": "账面数（元）", "A6": "007", "B6": "水泵",
		"E6": "1,234.50",
		"C6": "2019-03-05", "I6": "出租", "M6": "13812345678"} {
		if got, err := f.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", cell, got, want, err)
		}
	}
	for cell, locked := range map[string]bool{"A6": true, "E6": true, "B6": false, "A7": false,
		"F500": false} {
		id, err := f.GetCellStyle(name, cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil || style.Protection == nil || style.Protection.Locked != locked {
			t.Errorf("%s: locked %v, want %v (%v)", cell, style.Protection, locked, err)
		}
	}
	lists, err := f.GetDataValidations(name)
	if err != nil {
		t.Fatal(err)
	}
	formulas := map[string]string{}
	for _, v := range lists {
		formulas[v.Sqref] = v.Formula1
	}
	if formulas["I6:I100000"] != "自用,出租,闲置" && formulas["I6:I100000"] != `"自用,出租,闲置"` ||
		formulas["J6:J100000"] != "_codes!$A$1:$A$120" || formulas["K6:K100000"] == "" {
		t.Errorf("drop-downs %q", formulas)
	}
	for _, hidden := range []string{"_terrace", "_codes"} {
		if visible, err := f.GetSheetVisible(hidden); visible || err != nil {
			t.Errorf("%s is visible (%v)", hidden, err)
		}
	}
	if visible, err := f.GetRowVisible(name, 4); visible || err != nil {
		t.Errorf("the row of keys is visible (%v)", err)
	}
	if visible, err := f.GetColVisible(name, "O"); visible || err != nil {
		t.Errorf("the column of references is visible (%v)", err)
	}
	layout, err := f.GetPageLayout(name)
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 {
		t.Errorf("page %+v, %v", layout, err)
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 5 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

// TestTemplatesOfOthersAreRefusedByName: another form, version, village, period, and one whose hidden
// sheet was changed.
func TestTemplatesOfOthersAreRefusedByName(t *testing.T) {
	d := fixedForm(t)
	for _, kind := range []string{"a.xlsx", "a.csv"} {
		content := files(t, template(t, d, locale.English))[kind]
		for name, c := range map[string]struct {
			change func(*sheet.Wanted)
			want   string
		}{
			"same": {func(*sheet.Wanted) {}, ""},
			"any":  {func(w *sheet.Wanted) { w.Organisation, w.Period = "", "" }, ""},
			"organisation": {func(w *sheet.Wanted) { w.Organisation = "500102/8" },
				"sheet.other_organisation"},
			"period": {func(w *sheet.Wanted) { w.Period = "2026" }, "sheet.other_period"},
			"form": {func(w *sheet.Wanted) {
				w.Form = variant(t, "key: assets.fixed",
					"key: assets.other")
			},
				"sheet.other_form"},
			"version": {func(w *sheet.Wanted) { w.Form = variant(t, "version: 2", "version: 3") },
				"sheet.other_version"},
			"state": {func(w *sheet.Wanted) {
				w.Form = variant(t, "kind: percent, max: 100",
					"kind: quantity")
			},
				"sheet.old_state"},
		} {
			w := wanted(d)
			c.change(&w)
			_, err := read(kind, content, w, sheet.Limits{})
			if got := keyOf(err); got != c.want {
				t.Errorf("%s %s: %v, want %s", kind, name, err, c.want)
			}
		}
	}
	altered := bytes.Replace(files(t, template(t, d, locale.English))["a.csv"], []byte("500102/7"),
		[]byte("500102/8"), 1)
	w := wanted(d)
	w.Organisation = "500102/8"
	if _, err := read("a.csv", altered, w, sheet.Limits{}); keyOf(err) != "sheet.altered" {
		t.Errorf("an altered template: %v", err)
	}
	w = wanted(d)
	w.TemplateOnly = true
	if _, err := read("b.csv", []byte("名称,核实数\n水泵,1\n"), w,
		sheet.Limits{}); keyOf(err) != "sheet.no_template" {
		t.Errorf("no template: %v", err)
	}
}

func keyOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err).Key
}

func variant(t testing.TB, old, replacement string) *form.Definition {
	t.Helper()
	text := strings.Replace(fixed, old, replacement, 1)
	text = strings.Replace(text, "codes: assets.class", "codes: assets.use", 1)
	l, findings := form.Load(fstest.MapFS{"forms/a.yaml": {Data: []byte(text)},
		"codes/use.yaml": {Data: []byte(uses)}})
	if len(findings) > 0 || text == fixed {
		t.Fatal(findings)
	}
	if strings.HasPrefix(old, "kind: percent") {
		return l.Forms()[0]
	}
	return l.Forms()[0]
}

// TestKeysThatReadLikeLabels: the hidden row of keys is not taken for the headings below it.
func TestKeysThatReadLikeLabels(t *testing.T) {
	const plain = `
key: plain
version: 1
title: {zh: 清单, en: List}
basis: 无
mark: config
fields:
  - {key: name, label: {zh: 名称, en: Name}, kind: text}
  - {key: amount, label: {zh: 金额, en: Amount}, kind: money}
`
	l, findings := form.Load(fstest.MapFS{"forms/a.yaml": {Data: []byte(plain)}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, language := range locale.Languages {
		tpl := template(t, l.Forms()[0], language)
		tpl.Rows = prefilled(sheet.Prefilled{Ref: "1", Cells: []string{"name", "5"}})
		for kind, content := range files(t, tpl) {
			got, err := read(kind, content, wanted(l.Forms()[0]), sheet.Limits{})
			if err != nil || len(got.entries) != 1 || got.entries[0].Record.Text("name") != "name" {
				t.Errorf("%s %s: %d rows, %s, %v", language, kind, len(got.entries), got.keys(), err)
			}
		}
	}
}

// TestFilledInInTheOtherOrder: columns moved, labels in the other language, rows added, as people do.
func TestFilledInInTheOtherOrder(t *testing.T) {
	d := fixedForm(t)
	f, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, template(t, d, locale.Chinese).WriteXLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetList()[0]
	for _, move := range [][2]string{{"B", "Z"}, {"F", "AB"}} { // name and verified, far to the right
		for row := 4; row <= 5; row++ {
			from, to := fmt.Sprint(move[0], row), fmt.Sprint(move[1], row)
			text, _ := f.GetCellValue(name, from)
			f.SetCellStr(name, to, text)
			f.SetCellStr(name, from, "")
		}
	}
	f.SetCellStr(name, "Z5", "what I call it")
	f.SetCellStr(name, "Z9", "水泵")
	f.SetCellFloat(name, "AB9", 1200.5, 2, 64)
	f.SetCellStr(name, "I9", "leased")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := read("moved.xlsx", b.Bytes(), wanted(d), sheet.Limits{})
	if err != nil || len(got.entries) != 1 {
		t.Fatalf("%v, %v", got.entries, err)
	}
	e := got.entries[0]
	if e.Row != 9 || e.Record.Text("name") != "水泵" || e.Record.Money("verified") != 120050 ||
		e.Record.Text("use") != "leased" || fault.Stops(e.Findings) {
		t.Errorf("row %d: %q, %s", e.Row, e.Record.Cells(), got.keys())
	}
}

// TestFilledInByHand: rows typed into an empty template, as spreadsheet programs keep them – numbers as
// numbers or as text, days as serials or as text, choices by their meaning – are read as meant.
func TestFilledInByHand(t *testing.T) {
	d := fixedForm(t)
	empty := map[locale.Language][]byte{}
	for _, l := range locale.Languages {
		empty[l] = bytesOf(t, template(t, d, l).WriteXLSX)
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := rapid.SampledFrom(locale.Languages).Draw(rt, "language")
		f, err := excelize.OpenReader(bytes.NewReader(empty[l]))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		name := f.GetSheetList()[0]
		var want []form.Record
		line := 6
		for range rapid.IntRange(0, 3).Draw(rt, "rows") {
			line += rapid.IntRange(0, 2).Draw(rt, "blank rows")
			texts := drawCells(rt, d)
			record, _ := d.Parse(texts, context)
			want = append(want, record)
			for i := range d.Fields {
				if texts[i] == "" {
					continue
				}
				cell, _ := excelize.CoordinatesToCellName(i+1, line)
				if err := f.SetCellValue(name, cell, typed(rt, &d.Fields[i], record, l)); err != nil {
					t.Fatal(err)
				}
			}
			line++
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := read("a.xlsx", b.Bytes(), wanted(d), sheet.Limits{})
		if err != nil || len(got.entries) != len(want) {
			rt.Fatalf("%d rows, want %d: %s, %v", len(got.entries), len(want), got.keys(), err)
		}
		for i, e := range got.entries {
			if !e.Record.Equal(want[i]) || fault.Stops(e.Findings) {
				rt.Fatalf("read %q, want %q\n%v", e.Record.Cells(), want[i].Cells(), e.Findings)
			}
		}
	})
}

// typed is what stands in a cell after somebody has typed the value.
func typed(t *rapid.T, f *form.Field, r form.Record, l locale.Language) any {
	plain := r.Plain(f.Key)
	asText := rapid.Bool().Draw(t, f.Key+" as text")
	switch {
	case f.Numeric() && !asText:
		n, err := strconv.ParseFloat(plain, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case f.Numeric():
		return r.Shown(f.Key, l) + " "
	case f.Kind == form.Date && !asText && plain > "1900-03-01":
		day, err := time.Parse("2006-01-02", plain)
		if err != nil {
			t.Fatal(err)
		}
		return day
	case f.Kind == form.Date:
		return strings.ReplaceAll(plain, "-", "/")
	case f.CodeList() != nil, f.Kind == form.Flag:
		return r.Shown(f.Key, l)
	}
	return plain
}

// TestRemovedColumn: in a template every missing column is an error, for it was there.
func TestRemovedColumn(t *testing.T) {
	d := fixedForm(t)
	content := strings.Replace(string(files(t, template(t, d, locale.English))["a.csv"]), "Remark", "", 1)
	got, err := read("a.csv", []byte(content), wanted(d), sheet.Limits{})
	if err != nil || got.keys() != "sheet.missing_others 2" || !fault.Stops(got.findings) {
		t.Errorf("%s, %v", got.keys(), err)
	}
}

// TestLockedCellsAndCopiedRows: what people do to prefilled rows is noticed.
func TestLockedCellsAndCopiedRows(t *testing.T) {
	d := fixedForm(t)
	tpl := template(t, d, locale.Chinese)
	row := cells(d, map[string]string{"number": "7", "name": "水泵", "book": "100", "verified": "100"})
	other := slices.Clone(row)
	other[0] = "8"
	tpl.Rows = prefilled(sheet.Prefilled{Ref: "1", Cells: row}, sheet.Prefilled{Ref: "2", Cells: other})
	lines := strings.Split(strings.TrimSpace(string(bytesOf(t, tpl.WriteCSV))), "\n")
	changed := strings.Replace(lines[3], "100", "101", 1)    // the book amount of the second
	written := strings.Replace(lines[2], "100", "100.00", 1) // the same, written otherwise
	content := strings.Join([]string{lines[0], lines[1], written, changed, lines[2]}, "\n")
	got, err := read("a.csv", []byte(content), wanted(d), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got.keys() != "sheet.sealed 4; sheet.ref_twice 5" {
		t.Error(got.keys())
	}
}
