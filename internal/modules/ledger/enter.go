package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Enter keeps a draft until another person checks it. A key makes the request one that can be sent
// again: the same key and draft get the same answer, a refusal included; another draft under the key is
// a conflict. "" is no key.
func (l *Ledger) Enter(ctx context.Context, actor access.Actor, d Draft, key string) (Voucher, error) {
	d = d.Tidy()
	return l.once(ctx, actor, request{d.Book.Home, key, d}, func(tx *store.Tx) (Voucher, error) {
		return l.enterIn(tx, actor, d, &Voucher{})
	})
}

// enterIn keeps a tidied draft in a transaction of the caller, and with it what of says that it reverses.
func (l *Ledger) enterIn(tx *store.Tx, actor access.Actor, d Draft, of *Voucher) (Voucher, error) {
	v, b, err := l.entering(tx, actor).voucher(d)
	if err != nil {
		return v, err
	}
	if v.ID, err = tx.NextID(v.Home, "ledger_voucher"); err != nil {
		return v, err
	}
	v.Maker, v.Entered, v.Reverses, v.Reason = actor.Account, tx.Now(), of.Reverses, of.Reason
	if err := vouchers.Insert(tx, &v); err != nil {
		return v, err
	}
	return v, l.recordVoucher(tx, actor, b, v, "voucher.entered")
}

const bySource = "WHERE home = ? AND book = ? AND source = ? AND source <> ''"

// enterable refuses a draft that no checker could post, whatever the accounts hold.
func (l *Ledger) enterable(b Book, d Draft) error {
	chart, err := l.chartOf(b)
	if err != nil {
		return err
	}
	findings := d.Envelope()
	if !fault.Stops(findings) {
		findings = slices.Concat(findings,
			book.CheckEntry(chart, book.Entry{Date: d.Date, Summary: d.Summary, Postings: d.Postings}))
	}
	if fault.Stops(findings) {
		return fault.New(fault.Invalid, "ledger.invalid").With(findings)
	}
	return b.Fits(d.Date, l.host.Today())
}

// changedBody is what the event of a change of a draft says.
type changedBody struct {
	Book  int64  `json:"book"`
	Month string `json:"month"`
}

func (l *Ledger) recordVoucher(tx *store.Tx, actor access.Actor, b Book, v Voucher, kind string) error {
	_, err := tx.Record(store.Event{Home: v.Home, Kind: kind, Subject: subject(v.ID), Place: b.Place,
		Actor: actor.Account, Body: changedBody{v.Book, v.Month}})
	return err
}

// draftAt reads a draft for a change: it is there, the actor may, it was not posted, nobody changed it.
func (l *Ledger) draftAt(r store.Reader, actor access.Actor, permit access.Permit, ref VoucherRef,
	version int64) (Voucher, Book, error) {
	v, err := getVoucher(r, ref)
	if err != nil {
		return v, Book{}, err
	}
	b, err := Get(r, v.BookRef())
	if err != nil {
		return v, b, err
	}
	if err := l.host.Access.Require(actor, permit, b.Place); err != nil {
		return v, b, err
	}
	return v, b, stillDraft(v, version)
}

// stillDraft refuses what was posted or changed meanwhile.
func stillDraft(v Voucher, version int64) error {
	switch {
	case v.Status == Posted:
		return fault.New(fault.Conflict, "ledger.already_posted", v.Month, v.Word())
	case v.Version != version:
		return fault.New(fault.Stale, "store.stale")
	}
	return nil
}

func getVoucher(r store.Reader, ref VoucherRef) (Voucher, error) {
	v, found, err := vouchers.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "ledger.no_voucher")
	}
	return v, err
}

// Amend changes a draft, a returned one included. Whoever amends becomes its maker. Of a reversal only
// day, series and summary can change; what holds money is released first.
func (l *Ledger) Amend(ctx context.Context, actor access.Actor, ref VoucherRef, version int64,
	d Draft) (Voucher, error) {
	d = d.Tidy()
	var done Voucher
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, b, err := l.draftAt(tx, actor, MayEnter, ref, version)
		if err != nil {
			return err
		}
		if held, err := heldBy(tx, v); err != nil || len(held) > 0 {
			if err == nil {
				err = fault.New(fault.Conflict, "ledger.held")
			}
			return err
		}
		old, err := v.AsDraft()
		if err != nil {
			return err
		}
		d.Book, d.Source = v.BookRef(), v.Source
		if v.Reverses != 0 {
			d.Postings, d.Attachments = old.Postings, old.Attachments
		}
		if err := l.enterable(b, d); err != nil {
			return err
		}
		if err := (attachments{}).check(tx, d); err != nil {
			return err
		}
		if done, err = d.Voucher(); err != nil {
			return err
		}
		done.ID, done.Version, done.Maker, done.Entered = v.ID, v.Version, actor.Account, tx.Now()
		done.Reverses = v.Reverses
		if v.Reverses != 0 {
			done.Reason = v.Reason
		}
		if err := vouchers.Update(tx, &done); err != nil {
			return err
		}
		return l.recordVoucher(tx, actor, b, done, "voucher.amended")
	})
	return done, err
}

// Return gives a draft back to its maker, with a reason.
func (l *Ledger) Return(ctx context.Context, actor access.Actor, ref VoucherRef, version int64,
	reason string) (Voucher, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || record.TooLong(reason, ReasonMax) {
		return Voucher{}, fault.New(fault.Invalid, "ledger.reason", ReasonMax)
	}
	var done Voucher
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, b, err := l.draftAt(tx, actor, MayCheck, ref, version)
		if err != nil {
			return err
		}
		if v.Status == Returned {
			return fault.New(fault.Conflict, "ledger.returned")
		}
		if err := otherThan(actor, v); err != nil {
			return err
		}
		v.Status, v.Reason = Returned, reason
		if err := vouchers.Update(tx, &v); err != nil {
			return err
		}
		done = v
		return l.recordVoucher(tx, actor, b, v, "voucher.returned")
	})
	return done, err
}

// Discard takes a draft away: it had no number, and none is lost. What it held is released.
func (l *Ledger) Discard(ctx context.Context, actor access.Actor, ref VoucherRef, version int64) error {
	return l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, b, err := l.draftAt(tx, actor, MayEnter, ref, version)
		if err != nil {
			return err
		}
		if err := endHolds(tx, v, Released); err != nil {
			return err
		}
		if err := vouchers.Delete(tx, &v); err != nil {
			return err
		}
		return l.recordVoucher(tx, actor, b, v, "voucher.discarded")
	})
}

// otherThan refuses the maker as checker, and the program: checking needs a person.
func otherThan(actor access.Actor, v Voucher) error {
	switch {
	case actor.Account == 0:
		return fault.New(fault.Forbidden, "ledger.needs_person")
	case actor.Account == v.Maker:
		return fault.New(fault.Forbidden, "ledger.same_person")
	}
	return nil
}
