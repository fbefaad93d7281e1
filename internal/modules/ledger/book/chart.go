package book

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Chart is a chart of accounts with everything that speaks of its codes: statements, the year's close,
// roles, templates, and how balances of an older chart come over. It is pack data; Charts hold
// it checked and indexed. A Chart that did not come from Charts knows none of its accounts.
type Chart struct {
	Key      string      `yaml:"key"`
	Title    words.Words `yaml:"title"`
	Basis    string      `yaml:"basis"`
	Mark     string      `yaml:"mark"`
	From     period.Date `yaml:"from"`  // the first day that may be booked under it
	Until    period.Date `yaml:"until"` // the last; left out: no end
	Accounts []Account   `yaml:"accounts"`
	// Roles say which account does what the program has to ask for: cash, bank, reserve …
	Roles map[string]string `yaml:"roles"`
	Close YearClose         `yaml:"close"`
	// Assets are the accounts of asset cards, by form and kind.
	Assets      []AssetAccounts `yaml:"assets"`
	Templates   []Template      `yaml:"templates"`
	Statements  []Statement     `yaml:"statements"`
	Conversions []Conversion    `yaml:"conversions"`
	Examples    []Example       `yaml:"examples"`

	at     map[string]int // account by code
	whole  [][]int        // of each account: itself and all under it, in the order of the chart
	parent []bool         // whether it has sub-accounts
	byKey  map[string]int // statement by key
}

// AssetAccounts are the accounts of a kind of asset card. An empty field is one that does not matter;
// the first line that fits a card holds.
type AssetAccounts struct {
	Form        string `yaml:"form"`        // card form: fixed, livestock, intangible …
	Class       string `yaml:"class"`       // operating, non_operating, resource
	Cost        string `yaml:"cost"`        // what it cost
	Accumulated string `yaml:"accumulated"` // what is written off; empty: it is not depreciated
	Expense     string `yaml:"expense"`     // where depreciation goes
}

// Charts are the charts of a pack, checked.
type Charts struct {
	list  []*Chart
	byKey map[string]*Chart
}

// NewCharts checks charts and makes them ready. A chart with an error is left out; what is found is
// told with the chart's key and the place within it as sheet, and the place as column. A conversion
// from a chart that is not there is left out by itself. Charts are never nil.
func NewCharts(charts []Chart) (*Charts, []fault.Finding) {
	all := &Charts{byKey: map[string]*Chart{}}
	var findings []fault.Finding
	for i := range charts {
		c := charts[i]
		check := &checking{chart: &c}
		if _, twice := all.byKey[c.Key]; twice {
			check.wrong("key", fault.Wrong("book.chart_twice", c.Key))
		}
		c.prepare(check)
		findings = append(findings, check.findings...)
		if !fault.Stops(check.findings) {
			all.list = append(all.list, &c)
			all.byKey[c.Key] = &c
		}
	}
	slices.SortStableFunc(all.list, func(a, b *Chart) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Key, b.Key))
	})
	findings = append(findings, all.checkConversions()...)
	return all, findings
}

// Get is the chart of a key.
func (c *Charts) Get(key string) (*Chart, bool) {
	chart, ok := c.byKey[key]
	return chart, ok
}

// All lists the charts from the oldest to the newest.
func (c *Charts) All() []*Chart { return slices.Clone(c.list) }

// On is the newest chart that may be booked under on a day.
func (c *Charts) On(day period.Date) (*Chart, bool) {
	for _, chart := range slices.Backward(c.list) {
		if chart.HoldsOn(day) {
			return chart, true
		}
	}
	return nil, false
}

// HoldsOn reports whether a day may be booked under the chart.
func (c *Chart) HoldsOn(day period.Date) bool { return c.From <= day && day <= c.Until }

// Account is the account of a code.
func (c *Chart) Account(code string) (Account, bool) {
	i, ok := c.at[code]
	if !ok {
		return Account{}, false
	}
	return c.Accounts[i], true
}

// Name is the account's name; its code if the chart does not know it.
func (c *Chart) Name(code string) words.Words {
	if a, ok := c.Account(code); ok {
		return a.Name
	}
	return words.Plain(code)
}

// Bookable reports whether a code may stand in a posting: it is known and has no sub-accounts.
func (c *Chart) Bookable(code string) bool {
	i, ok := c.at[code]
	return ok && c.bookable(i)
}

func (c *Chart) bookable(i int) bool { return !c.parent[i] }

// Leaves are the bookable accounts of a code: itself, or all under it, in the order of the chart.
func (c *Chart) Leaves(code string) []string {
	i, ok := c.at[code]
	if !ok {
		return nil
	}
	var codes []string
	for _, part := range c.whole[i] {
		if c.bookable(part) {
			codes = append(codes, c.Accounts[part].Code)
		}
	}
	return codes
}

// Top reports whether an account is part of no other.
func (c *Chart) Top(code string) bool {
	a, ok := c.Account(code)
	return ok && a.Parent == ""
}

// Role is the account that does what a role says.
func (c *Chart) Role(role string) (Account, bool) { return c.Account(c.Roles[role]) }

// Cash are the bookable accounts that hold money.
func (c *Chart) Cash() []string {
	var codes []string
	for i, a := range c.Accounts {
		if a.Cash && c.bookable(i) {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// Detail is under which counterparty a posting counts in balances and turnovers: "" on accounts that
// are not kept so.
func (c *Chart) Detail(p Posting) string {
	if i, ok := c.at[p.Account]; ok && c.Accounts[i].PerDetail() {
		return p.Counterparty
	}
	return ""
}

// DetailName is how a detail is shown: the name of a named one, else the counterparty itself.
func (c *Chart) DetailName(account, counterparty string) words.Words {
	a, _ := c.Account(account)
	for _, d := range a.Details {
		if d.Code == counterparty {
			return d.Name
		}
	}
	return words.Plain(counterparty)
}

// AssetAccounts are the accounts for an asset card of a form and class.
func (c *Chart) AssetAccounts(form, class string) (AssetAccounts, bool) {
	for _, a := range c.Assets {
		if (a.Form == "" || a.Form == form) && (a.Class == "" || a.Class == class) {
			return a, true
		}
	}
	return AssetAccounts{}, false
}

// Statement is the statement of a key.
func (c *Chart) Statement(key string) (*Statement, bool) {
	i, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	return &c.Statements[i], true
}

// IsClosing reports whether postings only carry income and expense into the result, or the result into and
// within its distribution. It is read from the postings alone, so that books that come from elsewhere
// are understood too: an entry that touches the account of the result closes (CheckEntry refuses one that
// touches anything else beside), and so does one that stays within the account of distribution.
func (c *Chart) IsClosing(postings []Posting) bool {
	result, distribution := c.Close.Result, c.Close.Distribution
	if result == "" || len(postings) == 0 {
		return false
	}
	within := true
	for _, p := range postings {
		if c.under(p.Account, result) {
			return true
		}
		within = within && c.under(p.Account, distribution)
	}
	return within
}

// under reports whether an account is another or part of it.
func (c *Chart) under(code, other string) bool {
	for n := 0; code != "" && n <= len(c.Accounts); n++ {
		if code == other {
			return true
		}
		i, ok := c.at[code]
		if !ok {
			return false
		}
		code = c.Accounts[i].Parent
	}
	return false
}

// index fills what is derived from the accounts. Parents are known and free of circles.
func (c *Chart) index() {
	c.whole, c.parent = make([][]int, len(c.Accounts)), make([]bool, len(c.Accounts))
	for i := range c.Accounts {
		c.whole[i] = append(c.whole[i], i)
		for up := c.Accounts[i].Parent; up != ""; up = c.Accounts[c.at[up]].Parent {
			c.parent[c.at[up]] = true
			c.whole[c.at[up]] = append(c.whole[c.at[up]], i)
		}
	}
	for i := range c.whole {
		slices.Sort(c.whole[i])
	}
}

// inherit gives sub-accounts what they leave to their parents; parents first.
func (c *Chart) inherit() {
	var take func(i int)
	done := make([]bool, len(c.Accounts))
	take = func(i int) {
		a := &c.Accounts[i]
		if done[i] || a.Parent == "" {
			return
		}
		done[i] = true
		up := c.at[a.Parent]
		take(up)
		above := c.Accounts[up]
		a.Class, a.Side = cmp.Or(a.Class, above.Class), cmp.Or(a.Side, above.Side)
		a.Detail, a.NoOverdraft = a.Detail || above.Detail, a.NoOverdraft || above.NoOverdraft
		a.Cash, a.Limit = a.Cash || above.Cash, cmp.Or(a.Limit, above.Limit)
		if len(a.Details) == 0 {
			a.Details = above.Details
		}
	}
	for i := range c.Accounts {
		take(i)
	}
}

// dotted is the parent that a code such as 1001.01 or 1001-01 speaks of.
func dotted(code string) string {
	if cut := strings.LastIndexAny(code, ".-"); cut > 0 {
		return code[:cut]
	}
	return ""
}
