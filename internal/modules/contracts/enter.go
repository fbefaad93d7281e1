package contracts

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Enter enters a contract of an organisation (permit contracts.change at its place). One that is signed
// is in force at once; what has fallen due already is entered with it.
func (s *Contracts) Enter(ctx context.Context, actor access.Actor, owner registry.Ref, e Entry) (Contract,
	error) {
	var made Contract
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := registry.Get(tx, owner)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, Change, o.Place); err != nil {
			return err
		}
		made, err = s.enterFor(tx, actor, o, e)
		return err
	})
	return made, err
}

// enterFor enters a contract in a transaction that has asked for the permit.
func (s *Contracts) enterFor(tx *store.Tx, actor access.Actor, o registry.Organisation, e Entry) (Contract,
	error) {
	if o.Status != registry.Active {
		return Contract{}, fault.New(fault.Conflict, "contracts.owner_ended", o.Name)
	}
	if found := s.Check(&e); fault.Stops(found) {
		return Contract{}, fault.New(fault.Invalid, "contracts.invalid").With(found)
	}
	c := e.Contract
	if c.Signed == "" && e.Owed != 0 { // a draft claims nothing
		f := fault.Wrong("contracts.owed_draft").At("", 0, "owed")
		return c, fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
	}
	c.Home, c.Organisation, c.Place, c.Version = o.Home, o.ID, o.Place, 0
	c.State, c.Ended, c.NextDue, c.Received, c.Attachments = Drafted, period.Open, period.Open, 0, 0
	if c.Signed != "" {
		c.State = InForce
	}
	var err error
	if c.ID, err = tx.NextID(c.Home, "contract"); err != nil {
		return c, err
	}
	if err := free(tx, &c); err != nil {
		return c, err
	}
	if err := putObjects(tx, c, e.Objects); err != nil {
		return c, err
	}
	if c.State == InForce {
		if err := s.takeOver(tx, &c, e); err != nil {
			return c, err
		}
		if err := s.raise(tx, actor, &c, s.host.Today()); err != nil {
			return c, err
		}
	}
	if err := contractTable.Insert(tx, &c); err != nil {
		return c, err
	}
	if err := s.notePaying(tx, c); err != nil {
		return c, err
	}
	return c, note(tx, actor, c, ChangeRow{Kind: "entered", Happened: s.host.Today(), Amount: c.Total,
		Document: e.Document})
}

// takeOver enters what was owed from before the day claims are kept here from. It stands in the opening
// balances of the books and is not posted.
func (s *Contracts) takeOver(tx *store.Tx, c *Contract, e Entry) error {
	if e.Owed == 0 {
		return nil
	}
	row := record.Before(c.blank(), e.Owed, c.Begins, c.ClaimsFrom)
	row.Booked = row.Amount
	return dueTable.Insert(tx, &row)
}

// free gives a contract without a number one, and refuses a number that another has.
func free(r store.Reader, c *Contract) error {
	if c.Number == "" {
		c.Number = "HT" + strconv.FormatInt(c.ID, 10)
	}
	other, found, err := numbered(r, c.Home, c.Organisation, c.Number)
	if err != nil || !found || other.ID == c.ID {
		return err
	}
	f := fault.Wrong("contracts.number_taken", other.Name).At("", 0, "number")
	return fault.New(fault.Conflict, "contracts.invalid").With([]fault.Finding{f})
}

// Amend sets right what is entered of a contract (permit contracts.change). Everything of a draft; of a
// contract in force all but its schedule and its counterparty's kind, and with a document.
func (s *Contracts) Amend(ctx context.Context, actor access.Actor, q Act, e Entry) (Contract, error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		before := *c
		if c.State != Drafted {
			if err := q.proved(); err != nil {
				return "", 0, err
			}
			e.Schedule, e.ClaimsFrom, e.PartyKind, e.Owed = c.Phases(), c.ClaimsFrom, c.PartyKind, 0
			if e.Signed == "" {
				e.Signed = c.Signed
			}
		}
		if found := s.Check(&e); fault.Stops(found) {
			return "", 0, fault.New(fault.Invalid, "contracts.invalid").With(found)
		}
		if c.State != Drafted && s.pays(e.Kind) != s.pays(c.Kind) {
			return "", 0, fault.New(fault.Conflict, "contracts.direction")
		}
		*c = e.Contract
		c.Home, c.ID, c.Version, c.Organisation, c.Place = before.Home, before.ID, before.Version,
			before.Organisation, before.Place
		c.State, c.Ended, c.NextDue, c.Received, c.Attachments = before.State, before.Ended, before.NextDue,
			before.Received, before.Attachments
		if c.State != Drafted {
			c.Ends = before.Ends
		} else if c.Signed != "" {
			return "", 0, fault.New(fault.Conflict, "contracts.sign_first")
		}
		if err := free(tx, c); err != nil {
			return "", 0, err
		}
		if err := s.notePaying(tx, *c); err != nil {
			return "", 0, err
		}
		return "amended", 0, putObjects(tx, *c, e.Objects)
	})
}

// Sign brings a draft into force from the day it was signed (permit contracts.change).
func (s *Contracts) Sign(ctx context.Context, actor access.Actor, q Act) (Contract, error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		if c.State != Drafted {
			return "", 0, fault.New(fault.Conflict, "contracts.state", string(c.State))
		}
		if err := q.proved(); err != nil {
			return "", 0, err
		}
		c.State, c.Signed, c.Paper = InForce, q.On, true
		list, err := ObjectsOf(tx, c.Ref())
		if err != nil {
			return "", 0, err
		}
		if err := putObjects(tx, *c, list); err != nil {
			return "", 0, err
		}
		return "signed", c.Total, s.raise(tx, actor, c, s.host.Today())
	})
}
