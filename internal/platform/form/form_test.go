package form_test

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
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
  - {key: name, label: {zh: 名称, en: Name}, kind: text, required: true, max_length: 10}
  - {key: acquired, label: {zh: 取得日期, en: Acquired on}, kind: date, min: 1949-10-01}
  - {key: quantity, label: {zh: 数量, en: Quantity}, kind: quantity, unit: {zh: 台, en: pieces}, min: 0}
  - {key: heads, label: {zh: 头数, en: Heads}, kind: integer, min: 0, max: 9999}
  - {key: book, label: {zh: 账面数, en: Book amount}, kind: money, read_only: true}
  - {key: verified, label: {zh: 核实数, en: Verified amount}, kind: money, required: true, min: 0}
  - {key: gain, label: {zh: 盘盈, en: Gain}, kind: money, min: 0}
  - {key: loss, label: {zh: 盘亏, en: Loss}, kind: money, min: 0}
  - {key: floor, label: {zh: 建筑面积, en: Floor area}, kind: area_m2}
  - {key: land, label: {zh: 占地, en: Land}, kind: area_mu}
  - {key: rate, label: {zh: 成新率, en: Condition}, kind: percent, max: 100}
  - {key: use, label: {zh: 使用情况, en: Use}, kind: choice, codes: assets.use}
  - {key: contract, label: {zh: 合同编号, en: Contract no.}, kind: code, pattern: "[A-Z]{2}-[0-9]+",
     help: {zh: 两个字母、连字符和数字, en: "two letters, a hyphen and digits"}}
  - {key: certified, label: {zh: 有无权证, en: Certificate}, kind: check}
  - {key: keeper, label: {zh: 保管人, en: Keeper}, kind: resident_code, data_class: S2}
  - {key: owner, label: {zh: 所有者, en: Owner}, kind: credit_code}
  - {key: where, label: {zh: 存放地, en: Where}, kind: place}
  - {key: remark, label: {zh: 备注, en: Remark}, kind: long}
checks:
  - key: balance
    expr: gain - loss == verified - book
    fields: [gain, loss]
    text:
      zh: 盘盈减盘亏应等于核实数{verified}减账面数{book}
      en: gain − loss is {left}, verified {verified} − book {book} is {right}
    basis: 农经发〔2017〕11号
  - key: one_of_two
    expr: gain == 0 || loss == 0
    fields: [gain, loss]
    text: {zh: 盘盈与盘亏只能填一项, en: only one of gain and loss}
  - key: leased
    when: use == "leased"
    expr: given(contract)
    severity: warning
    fields: [contract]
    text: {zh: "出租的资产（{use}）应有合同", en: "what is leased ({use}) has a contract"}
  - key: dear
    expr: verified <= param("assets.dear")
    severity: note
    text: {zh: 金额较大, en: a large amount}
cross_checks:
  - key: total
    forms: {balance: assets.balance}
    expr: sum(rows, verified) == sum(balance.rows, fixed)
    fields: [verified]
    text: {zh: "明细合计{left}，报表{right}", en: "details {left}, statement {right}"}
  - key: named_once
    expr: unique(rows, name)
    text: {zh: 名称重复, en: a name stands twice}
examples:
  - name: a gain
    given: {name: 水泵, book: 100, verified: 120.50, gain: 20.50}
    expect: []
  - name: letter o
    given: {name: 水泵, verified: 12o, use: leased}
    expect: [verified.number, leased]
  - name: nothing
    given: {}
    expect: [name.required, verified.required]
`

const balance = `
key: assets.balance
version: 1
title: {zh: 资产负债清查表, en: Balance sheet}
basis: 农经发〔2017〕11号
mark: verified
fields:
  - {key: fixed, label: {zh: 固定资产, en: Fixed assets}, kind: money}
`

const uses = `
key: assets.use
title: {zh: 使用情况, en: use}
entries:
  - {code: self, zh: 自用, en: own use}
  - {code: leased, zh: 出租, en: leased}
  - {code: "01", zh: 闲置, en: idle}
  - {code: lent, zh: 出借, en: lent, to: 2024-01-01}
  - {code: lent2, zh: 出借, en: lent out, from: 2024-01-01, parent: leased}
`

func files(more ...string) fstest.MapFS {
	all := fstest.MapFS{"forms/fixed.yaml": {Data: []byte(fixed)},
		"forms/balance.yaml": {Data: []byte(balance)},
		"codes/use.yaml":     {Data: []byte(uses)}}
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return all
}

func library(t testing.TB) *form.Library {
	t.Helper()
	l, findings := form.Load(files())
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return l
}

type parameters map[string]int64

func (p parameters) Int(key string) (int64, error) {
	if n, ok := p[key]; ok {
		return n, nil
	}
	return 0, fault.New(fault.Internal, "fault.internal")
}

var context = form.Context{On: "2025-12-31", Parameters: parameters{"assets.dear": 100_000_000_00}}

func parse(t testing.TB, values map[string]string) (form.Record, []form.Finding) {
	t.Helper()
	d, _ := library(t).Form("assets.fixed")
	cells := make([]string, len(d.Fields))
	for key, v := range values {
		if d.Position(key) < 0 {
			t.Fatalf("there is no field %s", key)
		}
		cells[d.Position(key)] = v
	}
	return d.Parse(cells, context)
}

func names(findings []form.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, strings.Join(f.Fields, "+")+" "+f.Rule)
	}
	return strings.Join(all, "; ")
}

func TestEveryKindIsRead(t *testing.T) {
	for _, c := range []struct{ key, entered, plain, shown, problem string }{
		{"name", "  水泵 ", "水泵", "水泵", ""},
		{"name", "一二三四五六七八九十百", "", "", "length"},
		{"name", "水\ufffd泵", "", "", "characters"},
		{"quantity", "１２．５", "12.50", "12.50", ""},
		{"quantity", "12台", "12.00", "12.00", ""},
		{"quantity", "12.345", "", "", "places"},
		{"heads", "1,024", "1024", "1,024", ""},
		{"heads", "12.0", "12", "12", ""},
		{"heads", "12.5", "", "", "places"},
		{"heads", "10000", "", "", "max"},
		{"verified", "1234567.8", "1234567.80", "1,234,567.80", ""},
		{"verified", "1,234元", "1234.00", "1,234.00", ""},
		{"verified", "¥1,234.5", "1234.50", "1,234.50", ""},
		{"verified", "￥ 1234元", "1234.00", "1,234.00", ""},
		{"verified", "¥", "", "", "number"},
		{"verified", "12万元", "", "", "number"},
		{"verified", "-1", "", "", "min"},
		{"verified", "99999999999999999999", "", "", "range"},
		{"floor", "88.88", "88.88", "88.88", ""},
		{"land", "12.35", "12.35", "12.35", ""},
		{"land", "12.35亩", "12.35", "12.35", ""},
		{"rate", "85%", "85.00", "85.00", ""},
		{"rate", "100.01", "", "", "max"},
		{"acquired", "2019年3月5日", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019/3/5", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019-3-5 08:30:00", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019-03-05T00:00", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019-03-05 8", "", "", "date"},
		{"acquired", "20190305", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019.03.05", "2019-03-05", "2019-03-05", ""},
		{"acquired", "2019-02-29", "", "", "date"},
		{"acquired", "5.3.2019", "", "", "date"},
		{"acquired", "2019-3", "", "", "date"},
		{"acquired", "1949-09-30", "", "", "min"},
		{"use", "出租", "leased", "leased", ""},
		{"use", "Own Use", "self", "own use", ""},
		{"use", "0 1", "01", "idle", ""},
		{"use", "lent", "", "", "choice"}, // no longer holds
		{"use", "出借", "lent2", "lent out", ""},
		{"use", "1", "", "", "choice"},
		{"contract", "HT-12", "HT-12", "HT-12", ""},
		{"contract", "xHT-12", "", "", "pattern"},
		{"certified", "√", "1", "yes", ""},
		{"certified", "无", "0", "no", ""},
		{"certified", "也许", "", "", "check"},
		{"keeper", "５００１０２１９０００１０１００１３", "500102190001010013", "500102190001010013", ""},
		{"keeper", "500102190001010012", "", "", "resident_code"},
		{"owner", "n2500102mf0000013e", "N2500102MF0000013E", "N2500102MF0000013E", ""},
		{"owner", "N2500102MF0000013F", "", "", "credit_code"},
		{"remark", "两\n行", "两\n行", "两\n行", ""},
	} {
		values := map[string]string{"name": "x", "verified": "0", c.key: c.entered}
		r, findings := parse(t, values)
		problem := ""
		for _, f := range findings {
			if f.Fields != nil && f.Fields[0] == c.key && f.Key != "form.check_basis" &&
				f.Key != "form.check" {
				problem = f.Rule
			}
		}
		if problem != c.problem {
			t.Errorf("%s %q: problem %q, want %q", c.key, c.entered, problem, c.problem)
			continue
		}
		if c.problem != "" {
			if r.Given(c.key) || r.Plain(c.key) != strings.TrimSpace(c.entered) {
				t.Errorf("%s %q: what could not be read came back as %q", c.key, c.entered, r.Plain(c.key))
			}
			continue
		}
		if r.Plain(c.key) != c.plain || r.Shown(c.key, locale.English) != c.shown {
			t.Errorf("%s %q: plain %q, shown %q; want %q and %q", c.key, c.entered, r.Plain(c.key),
				r.Shown(c.key, locale.English), c.plain, c.shown)
		}
	}
}

func TestTypedGetters(t *testing.T) {
	r, findings := parse(t, map[string]string{"name": "厂房", "verified": "1200.5", "gain": "1200.50",
		"land":  "0.15",
		"floor": "100", "heads": "3", "quantity": "1.25", "rate": "99.5", "acquired": "2020-02-29",
		"certified": "是", "use": "自用"})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	got := []any{r.Money("verified"), r.Area("land"), r.Area("floor"), r.Int("heads"),
		r.Hundredths("quantity"),
		r.Hundredths("rate"), r.Date("acquired"), r.Flag("certified"), r.Text("use"), r.Money("loss"),
		r.Given("loss"), r.Text("nowhere"), r.Money("nowhere")}
	want := []any{money.Fen(120050), area.Area(10000), area.Area(10000), int64(3), int64(125), int64(9950),
		period.Date("2020-02-29"), true, "self", money.Fen(0), false, "", money.Fen(0)}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("an amount in a field of text was handed out as money")
		}
	}()
	r.Money("name")
}

func TestChecks(t *testing.T) {
	base := map[string]string{"name": "水泵", "book": "100", "verified": "120", "gain": "20"}
	for _, c := range []struct {
		change map[string]string
		want   string
	}{
		{nil, ""},
		{map[string]string{"gain": "19.99"}, "gain+loss balance"},
		{map[string]string{"gain": "25", "loss": "5"}, "gain+loss one_of_two"},
		{map[string]string{"gain": "x"}, "gain number"}, // checks that read gain are left out
		{map[string]string{"use": "leased"}, "contract leased"},
		{map[string]string{"use": "leased", "contract": "HT-1"}, ""},
		{map[string]string{"verified": "100000001", "gain": "99999901"}, " dear"},
		{map[string]string{"verified": "92233720368547758.07", "book": "-92233720368547758",
			"gain": "0"}, "gain+loss balance; dear"},
	} {
		values := map[string]string{}
		for _, m := range []map[string]string{base, c.change} {
			for k, v := range m {
				values[k] = v
			}
		}
		_, findings := parse(t, values)
		if got := names(findings); got != c.want && c.want != "gain+loss balance; dear" {
			t.Errorf("%v: %s; want %s", c.change, got, c.want)
		} else if c.want == "gain+loss balance; dear" {
			if got != "gain+loss balance;  dear" || findings[0].Key != "form.check_failed" {
				t.Errorf("a difference that does not fit: %s, %v", got, findings)
			}
		}
	}
}

func dictionary(t testing.TB) *locale.Dictionary {
	t.Helper()
	d, err := locale.Load(form.Texts, locale.Own, rule.Texts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFindingsSpeakBothLanguages(t *testing.T) {
	_, findings := parse(t, map[string]string{"name": "水泵", "book": "1000", "verified": "1200",
		"keeper": "123",
		"use":    "出租"})
	var lines []string
	for _, f := range findings {
		for _, l := range locale.Languages {
			lines = append(lines, dictionary(t).Text(l, f.Key, f.Args...)+f.Value)
		}
	}
	want := []string{
		"“保管人”不是有效的公民身份号码（GB 11643-1999）。",
		"“Keeper” is not a valid resident identity number (GB 11643-1999).", // and does not repeat it
		"盘盈减盘亏应等于核实数1,200.00减账面数1,000.00（依据：农经发〔2017〕11号）",
		"gain − loss is 0.00, verified 1,200.00 − book 1,000.00 is 200.00 (basis: 农经发〔2017〕11号)",
		"出租的资产（出租）应有合同", "what is leased (leased) has a contract",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestCrossChecks(t *testing.T) {
	l := library(t)
	d, _ := l.Form("assets.fixed")
	sheet, _ := l.Form("assets.balance")
	row := func(name, verified string) form.Record {
		r, _ := d.Parse([]string{"", name, "", "", "", "", verified}, context)
		return r
	}
	statement, _ := sheet.Parse([]string{"300.00"}, context)
	rows := []form.Record{row("a", "100"), row("b", "200")}
	if got := d.CrossCheck(rows, map[string][]form.Record{"assets.balance": {statement}},
		context); len(got) > 0 {
		t.Errorf("a whole set: %v", got)
	}
	rows = append(rows, row("a", "1.5"))
	got := d.CrossCheck(rows, map[string][]form.Record{"assets.balance": {statement}}, context)
	if names(got) != "verified total;  named_once" || got[1].Record != 2 {
		t.Fatalf("%s, at row %d", names(got), got[1].Record)
	}
	if text := dictionary(t).Text(locale.English, got[0].Key, got[0].Args...); text !=
		"details 301.50, statement 300.00" {
		t.Error(text)
	}
	if got := d.CrossCheck(rows[:2], nil, context); names(got) != "verified total" {
		t.Errorf("without the other form: %s", names(got))
	}
}

func TestReadOnlyFieldsAreNotTakenFromThePost(t *testing.T) {
	d, _ := library(t).Form("assets.fixed")
	was, _ := parse(t, map[string]string{"number": "A-1", "book": "100", "name": "x", "verified": "100"})
	posted := map[string]string{"number": "A-2", "book": "1", "name": "水泵", "verified": "100"}
	r, findings := d.ParseForm(func(key string) string { return posted[key] }, was, context)
	if len(findings) > 0 || r.Text("number") != "A-1" || r.Money("book") != 10000 ||
		r.Text("name") != "水泵" {
		t.Errorf("%s %s %s, %v", r.Text("number"), r.Money("book"), r.Text("name"), findings)
	}
	changed, _ := parse(t, map[string]string{"number": "A-1", "book": "1", "name": "x", "verified": "1"})
	if got := names(form.Locked(was, changed)); got != "book locked" {
		t.Errorf("locked: %s", got)
	}
}

// TestWhatIsWrittenIsReadBack: any readable record, written plainly, is read as itself.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	d, _ := library(t).Form("assets.fixed")
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t, d)
		again, _ := d.Parse(r.Cells(), context)
		if !again.Equal(r) {
			t.Fatalf("wrote %q, read %q", r.Cells(), again.Cells())
		}
		for i, f := range d.Fields { // and what people are shown can be typed
			if f.Kind == form.Long || f.Kind == form.Text {
				continue
			}
			cells := make([]string, len(d.Fields))
			cells[i] = r.Shown(f.Key, locale.Chinese)
			shown, _ := d.Parse(cells, context)
			if shown.Plain(f.Key) != r.Plain(f.Key) {
				t.Fatalf("%s: shown %q, read %q; want %q", f.Key, cells[i], shown.Plain(f.Key),
					r.Plain(f.Key))
			}
		}
	})
}

func drawRecord(t *rapid.T, d *form.Definition) form.Record {
	cells := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		if rapid.Bool().Draw(t, f.Key+" given") {
			cells[i] = drawCell(t, f)
		}
	}
	r, _ := d.Parse(cells, context)
	for i, f := range d.Fields {
		if cells[i] != "" && !r.Given(f.Key) {
			t.Fatalf("%s: %q was not read", f.Key, cells[i])
		}
	}
	return r
}

func drawCell(t *rapid.T, f form.Field) string {
	hundredths := func(most int64) string {
		n := rapid.Int64Range(0, most).Draw(t, f.Key)
		return fmt.Sprintf("%d.%02d", n/100, n%100)
	}
	switch f.Kind {
	case form.Integer:
		return fmt.Sprint(rapid.IntRange(0, 9999).Draw(t, f.Key))
	case form.Money, form.AreaM2, form.Quantity:
		return hundredths(1 << 50)
	case form.AreaMu:
		return hundredths(1 << 40)
	case form.Percent:
		return hundredths(10000)
	case form.Date:
		day := period.Date("1950-01-01").AddDays(rapid.IntRange(0, 30000).Draw(t, f.Key))
		return string(day)
	case form.Choice:
		return string(rapid.SampledFrom(f.CodeList().On(context.On)).Draw(t, f.Key).Code)
	case form.Flag:
		return rapid.SampledFrom([]string{"0", "1"}).Draw(t, f.Key)
	case form.CreditCode:
		return "N2500102MF0000013E"
	case form.ResidentCode:
		return "500102190001010013"
	case form.Code:
		return rapid.StringMatching("[A-Z]{2}-[0-9]{1,20}").Draw(t, f.Key)
	default:
		return rapid.StringMatching("[a-z一-龥<>&\"'=+@]{1,10}").Draw(t, f.Key)
	}
}

func TestViewIsAPage(t *testing.T) {
	r, findings := parse(t, map[string]string{"name": `<b>"泵"</b>`, "book": "100", "verified": "12o",
		"use": "出借"})
	v := form.Viewer{Dictionary: dictionary(t), Language: locale.Chinese, On: "2023-06-30"}.View(r,
		findings)
	if len(v.Errors) != 1 || !v.Unverified || len(v.Facts) != 2 || v.Facts[1].Text != "100.00" ||
		v.Facts[1].Unit != "元" {
		t.Errorf("%+v", v)
	}
	funcs := template.FuncMap{"t": func(key string, args ...any) string {
		return dictionary(t).Text(locale.Chinese, key, args...)
	}}
	page, err := template.New("").Funcs(funcs).ParseFiles("../web/views/_blocks.html",
		"../web/views/_form.html")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := page.ExecuteTemplate(&b, "form", v); err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{`<label for="verified">核实数`, `aria-invalid="true"`,
		`“核实数”应填写数字。`, `value="12o"`, `value="&lt;b&gt;&#34;泵&#34;&lt;/b&gt;"`, `（本表格式未经核实）`,
		`<option value="lent2" selected>出借</option>`, `<option value="lent">出借</option>`, `type="date"`,
		`inputmode="decimal"`, `data-suggest="/places/suggest"`, `<span class="unit">亩</span>`,
		`依据：农经发〔2017〕11号`, `<dd>100.00 <span class="unit">元</span></dd>`} {
		if !strings.Contains(b.String(), piece) {
			t.Errorf("the page lacks %s", piece)
		}
	}
	if strings.Contains(b.String(), `name="book"`) {
		t.Error("a read-only field can be posted")
	}
}

func TestExamplesAreRun(t *testing.T) {
	with := func(period.Date) rule.Parameters { return context.Parameters }
	if findings := library(t).Test(with); len(findings) > 0 {
		t.Error(findings)
	}
	broken, findings := form.Load(files("forms/fixed.yaml", strings.Replace(fixed, "gain: 20.50}",
		"gain: 20}", 1)))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	got := broken.Test(with)
	if len(got) != 1 || got[0].Key != "form.example" || got[0].Row < 50 ||
		got[0].Sheet != "forms/fixed.yaml" {
		t.Errorf("%v", got)
	}
}

// TestEveryFaultOfADefinitionIsFound: one thing broken at a time, and the finding that names it.
func TestEveryFaultOfADefinitionIsFound(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"version: 2", "version: 0", "form.bad_version"},
		{"version: 2", "version: x", "form.yaml"},
		{"version: 2", "version: 2\nwidth: 3", "form.yaml"},
		{"version: 2", "version: 2\nversion: 3", "form.yaml"},
		{"key: assets.fixed", "key: Assets", "form.bad_key"},
		{"mark: unverified", "mark: sure", "form.bad_mark"},
		{"basis: 农经发〔2017〕11号\nmark", "mark", "form.no_basis"},
		{"en: Fixed assets}", "en: ''}", "form.language"},
		{"label: {zh: 核实数, en: Verified amount}", "label: {zh: 核实数}", "form.language"},
		{"key: heads, label", "key: heads, colour: red, label", "form.yaml"},
		{"key: heads", "key: name", "form.twice"},
		{"key: heads", "key: in", "form.bad_key"},
		{"label: {zh: 头数", "label: {zh: 数量", "form.same_label"},
		{"en: Heads", "en: 名称", "form.same_label"},
		{"key: heads, label", "key: heads, also: [数目, 名 称], label", "form.same_label"},
		{"kind: integer", "kind: whole", "form.bad_kind"},
		{"codes: assets.use", "codes: assets.usage", "form.bad_codes"},
		{"kind: choice, codes: assets.use", "kind: choice", "form.bad_codes"},
		{"kind: percent", "kind: percent, codes: assets.use", "form.bad_codes"},
		{"min: 0, max: 9999", "min: 10, max: 9", "form.bad_bound"},
		{"min: 0, max: 9999", "min: few", "form.bad_bound"},
		{"max_length: 10", "max: 10", "form.bad_bound"},
		{`pattern: "[A-Z]{2}-[0-9]+"`, `pattern: "("`, "form.bad_pattern"},
		{"data_class: S2", "data_class: S4", "form.bad_class"},
		{"expr: gain - loss == verified - book", "expr: gain - loss == verified - worth", "rule.unknown"},
		{"expr: gain - loss == verified - book", "expr: gain - loss", "rule.result"},
		{`when: use == "leased"`, `when: use == 1`, "rule.types"},
		{"severity: note", "severity: fatal", "form.bad_severity"},
		{"key: one_of_two", "key: balance", "form.bad_key"},
		{"fields: [contract]", "fields: [treaty]", "form.unknown_field"},
		{"{zh: 金额较大,", "{zh: '金额{worth}较大',", "form.unknown_field"},
		{"forms: {balance: assets.balance}", "forms: {balance: assets.sheet}", "form.unknown_form"},
		{"sum(balance.rows, fixed)", "sum(balance.rows, gone)", "rule.field"},
		{"given: {}", "given: {worth: 1}", "form.unknown_field"},
		{"given: {}", "given: {name: [1]}", "form.yaml"},
		{"code: self", "code: leased", "form.ambiguous"},
		{"zh: 自用", "zh: LEASED", "form.ambiguous"},
		{"to: 2024-01-01", "to: 2024-02-01", "form.ambiguous"},
		{"to: 2024-01-01", "to: 2024-13-01", "form.bad_dates"},
		{"parent: leased", "parent: gone", "form.bad_parent"},
		{"en: idle", "en: ''", "form.language"},
	} {
		broken := files()
		file, line := "", 0
		for _, name := range []string{"forms/fixed.yaml", "codes/use.yaml"} {
			f := broken[name]
			if at := strings.Index(string(f.Data), c.old); at >= 0 && file == "" {
				file, line = name, strings.Count(string(f.Data[:at]), "\n")+1
				f.Data = []byte(strings.Replace(string(f.Data), c.old, c.new, 1))
			}
		}
		l, findings := form.Load(broken)
		findings = append(findings,
			l.Test(func(period.Date) rule.Parameters { return context.Parameters })...)
		i := slices.IndexFunc(findings, func(f fault.Finding) bool { return f.Key == c.want })
		if file == "" || i < 0 {
			t.Errorf("%q → %q: found %v, want %s", c.old, c.new, findings, c.want)
			continue
		}
		f := findings[i]
		if f.Sheet != file || f.Row > line+1 || line > 5 && !strings.HasPrefix(file, "codes") &&
			f.Row < line-6 {
			t.Errorf("%q: found at %s:%d, is at %s:%d", c.new, f.Sheet, f.Row, file, line)
		}
		for _, language := range locale.Languages {
			if text := dictionary(t).Finding(language, f); strings.Contains(text, "⟨") ||
				strings.Contains(text, "%!") {
				t.Errorf("%s: %s", f.Key, text)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	later := strings.Replace(balance, "version: 1", "version: 3", 1)
	l, findings := form.Load(files("forms/later.yaml", later))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	newest, _ := l.Form("assets.balance")
	older, ok := l.Version("assets.balance", 1)
	if newest.Version != 3 || !ok || older.Version != 1 {
		t.Errorf("newest %d, version 1 %v", newest.Version, ok)
	}
	if _, ok := l.Form("assets.gone"); ok {
		t.Error("a form that is not there was found")
	}
	if _, findings := form.Load(files("forms/same.yaml", balance)); len(findings) != 1 ||
		findings[0].Key != "form.twice" {
		t.Errorf("the same version twice: %v", findings)
	}
	if got := newest.Offers(map[string]form.Kind{"fixed": form.AreaMu, "gone": form.Text}); len(got) != 2 {
		t.Errorf("Offers finds %v", got)
	}
}

// FuzzParse: whatever is entered is read exactly or refused; it never panics.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12.5", "2019-02-30", "是", "１２３亩", "\x00", "9223372036854775808", "年月日",
		"--"} {
		f.Add(seed, seed)
	}
	d, _ := library(f).Form("assets.fixed")
	f.Fuzz(func(t *testing.T, a, b string) {
		cells := make([]string, len(d.Fields))
		for i := range cells {
			cells[i] = [2]string{a, b}[i%2]
		}
		r, _ := d.Parse(cells, context)
		again, _ := d.Parse(r.Cells(), context)
		if !again.Equal(r) {
			t.Fatalf("%q: wrote %q, read %q", cells, r.Cells(), again.Cells())
		}
	})
}

// FuzzLoad: whatever a pack holds, the library is made or findings name what is wrong.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(fixed), []byte(uses))
	f.Add([]byte(balance), []byte("key: x"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		l, _ := form.Load(fstest.MapFS{"forms/a.yaml": {Data: a}, "codes/b.yaml": {Data: b}})
		l.Test(nil)
	})
}

// TestTheListsOfAModule: a code that has ended still has its meaning, an unknown one stands for itself, and a
// list that the pack lacks is named.
func TestTheListsOfAModule(t *testing.T) {
	l, findings := form.Load(fstest.MapFS{"codes/use.yaml": {Data: []byte(`key: use
title: {zh: 用途, en: Use}
entries:
  - {code: own, zh: 自用, en: own use}
  - {code: idle, zh: 闲置, en: idle, to: 2020-01-01}
`)}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	lists, err := l.Lists("use")
	if err != nil || !lists.Has("use", "own") || !lists.Has("use", "idle") || lists.Has("use", "let") ||
		lists.Has("kind", "own") {
		t.Errorf("%v %v", lists, err)
	}
	for code, want := range map[string]string{"own": "自用", "idle": "闲置", "let": "let", "": ""} {
		if got := lists.Word(locale.Chinese, "use", code); got != want {
			t.Errorf("%q is %q", code, got)
		}
	}
	if got := lists.Word(locale.English, "kind", "own"); got != "own" {
		t.Errorf("a list that nobody has says %q", got)
	}
	if _, err := l.Lists("use", "kind"); err == nil || !strings.Contains(err.Error(), "kind") {
		t.Errorf("the list that is lacking is not named: %v", err)
	}
}
