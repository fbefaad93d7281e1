package book

import (
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Statement is a statement of a chart as data: what stands in its columns and lines. Statements of the
// same key are the same statement under different charts: balance_sheet, income …
type Statement struct {
	Key     string       `yaml:"key"`
	Title   words.Words  `yaml:"title"`
	Basis   string       `yaml:"basis"`
	Mark    string       `yaml:"mark"`
	Columns []Column     `yaml:"columns"`
	Lines   []Line       `yaml:"lines"`
	Checks  []SheetCheck `yaml:"checks"`
	// Covers are the classes whose accounts must all be in some line, each side of their details too.
	Covers []Class `yaml:"covers"`

	chart   *Chart
	lines   []formula // as evaluated: an "each" line is one for every account
	order   []int     // lines after those they add up
	checks  []sheetCheck
	covered []sides // of each account, whether its debit and its credit details stand in a line
}

// The statements every chart should have. Others may be added under any key.
const (
	TrialBalance        = "trial_balance"        // 科目余额表
	BalanceSheet        = "balance_sheet"        // 资产负债表
	IncomeStatement     = "income"               // 收益及收益分配表
	ReceiptsAndPayments = "receipts_payments"    // 收支明细表
	PublicSheet         = "public_village_sheet" // 财务公开表
	// Indicators are the figures that are reported of a book: both kinds of operating income, what was
	// distributed. A chart may do without.
	Indicators = "indicators"
)

// StandardStatements lists them in the order in which they are read.
var StandardStatements = []string{TrialBalance, BalanceSheet, IncomeStatement, ReceiptsAndPayments,
	PublicSheet}

// Span is a stretch of days that a column speaks of.
type Span string

// The spans.
const (
	SpanPeriod   Span = "period"    // the period asked for: a month, a quarter, a year
	SpanYear     Span = "year"      // from the first day of its year to its end
	SpanLastYear Span = "last_year" // the same a year before
)

// Quantity is what is taken of an account.
type Quantity string

// The quantities. Balances and Net are taken on the account's own side, so that formulas read as the
// regulation writes them: 501 − 511, 151 − 152.
const (
	Opening        Quantity = "opening" // balance before the span
	Closing        Quantity = "closing" // balance after it
	DebitTurnover  Quantity = "debit"   // everything debited in the span
	CreditTurnover Quantity = "credit"
	// Net is what the span added, without the entries that close: the income of a year that is closed
	// is what was earned, not nothing.
	Net Quantity = "net"
)

// Column is a column of a statement.
type Column struct {
	Key      string      `yaml:"key"`
	Title    words.Words `yaml:"title"`
	Span     Span        `yaml:"span"`
	Quantity Quantity    `yaml:"quantity"` // for terms and lines that name none
	Only     Side        `yaml:"only"`     // of balances, only the details that stand on this side
}

// Line is a line of a statement.
type Line struct {
	Key      string      `yaml:"key"`
	Number   string      `yaml:"number"`
	Title    words.Words `yaml:"title"`
	Indent   int         `yaml:"indent"`
	Head     bool        `yaml:"head"`
	Sum      bool        `yaml:"sum"`
	Optional bool        `yaml:"optional"`
	Quantity Quantity    `yaml:"quantity"`
	// Each makes a line for every account that the terms select: "top", "bookable" or "all".
	Each  string `yaml:"each"`
	Terms []Term `yaml:"terms"`
	Mark  string `yaml:"mark"`
}

// Term is a part of a line's formula: accounts, or another line. An account stands for everything under it.
type Term struct {
	Account string `yaml:"account"`
	Prefix  string `yaml:"prefix"`
	From    string `yaml:"from"` // a range of codes, both ends included
	To      string `yaml:"to"`
	Class   Class  `yaml:"class"`
	All     bool   `yaml:"all"`
	Line    string `yaml:"line"`
	// Details narrows an account to named details; "" is what names none.
	Details []string `yaml:"details"`
	// Only takes, of balances, the details that stand on this side, above zero: receivables are the debit
	// details of 内部往来, payables its credit details.
	Only     Side     `yaml:"only"`
	Quantity Quantity `yaml:"quantity"`
	Side     Side     `yaml:"side"` // on which the amount counts as above zero; left out: the account's
	Minus    bool     `yaml:"minus"`
}

// SheetCheck is an equation that must hold in every column: of two lines, or of two columns in a line.
type SheetCheck struct {
	Title words.Words `yaml:"title"`
	Left  string      `yaml:"left"`
	// Right is a line, or statement/line: that line's closing balance at the end of the column's span.
	Right string `yaml:"right"`
	// Line and Columns: in this line the two columns are equal.
	Line    string   `yaml:"line"`
	Columns []string `yaml:"columns"`
	// Whole says that the equation follows from the balances' summing to zero. It is proved for the
	// formulas once, when the chart is read: each account must be in it, once.
	Whole bool `yaml:"whole"`
}

// Movement is what statements know of a span: the balances before it and the turnovers within.
type Movement struct {
	Opening   []Balance
	Turnovers []Turnover
}

// Figures are the movements of a book by span. A span that is left out did not exist for the book.
type Figures map[Span]Movement

// sides are the sides on which details are held.
type sides uint8

const (
	debits sides = 1 << iota
	credits
)

// formula is a line made ready.
type formula struct {
	line  Line
	codes []string // of all accounts its terms speak of, in the order of the chart
	terms []term
}

// term is a term made ready.
type term struct {
	line     int   // the other line, if accounts is nil
	accounts []int // with all that is under them
	details  map[string]bool
	only     Side
	quantity Quantity
	credit   bool // credit counts above zero
	minus    bool
}

// sheetCheck is a check made ready.
type sheetCheck struct {
	SheetCheck
	left, right int
	other       *Statement // whose line right is; nil: this one's
	columns     [2]int
}

// amounts are the sums over an account, or a detail of one, in a span; debit above zero.
type amounts struct {
	opening, openingDebit, openingCredit wide
	closing, closingDebit, closingCredit wide
	debit, credit, net                   wide
}

// of is a quantity of the amounts, debit above zero; those of one side only are above zero themselves.
func (a *amounts) of(q Quantity, only Side) wide {
	switch q {
	case Opening:
		return pick(only, a.opening, a.openingDebit, a.openingCredit)
	case Closing:
		return pick(only, a.closing, a.closingDebit, a.closingCredit)
	case DebitTurnover:
		return a.debit
	case CreditTurnover:
		return a.credit
	default:
		return a.net
	}
}

func pick(only Side, all, debit, credit wide) wide {
	switch only {
	case Debit:
		return debit
	case Credit:
		return credit
	default:
		return all
	}
}

// signed reports whether a quantity has a side: debit above zero, credit below.
func signed(q Quantity, only Side) bool {
	return q == Net || (q == Opening || q == Closing) && only == ""
}

func (a *amounts) turn(t Turnover, net wide) {
	a.debit.add(t.Debit)
	a.credit.add(t.Credit)
	if !t.Closing {
		a.net.join(net)
	}
}

func (a *amounts) balance(opening, closing money.Fen) {
	a.opening.add(opening)
	a.closing.add(closing)
	if opening > 0 {
		a.openingDebit.add(opening)
	} else {
		a.openingCredit.join(minus(opening))
	}
	if closing > 0 {
		a.closingDebit.add(closing)
	} else {
		a.closingCredit.join(minus(closing))
	}
}

func minus(f money.Fen) wide {
	var w wide
	w.add(f)
	return w.negated()
}
