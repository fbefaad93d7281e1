package commitments

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Act is what every change to a commitment or a transfer has in common.
type Act struct {
	Ref      Ref
	Version  int64 // at which it was read
	On       period.Date
	Document string // on what it rests
	Reason   string
}

// deed is what one act does to a commitment in a transaction. It changes the commitment in place and
// says what it was called and what amount and voucher it was about.
type deed func(tx *store.Tx, c *Commitment) (Change, error)

// act reads a commitment at the version it was seen, does the deed, writes commitment, event and
// history.
func (s *Commitments) act(ctx context.Context, actor access.Actor, q Act, do deed) (Commitment, error) {
	var done Commitment
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := Get(tx, q.Ref)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, MayChange, c.Place); err != nil {
			return err
		}
		if err := q.check(c.Version, s.host.Today()); err != nil {
			return err
		}
		change, err := do(tx, &c)
		if err != nil {
			return err
		}
		if err := commitmentTable.Update(tx, &c); err != nil {
			return err
		}
		done = c
		return s.note(tx, actor, c, q.change(change))
	})
	return done, err
}

// check refuses an act on what somebody changed meanwhile, or one that says too little or too much.
func (q *Act) check(version int64, today period.Date) error {
	if version != q.Version {
		return fault.New(fault.Stale, "store.stale")
	}
	found := record.CheckTexts([]record.Text{
		{Field: "document", Text: &q.Document, Most: DocumentMax},
		{Field: "reason", Text: &q.Reason, Most: TextMax}})
	if !q.On.Valid() || q.On > today {
		found = append(found, fault.Wrong("commitments.day").At("", 0, "on"))
	}
	if len(found) > 0 {
		return fault.New(fault.Invalid, "commitments.invalid").With(found)
	}
	return nil
}

// change completes the line of history of an act.
func (q *Act) change(h Change) Change {
	h.Happened, h.Document, h.Reason = q.On, strings.TrimSpace(q.Document), strings.TrimSpace(q.Reason)
	return h
}

// proved refuses an act that needs a document and names none.
func (q *Act) proved() error { return needed("document", q.Document) }

// explained refuses an act that needs a reason and gives none.
func (q *Act) explained() error { return needed("reason", q.Reason) }

func needed(field, value string) error {
	if strings.TrimSpace(value) != "" {
		return nil
	}
	f := fault.Wrong("commitments.missing").At("", 0, field)
	return fault.New(fault.Invalid, "commitments.invalid").With([]fault.Finding{f})
}

// Repaid is money that went back under a loan or a lending.
type Repaid struct {
	Act    // On is the day it went, or that of the voucher
	Amount money.Fen
	// Voucher names what booked it; the zero value: nothing does yet.
	Voucher ledger.VoucherRef
}

// Repay enters a repayment (permit commitments.change). A voucher must have moved as much on the
// accounts of loans or lendings, beside what others take of it; the repayment then has its day.
func (s *Commitments) Repay(ctx context.Context, actor access.Actor, q Repaid) (Commitment, error) {
	return s.act(ctx, actor, q.Act, func(tx *store.Tx, c *Commitment) (Change, error) {
		if c.Kind == Guarantee {
			return Change{}, fault.New(fault.Conflict, "commitments.no_repayment")
		}
		if c.State != Standing {
			return Change{}, fault.New(fault.Conflict, "commitments.not_standing")
		}
		if q.Amount <= 0 || q.Amount > c.Outstanding() {
			return Change{}, fault.New(fault.Invalid, "commitments.too_much", c.Outstanding().String())
		}
		p := Repayment{Day: q.On, Amount: q.Amount, Manner: record.Entered,
			Document: strings.TrimSpace(q.Document)}
		if q.Voucher.ID != 0 {
			day, err := s.take(tx, q.Voucher, claim{ownerOf(*c), roleOf[c.Kind], q.Amount})
			if err != nil {
				return Change{}, err
			}
			p.Day, p.Manner, p.Voucher = day, record.Booked, q.Voucher.ID
		}
		if p.Day < c.Day {
			return Change{}, fault.New(fault.Invalid, "commitments.repaid_early", string(c.Day))
		}
		err := s.repay(tx, c, p)
		return Change{Kind: "repaid", Amount: q.Amount, Voucher: q.Voucher.ID}, err
	})
}

// repay writes a repayment and what follows from it on the commitment.
func (s *Commitments) repay(tx *store.Tx, c *Commitment, p Repayment) error {
	var err error
	if p.ID, err = tx.NextID(c.Home, "commitment_repayment"); err != nil {
		return err
	}
	p.Home, p.Commitment = c.Home, c.ID
	if err := repaymentTable.Insert(tx, &p); err != nil {
		return err
	}
	c.Settled += p.Amount
	return s.balance(tx, c)
}

// balance sets the state of a loan or lending by its repayments (invariant 1).
func (s *Commitments) balance(r store.Reader, c *Commitment) error {
	list, err := RepaymentsOf(r, refOf(*c))
	c.Balance(list)
	return err
}

// TakeBack removes a repayment that was entered by mistake (permit commitments.change, with a reason).
func (s *Commitments) TakeBack(ctx context.Context, actor access.Actor, q Act,
	repayment int64) (Commitment, error) {
	return s.act(ctx, actor, q, func(tx *store.Tx, c *Commitment) (Change, error) {
		if err := q.explained(); err != nil {
			return Change{}, err
		}
		if c.State == Withdrawn {
			return Change{}, fault.New(fault.Conflict, "commitments.withdrawn")
		}
		p, found, err := repaymentTable.First(tx, "WHERE home = ? AND commitment = ? AND id = ?", c.Home,
			c.ID, repayment)
		if err != nil {
			return Change{}, err
		}
		if !found {
			return Change{}, fault.New(fault.NotFound, "commitments.unknown_repayment")
		}
		return s.undo(tx, c, p, "taken_back")
	})
}

// undo takes a repayment out, and what it took of its voucher.
func (s *Commitments) undo(tx *store.Tx, c *Commitment, p Repayment, kind string) (Change, error) {
	if err := giveBack(tx, c.Home, p.Voucher, roleOf[c.Kind], p.Amount); err != nil {
		return Change{}, err
	}
	if err := repaymentTable.Delete(tx, &p); err != nil {
		return Change{}, err
	}
	c.Settled -= p.Amount
	return Change{Kind: kind, Amount: p.Amount, Voucher: p.Voucher}, s.balance(tx, c)
}

// Release ends a guarantee (permit commitments.change, with a document).
func (s *Commitments) Release(ctx context.Context, actor access.Actor, q Act) (Commitment, error) {
	return s.act(ctx, actor, q, func(_ *store.Tx, c *Commitment) (Change, error) {
		if c.Kind != Guarantee || c.State != Standing {
			return Change{}, fault.New(fault.Conflict, "commitments.not_standing")
		}
		if err := q.proved(); err != nil {
			return Change{}, err
		}
		if q.On < c.Day {
			return Change{}, fault.New(fault.Invalid, "commitments.repaid_early", string(c.Day))
		}
		c.State, c.Ended = Settled, q.On
		return Change{Kind: "released", Amount: c.Amount}, nil
	})
}

// Withdraw takes out of all figures what was entered by mistake (permit commitments.change, with a
// reason). What has repayments is set right by taking them back first.
func (s *Commitments) Withdraw(ctx context.Context, actor access.Actor, q Act) (Commitment, error) {
	return s.act(ctx, actor, q, func(_ *store.Tx, c *Commitment) (Change, error) {
		if err := q.explained(); err != nil {
			return Change{}, err
		}
		if c.State != Standing || c.Settled > 0 {
			return Change{}, fault.New(fault.Conflict, "commitments.not_standing")
		}
		c.State, c.Ended = Withdrawn, q.On
		return Change{Kind: "withdrawn", Amount: c.Amount}, nil
	})
}

// Attach puts a file on a commitment: minutes of the vote, the contract (permit commitments.change).
func (s *Commitments) Attach(ctx context.Context, actor access.Actor, q Act,
	blob files.Blob) (Commitment, error) {
	return s.act(ctx, actor, q, func(tx *store.Tx, c *Commitment) (Change, error) {
		c.Attachments++
		_, err := s.host.Files.Attach(tx, blob, files.Belongs{Home: c.Home, Subject: Subject(c.ID),
			Place: c.Place, Purpose: "commitment", Actor: actor.Account})
		return Change{Kind: "attached"}, err
	})
}

// eventBody is what the event of a change says. Names and reasons stay in the rows.
type eventBody struct {
	Number   string      `json:"number"`
	On       period.Date `json:"on"`
	State    string      `json:"state"`
	Amount   money.Fen   `json:"amount_fen,omitempty"`
	Voucher  int64       `json:"voucher,omitempty"`
	Document string      `json:"document,omitempty"`
}

// note writes the event of a change to a commitment, the line of its history, and the figures of its
// place.
func (s *Commitments) note(tx *store.Tx, actor access.Actor, c Commitment, h Change) error {
	event := store.Event{Home: c.Home, Kind: string(c.Kind) + "." + h.Kind, Subject: Subject(c.ID),
		Place: c.Place, Actor: actor.Account,
		Body: eventBody{c.Number, h.Happened, string(c.State), h.Amount, h.Voucher, h.Document}}
	h.Home, h.Subject, h.Number, h.Actor = c.Home, c.ID, c.Version, actor.Account
	if err := remember(tx, event, h); err != nil {
		return err
	}
	return s.publish(tx, c.Home, c.Place)
}

// remember records an event and the line of history that names it.
func remember(tx *store.Tx, e store.Event, h Change) (err error) {
	if h.Event, err = tx.Record(e); err != nil {
		return err
	}
	h.At = tx.Now()
	return changeTable.Insert(tx, &h)
}
