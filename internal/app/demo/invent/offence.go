package invent

import (
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Offences are what the rules of supervision should find in a year of books.
type Offences struct {
	Cash      money.Fen // paid in cash at once, more than the rules allow
	Split     money.Fen // a purchase paid to one payee in three parts within a month
	Borrowed  bool      // and spent: debts are more than the rules allow of the assets
	Earmarked money.Fen // credited to members
	Feasts    money.Fen // entertainment of the year
	Uncarded  money.Fen // paid for a thing without a card
	Insider   string    // somebody in office who is paid a large amount
	OverWorn  bool      // more is written off than it cost
}

// paidInsider is what somebody in office gets at once.
const paidInsider money.Fen = 1_860_000

// offend is what is wrong in a month.
func (t *trade) offend(month int) {
	switch month {
	case 6:
		t.offendInJune()
	case 12:
		t.offendInDecember()
	}
}

func (t *trade) offendInJune() {
	if t.Earmarked > 0 {
		t.book(6, 3, "收到上级专项资金", line(bank, t.Earmarked), line(special, -t.Earmarked))
		t.book(6, 5, "专项资金转入成员往来", line(special, t.Earmarked),
			detail{members, "成员分红暂挂"}.line(-t.Earmarked))
	}
	t.fund(6, 7, t.Feasts+t.Uncarded)
	t.book(6, 7, "接待用餐费用", line(overheads, t.Feasts), line(bank, -t.Feasts))
	t.book(6, 8, "购置办公设备", line(fixed, t.Uncarded), line(bank, -t.Uncarded))
}

func (t *trade) offendInDecember() {
	if t.Cash > 0 {
		t.fund(12, 8, t.Cash)
		t.book(12, 8, "提取现金", line(cash, t.Cash), line(bank, -t.Cash))
		p := line(overheads, t.Cash)
		p.Counterparty = "临时用工"
		t.book(12, 8, "现金支付零星用工", p, line(cash, -t.Cash))
	}
	if t.Insider != "" {
		t.fund(12, 8, paidInsider)
		p := line(operating, paidInsider)
		p.Counterparty = t.Insider
		t.book(12, 9, "支付工程协调费", p, line(bank, -paidInsider))
	}
	if t.Split == 0 {
		return
	}
	t.fund(12, 8, t.Split)
	for i, day := range []int{10, 17, 27} {
		part := t.Split / 3
		if i == 2 {
			part = t.Split - 2*part
		}
		p := line(operating, part)
		p.Counterparty = "宏达建材经营部"
		t.book(12, day, "支付材料款", p, line(bank, -part))
	}
}

// offendLast is what is wrong at the end, when everything else stands.
func (t *trade) offendLast() {
	if t.Borrowed {
		debt := t.assets()*8/10 + 1_000_000
		t.book(12, 31, "借入款项", line(bank, debt), detail{loans, "某农村商业银行"}.line(-debt))
		t.book(12, 31, "支付广场修缮款", line(welfareCosts, debt), line(bank, -debt))
	}
	if t.OverWorn {
		more := t.stands[detail{account: fixed}] + t.stands[detail{account: worn}] + 100_000
		t.book(12, 31, "补提折旧", line(overheads, more), line(worn, -more))
	}
}

// assets is what stands on accounts of things and money.
func (t *trade) assets() (sum money.Fen) {
	for at, amount := range t.stands {
		if at.account < loans {
			sum += amount
		}
	}
	return sum
}
