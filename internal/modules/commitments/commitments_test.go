package commitments_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestTheLoanOfThePackageComment: repaid in part, by the books and in full, and taken back.
func TestTheLoanOfThePackageComment(t *testing.T) {
	each(t, func(x *site) {
		s := x.Commitments
		c := x.enter(loan())
		c, err := s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, "回单1"),
			Amount: 100_000_00})
		x.Must(err)
		if c.Outstanding() != 200_000_00 || c.State != commitments.Standing {
			t.Fatalf("after 100,000.00 %+v", c)
		}
		_, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
			Amount: 200_000_01})
		x.refused(err, "commitments.too_much")
		// A voucher that moved 150,000.00 on the account of long loans covers that and no more.
		v := x.post(x.own, "2025-11-20", "221", 150_000_00)
		_, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
			Amount: 200_000_00, Voucher: v})
		x.refused(err, "commitments.not_covered")
		c, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
			Amount: 150_000_00, Voucher: v})
		x.Must(err)
		_, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""), Amount: 1,
			Voucher: v})
		x.refused(err, "commitments.not_covered")
		c, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
			Amount: 50_000_00})
		x.Must(err)
		if c.State != commitments.Settled || c.Ended != today || c.Outstanding() != 0 {
			t.Fatalf("repaid in full %+v", c)
		}
		list, err := store.Read(t.Context(), x.Host.Store, func(v *store.View) ([]commitments.Repayment,
			error) {
			return commitments.RepaymentsOf(v, x.on(c, "").Ref)
		})
		x.Must(err)
		if len(list) != 3 || list[0].Day != "2025-11-20" || list[0].Voucher != v.ID {
			t.Fatalf("repayments %+v", list)
		}
		c, err = s.TakeBack(t.Context(), access.Machine, x.on(c, ""), list[0].ID)
		x.Must(err)
		if c.State != commitments.Standing || c.Ended != period.Open || c.Outstanding() != 150_000_00 {
			t.Fatalf("taken back %+v", c)
		}
		// What was taken back of the voucher can be taken again.
		_, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
			Amount: 150_000_00, Voucher: v})
		x.Must(err)
	})
}

// reverse takes a voucher back in the books, as two people do.
func (x *site) reverse(v ledger.VoucherRef) {
	x.t.Helper()
	draft, err := x.Ledger.Reverse(x.t.Context(), x.As("accountant", village), v, today, "记错")
	x.Must(err)
	_, err = x.Ledger.Check(x.t.Context(), x.As("head", village), draft.Ref(), draft.Version)
	x.Must(err)
}

// TestARepaymentWhoseVoucherIsReversed is undone in the night, of a loan as of money lent, with a line of
// history that names the voucher; what was repaid otherwise stays, and another voucher can book it.
func TestARepaymentWhoseVoucherIsReversed(t *testing.T) {
	each(t, func(x *site) {
		s := x.Commitments
		for account, e := range map[string]commitments.Entry{"221": loan(),
			"112": lending("农商行", "outsider")} {
			c := x.enter(e)
			amount := e.Amount / 2
			if e.Kind == commitments.Lending {
				amount = -amount // credited
			}
			wrong, right := x.post(x.own, "2025-11-20", account, amount), x.post(x.own, "2025-11-21",
				account, amount)
			for _, v := range []ledger.VoucherRef{wrong, right} {
				var err error
				c, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
					Amount: e.Amount / 2, Voucher: v})
				x.Must(err)
			}
			if n := x.night(); n != 0 || c.State != commitments.Settled {
				t.Fatalf("%d changed in a night after which nothing happened; %+v", n, c)
			}
			x.reverse(wrong)
			if got := x.found(); len(got) != 1 { // until the night
				t.Errorf("with a reversed voucher %v", got)
			}
			if n := x.night(); n != 1 {
				t.Errorf("%d changed after the voucher was reversed", n)
			}
			c = x.get(c.Home, c.ID)
			if c.State != commitments.Standing || c.Ended != period.Open ||
				c.Outstanding() != e.Amount/2 || len(x.found()) != 0 {
				t.Errorf("after the reversal %+v, %v", c, x.found())
			}
			list, err := store.Read(t.Context(), x.Host.Store, func(v *store.View) ([]commitments.Repayment,
				error) {
				return commitments.RepaymentsOf(v, x.on(c, "").Ref)
			})
			x.Must(err)
			if len(list) != 1 || list[0].Voucher != right.ID {
				t.Errorf("left are %+v", list)
			}
			kept, err := store.Read(t.Context(), x.Host.Store, func(v *store.View) (int64, error) {
				return store.Count(v, `SELECT count(*) FROM commitment_change h
					JOIN event e ON e.home = h.home AND e.id = h.event
					WHERE h.home = ? AND h.subject = ? AND h.kind = 'reversed' AND h.voucher = ?
					AND h.amount = ? AND e.kind = ?`, c.Home, c.ID, wrong.ID, e.Amount/2,
					string(e.Kind)+".reversed")
			})
			if err != nil || kept != 1 {
				t.Errorf("%d lines of history and events tell it, %v", kept, err)
			}
			again := x.post(x.own, "2025-11-22", account, amount)
			_, err = s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
				Amount: e.Amount / 2, Voucher: again})
			x.Must(err)
			if n := x.night(); n != 0 {
				t.Errorf("%d changed once it was booked again", n)
			}
		}
	})
}

// TestARepaymentNamesAVoucherOfItsOwnKind: of the organisation, posted, moved on the side that fits.
func TestARepaymentNamesAVoucherOfItsOwnKind(t *testing.T) {
	each(t, func(x *site) {
		c := x.enter(loan())
		lent := x.enter(lending("某合作社", "cooperative"))
		repay := func(c commitments.Commitment, amount money.Fen, o registry.Organisation, day period.Date,
			account string, moved money.Fen) error {
			_, err := x.Commitments.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""),
				Amount: amount, Voucher: x.post(o, day, account, moved)})
			return err
		}
		x.refused(repay(c, 100, x.other, "2025-11-01", "221", 100), "commitments.no_voucher")
		x.refused(repay(c, 100, x.own, "2025-11-01", "221", -100), "commitments.not_covered") // taken up
		x.refused(repay(c, 100, x.own, "2025-11-01", "511", 100), "commitments.not_covered")
		x.refused(repay(c, 100, x.own, "2025-02-28", "221", 100), "commitments.repaid_early")
		x.refused(repay(lent, 100, x.own, "2025-11-01", "112", 100), "commitments.not_covered")
		x.Must(repay(lent, 100, x.own, "2025-11-01", "112", -100))
		x.Must(repay(c, 100, x.own, "2025-11-01", "201", 100))
	})
}

// TestAGuaranteeStandsUntilItIsReleased, and a mistake is withdrawn for good.
func TestAGuaranteeStandsUntilItIsReleased(t *testing.T) {
	each(t, func(x *site) {
		s := x.Commitments
		c := x.enter(guarantee())
		_, err := s.Repay(t.Context(), access.Machine, commitments.Repaid{Act: x.on(c, ""), Amount: 1})
		x.refused(err, "commitments.no_repayment")
		_, err = s.Release(t.Context(), access.Machine, x.on(c, " "))
		x.refused(err, "commitments.missing")
		early := x.on(c, "债权人确认")
		early.On = "2025-04-30"
		_, err = s.Release(t.Context(), access.Machine, early)
		x.refused(err, "commitments.repaid_early")
		c, err = s.Release(t.Context(), access.Machine, x.on(c, "债权人确认"))
		x.Must(err)
		if c.State != commitments.Settled || c.Ended != today || c.Outstanding() != 0 {
			t.Errorf("released %+v", c)
		}
		_, err = s.Release(t.Context(), access.Machine, x.on(c, "再次"))
		x.refused(err, "commitments.not_standing")
		_, err = s.Withdraw(t.Context(), access.Machine, x.on(c, ""))
		x.refused(err, "commitments.not_standing")
		again := x.enter(guarantee())
		silent := x.on(again, "")
		silent.Reason = " "
		_, err = s.Withdraw(t.Context(), access.Machine, silent)
		x.refused(err, "commitments.missing")
		again, err = s.Withdraw(t.Context(), access.Machine, x.on(again, ""))
		x.Must(err)
		_, err = s.Amend(t.Context(), access.Machine, x.on(again, "文件"), guarantee())
		x.refused(err, "commitments.withdrawn")
		_, err = s.TakeBack(t.Context(), access.Machine, x.on(again, ""), 1)
		x.refused(err, "commitments.withdrawn")
	})
}

// TestWhoIsRelated: by what was entered, or by the name of an officer in office on the day.
func TestWhoIsRelated(t *testing.T) {
	each(t, func(x *site) {
		x.Must(x.Registry.Appoint(t.Context(), access.Machine, registry.Appointment{
			Organisation: x.own.Ref(), Office: registry.Chair, Name: "李建国", Since: "2025-02-01"}))
		before := lending("李建国", "member")
		before.Day = "2025-01-31"
		for _, one := range []struct {
			entry commitments.Entry
			want  bool
		}{{lending("李建国", "member"), true}, {before, false}, {lending("王五", "member"), false},
			{lending("王五", "relative"), true}, {lending("王五", "officer"), true}, {loan(), false}} {
			if c := x.enter(one.entry); c.Related != one.want {
				t.Errorf("%s, %s on %s: related %v", c.Party, c.PartyKind, c.Day, c.Related)
			}
		}
		named := loan()
		named.Party = "李建国" // a loan from an officer is none to one
		if x.enter(named).Related {
			t.Error("the lender is called related")
		}
		c := x.enter(lending("王五", "member"))
		e := lending("李建国", "member")
		c, err := x.Commitments.Amend(t.Context(), access.Machine, x.on(c, "借据"), e)
		x.Must(err)
		if !c.Related {
			t.Error("set right, the borrower is not related")
		}
	})
}

// TestWhatMayNotBeEntered: every field that can be wrong.
func TestWhatMayNotBeEntered(t *testing.T) {
	each(t, func(x *site) {
		enter := func(change func(*commitments.Entry)) error {
			e := loan()
			change(&e)
			_, err := x.Commitments.Enter(t.Context(), access.Machine, x.own.Ref(), e)
			return err
		}
		for key, changes := range map[string][]func(*commitments.Entry){
			"commitments.missing": {func(e *commitments.Entry) { e.Party = "  " },
				func(e *commitments.Entry) {
					e.Kind, e.PartyKind, e.Creditor = commitments.Guarantee,
						"member", ""
				}},
			"commitments.code": {func(e *commitments.Entry) { e.Kind = "gift" },
				func(e *commitments.Entry) { e.PartyKind = "officer" }, // of lenders there is none
				func(e *commitments.Entry) { e.Purpose = "" },
				func(e *commitments.Entry) { e.DecisionBody = "somebody" }},
			"commitments.day": {func(e *commitments.Entry) { e.Day = "2025-12-02" },
				func(e *commitments.Entry) { e.Decided = "2025-13-01" }},
			"commitments.due": {func(e *commitments.Entry) { e.Due = "2025-02-28" }},
			"commitments.amount": {func(e *commitments.Entry) { e.Amount = 0 },
				func(e *commitments.Entry) { e.Amount = commitments.AmountMax + 1 }},
			"commitments.rate": {func(e *commitments.Entry) { e.Rate = -1 },
				func(e *commitments.Entry) { e.Rate = 10_001 }},
			"commitments.settled": {func(e *commitments.Entry) { e.Settled = 300_000_01 }},
			"commitments.too_long": {func(e *commitments.Entry) {
				e.Number = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"
			}},
		} {
			for _, change := range changes {
				x.refused(enter(change), key)
			}
		}
		x.Must(enter(func(e *commitments.Entry) { e.Number = "J-1" }))
		x.refused(enter(func(e *commitments.Entry) { e.Number = "J-1" }), "commitments.number_taken")
		e := loan()
		e.Settled = 300_000_00
		if c := x.enter(e); c.State != commitments.Settled {
			t.Errorf("repaid before it was entered, it is %s", c.State)
		}
		_, err := x.Commitments.Enter(t.Context(), x.As("accountant", otherVillage), x.own.Ref(), loan())
		x.refused(err, "access.outside")
	})
}

// TestActsSaySomethingTrue: at the version that was read, on a day there is, with permit and reason.
func TestActsSaySomethingTrue(t *testing.T) {
	each(t, func(x *site) {
		s := x.Commitments
		c := x.enter(loan())
		stale, late := x.on(c, "文件"), x.on(c, "文件")
		stale.Version, late.On = c.Version+1, "2025-12-02"
		_, err := s.Amend(t.Context(), access.Machine, stale, loan())
		x.refused(err, "store.stale")
		_, err = s.Amend(t.Context(), access.Machine, late, loan())
		x.refused(err, "commitments.day")
		_, err = s.Amend(t.Context(), access.Machine, x.on(c, ""), loan())
		x.refused(err, "commitments.missing")
		_, err = s.Amend(t.Context(), x.As("head", village), x.on(c, "文件"), loan())
		x.refused(err, "access.forbidden")
		_, err = s.Amend(t.Context(), access.Machine, commitments.Act{Ref: commitments.Ref{Home: c.Home,
			ID: 999},
			On: today}, loan())
		x.refused(err, "commitments.none")
		_, err = s.TakeBack(t.Context(), access.Machine, x.on(c, ""), 999)
		x.refused(err, "commitments.unknown_repayment")
		c, err = s.Repay(t.Context(), x.As("accountant", village), commitments.Repaid{Act: x.on(c, ""),
			Amount: 200_000_00})
		x.Must(err)
		less := loan()
		less.Amount = 199_999_99
		_, err = s.Amend(t.Context(), access.Machine, x.on(c, "文件"), less)
		x.refused(err, "commitments.settled")
		less.Amount = 200_000_00
		c, err = s.Amend(t.Context(), access.Machine, x.on(c, "文件"), less)
		x.Must(err)
		if c.State != commitments.Settled {
			t.Errorf("set right to what was repaid, it is %s", c.State)
		}
	})
}

// TestALoadedRegisterStandsAsIfItHadBeenKeptHere, and only the program loads.
func TestALoadedRegisterStandsAsIfItHadBeenKeptHere(t *testing.T) {
	each(t, func(x *site) {
		e := loan()
		e.Organisation, e.Place, e.Number, e.Settled = x.own.ID, x.own.Place, "JK-1", 100_000_00
		paid := transfer()
		paid.Organisation, paid.Place = x.own.ID, x.own.Place
		all := commitments.Loaded{Home: x.own.Home, Commitments: []commitments.Entry{e},
			Transfers: []commitments.Transfer{paid}}
		_, err := x.Commitments.Load(t.Context(), all)
		x.refused(err, "access.forbidden")
		ctx := access.With(t.Context(), access.Machine)
		ids, err := x.Commitments.Load(ctx, all)
		x.Must(err)
		if c := x.get(x.own.Home, ids[0]); c.Outstanding() != 200_000_00 ||
			c.State != commitments.Standing {
			t.Errorf("%+v", c)
		}
		x.post(x.own, "2025-06-20", "503", -50_000_00)
		_, err = x.Commitments.MatchAll(ctx, x.own.Home)
		x.Must(err)
		if got := x.transfer(x.own.Home, ids[1]); got.Booked != "2025-06-20" {
			t.Errorf("%+v", got)
		}
		e.Party = ""
		_, err = x.Commitments.Load(ctx, commitments.Loaded{Home: x.own.Home,
			Commitments: []commitments.Entry{e}})
		x.refused(err, "commitments.missing")
	})
}
