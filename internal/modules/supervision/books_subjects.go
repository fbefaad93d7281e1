package supervision

import (
	_ "embed" // the SQL of the subjects
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Sources are what subjects ask beside the database, once the program is open.
type Sources struct {
	Charts   func() *book.Charts
	Expenses func() []Expense
	Keys     func() *keys.Ring
}

type sources struct{ Sources }

// bookSubjects are what rules may look at in the books: figures are lines of the statements of the chart, and
// a voucher that was taken back is not asked. No account code stands here.
func bookSubjects(of Sources) []rule.Subject {
	s := sources{of}
	return []rule.Subject{balance(), s.payment(), s.book(), s.year(), s.voucher(), bankLine()}
}

//go:embed book.sql
var bookText string

//go:embed year.sql
var yearText string

//go:embed voucher.sql
var voucherText string

//go:embed bankline.sql
var bankLineText string

func plain(name, zh, en string) rule.Variable {
	return rule.Variable{Name: name, Kind: rule.Text, Title: say(zh, en)}
}

func day(name, zh, en string) rule.Variable {
	return rule.Variable{Name: name, Kind: rule.Text, Unit: rule.Day, Title: say(zh, en)}
}

func yuan(name, zh, en string) rule.Variable {
	return rule.Variable{Name: name, Kind: rule.Int, Unit: rule.Fen, Title: say(zh, en)}
}

// fixed is a table whose rows do not depend on the database.
func fixed(columns int, rows func() [][]string) rule.Table {
	return rule.Table{Columns: columns, Rows: func(store.Reader, rule.Scope) ([][]string, error) {
		return rows(), nil
	}}
}

// book is a book at the end of its last closed month.
func (s sources) book() rule.Subject {
	return rule.Subject{
		Name:  "book",
		Title: say("账簿（最近结账月）", "Book at its last closed month"),
		Variables: []rule.Variable{
			plain("chart", "会计科目表", "Chart"), day("begins", "建账日期", "First day"),
			day("closed", "最近结账月份首日", "First day of the last closed month"),
			yuan("assets", "资产总计", "Total assets"), yuan("liabilities", "负债合计", "Total liabilities"),
			yuan("fixed_net", "固定资产净值", "Fixed assets, net"),
			yuan("productive_net", "生产性生物资产净值", "Productive biological assets, net"),
			yuan("intangible_net", "无形资产净值", "Intangible assets, net"),
			{Name: "wearing", Kind: rule.Int, Title: say("应计提折旧的卡片数", "Cards to be depreciated")},
			yuan("wearing_cost", "应计提折旧的原值", "Cost of the cards to be depreciated"),
			day("worn", "最近计提折旧的月份首日", "First day of the last month with depreciation"),
		},
		Tables: map[string]rule.Table{"lines": fixed(lineColumns, func() [][]string {
			charts := s.Charts()
			return append(lineRows(charts, sheetFigures), accumulatedRows(charts)...)
		})},
		SQL:     bookText,
		Address: bookAddress,
	}
}

// year is a year of a book: the one that runs, and the one before it.
func (s sources) year() rule.Subject {
	return rule.Subject{
		Name:  "book_year",
		Title: say("账簿年度", "Year of a book"),
		Variables: []rule.Variable{
			plain("chart", "会计科目表", "Chart"), {Name: "year", Kind: rule.Int, Title: say("年度", "Year")},
			{Name: "ended", Kind: rule.Bool, Title: say("已年终结转", "The year is closed")},
			yuan("income", "净收益", "Net income"), yuan("brought", "年初未分配收益",
				"Undistributed, brought forward"),
			yuan("distributable", "可分配收益", "Distributable income"),
			yuan("to_reserve", "提取公积公益金", "Set aside to the reserve"),
			yuan("to_members", "向成员分配", "Distributed to members"),
			yuan("remaining", "期末未分配收益", "Undistributed in the end"),
			yuan("entertainment", "招待费", "Entertainment"), yuan("newspapers", "报刊费", "Newspapers"),
		},
		Tables: map[string]rule.Table{
			"lines": fixed(lineColumns, func() [][]string { return lineRows(s.Charts(), yearFigures) }),
			"expenses": fixed(expenseColumns, func() [][]string {
				return expenseRows(s.Charts(),
					s.Expenses())
			})},
		SQL:     yearText,
		Address: bookAddress,
	}
}

// voucher is a posted voucher of a year that moves earmarked money, distributes, or buys things.
func (s sources) voucher() rule.Subject {
	return rule.Subject{
		Name: "voucher",
		Title: say("记账凭证（近十二个月，涉及专项资金、分配或资产）",
			"Voucher of the last twelve months that moves earmarked money, distributes or buys things"),
		Variables: []rule.Variable{
			plain("chart", "会计科目表", "Chart"), day("date", "日期", "Date"), plain("summary", "摘要", "Summary"),
			yuan("total", "金额", "Amount"), yuan("earmarked", "冲减专项应付款", "Earmarked money taken"),
			yuan("subsidy", "冲减补助收入", "Subsidy income taken"),
			yuan("credited", "贷记成员往来或应付成员款", "Credited to members"),
			yuan("distributed", "向成员分配", "Distributed to members"),
			yuan("uncarded", "无卡片的固定资产入账", "Fixed assets entered without a card"),
			plain("fund", "资金来源", "Source of the money"),
		},
		Tables: map[string]rule.Table{"roles": fixed(roleColumns, func() [][]string {
			return roleRows(s.Charts())
		})},
		SQL:     voucherText,
		Address: func(home int64, key string) string { return fmt.Sprintf("/vouchers/%d/%s", home, key) },
	}
}

// bankLine is a line of a bank statement of a year whose other side has the name of an insider.
func bankLine() rule.Subject {
	return rule.Subject{
		Name: "bank_line",
		Title: say("银行流水（对方与管理人员或近亲属同名，近十二个月）",
			"Line of a bank statement of the last twelve months with a name of an officer or near relative"),
		Variables: []rule.Variable{
			plain("account", "银行账户", "Bank account"), day("day", "日期", "Date"),
			yuan("received", "收入", "Received"), yuan("paid", "付出", "Paid"),
			plain("office", "管理人员职务", "Office"),
			{Name: "relative", Kind: rule.Bool, Title: say("只与近亲属同名", "Named like a near relative only")},
		},
		SQL: strings.ReplaceAll(bankLineText, "{insiders}", registry.InsidersSQL("{home}")),
		Address: func(home int64, key string) string {
			account, _, _ := strings.Cut(key, "/")
			return fmt.Sprintf("/bank-accounts/%d/%s", home, account)
		},
	}
}

// payees are the counterparties of vouchers that have the name of an insider.
func (s sources) payees(r store.Reader, scope rule.Scope) ([][]string, error) {
	from, args := "ledger_posting p, ledger_book b", []any{scope.Home, scope.Today.AddMonths(-3), scope.Today}
	among := ""
	if scope.Organisations != nil {
		// SQLite keeps the order of a CROSS JOIN: of the postings of others none is read.
		from = "ledger_book b CROSS JOIN ledger_posting p"
		among = " AND b.organisation IN (0" + strings.Repeat(", ?", len(scope.Organisations)) + ")"
		for _, id := range scope.Organisations {
			args = append(args, id)
		}
	}
	names, err := store.All[registry.Named](r, `SELECT DISTINCT b.organisation AS organisation,
		p.counterparty AS name FROM `+from+` WHERE b.home = ? AND p.home = b.home AND p.book = b.id
		AND p.date > ? AND p.date <= ? AND p.counterparty <> ''`+among, args...)
	if err != nil {
		return nil, err
	}
	return registry.AmongInsiders(r, s.Keys(), scope.Home, names)
}
