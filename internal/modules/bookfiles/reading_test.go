package bookfiles

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func chartForTests(t testing.TB) *book.Chart {
	t.Helper()
	account := func(code, zh, en string, class book.Class, side book.Side) book.Account {
		return book.Account{Code: code, Name: words.Words{Chinese: zh, English: en}, Class: class,
			Side: side}
	}
	detailed := account("113", "内部往来", "Internal dealings", book.Asset, book.Debit)
	detailed.Detail = true
	named := account("322", "收益分配", "Income distribution", book.Equity, book.Credit)
	named.Details = []book.NamedDetail{{Code: "undistributed",
		Name: words.Words{Chinese: "未分配收益", English: "Undistributed income"}}}
	all, findings := book.NewCharts([]book.Chart{{Key: "t", From: "2024-01-01",
		Title: words.Words{Chinese: "试验科目表", English: "Chart"}, Basis: "-", Mark: "config",
		Accounts: []book.Account{account("101", "库存现金", "Cash on hand", book.Asset, book.Debit),
			account("102", "银行存款", "Bank deposits", book.Asset, book.Debit), detailed,
			account("131", "消耗性生物资产", "Consumable biological assets", book.Asset, book.Debit),
			account("132", "生产性生物资产", "Productive biological assets", book.Asset, book.Debit),
			account("151", "固定资产", "Fixed assets", book.Asset, book.Debit),
			account("151.01", "房屋", "Houses", book.Asset, book.Debit),
			account("151.02", "机器", "Machines", book.Asset, book.Debit), named,
			account("501", "经营收入", "Operating revenue", book.Income, book.Credit)}}})
	c, ok := all.Get("t")
	if !ok {
		t.Fatal(findings)
	}
	return c
}

func TestAnAccountIsFoundAsPeopleWriteIt(t *testing.T) {
	f := cells.NewFinder(chartForTests(t), pinyin.Spell)
	for _, c := range []struct{ text, name, code, detail, key string }{
		{"101", "", "101", "", ""},
		{" １０１ ", "", "101", "", ""},
		{"库存现金", "", "101", "", ""},
		{"cash on hand", "", "101", "", ""},
		{"101 库存现金", "", "101", "", ""},
		{"101库存现金", "", "101", "", ""},
		{"101-库存现金", "", "101", "", ""},
		{"（101）库存现金", "", "101", "", ""},
		{"kucunxianjin", "", "101", "", "bookfiles.read_as"},
		{"KCXJ", "", "101", "", "bookfiles.read_as"},
		{"113-王五", "", "113", "王五", ""},
		{"内部往来/王五", "", "113", "王五", ""},
		{"113 内部往来_王五", "", "113", "王五", ""},
		{"内部往来－天台村-一组", "", "113", "天台村-一组", ""},
		{"151.01", "", "151.01", "", ""},
		{"101", "库存现金", "101", "", ""},
		{"113", "内部往来-王五", "113", "王五", ""},
		{"", "库存现金", "101", "", ""},
		{"322", "收益分配-未分配收益", "322", "未分配收益", ""},
		{"", "", "", "", "bookfiles.no_account"},
		{"151", "", "", "", "bookfiles.parent_account"},
		{"固定资产", "", "", "", "bookfiles.parent_account"},
		{"999", "", "", "", "bookfiles.unknown_account"},
		{"现金", "", "", "", "bookfiles.unknown_account_like"},
		{"101-王五", "", "", "", "bookfiles.no_detail"},
		{"131", "牲畜（禽）资产", "", "", "bookfiles.code_and_name"}, // the number of the older chart
		{"131 生产性生物资产", "", "", "", "bookfiles.code_and_name"},
	} {
		got := f.Find(c.text, c.name)
		key := ""
		if got.Told != nil {
			key = got.Told.Key
		}
		if got.Account.Code != c.code || got.Detail != c.detail || key != c.key {
			t.Errorf("find(%q, %q) = %q, detail %q, %q; want %q, %q, %q", c.text, c.name, got.Account.Code,
				got.Detail, key, c.code, c.detail, c.key)
		}
	}
}

func TestAmountsAreReadAsCashbooksWriteThem(t *testing.T) {
	for text, want := range map[string]money.Fen{"": 0, "-": 0, "—": 0, "100": 10_000, "1,234.50": 123_450,
		"¥1,234.50": 123_450, "￥12": 1_200, "１２．５０元": 1_250, "-100": -10_000, "(100.00)": -10_000,
		"（1,000.00）": -100_000, "100-": -10_000, "红字100": -10_000, "红100": -10_000, "−5": -500, "0.00": 0} {
		if got, problem := cells.Amount(text); got != want || problem != "" {
			t.Errorf("cells.Amount(%q) = %v %q, want %v", text, got, problem, want)
		}
	}
	for text, want := range map[string]string{"1.005": "places", "一百": "number", "1.2万": "number",
		"12,34.5": "number", "(-100)": "number", "红字-100": "number", "1 2": "number", "1e5": "number",
		"99999999999999999999": "range"} {
		if got, problem := cells.Amount(text); problem != want || got != 0 {
			t.Errorf("cells.Amount(%q) = %v %q, want %q", text, got, problem, want)
		}
	}
}

func TestNumbersOfVouchersAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{"记-12": "记 12", "记字第12号": "记 12", "12": "记 12",
		"0012": "记 12",
		"收 3":  "收 3", "银付-7": "付 7", "转字5号": "转 5", "记-3 1/2": "记 3", "记-3（2/2）": "记 3", "甲": "记 甲",
		"记": "记 ", "": "记 ", "１２": "记 12"} {
		series, number := numberOf("", text)
		if got := series + " " + number; got != want {
			t.Errorf("numberOf(%q) = %q, want %q", text, got, want)
		}
	}
	if series, number := numberOf("付", "8"); series != "付" || number != "8" {
		t.Errorf("a series of its own column: %s %s", series, number)
	}
}
