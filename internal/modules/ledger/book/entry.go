package book

import (
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Limits of an entry.
const (
	PostingsMax = 500                       // lines of a voucher
	AmountMax   = 1_000_000_000_000_000     // fen of a line: ten trillion yuan
	SummaryMax  = 200                       // characters
	FieldMax    = 100                       // characters of a dimension
	NoteMax     = 200                       // characters
	DatesFrom   = period.Date("1949-10-01") // nothing is booked before
)

// CheckEntry says what is wrong with an entry under a chart: all of it, each finding at its line (from
// 1). An entry without findings that stop may be booked as far as arithmetic goes; periods, funds and
// who may do it are for the ledger.
func CheckEntry(c *Chart, e Entry) []fault.Finding {
	var findings []fault.Finding
	switch {
	case !e.Date.Valid():
		findings = append(findings, fault.Wrong("book.date").At("", 0, "date").Saw(string(e.Date)))
	case !c.HoldsOn(e.Date):
		f := fault.Wrong("book.date_chart", e.Date, c.Title, c.From, c.Until)
		findings = append(findings, f.At("", 0, "date").Saw(string(e.Date)))
	}
	if !written(e.Summary, SummaryMax) || e.Summary == "" {
		findings = append(findings, fault.Wrong("book.summary", SummaryMax).At("", 0,
			"summary").Saw(e.Summary))
	}
	if len(e.Postings) < 2 || len(e.Postings) > PostingsMax {
		return append(findings, fault.Wrong("book.entry_lines", PostingsMax))
	}
	for i, p := range e.Postings {
		findings = append(findings, c.checkPosting(p, i+1)...)
	}
	findings = append(findings, checkSum(e.Postings)...)
	return append(findings, c.checkClosing(e.Postings)...)
}

func (c *Chart) checkPosting(p Posting, line int) (findings []fault.Finding) {
	at := func(f fault.Finding, field string) {
		findings = append(findings, f.At("", line, field))
	}
	a, known := c.Account(p.Account)
	switch {
	case !known:
		at(fault.Wrong("book.account_unknown", p.Account).Saw(p.Account), "account")
	case !c.Bookable(p.Account):
		at(fault.Wrong("book.account_parent", a.Code, a.Name).Saw(p.Account), "account")
	case a.Detail && p.Counterparty == "":
		at(fault.Wrong("book.counterparty", a.Code, a.Name), "counterparty")
	case !a.allows(p.Counterparty):
		at(fault.Wrong("book.detail_unknown", p.Counterparty, a.Code, a.Name).Saw(p.Counterparty),
			"counterparty")
	}
	if p.Amount == 0 {
		at(fault.Wrong("book.amount_zero"), "amount")
	}
	if p.Amount > AmountMax || p.Amount < -AmountMax {
		at(fault.Wrong("book.amount_limit", money.Fen(AmountMax)).Saw(p.Amount.Plain()), "amount")
	}
	for _, f := range []struct {
		name, text string
		most       int
	}{{"counterparty", p.Counterparty, FieldMax}, {"member", p.Member, FieldMax}, {"asset", p.Asset,
		FieldMax},
		{"project", p.Project, FieldMax}, {"fund", p.Fund, FieldMax}, {"note", p.Note, NoteMax}} {
		if !written(f.text, f.most) {
			at(fault.Wrong("book.field", f.most).Saw(f.text), f.name)
		}
	}
	return findings
}

// written reports whether a text is fit for a register: valid, in its limit, without control characters and
// without space at its ends.
func written(text string, most int) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		return false
	}
	last := ' '
	for i, r := range text {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || i == 0 && unicode.IsSpace(r) {
			return false
		}
		last = r
	}
	return text == "" || !unicode.IsSpace(last)
}

func checkSum(postings []Posting) []fault.Finding {
	sum, debits := wide{}, wide{}
	for _, p := range postings {
		sum.add(p.Amount)
		if p.Amount > 0 {
			debits.add(p.Amount)
		}
	}
	if _, err := debits.fen(); err != nil {
		return []fault.Finding{fault.Wrong("book.overflow")}
	}
	if !sum.zero() {
		credits := sum.negated()
		credits.join(debits)
		debit, _ := debits.fen()
		credit, err := credits.fen()
		if err != nil {
			return []fault.Finding{fault.Wrong("book.overflow")}
		}
		return []fault.Finding{fault.Wrong("book.unbalanced", debit, credit)}
	}
	return nil
}

// checkClosing: what touches the account of the result touches nothing but income, expense, the result
// and its distribution, or statements of income could not tell what was earned from what was carried
// over.
func (c *Chart) checkClosing(postings []Posting) []fault.Finding {
	if !c.IsClosing(postings) {
		return nil
	}
	for i, p := range postings {
		a, ok := c.Account(p.Account)
		within := a.Class == Income || a.Class == Expense || c.under(p.Account, c.Close.Result) ||
			c.under(p.Account, c.Close.Distribution)
		if ok && !within {
			result, _ := c.Account(c.Close.Result)
			f := fault.Wrong("book.result_mixed", result.Code, result.Name, a.Code, a.Name)
			return []fault.Finding{f.At("", i+1, "account").Saw(p.Account)}
		}
	}
	return nil
}

// Total is the sum of an entry's debits, a voucher's amount; of a red one it is below zero.
func Total(postings []Posting) (money.Fen, error) {
	sum := wide{}
	for _, p := range postings {
		sum.add(p.turnover().Debit)
	}
	return sum.fen()
}

// Reverse makes the red-letter entry that takes postings back: the same accounts and details in the
// same order and on the same side, less instead of more. A red entry is not reversed again; what was
// right is booked anew.
func Reverse(postings []Posting) []Posting {
	red := make([]Posting, len(postings))
	for i, p := range postings {
		p.Amount, p.Red = -p.Amount, !p.Red
		red[i] = p
	}
	return red
}

// Funds are what stands on the accounts an entry touches before it is booked.
type Funds struct {
	Balances map[string]money.Fen // by bookable account, debit above zero
	Held     map[string]money.Fen // reserved on the account and not yet posted, above zero
	Limits   map[string]money.Fen // by the name of the parameter
}

// CheckFunds says which accounts an entry would overdraw – more than is there and not held – and which
// it would bring over their limit. An entry that makes an overdrawn account better is let pass. Overdrawing
// stops; a limit is a doubt, for the way back under it is another entry.
func CheckFunds(c *Chart, f Funds, postings []Posting) (findings []fault.Finding) {
	moved := movedBy(postings)
	for i, a := range c.Accounts {
		change := moved[a.Code]
		if change == nil || !c.bookable(i) {
			continue
		}
		after := *change
		after.add(f.Balances[a.Code])
		free := a.own(after)
		free.join(minus(f.Held[a.Code]))
		if a.NoOverdraft && a.own(*change).negative() && free.negative() {
			left, _ := free.fen()
			findings = append(findings, fault.Wrong("book.overdraft", a.Code, a.Name, left, f.Held[a.Code]))
		}
		if limit, ok := f.Limits[a.Limit]; ok && a.Limit != "" {
			findings = append(findings, a.above(limit, *change, after)...)
		}
	}
	return findings
}

// movedBy are the sums of postings by account, debit above zero.
func movedBy(postings []Posting) map[string]*wide {
	moved := map[string]*wide{}
	for _, p := range postings {
		if moved[p.Account] == nil {
			moved[p.Account] = &wide{}
		}
		moved[p.Account].add(p.Amount)
	}
	return moved
}

// own is an amount as the account's side counts it: above zero on that side.
func (a Account) own(amount wide) wide {
	if a.Side == Credit {
		return amount.negated()
	}
	return amount
}

// above doubts a change that leaves the account above a limit. One that takes off it is let pass.
func (a Account) above(limit money.Fen, change, after wide) []fault.Finding {
	over := a.own(after)
	over.join(minus(limit))
	if a.own(change).negative() || over.negative() || over.zero() {
		return nil
	}
	stands, _ := a.own(after).fen()
	return []fault.Finding{fault.Doubt("book.limit", a.Code, a.Name, stands, limit)}
}

// CheckEntry is the function of that name, asked of the chart.
func (c *Chart) CheckEntry(e Entry) []fault.Finding { return CheckEntry(c, e) }

// CheckLimits doubts an entry that brings accounts above what they may hold, by the balances after it. most
// gives the limit of a parameter, if one is set.
func CheckLimits(c *Chart, after map[string]money.Fen, postings []Posting,
	most func(parameter string) (money.Fen, bool)) []fault.Finding {
	var findings []fault.Finding
	moved := movedBy(postings)
	for i, a := range c.Accounts {
		change := moved[a.Code]
		if change == nil || a.Limit == "" || !c.bookable(i) {
			continue
		}
		if limit, set := most(a.Limit); set {
			var stands wide
			stands.add(after[a.Code])
			findings = append(findings, a.above(limit, *change, stands)...)
		}
	}
	return findings
}

// Takes are the amounts above zero that postings take off accounts that must not be overdrawn, in the
// order of the accounts.
func (c *Chart) Takes(list []Posting) []Balance {
	sums := map[string]money.Fen{}
	for _, line := range list {
		if a, _ := c.Account(line.Account); a.NoOverdraft && a.Side == Debit {
			sums[line.Account] -= line.Amount
		}
	}
	var all []Balance
	for _, code := range slices.Sorted(maps.Keys(sums)) {
		if sums[code] > 0 {
			all = append(all, Balance{Account: code, Amount: sums[code]})
		}
	}
	return all
}
