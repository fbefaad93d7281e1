package invent

import (
	"cmp"
	"slices"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The accounts of the chart of 2024 that a year's business of a collective moves.
const (
	cash         = "101"
	bank         = "102"
	outsiders    = "112"
	members      = "113"
	fixed        = "151"
	worn         = "152"
	loans        = "201"
	payables     = "211"
	wages        = "212"
	labour       = "213"
	special      = "241"
	reserve      = "311"
	undivided    = "322"
	revenue      = "501"
	subsidies    = "503"
	operating    = "511"
	duties       = "512"
	overheads    = "513"
	welfareCosts = "514"
)

// Let is something of a collective's that another uses for a fee.
type Let struct {
	What   string
	Tenant string
	Fee    money.Fen // a year
}

// Means is what a collective's year of business is made up from.
type Means struct {
	Level   division.Level
	Year    int
	Closing []book.Balance // what stands on its last day, debit above zero; without equity
	Bought  []book.Posting // of fixed assets, in the year: account, amount and asset
	Lets    []Let
	Wear    []Wear // depreciation
	Offences
}

// Wear is depreciation of a month: an expense, and the account on which it adds up.
type Wear struct {
	Month       int // 1 to 12
	Expense     string
	Accumulated string
	Amount      money.Fen
}

// Business is a year of a collective's books, before its year is closed.
type Business struct {
	Opening []book.Balance
	Entries []book.Entry // in the order of their days
}

// detail is an account with what it is kept by.
type detail struct{ account, counterparty string }

// trade makes up the year from its first day to its last, so that money is never spent before it is
// there, and brings every account to where it has to stand.
type trade struct {
	*Draw
	Means
	stands  map[detail]money.Fen // as the year goes on
	targets map[detail]money.Fen
	opening map[detail]money.Fen
	entries []book.Entry
}

// Year makes up a year. What the accounts of money, claims and debts stood at on its first day is made
// up; the reserve is what makes the balance hold.
func Year(d *Draw, m Means) Business {
	t := &trade{Draw: d, Means: m, stands: map[detail]money.Fen{}, targets: map[detail]money.Fen{},
		opening: map[detail]money.Fen{}}
	for _, b := range m.Closing {
		t.targets[detail{b.Account, b.Counterparty}] += b.Amount
	}
	t.open()
	for month := 1; month <= 12; month++ {
		t.month(month)
	}
	t.settle()
	t.offendLast()
	slices.SortStableFunc(t.entries, func(a, b book.Entry) int { return cmp.Compare(a.Date, b.Date) })
	return Business{t.balances(), t.entries}
}

// open makes up the first day.
func (t *trade) open() {
	moved := map[detail]money.Fen{}
	for _, b := range t.Bought {
		moved[detail{account: b.Account}] += b.Amount
	}
	for _, w := range t.Wear {
		moved[detail{account: w.Accumulated}] -= w.Amount
	}
	var sum money.Fen
	for at, closing := range t.targets {
		opening := closing - moved[at]
		switch at.account {
		case cash, bank, outsiders, members, payables, labour, special:
			opening = 0 // below, in an order of their own
		}
		t.opening[at] = opening
		sum += opening
	}
	for _, at := range t.sorted() {
		switch at.account {
		case bank:
			t.opening[at] = t.share(t.targets[at], 45, 120)
		case cash:
			t.opening[at] = t.share(t.targets[at], 20, 100)
		case outsiders, members, payables, labour, special:
			t.opening[at] = t.share(t.targets[at], 0, 90)
		default:
			continue
		}
		sum += t.opening[at]
	}
	kept := t.share(sum, 70, 95)
	t.opening[detail{account: reserve}] -= kept
	t.opening[detail{undivided, "undistributed"}] -= sum - kept
	for at, amount := range t.opening {
		t.stands[at] = amount
	}
}

// share is a part of an amount, between two percentages.
func (t *trade) share(of money.Fen, low, high int64) money.Fen {
	return of / 100 * money.Fen(t.Between(low, high))
}

func (t *trade) sorted() []detail {
	all := make([]detail, 0, len(t.targets))
	for at := range t.targets {
		all = append(all, at)
	}
	slices.SortFunc(all, func(a, b detail) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.counterparty, b.counterparty))
	})
	return all
}

func (t *trade) balances() []book.Balance {
	var all []book.Balance
	for at, amount := range t.opening {
		if amount != 0 {
			all = append(all, book.Balance{Account: at.account, Counterparty: at.counterparty,
				Amount: amount})
		}
	}
	slices.SortFunc(all, func(a, b book.Balance) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Counterparty, b.Counterparty))
	})
	return all
}

// book enters a voucher; lines without an amount are left out.
func (t *trade) book(month, day int, summary string, lines ...book.Posting) {
	lines = slices.DeleteFunc(lines, func(p book.Posting) bool { return p.Amount == 0 })
	if len(lines) < 2 {
		return
	}
	for _, p := range lines {
		t.stands[detail{p.Account, p.Counterparty}] += p.Amount
	}
	t.entries = append(t.entries, book.Entry{Date: period.NewDate(t.Year, time.Month(month), day),
		Summary:  summary,
		Postings: lines})
}

func line(account string, amount money.Fen) book.Posting {
	return book.Posting{Account: account, Amount: amount}
}

func (d detail) line(amount money.Fen) book.Posting {
	p := line(d.account, amount)
	p.Counterparty = d.counterparty
	return p
}

// yuan is a round amount.
func (t *trade) yuan(low, high int64) money.Fen {
	return money.Fen(Round(t.Skewed(low, high), 10) * 100)
}

// spend is as much of an amount as the bank has to spare.
func (t *trade) spend(amount money.Fen) money.Fen {
	return max(0, min(amount, t.stands[detail{account: bank}]*6/10))
}

// month is what happens in one.
func (t *trade) month(month int) {
	large := t.Level != division.Group
	for i, l := range t.Lets {
		if 1+(i*5+int(l.Fee/100))%9 == month {
			t.book(month, 5+i%20, "收"+l.Tenant+l.What+"承包费", line(bank, l.Fee), line(revenue, -l.Fee))
		}
	}
	if large && (month == 3 || month == 8) || month == 3 && t.PerMille(300) {
		fee := t.yuan(2_000, 30_000)
		if large {
			fee = t.yuan(20_000, 260_000)
		}
		t.book(month, 18, "收到财政补助资金", line(bank, fee), line(subsidies, -fee))
	}
	if t.Level == division.Village && (month == 5 || month == 10) {
		fee := t.yuan(12_000, 500_000)
		t.book(month, 16, "收到农机作业、物业服务收入", line(bank, fee), line(revenue, -fee))
	}
	t.buy(month)
	if month == 12 || large && month%3 == 0 {
		t.run(month, large)
	}
	t.wear(month, large)
	t.offend(month)
}

// fund lets the bank have an amount.
func (t *trade) fund(month, day int, amount money.Fen) {
	if lacks := amount - t.stands[detail{account: bank}]; lacks > 0 {
		t.book(month, day, "收到上级补助", line(bank, lacks), line(subsidies, -lacks))
	}
}

// buy pays for what was acquired; what the bank lacks the state gives.
func (t *trade) buy(month int) {
	for i, b := range t.Bought {
		if 2+i%9 != month {
			continue
		}
		if lacks := b.Amount - t.spend(b.Amount); lacks > 0 {
			t.book(month, 8, "收到项目建设补助资金", line(bank, lacks), line(subsidies, -lacks))
		}
		t.book(month, 12, "购建固定资产", b, line(bank, -b.Amount))
	}
}

// run is the daily business: wages, the office, roads.
func (t *trade) run(month int, large bool) {
	if pay := t.spend(t.yuan(800, 9_000)); large && pay > 0 {
		t.book(month, 25, "计提管理人员报酬", line(overheads, pay), line(wages, -pay))
		t.book(month, 26, "发放管理人员报酬", line(wages, pay), line(bank, -pay))
	}
	if office := t.spend(t.yuan(60, 900)); office > 0 {
		t.book(month, 9, "提取现金备用", line(cash, office), line(bank, -office))
		t.book(month, 21, "支付办公费、水电费", line(overheads, office), line(cash, -office))
	}
	if month%6 != 0 {
		return
	}
	if road := t.spend(t.yuan(300, 20_000)); road > 0 {
		t.book(month, 15, "支付村组道路、水渠维护费", line(welfareCosts, road), line(bank, -road))
	}
	if tax := t.spend(-t.stands[detail{account: revenue}] / 100); tax > 0 {
		t.book(month, 28, "缴纳税费", line(duties, tax), line(bank, -tax))
	}
}

// wear writes off: each quarter where there is much, once in December where there is little.
func (t *trade) wear(month int, large bool) {
	var lines []book.Posting
	for _, w := range t.Wear {
		due := (w.Month + 2) / 3 * 3
		if w.Amount != 0 && (due == month || !large && month == 12) {
			lines = append(lines, line(w.Expense, w.Amount), line(w.Accumulated, -w.Amount))
		}
	}
	t.book(month, 28, "计提固定资产折旧", merged(lines)...)
}

// merged adds up lines of the same account and side.
func merged(lines []book.Posting) []book.Posting {
	var all []book.Posting
	for _, l := range lines {
		i := slices.IndexFunc(all, func(o book.Posting) bool {
			return o.Account == l.Account && (o.Amount > 0) == (l.Amount > 0)
		})
		if i < 0 {
			all = append(all, l)
			continue
		}
		all[i].Amount += l.Amount
	}
	return all
}

// settle brings claims, debts, cash and the bank to where the year ends. What moves the bank stands in
// its order on the last days, so that the bank is never overdrawn in between.
func (t *trade) settle() {
	for _, at := range t.sorted() {
		gap := t.targets[at] - t.stands[at]
		switch at.account {
		case outsiders:
			t.book(12, 20, "计提应收租金", at.line(gap), line(revenue, -gap))
		case payables:
			t.book(11, 20, "应付工程款", line(operating, -gap), at.line(gap))
		case labour:
			t.book(12, 24, "计提劳务报酬", line(overheads, -gap), at.line(gap))
		case members:
			t.move(29, "成员往来款", at, gap)
		case special:
			t.move(29, "专项资金", at, gap)
		case cash, bank:
		default:
			t.book(12, 22, "登记资产", at.line(gap), line(reserve, -gap))
		}
	}
	inHand := detail{account: cash}
	t.move(30, "提取现金备用", inHand, t.targets[inHand]-t.stands[inHand])
	gap := t.targets[detail{account: bank}] - t.stands[detail{account: bank}]
	if gap > 0 {
		t.book(12, 31, "收到村集体经济发展补助", line(bank, gap), line(subsidies, -gap))
	} else {
		t.book(12, 31, "支付公益设施维修款", line(welfareCosts, -gap), line(bank, gap))
	}
}

// move passes an amount between an account and the bank; what the bank lacks comes in first.
func (t *trade) move(day int, summary string, at detail, gap money.Fen) {
	if gap > 0 {
		t.fund(12, day, gap)
	}
	t.book(12, day, summary, at.line(gap), line(bank, -gap))
}
