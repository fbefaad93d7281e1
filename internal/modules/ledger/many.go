package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/refusal"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Outcome is what became of one of many.
type Outcome struct {
	Ref     VoucherRef
	Voucher Voucher
	Err     error // nil: posted
}

// ToCheck names a draft at the version it was seen.
type ToCheck struct {
	Ref     VoucherRef
	Version int64
}

// checkedAtOnce is how many drafts are posted in one transaction.
const checkedAtOnce = 100

// CheckMany posts many drafts in the order given, and says of each what became of it.
func (l *Ledger) CheckMany(ctx context.Context, actor access.Actor, list []ToCheck) ([]Outcome, error) {
	all := make([]Outcome, 0, len(list))
	for some := range slices.Chunk(list, checkedAtOnce) {
		done, err := l.checkSome(ctx, actor, some)
		if fault.Is(err, fault.Stale) && len(some) > 1 { // one was amended that moment: each for itself
			done, err = nil, nil
			for i := range some {
				one, failed := l.checkSome(ctx, actor, some[i:i+1])
				if failed != nil {
					one = []Outcome{{Ref: some[i].Ref, Err: failed}}
				}
				done = append(done, one...)
			}
		}
		if err != nil {
			return all, err
		}
		all = append(all, done...)
	}
	return all, nil
}

func (l *Ledger) checkSome(ctx context.Context, actor access.Actor, list []ToCheck) ([]Outcome, error) {
	var done []Outcome
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		done = done[:0]
		for _, c := range list {
			v, err := l.checkIn(tx, actor, c.Ref, c.Version)
			if err != nil && !refusal.Is(err) {
				return err
			}
			done = append(done, Outcome{c.Ref, v, err})
		}
		return nil
	})
	return done, err
}

// ToEnter is a draft, and the key under which it is asked for; "" none.
type ToEnter struct {
	Draft Draft
	Key   string
}

// enteredAtOnce is how many drafts are entered in one transaction.
const enteredAtOnce = 500

// EnterMany is Enter of many drafts in the order given, and says of each what became of it: books are
// read once a portion, rows are written in bulk, and one event a portion and home tells of them. What is
// refused stands in nobody's way. An error is one of the machine; the portions before it stay.
func (l *Ledger) EnterMany(ctx context.Context, actor access.Actor, list []ToEnter) ([]Outcome, error) {
	all := make([]Outcome, 0, len(list))
	for some := range slices.Chunk(list, enteredAtOnce) {
		var done []Outcome
		err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
			m := &manyEntered{entering: l.entering(tx, actor), list: some}
			err := m.run(tx)
			done = m.done
			return err
		})
		if fault.HasKey(err, "store.duplicate") { // somebody else entered one of them: each for itself
			done, err = l.enterEach(ctx, actor, some)
		}
		if err != nil {
			return all, err
		}
		all = append(all, done...)
	}
	return all, nil
}

func (l *Ledger) enterEach(ctx context.Context, actor access.Actor, list []ToEnter) ([]Outcome, error) {
	done := make([]Outcome, len(list))
	for i, q := range list {
		v, err := l.Enter(ctx, actor, q.Draft, q.Key)
		if err != nil && !refusal.Is(err) {
			return nil, err
		}
		done[i] = Outcome{v.Ref(), v, err}
	}
	return done, nil
}

// manyEntered is a portion on its way.
type manyEntered struct {
	*entering
	list  []ToEnter
	done  []Outcome
	asked map[keyName]asked // keys of the portion, and of requests before it
	fresh []int             // places of what is new
	kept  []record.Key      // answers to keys that are given now
}

type keyName struct {
	home int64
	name string
}

// asked is a request that was answered before.
type asked struct {
	record.Key
	at int // its place in the portion; −1: it came before
}

func (m *manyEntered) run(tx *store.Tx) error {
	m.done, m.asked = make([]Outcome, len(m.list)), map[keyName]asked{}
	drafts := make([]Draft, len(m.list))
	for i, q := range m.list {
		drafts[i] = q.Draft.Tidy()
	}
	if err := m.foresee(drafts); err != nil {
		return err
	}
	if err := m.foreseeKeys(drafts); err != nil {
		return err
	}
	again := map[int]int{} // the same request twice in the portion
	for i, d := range drafts {
		first, err := m.one(tx, i, d)
		if err != nil && !refusal.Is(err) {
			return err
		}
		if m.done[i].Err = err; first >= 0 {
			again[i] = first
		}
	}
	if err := m.write(tx); err != nil {
		return err
	}
	for i, first := range again {
		m.done[i] = m.done[first]
	}
	return nil
}

// foreseeKeys reads what was answered to the keys.
func (m *manyEntered) foreseeKeys(drafts []Draft) error {
	names := map[int64][]string{}
	for i, d := range drafts {
		if key := m.list[i].Key; key != "" && !record.TooLong(key, KeyMax) {
			names[d.Book.Home] = append(names[d.Book.Home], key)
		}
	}
	for home, all := range names {
		in, args := query.Among("name", all)
		for row, err := range keptKeys.Each(m.r, "WHERE home = ? AND account = ? AND "+in,
			slices.Concat([]any{home, m.actor.Account}, args)...) {
			if err != nil {
				return err
			}
			m.asked[keyName{home, row.Name}] = asked{row, -1}
		}
	}
	return nil
}

// one enters a draft, or finds what was answered to its key; first is the place of the same request
// earlier in the portion, or −1.
func (m *manyEntered) one(tx *store.Tx, i int, d Draft) (first int, err error) {
	row, err := keyOf(m.actor, request{d.Book.Home, m.list[i].Key, d})
	if err != nil {
		return -1, err
	}
	name := keyName{row.Home, row.Name}
	if before, found := m.asked[name]; found && row.Name != "" {
		if before.at >= 0 && before.Fingerprint == row.Fingerprint {
			return before.at, nil
		}
		m.done[i].Voucher, err = row.given(tx, before.Key)
		return -1, err
	}
	v, _, err := m.voucher(d)
	switch {
	case err == nil:
		v.Maker, v.Entered = m.actor.Account, tx.Now()
		m.done[i].Voucher, m.fresh = v, append(m.fresh, i)
	case row.Name == "" || !refusal.Lasting(err):
		return -1, err
	default:
		text, wrong := refusal.Write(fault.Of(err))
		if wrong != nil {
			return -1, wrong
		}
		row.Refusal, row.At = text, tx.Now()
		m.kept = append(m.kept, record.Key(row))
	}
	if row.Name != "" {
		m.asked[name] = asked{record.Key(row), i}
	}
	return -1, err
}

// write writes what is new.
func (m *manyEntered) write(tx *store.Tx) error {
	places := map[int64][]int{}
	for _, i := range m.fresh {
		places[m.done[i].Voucher.Home] = append(places[m.done[i].Voucher.Home], i)
	}
	for _, home := range slices.Sorted(maps.Keys(places)) {
		if err := m.writeIn(tx, home, places[home]); err != nil {
			return err
		}
	}
	for i := range m.done {
		m.done[i].Ref = m.done[i].Voucher.Ref()
	}
	return keptKeys.Bulk(tx, m.kept)
}

// writeIn writes the new vouchers of a home.
func (m *manyEntered) writeIn(tx *store.Tx, home int64, places []int) error {
	first, err := tx.NextIDs(home, "ledger_voucher", int64(len(places)))
	if err != nil {
		return err
	}
	rows := make([]Voucher, len(places))
	for n, i := range places {
		m.done[i].Voucher.ID = first + int64(n)
		rows[n] = m.done[i].Voucher
	}
	if err := vouchers.Bulk(tx, rows); err != nil {
		return err
	}
	for n, i := range places {
		m.done[i].Voucher = rows[n]
		if key := m.list[i].Key; key != "" {
			row := m.asked[keyName{home, key}].Key
			row.Voucher, row.At = rows[n].ID, tx.Now()
			m.kept = append(m.kept, row)
		}
	}
	_, err = tx.Record(store.Event{Home: home, Kind: "book.vouchers_entered",
		Subject: bookSubject(rows[0].Book), Place: m.books[rows[0].BookRef()].Place, Actor: m.actor.Account,
		Body: loadedBody{Vouchers: len(rows)}})
	return err
}
