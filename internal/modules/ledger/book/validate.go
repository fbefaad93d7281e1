package book

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Limits of a chart.
const (
	AccountsMax   = 5000
	CodeMax       = 20 // characters of a code
	LinesMax      = 500
	TermsMax      = 500
	ColumnsMax    = 12
	StatementsMax = 50
	TemplatesMax  = 200
	weightMax     = 1_000_000 // amounts in a line, through all the lines it adds up
)

// checking collects what is wrong with a chart.
type checking struct {
	chart    *Chart
	findings []fault.Finding
}

// wrong notes a finding at a place within the chart: accounts/101, statements/income/money.
func (k *checking) wrong(place string, f fault.Finding) {
	k.findings = append(k.findings, f.At(k.chart.Key+"/"+place, 0, place))
}

// account tells of a code that the chart does not know. Codes that may be left out are asked for only if
// they are there.
func (k *checking) account(place, code string) bool {
	if _, ok := k.chart.at[code]; ok {
		return true
	}
	k.wrong(place, fault.Wrong("book.account_unknown", code).Saw(code))
	return false
}

// bookable tells of a code that must not stand in an entry.
func (k *checking) bookable(place, code string) bool {
	if !k.account(place, code) {
		return false
	}
	if !k.chart.Bookable(code) {
		k.wrong(place, fault.Wrong("book.account_parent", code, k.chart.Name(code)))
		return false
	}
	return true
}

func (k *checking) words(place string, w words.Words) {
	if !w.Whole() {
		k.wrong(place, fault.Wrong("book.name_missing", place))
	}
}

// prepare checks the chart and indexes it. With an error in the accounts nothing else is looked at: it
// would only be told again at every use.
func (c *Chart) prepare(k *checking) {
	c.Accounts = slices.Clone(c.Accounts)
	c.Statements = slices.Clone(c.Statements)
	c.head(k)
	c.checkAccounts(k)
	if fault.Stops(k.findings) {
		return
	}
	c.index()
	c.inherit()
	c.checkClasses(k)
	if fault.Stops(k.findings) {
		return
	}
	for _, role := range sortedKeys(c.Roles) {
		k.account("roles/"+role, c.Roles[role])
	}
	c.Close.check(k)
	c.checkAssets(k)
	c.checkTemplates(k)
	c.prepareStatements(k)
	for i := range c.Conversions {
		c.Conversions[i].check(k)
	}
}

func (c *Chart) head(k *checking) {
	if c.Key == "" || len(c.Key) > CodeMax {
		k.wrong("key", fault.Wrong("book.chart_key", CodeMax))
	}
	k.words("title", c.Title)
	c.Until = cmp.Or(c.Until, period.Open)
	if !c.From.Valid() || !c.Until.Valid() && c.Until != period.Open || c.From > c.Until {
		k.wrong("from", fault.Wrong("book.chart_dates", c.From, c.Until))
	}
	switch {
	case len(c.Accounts) == 0:
		k.wrong("accounts", fault.Wrong("book.chart_empty"))
	case len(c.Accounts) > AccountsMax:
		k.wrong("accounts", fault.Wrong("book.chart_limit", AccountsMax))
	}
}

func (c *Chart) checkAccounts(k *checking) {
	c.at = make(map[string]int, len(c.Accounts))
	for i, a := range c.Accounts {
		place := "accounts/" + a.Code
		if !codeValid(a.Code) {
			k.wrong("accounts/"+strconv.Itoa(i+1), fault.Wrong("book.code", CodeMax).Saw(a.Code))
			continue
		}
		if _, twice := c.at[a.Code]; twice {
			k.wrong(place, fault.Wrong("book.account_twice", a.Code))
			continue
		}
		c.at[a.Code] = i
		k.words(place, a.Name)
	}
	for i := range c.Accounts {
		a := &c.Accounts[i]
		if _, ok := c.at[dotted(a.Code)]; ok && a.Parent == "" {
			a.Parent = dotted(a.Code)
		}
		if _, ok := c.at[a.Parent]; !ok && a.Parent != "" {
			k.wrong("accounts/"+a.Code, fault.Wrong("book.parent_unknown", a.Code, a.Parent).Saw(a.Parent))
		}
	}
	for _, a := range c.Accounts {
		if c.circular(a.Code) {
			k.wrong("accounts/"+a.Code, fault.Wrong("book.parent_circle", a.Code))
		}
	}
}

// CheckLimits tells of accounts whose limit is no parameter that is known: such an account would have
// none.
func (c *Charts) CheckLimits(known func(parameter string) bool) (findings []fault.Finding) {
	for _, chart := range c.list {
		k := &checking{chart: chart}
		for _, a := range chart.Accounts {
			if above, _ := chart.Account(a.Parent); a.Limit != "" && a.Limit != above.Limit &&
				!known(a.Limit) {
				k.wrong("accounts/"+a.Code, fault.Wrong("book.limit_unknown", a.Code, a.Name, a.Limit).
					Saw(a.Limit))
			}
		}
		findings = append(findings, k.findings...)
	}
	return findings
}

// circular reports whether an account's parents lead back to it, or go on for ever.
func (c *Chart) circular(code string) bool {
	for range len(c.Accounts) + 1 {
		i, ok := c.at[code]
		if !ok {
			return false
		}
		code = c.Accounts[i].Parent
	}
	return code != ""
}

func (c *Chart) checkClasses(k *checking) {
	classes := []Class{Asset, Liability, Equity, Cost, Income, Expense}
	for _, a := range c.Accounts {
		place := "accounts/" + a.Code
		if !slices.Contains(classes, a.Class) {
			k.wrong(place, fault.Wrong("book.class", a.Code).Saw(string(a.Class)))
		}
		if a.Side != Debit && a.Side != Credit {
			k.wrong(place, fault.Wrong("book.side", a.Code).Saw(string(a.Side)))
		}
		if above, ok := c.Account(a.Parent); ok && above.Class != a.Class {
			k.wrong(place, fault.Wrong("book.parent_class", a.Code, above.Code))
		}
		seen := map[string]bool{}
		for _, d := range a.Details {
			if d.Code == "" || seen[d.Code] {
				k.wrong(place, fault.Wrong("book.detail_twice", a.Code).Saw(d.Code))
			}
			seen[d.Code] = true
			k.words(place+"/"+d.Code, d.Name)
		}
	}
}

// codeValid: letters, digits, dots and hyphens, beginning and ending with a letter or digit.
func codeValid(code string) bool {
	if code == "" || len(code) > CodeMax {
		return false
	}
	for i := range len(code) {
		b := code[i]
		plain := b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
		if !plain && (b != '.' && b != '-' || i == 0 || i == len(code)-1) {
			return false
		}
	}
	return true
}

func (c *Chart) checkAssets(k *checking) {
	for i, a := range c.Assets {
		place := "assets/" + strconv.Itoa(i+1)
		k.bookable(place, a.Cost)
		if a.Accumulated != "" {
			k.bookable(place, a.Accumulated)
			k.bookable(place, a.Expense)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
