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
	"github.com/terrace-project/terrace/internal/pure/money"
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

// dueOf are the instalments that have fallen due by a day, as the plan has them.
func dueOf(c Contract, plan []schedule.Due, rows []DueRow, today period.Date) []DueRow {
	return record.Follow(c.blank(), plan, rows, c.ClaimsFrom, today)
}

// blank is an instalment of the contract with nothing in it.
func (c Contract) blank() DueRow {
	return DueRow{Home: c.Home, Contract: c.ID, Organisation: c.Organisation}
}

// accounts are those a contract is booked on.
type accounts struct {
	book   ledger.Book
	chart  *book.Chart
	claim  string    // or what the collective owes
	income string    // or what it buys
	side   money.Fen // 1: what falls due is debited to the claim; -1: credited, for the collective owes it
}

// accountsOf finds the books that run on a day and the accounts of a contract in them. Not found: there
// are no books, or they have no account for contracts of this kind.
func (s *Contracts) accountsOf(r store.Reader, c Contract, on period.Date) (a accounts, found bool,
	err error) {
	kind, known := s.codes.Load().kinds[c.Kind]
	if !known || !kind.Booked() {
		return a, false, nil
	}
	if a.book, found, err = ledger.Of(r, c.Owner(), on); err != nil || !found {
		return a, false, err
	}
	if a.chart, found = s.books.Charts().Get(a.book.Chart); !found {
		return a, false, nil
	}
	role, other := kind.Claim, kind.Income
	if c.PartyKind == PartyMember {
		role = kind.MemberClaim
	}
	if a.side = 1; kind.Cost != "" {
		role, other, a.side = kind.Payable, kind.Cost, -1
	} else if kind.AssetIncome != "" && aboutCard(r, c) {
		other = kind.AssetIncome
	}
	claim, known := a.chart.Role(role)
	income, also := a.chart.Role(other)
	a.claim, a.income = claim.Code, income.Code
	return a, known && also, nil
}

// aboutCard reports whether a contract is about a card of the register: what it brings is then no income of
// operation but the price of a thing that leaves the books.
func aboutCard(r store.Reader, c Contract) bool {
	list, err := ObjectsOf(r, c.Ref())
	if err != nil {
		return false
	}
	return slices.ContainsFunc(list, func(o Object) bool {
		_, card := ParseRef(o.Object)
		return card
	})
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
		difference *= a.side
		v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: a.book.Ref(), Date: day,
			Summary: row.Said(c.Name, c.Number, a.side < 0), Source: fmt.Sprintf("%s/%d/%d", Subject(c.ID),
				row.Number,
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
