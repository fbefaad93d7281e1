package book

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// prepareChecks looks up what the equations of a statement speak of, and proves those that must hold
// for any books whose balances sum to zero.
func (s *Statement) prepareChecks(k *checking) {
	for _, c := range s.Checks {
		place := "statements/" + s.Key + "/checks"
		k.words(place, c.Title)
		ready, ok := s.prepareCheck(c)
		if !ok {
			k.wrong(place, fault.Wrong("book.check", s.Key).Saw(c.Left+c.Line+" = "+c.Right))
			continue
		}
		s.checks = append(s.checks, ready)
		if c.Whole && ready.other == nil && c.Line == "" {
			s.prove(k, place, ready)
		}
	}
}

func (s *Statement) prepareCheck(c SheetCheck) (ready sheetCheck, ok bool) {
	ready.SheetCheck = c
	if c.Line != "" {
		ready.left = s.lineNumber(c.Line)
		if len(c.Columns) != 2 {
			return ready, false
		}
		for i, key := range c.Columns {
			ready.columns[i] = slices.IndexFunc(s.Columns,
				func(column Column) bool { return column.Key == key })
		}
		return ready, ready.left >= 0 && ready.columns[0] >= 0 && ready.columns[1] >= 0
	}
	ready.left, ready.right = s.lineNumber(c.Left), s.lineNumber(c.Right)
	if key, line, elsewhere := strings.Cut(c.Right, "/"); elsewhere && ready.right < 0 {
		other, known := s.chart.Statement(key)
		if !known {
			return ready, false
		}
		ready.other, ready.right = other, other.lineNumber(line)
	}
	return ready, ready.left >= 0 && ready.right >= 0
}

// lineNumber is the line of a key as evaluated; -1 if there is none.
func (s *Statement) lineNumber(key string) int {
	return slices.IndexFunc(s.lines, func(l formula) bool { return l.line.Key == key })
}

// holding is a side of an account.
type holding struct {
	account int
	side    Side
}

// prove finds how often each side of each account is in left − right, debit above zero. The equation
// follows from balances that sum to zero if and only if it is the same number for all of them.
func (s *Statement) prove(k *checking, place string, c sheetCheck) {
	all := s.count()
	times := map[holding]int{}
	for at, n := range all[c.left] {
		times[at] += n
	}
	for at, n := range all[c.right] {
		times[at] -= n
	}
	most := map[int]int{}
	for _, n := range times {
		most[n]++
	}
	usual := 0
	for n, often := range most {
		if n != 0 && (usual == 0 || often > most[usual] || often == most[usual] && n > usual) {
			usual = n
		}
	}
	for i, a := range s.chart.Accounts {
		if !s.chart.bookable(i) {
			continue
		}
		for _, side := range []Side{Debit, Credit} {
			if n := times[holding{i, side}]; n != usual && s.covered[i] == debits|credits {
				k.wrong(place, fault.Wrong("book.check_uneven", c.Title, a.Code, a.Name))
				break
			}
		}
	}
}

// count is how often each line takes each side of each account, as balances with debit above zero.
func (s *Statement) count() []map[holding]int {
	all := make([]map[holding]int, len(s.lines))
	for _, i := range s.order {
		times := map[holding]int{}
		all[i] = times
		for _, t := range s.lines[i].terms {
			n := 1
			if t.minus {
				n = -1
			}
			if t.accounts == nil {
				for at, often := range all[t.line] {
					times[at] += n * often
				}
				continue
			}
			for _, a := range t.accounts {
				t.count(times, a, n)
			}
		}
	}
	return all
}

// count adds an account of a term. What is narrowed to named details is not a side of an account, and
// not counted.
func (t term) count(times map[holding]int, account, n int) {
	switch {
	case t.details != nil:
	case t.only == Debit:
		times[holding{account, Debit}] += n
	case t.only == Credit:
		times[holding{account, Credit}] -= n
	case t.credit:
		times[holding{account, Debit}] -= n
		times[holding{account, Credit}] -= n
	default:
		times[holding{account, Debit}] += n
		times[holding{account, Credit}] += n
	}
}
