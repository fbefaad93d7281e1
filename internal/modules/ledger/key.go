package ledger

import (
	"context"
	"encoding/json"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/refusal"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// KeyMax is the length of a key that makes a request repeatable.
const KeyMax = 100

// request is something asked for under a key, in a home.
type request struct {
	home int64
	key  string
	body any
}

// keyRow is what was answered, as it is asked for and kept.
type keyRow record.Key

// once does what a request asks for at most once: asked again with the same body, it gives the answer
// of the first time, a refusal included; with another body it is a conflict.
func (l *Ledger) once(ctx context.Context, actor access.Actor, q request,
	act func(tx *store.Tx) (Voucher, error)) (Voucher, error) {
	mine, err := keyOf(actor, q)
	if err != nil {
		return Voucher{}, err
	}
	var done Voucher
	err = l.host.Store.Write(ctx, func(tx *store.Tx) error {
		var found bool
		if done, found, err = mine.answer(tx); err != nil || found {
			return err
		}
		if done, err = act(tx); err != nil || q.key == "" {
			return err
		}
		row := mine
		row.Voucher, row.At = done.ID, tx.Now()
		return keptKeys.Insert(tx, (*record.Key)(&row))
	})
	switch {
	case err == nil:
		return done, nil
	case q.key == "":
		return Voucher{}, err
	case refusal.Lasting(err):
		return mine.refuse(ctx, l.host.Store, err)
	}
	answer, again := store.Read(ctx, l.host.Store, func(v *store.View) (answer Voucher, err error) {
		answer, _, err = mine.answer(v)
		return answer, err
	})
	if again == nil && answer.ID != 0 { // the same request, sent twice at once: the other one was first
		return answer, nil
	}
	return Voucher{}, err
}

// keyOf is a request as it is kept, without its answer.
func keyOf(actor access.Actor, q request) (keyRow, error) {
	if record.TooLong(q.key, KeyMax) {
		return keyRow{}, fault.New(fault.Invalid, "ledger.key", KeyMax)
	}
	row := keyRow{Home: q.home, Account: actor.Account, Name: q.key}
	if q.key == "" {
		return row, nil
	}
	text, err := json.Marshal(q.body)
	row.Fingerprint = record.HashText(text)
	return row, err
}

// answer is what was answered to the request before.
func (k keyRow) answer(r store.Reader) (v Voucher, found bool, err error) {
	if k.Name == "" {
		return v, false, nil
	}
	before, found, err := keptKeys.First(r, "WHERE home = ? AND account = ? AND name = ?", k.Home,
		k.Account, k.Name)
	if err != nil || !found {
		return v, false, err
	}
	v, err = k.given(r, before)
	return v, true, err
}

// given is the answer that was given to a request with the same key.
func (k keyRow) given(r store.Reader, before record.Key) (Voucher, error) {
	switch {
	case before.Fingerprint != k.Fingerprint:
		return Voucher{}, fault.New(fault.Conflict, "ledger.key_conflict", k.Name)
	case before.Voucher == 0:
		return Voucher{}, refusal.Read(before.Refusal)
	}
	return getVoucher(r, VoucherRef{Home: k.Home, ID: before.Voucher})
}

// refuse keeps a refusal as the answer, and gives the one that is kept: another may have been first.
func (k keyRow) refuse(ctx context.Context, s *store.Store, failed error) (Voucher, error) {
	text, err := refusal.Write(fault.Of(failed))
	if err != nil {
		return Voucher{}, err
	}
	var done Voucher
	err = s.Maintain(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO ledger_key (home, account, name, fingerprint, voucher, refusal, at)
			VALUES (?, ?, ?, ?, 0, ?, ?) ON CONFLICT (home, account, name) DO NOTHING`,
			k.Home, k.Account, k.Name, k.Fingerprint, text, int64(tx.Now()))
		return err
	})
	if err != nil {
		return done, err
	}
	return store.Read(ctx, s, func(v *store.View) (Voucher, error) {
		done, _, err := k.answer(v)
		return done, err
	})
}
