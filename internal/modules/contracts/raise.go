package contracts

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// raise brings the instalments of a contract up to a day: those that have fallen due are entered, those
// whose amount a changed schedule changed follow it, and each is posted. It sets NextDue.
func (s *Contracts) raise(tx *store.Tx, actor access.Actor, c *Contract, today period.Date) error {
	plan, err := schedule.Plan(c.Phases())
	if err != nil {
		return err
	}
	rows, err := DuesOf(tx, c.Ref())
	if err != nil {
		return err
	}
	old := map[int64]DueRow{}
	for _, row := range rows {
		old[row.Number] = row
	}
	wanted := dueOf(*c, plan, rows, today)
	if err := s.postDues(tx, actor, *c, wanted, today); err != nil {
		return err
	}
	record.Spread(wanted, c.Received)
	for i := range wanted {
		row := &wanted[i]
		before, known := old[row.Number]
		switch {
		case !known:
			err = dueTable.Insert(tx, row)
		case *row != before:
			err = dueTable.Update(tx, row)
		}
		if err != nil {
			return err
		}
	}
	c.NextDue = schedule.Next(plan, max(today, c.ClaimsFrom.AddDays(-1)))
	return nil
}

// dueOf are the instalments that have fallen due by a day, as the plan has them, in the order of their
// days. One that is no longer in the plan stays with nothing due.
func dueOf(c Contract, plan []schedule.Due, rows []DueRow, today period.Date) []DueRow {
	byNumber := map[int64]DueRow{}
	for _, row := range rows {
		if row.Number > 0 {
			row.Amount = 0
		}
		byNumber[row.Number] = row
	}
	for i, d := range plan {
		if d.Day > today || d.Day < c.ClaimsFrom || d.Amount == 0 {
			continue
		}
		number := int64(i + 1)
		row, known := byNumber[number]
		if !known {
			row = DueRow{Home: c.Home, Contract: c.ID, Number: number, Organisation: c.Organisation}
		}
		row.Begins, row.Ends, row.Day, row.Amount = d.From, d.To, d.Day, d.Amount
		byNumber[number] = row
	}
	list := make([]DueRow, 0, len(byNumber))
	for _, row := range byNumber {
		row.Written = min(row.Written, row.Amount)
		list = append(list, row)
	}
	slices.SortFunc(list, record.ByAge)
	return list
}

// accounts are those a contract is booked on.
type accounts struct {
	book   ledger.Book
	chart  *book.Chart
	claim  string
	income string
}

// accountsOf finds the books that run on a day and the accounts of a contract in them. Not found: there
// are no books, or they have no account for contracts of this kind.
func (s *Contracts) accountsOf(r store.Reader, c Contract, on period.Date) (a accounts, found bool,
	err error) {
	kind, known := s.codes.Load().kinds[c.Kind]
	if !known || kind.Income == "" {
		return a, false, nil
	}
	if a.book, found, err = ledger.Of(r, c.Owner(), on); err != nil || !found {
		return a, false, err
	}
	if a.chart, found = s.books.Charts().Get(a.book.Chart); !found {
		return a, false, nil
	}
	role := kind.Claim
	if c.PartyKind == PartyMember {
		role = kind.MemberClaim
	}
	claim, known := a.chart.Role(role)
	income, also := a.chart.Role(kind.Income)
	a.claim, a.income = claim.Code, income.Code
	return a, known && also, nil
}

// bookingDay is the first day not before one that is open in the books; false: none is open yet.
func bookingDay(b ledger.Book, day, today period.Date) (period.Date, bool) {
	first := max(day, b.From)
	if b.Closed != "" {
		first = max(first, period.Date(b.Closed+"-01").AddMonths(1))
	}
	return first, first <= today && first < b.Until
}

// postDues posts what has changed of instalments. One that cannot be posted now – no books, or a refusal
// of the ledger – is posted by a later run; the page and verify show it.
func (s *Contracts) postDues(tx *store.Tx, actor access.Actor, c Contract, rows []DueRow,
	today period.Date) error {
	for i := range rows {
		row := &rows[i]
		difference := row.Amount - row.Booked
		if difference == 0 {
			continue
		}
		on := row.Day
		if row.Bookings > 0 { // a correction
			on = today
		}
		a, found, err := s.accountsOf(tx, c, on)
		if err != nil {
			return err
		}
		day, open := bookingDay(a.book, on, today)
		if !found || !open {
			continue
		}
		v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: a.book.Ref(), Date: day,
			Summary: summary(c, *row), Source: fmt.Sprintf("%s/%d/%d", Subject(c.ID), row.Number,
				row.Bookings+1),
			Postings: []book.Posting{
				{Account: a.claim, Amount: difference, Dimensions: s.dimensions(tx, c)},
				{Account: a.income, Amount: -difference, Dimensions: s.dimensions(tx, c)}}})
		switch {
		case refused(err):
			continue
		case err != nil:
			return err
		}
		row.Booked, row.Voucher = row.Amount, v.ID
		row.Bookings++
	}
	return nil
}

// refused reports whether an error is a refusal that the same input would meet again.
func refused(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound)
}

// dimensions are what the postings of a contract are about.
func (s *Contracts) dimensions(r store.Reader, c Contract) book.Dimensions {
	d := book.Dimensions{Counterparty: c.Party}
	if c.PartyKind == PartyMember {
		d.Member = c.Party
	}
	if list, err := ObjectsOf(r, c.Ref()); err == nil && len(list) > 0 {
		d.Asset = list[0].Object
	}
	return d
}

// summary is what the voucher of an instalment says. Books are kept in Chinese.
func summary(c Contract, row DueRow) string {
	return clip(fmt.Sprintf("%s 合同%s应收款（%s至%s）", c.Name, c.Number, row.Begins, row.Ends))
}

// clip keeps a summary within what a voucher takes.
func clip(text string) string {
	if r := []rune(text); len(r) > book.SummaryMax {
		return string(r[:book.SummaryMax])
	}
	return text
}
