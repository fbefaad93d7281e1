package accruals_test

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/accruals"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

type county struct {
	apptest.County
	t     *testing.T
	check inventory.Check
	book  ledger.Book
}

// each opens a county whose first check is being counted, with books of that village from 2025-01-01 in
// which the two fixed assets of its cards stand.
func each(t *testing.T, fn func(*county)) {
	t.Helper()
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		x := &county{County: apptest.OpenCounty(t, city), t: t}
		x.check = x.Checks()[0]
		var err error
		x.book, err = x.Ledger.OpenBook(t.Context(), access.Machine, ledger.Opening{
			Organisation: registry.Ref{Home: x.check.Home, ID: x.check.Organisation}, Chart: "2024",
			From: "2025-01-01"})
		x.Must(err)
		x.post("2025-01-01", book.Posting{Account: "151", Amount: 730_000_00},
			book.Posting{Account: "301", Amount: -730_000_00})
		fn(x)
		x.prove()
	})
}

func (x *county) post(day period.Date, lines ...book.Posting) {
	x.t.Helper()
	x.Must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) error {
		_, _, err := x.Ledger.PostFor(tx, access.Machine, ledger.Draft{Book: x.book.Ref(), Date: day,
			Summary: "期初", Postings: lines})
		return err
	}))
}

// prove runs the module's check and the ledger's.
func (x *county) prove() {
	x.t.Helper()
	for _, check := range x.Accruals.Module().Checks {
		x.Must(check.Run(x.t.Context(), func(f fault.Finding) { x.t.Errorf("verify: %s", f) }))
	}
}

// balances are what stands on the accounts of the books on a day.
func (x *county) balances(on period.Date) map[string]money.Fen {
	x.t.Helper()
	all := map[string]money.Fen{}
	x.Must(x.Host.Store.View(x.t.Context(), func(v *store.View) error {
		list, err := ledger.Balances(v, x.book.Ref(), on)
		clear(all)
		for _, one := range list {
			all[one.Account] += one.Amount
		}
		return err
	}))
	return all
}

// pump is a machine with 1,000.00 of cost, five per cent of salvage and ten years of life.
func (x *county) pump() assets.Asset {
	x.t.Helper()
	a, err := x.Assets.Acquire(x.t.Context(), access.Machine, assets.Acquisition{Card: assets.Asset{
		Home: x.check.Home, Organisation: x.check.Organisation, Place: x.check.Place, Name: "抽水泵",
		Form: "fixed", Kind: "machine", Category: "production", Class: assets.Operating, Origin: "own",
		Title: assets.Clear, UseState: "self", Acquired: "2025-03-31", Cost: 1_000_00, Salvage: 50_00,
		Method: depreciation.StraightLine, Months: 120, InUse: "2025-03-31"}, Document: "凭证1号"})
	x.Must(err)
	return a
}

// TestMissedMonthsAreCaughtUpOnce: the example of the card, nine months by the end of the year.
func TestMissedMonthsAreCaughtUpOnce(t *testing.T) {
	each(t, func(x *county) {
		x.pump()
		x.Clock.Set("2025-07-15")
		n, err := x.Accruals.Depreciate(t.Context(), access.Machine, x.book.Ref())
		x.Must(err)
		if n != 6 { // January to June; three of them with something to post
			t.Errorf("%d months posted", n)
		}
		if got := x.balances("2025-07-31"); got["152"] != -23_75 || got["511"] != 23_75 {
			t.Errorf("three months are %v", got)
		}
		x.Clock.Set("2026-01-05")
		x.Must(x.Accruals.DepreciateHome(t.Context(), x.book.Home, nil))
		x.Must(x.Accruals.DepreciateHome(t.Context(), x.book.Home, nil))
		if got := x.balances("2025-12-31"); got["152"] != -71_25 || got["511"] != 71_25 {
			t.Errorf("nine months are %v", got)
		}
		months, err := store.Read(t.Context(), x.Host.Store, func(v *store.View) ([]accruals.Month, error) {
			return accruals.MonthsOf(v, x.book.Ref())
		})
		if err != nil || len(months) != 12 || months[2].Voucher != 0 || months[3].Amount != 7_92 {
			t.Errorf("%+v %v", months, err)
		}
	})
}

// TestWhatPeopleDepreciatedIsNotWrittenOffTwice: books that came with depreciation of their own go on after
// it; what somebody adds by hand later does not stop the program.
func TestWhatPeopleDepreciatedIsNotWrittenOffTwice(t *testing.T) {
	each(t, func(x *county) {
		x.pump()
		wear := func(day period.Date, amount money.Fen) {
			x.post(day, book.Posting{Account: "511", Amount: amount},
				book.Posting{Account: "152", Amount: -amount})
		}
		wear("2025-06-28", 23_75) // the second quarter, in one voucher
		x.Clock.Set("2025-09-05")
		n, err := x.Accruals.Depreciate(t.Context(), access.Machine, x.book.Ref())
		x.Must(err)
		if got := x.balances("2025-09-05"); n != 2 || got["152"] != -39_58 {
			t.Errorf("%d months posted, %v", n, got)
		}
		x.Clock.Set("2025-10-09")
		wear("2025-10-09", 1_00) // a correction
		x.Clock.Set("2025-12-05")
		if n, err = x.Accruals.Depreciate(t.Context(), access.Machine, x.book.Ref()); err != nil || n != 3 {
			t.Errorf("%d months after a correction, %v", n, err)
		}
		if got := x.balances("2025-12-05"); got["152"] != -64_33 {
			t.Errorf("at last %v", got)
		}
	})
}

// TestAClosedMonthIsBookedInTheFirstOpenOne: nothing is posted into what is closed, and nothing is lost.
func TestAClosedMonthIsBookedInTheFirstOpenOne(t *testing.T) {
	each(t, func(x *county) {
		x.pump()
		x.Clock.Set("2025-07-15")
		for _, month := range []string{"2025-01", "2025-02", "2025-03", "2025-04"} {
			_, err := x.Ledger.Close(t.Context(), access.Machine, x.book.Ref(), month)
			x.Must(err)
		}
		_, err := x.Accruals.Depreciate(t.Context(), access.Machine, x.book.Ref())
		x.Must(err)
		if got := x.balances("2025-04-30"); got["152"] != 0 {
			t.Errorf("April is closed: %v", got)
		}
		if got := x.balances("2025-05-31"); got["152"] != -15_83 {
			t.Errorf("April and May: %v", got)
		}
	})
}

// approve counts a missing warehouse and a pump that stood on no card, and takes the check to its
// approval.
func (x *county) approve() {
	x.t.Helper()
	k, ctx := x.check, x.t.Context()
	accountant := x.As("accountant", x.Village(k))
	x.Must(x.Inventory.SetTeam(ctx, accountant, k.Ref(), apptest.Team))
	here := inventory.Entry{Latitude: 29_562849, Longitude: 106_551643}
	gone, found := here, here
	gone.Verdict, gone.UseState = count.Loss, "self"
	_, err := x.Inventory.Count(ctx, accountant, k.Ref(), 1, gone)
	x.Must(err)
	found.Photo = x.Photo()
	found.Verdict, found.Counted, found.UseState, found.Class, found.Kind = count.Gain, 9_000_00, "idle",
		assets.Operating, "tool"
	_, err = x.Inventory.Add(ctx, accountant, k.Ref(), inventory.RowEntry{Form: "fixed", Name: "抽水机",
		Entry: found})
	x.Must(err)
	x.Must(x.Inventory.CarryForward(ctx, accountant, k.Ref(), x.Check(k.ID).Version))
	x.Must(x.Do(x.Check(k.ID), accountant, flow.Act{Verb: flow.Submit}))
	x.Must(x.Do(x.Check(k.ID), accountant, flow.Act{Verb: flow.Post}))
	x.Pass("2026-01-05")
	_, err = x.Campaigns.DrawSample(ctx, x.As("county-auditor", 1), x.Home, x.Year)
	x.Must(err)
	x.Confirm(k)
	x.Explain(k)
	x.Approve(k)
	x.check = x.Check(k.ID)
}

func (x *county) compare() accruals.Comparison {
	x.t.Helper()
	c, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (accruals.Comparison, error) {
		c, found, err := x.Accruals.Compare(v, x.owner(), 2025)
		if err == nil && !found {
			x.t.Error("there is nothing to compare")
		}
		return c, err
	})
	x.Must(err)
	return c
}

// TestTheCheckComesIntoTheBooks: through the pending account and off it again, and then both agree.
func TestTheCheckComesIntoTheBooks(t *testing.T) {
	each(t, func(x *county) {
		q := accruals.Deciding{Check: x.check.Ref(), Decision: "决议3", Document: "镇备案5",
			Claims: []accruals.Claim{{Row: 1, Amount: 50_000_00, Party: "王保管", Member: true}}}
		_, err := x.Accruals.Settle(t.Context(), access.Machine, q)
		x.Refused(err, "accruals.not_approved")
		x.approve()
		if c := x.compare(); c.Differing == 0 {
			t.Error("before the check is booked they differ")
		}
		wrong := q
		wrong.Claims = []accruals.Claim{{Row: 1, Amount: 250_000_01, Party: "王保管"}}
		_, err = x.Accruals.Settle(t.Context(), access.Machine, wrong)
		x.Refused(err, "accruals.claim")
		wrong.Claims, wrong.Decision = nil, " "
		_, err = x.Accruals.Settle(t.Context(), access.Machine, wrong)
		x.Refused(err, "accruals.undecided")
		done, err := x.Accruals.Settle(t.Context(), access.Machine, q)
		x.Must(err)
		if done.Day != "2025-12-31" || done.Gain != 9_000_00 || done.Loss != 250_000_00 ||
			done.LeftOver != 0 {
			t.Errorf("%+v", done)
		}
		got := x.balances("2025-12-31")
		want := map[string]money.Fen{"151": 489_000_00, "181": 0, "113": 50_000_00, "515": 200_000_00,
			"311": -9_000_00, "301": -730_000_00} // the first check: into the reserve
		for account, amount := range want {
			if got[account] != amount {
				t.Errorf("account %s has %s, want %s", account, got[account], amount)
			}
		}
		for _, l := range x.compare().Lines {
			if l.Key == "fixed" && (l.Difference != 0 || l.Books != 489_000_00) {
				t.Errorf("fixed assets: %+v", l)
			}
			if l.Key == "receivable" && (l.Difference != 50_000_00 || l.Books != 50_000_00) {
				t.Errorf("the claim is in the books and was not counted: %+v", l)
			}
		}
		_, err = x.Accruals.Settle(t.Context(), access.Machine, q)
		x.Refused(err, "accruals.booked")
	})
}

// TestThePage: what is due, what the check found, and where both differ, for those who may.
func TestThePage(t *testing.T) {
	each(t, func(x *county) {
		x.pump()
		x.approve()
		head := x.SignIn(apptest.Login("head", x.Village(x.check)))
		path := accruals.Address(x.owner().Home, x.owner().ID) + "?year=2025"
		code, body := head.Get(path)
		for _, text := range []string{"2025-04", "待计提", "盘亏", "仓库", "账实核对"} {
			if code != 200 || !strings.Contains(body, text) {
				t.Errorf("the page answers %d without %s", code, text)
			}
		}
		accountant := x.SignIn(apptest.Login("accountant", x.Village(x.check)))
		if code, body := accountant.Get(path); code != 200 || strings.Contains(body, "/settle") {
			t.Errorf("who may not post is offered it (%d)", code)
		}
	})
}

// owner names the organisation under test.
func (x *county) owner() registry.Ref {
	return registry.Ref{Home: x.check.Home, ID: x.check.Organisation}
}
