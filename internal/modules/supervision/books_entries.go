package supervision

import (
	_ "embed" // the SQL of the subjects
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/rule"
)

//go:embed balance.sql
var balanceText string

//go:embed payment.sql
var paymentText string

func balance() rule.Subject {
	return rule.Subject{
		Name:  "balance",
		Title: say("科目余额", "Balance of an account"),
		Variables: []rule.Variable{
			{Name: "chart", Kind: rule.Text, Title: say("会计科目表", "Chart")},
			{Name: "account", Kind: rule.Text, Title: say("科目", "Account")},
			{Name: "balance", Kind: rule.Int, Unit: rule.Fen,
				Title: say("余额（借方为正）", "Balance (debit above 0)")},
			{Name: "last_month", Kind: rule.Text, Unit: rule.Day,
				Title: say("最近变动月份首日", "First day of the last month it moved")},
			{Name: "closed", Kind: rule.Text, Unit: rule.Day,
				Title: say("最近结账月份首日", "First day of the last closed month")},
		},
		SQL:     balanceText,
		Address: bookAddress,
	}
}

// dayNumber is the Julian day of a column that holds a date, in whole numbers, so that thirty days are a
// range of a window.
func dayNumber(column string) string {
	year := "CAST(substr(" + column + ", 1, 4) AS BIGINT)"
	month := "CAST(substr(" + column + ", 6, 2) AS BIGINT)"
	day := "CAST(substr(" + column + ", 9, 2) AS BIGINT)"
	early := "((14 - " + month + ") / 12)"
	y := "(" + year + " + 4800 - " + early + ")"
	return "(" + day + " + (153 * (" + month + " + 12 * " + early + " - 3) + 2) / 5 + 365 * " + y +
		" + " + y + " / 4 - " + y + " / 100 + " + y + " / 400)"
}

func (s sources) payment() rule.Subject {
	yuan := func(name, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: rule.Int, Unit: rule.Fen, Title: say(zh, en)}
	}
	return rule.Subject{
		Name:  "payment",
		Title: say("贷方分录（近三个月）", "Credit line of a voucher, of the last three months"),
		Variables: []rule.Variable{
			{Name: "chart", Kind: rule.Text, Title: say("会计科目表", "Chart")},
			{Name: "account", Kind: rule.Text, Title: say("科目", "Account")},
			{Name: "date", Kind: rule.Text, Unit: rule.Day, Title: say("日期", "Date")},
			{Name: "payee", Kind: rule.Text, Title: say("对方", "Counterparty")},
			{Name: "note", Kind: rule.Text, Title: say("摘要", "Note")},
			yuan("amount", "金额", "Amount"),
			yuan("payee_total", "同一对方 30 日内合计", "To the same within 30 days"),
			yuan("payee_largest", "同一对方 30 日内最大一笔", "Largest to the same within 30 days"),
			{Name: "payee_count", Kind: rule.Int,
				Title: say("同一对方 30 日内笔数", "Payments to the same within 30 days")},
			{Name: "insider", Kind: rule.Bool,
				Title: say("对方与管理人员或近亲属同名", "Named like an officer or a near relative")},
			{Name: "office", Kind: rule.Text, Title: say("管理人员职务", "Office")},
		},
		Tables: map[string]rule.Table{"insiders": {Columns: registry.InsidersColumns, Rows: s.payees}},
		SQL:    strings.ReplaceAll(paymentText, "{day}", dayNumber("p.date")),
		Address: func(home int64, key string) string {
			voucher, _, _ := strings.Cut(key, "/")
			return fmt.Sprintf("/vouchers/%d/%s", home, voucher)
		},
	}
}

func bookAddress(home int64, key string) string {
	book, _, _ := strings.Cut(key, "/")
	return fmt.Sprintf("/books/%d/%s", home, book)
}
