package ledger

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// HoldMax is for how many days money can be set aside.
const HoldMax = 366

// Reserve sets aside what a draft takes off accounts that must not be overdrawn, until a day: until
// then nothing else can spend it. Checking the draft posts it; discarding it releases it.
func (l *Ledger) Reserve(ctx context.Context, actor access.Actor, ref VoucherRef, version int64,
	until period.Date) ([]Hold, error) {
	var done []Hold
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, b, err := l.draftAt(tx, actor, MayEnter, ref, version)
		if err != nil {
			return err
		}
		today := l.host.Today()
		if !until.Valid() || until < today || today.Until(until) > HoldMax {
			return fault.New(fault.Invalid, "ledger.hold_day", HoldMax)
		}
		var list []Hold
		p, err := through(tx, b.Ref(), func() (*posting, error) {
			var p *posting
			p, list, err = l.reservable(tx, v)
			return p, err
		})
		if err != nil {
			return err
		}
		first, err := tx.NextIDs(b.Home, "ledger_hold", int64(len(list)))
		if err != nil {
			return err
		}
		for i := range list {
			h := &list[i]
			h.ID, h.Expires, h.Actor, h.At = first+int64(i), until, actor.Account, tx.Now()
			if err := holds.Insert(tx, h); err != nil {
				return err
			}
		}
		done = list
		return l.recordVoucher(tx, actor, p.book, v, "voucher.reserved")
	})
	return done, err
}

// reservable are the holds of a draft, if the accounts have enough and nothing is held for it yet.
func (l *Ledger) reservable(r store.Reader, v Voucher) (*posting, []Hold, error) {
	p, err := l.postingInto(r, v.BookRef(),
		&v) // the gate first: what happens to the draft is noticed there
	if err != nil {
		return nil, nil, err
	}
	now, err := getVoucher(r, v.Ref())
	if err == nil {
		err = stillDraft(now, v.Version)
	}
	if err != nil {
		return nil, nil, err
	}
	held, err := heldBy(r, v)
	if err != nil {
		return nil, nil, err
	}
	if len(held) > 0 {
		return nil, nil, fault.New(fault.Conflict, "ledger.held")
	}
	d, err := v.AsDraft()
	if err != nil {
		return nil, nil, err
	}
	if err := p.watch(d.Postings); err != nil {
		return nil, nil, err
	}
	var list []Hold
	for _, taken := range p.chart.Takes(d.Postings) {
		list = append(list, Hold{Home: v.Home, Book: v.Book, Voucher: v.ID, Account: taken.Account,
			Amount: taken.Amount, State: Reserved})
	}
	if len(list) == 0 {
		return nil, nil, fault.New(fault.Conflict, "ledger.nothing_to_hold")
	}
	return p, list, nil
}

// PostHold is Check of a draft for which money was set aside, and is still.
func (l *Ledger) PostHold(ctx context.Context, actor access.Actor, ref VoucherRef,
	version int64) (Voucher, error) {
	var done Voucher
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, err := getVoucher(tx, ref)
		if err != nil {
			return err
		}
		if v.Status != Posted {
			held, err := heldBy(tx, v)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(held, func(h Hold) bool { return h.Expires >= l.host.Today() }) {
				return fault.New(fault.Conflict, "ledger.not_held")
			}
		}
		done, err = l.checkIn(tx, actor, ref, version)
		return err
	})
	return done, err
}

// Release gives back what was set aside for a draft.
func (l *Ledger) Release(ctx context.Context, actor access.Actor, ref VoucherRef) error {
	return l.host.Store.Write(ctx, func(tx *store.Tx) error {
		v, err := getVoucher(tx, ref)
		if err != nil {
			return err
		}
		b, err := Get(tx, v.BookRef())
		if err != nil {
			return err
		}
		if err := l.host.Access.Require(actor, MayEnter, b.Place); err != nil {
			return err
		}
		held, err := heldBy(tx, v)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return fault.New(fault.Conflict, "ledger.not_held")
		}
		if err := endHolds(tx, v, Released); err != nil {
			return err
		}
		return l.recordVoucher(tx, actor, b, v, "voucher.released")
	})
}

// expiredAtOnce is how many holds Expire ends in one transaction.
const expiredAtOnce = 500

// Expire marks what was set aside until a day that has passed; it stopped counting when the day did.
func (l *Ledger) Expire(ctx context.Context, home int64) (int, error) {
	ended := 0
	for {
		var n int
		err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
			list, err := holds.All(tx,
				"WHERE home = ? AND expires < ? AND state = 'reserved' ORDER BY id LIMIT ?",
				home, l.host.Today(), expiredAtOnce)
			if n = len(list); err != nil || n == 0 {
				return err
			}
			for i := range list {
				list[i].State = Expired
				if err := holds.Update(tx, &list[i]); err != nil {
					return err
				}
			}
			_, err = tx.Record(store.Event{Home: home, Kind: "hold.expired",
				Subject: bookSubject(list[0].Book)})
			return err
		})
		ended += n
		if err != nil || n < expiredAtOnce {
			return ended, err
		}
	}
}

// HoldsOf lists what is set aside in a book, expired ones that are not marked yet included.
func HoldsOf(r store.Reader, ref Ref) ([]Hold, error) {
	return holds.All(r, "WHERE home = ? AND book = ? AND state = 'reserved' ORDER BY account, expires, id",
		ref.Home, ref.ID)
}

// heldBy lists what is set aside for a draft.
func heldBy(r store.Reader, v Voucher) ([]Hold, error) {
	return holds.All(r, "WHERE home = ? AND voucher = ? AND state = 'reserved' ORDER BY id", v.Home, v.ID)
}

// endHolds ends what was set aside for a draft.
func endHolds(tx *store.Tx, v Voucher, state HoldState) error {
	held, err := heldBy(tx, v)
	if err != nil {
		return err
	}
	for i := range held {
		held[i].State = state
		if err := holds.Update(tx, &held[i]); err != nil {
			return err
		}
	}
	return nil
}
