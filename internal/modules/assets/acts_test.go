package assets

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestAcquire: a card takes its depreciation from the pack, its place from its owner, and stands in the
// history with the event that proves it.
func TestAcquire(t *testing.T) {
	each(t, func(w *world) {
		a, err := w.Acquire(w.ctx, w.accountant(), Acquisition{w.pump("天台村"), "凭证7号"})
		w.must(err)
		if a.Method != depreciation.StraightLine || a.Months != 120 || a.Salvage != 5_000 ||
			a.InUse != a.Acquired {
			t.Errorf("depreciation of a machine is %s over %d months to %v since %s", a.Method, a.Months,
				a.Salvage,
				a.InUse)
		}
		if a.Place != w.place["天台村"] || a.Number == "" || a.Version != 1 {
			t.Errorf("made %+v", a)
		}
		if book := a.Book("2025-12-31"); book != 100_000-9*95_000/120 { // nine months from April
			t.Errorf("net at the end of 2025 is %v", book)
		}
		h := w.history(a.Ref())
		if len(h) != 1 || h[0].Kind != "acquired" || h[0].Event == 0 || h[0].Document != "凭证7号" ||
			h[0].Actor != 7 {
			t.Errorf("history %+v", h)
		}
	})
}

func TestAcquireRefuses(t *testing.T) {
	each(t, func(w *world) {
		for name, c := range map[string]struct {
			change func(*Asset)
			field  string
		}{
			"no name":      {func(a *Asset) { a.Name = " " }, "name"},
			"unknown form": {func(a *Asset) { a.Form = "cash" }, "form"},
			"land as operating": {func(a *Asset) {
				a.Form, a.Category, a.Kind = FormResource, categoryLand,
					"arable"
			}, "class"},
			"a pump as resource": {func(a *Asset) { a.Class = Resource }, "class"},
			"a pump as land":     {func(a *Asset) { a.Category = categoryLand }, "category"},
			"a class of land":    {func(a *Asset) { a.Kind = "arable" }, "fixed_kind"},
			"negative cost":      {func(a *Asset) { a.Cost = -1 }, "cost"},
			"salvage above cost": {func(a *Asset) {
				a.Method, a.Months, a.Salvage = "straight_line", 12,
					a.Cost+1
			}, "salvage"},
			"no life": {func(a *Asset) { a.Method = "straight_line" }, "life_months"},
			"too much written": {func(a *Asset) {
				a.Method, a.Months, a.Base = "straight_line", 12,
					a.Cost+1
			}, "written_off"},
			"tomorrow":    {func(a *Asset) { a.Acquired = today.AddDays(1) }, "acquired"},
			"no such day": {func(a *Asset) { a.Acquired = "2025-02-29" }, "acquired"},
			"term backwards": {func(a *Asset) { a.TermFrom, a.TermTo = "2025-02-01", "2025-01-01" },
				"term_to"},
			"in the ocean": {func(a *Asset) { a.Latitude, a.Longitude = 29_000_000, 1 }, "latitude"},
			"long name":    {func(a *Asset) { a.Name = string(make([]rune, NameMax+1)) }, "name"},
		} {
			a := w.pump("天台村")
			c.change(&a)
			_, err := w.Acquire(w.ctx, w.accountant(), Acquisition{a, ""})
			t.Log(name)
			w.refused(err, "assets.invalid", c.field)
		}
		pond := w.pond("天台村")
		pond.Area = 0
		_, err := w.Acquire(w.ctx, w.accountant(), Acquisition{pond, ""})
		w.refused(err, "assets.invalid", "area")
		pond.Area, pond.Method, pond.Months, pond.InUse = 100, depreciation.StraightLine, 12, "2025-01-01"
		_, err = w.Acquire(w.ctx, w.accountant(), Acquisition{pond, ""})
		w.refused(err, "assets.invalid", "method")
		_, err = w.Acquire(w.ctx, w.accountant(), Acquisition{w.pump("小溪村"), ""})
		w.refused(err, "access.outside", "")
		_, err = w.Acquire(w.ctx, w.actor("township_reviewer", "白涛镇"), Acquisition{w.pump("小溪村"), ""})
		w.refused(err, "access.forbidden", "")
		first := w.pump("天台村")
		first.Number = "A1"
		w.acquire(first)
		_, err = w.Acquire(w.ctx, w.accountant(), Acquisition{first, ""})
		w.refused(err, "assets.invalid", "number")
	})
}

// TestActsKeepTheirRules: stale versions, days, documents, ended cards.
func TestActsKeepTheirRules(t *testing.T) {
	each(t, func(w *world) {
		a := w.acquire(w.pump("天台村"))
		q := now(a)
		q.Version = 9
		_, err := w.Amend(w.ctx, w.accountant(), q, a.Description())
		w.refused(err, "store.stale", "")
		for _, day := range []period.Date{"", "2025-03-30", today.AddDays(1), "2025-02-30"} {
			q = now(a)
			q.On = day
			_, err = w.Revalue(w.ctx, w.accountant(), Revaluation{Act: q, Cost: 1, Months: 1})
			w.refused(err, "assets.invalid", "on")
		}
		q = now(a)
		q.Document = " "
		_, err = w.Revalue(w.ctx, w.accountant(), Revaluation{Act: q, Cost: 1, Months: 1})
		w.refused(err, "assets.invalid", "document")
		_, err = w.End(w.ctx, w.accountant(), Disposal{now(a), "sale", 10})
		w.refused(err, "access.forbidden", "")
		_, err = w.End(w.ctx, w.keeper(), Disposal{now(a), "burnt", 10})
		w.refused(err, "assets.invalid", "manner")
		a, err = w.End(w.ctx, w.actor("county_officer", "青山区"), Disposal{now(a), "sale", 30_000})
		w.must(err)
		if a.State != Disposed || a.Ended != today || w.history(a.Ref())[0].Amount != 30_000 {
			t.Errorf("disposed of: %+v", a)
		}
		_, err = w.Amend(w.ctx, w.accountant(), now(a), a.Description())
		w.refused(err, "assets.ended", "")
		pond := w.acquire(w.pond("天台村"))
		_, err = w.End(w.ctx, w.keeper(), Disposal{now(pond), "sale", 0})
		w.refused(err, "assets.invalid", "manner")
		_, err = w.End(w.ctx, w.keeper(), Disposal{now(pond), "requisition", 0})
		w.must(err)
	})
}

// TestRevaluation touches no month that is past.
func TestRevaluation(t *testing.T) {
	each(t, func(w *world) {
		a := w.acquire(w.pump("天台村"))
		written := a.Accumulated(today)
		b, err := w.Revalue(w.ctx, w.accountant(), Revaluation{Act: now(a), Cost: 200_000, Salvage: 10_000,
			Months: 60})
		w.must(err)
		if b.Accumulated(today) != written || b.Accumulated("2099-12-31") != 190_000 {
			t.Errorf("written off %v, then %v; at the end %v", written, b.Accumulated(today),
				b.Accumulated("2099-12-31"))
		}
		if got := b.Plan().Month(mustPeriod("2026-02")); got != (190_000-written+30)/60 {
			t.Errorf("the first month writes off %v", got)
		}
	})
}

func mustPeriod(text string) period.Period {
	p, err := period.Parse(text)
	if err != nil {
		panic(err)
	}
	return p
}

// TestCountedKeepsThePast: an approved check that changes the cost does not rewrite what was written off.
func TestCountedKeepsThePast(t *testing.T) {
	each(t, func(w *world) {
		a := w.acquire(w.pump("天台村"))
		written := a.Accumulated("2025-12-31")
		w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
			return ApplyCounted(tx, access.Machine, Counted{Ref: a.Ref(), On: "2025-12-31", Cost: 150_000,
				UseState: "idle", Document: "check/1"})
		}))
		b := w.get(a.Ref())
		if b.Accumulated("2025-12-31") != written || b.Cost != 150_000 || b.UseState != "idle" {
			t.Errorf("was %v, is %v: %+v", written, b.Accumulated("2025-12-31"), b)
		}
		w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
			return ApplyCounted(tx, access.Machine, Counted{Ref: a.Ref(), On: today, Gone: true})
		}))
		if c := w.get(a.Ref()); c.State != Disposed || c.Cost != 150_000 {
			t.Errorf("gone: %+v", c)
		}
	})
}

// TestSplit: the parts sum to the whole in everything, name their origin, and go on as it would have.
func TestSplit(t *testing.T) {
	each(t, func(w *world) {
		rapid.Check(t, func(r *rapid.T) {
			whole := w.pump("天台村")
			whole.Cost = money.Fen(rapid.Int64Range(0, 1e9).Draw(r, "cost"))
			whole.Area, whole.AnnualFee = 12_345, 7
			whole.Acquired = "2020-01-31"
			if rapid.Bool().Draw(r, "by work") {
				whole.Method, whole.Work, whole.WorkDone = depreciation.Units, 1000, rapid.Int64Range(0,
					1000).Draw(r, "done")
				whole.InUse = whole.Acquired
			}
			a := w.acquire(whole)
			q := Split{Act: now(a)}
			q.On = period.Date("2020-01-31").AddDays(rapid.IntRange(0, 2100).Draw(r, "days"))
			for range rapid.IntRange(2, 5).Draw(r, "parts") {
				q.Parts = append(q.Parts, Part{Name: "部分", Share: rapid.Int64Range(1, 1e6).Draw(r,
					"share")})
			}
			list, err := w.Divide(w.ctx, w.accountant(), q)
			w.must(err)
			var sum Asset
			for _, p := range list {
				sum.Cost, sum.Salvage, sum.Base = sum.Cost+p.Cost, sum.Salvage+p.Salvage, sum.Base+p.Base
				sum.Area, sum.Quantity, sum.AnnualFee = sum.Area+p.Area, sum.Quantity+p.Quantity,
					sum.AnnualFee+p.AnnualFee
			}
			if sum.Cost != a.Cost || sum.Salvage != a.Salvage || sum.Base != a.Accumulated(q.On) ||
				sum.Area != a.Area ||
				sum.Quantity != a.Quantity || sum.AnnualFee != a.AnnualFee {
				r.Fatalf("%+v became %+v", a, sum)
			}
			for _, day := range []period.Date{"2026-12-31", "2029-06-30", "2040-01-01"} {
				var written money.Fen
				for _, p := range list {
					written += p.Accumulated(day)
				}
				if d := written - a.Accumulated(day); a.Method == depreciation.StraightLine &&
					(d > money.Fen(len(list)) || -d > money.Fen(len(list))) {
					r.Fatalf("by %s the whole had written off %v, the parts %v", day, a.Accumulated(day),
						written)
				}
			}
			if got := w.get(a.Ref()); got.State != StateSplit || got.Ended != q.On {
				r.Fatalf("the origin is %+v", got)
			}
		})
	})
}

// TestMove: the card goes on at the receiver, also in another home.
func TestMove(t *testing.T) {
	each(t, func(w *world) {
		a := w.acquire(w.pump("天台村"))
		to := w.own["三清村"].Ref()
		_, err := w.MoveTo(w.ctx, w.actor("county_officer", "青山区"), Move{now(a), to})
		w.refused(err, "access.outside", "")
		_, err = w.MoveTo(w.ctx, w.keeper(), Move{now(a), w.own["天台村"].Ref()})
		w.refused(err, "assets.invalid", "to")
		_, err = w.MoveTo(w.ctx, w.keeper(), Move{now(a), registry.Ref{Home: a.Home, ID: 999}})
		w.refused(err, "access.outside", "")
		b, err := w.MoveTo(w.ctx, w.actor("city_officer", "江城市"), Move{now(a), to})
		w.must(err)
		if b.Home != to.Home || b.Organisation != to.ID || b.Origin != a.Origin || b.State != Live {
			t.Errorf("received %+v", b)
		}
		for _, day := range []period.Date{today, "2027-05-31", "2050-01-01"} {
			if b.Accumulated(day) != a.Accumulated(day) {
				t.Errorf("by %s: %v there, %v here", day, b.Accumulated(day), a.Accumulated(day))
			}
		}
		old := w.get(a.Ref())
		if old.State != Transferred || old.Accumulated("2050-01-01") != a.Accumulated(today) {
			t.Errorf("the old card %+v", old)
		}
		for _, ref := range []Ref{a.Ref(), b.Ref()} {
			links, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]Link,
				error) {
				return LinksOf(v, ref)
			})
			w.must(err)
			if len(links) != 1 || links[0].Target != b.ID || links[0].SourceHome != a.Home {
				t.Errorf("links of %v: %+v", ref, links)
			}
		}
	})
}

// TestTwins: the same parcel, certificate, or name at the same position is told; the other card is
// named only to those who may read it.
func TestTwins(t *testing.T) {
	each(t, func(w *world) {
		a := w.pump("天台村")
		a.Certificate, a.Latitude, a.Longitude = "渝房1号", 29_563_010, 106_551_557
		a = w.acquire(a)
		b := w.pump("小溪村")
		b.Certificate, b.Latitude, b.Longitude = a.Certificate, a.Latitude+400, a.Longitude-400
		look := func(actor access.Actor, card Asset) []string {
			found, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (keys []string, err error) {
				list, err := w.Twins(v, actor, card)
				for _, f := range list {
					keys = append(keys, f.Key+" "+f.Column)
				}
				return keys, err
			})
			w.must(err)
			return found
		}
		if got := look(w.keeper(), b); len(got) != 2 || got[0] != "assets.twin certificate" ||
			got[1] != "assets.twin latitude" {
			t.Errorf("the county sees %v", got)
		}
		if got := look(w.actor("village_accountant", "小溪村"), b); len(got) != 2 ||
			got[0] != "assets.twin_elsewhere certificate" {
			t.Errorf("the neighbour sees %v", got)
		}
		b.Certificate, b.Latitude = "", a.Latitude+1000
		if got := look(w.keeper(), b); len(got) != 0 {
			t.Errorf("100 m apart: %v", got)
		}
		if got := look(w.keeper(), a); len(got) != 0 {
			t.Errorf("a card is its own twin: %v", got)
		}
	})
}

// TestChecksSeeWhatWasChangedBehindTheProgramsBack and totals that no longer add up.
func TestChecksSeeWhatWasChangedBehindTheProgramsBack(t *testing.T) {
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		a := w.acquire(w.pump("天台村"))
		w.Verify()
		storetest.Tamper(t, s, "UPDATE asset SET cost = 1, salvage = 2 WHERE home = ? AND id = ?", a.Home,
			a.ID)
		got := w.findings()
		if len(got) != 2 || got[0] != "assets.check.depreciation" || got[1] != "assets.check.total" {
			t.Errorf("found %v", got)
		}
	})
}

// TestWhatIsWrongWithAnActIsToldInOneOrder: that of the fields on the page.
func TestWhatIsWrongWithAnActIsToldInOneOrder(t *testing.T) {
	each(t, func(w *world) {
		long := strings.Repeat("长", TextMax+1)
		for range 20 {
			var got []string
			for _, f := range w.checkAct(Asset{}, Act{Document: long, Decision: long, Reason: long}) {
				got = append(got, f.Column)
			}
			if text := strings.Join(got, " "); text != "on document decision reason" {
				t.Fatal(text)
			}
		}
	})
}
