package contracts

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
)

func (x *site) act(c Contract, document string) Act {
	return Act{Ref: c.Ref(), Version: c.Version, On: x.Today, Document: document}
}

// TestTheShopOfThePackageComment: due, paid in part, and how old the rest is, in the books as on the page.
func TestTheShopOfThePackageComment(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		x.Today = "2025-03-01"
		c := x.enter("天台村", shop())
		if got := x.Balances(b); got["112张三"] != 12_000_00 || got["501"]+got["501张三"] != -12_000_00 {
			t.Fatalf("booked %v", got)
		}
		x.Today = "2025-04-02"
		c, err := x.Receive(x.ctx, access.Machine, Payment{Act: x.act(c, "收据1"), Amount: 5_000_00})
		x.must(err)
		x.Today = today
		if got := x.Balances(b); got["112张三"] != 7_000_00 || got["102"] != 5_000_00 {
			t.Fatalf("after the payment %v", got)
		}
		rows := x.dues(c.Ref())
		a := record.ArrearsOf(rows, x.Today)
		if len(rows) != 1 || a != (Arrears{Open: 7_000_00, Since: "2025-03-01"}) ||
			a.Since.Until(x.Today) != 310 {
			t.Errorf("owed %+v of %+v", a, rows)
		}
		// The second year falls due in the night to 2026-03-01, once.
		x.Today = "2026-03-01"
		x.must(x.Raise(x.ctx, c.Home, nil))
		x.must(x.Raise(x.ctx, c.Home, nil))
		if got := x.Balances(b); got["112张三"] != 19_000_00 {
			t.Errorf("after a year %v", got)
		}
		if c = x.get(c.Ref()); c.NextDue != "2027-03-01" {
			t.Errorf("next due %s", c.NextDue)
		}
	})
}

// TestMembersOweOnAnAccountOfTheirOwn: the account of a claim follows from the kind of the counterparty.
func TestMembersOweOnAnAccountOfTheirOwn(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		e := shop()
		e.PartyKind = PartyMember
		x.enter("天台村", e)
		if got := x.Balances(b); got["113张三"] != 12_000_00 || got["112张三"] != 0 {
			t.Errorf("booked %v", got)
		}
	})
}

// TestAnEarlyEndDividesTheYear: what is no longer due leaves the books, and what was paid beyond stays.
func TestAnEarlyEndDividesTheYear(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		c := x.enter("天台村", shop())
		c, err := x.Receive(x.ctx, access.Machine, Payment{Act: x.act(c, ""), Amount: 12_000_00})
		x.must(err)
		_, err = x.Terminate(x.ctx, access.Machine, x.act(c, ""))
		x.refused(err, "contracts.invalid") // without a document
		c, err = x.Terminate(x.ctx, access.Machine, x.act(c, "解除协议"))
		x.must(err)
		// 311 of 365 days: 12,000.00 × 311 / 365 = 10,224.66.
		if got := x.Balances(b); got["501张三"]+got["501"] != -10_224_66 || got["112张三"] != -1_775_34 {
			t.Errorf("after the end %v", got)
		}
		if c.State != Terminated || c.Ends != today || c.NextDue != "9999-12-31" || c.Total != 10_224_66 {
			t.Errorf("%+v", c)
		}
		_, err = x.Extend(x.ctx, access.Machine, x.act(c, "协议"), "2030-01-01", schedule.Fee{})
		x.refused(err, "contracts.state")
	})
}

// TestANewFeeLeavesThePastAlone, and an extension goes on after the term.
func TestANewFeeLeavesThePastAlone(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		c := x.enter("天台村", shop())
		c, err := x.Reprice(x.ctx, access.Machine, x.act(c, "补充协议"), "2025-09-01",
			schedule.Fee{Amount: 1_000_00, Every: schedule.Month})
		x.must(err)
		// 184 of 365 days of 12,000.00 are 6,049.32; September to January are five months.
		if got := x.Balances(b); got["112张三"] != 6_049_32+5_000_00 {
			t.Errorf("owed %v", got)
		}
		c, err = x.Extend(x.ctx, access.Machine, x.act(c, "续签合同"), "2030-02-28",
			schedule.Fee{Amount: 15_000_00, Every: schedule.Year})
		x.must(err)
		if c.Ends != "2030-02-28" || c.Yearly != 15_000_00 || len(c.Phases()) != 3 {
			t.Errorf("%+v", c)
		}
	})
}

// TestWhatIsWrittenOffStaysClaimable: with evidence, vote and approval, and never more than is owed.
func TestWhatIsWrittenOffStaysClaimable(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		c := x.enter("天台村", shop())
		q := GivingUp{Act: x.act(c, "死亡证明"), Due: 1, Amount: 12_000_01, Decision: "决议1", Approval: "批复1"}
		_, err := x.WriteOff(x.ctx, access.Machine, q)
		x.refused(err, "contracts.write_off_amount")
		q.Amount, q.Approval = 2_000_00, " "
		_, err = x.WriteOff(x.ctx, access.Machine, q)
		x.refused(err, "contracts.write_off")
		q.Approval = "批复1"
		c, err = x.WriteOff(x.ctx, access.Machine, q)
		x.must(err)
		got := x.Balances(b)
		if got["112张三"] != 10_000_00 || got["515"]+got["515张三"] != 2_000_00 {
			t.Errorf("booked %v", got)
		}
		if rows := x.dues(c.Ref()); rows[0].Open() != 10_000_00 || rows[0].Written != 2_000_00 {
			t.Errorf("%+v", rows)
		}
		var list []WriteOff
		x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
			list, err = WrittenOff(v, c.Ref())
			return err
		}))
		if len(list) != 1 || list[0].Amount != 2_000_00 || list[0].Voucher == 0 {
			t.Errorf("still claimable %+v", list)
		}
	})
}

// TestAPostingSettlesOnePayment: a payment that was booked by hand is matched, and only once.
func TestAPostingSettlesOnePayment(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		c := x.enter("天台村", shop())
		var v ledger.Voucher
		x.must(x.host.Store.Write(x.ctx, func(tx *store.Tx) (err error) {
			v, _, err = x.ledger.PostFor(tx, access.Machine, ledger.Draft{Book: b.Ref(), Date: "2025-12-01",
				Summary: "收租金", Postings: []book.Posting{{Account: "102", Amount: 3_000_00},
					{Account: "112", Amount: -3_000_00, Dimensions: book.Dimensions{Counterparty: "张三"}}}})
			return err
		}))
		p := Payment{Act: x.act(c, ""), Amount: 2_999_99, Voucher: v.Ref()}
		_, err := x.Receive(x.ctx, access.Machine, p)
		x.refused(err, "contracts.unmatched")
		p.Amount = 3_000_00
		c, err = x.Receive(x.ctx, access.Machine, p)
		x.must(err)
		p.Act = x.act(c, "")
		_, err = x.Receive(x.ctx, access.Machine, p)
		x.refused(err, "contracts.unmatched")
		if got := x.Balances(b); got["112张三"] != 9_000_00 || x.dues(c.Ref())[0].Paid != 3_000_00 {
			t.Errorf("after the match %v", got)
		}
	})
}

// TestATermThatPasses: not given back it is expired in use, and then returned.
func TestATermThatPasses(t *testing.T) {
	each(t, func(x *site) {
		c := x.enter("小溪村", shop()) // without books: entered, not posted
		if rows := x.dues(c.Ref()); len(rows) != 1 || rows[0].Booked != 0 {
			t.Errorf("without books %+v", rows)
		}
		x.Today = "2028-03-01"
		x.must(x.Raise(x.ctx, c.Home, nil))
		if c = x.get(c.Ref()); c.State != ExpiredInUse || len(x.dues(c.Ref())) != 3 {
			t.Errorf("%+v", c)
		}
		c, err := x.Return(x.ctx, access.Machine, x.act(c, ""))
		x.must(err)
		if c.State != Ended || c.Ended != "2028-03-01" {
			t.Errorf("%+v", c)
		}
	})
}

// TestALoadedContractStandsAsIfItHadBeenKeptHere: and what was owed before is the oldest claim.
func TestALoadedContractStandsAsIfItHadBeenKeptHere(t *testing.T) {
	each(t, func(x *site) {
		o := x.own["天台村"]
		var all []Loaded
		for range 3 {
			l := Loaded{Entry: shop()}
			l.Home, l.Organisation, l.Place = o.Home, o.ID, o.Place
			l.ClaimsFrom, l.Owed = "2025-03-01", 500_00
			l.Payments = []LoadedPayment{{Day: "2025-05-01", Amount: 700_00}}
			all = append(all, l)
		}
		all[2].Returned = "2025-12-31"
		ids, err := x.Load(x.ctx, all, nil)
		x.must(err)
		rows := x.dues(Ref{o.Home, ids[0]})
		if len(rows) != 2 || rows[0].Paid != 500_00 || rows[1].Paid != 200_00 ||
			rows[1].Amount != 12_000_00 {
			t.Errorf("%+v", rows)
		}
		if c := x.get(Ref{o.Home, ids[2]}); c.State != Ended {
			t.Errorf("%+v", c)
		}
		x.Today = "2026-03-01"
		x.must(x.Raise(x.ctx, o.Home, nil))
		if rows := x.dues(Ref{o.Home, ids[0]}); len(rows) != 3 {
			t.Errorf("after the night %+v", rows)
		}
	})
}

// TestTheSubjectOfRules: what rules ask of contracts, on both engines.
func TestTheSubjectOfRules(t *testing.T) {
	each(t, func(x *site) {
		for i := range 5 {
			e := shop()
			e.PriceClass, e.Area = "shop", 66_667
			e.Schedule[0].Fee.Amount = []money.Fen{100_00, 200_00, 300_00, 400_00, 500_00}[i]
			e.Objects = []Object{{Object: []string{"500102/1", "500102/2", "500102/1", "500102/4",
				"500102/5"}[i]}}
			x.enter("天台村", e)
		}
		sub := subject(nil)
		_, err := rule.NewSubjects(sub)
		x.must(err)
		q, err := sub.Select(nil, rule.Scope{Home: x.own["天台村"].Home, Today: today})
		x.must(err)
		type seen struct {
			Number   string    `db:"number"`
			Median   money.Fen `db:"median_price"`
			Peers    int64     `db:"peers"`
			Overlaps int64     `db:"overlaps"`
			Overdue  money.Fen `db:"overdue"`
			Since    string    `db:"overdue_since"`
		}
		list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]seen, error) {
			return store.All[seen](v,
				"SELECT number, median_price, peers, q.overlaps, overdue, overdue_since FROM ("+
					q.Text+") q ORDER BY overdue", q.Args...)
		})
		x.must(err)
		if len(list) != 5 || list[0].Median != 300_00 || list[0].Peers != 5 || list[0].Overlaps != 1 ||
			list[1].Overlaps != 0 || list[2].Overlaps != 1 || list[4].Overdue != 500_00 ||
			list[0].Since != "2025-03-01" {
			t.Errorf("%+v", list)
		}
	})
}
