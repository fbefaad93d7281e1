package book

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// YearClose says how a year ends under a chart: income and expense are carried into the result, the
// result into its distribution, and what was distributed into what is left.
type YearClose struct {
	Result        string           `yaml:"result"`        // 本年收益
	Distribution  string           `yaml:"distribution"`  // 收益分配: an account with parts
	Undistributed Part             `yaml:"undistributed"` // 未分配收益: the part that stays
	Empty         []string         `yaml:"empty"`         // should hold nothing when a year ends
	Parts         []Distribution   `yaml:"parts"`
	Summaries     ClosingSummaries `yaml:"summaries"`
	Basis         string           `yaml:"basis"`
	Mark          string           `yaml:"mark"`
}

// Part is an account, or a named detail of one.
type Part struct {
	Account string `yaml:"account"`
	Detail  string `yaml:"detail"`
}

// Distribution is something the income of a year is given to.
type Distribution struct {
	Key     string      `yaml:"key"` // reserve, members …
	Title   words.Words `yaml:"title"`
	From    Part        `yaml:"from"` // debited
	To      []string    `yaml:"to"`   // what may be credited; the first unless another is asked for
	Summary string      `yaml:"summary"`
	Basis   string      `yaml:"basis"`
	Mark    string      `yaml:"mark"`
}

// ClosingSummaries are what the vouchers of the close say, in the language of the books. One that the chart
// leaves out is worded as offices do: a voucher without words would be refused at the end of the year.
type ClosingSummaries struct {
	Income       string `yaml:"income"`
	Expense      string `yaml:"expense"`
	Result       string `yaml:"result"`
	Distribution string `yaml:"distribution"`
}

// complete words what the chart leaves out: summaries of the close, and of a distribution its title.
func (y *YearClose) complete() {
	y.Parts = slices.Clone(y.Parts)
	for i := range y.Parts {
		y.Parts[i].Summary = cmp.Or(y.Parts[i].Summary, y.Parts[i].Title.Chinese)
	}
	s := &y.Summaries
	s.Income, s.Expense = cmp.Or(s.Income, "结转本年收入"), cmp.Or(s.Expense, "结转本年支出")
	s.Result, s.Distribution = cmp.Or(s.Result, "结转本年收益"), cmp.Or(s.Distribution, "结转收益分配")
}

// Has reports whether the chart says how a year ends.
func (y YearClose) Has() bool { return y.Result != "" }

func (y *YearClose) check(k *checking) {
	if !y.Has() {
		k.wrong("close", fault.Doubt("book.close_missing"))
		return
	}
	y.complete()
	k.bookable("close/result", y.Result)
	k.account("close/distribution", y.Distribution)
	y.Undistributed.check(k, "close/undistributed")
	if k.chart.at[y.Undistributed.Account] != k.chart.at[y.Distribution] &&
		!k.chart.under(y.Undistributed.Account, y.Distribution) {
		k.wrong("close/undistributed", fault.Wrong("book.close_apart", y.Undistributed.Account,
			y.Distribution))
	}
	for _, code := range y.Empty {
		k.account("close/empty", code)
	}
	seen := map[string]bool{}
	for i, d := range y.Parts {
		place := "close/parts/" + strconv.Itoa(i+1)
		if d.Key == "" || seen[d.Key] {
			k.wrong(place, fault.Wrong("book.key_twice", d.Key).Saw(d.Key))
		}
		seen[d.Key] = true
		k.words(place, d.Title)
		d.From.check(k, place)
		if len(d.To) == 0 {
			k.wrong(place, fault.Wrong("book.account_unknown", ""))
		}
		for _, code := range d.To {
			k.bookable(place, code)
		}
	}
}

// check: the account may be booked, and has the detail.
func (p Part) check(k *checking, place string) {
	if !k.bookable(place, p.Account) {
		return
	}
	a, _ := k.chart.Account(p.Account)
	if !a.allows(p.Detail) {
		k.wrong(place, fault.Wrong("book.detail_unknown", p.Detail, p.Account, a.Name).Saw(p.Detail))
	}
}

// allows reports whether an account may have a detail: any, or one of those it names.
func (a Account) allows(detail string) bool {
	if len(a.Details) == 0 || detail == "" {
		return true
	}
	for _, d := range a.Details {
		if d.Code == detail {
			return true
		}
	}
	return false
}

// CloseYear makes the entries that close a year from the balances of its last day: income and expense
// into the result, the result into what is not distributed. Findings that stop: the chart cannot close a
// year, or amounts too large. Balances that should be gone by then are told as doubts.
func (c *Chart) CloseYear(balances []Balance, on period.Date) ([]Entry, []fault.Finding) {
	y := c.Close
	if !y.Has() {
		return nil, []fault.Finding{fault.Wrong("book.close_missing")}
	}
	var findings []fault.Finding
	for _, b := range balances {
		for _, code := range y.Empty {
			if b.Amount != 0 && c.under(b.Account, code) {
				findings = append(findings, fault.Doubt("book.close_not_empty", b.Account,
					c.Name(b.Account), b.Amount))
			}
		}
	}
	result := wide{}
	income := c.carry(balances, &result, func(a Account) bool { return a.Class == Income })
	expense := c.carry(balances, &result, func(a Account) bool { return a.Class == Expense })
	for _, b := range balances {
		if b.Account == y.Result {
			result.add(b.Amount)
		}
	}
	rest, err := result.fen()
	if err != nil {
		return nil, append(findings, fault.Wrong("book.overflow"))
	}
	entries := entriesOf(income, Posting{Account: y.Result}, on, y.Summaries.Income)
	entries = append(entries, entriesOf(expense, Posting{Account: y.Result}, on, y.Summaries.Expense)...)
	if rest != 0 {
		entries = append(entries, Entry{Date: on, Summary: y.Summaries.Result, Postings: []Posting{
			{Account: y.Result, Amount: -rest}, y.Undistributed.posting(rest)}})
	}
	return entries, findings
}

// SettleDistribution makes the entries that carry what was distributed in the year into what is left.
func (c *Chart) SettleDistribution(balances []Balance, on period.Date) []Entry {
	y := c.Close
	if !y.Has() {
		return nil
	}
	sum := wide{}
	lines := c.carry(balances, &sum, func(a Account) bool { return c.under(a.Code, y.Distribution) })
	kept := lines[:0]
	for _, p := range lines {
		if p.Account != y.Undistributed.Account || p.Counterparty != y.Undistributed.Detail &&
			p.Counterparty != "" {
			kept = append(kept, p)
		}
	}
	return entriesOf(kept, y.Undistributed.posting(0), on, y.Summaries.Distribution)
}

func (p Part) posting(amount money.Fen) Posting {
	return Posting{Account: p.Account, Amount: amount, Dimensions: Dimensions{Counterparty: p.Detail}}
}

// carry makes the lines that empty some accounts, and adds what was on them to a sum.
func (c *Chart) carry(balances []Balance, sum *wide, which func(Account) bool) (lines []Posting) {
	for _, b := range balances {
		a, ok := c.Account(b.Account)
		if !ok || b.Amount == 0 || !which(a) {
			continue
		}
		sum.add(b.Amount)
		lines = append(lines, Posting{Account: b.Account, Amount: -b.Amount,
			Dimensions: Dimensions{Counterparty: b.Counterparty}})
	}
	return lines
}

// entriesOf sets one line against many, in as many entries as the limit on lines asks for. Lines that
// cancel each other out are set against it one by one: without that line an entry would not be seen to
// close. An entry whose amount does not fit is left to CheckEntry.
func entriesOf(lines []Posting, against Posting, on period.Date, summary string) (entries []Entry) {
	for len(lines) > 0 {
		n := min(len(lines), PostingsMax-1)
		sum := sumOf(lines[:n])
		if sum.zero() {
			n = 1
			sum = sumOf(lines[:n])
		}
		entry := Entry{Date: on, Summary: summary, Postings: append([]Posting(nil), lines[:n]...)}
		if amount, err := sum.negated().fen(); err == nil {
			p := against
			p.Amount = amount
			entry.Postings = append(entry.Postings, p)
		}
		entries, lines = append(entries, entry), lines[n:]
	}
	return entries
}

func sumOf(postings []Posting) wide {
	sum := wide{}
	for _, p := range postings {
		sum.add(p.Amount)
	}
	return sum
}

// Undistributed is what a book has to distribute on a day: what is left of earlier years, with the result
// so far. Below zero it is a loss that is not covered.
func (c *Chart) Undistributed(balances []Balance) (money.Fen, error) {
	sum := wide{}
	for _, b := range balances {
		a, ok := c.Account(b.Account)
		if ok && (a.Class == Income || a.Class == Expense ||
			c.Close.Has() && (c.under(a.Code, c.Close.Result) || c.under(a.Code, c.Close.Distribution))) {
			sum.add(b.Amount)
		}
	}
	return sum.negated().fen()
}

// Allotted is an amount of a distribution, given to one.
type Allotted struct {
	Key          string // of a Distribution
	Account      string // credited; empty: the first the distribution names
	Counterparty string
	Member       string
	Amount       money.Fen
}

// Distribute makes the entries of a distribution from amounts that were decided.
func (c *Chart) Distribute(allotted []Allotted, on period.Date) ([]Entry, []fault.Finding) {
	var findings []fault.Finding
	lines := map[string][]Posting{}
	for i, a := range allotted {
		d, ok := c.distribution(a.Key)
		if !ok {
			findings = append(findings, fault.Wrong("book.distribution_unknown", a.Key).At("", i+1,
				"").Saw(a.Key))
			continue
		}
		p := Posting{Account: a.Account, Amount: -a.Amount,
			Dimensions: Dimensions{Counterparty: a.Counterparty, Member: a.Member}}
		if p.Account == "" {
			p.Account = d.To[0]
		}
		if !contains(d.To, p.Account) {
			findings = append(findings, fault.Wrong("book.distribution_account", p.Account, d.Title).At("",
				i+1, ""))
		}
		if a.Amount <= 0 {
			findings = append(findings, fault.Wrong("book.distribution_amount").At("", i+1,
				"").Saw(a.Amount.Plain()))
		}
		lines[a.Key] = append(lines[a.Key], p)
	}
	if fault.Stops(findings) {
		return nil, findings
	}
	var entries []Entry
	for _, d := range c.Close.Parts {
		entries = append(entries, entriesOf(lines[d.Key], d.From.posting(0), on, d.Summary)...)
	}
	return entries, findings
}

func (c *Chart) distribution(key string) (Distribution, bool) {
	for _, d := range c.Close.Parts {
		if d.Key == key {
			return d, true
		}
	}
	return Distribution{}, false
}

func contains(codes []string, code string) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}
