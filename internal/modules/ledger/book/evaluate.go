package book

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Errors of Evaluate and Fold: what only a fault of the program or of the stored rows can bring about.
var (
	ErrChart   = errors.New("book: the statement belongs to no chart")
	ErrAccount = errors.New("book: the chart has no such account")
)

// Sums are the figures of a book added up once, for all its statements.
type Sums struct {
	chart *Chart
	spans map[Span]*spanSums
}

// Sum adds figures up. The error is money.ErrOverflow or ErrAccount.
func (c *Chart) Sum(f Figures) (*Sums, error) {
	all := &Sums{chart: c, spans: make(map[Span]*spanSums, len(f))}
	for span, m := range f {
		sums, err := c.sum(m)
		if err != nil {
			return nil, err
		}
		all.spans[span] = sums
	}
	return all, nil
}

// Evaluate makes the sheet of a statement from the figures of a book. Its lines are the same for every book
// of the chart, in the same order, so that sheets add up line by line. What does not hold or is not covered
// is told in the sheet; an error is money.ErrOverflow, ErrAccount or ErrChart. Who makes several sheets of
// the same figures takes Chart.Sum and Statement.Sheet.
func Evaluate(s *Statement, f Figures) (Sheet, error) {
	if s == nil || s.chart == nil {
		return Sheet{}, ErrChart
	}
	sums, err := s.chart.Sum(f)
	if err != nil {
		return Sheet{}, err
	}
	return s.Sheet(sums)
}

// Sheet makes the sheet of the statement from figures that were added up under its chart.
func (s *Statement) Sheet(sums *Sums) (Sheet, error) {
	if s.chart == nil || sums.chart != s.chart {
		return Sheet{}, ErrChart
	}
	sheet := Sheet{Key: s.Key, Title: s.Title, Basis: s.Basis, Mark: s.Mark}
	sheet.Columns = make([]words.Words, len(s.Columns))
	sheet.Absent = make([]bool, len(s.Columns))
	cells := make([][]wide, len(s.Columns))
	for i, column := range s.Columns {
		of := sums.spans[column.Span]
		sheet.Columns[i], sheet.Absent[i] = column.Title, of == nil
		cells[i] = s.column(of, column)
	}
	if err := s.fill(&sheet, cells); err != nil {
		return Sheet{}, err
	}
	sheet.Findings = append(s.verify(cells, sums.spans), s.uncovered(sums.spans)...)
	return sheet, nil
}

// fill puts the amounts into the sheet's lines.
func (s *Statement) fill(sheet *Sheet, cells [][]wide) error {
	sheet.Lines = make([]SheetLine, len(s.lines))
	all := make([]money.Fen, len(s.lines)*len(s.Columns))
	for i, l := range s.lines {
		line := SheetLine{Key: l.line.Key, Number: l.line.Number, Title: l.line.Title,
			Indent: l.line.Indent,
			Head:   l.line.Head, Sum: l.line.Sum, Optional: l.line.Optional}
		line.Accounts = l.codes
		if !l.line.Head {
			line.Cells = all[i*len(s.Columns) : (i+1)*len(s.Columns) : (i+1)*len(s.Columns)]
		}
		for j := range line.Cells {
			amount, err := cells[j][i].fen()
			if err != nil {
				return fmt.Errorf("%s, line %s: %w", s.Key, l.line.Key, err)
			}
			line.Cells[j] = amount
		}
		sheet.Lines[i] = line
	}
	return nil
}

// column is all lines in one column.
func (s *Statement) column(sums *spanSums, column Column) []wide {
	cells := make([]wide, len(s.lines))
	if sums == nil {
		return cells
	}
	for _, i := range s.order {
		l := &s.lines[i]
		for _, t := range l.terms {
			amount := wide{}
			if t.accounts == nil {
				amount = cells[t.line]
			} else {
				amount = sums.term(t, orQuantity(t.quantity, l.line.Quantity, column.Quantity),
					orSide(t.only, column.Only))
			}
			if t.minus {
				amount = amount.negated()
			}
			cells[i].join(amount)
		}
	}
	return cells
}

func orQuantity(all ...Quantity) Quantity {
	for _, q := range all {
		if q != "" {
			return q
		}
	}
	return ""
}

func orSide(a, b Side) Side {
	if a != "" {
		return a
	}
	return b
}

// verify tries the statement's checks in every column that has figures.
func (s *Statement) verify(cells [][]wide, sums map[Span]*spanSums) (findings []fault.Finding) {
	for _, check := range s.checks {
		if check.Line != "" {
			left, right := cells[check.columns[0]][check.left], cells[check.columns[1]][check.left]
			findings = append(findings, differs(check, left, right)...)
			continue
		}
		for j, column := range s.Columns {
			of := sums[column.Span]
			if of == nil {
				continue
			}
			right := cells[j]
			if check.other != nil {
				right = check.other.column(of, Column{Span: column.Span, Quantity: Closing})
			}
			findings = append(findings, differs(check, cells[j][check.left], right[check.right])...)
		}
	}
	return findings
}

func differs(check sheetCheck, left, right wide) []fault.Finding {
	if left == right {
		return nil
	}
	l, _ := left.fen()
	r, _ := right.fen()
	return []fault.Finding{fault.Wrong("book.sheet_differs", check.Title, l, r)}
}

// uncovered tells of balances and turnovers on accounts that the statement must hold and does not.
func (s *Statement) uncovered(sums map[Span]*spanSums) (findings []fault.Finding) {
	for i, a := range s.chart.Accounts {
		if s.covered[i] == debits|credits || !slices.Contains(s.Covers, a.Class) {
			continue
		}
		for _, span := range []Span{SpanPeriod, SpanYear} {
			of := sums[span]
			if of == nil {
				continue
			}
			if amount, missing := missing(&of.accounts[i], s.covered[i]); missing {
				findings = append(findings, fault.Wrong("book.sheet_misses", s.Title, a.Code, a.Name,
					amount))
				break
			}
		}
	}
	return findings
}

// missing is what stands on the sides of an account that are not covered: of its closing balance, or if
// that is nothing, of what moved.
func missing(a *amounts, held sides) (money.Fen, bool) {
	w := wide{}
	if held&debits == 0 {
		w.join(a.closingDebit)
	}
	if held&credits == 0 {
		w.join(a.closingCredit)
	}
	if w.zero() && held == 0 {
		w = a.net
	}
	amount, _ := w.fen()
	return amount, !w.zero()
}

// spanSums are the sums of a span by account, and by detail where an account names its details.
type spanSums struct {
	accounts []amounts
	details  map[int]map[string]*amounts
}

// term is a term's amount, before its minus.
func (s *spanSums) term(t term, q Quantity, only Side) wide {
	sum := wide{}
	for _, a := range t.accounts {
		if t.details == nil {
			sum.join(s.accounts[a].of(q, only))
			continue
		}
		for name, amounts := range s.details[a] {
			if t.details[name] {
				sum.join(amounts.of(q, only))
			}
		}
	}
	if t.credit && signed(q, only) {
		return sum.negated()
	}
	return sum
}

// standing is a detail of an account.
type standing struct {
	account int
	detail  string
}

// part is what stands on a detail while a span is added up, and what moved.
type part struct {
	standing
	opening, moved wide
}

// sum adds a movement up, each balance on the side on which it stands.
func (c *Chart) sum(m Movement) (*spanSums, error) {
	sums := &spanSums{accounts: make([]amounts, len(c.Accounts)), details: map[int]map[string]*amounts{}}
	parts := make([]part, 0, len(m.Opening)+len(m.Turnovers))
	for _, b := range m.Opening {
		at, err := c.standing(b.Account, b.Counterparty)
		if err != nil {
			return nil, err
		}
		one := part{standing: at}
		one.opening.add(b.Amount)
		parts = append(parts, one)
	}
	for _, t := range m.Turnovers {
		at, err := c.standing(t.Account, t.Counterparty)
		if err != nil {
			return nil, err
		}
		one := part{standing: at, moved: minus(t.Credit)}
		one.moved.add(t.Debit)
		sums.accounts[at.account].turn(t, one.moved)
		if detail := sums.detail(c, at); detail != nil {
			detail.turn(t, one.moved)
		}
		parts = append(parts, one)
	}
	// What comes from a store is nearly in order already: sorting it is quicker than a map.
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(a.account-b.account, strings.Compare(a.detail, b.detail))
	})
	return sums, sums.stand(c, parts)
}

// stand adds up the parts of each detail, in order, and notes on which side it stands.
func (s *spanSums) stand(c *Chart, parts []part) error {
	for len(parts) > 0 {
		one, n := parts[0], 1
		for ; n < len(parts) && parts[n].standing == one.standing; n++ {
			one.opening.join(parts[n].opening)
			one.moved.join(parts[n].moved)
		}
		parts = parts[n:]
		opening, err := one.opening.fen()
		if err != nil {
			return err
		}
		one.moved.join(one.opening)
		closing, err := one.moved.fen()
		if err != nil {
			return err
		}
		s.accounts[one.account].balance(opening, closing)
		if detail := s.detail(c, one.standing); detail != nil {
			detail.balance(opening, closing)
		}
	}
	return nil
}

// detail is the amounts of a named detail; nil if the account names none.
func (s *spanSums) detail(c *Chart, at standing) *amounts {
	if len(c.Accounts[at.account].Details) == 0 {
		return nil
	}
	details := s.details[at.account]
	if details == nil {
		details = map[string]*amounts{}
		s.details[at.account] = details
	}
	if details[at.detail] == nil {
		details[at.detail] = &amounts{}
	}
	return details[at.detail]
}

func (c *Chart) standing(account, counterparty string) (standing, error) {
	i, ok := c.at[account]
	if !ok {
		return standing{}, fmt.Errorf("%w: %s in %s", ErrAccount, account, c.Key)
	}
	if !c.Accounts[i].PerDetail() {
		counterparty = ""
	}
	return standing{i, counterparty}, nil
}
