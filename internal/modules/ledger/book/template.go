package book

import (
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Template is a voucher for common business: the lines are there, amounts and names are asked for.
type Template struct {
	Key     string         `yaml:"key"`
	Title   words.Words    `yaml:"title"`
	Group   string         `yaml:"group"`  // receipt, payment, transfer, check, close: how a list is sorted
	Series  string         `yaml:"series"` // of the voucher; empty: the general one
	Summary string         `yaml:"summary"`
	Lines   []TemplateLine `yaml:"lines"`
	Basis   string         `yaml:"basis"`
	Mark    string         `yaml:"mark"`
}

// TemplateLine is a line of a template.
type TemplateLine struct {
	Side Side `yaml:"side"`
	// Account is what is booked unless another of Accounts is chosen. "asset", "accumulated" and
	// "expense" of Of stand for the accounts of the card's kind instead.
	Account  string   `yaml:"account"`
	Accounts []string `yaml:"accounts"`
	Of       string   `yaml:"of"`     // cost, accumulated or expense of the asset's accounts
	Amount   string   `yaml:"amount"` // name of the amount; empty: amount
	Ask      []string `yaml:"ask"`    // dimensions to fill: counterparty, member, asset, project, fund
	Detail   string   `yaml:"detail"` // named detail of the account
	Optional bool     `yaml:"optional"`
}

// AmountName is the name of the line's amount.
func (l TemplateLine) AmountName() string {
	if l.Amount == "" {
		return "amount"
	}
	return l.Amount
}

// dimensionNames are what a template's line may ask for.
var dimensionNames = []string{"counterparty", "member", "asset", "project", "fund"}

// Filling is what a template is filled with.
type Filling struct {
	Date       period.Date
	Summary    string // empty: the template's
	Amounts    map[string]money.Fen
	Accounts   map[int]string // by line from 0, of the accounts the line allows
	Asset      AssetAccounts  // for lines that take the accounts of a card's kind
	Dimensions Dimensions     // for every line that asks for them
	Note       string
}

// Template is the template of a key.
func (c *Chart) Template(key string) (Template, bool) {
	for _, t := range c.Templates {
		if t.Key == key {
			return t, true
		}
	}
	return Template{}, false
}

// Fill makes an entry of a template. What is missing or not allowed is found here; whether the entry may
// be booked says CheckEntry.
func (c *Chart) Fill(key string, f Filling) (Entry, []fault.Finding) {
	t, ok := c.Template(key)
	if !ok {
		return Entry{}, []fault.Finding{fault.Wrong("book.template_unknown", key).Saw(key)}
	}
	entry := Entry{Date: f.Date, Summary: f.Summary}
	if entry.Summary == "" {
		entry.Summary = t.Summary
	}
	var findings []fault.Finding
	for i, l := range t.Lines {
		amount := f.Amounts[l.AmountName()]
		if amount == 0 && l.Optional {
			continue
		}
		account := l.pick(i, f)
		if account == "" {
			findings = append(findings, fault.Wrong("book.template_account", t.Title).At("", i+1,
				"account"))
			continue
		}
		if l.Side == Credit {
			amount = -amount
		}
		entry.Postings = append(entry.Postings, Posting{Account: account, Amount: amount,
			Dimensions: l.dimensions(f.Dimensions), Note: f.Note})
	}
	return entry, findings
}

// pick is the account of a line; "" if what was chosen is not allowed or the card's kind has none.
func (l TemplateLine) pick(i int, f Filling) string {
	switch l.Of {
	case "cost":
		return f.Asset.Cost
	case "accumulated":
		return f.Asset.Accumulated
	case "expense":
		return f.Asset.Expense
	}
	chosen, ok := f.Accounts[i]
	if !ok || chosen == l.Account {
		return l.Account
	}
	if slices.Contains(l.Accounts, chosen) {
		return chosen
	}
	return ""
}

func (l TemplateLine) dimensions(all Dimensions) (d Dimensions) {
	for _, name := range l.Ask {
		switch name {
		case "counterparty":
			d.Counterparty = all.Counterparty
		case "member":
			d.Member = all.Member
		case "asset":
			d.Asset = all.Asset
		case "project":
			d.Project = all.Project
		case "fund":
			d.Fund = all.Fund
		}
	}
	if l.Detail != "" {
		d.Counterparty = l.Detail
	}
	return d
}

func (c *Chart) checkTemplates(k *checking) {
	if len(c.Templates) > TemplatesMax {
		k.wrong("templates", fault.Wrong("book.chart_limit", TemplatesMax))
	}
	seen := map[string]bool{}
	for _, t := range c.Templates {
		place := "templates/" + t.Key
		if t.Key == "" || seen[t.Key] {
			k.wrong(place, fault.Wrong("book.key_twice", t.Key).Saw(t.Key))
		}
		seen[t.Key] = true
		k.words(place, t.Title)
		if len(t.Lines) < 2 {
			k.wrong(place, fault.Wrong("book.entry_lines", PostingsMax))
		}
		for i, l := range t.Lines {
			l.check(k, place+"/"+strconv.Itoa(i+1))
		}
	}
}

func (l TemplateLine) check(k *checking, place string) {
	if l.Side != Debit && l.Side != Credit {
		k.wrong(place, fault.Wrong("book.side", l.Account).Saw(string(l.Side)))
	}
	switch l.Of {
	case "":
		Part{l.Account, l.Detail}.check(k, place)
	case "cost", "accumulated", "expense":
	default:
		k.wrong(place, fault.Wrong("book.template_of").Saw(l.Of))
	}
	for _, code := range l.Accounts {
		k.bookable(place, code)
	}
	for _, name := range l.Ask {
		if !slices.Contains(dimensionNames, name) {
			k.wrong(place, fault.Wrong("book.template_ask").Saw(name))
		}
	}
}
