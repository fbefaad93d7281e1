package contracts

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/contracts/ageing"
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// TestADepositIsOwedUntilItGoesBack: received it is a payable, refunded it is gone, kept it is income, and
// never more than is there.
func TestADepositIsOwedUntilItGoesBack(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		e := shop()
		e.Schedule[0].Fee.Deposit = 3_000_00
		c := x.enter("天台村", e)
		move := func(kind record.DepositKind, amount money.Fen, document string) error {
			after, err := x.MoveDeposit(x.ctx, access.Machine, DepositMove{Act: x.act(c, document),
				Kind:   kind,
				Amount: amount})
			if err == nil {
				c = after
			}
			return err
		}
		x.refused(move(record.DepositRefunded, 1, ""), "contracts.deposit_held")
		x.refused(move(record.DepositReceived, 3_000_01, ""), "contracts.deposit_over")
		x.refused(move(record.DepositReceived, 0, ""), "contracts.invalid")
		x.must(move(record.DepositReceived, 3_000_00, "收据8"))
		x.refused(move(record.DepositReceived, 1, ""), "contracts.deposit_over")
		if got := x.Balances(b); got["211张三"] != -3_000_00 || got["102"] != 3_000_00 {
			t.Errorf("received: %v", got)
		}
		x.must(move(record.DepositRefunded, 1_000_00, "领条1"))
		x.refused(move(record.DepositKept, 500_00, " "), "contracts.invalid")
		x.must(move(record.DepositKept, 500_00, "合同第九条"))
		x.refused(move(record.DepositRefunded, 1_500_01, ""), "contracts.deposit_held")
		got := x.Balances(b)
		if got["211张三"] != -1_500_00 || got["102"] != 2_000_00 || got["504"]+got["504张三"] != -500_00 {
			t.Errorf("in part refunded and kept: %v", got)
		}
		if rows := x.dues(c.Ref()); rows[0].Paid != 0 {
			t.Errorf("a deposit settles no instalment: %+v", rows)
		}
		x.See(accountant, Address(c.Ref())).Is(http.StatusOK, "1,500.00 yuan held", "deposit-refund",
			"deposit-keep",
			"领条1")
		x.Post(accountant, Address(c.Ref())+"/deposit-refund", "version", fmt.Sprint(c.Version), "on",
			"2026-01-05",
			"amount", "1500", "cash", "1").Is(http.StatusConflict) // there is no cash in the books
		x.Post(accountant, Address(c.Ref())+"/deposit-refund", "version", fmt.Sprint(c.Version), "on",
			"2026-01-05",
			"amount", "1500").Is(http.StatusSeeOther)
		x.See(accountant, Address(c.Ref())).Is(http.StatusOK, "!deposit-refund", "deposit-receive")
		_, body := x.Call(accountant, http.MethodPost, fmt.Sprintf("/contracts/%d/%d/deposits", c.Home,
			c.ID),
			fmt.Sprintf(`{"version":%d,"on":"2026-01-05","kind":"received","amount":10000}`, c.Version+1))
		if body["deposit_held"] != float64(10000) {
			t.Errorf("%v", body)
		}
	})
}

// TestWhatTheCollectiveBuys: instalments are owed by it, payments leave the bank, and nobody is in arrears.
func TestWhatTheCollectiveBuys(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		income := x.enter("天台村", shop())
		_, err := x.Receive(x.ctx, access.Machine, Payment{Act: x.act(income, ""), Amount: 12_000_00})
		x.must(err)
		e := shop()
		e.Kind, e.Name, e.Party, e.Objects = "construction", "蓄水池工程", "某建筑公司", nil
		e.Schedule[0].Fee = schedule.Fee{Amount: 50_000_00, Every: schedule.Once}
		c := x.enter("天台村", e)
		if got := x.Balances(b); got["153"]+got["153某建筑公司"] != 50_000_00 || got["211某建筑公司"] != -50_000_00 {
			t.Fatalf("what is built is owed: %v", got)
		}
		c, err = x.Receive(x.ctx, access.Machine, Payment{Act: x.act(c, "发票7"), Amount: 10_000_00})
		x.must(err)
		if got := x.Balances(b); got["211某建筑公司"] != -40_000_00 || got["102"] != 2_000_00 {
			t.Errorf("paid: %v", got)
		}
		_, err = x.WriteOff(x.ctx, access.Machine, GivingUp{Act: x.act(c, "证明"), Due: 1, Amount: 1,
			Decision: "决议",
			Approval: "批复"})
		x.refused(err, "contracts.write_off_owed")
		_, err = x.MoveDeposit(x.ctx, access.Machine, DepositMove{Act: x.act(c, ""),
			Kind:   record.DepositReceived,
			Amount: 1})
		x.refused(err, "contracts.deposit_pays")
		e.Kind = "building_lease"
		_, err = x.Amend(x.ctx, access.Machine, x.act(c, "更正"), e)
		x.refused(err, "contracts.direction")
		x.See(accountant, "/contracts?look=overdue").Is(http.StatusOK, "!蓄水池工程")
		x.See(accountant, Address(c.Ref())).Is(http.StatusOK, "The collective owes 40,000.00", "Pay",
			"!write-off")
		x.See(accountant, Address(c.Ref())+"/receive").Is(http.StatusOK, "The oldest debt is paid first")
		sum, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Summary, error) {
			return SummaryOf(v, x.own["天台村"].Ref(), x.host.Today())
		})
		x.must(err)
		if sum.Overdue != 0 || sum.Debtors != 0 {
			t.Errorf("what the collective owes is nobody's debt to it: %+v", sum)
		}
	})
}

// TestTheSaleOfACard: its price goes through the account of disposals, that of produce is income.
func TestTheSaleOfACard(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		e := shop()
		e.Kind, e.Schedule[0].Fee = "sale", schedule.Fee{Amount: 8_000_00, Every: schedule.Once}
		x.enter("天台村", e)
		e.Number, e.Objects, e.Party = "", nil, "李四"
		x.enter("天台村", e)
		got := x.Balances(b)
		if got["154"]+got["154张三"] != -8_000_00 || got["501"]+got["501李四"] != -8_000_00 {
			t.Errorf("%v", got)
		}
	})
}

// TestTheAgeing: bands, sums and pages against a plain sum over all instalments, for what is owed and owing.
func TestTheAgeing(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2024-01-01")
		var refs []Ref
		for i := range 7 {
			e := shop()
			e.Party, e.Signed = fmt.Sprint("租户", i), "2021-02-20"
			e.Schedule[0].From, e.Schedule[0].To = "2021-03-01", "2027-02-28"
			e.Schedule[0].Fee.Amount = money.Fen(i/2+1) * 1_000_00
			if i == 6 {
				e.Kind, e.Objects = "construction", nil
			}
			refs = append(refs, x.enter("天台村", e).Ref())
		}
		all := Ageing{Query: ageing.Query{Today: today, Limit: 2}, Organisation: x.own["天台村"].Ref()}
		var seen []Ref
		found, last := AgedFound{}, money.Fen(1<<60)
		for more := true; more; more = all.After != "" {
			x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
				found, err = AgeingOf(v, all)
				return err
			}))
			for _, a := range found.Rows {
				bands := a.Bands()
				sum := bands[1] + bands[2] + bands[3] + bands[4]
				if a.Owed != sum || a.Owed > last || a.Since != "2021-03-01" {
					t.Errorf("%+v", a)
				}
				seen, last = append(seen, a.Contract.Ref()), a.Owed
			}
			all.After = found.Next
		}
		want := record.Arrears{}
		for _, ref := range refs[:6] {
			want.Open += record.ArrearsOf(x.dues(ref), today).Open
		}
		if len(seen) != 6 || found.Total.Number != 6 || found.Total.Owed != want.Open {
			t.Errorf("%d rows, %+v, want %s", len(seen), found.Total, want.Open)
		}
		at := "/contracts/ageing"
		x.See(accountant, at).Is(http.StatusOK, "租户5", "!租户6", "Over three years")
		x.See(accountant, at+"?side=owing").Is(http.StatusOK, "租户6", "!租户5")
		x.See(accountant, at+"?q=%E7%A7%9F%E6%88%B73&band=4").Is(http.StatusOK, "租户3", "!租户5")
		x.See(leader, at).Is(http.StatusOK, "租户5")
		x.See(stranger, at).Is(http.StatusOK, "!租户5")
		x.See(accountant, at+"?format=xlsx").Is(http.StatusOK, "PK")
		x.See("county_officer@青山区", "/api/v1/receivables?limit=2").Is(http.StatusOK, `"over_3_years":`,
			`"next":`)
	})
}

// TestVerifyNamesWhatIsUnpaidWrongly: an amount, a row that is gone and one that turned to the other side.
func TestVerifyNamesWhatIsUnpaidWrongly(t *testing.T) {
	each(t, func(x *site) {
		var want []string
		home := x.own["天台村"].Home
		for i, text := range []string{"UPDATE contract_unpaid SET owed = owed + 1",
			"DELETE FROM contract_unpaid", "UPDATE contract_unpaid SET paying = NOT paying"} {
			e := shop()
			e.Number, e.Objects = fmt.Sprint("HT", i), nil
			ref := x.enter("天台村", e).Ref()
			storetest.Tamper(t, x.host.Store, text+" WHERE contract = ? AND number = 1", ref.ID)
			want = append(want, "contracts.verify.unpaid "+ref.String())
		}
		var got []string
		x.must(x.checkAll(x.ctx, func(f fault.Finding) {
			got = append(got, fmt.Sprint(f.Key, " ",
				f.Args[0]))
		}))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("verify says %v, not %v", got, want)
		}
		x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
			return noteUnpaid(tx, home, 1,
				1<<40)
		}))
	})
}

// TestDepositsHoldTheirSum: whatever order deposits come, go back and are kept in, what is held is never
// below nothing and is what came in less what left.
func TestDepositsHoldTheirSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var moves []Deposit
		held := money.Fen(0)
		for range rapid.IntRange(0, 20).Draw(t, "moves") {
			amount := money.Fen(rapid.Int64Range(1, 1e6).Draw(t, "amount"))
			kind := rapid.SampledFrom([]record.DepositKind{record.DepositReceived, record.DepositRefunded,
				record.DepositKept}).Draw(t, "kind")
			if kind != record.DepositReceived && amount > held {
				continue
			}
			moves = append(moves, Deposit{Kind: kind, Amount: amount})
			if held -= amount; kind == record.DepositReceived {
				held += 2 * amount
			}
			if record.Held(moves) != held || held < 0 {
				t.Fatalf("%s held after %+v", record.Held(moves), moves)
			}
		}
	})
}
