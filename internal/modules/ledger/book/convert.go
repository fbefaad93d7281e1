package book

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Conversion says how balances under an older chart come over to the chart whose file it stands in.
type Conversion struct {
	From  string          `yaml:"from"` // key of the older chart
	On    period.Date     `yaml:"on"`   // first day under the new one
	Rows  []ConversionRow `yaml:"rows"`
	Basis string          `yaml:"basis"`
	Mark  string          `yaml:"mark"`
}

// ConversionRow says where an account of the older chart goes. With one account in To and no Decide it goes
// there by itself; otherwise somebody decides, by substance, among those in To.
type ConversionRow struct {
	Account string      `yaml:"account"`
	To      []string    `yaml:"to"`
	Detail  string      `yaml:"detail"` // named detail of the new account that takes what names none
	Decide  bool        `yaml:"decide"`
	Note    words.Words `yaml:"note"`
	Mark    string      `yaml:"mark"`
}

// Decided says where an older balance goes, in parts that add up to it.
type Decided struct {
	Account      string // of the older chart
	Counterparty string
	Parts        []Balance // accounts of the new one
}

// Change is what became of an account in a conversion.
type Change string

// The changes.
const (
	Unchanged  Change = "unchanged"  // same code
	Renumbered Change = "renumbered" // other code
	ByDecision Change = "decided"    // somebody chose
)

// Difference is a line of the report of a conversion: an older balance, or a part of one, and where it
// went.
type Difference struct {
	From   Balance
	To     Balance
	Change Change
	Note   words.Words
}

// Converted is what a conversion gives.
type Converted struct {
	Balances    []Balance
	Differences []Difference
}

// check looks at the side of the new chart; Charts.checkConversions at that of the older one.
func (v Conversion) check(k *checking) {
	place := "conversions/" + v.From
	if !v.On.Valid() {
		k.wrong(place, fault.Wrong("book.conversion_day", v.From).Saw(string(v.On)))
	}
	seen := map[string]bool{}
	for i, row := range v.Rows {
		at := place + "/" + strconv.Itoa(i+1)
		if seen[row.Account] {
			k.wrong(at, fault.Wrong("book.conversion_twice", row.Account).Saw(row.Account))
		}
		seen[row.Account] = true
		if len(row.To) == 0 {
			k.wrong(at, fault.Wrong("book.conversion_nowhere", row.Account))
		}
		for _, code := range row.To {
			Part{code, row.Detail}.check(k, at)
		}
	}
}

// checkConversions looks up the older charts; a conversion with an error is left out. What an older
// chart has and a conversion does not name is a doubt: a balance on it stops a conversion.
func (c *Charts) checkConversions() (findings []fault.Finding) {
	for _, chart := range c.list {
		var sound []Conversion
		for _, v := range chart.Conversions {
			found := v.checkOld(c)
			if !fault.Stops(found) {
				sound = append(sound, v)
			}
			for _, f := range found {
				findings = append(findings, f.At(chart.Key+"/conversions/"+v.From, 0, "conversions/"+v.From))
			}
		}
		chart.Conversions = sound
	}
	return findings
}

// checkOld looks at the side of the older chart.
func (v Conversion) checkOld(charts *Charts) (findings []fault.Finding) {
	old, ok := charts.byKey[v.From]
	if !ok {
		return []fault.Finding{fault.Wrong("book.conversion_chart", v.From).Saw(v.From)}
	}
	rows := v.rows()
	for _, account := range sortedKeys(rows) {
		if !old.Bookable(account) {
			findings = append(findings, fault.Wrong("book.conversion_account", account,
				old.Title).Saw(account))
		}
	}
	for i, a := range old.Accounts {
		if _, named := rows[a.Code]; old.bookable(i) && !named {
			findings = append(findings, fault.Doubt("book.conversion_misses", a.Code, a.Name))
		}
	}
	return findings
}

// ConversionFrom is how balances come over from an older chart.
func (c *Chart) ConversionFrom(key string) (Conversion, bool) {
	for _, v := range c.Conversions {
		if v.From == key {
			return v, true
		}
	}
	return Conversion{}, false
}

// Open lists what has to be decided before balances can come over: one for each balance that goes
// nowhere by itself. Parts are empty.
func (v Conversion) Open(balances []Balance) (open []Decided) {
	rows := v.rows()
	for _, b := range balances {
		row, ok := rows[b.Account]
		if b.Amount != 0 && ok && row.decides() {
			open = append(open, Decided{Account: b.Account, Counterparty: b.Counterparty})
		}
	}
	return open
}

func (v Conversion) rows() map[string]ConversionRow {
	rows := make(map[string]ConversionRow, len(v.Rows))
	for _, row := range v.Rows {
		rows[row.Account] = row
	}
	return rows
}

func (r ConversionRow) decides() bool { return r.Decide || len(r.To) != 1 }

// Convert carries balances of an older chart over. Every balance goes whole, in one piece or in the
// parts that were decided, so the sum stays what it is, to the fen. With a finding that stops nothing
// is given.
func (c *Chart) Convert(old *Chart, balances []Balance, decided []Decided) (Converted, []fault.Finding) {
	v, ok := c.ConversionFrom(old.Key)
	if !ok {
		return Converted{}, []fault.Finding{fault.Wrong("book.conversion_none", old.Title, c.Title)}
	}
	run := conversionRun{chart: c, old: old, rows: v.rows(), decided: map[string]Decided{}}
	for _, d := range decided {
		run.decided[d.Account+"\n"+d.Counterparty] = d
	}
	before := wide{}
	for _, b := range balances {
		if b.Amount != 0 {
			before.add(b.Amount)
			run.balance(b)
		}
	}
	for _, d := range sortedKeys(run.decided) {
		left := run.decided[d]
		run.findings = append(run.findings, fault.Wrong("book.conversion_idle", left.Account,
			left.Counterparty))
	}
	fold := NewFold(c)
	after := wide{}
	for _, d := range run.differences {
		after.add(d.To.Amount)
		if err := fold.Open(d.To); err != nil {
			run.findings = append(run.findings, fault.Wrong("book.overflow"))
		}
	}
	if fault.Stops(run.findings) {
		return Converted{}, run.findings
	}
	if before != after {
		panic(fmt.Sprintf("book: a conversion changed the sum from %v to %v", before, after))
	}
	return Converted{Balances: fold.Balances(), Differences: run.differences}, run.findings
}

// conversionRun is a conversion while it runs.
type conversionRun struct {
	chart, old  *Chart
	rows        map[string]ConversionRow
	decided     map[string]Decided // not used yet
	differences []Difference
	findings    []fault.Finding
}

func (r *conversionRun) balance(b Balance) {
	row, ok := r.rows[b.Account]
	if !ok {
		r.findings = append(r.findings, fault.Wrong("book.conversion_misses", b.Account,
			r.old.Name(b.Account)))
		return
	}
	key := b.Account + "\n" + b.Counterparty
	d, chosen := r.decided[key]
	delete(r.decided, key)
	switch {
	case chosen:
		r.parts(b, row, d)
	case row.decides():
		f := fault.Wrong("book.conversion_undecided", b.Account, r.old.Name(b.Account), b.Counterparty,
			b.Amount)
		r.findings = append(r.findings, f)
	default:
		change := Renumbered
		if row.To[0] == b.Account {
			change = Unchanged
		}
		to := Balance{Account: row.To[0], Counterparty: b.Counterparty, Amount: b.Amount}
		r.add(Difference{From: b, To: to, Change: change, Note: row.Note}, row)
	}
}

// parts takes a decision: accounts among those allowed, amounts that add up.
func (r *conversionRun) parts(b Balance, row ConversionRow, d Decided) {
	sum := minus(b.Amount)
	for _, part := range d.Parts {
		sum.add(part.Amount)
		if !contains(row.To, part.Account) {
			f := fault.Wrong("book.conversion_choice", b.Account, r.old.Name(b.Account), part.Account)
			r.findings = append(r.findings, f.Saw(part.Account))
			continue
		}
		from := Balance{Account: b.Account, Counterparty: b.Counterparty, Amount: part.Amount}
		r.add(Difference{From: from, To: part, Change: ByDecision, Note: row.Note}, row)
	}
	if !sum.zero() {
		f := fault.Wrong("book.conversion_parts", b.Account, r.old.Name(b.Account), b.Amount)
		r.findings = append(r.findings, f)
	}
}

// add notes where an amount goes, under the details that the new account has.
func (r *conversionRun) add(d Difference, row ConversionRow) {
	a, ok := r.chart.Account(d.To.Account)
	switch {
	case !ok:
		return
	case !a.PerDetail():
		d.To.Counterparty = ""
	case d.To.Counterparty == "" && row.Detail != "":
		d.To.Counterparty = row.Detail
	case d.To.Counterparty == "" && a.Detail && money.Fen(0) != d.To.Amount:
		r.findings = append(r.findings, fault.Doubt("book.conversion_nobody", a.Code, a.Name, d.To.Amount))
	case !a.allows(d.To.Counterparty):
		r.findings = append(r.findings, fault.Wrong("book.detail_unknown", d.To.Counterparty, a.Code,
			a.Name))
	}
	r.differences = append(r.differences, d)
}
