package book_test

import (
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func TestChartsOfThePack(t *testing.T) {
	charts := national(t)
	var held []string
	for _, c := range charts.All() {
		held = append(held, c.Key)
		for _, key := range append(slices.Clone(book.StandardStatements), book.Indicators) {
			if _, ok := c.Statement(key); !ok {
				t.Errorf("chart %s has no %s", c.Key, key)
			}
		}
		if !c.Close.Has() || len(c.Templates) < 20 || len(c.Assets) == 0 {
			t.Errorf("chart %s lacks its close, templates or asset accounts", c.Key)
		}
	}
	if !slices.Equal(held, []string{"2004", "2024"}) {
		t.Fatalf("charts %v", held)
	}
	for day, want := range map[period.Date]string{"2005-01-01": "2004", "2023-12-31": "2004",
		"2024-01-01": "2024",
		"2031-05-01": "2024"} {
		if c, ok := charts.On(day); !ok || c.Key != want {
			t.Errorf("on %s: %v, want %s", day, c, want)
		}
	}
	if _, ok := charts.On("2004-12-31"); ok {
		t.Error("a chart holds before there was one")
	}
}

func TestChart2024(t *testing.T) {
	c := chart(t, "2024")
	var codes []string
	for _, a := range c.Accounts {
		codes = append(codes, a.Code)
	}
	const want = "101 102 111 112 113 121 131 132 133 134 141 151 152 153 154 161 162 171 181 201 211 " +
		"212 213 214 221 231 241 301 311 321 322 401 501 502 503 504 511 512 513 514 515 521"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("accounts\n%s\nwant\n%s", got, want)
	}
	for _, code := range []string{"133", "152", "162"} {
		if a, _ := c.Account(code); a.Class != book.Asset || a.Side != book.Credit {
			t.Errorf("%s is no contra-asset: %+v", code, a)
		}
	}
	for _, code := range []string{"112", "113", "211"} {
		if a, _ := c.Account(code); !a.Detail {
			t.Errorf("%s is not kept per counterparty", code)
		}
	}
	for _, code := range []string{"101", "102"} {
		if a, _ := c.Account(code); !a.NoOverdraft || !a.Cash {
			t.Errorf("%s may be overdrawn", code)
		}
	}
	if a, _ := c.Account("101"); a.Limit == "" {
		t.Error("cash on hand has no limit")
	}
	if got := c.Cash(); !slices.Equal(got, []string{"101", "102"}) {
		t.Errorf("money is on %v", got)
	}
	if a, ok := c.AssetAccounts("fixed", "non_operating"); !ok || a.Cost != "151" || a.Expense != "514" {
		t.Errorf("a school's accounts are %+v", a)
	}
	if _, ok := c.AssetAccounts("resource", "resource"); ok {
		t.Error("land has an account: it is registered by area")
	}
}

var classes = map[string]book.Class{"资产": book.Asset, "负债": book.Liability, "所有者权益": book.Equity,
	"成本": book.Cost}

// TestChart2004AgainstTheRegulation: code, name, class, side and what is optional, as the regulation
// has them.
func TestChart2004AgainstTheRegulation(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(string(shared(t,
		"chart_village_collective_2004.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c := chart(t, "2004")
	if len(rows)-1 != len(c.Accounts) || len(c.Accounts) != 36 {
		t.Fatalf("%d accounts, the regulation has %d", len(c.Accounts), len(rows)-1)
	}
	for i, row := range rows[1:] {
		a := c.Accounts[i]
		side := map[string]book.Side{"借": book.Debit, "贷": book.Credit}[row[3]]
		class := classes[row[2]]
		if row[2] == "损益" {
			class = map[book.Side]book.Class{book.Debit: book.Expense, book.Credit: book.Income}[side]
		}
		if a.Code != row[0] || a.Name.Chinese != row[1] || a.Side != side || a.Class != class ||
			a.Optional != (row[5] == "optional") {
			t.Errorf("%+v, the regulation says %v", a, row)
		}
	}
}

// TestPostingRulesOf2004: every account that a rule of the regulation speaks of, itself or as 借记 and
// 贷记 "…" of others, is in the chart by that name, and bookable.
func TestPostingRulesOf2004(t *testing.T) {
	var rules []struct{ Account, Name, Text string }
	if err := json.Unmarshal(shared(t, "posting_rules_2004.json"), &rules); err != nil {
		t.Fatal(err)
	}
	if len(rules) != 84 {
		t.Fatalf("%d rules", len(rules))
	}
	c := chart(t, "2004")
	named := map[string]bool{}
	for _, a := range c.Accounts {
		named[a.Name.Chinese] = true
	}
	quoted := regexp.MustCompile(`“([^”]+)”`)
	booked := regexp.MustCompile(`[借贷]记(?:或[借贷]记)?((?:“[^”]+”[、或]?)+)`)
	looked := 0
	for _, r := range rules {
		a, ok := c.Account(r.Account)
		if !ok || a.Name.Chinese != r.Name || !c.Bookable(r.Account) {
			t.Errorf("%s %s is %+v", r.Account, r.Name, a)
		}
		for _, m := range booked.FindAllStringSubmatch(r.Text, -1) {
			for _, name := range quoted.FindAllStringSubmatch(m[1], -1) {
				looked++
				plain, detail, _ := strings.Cut(name[1], "--")
				if !named[plain] || detail != "" && c.DetailName("322", "undistributed").Chinese != detail {
					t.Errorf("%s: the chart has no %s", r.Text, name[1])
				}
			}
		}
	}
	if looked < 150 {
		t.Errorf("only %d names were looked at", looked)
	}
}

// TestTemplatesMakeEntries: every template of every chart, filled, is an entry that may be booked.
func TestTemplatesMakeEntries(t *testing.T) {
	looked := 0
	for _, c := range national(t).All() {
		for _, template := range c.Templates {
			looked++
			entry, findings := c.Fill(template.Key, fillingOf(c, template))
			findings = append(findings, book.CheckEntry(c, entry)...)
			if len(findings) > 0 {
				t.Errorf("%s %s: %v", c.Key, template.Key, findings)
			}
			for i, l := range template.Lines {
				for _, other := range l.Accounts {
					f := fillingOf(c, template)
					f.Accounts = map[int]string{i: other}
					entry, findings := c.Fill(template.Key, f)
					if findings = append(findings, book.CheckEntry(c, entry)...); len(findings) > 0 {
						t.Errorf("%s %s with %s: %v", c.Key, template.Key, other, findings)
					}
				}
			}
		}
	}
	if looked < 60 {
		t.Errorf("only %d templates were looked at", looked)
	}
}

// fillingOf fills every amount of a template so that it balances: 1 for each but the last name, which
// takes what is left.
func fillingOf(c *book.Chart, template book.Template) book.Filling {
	assets, _ := c.AssetAccounts("fixed", "operating")
	f := book.Filling{Date: c.From, Asset: assets, Amounts: map[string]money.Fen{},
		Dimensions: book.Dimensions{Counterparty: "王某", Member: "1", Asset: "1/2", Project: "路",
			Fund: "own"}}
	sums := map[string]int64{}
	for _, l := range template.Lines {
		if l.Side == book.Debit {
			sums[l.AmountName()]++
		} else {
			sums[l.AmountName()]--
		}
	}
	rest := money.Fen(0)
	for name, times := range sums {
		if name != "amount" {
			f.Amounts[name] = 100
			rest -= money.Fen(100 * times)
		}
	}
	if times := sums["amount"]; times != 0 {
		f.Amounts["amount"] = rest / money.Fen(times)
	} else {
		f.Amounts["amount"] = 100
	}
	return f
}

// TestExamplesOfTheCharts: the charts' own examples come out, and one that is wrong is told.
func TestExamplesOfTheCharts(t *testing.T) {
	for _, c := range national(t).All() {
		if findings, tried := c.TryExamples(); len(findings) > 0 || tried < 5 {
			t.Errorf("%s: %v, %d cells", c.Key, findings, tried)
		}
	}
	c := *chart(t, "2024")
	for want, change := range map[string]func(*book.Example){
		"book.example":           func(e *book.Example) { e.Expect[0].Amount = "1.00" },
		"book.example_amount":    func(e *book.Example) { e.Opening[0].Amount = "1.001" },
		"book.statement_missing": func(e *book.Example) { e.Expect[0].Statement = "none" },
		"book.line_unknown":      func(e *book.Example) { e.Expect[0].Column = "none" },
		"book.unbalanced":        func(e *book.Example) { e.Postings[0].Amount = "-419999.99" },
		"book.account_unknown":   func(e *book.Example) { e.Postings[0].Account = "999" },
	} {
		e := c.Examples[0]
		e.Expect, e.Postings = slices.Clone(e.Expect), slices.Clone(e.Postings)
		e.Opening = slices.Clone(e.Opening)
		change(&e)
		wrong := c
		wrong.Examples = []book.Example{e}
		if findings, _ := wrong.TryExamples(); !slices.Contains(keys(findings), want) {
			t.Errorf("%s: %v", want, findings)
		}
	}
}
