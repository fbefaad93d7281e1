package accruals

import (
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// balanceSheet is the statement that is compared with the check.
const balanceSheet = "balance_sheet"

// Compared is a line of the balance sheet as the books and the check have it.
type Compared struct {
	Key        string
	Title      words.Words
	Books      money.Fen
	Check      money.Fen
	Difference money.Fen // books less check
	Accounts   []string
	Rows       []inventory.Row // of the check, where they differ
}

// Comparison holds the books of an organisation at the end of a year against its check.
type Comparison struct {
	Year  int
	Book  ledger.Book
	Check inventory.Check
	Lines []Compared
	// Differing counts the lines that do.
	Differing int
}

// Compare holds the books of a year's end against the organisation's check of that year. Not found: one
// of them is missing.
func (s *Accruals) Compare(r store.Reader, owner ownerRef, year int) (Comparison, bool, error) {
	c := Comparison{Year: year}
	last := period.OfYear(year).Last()
	b, found, err := ledger.Of(r, owner, last)
	if err != nil || !found {
		return c, false, err
	}
	check, found, err := checkOf(r, owner, year)
	if err != nil || !found {
		return c, false, err
	}
	c.Book, c.Check = b, check
	sheet, err := s.books.Statement(r, b.Ref(), balanceSheet, period.OfYear(year))
	if err != nil {
		return c, false, err
	}
	rows, err := inventory.RowsOf(r, check.Ref())
	if err != nil {
		return c, false, err
	}
	for _, l := range s.plan.Load().lines {
		one := Compared{Key: l.Key, Title: l.Title}
		for _, key := range l.Statement {
			for _, line := range sheet.Lines {
				if line.Key == key && len(line.Cells) > 0 {
					one.Books += line.Cells[0]
					one.Accounts = append(one.Accounts, line.Accounts...)
				}
			}
		}
		l.add(&one, rows)
		if one.Difference = one.Books - one.Check; one.Difference != 0 {
			c.Differing++
		} else {
			one.Rows = nil
		}
		c.Lines = append(c.Lines, one)
	}
	return c, true, nil
}

// add adds up what the check verified, but for what is in dispute.
func (l Line) add(one *Compared, rows []inventory.Row) {
	for _, w := range rows {
		for _, form := range l.Forms {
			if w.Form != form || w.Title != "" && w.Title != clearTitle {
				continue
			}
			amount := w.Verified
			if l.Written {
				amount = w.WrittenOff
				if w.Verified < w.Book {
					amount -= writtenOff(w)
				}
			}
			one.Check += amount
			if amount != 0 || w.Gain != 0 || w.Loss != 0 {
				one.Rows = append(one.Rows, w)
			}
		}
	}
}

// checkOf finds the check of an organisation for a year.
func checkOf(r store.Reader, owner ownerRef, year int) (inventory.Check, bool, error) {
	return inventory.OfOrganisation(r, owner, year)
}
