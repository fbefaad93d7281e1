// Package drafts makes of a line of the bank the voucher that the books lack, by templates of the pack. It
// does no I/O.
//
// # Invariants
//
//  1. The voucher moves the account of the deposits by what the bank moved, and the other side back.
//  2. What belongs into a closed month is booked on the first open day, and says which day it was.
//
// # Example
//
// A line of 2025-03-21 over 5.00, 利息, in books closed through 2025-03: 2025-04-01, 补记2025-03-21 利息,
// 102 in debit, interest in credit.
package drafts

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// summaryMax is the number of characters of a voucher's summary.
const summaryMax = 100

// Template makes a voucher of a line that says certain words.
type Template struct {
	Key       string            `yaml:"key"`
	Title     words.Words       `yaml:"title"`
	Words     []string          `yaml:"words"`     // any of them in the purpose or the name; none: every line
	Direction string            `yaml:"direction"` // in, out; "" both
	Accounts  map[string]string `yaml:"accounts"`  // of the other side, by chart
	Keeps     bool              `yaml:"keeps"`     // the counterparty stands on the other side
	Mark      string            `yaml:"mark"`
}

// Whole reports whether a template says all that it must.
func (t Template) Whole() bool {
	return t.Title.Whole() && len(t.Accounts) > 0 && slices.Contains([]string{"", "in", "out"}, t.Direction)
}

// Fits reports whether a template is for a line.
func (t Template) Fits(l statement.Line) bool {
	if t.Direction == "in" && l.Amount < 0 || t.Direction == "out" && l.Amount > 0 {
		return false
	}
	text := strings.ToLower(l.Purpose + " " + l.Counterparty)
	return len(t.Words) == 0 || slices.ContainsFunc(t.Words, func(w string) bool {
		return strings.Contains(text, strings.ToLower(w))
	})
}

// Day is when a line is booked in books that are closed through a month ("" none), and the summary.
func (t Template) Day(l statement.Line, closed string) (day period.Date, summary string) {
	summary = strings.Join(strings.Fields(t.Title.Chinese+" "+l.Counterparty+" "+l.Purpose), " ")
	day = l.Date
	if month, err := period.Parse(closed); err == nil && day <= month.Last() {
		day = month.Next().First()
		summary = "补记" + string(l.Date) + " " + summary
	}
	runes := []rune(summary)
	return day, string(runes[:min(len(runes), summaryMax)])
}

// Postings are the two lines of the voucher: deposits with the detail of the bank account, and the other
// side.
func (t Template) Postings(l statement.Line, deposits, detail string, other book.Account) []book.Posting {
	back := book.Posting{Account: other.Code, Amount: -l.Amount}
	if t.Keeps || other.Detail {
		back.Counterparty = l.Counterparty
	}
	return []book.Posting{{Account: deposits, Amount: l.Amount, Note: l.Serial,
		Dimensions: book.Dimensions{Counterparty: detail}}, back}
}
