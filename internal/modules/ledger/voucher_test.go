package ledger

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestLifeOfAVoucher: entered by one, returned, amended, posted by another, reversed once.
func TestLifeOfAVoucher(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		v := w.enter(rent(b, "2025-03-10", 50_000))
		if v.Number != 0 || v.Total != 50_000 || v.Status != Drafted {
			t.Errorf("a draft is %+v", v)
		}
		if got := w.on(b.Ref(), "102", "2025-12-31"); got != 0 {
			t.Errorf("a draft moved the bank by %v", got)
		}
		_, err := w.Check(w.ctx, w.actor(7, "delegated_bookkeeper", "白涛镇"), v.Ref(), v.Version)
		w.refused(err, "ledger.same_person")
		_, err = w.Return(w.ctx, w.checker(), v.Ref(), v.Version, " ")
		w.refused(err, "ledger.reason")
		v, err = w.Return(w.ctx, w.checker(), v.Ref(), v.Version, "摘要不清")
		w.must(err)
		_, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
		w.refused(err, "ledger.returned")
		d := rent(b, "2025-03-11", 60_000)
		_, err = w.Amend(w.ctx, w.maker(), v.Ref(), v.Version-1, d)
		w.refused(err, "store.stale")
		v, err = w.Amend(w.ctx, w.maker(), v.Ref(), v.Version, d)
		w.must(err)
		v = w.check(v)
		if v.Word() != "记-1" || v.Month != "2025-03" || v.Checker != 8 || v.Maker != 7 || v.Hash == "" {
			t.Errorf("posted as %+v", v)
		}
		kept, lines := w.voucher(v.Ref())
		if kept != v || len(lines) != 2 || lines[1].Amount != -60_000 || !lines[0].Posted {
			t.Errorf("kept as %+v with %+v", kept, lines)
		}
		if got := w.on(b.Ref(), "102", "2025-03-11"); got != 60_000 {
			t.Errorf("the bank has %v", got)
		}
		if got := w.on(b.Ref(), "102", "2025-03-10"); got != 0 {
			t.Errorf("the bank had %v the day before", got)
		}
		_, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
		w.refused(err, "ledger.already_posted")
		_, err = w.Amend(w.ctx, w.maker(), v.Ref(), v.Version, d)
		w.refused(err, "ledger.already_posted")
		w.refused(w.Discard(w.ctx, w.maker(), v.Ref(), v.Version), "ledger.already_posted")
	})
}

// TestReversal: once, in red, by two people; a discarded one leaves room for another.
func TestReversal(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		v := w.post(rent(b, "2025-03-10", 50_000))
		_, err := w.Reverse(w.ctx, w.maker(), v.Ref(), "2025-04-01", "")
		w.refused(err, "ledger.reason")
		red, err := w.Reverse(w.ctx, w.maker(), v.Ref(), "2025-04-01", "重复入账")
		w.must(err)
		_, err = w.Reverse(w.ctx, w.maker(), v.Ref(), "2025-04-01", "重复入账")
		w.refused(err, "ledger.reversal_waits")
		w.must(w.Discard(w.ctx, w.maker(), red.Ref(), red.Version))
		red, err = w.Reverse(w.ctx, w.maker(), v.Ref(), "2025-04-02", "重复入账")
		w.must(err)
		red, err = w.Amend(w.ctx, w.maker(), red.Ref(), red.Version, rent(b, "2025-04-03", 1))
		w.must(err)
		red = w.check(red)
		if red.Date != "2025-04-03" || red.Total != -50_000 {
			t.Errorf("reversed on %s over %v", red.Date, red.Total)
		}
		_, err = w.Reverse(w.ctx, w.maker(), v.Ref(), "2025-04-05", "再冲")
		w.refused(err, "ledger.reversed_already")
		_, err = w.Reverse(w.ctx, w.maker(), red.Ref(), "2025-04-05", "再冲")
		w.refused(err, "ledger.is_reversal")
		if got := w.balances(b.Ref(), "2025-12-31"); len(got) != 0 {
			t.Errorf("left: %v", got)
		}
		moved, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (int64, error) {
			all, err := Turnover(v, b.Ref(), "2025-04-01", "2025-04-30")
			if len(all) == 2 {
				return int64(all[0].Debit), err
			}
			return 0, err
		})
		w.must(err)
		if moved != -50_000 {
			t.Errorf("the red line moved the debit by %d", moved)
		}
	})
}

// TestRefusals: what no voucher may be, whether by hand or by the program.
func TestRefusals(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		other := w.open("三清村")
		for key, d := range map[string]Draft{
			"ledger.invalid":      draft(b, "2025-03-10", line("102", 100), line("501", -99)),
			"ledger.month_closed": {},
			"ledger.not_in_book":  rent(b, "2024-12-31", 100),
			"ledger.future":       rent(b, "2026-02-01", 100),
		} {
			if key == "ledger.month_closed" {
				continue
			}
			_, err := w.Enter(w.ctx, w.maker(), d, "")
			w.refused(err, key)
			err = w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
				_, _, err := w.PostFor(tx, w.maker(), d)
				return err
			})
			w.refused(err, key)
		}
		_, err := w.Enter(w.ctx, w.maker(), rent(other, "2025-03-10", 100), "")
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("entered into the books of another: %v", err)
		}
		big := rent(b, "2025-03-10", AmountMax+1)
		_, err = w.Enter(w.ctx, w.maker(), big, "")
		w.refused(err, "ledger.invalid")
		v := w.enter(pay(b, "2025-03-10", 1))
		_, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
		w.refused(err, "ledger.overdrawn")
		w.post(rent(b, "2025-05-10", 1))
		w.check(v)
	})
}

// TestSource: what the program books under a source stands once, also when asked for again.
func TestSource(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		d := rent(b, "2025-03-10", 700)
		d.Source = "contract/12/2025-03"
		var first, second Voucher
		var fresh, again bool
		w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) (err error) {
			first, fresh, err = w.PostFor(tx, w.maker(), d)
			return err
		}))
		w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) (err error) {
			second, again, err = w.PostFor(tx, w.maker(), d)
			return err
		}))
		if !fresh || again || first.ID != second.ID || first.Word() != "记-1" {
			t.Errorf("posted %v %v: %d %d", fresh, again, first.ID, second.ID)
		}
		_, err := w.Enter(w.ctx, w.maker(), d, "")
		w.refused(err, "ledger.source_taken")
	})
}

// TestKey: one key, one answer: the voucher, or the refusal; other content is a conflict.
func TestKey(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		d := rent(b, "2025-03-10", 700)
		first, err := w.Enter(w.ctx, w.maker(), d, "k1")
		w.must(err)
		again, err := w.Enter(w.ctx, w.maker(), d, "k1")
		w.must(err)
		if again != first {
			t.Errorf("answered %+v and then %+v", first, again)
		}
		_, err = w.Enter(w.ctx, w.maker(), rent(b, "2025-03-10", 701), "k1")
		w.refused(err, "ledger.key_conflict")
		early := rent(b, "2024-12-31", 700)
		_, err = w.Enter(w.ctx, w.maker(), early, "k2")
		w.refused(err, "ledger.not_in_book")
		_, same := w.Enter(w.ctx, w.maker(), early, "k2")
		if same == nil || same.Error() != err.Error() {
			t.Errorf("refused with %v and then %v", err, same)
		}
		_, err = w.Enter(w.ctx, w.maker(), d, "k2")
		w.refused(err, "ledger.key_conflict")
		bad := draft(b, "2025-03-10", line("102", 100), line("999", -100))
		_, err = w.Enter(w.ctx, w.maker(), bad, "k3")
		_, same = w.Enter(w.ctx, w.maker(), bad, "k3")
		if len(fault.Of(same).Findings) != len(fault.Of(err).Findings) ||
			len(fault.Of(same).Findings) == 0 {
			t.Errorf("findings %v and then %v", fault.Of(err).Findings, fault.Of(same).Findings)
		}
	})
}

// TestHolds: what is set aside cannot be spent otherwise, until it is posted, released or its day is over.
func TestHolds(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		w.post(rent(b, "2025-03-10", 1_000))
		big, small := w.enter(pay(b, "2025-03-11", 800)), w.enter(pay(b, "2025-03-11", 300))
		_, err := w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2025-12-31")
		w.refused(err, "ledger.hold_day")
		held, err := w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2026-01-10")
		w.must(err)
		if len(held) != 1 || held[0].Amount != 800 || held[0].Account != "102" {
			t.Fatalf("held %+v", held)
		}
		_, err = w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2026-01-10")
		w.refused(err, "ledger.held")
		_, err = w.Amend(w.ctx, w.maker(), big.Ref(), big.Version, pay(b, "2025-03-11", 900))
		w.refused(err, "ledger.held")
		_, err = w.Reserve(w.ctx, w.maker(), small.Ref(), small.Version, "2026-01-10")
		w.refused(err, "ledger.overdrawn")
		_, err = w.Check(w.ctx, w.checker(), small.Ref(), small.Version)
		w.refused(err, "ledger.overdrawn")
		w.must(w.Release(w.ctx, w.maker(), big.Ref()))
		w.refused(w.Release(w.ctx, w.maker(), big.Ref()), "ledger.not_held")
		w.check(small)
		_, err = w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2026-01-10")
		w.refused(err, "ledger.overdrawn")
		w.post(rent(b, "2025-03-12", 100))
		_, err = w.PostHold(w.ctx, w.checker(), big.Ref(), big.Version)
		w.refused(err, "ledger.not_held")
		_, err = w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2026-01-06")
		w.must(err)
		third := w.enter(pay(b, "2025-03-12", 1))
		w.Today = "2026-01-07"
		n, err := w.Expire(w.ctx, b.Home)
		w.must(err)
		if n != 1 {
			t.Errorf("%d holds expired", n)
		}
		w.check(third)
		w.post(rent(b, "2025-03-12", 1))
		_, err = w.Reserve(w.ctx, w.maker(), big.Ref(), big.Version, "2026-01-10")
		w.must(err)
		_, err = w.PostHold(w.ctx, w.checker(), big.Ref(), big.Version)
		w.must(err)
		if got := w.on(b.Ref(), "102", "2026-01-07"); got != 0 {
			t.Errorf("%v is left", got)
		}
	})
}

// TestDryRun: what it says is what Check does.
func TestDryRun(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		w.post(rent(b, "2025-03-10", 1_000))
		for _, d := range []Draft{pay(b, "2025-03-11", 1_000), pay(b, "2025-03-11", 1), rent(b,
			"2024-03-01", 1),
			draft(b, "2025-03-12", line("101", 900_000), line("503", -900_000))} {
			f, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Forecast, error) {
				return w.DryRun(v, w.maker(), d)
			})
			w.must(err)
			v, err := w.Enter(w.ctx, w.maker(), d, "")
			if err == nil {
				v, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
			}
			if (err == nil) != (f.Refusal == nil) || err != nil && err.Error() != f.Refusal.Error() {
				t.Errorf("foretold %v, came %v", f.Refusal, err)
			}
			if err == nil && v.Word() != f.Word {
				t.Errorf("foretold %s, came %s", f.Word, v.Word())
			}
			for _, balance := range f.Balances {
				if got := w.on(b.Ref(), balance.Account, "2026-01-05"); got != balance.Amount {
					t.Errorf("%s: foretold %v, came %v", balance.Account, balance.Amount, got)
				}
			}
			if cash := d.Postings[0].Account == "101"; cash != (len(f.Warnings) > 0) {
				t.Errorf("warned of %v", f.Warnings)
			}
		}
	})
}

// TestCheckMany: an outcome each; one that is refused leaves the others alone.
func TestCheckMany(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		var list []ToCheck
		for _, d := range []Draft{pay(b, "2025-03-10", 5), rent(b, "2025-03-10", 10), pay(b, "2025-03-10",
			7),
			pay(b, "2025-03-10", 7)} {
			v := w.enter(d)
			list = append(list, ToCheck{v.Ref(), v.Version})
		}
		all, err := w.CheckMany(w.ctx, w.checker(), list)
		w.must(err)
		var words []string
		for _, o := range all {
			words = append(words, o.Voucher.Word())
		}
		if len(all) != 4 || all[1].Err != nil || all[2].Err != nil || words[1] != "记-1" ||
			words[2] != "记-2" {
			t.Fatalf("%v %v", words, all)
		}
		w.refused(all[0].Err, "ledger.overdrawn")
		w.refused(all[3].Err, "ledger.overdrawn")
	})
}
