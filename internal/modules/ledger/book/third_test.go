package book_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func province(t testing.TB) (*book.Charts, []fault.Finding) {
	t.Helper()
	text, err := os.ReadFile("testdata/charts/province.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return folder(t, map[string]string{"charts/province.yaml": string(text)})
}

// TestThirdChart: a chart with other codes loads beside the two of the pack, without a change of code.
// What its statements leave out is told, and nothing else is wrong with it.
func TestThirdChart(t *testing.T) {
	charts, findings := province(t)
	if fault.Stops(findings) {
		t.Fatalf("%v", findings)
	}
	want := []string{"book.statement_misses", "book.statement_missing"}
	if got := keys(findings); !slices.Equal(got, want) {
		t.Errorf("%v", findings)
	}
	var told []string
	for _, f := range findings {
		if f.Key == "book.statement_misses" {
			told = append(told, f.Args[1].(string))
		}
		if f.Sheet != "province-9/"+f.Column {
			t.Errorf("%v is not told of its chart", f)
		}
	}
	if !slices.Equal(told, []string{"2901"}) {
		t.Errorf("left out: %v", told)
	}
	if len(charts.All()) != 3 {
		t.Fatalf("%d charts", len(charts.All()))
	}
	c, _ := charts.Get("province-9")
	for code, bookable := range map[string]bool{"1001": true, "1002": false, "1002.01": true, "1131": false,
		"113101": true, "1601": false, "1601-9": true, "3103": false, "9999": false} {
		if c.Bookable(code) != bookable {
			t.Errorf("%s bookable: %v", code, !bookable)
		}
	}
	if a, _ := c.Account("113101"); !a.Detail || a.Class != book.Asset || a.Side != book.Debit ||
		c.Top("113101") {
		t.Errorf("a sub-account does not take after its parent: %+v", a)
	}
	if got := c.Cash(); !slices.Equal(got, []string{"1001", "1002.01", "1002.02"}) {
		t.Errorf("money is on %v", got)
	}
	if got := c.Leaves("1131"); !slices.Equal(got, []string{"113101", "113102"}) {
		t.Errorf("under 1131: %v", got)
	}
}

// TestBooksOfTheThirdChart: books are kept, closed and stated under it.
func TestBooksOfTheThirdChart(t *testing.T) {
	charts, _ := province(t)
	c, _ := charts.Get("province-9")
	f := book.NewFold(c)
	add := func(lines ...any) {
		t.Helper()
		e := book.Entry{Date: "2026-02-01", Summary: "样例"}
		for i := 0; i < len(lines); i += 3 {
			e.Postings = append(e.Postings, book.Posting{Account: lines[i].(string),
				Amount:     money.Fen(lines[i+2].(int)),
				Dimensions: book.Dimensions{Counterparty: lines[i+1].(string)}})
		}
		if findings := book.CheckEntry(c, e); len(findings) > 0 {
			t.Errorf("%v", findings)
		}
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	add("1002.01", "", 1000, "3001", "", -1000)
	add("1601-1", "", 600, "1002.01", "", -600)
	add("6401", "", 50, "1601-9", "", -50)
	add("113101", "甲", 300, "6001.01", "", -300)
	add("1002.02", "", 80, "113102", "乙", -80)
	add("1001", "", 7, "2901", "", -7)
	figures := func() book.Figures {
		return book.Figures{book.SpanPeriod: {Turnovers: f.Turnovers()}}
	}
	sheet := evaluate(t, c, book.BalanceSheet, figures())
	for line, want := range map[string]int{"money": 487, "claims": 300, "fixed": 550, "debts": 80,
		"equity": 1250} {
		if got := cell(t, sheet, line, 0); got != money.Fen(want) {
			t.Errorf("%s is %d, not %d", line, got, want)
		}
	}
	// The 7 held for others are in no line: the sheet says so itself, twice.
	if got := keys(sheet.Findings); !slices.Equal(got, []string{"book.sheet_differs",
		"book.sheet_misses"}) {
		t.Errorf("%v", sheet.Findings)
	}
	entries, findings := c.CloseYear(f.Balances(), "2026-12-31")
	distributed, more := c.Distribute([]book.Allotted{{Key: "members", Counterparty: "甲", Amount: 200}},
		"2026-12-31")
	for _, e := range append(entries, distributed...) {
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range c.SettleDistribution(f.Balances(), "2026-12-31") {
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	if len(findings)+len(more) > 0 {
		t.Errorf("%v %v", findings, more)
	}
	var left []string
	for _, b := range f.Balances() {
		left = append(left, b.Account+"/"+b.Counterparty+" "+b.Amount.Plain())
	}
	const want = "1001/ 0.07, 1002.01/ 4.00, 1002.02/ 0.80, 113101/甲 1.00, 113102/乙 -0.80, 1601-9/ -0.50, " +
		"1601-1/ 6.00, 2901/ -0.07, 3001/ -10.00, 3103.02/ -0.50"
	if got := strings.Join(left, ", "); got != want {
		t.Errorf("after the close\n%s\nwant\n%s", got, want)
	}
	if got := cell(t, evaluate(t, c, book.IncomeStatement, figures()), "net", 0); got != 250 {
		t.Errorf("after the close the income is %d", got)
	}
	if undistributed, err := c.Undistributed(f.Balances()); err != nil || undistributed != 50 {
		t.Errorf("left to distribute: %d, %v", undistributed, err)
	}
}

// TestCloseOfLinesThatCancel: a loss on investments as large as the revenue is carried over line by
// line, and the year still shows both. More lines than a voucher takes become several vouchers.
func TestCloseOfLinesThatCancel(t *testing.T) {
	c := chart(t, "2024")
	f := book.NewFold(c)
	for _, e := range [][]book.Posting{{{Account: "102", Amount: 100}, {Account: "501", Amount: -100}},
		{{Account: "502", Amount: 100}, {Account: "141", Amount: -100}}} {
		if err := f.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	entries, findings := c.CloseYear(f.Balances(), "2025-12-31")
	for _, e := range entries {
		if findings = append(findings, book.CheckEntry(c, e)...); !c.IsClosing(e.Postings) {
			t.Errorf("%v does not close", e.Postings)
		}
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	if len(findings) > 0 || len(f.Balances()) != 2 {
		t.Errorf("%v, left %v", findings, f.Balances())
	}
	sheet := evaluate(t, c, book.IncomeStatement, book.Figures{book.SpanPeriod: {Turnovers: f.Turnovers()}})
	if cell(t, sheet, "operating_revenue", 0) != 100 || cell(t, sheet, "investment_income", 0) != -100 {
		t.Error("the closed year shows nothing")
	}
	many := make([]book.Allotted, 1200)
	for i := range many {
		many[i] = book.Allotted{Key: "members", Counterparty: "户" + strconv.Itoa(i), Amount: 1}
	}
	entries, findings = c.Distribute(many, "2025-12-31")
	lines := 0
	for _, e := range entries {
		findings = append(findings, book.CheckEntry(c, e)...)
		lines += len(e.Postings) - 1
	}
	if len(findings) > 0 || len(entries) != 3 || lines != len(many) {
		t.Errorf("%d entries with %d lines: %v", len(entries), lines, findings)
	}
}

// TestDistributionRefusals: what a chart does not distribute, to whom it may not, nothing or less.
func TestDistributionRefusals(t *testing.T) {
	c := chart(t, "2024")
	for want, a := range map[string]book.Allotted{
		"book.distribution_unknown": {Key: "officers", Amount: 1},
		"book.distribution_account": {Key: "reserve", Account: "211", Amount: 1},
		"book.distribution_amount":  {Key: "reserve", Amount: -1},
	} {
		entries, findings := c.Distribute([]book.Allotted{a}, "2025-12-31")
		if got := keys(findings); len(entries) > 0 || !slices.Equal(got, []string{want}) {
			t.Errorf("%+v: %v", a, got)
		}
	}
	_, findings := c.CloseYear([]book.Balance{{Account: "181", Amount: 5}}, "2025-12-31")
	if got := keys(findings); !slices.Equal(got, []string{"book.close_not_empty"}) || fault.Stops(findings) {
		t.Errorf("pending property at the end of a year: %v", findings)
	}
}

// TestFaultyCharts: everything wrong with a chart is a finding with its place; the chart is left out
// and nothing panics.
func TestFaultyCharts(t *testing.T) {
	text, err := os.ReadFile("testdata/charts/province.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want, place string }{
		"no title": {"en: A province's chart", "en: \"\"", "book.name_missing", "title"},
		"dates":    {"from: 2026-01-01", "from: 2026-13-01", "book.chart_dates", "from"},
		"ends before": {"from: 2026-01-01", "from: 2026-01-01\nuntil: 2025-01-01",
			"book.chart_dates", "from"},
		"code twice":        {`code: "1002"`, `code: "1001"`, "book.account_twice", "accounts/1001"},
		"a code with a tab": {`code: "2001"`, `code: "20\t01"`, "book.code", "accounts/11"},
		"no name":           {"en: Loans", "en: \"\"", "book.name_missing", "accounts/2001"},
		"class":             {"class: liability", "class: debt", "book.class", "accounts/2001"},
		"side":              {"side: debit, detail", "side: left, detail", "book.side", "accounts/1131"},
		"parent": {`parent: "1131"`, `parent: "1132"`, "book.parent_unknown",
			"accounts/113101"},
		"circle": {`code: "1131",`, `code: "1131", parent: "113101",`, "book.parent_circle",
			"accounts/1131"},
		"class of parent": {"en: Rent}", "en: Rent}, class: expense", "book.parent_class",
			"accounts/6001.01"},
		"role":  {`bank: "1002.01"`, `bank: "1009"`, "book.account_unknown", "roles/bank"},
		"close": {`result: "3101"`, `result: "3103"`, "book.account_parent", "close/result"},
		"close elsewhere": {`undistributed: {account: "3103.02"}`, `undistributed: {account: "3001"}`,
			"book.close_apart", "close/undistributed"},
		"distribution": {`to: ["113101"]`, `to: ["1131"]`, "book.account_parent", "close/parts/1"},
		"statement account": {`{account: "2001"}`, `{account: "2002"}`, "book.account_unknown",
			"statements/balance_sheet/debts"},
		"statement line": {"{line: debts}", "{line: debt}", "book.line_unknown",
			"statements/balance_sheet/sources"},
		"line in a circle": {"[{line: money},", "[{line: assets},", "book.line_circle",
			"statements/balance_sheet/assets"},
		"two things at once": {`{prefix: "100"}`, `{prefix: "100", all: true}`, "book.term",
			"statements/balance_sheet/money"},
		"nothing at all": {`{prefix: "100"}`, `{minus: true}`, "book.term",
			"statements/balance_sheet/money"},
		"both sides": {`{prefix: "100"}`, `{prefix: "1"}, {account: "1001", minus: true}`,
			"book.term_sides", "statements/balance_sheet/money"},
		"span": {"span: period, quantity: net", "span: week, quantity: net", "book.span",
			"statements/income/period"},
		"quantity": {"span: period, quantity: net", "span: period, quantity: sum",
			"book.quantity", "statements/income/period"},
		"no columns": {"\n      - {key: period, title: {zh: 本期, en: Period}, " +
			"span: period, quantity: net}", " []",
			"book.statement_columns", "statements/income"},
		"check of nothing": {"right: sources", "right: assets/none", "book.check",
			"statements/balance_sheet/checks"},
		"twice in the sum": {"[{line: money},", `[{account: "1001"}, {line: money},`, "book.check_uneven",
			"statements/balance_sheet/checks"},
		"details netted": {`{account: "1131", only: credit}`, `{account: "1131"}`, "book.check_uneven",
			"statements/balance_sheet/checks"},
		"each": {"each: all", "each: some", "book.each", "statements/trial_balance/account"},
		"key twice": {"key: balance_sheet", "key: trial_balance", "book.key_twice",
			"statements/trial_balance"},
		"another's key": {"key: province-9", `key: "2024"`, "book.chart_twice", "key"},
	} {
		changed := strings.Replace(string(text), c.old, c.new, 1)
		if changed == string(text) {
			t.Errorf("%s: the chart does not say %s", name, c.old)
			continue
		}
		charts, findings := beside(t, changed)
		found := slices.ContainsFunc(findings, func(f fault.Finding) bool {
			return f.Key == c.want && f.Column == c.place && f.Severity == fault.Error
		})
		if !found {
			t.Errorf("%s: %v", name, findings)
		}
		if _, ok := charts.Get("province-9"); ok {
			t.Errorf("%s: the chart is taken nevertheless", name)
		}
	}
}

// TestLinesThatDoubleEachOther: two to the power of fifty amounts are refused at once, not added up.
func TestLinesThatDoubleEachOther(t *testing.T) {
	c := *chart(t, "2024")
	two := words.Plain("行")
	s := book.Statement{Key: "doubling", Title: two, Columns: []book.Column{{Key: "a", Title: two,
		Span: book.SpanPeriod, Quantity: book.Closing}}}
	s.Lines = []book.Line{{Key: "l0", Title: two, Terms: []book.Term{{Account: "101"}}}}
	for i := 1; i <= 50; i++ {
		before := book.Term{Line: "l" + strconv.Itoa(i-1)}
		s.Lines = append(s.Lines, book.Line{Key: "l" + strconv.Itoa(i), Title: two,
			Terms: []book.Term{before, before}})
	}
	s.Checks = []book.SheetCheck{{Title: two, Left: "l50", Right: "l49", Whole: true}}
	c.Statements = append(slices.Clone(c.Statements), s)
	charts, findings := book.NewCharts([]book.Chart{c})
	if _, ok := charts.Get("2024"); ok || !slices.Contains(keys(findings), "book.chart_limit") {
		t.Errorf("%v", findings)
	}
}

// TestBarestChart: accounts and nothing else make a chart in which books can be kept.
func TestBarestChart(t *testing.T) {
	charts, findings := folder(t,
		map[string]string{"charts/bare.yaml": "key: bare\ntitle: {zh: 简, en: Bare}\n" +
			"from: 2026-01-01\naccounts:\n  - {code: 10, name: {zh: 钱, en: Money}, class: asset, " +
			"side: debit}\n" +
			"  - {code: 20, name: {zh: 本, en: Capital}, class: equity, side: credit}\n"})
	if fault.Stops(findings) || !slices.Equal(keys(findings), []string{"book.close_missing",
		"book.statement_missing"}) {
		t.Errorf("%v", findings)
	}
	c, ok := charts.Get("bare")
	if !ok {
		t.Fatal("it is left out")
	}
	e := book.Entry{Date: "2026-01-01", Summary: "本", Postings: []book.Posting{{Account: "10", Amount: 5},
		{Account: "20", Amount: -5}}}
	if findings := book.CheckEntry(c, e); len(findings) > 0 {
		t.Errorf("%v", findings)
	}
	if entries, findings := c.CloseYear(nil, "2026-12-31"); len(entries) > 0 || !fault.Stops(findings) {
		t.Errorf("a year is closed that nothing says how to close: %v", entries)
	}
	if c.SettleDistribution(nil, "2026-12-31") != nil || c.IsClosing(e.Postings) {
		t.Error("something closes")
	}
	if _, findings := c.Fill("rent_received", book.Filling{}); !fault.Stops(findings) {
		t.Error("a template that is not there is filled")
	}
	if _, ok := c.Role("bank"); ok {
		t.Error("there is a bank")
	}
}
