package registry

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// approval is one that is in order.
var approval = Approval{On: "2025-12-20", Approved: "2025-12-15", Document: "青府函〔2025〕8号"}

// links are the successions of an organisation.
func (x *site) links(ref Ref) []Link {
	x.t.Helper()
	list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Link, error) {
		return LinksOf(v,
			ref)
	})
	x.must(err)
	return list
}

// TestMerge: those that end stay readable, their offices end, the target goes on with the members of
// all; what is refused changes nothing.
func TestMerge(t *testing.T) {
	each(t, func(x *site) {
		into, from, third := x.enter("天台村", 1), x.enter("小溪村", 2), x.enter("龙泉村", 3)
		group, far := x.enter("天台村一组", 4), x.enter("三清村", 5)
		x.must(x.appoint(from.Ref(), Chair, "张三", "2025-01-01"))
		merge := func(a Approval, sources ...int64) error {
			return x.Merge(x.ctx, x.officer(), into.Ref(), sources, a)
		}
		x.refused(merge(approval), "registry.nothing_to_merge")
		x.refused(merge(approval, group.ID), "registry.merge_level")
		x.refused(merge(approval, into.ID), "registry.merge_level")
		x.refused(merge(approval, from.ID, from.ID), "registry.ended")
		x.refused(merge(approval, 99), "access.outside")
		x.refused(x.Merge(x.ctx, x.actor("county_officer", "白水区"), into.Ref(), []int64{from.ID}, approval),
			"access.outside")
		x.refused(x.Merge(x.ctx, x.actor("township_reviewer", "白涛镇"), into.Ref(), []int64{from.ID},
			approval),
			"access.forbidden")
		if got := x.get(from.Ref()); got.Status != Active {
			t.Fatalf("a refusal changed %+v", got)
		}
		x.must(merge(approval, from.ID, third.ID))
		got, ended := x.get(into.Ref()), x.get(from.Ref())
		if got.Status != Active || got.Members != 900 || ended.Status != Merged ||
			ended.Ended != approval.On {
			t.Errorf("merged: %+v, %+v", got, ended)
		}
		if p := x.people(from.Ref())[0]; p.Until != approval.On {
			t.Errorf("the chair of what ended stays until %s", p.Until)
		}
		if l := x.links(from.Ref()); len(l) != 1 || l[0].Target != into.ID || l[0].Share != WholeShare {
			t.Errorf("links: %+v", l)
		}
		x.refused(merge(approval, from.ID), "registry.ended")
		_, err := x.Amend(x.ctx, x.officer(), ended)
		x.refused(err, "registry.ended")
		x.refused(x.appoint(from.Ref(), Keeper, "李四", "2026-01-01"), "registry.ended")
		if x.get(far.Ref()).Status != Active {
			t.Error("somebody else ended")
		}
		x.enter("小溪村", 12) // the place is free again
	})
}

// TestApprovals: days in order, a document, creditors within ten days.
func TestApprovals(t *testing.T) {
	for _, c := range []struct {
		spoil  func(*Approval)
		column string
	}{
		{func(*Approval) {}, ""},
		{func(a *Approval) { a.Told = "2025-12-25" }, ""},
		{func(a *Approval) { a.Told = "2025-12-26" }, "told"},
		{func(a *Approval) { a.Told = "2025-12-14" }, "told"},
		{func(a *Approval) { a.Approved = "2026-01-06"; a.On = a.Approved }, "approved"},
		{func(a *Approval) { a.Approved = "" }, "approved"},
		{func(a *Approval) { a.On = "2025-12-14" }, "on"},
		{func(a *Approval) { a.On = "2026-01-06" }, "on"},
		{func(a *Approval) { a.Document = " " }, "document"},
	} {
		a := approval
		c.spoil(&a)
		err := a.check(today)
		if c.column == "" {
			if err != nil {
				t.Errorf("%+v: %v", a, err)
			}
			continue
		}
		if f := fault.Of(err); f == nil || f.Findings[0].Column != c.column {
			t.Errorf("%+v: %v, want a finding at %s", a, err, c.column)
		}
	}
}

// TestDivide: the shares sum to one, a successor may keep the code, origins are named.
func TestDivide(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		piece := func(place, code string, share int64) Piece {
			return Piece{x.entry(place, place+"经济合作社", code), share}
		}
		one, two := piece("天台村", o.Code, 6_000), piece("小溪村", credit(division.Village, 2), 4_000)
		divide := func(pieces ...Piece) error {
			return x.Divide(x.ctx, x.officer(), o.Ref(), pieces, approval)
		}
		less, none := two, two
		less.Share, none.Share = 3_999, 0
		for _, wrong := range [][]Piece{{}, {one}, {one, less}, {one, two, none}, {one, two, two}} {
			x.refused(divide(wrong...), "registry.shares")
		}
		err := divide(one, piece("三清村", credit(division.Village, 3), 4_000))
		if f := fault.Of(err); f == nil || f.Code != fault.NotFound {
			t.Errorf("a successor outside the officer's county: %v", err)
		}
		err = divide(one, piece("小溪村", "N2500102MF0000013F", 4_000))
		if f := fault.Of(err); f == nil || len(f.Findings) != 1 || f.Findings[0].Row != 2 {
			t.Errorf("a wrong code in the second successor: %v", err)
		}
		err = divide(one, piece("天台村一组", credit(division.Group, 3), 4_000))
		if f := fault.Of(err); f == nil || len(f.Findings) != 1 ||
			f.Findings[0].Key != "registry.wrong.divide_level" {
			t.Errorf("a successor of another level: %v", err)
		}
		x.must(divide(one, two))
		if got := x.get(o.Ref()); got.Status != Divided || got.Ended != approval.On {
			t.Errorf("divided: %+v", got)
		}
		var total int64
		for _, l := range x.links(o.Ref()) {
			next := x.get(Ref{l.Home, l.Target})
			if total += l.Share; next.Status != Active || next.Established != approval.On {
				t.Errorf("a successor is %+v", next)
			}
		}
		if total != WholeShare {
			t.Errorf("the shares sum to %d", total)
		}
		if found, ok, err := byCode(x, o.Code); err != nil || !ok || found.ID == o.ID {
			t.Errorf("the code leads to %+v (%v)", found, err)
		}
	})
}

// TestTell: the day on which creditors were told is entered once, within ten days.
func TestTell(t *testing.T) {
	each(t, func(x *site) {
		into, from := x.enter("天台村", 1), x.enter("小溪村", 2)
		x.must(x.Merge(x.ctx, x.officer(), into.Ref(), []int64{from.ID}, approval))
		link := x.links(into.Ref())[0]
		tell := func(on period.Date) error { return x.Tell(x.ctx, x.officer(), link.Home, link.ID, on) }
		x.refused(tell(""), "registry.telling")
		x.refused(tell("2025-12-26"), "registry.telling")
		x.refused(x.Tell(x.ctx, x.actor("county_officer", "白水区"), link.Home, link.ID, "2025-12-18"),
			"access.outside")
		x.must(tell("2025-12-18"))
		x.refused(tell("2025-12-19"), "registry.told_already")
		if got := x.links(from.Ref())[0]; got.Told != "2025-12-18" {
			t.Errorf("told: %+v", got)
		}
	})
}
