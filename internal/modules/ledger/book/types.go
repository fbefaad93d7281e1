package book

import (
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Side is the side of an account on which its increases stand.
type Side string

// The sides.
const (
	Debit  Side = "debit"
	Credit Side = "credit"
)

// Class is what an account is part of.
type Class string

// The classes of 财会〔2023〕14号, with revenue and expense told apart.
const (
	Asset     Class = "asset"
	Liability Class = "liability"
	Equity    Class = "equity"
	Cost      Class = "cost"
	Income    Class = "income"
	Expense   Class = "expense"
)

// Account is an account of a chart.
type Account struct {
	Code  string      `yaml:"code"`
	Name  words.Words `yaml:"name"`
	Class Class       `yaml:"class"` // of a sub-account: its parent's if it is left out, as is the side
	Side  Side        `yaml:"side"`
	// Parent is the account this one is part of. Left out, 1001.01 is part of 1001 if there is one.
	Parent string `yaml:"parent"`
	// Detail: kept per counterparty. Statements split it by the side of each detail, never netted.
	Detail bool `yaml:"detail"`
	// Details are the only details the account may have, if it names any: the parts of 收益分配.
	Details []NamedDetail `yaml:"details"`
	// Cash: money in hand or in a bank.
	Cash bool `yaml:"cash"`
	// NoOverdraft: the balance must not stand on the other side (cash on hand, bank deposits).
	NoOverdraft bool `yaml:"no_overdraft"`
	// Limit is the most the balance may be, in fen by the name of a parameter of the pack; empty: none.
	Limit    string `yaml:"limit"`
	Optional bool   `yaml:"optional"`
	Mark     string `yaml:"mark"`
}

// NamedDetail is a part of an account that the chart names. Its code stands where the counterparty of
// a posting stands.
type NamedDetail struct {
	Code string      `yaml:"code"`
	Name words.Words `yaml:"name"`
}

// PerDetail reports whether balances of the account are kept for each counterparty or named detail.
func (a Account) PerDetail() bool { return a.Detail || len(a.Details) > 0 }

// Dimensions are what a posting is about beside its account.
type Dimensions struct {
	Counterparty string `json:"counterparty,omitempty"` // who owes or is owed: a name or a reference
	Member       string `json:"member,omitempty"`
	Asset        string `json:"asset,omitempty"`   // home/id of a card
	Project      string `json:"project,omitempty"` // a project's name or number
	Fund         string `json:"fund,omitempty"`    // source of the money: a code of the pack
}

// Posting is a line of a voucher.
type Posting struct {
	Account string    `json:"account"`
	Amount  money.Fen `json:"amount"` // whole fen; debit above zero, credit below
	// Red: a red-letter line. It lessens the other side instead of adding to its own: an amount below zero
	// is a debit of less than nothing, and the turnovers of both sides end as if it had never been.
	Red bool `json:"red,omitempty"`
	Dimensions
	Note string `json:"note,omitempty"`
}

// Balance is what stands on an account, or on one of its details, on a day: debit above zero.
type Balance struct {
	Account      string
	Counterparty string
	Amount       money.Fen
}

// Turnover is what moved on an account, or on one of its details, in a span of days.
type Turnover struct {
	Account      string
	Counterparty string
	Debit        money.Fen
	Credit       money.Fen // not negative but for red lines
	// Closing: from entries that carry income and expense into the result, or the result into its
	// distribution (Chart.IsClosing). Statements of income leave them out.
	Closing bool
}

// Entry is what is to be booked: a voucher as arithmetic sees it.
type Entry struct {
	Date     period.Date
	Summary  string
	Postings []Posting
}

// Sheet is a statement of a book over a period, line by line.
type Sheet struct {
	Key     string // balance_sheet, income …
	Title   words.Words
	Columns []words.Words // what stands in each column: opening, closing; this month, this year …
	Absent  []bool        // columns for which no figures were given: the book did not run then
	Lines   []SheetLine
	Basis   string
	Mark    string
	// Findings say which checks of the statement do not hold and which balances it leaves out.
	Findings []fault.Finding
}

// SheetLine is a line of a statement.
type SheetLine struct {
	Key    string
	Number string // as printed: 1, 2 …
	Title  words.Words
	Indent int
	Head   bool // a heading without amounts
	Sum    bool // a total
	Cells  []money.Fen
	// Optional: a print may leave the line out while all its cells are zero (lines of interim sheets).
	Optional bool
	// Accounts are those whose postings the line is made of: a cell opens them.
	Accounts []string
}
