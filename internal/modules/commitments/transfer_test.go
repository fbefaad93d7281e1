package commitments_test

import (
	"sync"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// night is what the nightly run of the county does.
func (x *site) night() int {
	x.t.Helper()
	n, err := x.Commitments.MatchAll(access.With(x.t.Context(), access.Machine), x.own.Home)
	x.Must(err)
	return n
}

// TestTheNightFindsTheVoucher of the same amount, once, on accounts that the pack names, and lets it go when
// the voucher is reversed.
func TestTheNightFindsTheVoucher(t *testing.T) {
	each(t, func(x *site) {
		first := x.announce(transfer())
		second := transfer()
		second.Document, second.Day = "财农〔2025〕13号", "2025-07-01"
		second = x.announce(second)
		x.post(x.own, "2025-05-31", "503", -50_000_00)   // before it was paid
		x.post(x.own, "2025-06-10", "501", -50_000_00)   // no account of transfers
		x.post(x.own, "2025-06-11", "503", 50_000_00)    // the other side
		x.post(x.other, "2025-06-12", "503", -50_000_00) // somebody else
		if n := x.night(); n != 0 {
			t.Fatalf("%d matched with nothing", n)
		}
		v := x.post(x.own, "2025-06-20", "241", -50_000_00)
		if n := x.night(); n != 1 {
			t.Fatalf("%d matched with one voucher", n)
		}
		first, second = x.transfer(first.Home, first.ID), x.transfer(second.Home, second.ID)
		if first.Voucher != v.ID || first.Booked != "2025-06-20" || first.Manner != "auto" ||
			second.Course != commitments.Announced {
			t.Fatalf("%+v and %+v", first, second)
		}
		if n := x.night(); n != 0 {
			t.Errorf("%d changed in a night after which nothing happened", n)
		}
		x.reverse(v)
		if got := x.found(); len(got) != 1 { // until the night
			t.Errorf("with a reversed voucher %v", got)
		}
		if n := x.night(); n != 1 {
			t.Errorf("%d changed after the voucher was reversed", n)
		}
		if first = x.transfer(first.Home, first.ID); first.Course != commitments.Announced {
			t.Errorf("after the reversal %+v", first)
		}
	})
}

// TestTwoTransfersInOneVoucher are matched by hand, and never more than it moved.
func TestTwoTransfersInOneVoucher(t *testing.T) {
	each(t, func(x *site) {
		s := x.Commitments
		v := x.post(x.own, "2025-06-20", "503", -100_000_00)
		foreign := x.post(x.other, "2025-06-20", "503", -100_000_00)
		early := x.post(x.own, "2025-05-31", "503", -100_000_00)
		var all []commitments.Transfer
		for _, project := range []string{"一", "二", "三"} {
			one := transfer()
			one.Project = project
			all = append(all, x.announce(one))
		}
		if n := x.night(); n != 0 {
			t.Fatalf("the night guessed %d", n)
		}
		_, err := s.Match(t.Context(), access.Machine, x.of(all[0]), foreign)
		x.refused(err, "commitments.no_voucher")
		_, err = s.Match(t.Context(), access.Machine, x.of(all[0]), ledger.VoucherRef{Home: v.Home,
			ID: 999})
		x.refused(err, "commitments.no_voucher")
		_, err = s.Match(t.Context(), access.Machine, x.of(all[0]), early)
		x.refused(err, "commitments.booked_early")
		_, err = s.Match(t.Context(), x.As("county-officer", county), x.of(all[0]), v)
		x.refused(err, "access.forbidden")
		_, err = s.Unmatch(t.Context(), access.Machine, x.of(all[0]))
		x.refused(err, "commitments.not_matched")
		for i := range 2 {
			all[i], err = s.Match(t.Context(), x.As("accountant", village), x.of(all[i]), v)
			x.Must(err)
		}
		_, err = s.Match(t.Context(), access.Machine, x.of(all[2]), v)
		x.refused(err, "commitments.not_covered")
		_, err = s.Match(t.Context(), access.Machine, x.of(all[1]), v)
		x.refused(err, "commitments.not_announced")
		_, err = s.Cancel(t.Context(), access.Machine, x.of(all[1]))
		x.refused(err, "commitments.not_announced")
		silent := x.of(all[0])
		silent.Reason = ""
		_, err = s.Unmatch(t.Context(), access.Machine, silent)
		x.refused(err, "commitments.missing")
		all[0], err = s.Unmatch(t.Context(), access.Machine, x.of(all[0]))
		x.Must(err)
		_, err = s.Match(t.Context(), access.Machine, x.of(all[2]), v)
		x.Must(err)
		_, err = s.Cancel(t.Context(), x.As("accountant", village), x.of(all[0]))
		x.refused(err, "access.forbidden")
		all[0], err = s.Cancel(t.Context(), x.As("county-officer", county), x.of(all[0]))
		x.Must(err)
		if all[0].Course != commitments.Cancelled {
			t.Errorf("%+v", all[0])
		}
	})
}

// TestOfTwoWhoTakeAtOnceOneIsRefused: a voucher is not taken twice by acts that do not see each other.
func TestOfTwoWhoTakeAtOnceOneIsRefused(t *testing.T) {
	each(t, func(x *site) {
		v := x.post(x.own, "2025-06-20", "503", -50_000_00)
		var all []commitments.Transfer
		for _, project := range []string{"一", "二", "三", "四"} {
			one := transfer()
			one.Project = project
			all = append(all, x.announce(one))
		}
		var group sync.WaitGroup
		errs := make([]error, len(all))
		for i := range all {
			group.Go(func() {
				_, errs[i] = x.Commitments.Match(t.Context(), access.Machine, x.of(all[i]), v)
			})
		}
		group.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				x.refused(err, "commitments.not_covered")
			}
		}
		if done != 1 {
			t.Errorf("%d of four took the voucher", done)
		}
	})
}

// TestWhatMayNotBeAnnounced: every field, and what was announced already.
func TestWhatMayNotBeAnnounced(t *testing.T) {
	each(t, func(x *site) {
		announce := func(change func(*commitments.Transfer)) error {
			one := transfer()
			change(&one)
			_, err := x.Commitments.Announce(t.Context(), access.Machine, x.own.Ref(), one)
			return err
		}
		x.refused(announce(func(t *commitments.Transfer) { t.Document = " " }), "commitments.missing")
		x.refused(announce(func(t *commitments.Transfer) { t.Kind = "gift" }), "commitments.code")
		x.refused(announce(func(t *commitments.Transfer) { t.Amount = 0 }), "commitments.amount")
		x.refused(announce(func(t *commitments.Transfer) { t.Day = "2025-12-02" }), "commitments.day")
		_, err := x.Commitments.Announce(t.Context(), x.As("accountant", village), x.own.Ref(), transfer())
		x.refused(err, "access.forbidden")
		made := x.announce(transfer())
		x.refused(announce(func(t *commitments.Transfer) { t.Amount = 1 }), "commitments.announced")
		x.Must(announce(func(t *commitments.Transfer) { t.Project = "另一条路" }))
		// What was withdrawn may be announced again.
		_, err = x.Commitments.Cancel(t.Context(), access.Machine, x.of(made))
		x.Must(err)
		x.announce(transfer())
		_, err = x.Commitments.Match(t.Context(), access.Machine, commitments.Act{Ref: commitments.Ref{
			Home: made.Home, ID: 999}, On: today}, ledger.VoucherRef{Home: made.Home, ID: 1})
		x.refused(err, "commitments.no_transfer")
	})
}

// TestFiguresAreTheSumsOfTheirPlaces, in the running year, and again in the first night of the next.
func TestFiguresAreTheSumsOfTheirPlaces(t *testing.T) {
	each(t, func(x *site) {
		figures := func(place int64, year int) map[string]int64 {
			t.Helper()
			got := map[string]int64{}
			x.Must(x.Host.Store.View(t.Context(), func(v *store.View) error {
				keys := []string{commitments.DebtMeasure, commitments.UnvotedMeasure,
					commitments.GuaranteeMeasure, commitments.OfficerMeasure, commitments.UnbookedMeasure}
				p := period.OfYear(year)
				table, err := x.Host.Measures.Read(v, measure.Ask{Measures: keys, Places: []int64{place},
					Periods: []period.Period{p}})
				for _, key := range keys {
					got[key] = table.Value(key, place, p).Amount
				}
				return err
			}))
			return got
		}
		x.enter(loan())
		unvoted := loan()
		unvoted.DecisionValid, unvoted.Amount = false, 50_000_00
		c := x.enter(unvoted)
		x.enter(guarantee())
		x.enter(lending("王五", "officer"))
		x.enter(lending("王五", "member"))
		x.announce(transfer())
		ctx := access.With(t.Context(), access.Machine)
		x.Must(x.Commitments.RollUp(ctx))
		want := map[string]int64{commitments.DebtMeasure: 350_000_00, commitments.UnvotedMeasure: 1,
			commitments.GuaranteeMeasure: 1, commitments.OfficerMeasure: 20_000_00,
			commitments.UnbookedMeasure: 50_000_00}
		for _, place := range []int64{x.own.Place, x.IDs[county]} {
			for key, value := range figures(place, 2025) {
				if value != want[key] {
					t.Errorf("%s of %d is %d, want %d", key, place, value, want[key])
				}
			}
		}
		_, err := x.Commitments.Withdraw(t.Context(), access.Machine, x.on(c, ""))
		x.Must(err)
		x.Must(x.Commitments.RollUp(ctx))
		if got := figures(x.IDs[county], 2025); got[commitments.DebtMeasure] != 300_000_00 ||
			got[commitments.UnvotedMeasure] != 0 {
			t.Errorf("after a withdrawal %v", got)
		}
		x.Clock.Set("2026-01-02")
		x.night()
		x.Must(x.Commitments.RollUp(ctx))
		if got := figures(x.IDs[county], 2026); got[commitments.DebtMeasure] != 300_000_00 {
			t.Errorf("in the new year %v", got)
		}
	})
}

// TestVerifyNamesWhatWasAltered in what is derived.
func TestVerifyNamesWhatWasAltered(t *testing.T) {
	each(t, func(x *site) {
		x.post(x.own, "2025-06-20", "503", -50_000_00)
		made := x.announce(transfer())
		x.night()
		alter := func(text string, args ...any) {
			t.Helper()
			x.Must(x.Host.Store.Maintain(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(text, args...)
				return err
			}))
		}
		alter("UPDATE commitment_taken SET amount = amount + 1 WHERE home = ?", made.Home)
		if got := x.found(); len(got) != 2 || got[0] != "commitments.verify.taken" ||
			got[1] != "commitments.verify.moved" {
			t.Errorf("with a fen too much %v", got)
		}
		alter("DELETE FROM commitment_taken WHERE home = ?", made.Home)
		if got := x.found(); len(got) != 1 || got[0] != "commitments.verify.taken" {
			t.Errorf("with nothing %v", got)
		}
		alter("INSERT INTO commitment_taken (home, voucher, role, amount) VALUES (?, ?, 'transfer', ?)",
			made.Home, x.transfer(made.Home, made.ID).Voucher, made.Amount)
	})
}

// findings are how many open findings of a rule an organisation has.
func (x *site) findings(rule string) int64 {
	x.t.Helper()
	n, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM finding WHERE home = ? AND organisation = ? AND rule = ?
			AND state = 'open' AND gone = ''`, x.own.Home, x.own.ID, rule)
	})
	x.Must(err)
	return n
}

// TestTheRulesFindWhatIsWrong, and find nothing in what is right.
func TestTheRulesFindWhatIsWrong(t *testing.T) {
	each(t, func(x *site) {
		ctx := access.With(t.Context(), access.Machine)
		run := func(want map[string]int64) {
			t.Helper()
			if _, err := x.Supervision.RunCounty(ctx, x.own.Home); err != nil {
				t.Fatal(err)
			}
			for _, rule := range []string{"A16-vote", "A16-purpose", "A17-guarantee", "A17-officer",
				"A22"} {
				if got := x.findings(rule); got != want[rule] {
					t.Errorf("%s finds %d, want %d", rule, got, want[rule])
				}
			}
		}
		x.enter(loan())
		x.enter(lending("某合作社", "cooperative"))
		young := transfer()
		young.Day = "2025-11-15"
		x.announce(young)
		run(nil)
		unvoted, dividends := loan(), loan()
		unvoted.Decided = "2025-03-02"
		dividends.Purpose = "dividends"
		x.enter(unvoted)
		x.enter(dividends)
		stands := x.enter(guarantee())
		x.enter(lending("王五", "relative"))
		old := transfer()
		old.Project = "旧账"
		x.announce(old)
		run(map[string]int64{"A16-vote": 1, "A16-purpose": 1, "A17-guarantee": 1, "A17-officer": 1,
			"A22": 1})
		// Mended, they are gone: the voucher is there and the guarantee released.
		x.post(x.own, "2025-11-20", "503", -50_000_00)
		_, err := x.Commitments.Release(t.Context(), access.Machine, x.on(stands, "债权人确认"))
		x.Must(err)
		x.night()
		run(map[string]int64{"A16-vote": 1, "A16-purpose": 1, "A17-officer": 1})
	})
}
