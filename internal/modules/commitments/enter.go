package commitments

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Entry is a commitment to be entered.
type Entry = record.Entry

// Limits of texts and amounts.
const (
	DocumentMax = record.DocumentMax
	TextMax     = record.TextMax
	AmountMax   = record.AmountMax
)

// checker is what entries are held against today.
func (s *Commitments) checker() record.Checker {
	return record.Checker{Today: s.host.Today(), Has: s.codes.Load().Has}
}

// Check normalises an entry and finds everything wrong with it. Columns are fields of the form.
func (s *Commitments) Check(e *Entry) []fault.Finding { return s.checker().Entry(e) }

// Enter enters a commitment of an organisation (permit commitments.change at its place).
func (s *Commitments) Enter(ctx context.Context, actor access.Actor, owner registry.Ref,
	e Entry) (Commitment, error) {
	var made Commitment
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := registry.Get(tx, owner)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, MayChange, o.Place); err != nil {
			return err
		}
		made, err = s.enterFor(tx, actor, o, e)
		return err
	})
	return made, err
}

// enterFor enters a commitment in a transaction that has asked for the permit.
func (s *Commitments) enterFor(tx *store.Tx, actor access.Actor, o registry.Organisation,
	e Entry) (Commitment, error) {
	if o.Status != registry.Active {
		return Commitment{}, fault.New(fault.Conflict, "commitments.owner_ended", o.Name)
	}
	if found := s.Check(&e); fault.Stops(found) {
		return Commitment{}, fault.New(fault.Invalid, "commitments.invalid").With(found)
	}
	c, settled := e.Commitment, e.Settled
	c.Home, c.Organisation, c.Place, c.Version, c.Attachments = o.Home, o.ID, o.Place, 0, 0
	c.State, c.Ended, c.Settled = Standing, period.Open, 0
	var err error
	if c.ID, err = tx.NextID(c.Home, numbers); err != nil {
		return c, err
	}
	if err := free(tx, &c); err != nil {
		return c, err
	}
	if c.Related, err = s.related(tx, c); err != nil {
		return c, err
	}
	if settled > 0 {
		err = s.repay(tx, &c, Repayment{Day: s.host.Today(), Amount: settled, Manner: record.Before})
		if err != nil {
			return c, err
		}
	}
	if err := commitmentTable.Insert(tx, &c); err != nil {
		return c, err
	}
	return c, s.note(tx, actor, c, Change{Kind: "entered", Happened: s.host.Today(), Amount: c.Amount,
		Document: e.Document})
}

// related reports whether a commitment is with an officer or a near relative: as entered, or by the
// name.
func (s *Commitments) related(r store.Reader, c Commitment) (bool, error) {
	if c.Kind == Loan || record.IsRelated(c.PartyKind) {
		return c.Kind != Loan, nil
	}
	rows, err := registry.AmongInsiders(r, s.host.Keys, c.Home,
		[]registry.Named{{Organisation: c.Organisation, Name: c.Party}})
	for _, in := range rows {
		if since, until := period.Date(in[4]), period.Date(in[5]); since <= c.Day && c.Day < until {
			return true, err
		}
	}
	return false, err
}

// free gives a commitment without a number one, and refuses a number that another has.
func free(r store.Reader, c *Commitment) error {
	if c.Number == "" {
		c.Number = prefixes[c.Kind] + strconv.FormatInt(c.ID, 10)
	}
	other, found, err := numbered(r, ownerOf(*c), c.Number)
	if err != nil || !found || other.ID == c.ID {
		return err
	}
	f := fault.Wrong("commitments.number_taken", other.Party).At("", 0, "number")
	return fault.New(fault.Conflict, "commitments.invalid").With([]fault.Finding{f})
}

// prefixes of the numbers that the program gives: 借款, 出借, 担保.
var prefixes = map[Kind]string{Loan: "JK", Lending: "CJ", Guarantee: "DB"}

// Amend sets right what is entered of a commitment (permit commitments.change, with a document). Its
// kind stays, and its amount is not less than what was repaid.
func (s *Commitments) Amend(ctx context.Context, actor access.Actor, q Act, e Entry) (Commitment, error) {
	return s.act(ctx, actor, q, func(tx *store.Tx, c *Commitment) (Change, error) {
		before := *c
		if err := q.proved(); err != nil {
			return Change{}, err
		}
		if before.State == Withdrawn {
			return Change{}, fault.New(fault.Conflict, "commitments.withdrawn")
		}
		e.Kind, e.Settled = before.Kind, before.Settled
		if found := s.Check(&e); fault.Stops(found) {
			return Change{}, fault.New(fault.Invalid, "commitments.invalid").With(found)
		}
		*c = e.Commitment
		c.Home, c.ID, c.Version, c.Organisation, c.Place = before.Home, before.ID, before.Version,
			before.Organisation, before.Place
		c.State, c.Ended, c.Attachments = before.State, before.Ended, before.Attachments
		if err := free(tx, c); err != nil {
			return Change{}, err
		}
		var err error
		if c.Related, err = s.related(tx, *c); err != nil {
			return Change{}, err
		}
		return Change{Kind: "amended", Amount: c.Amount - before.Amount}, s.balance(tx, c)
	})
}
