package ledger

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Reverse enters the red-letter voucher that takes a posted one back, as a draft that another person
// checks. A voucher is reversed once; a reversal is not reversed.
func (l *Ledger) Reverse(ctx context.Context, actor access.Actor, ref VoucherRef, on period.Date,
	reason string) (Voucher, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || record.TooLong(reason, ReasonMax) {
		return Voucher{}, fault.New(fault.Invalid, "ledger.reason", ReasonMax)
	}
	var done Voucher
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		d, err := l.reversal(tx, ref, on)
		if err != nil {
			return err
		}
		b, err := Get(tx, d.Book)
		if err != nil {
			return err
		}
		if err := l.host.Access.Require(actor, MayEnter, b.Place); err != nil {
			return err
		}
		if err := reversible(tx, ref); err != nil {
			return err
		}
		if done, err = l.enterIn(tx, actor, d, &Voucher{Reverses: ref.ID, Reason: reason}); err != nil {
			if fault.HasKey(err, "ledger.source_taken") {
				err = fault.New(fault.Conflict, "ledger.reversal_waits")
			}
		}
		return err
	})
	return done, err
}

// reversal is the red-letter voucher of another: the same lines, each in red.
func (l *Ledger) reversal(r store.Reader, ref VoucherRef, on period.Date) (Draft, error) {
	v, lines, err := VoucherOf(r, ref)
	if err != nil {
		return Draft{}, err
	}
	return record.Reversal(&v, lines, on), nil
}

// reversible refuses what was not posted, was reversed, is itself a reversal, or closes a year.
func reversible(r store.Reader, ref VoucherRef) error {
	v, err := getVoucher(r, ref)
	if err != nil {
		return err
	}
	switch {
	case v.Status != Posted:
		return fault.New(fault.Conflict, "ledger.not_posted")
	case v.ReversedBy != 0:
		return fault.New(fault.Conflict, "ledger.reversed_already")
	case v.Reverses != 0:
		return fault.New(fault.Conflict, "ledger.is_reversal")
	case v.ClosesYear():
		return fault.New(fault.Conflict, "ledger.is_closing")
	}
	return nil
}

// markReversed notes on the voucher that was taken back which one did so.
func markReversed(tx *store.Tx, by Voucher) error {
	v, err := getVoucher(tx, VoucherRef{Home: by.Home, ID: by.Reverses})
	if err != nil {
		return err
	}
	v.ReversedBy = by.ID
	return vouchers.Update(tx, &v)
}
