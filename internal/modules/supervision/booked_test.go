package supervision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/banking"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// openBook opens the books of the village.
func (x *town) openBook(from period.Date) ledger.Ref {
	x.t.Helper()
	return x.openBookOf(x.of, from)
}

func (x *town) openBookOf(of registry.Ref, from period.Date) ledger.Ref {
	x.t.Helper()
	opened, err := x.Ledger.OpenBook(apptest.Machine(x.t.Context()), access.Machine,
		ledger.Opening{Organisation: of, Chart: "2024", From: from})
	x.must(err)
	return ledger.Ref{Home: opened.Home, ID: opened.ID}
}

// line is a posting: account, counterparty or detail, and an amount in yuan.
type line struct {
	account, detail string
	yuan            int64
	fund, member    string
}

// enter books a voucher.
func (x *town) enter(of ledger.Ref, on period.Date, summary string, lines ...line) {
	x.t.Helper()
	d := ledger.Draft{Book: of, Date: on, Summary: summary}
	for _, l := range lines {
		d.Postings = append(d.Postings, book.Posting{Account: l.account, Amount: money.Fen(l.yuan * 100),
			Dimensions: book.Dimensions{Counterparty: l.detail, Fund: l.fund, Member: l.member}})
	}
	x.must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) error {
		_, _, err := x.Ledger.PostFor(tx, access.Machine, d)
		return err
	}))
}

// closeUntil closes the months of a book up to one, and what years end.
func (x *town) closeUntil(of ledger.Ref, from, last string) {
	x.t.Helper()
	month, err := period.Parse(from)
	x.must(err)
	for ; month.String() <= last; month = month.Next() {
		if strings.HasSuffix(month.String(), "-12") {
			_, err = x.Ledger.CloseYear(apptest.Machine(x.t.Context()), access.Machine, of, month.Year())
		} else {
			_, err = x.Ledger.Close(apptest.Machine(x.t.Context()), access.Machine, of, month.String())
		}
		x.must(err)
	}
}

// figures are columns of a subject's only row with a key.
func figures[T any](x *town, subject, key string) (one T) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		s := x.Host.Subjects.Find(subject)
		q, err := s.Select(v, rule.Scope{Home: x.home, Today: x.Clock.Today()})
		x.must(err)
		all, err := store.All[T](v, "SELECT * FROM ("+q.Text+") q WHERE CAST(q.key AS TEXT) = ?",
			append(q.Args, key)...)
		if err == nil && len(all) != 1 {
			x.t.Fatalf("%s %s has %d rows", subject, key, len(all))
		}
		one = all[0]
		return err
	})
	return one
}

type bookRow struct {
	Home          int64  `db:"home"`
	Organisation  int64  `db:"organisation"`
	Place         int64  `db:"place"`
	Key           int64  `db:"key"`
	Chart         string `db:"chart"`
	Begins        string `db:"begins"`
	Closed        string `db:"closed"`
	Assets        int64  `db:"assets"`
	Liabilities   int64  `db:"liabilities"`
	FixedNet      int64  `db:"fixed_net"`
	ProductiveNet int64  `db:"productive_net"`
	IntangibleNet int64  `db:"intangible_net"`
	Wearing       int64  `db:"wearing"`
	WearingCost   int64  `db:"wearing_cost"`
	Worn          string `db:"worn"`
}

type yearRow struct {
	Home          int64  `db:"home"`
	Organisation  int64  `db:"organisation"`
	Place         int64  `db:"place"`
	Key           string `db:"key"`
	Chart         string `db:"chart"`
	Year          int64  `db:"year"`
	Ended         bool   `db:"ended"`
	Income        int64  `db:"income"`
	Brought       int64  `db:"brought"`
	Distributable int64  `db:"distributable"`
	ToReserve     int64  `db:"to_reserve"`
	ToMembers     int64  `db:"to_members"`
	Remaining     int64  `db:"remaining"`
	Entertainment int64  `db:"entertainment"`
	Newspapers    int64  `db:"newspapers"`
}

// sameAsStatement compares the figures of a book with the statements of its chart.
func (x *town) sameAsStatement(of ledger.Ref, month, year string) {
	x.t.Helper()
	cells := func(statement, of string, column int, ref ledger.Ref, keys ...string) []int64 {
		p, err := period.Parse(of)
		x.must(err)
		sheet, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (book.Sheet, error) {
			return x.Ledger.Statement(v, ref, statement, p)
		})
		x.must(err)
		var all []int64
		for _, key := range keys {
			i := slices.IndexFunc(sheet.Lines, func(l book.SheetLine) bool { return l.Key == key })
			all = append(all, int64(sheet.Lines[i].Cells[column]))
		}
		return all
	}
	b := figures[bookRow](x, "book", itoa(of.ID))
	got := []int64{b.Assets, b.Liabilities, b.FixedNet, b.ProductiveNet, b.IntangibleNet}
	want := cells(book.BalanceSheet, month, 0, of, "total_assets", "total_liabilities", "fixed_net",
		"productive_net", "intangible_net")
	if !slices.Equal(got, want) || b.Closed != month+"-01" || want[0] == 0 || want[1] == 0 {
		x.t.Errorf("%s: the book has %v, its balance sheet %v (closed %s)", month, got, want, b.Closed)
	}
	y := figures[yearRow](x, "book_year", itoa(of.ID)+"/"+year)
	got = []int64{y.Income, y.Brought, y.Distributable, y.ToReserve, y.ToMembers, y.Remaining}
	want = cells(book.IncomeStatement, year, 1, of, "net_income", "opening_undistributed", "distributable",
		"to_reserve", "to_members", "closing_undistributed")
	if !slices.Equal(got, want) || want[0] == 0 {
		x.t.Errorf("%s: the year has %v, its statement %v", year, got, want)
	}
}

// TestFiguresAreThoseOfTheStatements: assets, liabilities and the distribution are what the statements of the
// chart say, before and after a year is closed.
func TestFiguresAreThoseOfTheStatements(t *testing.T) {
	each(t, func(x *town) {
		of := x.openBook("2025-01-01")
		x.enter(of, "2025-01-05", "投入资本", line{account: "102", yuan: 900_000}, line{account: "301",
			yuan: -900_000})
		x.enter(of, "2025-02-05", "购设备", line{account: "151", yuan: 300_000}, line{account: "102",
			yuan: -300_000})
		x.enter(of, "2025-03-05", "租金", line{account: "112", detail: "甲商行", yuan: 50_000},
			line{account: "112", detail: "乙商行", yuan: -20_000}, line{account: "501", yuan: -30_000})
		x.enter(of, "2025-04-05", "往来", line{account: "113", detail: "张户", yuan: 4_000},
			line{account: "113", detail: "李户", yuan: -9_000}, line{account: "102", yuan: 5_000})
		x.enter(of, "2025-05-05", "借款", line{account: "102", yuan: 80_000}, line{account: "201",
			detail: "农商行", yuan: -80_000})
		x.enter(of, "2025-06-05", "折旧", line{account: "511", yuan: 12_000}, line{account: "152",
			yuan: -12_000})
		x.closeUntil(of, "2025-01", "2025-08")
		x.sameAsStatement(of, "2025-08", "2025")
		x.enter(of, "2025-09-05", "专项", line{account: "102", yuan: 70_000}, line{account: "241",
			yuan: -70_000})
		x.enter(of, "2025-10-05", "提取", line{account: "322", detail: "reserve", yuan: 2_000},
			line{account: "311", yuan: -2_000})
		x.enter(of, "2025-10-06", "分配", line{account: "322", detail: "members", yuan: 6_000},
			line{account: "113", detail: "张户", yuan: -6_000})
		x.sameAsStatement(of, "2025-08", "2025")
		x.Clock.Set("2026-03-01")
		x.closeUntil(of, "2025-09", "2025-12")
		x.sameAsStatement(of, "2025-12", "2025")
		x.enter(of, "2026-01-05", "租金", line{account: "102", yuan: 8_000}, line{account: "501",
			yuan: -8_000})
		x.enter(of, "2026-01-06", "分配", line{account: "322", detail: "members", yuan: 3_000},
			line{account: "211", detail: "某成员", yuan: -3_000})
		x.closeUntil(of, "2026-01", "2026-01")
		x.sameAsStatement(of, "2026-01", "2026")
		x.sameAsStatement2025(of)
	})
}

// sameAsStatement2025: the year before stays as it ended.
func (x *town) sameAsStatement2025(of ledger.Ref) {
	x.t.Helper()
	y := figures[yearRow](x, "book_year", itoa(of.ID)+"/2025")
	if !y.Ended || y.ToMembers != 600_000 || y.ToReserve != 200_000 || y.Income != 1_800_000 {
		x.t.Errorf("the year before: %+v", y)
	}
}

// TestRulesOnYears: what breaks the rules on distribution, debts, entertainment and depreciation is hit, and
// what keeps them is not.
func TestRulesOnYears(t *testing.T) {
	each(t, func(x *town) {
		of := x.openBook("2025-01-01")
		x.enter(of, "2025-01-05", "投入资本", line{account: "102", yuan: 100_000}, line{account: "301",
			yuan: -100_000})
		x.enter(of, "2025-02-05", "收到专项资金", line{account: "102", yuan: 149_000}, line{account: "241",
			yuan: -149_000})
		x.enter(of, "2025-03-05", "接待上级检查用餐", line{account: "513", yuan: 6_000}, line{account: "102",
			yuan: -6_000})
		x.enter(of, "2025-03-06", "订阅党报、招待用茶", line{account: "513", yuan: 4_000},
			line{account: "102", yuan: -4_000})
		x.enter(of, "2025-03-07", "办公用品", line{account: "513", yuan: 5_000}, line{account: "102",
			yuan: -5_000})
		x.closeUntil(of, "2025-01", "2025-03")
		x.run()
		if got := x.rulesHit(); got != "A16-ratio" { // 149,000 of 234,000; entertainment exactly at the cap
			x.t.Fatalf("hit: %s", got)
		}
		x.enter(of, "2025-04-05", "订阅杂志", line{account: "513", yuan: 1}, line{account: "102", yuan: -1})
		x.enter(of, "2025-04-06", "专项资金转成员", line{account: "241", yuan: 50_000},
			line{account: "113", detail: "张户", yuan: -50_000})
		x.enter(of, "2025-04-07", "专项资金付工程款", line{account: "241", yuan: 50_000},
			line{account: "211", detail: "某建筑队", yuan: -50_000})
		x.enter(of, "2025-04-08", "分红", line{account: "322", detail: "members", yuan: 1_000},
			line{account: "113", detail: "李户", yuan: -1_000})
		x.enter(of, "2025-05-05", "购车", line{account: "151", yuan: 2_000}, line{account: "102",
			yuan: -2_000})
		x.enter(of, "2025-05-06", "购桌椅", line{account: "151", yuan: 1_999}, line{account: "102",
			yuan: -1_999})
		x.enter(of, "2025-05-07", "多提折旧", line{account: "513", yuan: 4_000}, line{account: "152",
			yuan: -4_000})
		x.closeUntil(of, "2025-04", "2025-05")
		x.run()
		if got := x.rulesHit(); got != "A12-voucher A16-ratio A18-over A18-source A21 A23" {
			x.t.Fatalf("hit: %s", got)
		}
		x.agree()
	})
}

// TestReserve: a year that was closed after members got something and the reserve too little.
func TestReserve(t *testing.T) {
	each(t, func(x *town) {
		of := x.openBook("2025-01-01")
		x.enter(of, "2025-01-05", "租金", line{account: "102", yuan: 100_000}, line{account: "501",
			yuan: -100_000})
		x.enter(of, "2025-10-05", "提取公积公益金", line{account: "322", detail: "reserve", yuan: 9_999},
			line{account: "311", yuan: -9_999})
		x.enter(of, "2025-10-06", "收益分配", line{account: "322", detail: "members", yuan: 60_000},
			line{account: "113", detail: "张户", yuan: -60_000})
		x.run()
		if got := x.rulesHit(); got != "" {
			x.t.Fatalf("before the year ended: %s", got)
		}
		x.Clock.Set("2026-02-01")
		x.closeUntil(of, "2025-01", "2025-12")
		x.run()
		if got := x.rulesHit(); got != "A18-reserve" { // 60,000 owed to members of 100,000 is at the limit
			x.t.Fatalf("hit: %s", got)
		}
	})
}

// TestDealingsWithOfficers: a payment and a contract with an officer's near relative, while in office.
func TestDealingsWithOfficers(t *testing.T) {
	each(t, func(x *town) {
		machine := apptest.Machine(x.t.Context())
		x.must(x.Registry.Appoint(machine, access.Machine, registry.Appointment{Organisation: x.of,
			Office: registry.Keeper, Name: "王福全", Since: "2025-02-01"}))
		var keeper registry.Officer
		x.read(func(v *store.View) error {
			all, err := registry.OfficersOf(v, x.of)
			keeper = all[slices.IndexFunc(all, func(o registry.Officer) bool {
				return o.Office == registry.Keeper
			})]
			return err
		})
		x.must(x.Registry.Declare(machine, access.Machine, registry.Declaration{Home: keeper.Home,
			Officer: keeper.ID, Relation: registry.Spouse, Name: "李秀兰"}))
		of := x.openBook("2025-01-01")
		pay := func(on period.Date, to string, yuan int64) {
			x.enter(of, on, "付款", line{account: "511", detail: to, yuan: yuan}, line{account: "102",
				yuan: -yuan})
		}
		x.enter(of, "2025-01-05", "投入资本", line{account: "102", yuan: 200_000}, line{account: "301",
			yuan: -200_000})
		pay("2025-10-08", "李秀兰", 5_000)
		pay("2025-10-09", "某商行", 20_000)
		x.run()
		if got := x.rulesHit(); got != "" {
			x.t.Fatalf("up to the limit, and to a stranger: %s", got)
		}
		pay("2025-10-10", "李秀兰", 5_001)
		pay("2025-10-11", "王福全", 6_000)
		x.run()
		if got := x.rulesHit(); got != "A14-payment A14-payment" {
			x.t.Fatalf("hit: %s", got)
		}
		x.agree()
		x.must(x.Registry.Leave(machine, access.Machine, keeper.Home, keeper.ID, "2025-10-11"))
		if got := x.run(); got.Gone != 1 { // paid on the day of leaving: no longer in office
			x.t.Errorf("after leaving: %+v", got)
		}
	})
}

// TestMoneyOnAnOfficersAccount: a line of a bank statement whose other side is an officer, until the
// statement is taken back – even where the derived hash of the name was left behind.
func TestMoneyOnAnOfficersAccount(t *testing.T) {
	each(t, func(x *town) {
		ctx := apptest.Machine(x.t.Context())
		x.must(x.Registry.Appoint(ctx, access.Machine, registry.Appointment{Organisation: x.of,
			Office: registry.Keeper, Name: "王福全", Since: "2025-02-01"}))
		x.openBook("2025-01-01")
		a, err := x.Banking.Register(ctx, access.Machine, banking.Registration{Organisation: x.of,
			Bank: "农商行", Number: "6222 0000 0000 1234", Since: "2025-01-01"})
		x.must(err)
		const text = "交易日期,借方发生额,贷方发生额,余额,对方户名,摘要,流水号\n" +
			"2025-10-08,,100000.00,100000.00,某商行,租金,A1\n2025-10-09,60000.00,,40000.00,王福全,暂存,A2\n"
		staged, err := x.Banking.Stage(ctx, access.Machine, a.Ref(), sheet.Upload{Name: "october.csv",
			Content: strings.NewReader(text), Size: int64(len(text))}, "")
		x.must(err)
		taken, err := x.Banking.Take(ctx, access.Machine, a.Ref(), staged.ID, "")
		x.must(err)
		x.run()
		if got := x.rulesHit(); got != "A14" {
			x.t.Fatalf("hit: %q", got)
		}
		var sides []struct {
			Line int64  `db:"line"`
			Find []byte `db:"find"`
		}
		x.read(func(v *store.View) error {
			sides, err = store.All[struct {
				Line int64  `db:"line"`
				Find []byte `db:"find"`
			}](v, "SELECT line, find FROM bank_line_party WHERE home = ?", x.home)
			return err
		})
		x.agree()
		x.must(x.Banking.Withdraw(ctx, access.Machine, a.Ref(), taken.ID, "选错文件"))
		left := func(text string, args ...any) {
			x.must(x.Host.Store.Maintain(ctx, func(tx *store.Tx) error {
				_, err := tx.Exec(text, args...)
				return err
			}))
		}
		for _, side := range sides {
			left("INSERT INTO bank_line_party (home, line, account, find) VALUES (?, ?, ?, ?)", x.home,
				side.Line, a.ID, side.Find)
		}
		if got := x.run(); got.Gone != 1 {
			x.t.Errorf("after taking back: %+v", got)
		}
		x.agree()
		left("DELETE FROM bank_line_party WHERE home = ?", x.home)
	})
}
