package supervision

import (
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/rule"
)

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
		// The newest opening balances and what moved since.
		SQL: `WITH base AS (
				SELECT b.id AS book, b.organisation, b.place, b.chart, b.closed, coalesce((SELECT max(o.year)
					FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
					CAST(substr(b.begins, 1, 4) AS BIGINT)) AS year
				FROM ledger_book b WHERE b.home = {home} AND b.ends > {today}
					AND {organisations b.organisation}
			), moved AS (
				SELECT o.book, o.account, o.amount AS amount, '' AS month FROM base
				JOIN ledger_opening o ON o.home = {home} AND o.book = base.book AND o.year = base.year
				UNION ALL
				SELECT t.book, t.account, t.debit - t.credit AS amount, t.month FROM base
				JOIN ledger_turnover t ON t.home = {home} AND t.book = base.book AND t.year >= base.year
			)
			SELECT {home} AS home, base.organisation, base.place,
				CAST(base.book AS TEXT) || '/' || m.account AS key,
				base.chart, m.account, m.balance,
				CASE m.last_month WHEN '' THEN '' ELSE m.last_month || '-01' END AS last_month,
				CASE base.closed WHEN '' THEN '' ELSE base.closed || '-01' END AS closed
			FROM base JOIN (SELECT book, account, sum(amount) AS balance, max(month) AS last_month FROM moved
				GROUP BY book, account) m ON m.book = base.book`,
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
		// The counterparty stands on whichever line of the voucher has it. A book's vouchers are read by
		// their months, so that years long past cost nothing.
		SQL: `WITH insider (organisation, name, office, relative, since, until) AS (VALUES {table insiders}),
			lines AS (
				SELECT p.voucher, p.line, p.book, p.account, p.date, p.amount, p.red, p.note, p.closing,
					max(p.counterparty) OVER (PARTITION BY p.voucher) AS payee,
					` + dayNumber("p.date") + ` AS day
				FROM ledger_book b CROSS JOIN ledger_voucher v CROSS JOIN ledger_posting p
				WHERE b.home = {home} AND {organisations b.organisation} AND v.home = {home} AND v.book = b.id
					AND v.number > 0 AND v.month >= substr({today-3m}, 1, 7)
					AND p.home = {home} AND p.voucher = v.id AND p.date > {today-3m} AND p.date <= {today}
			), paid AS (
				SELECT l.voucher, l.line, l.book, l.account, l.date, -l.amount AS amount, l.note, l.payee,
					sum(-l.amount) OVER near AS total, count(*) OVER near AS number,
					max(-l.amount) OVER near AS largest
				FROM lines l WHERE l.amount < 0 AND NOT l.red AND NOT l.closing
				WINDOW near AS (PARTITION BY l.book, l.account, l.payee ORDER BY l.day
					RANGE BETWEEN 30 PRECEDING AND CURRENT ROW)
			), named AS (
				SELECT p.voucher AS of_voucher, p.line AS of_line, max(i.office) AS office
				FROM insider i CROSS JOIN paid p CROSS JOIN ledger_book b
				WHERE i.name <> '' AND p.payee = i.name AND b.home = {home} AND b.id = p.book
					AND i.organisation = CAST(b.organisation AS TEXT) AND i.since <= p.date
					AND i.until > p.date
				GROUP BY p.voucher, p.line
			)
			SELECT {home} AS home, b.organisation, b.place,
				CAST(p.voucher AS TEXT) || '/' || CAST(p.line AS TEXT) AS key,
				b.chart, p.account, p.date, p.payee, p.note, p.amount,
				CASE p.payee WHEN '' THEN p.amount ELSE p.total END AS payee_total,
				CASE p.payee WHEN '' THEN p.amount ELSE p.largest END AS payee_largest,
				CASE p.payee WHEN '' THEN 1 ELSE p.number END AS payee_count,
				n.office IS NOT NULL AS insider, coalesce(n.office, '') AS office
			FROM paid p JOIN ledger_book b ON b.home = {home} AND b.id = p.book
			LEFT JOIN named n ON n.of_voucher = p.voucher AND n.of_line = p.line
			WHERE {organisations b.organisation}`,
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
