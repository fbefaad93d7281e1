package commitments

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// CheckTransfer normalises a transfer and finds everything wrong with it. Columns are fields of the form.
func (s *Commitments) CheckTransfer(t *Transfer) []fault.Finding { return s.checker().Transfer(t) }

// Announce enters a transfer to an organisation (permit commitments.announce at its place).
func (s *Commitments) Announce(ctx context.Context, actor access.Actor, to registry.Ref,
	t Transfer) (Transfer, error) {
	var made Transfer
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := registry.Get(tx, to)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, MayAnnounce, o.Place); err != nil {
			return err
		}
		made, err = s.announceTo(tx, actor, o, t)
		return err
	})
	return made, err
}

// announceTo enters a transfer in a transaction that has asked for the permit.
func (s *Commitments) announceTo(tx *store.Tx, actor access.Actor, o registry.Organisation,
	t Transfer) (Transfer, error) {
	if o.Status != registry.Active {
		return t, fault.New(fault.Conflict, "commitments.owner_ended", o.Name)
	}
	if found := s.CheckTransfer(&t); fault.Stops(found) {
		return t, fault.New(fault.Invalid, "commitments.invalid").With(found)
	}
	t.Home, t.Organisation, t.Place, t.Version = o.Home, o.ID, o.Place, 0
	t.Course, t.Voucher, t.Booked, t.Manner = Announced, 0, "", ""
	other, twice, err := announced(tx, t)
	if err != nil {
		return t, err
	}
	if twice {
		return t, fault.New(fault.Conflict, "commitments.announced", other.Amount.String(),
			string(other.Day))
	}
	if t.ID, err = tx.NextID(t.Home, numbers); err != nil {
		return t, err
	}
	if err := transferTable.Insert(tx, &t); err != nil {
		return t, err
	}
	return t, s.noteTransfer(tx, actor, t, Change{Kind: "announced", Happened: s.host.Today(),
		Amount: t.Amount, Document: t.Document})
}

// Match says by hand which voucher booked a transfer (permit commitments.change). What the voucher
// moved on the accounts of transfers must cover it, beside what others take.
func (s *Commitments) Match(ctx context.Context, actor access.Actor, q Act,
	voucher ledger.VoucherRef) (Transfer, error) {
	return s.transferAct(ctx, actor, MayChange, q, func(tx *store.Tx, t *Transfer) (Change, error) {
		if t.Course != Announced {
			return Change{}, fault.New(fault.Conflict, "commitments.not_announced")
		}
		day, err := s.take(tx, voucher, claim{ownerOfTransfer(*t), roleTransfer, t.Amount})
		if err != nil {
			return Change{}, err
		}
		if day < t.Day {
			return Change{}, fault.New(fault.Invalid, "commitments.booked_early", string(t.Day))
		}
		t.Course, t.Voucher, t.Booked, t.Manner = Matched, voucher.ID, day, record.Booked
		return Change{Kind: "matched", Amount: t.Amount, Voucher: voucher.ID}, nil
	})
}

// Unmatch takes a match back (permit commitments.change, with a reason). The nightly run may find it
// again.
func (s *Commitments) Unmatch(ctx context.Context, actor access.Actor, q Act) (Transfer, error) {
	return s.transferAct(ctx, actor, MayChange, q, func(tx *store.Tx, t *Transfer) (Change, error) {
		if t.Course != Matched {
			return Change{}, fault.New(fault.Conflict, "commitments.not_matched")
		}
		if err := q.explained(); err != nil {
			return Change{}, err
		}
		return unmatch(tx, t)
	})
}

// unmatch opens a transfer again.
func unmatch(tx *store.Tx, t *Transfer) (Change, error) {
	h := Change{Kind: "unmatched", Amount: t.Amount, Voucher: t.Voucher}
	err := giveBack(tx, t.Home, t.Voucher, roleTransfer, t.Amount)
	t.Course, t.Voucher, t.Booked, t.Manner = Announced, 0, "", ""
	return h, err
}

// Cancel takes back a transfer that was announced by mistake (permit commitments.announce, with a
// reason).
func (s *Commitments) Cancel(ctx context.Context, actor access.Actor, q Act) (Transfer, error) {
	return s.transferAct(ctx, actor, MayAnnounce, q, func(_ *store.Tx, t *Transfer) (Change, error) {
		if t.Course != Announced {
			return Change{}, fault.New(fault.Conflict, "commitments.not_announced")
		}
		t.Course = Cancelled
		return Change{Kind: "cancelled", Amount: t.Amount}, q.explained()
	})
}

// transferAct reads a transfer at the version it was seen, does the deed, writes transfer, event and
// history.
func (s *Commitments) transferAct(ctx context.Context, actor access.Actor, permit access.Permit, q Act,
	do func(*store.Tx, *Transfer) (Change, error)) (Transfer, error) {
	var done Transfer
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		t, err := GetTransfer(tx, q.Ref)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, permit, t.Place); err != nil {
			return err
		}
		if err := q.check(t.Version, s.host.Today()); err != nil {
			return err
		}
		change, err := do(tx, &t)
		if err != nil {
			return err
		}
		if err := transferTable.Update(tx, &t); err != nil {
			return err
		}
		done = t
		return s.noteTransfer(tx, actor, t, q.change(change))
	})
	return done, err
}

// noteTransfer writes the event of a change to a transfer, its line of history, and the figures of its
// place.
func (s *Commitments) noteTransfer(tx *store.Tx, actor access.Actor, t Transfer, h Change) error {
	event := store.Event{Home: t.Home, Kind: "transfer." + h.Kind, Subject: TransferSubject(t.ID),
		Place: t.Place, Actor: actor.Account,
		Body: eventBody{t.Document, h.Happened, string(t.Course), h.Amount, h.Voucher, h.Document}}
	h.Home, h.Subject, h.Number, h.Actor = t.Home, t.ID, t.Version, actor.Account
	if err := remember(tx, event, h); err != nil {
		return err
	}
	return s.publish(tx, t.Home, t.Place)
}
