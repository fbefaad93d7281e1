package book

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// prepareStatements makes the statements ready: their formulas over accounts by number.
func (c *Chart) prepareStatements(k *checking) {
	c.byKey = map[string]int{}
	if len(c.Statements) > StatementsMax {
		k.wrong("statements", fault.Wrong("book.chart_limit", StatementsMax))
		return
	}
	for i := range c.Statements {
		s := &c.Statements[i]
		place := "statements/" + s.Key
		if _, twice := c.byKey[s.Key]; twice || s.Key == "" {
			k.wrong(place, fault.Wrong("book.key_twice", s.Key).Saw(s.Key))
			continue
		}
		c.byKey[s.Key] = i
		s.chart = c
		s.prepare(k, place)
	}
	for _, key := range StandardStatements {
		if _, ok := c.byKey[key]; !ok {
			k.wrong("statements/"+key, fault.Doubt("book.statement_missing", key))
		}
	}
	if fault.Stops(k.findings) {
		return
	}
	for i := range c.Statements {
		c.Statements[i].prepareChecks(k)
	}
}

func (s *Statement) prepare(k *checking, place string) {
	k.words(place, s.Title)
	s.checkColumns(k, place)
	if len(s.Lines) == 0 || len(s.Lines) > LinesMax {
		k.wrong(place, fault.Wrong("book.statement_lines", s.Key, LinesMax))
		return
	}
	numbers := s.expand(k, place)
	s.link(k, place, numbers)
	s.arrange(k, place)
	s.weigh(k, place)
	s.cover(k, place)
}

func (s *Statement) checkColumns(k *checking, place string) {
	if len(s.Columns) == 0 || len(s.Columns) > ColumnsMax {
		k.wrong(place, fault.Wrong("book.statement_columns", s.Key, ColumnsMax))
	}
	seen := map[string]bool{}
	for _, column := range s.Columns {
		at := place + "/" + column.Key
		if seen[column.Key] || column.Key == "" {
			k.wrong(at, fault.Wrong("book.key_twice", column.Key).Saw(column.Key))
		}
		seen[column.Key] = true
		k.words(at, column.Title)
		spans := []Span{SpanPeriod, SpanYear, SpanLastYear}
		if !slices.Contains(spans, column.Span) {
			k.wrong(at, fault.Wrong("book.span").Saw(string(column.Span)))
		}
		k.quantity(at, column.Quantity, column.Only)
	}
}

func (k *checking) quantity(place string, q Quantity, only Side) {
	all := []Quantity{"", Opening, Closing, DebitTurnover, CreditTurnover, Net}
	if !slices.Contains(all, q) {
		k.wrong(place, fault.Wrong("book.quantity").Saw(string(q)))
	}
	if only != "" && only != Debit && only != Credit {
		k.wrong(place, fault.Wrong("book.side", place).Saw(string(only)))
	}
}

// expand makes the lines as they are evaluated, and says which stand for the line of a key: several if
// it is one for each account.
func (s *Statement) expand(k *checking, place string) map[string][]int {
	numbers := map[string][]int{}
	s.lines = nil
	for i, line := range s.Lines {
		at := place + "/" + line.Key
		if line.Key == "" {
			line.Key = "line" + strconv.Itoa(i+1)
		}
		if _, twice := numbers[line.Key]; twice {
			k.wrong(at, fault.Wrong("book.key_twice", line.Key).Saw(line.Key))
			continue
		}
		k.quantity(at, line.Quantity, "")
		if len(line.Terms) > TermsMax {
			k.wrong(at, fault.Wrong("book.chart_limit", TermsMax))
			continue
		}
		numbers[line.Key] = []int{}
		if line.Each == "" {
			k.words(at, line.Title)
			numbers[line.Key] = append(numbers[line.Key], len(s.lines))
			s.lines = append(s.lines, formula{line: line})
			continue
		}
		for _, one := range s.each(k, at, line) {
			numbers[line.Key] = append(numbers[line.Key], len(s.lines))
			s.lines = append(s.lines, formula{line: one})
		}
	}
	return numbers
}

// each makes a line for every account that the terms of a line select.
func (s *Statement) each(k *checking, place string, line Line) (lines []Line) {
	if line.Each != "top" && line.Each != "bookable" && line.Each != "all" {
		k.wrong(place, fault.Wrong("book.each").Saw(line.Each))
		return nil
	}
	chosen := map[int]bool{}
	for _, t := range line.Terms {
		for _, a := range s.chart.selected(k, place, t) {
			chosen[a] = true
		}
	}
	for i, a := range s.chart.Accounts {
		if !chosen[i] || line.Each == "top" && a.Parent != "" || line.Each == "bookable" &&
			!s.chart.bookable(i) {
			continue
		}
		one := line
		one.Each, one.Key, one.Number, one.Title = "", line.Key+"/"+a.Code, a.Code, a.Name
		one.Terms = []Term{{Account: a.Code}}
		for up := a.Parent; line.Each == "all" && up != ""; up = s.chart.Accounts[s.chart.at[up]].Parent {
			one.Indent++
		}
		lines = append(lines, one)
	}
	return lines
}

// selected are the accounts a term names, with all that is under them.
func (c *Chart) selected(k *checking, place string, t Term) []int {
	ways := 0
	for _, named := range []bool{t.Account != "", t.Prefix != "", t.From != "" || t.To != "", t.Class != "",
		t.All,
		t.Line != ""} {
		if named {
			ways++
		}
	}
	if ways != 1 {
		k.wrong(place, fault.Wrong("book.term"))
		return nil
	}
	if t.Account != "" && !k.account(place, t.Account) {
		return nil
	}
	chosen := map[int]bool{}
	for i, a := range c.Accounts {
		if t.names(a) {
			for _, part := range c.whole[i] {
				chosen[part] = true
			}
		}
	}
	all := make([]int, 0, len(chosen))
	for i := range chosen {
		all = append(all, i)
	}
	slices.Sort(all)
	if len(all) == 0 && t.Line == "" {
		k.wrong(place, fault.Doubt("book.term_empty"))
	}
	return all
}

// names reports whether a term speaks of an account itself.
func (t Term) names(a Account) bool {
	switch {
	case t.All:
		return true
	case t.Account != "":
		return a.Code == t.Account
	case t.Prefix != "":
		return strings.HasPrefix(a.Code, t.Prefix)
	case t.From != "" || t.To != "":
		return a.Code >= t.From && (a.Code <= t.To || strings.HasPrefix(a.Code, t.To) && t.To != "")
	case t.Class != "":
		return a.Class == t.Class
	}
	return false
}

// link turns the terms into accounts and lines by number.
func (s *Statement) link(k *checking, place string, numbers map[string][]int) {
	for i := range s.lines {
		l := &s.lines[i]
		at := place + "/" + l.line.Key
		held := map[int]bool{}
		for _, t := range l.line.Terms {
			if t.Line != "" {
				others, ok := numbers[t.Line]
				if !ok {
					k.wrong(at, fault.Wrong("book.line_unknown", t.Line).Saw(t.Line))
				}
				for _, other := range others {
					l.terms = append(l.terms, term{line: other, minus: t.Minus})
				}
			}
			ready := s.term(k, at, *l, t)
			if ready.accounts == nil {
				continue
			}
			l.terms = append(l.terms, ready)
			for _, a := range ready.accounts {
				held[a] = true
			}
		}
		for i, a := range s.chart.Accounts {
			if held[i] {
				l.codes = append(l.codes, a.Code)
			}
		}
	}
}

// term makes a term over accounts ready; without accounts if it is over a line or names none.
func (s *Statement) term(k *checking, place string, l formula, t Term) term {
	k.quantity(place, t.Quantity, t.Only)
	ready := term{only: t.Only, quantity: t.Quantity, minus: t.Minus}
	accounts := s.chart.selected(k, place, t)
	if t.Line != "" || len(accounts) == 0 {
		return ready
	}
	ready.accounts = accounts
	ready.credit = s.credit(k, place, l, t, accounts)
	if len(t.Details) > 0 {
		ready.details = map[string]bool{}
		for _, d := range t.Details {
			ready.details[d] = true
			for _, i := range accounts {
				a := s.chart.Accounts[i]
				if s.chart.bookable(i) && (len(a.Details) == 0 || !a.allows(d)) {
					k.wrong(place, fault.Wrong("book.detail_unknown", d, a.Code, a.Name).Saw(d))
				}
			}
		}
	}
	return ready
}

// credit reports whether the term's amounts count above zero in credit. Accounts of both sides under
// one term need it said which, unless the term is of one side only.
func (s *Statement) credit(k *checking, place string, l formula, t Term, accounts []int) bool {
	if t.Side != "" {
		return t.Side == Credit
	}
	if t.Account != "" {
		return s.chart.Accounts[s.chart.at[t.Account]].Side == Credit
	}
	side := s.chart.Accounts[accounts[0]].Side
	for _, i := range accounts {
		if s.chart.Accounts[i].Side != side && !s.oneSided(l, t) {
			k.wrong(place, fault.Wrong("book.term_sides"))
			break
		}
	}
	return side == Credit
}

// oneSided reports whether a term takes what has no sign in every column.
func (s *Statement) oneSided(l formula, t Term) bool {
	for _, column := range s.Columns {
		q := orQuantity(t.Quantity, l.line.Quantity, column.Quantity)
		if signed(q, orSide(t.Only, column.Only)) {
			return false
		}
	}
	return true
}

// arrange puts lines behind those they add up; a circle is an error.
func (s *Statement) arrange(k *checking, place string) {
	const waiting, open, done = 0, 1, 2
	state := make([]int, len(s.lines))
	s.order = nil
	var visit func(i int) bool
	visit = func(i int) bool {
		if state[i] != waiting {
			return state[i] == done
		}
		state[i] = open
		for _, t := range s.lines[i].terms {
			if t.accounts == nil && !visit(t.line) {
				return false
			}
		}
		state[i] = done
		s.order = append(s.order, i)
		return true
	}
	for i := range s.lines {
		if state[i] == waiting && !visit(i) {
			k.wrong(place+"/"+s.lines[i].line.Key, fault.Wrong("book.line_circle", s.lines[i].line.Key))
			return
		}
	}
}

// weigh bounds how many amounts a line adds up, through all the lines it is made of: no sum can leave
// 128 bits, and lines that double one another do not go on for ever.
func (s *Statement) weigh(k *checking, place string) {
	weights := make([]int, len(s.lines))
	for _, i := range s.order {
		for _, t := range s.lines[i].terms {
			if t.accounts == nil {
				weights[i] += weights[t.line]
			}
			weights[i] += len(t.accounts)
		}
		if weights[i] > weightMax {
			k.wrong(place+"/"+s.lines[i].line.Key, fault.Wrong("book.chart_limit", weightMax))
			return
		}
	}
}

// cover notes which sides of which accounts stand in some line, and tells of those that should and do not.
func (s *Statement) cover(k *checking, place string) {
	s.covered = make([]sides, len(s.chart.Accounts))
	for i := range s.lines {
		for _, t := range s.lines[i].terms {
			held := debits | credits
			switch t.only {
			case Debit:
				held = debits
			case Credit:
				held = credits
			}
			for _, a := range t.accounts {
				s.covered[a] |= held
			}
		}
	}
	for i, a := range s.chart.Accounts {
		if s.chart.bookable(i) && slices.Contains(s.Covers, a.Class) && s.covered[i] != debits|credits {
			k.wrong(place, fault.Doubt("book.statement_misses", s.Title, a.Code, a.Name))
		}
	}
}
