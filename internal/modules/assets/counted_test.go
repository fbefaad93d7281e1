package assets

import (
	"maps"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestTwinsOf: a parcel or certificate on another live card is told, in the organisation or outside it;
// a card that is gone has no twin and is none.
func TestTwinsOf(t *testing.T) {
	each(t, func(w *world) {
		first, second, alone := w.pump("天台村"), w.pump("天台村"), w.pump("天台村")
		first.Certificate, second.Certificate, alone.Certificate = "渝房1号", "渝房1号", "渝房2号"
		first, second, alone = w.acquire(first), w.acquire(second), w.acquire(alone)
		field, other := w.pond("天台村"), w.pond("小溪村")
		field.Parcel, other.Parcel = "5001010010010000001", "5001010010010000001"
		field, other = w.acquire(field), w.acquire(other)
		look := func() map[int64]string {
			twins, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (map[int64]string, error) {
				return TwinsOf(v, first.Home, first.Organisation)
			})
			w.must(err)
			return twins
		}
		want := map[int64]string{first.ID: second.Name, second.ID: first.Name, field.ID: other.Name}
		if got := look(); !maps.Equal(got, want) {
			t.Errorf("the twins are %v, not %v", got, want)
		}
		w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
			gone := []Counted{{Ref: second.Ref(), On: today, Gone: true}}
			return ApplyAllCounted(tx, access.Machine, first.Home, first.Organisation, gone)
		}))
		if got := look(); len(got) != 1 || got[field.ID] == "" {
			t.Errorf("after one is gone: %v", got)
		}
	})
}

// TestManyCountedAtOnce: each card follows what was counted of it, also one that is not live any more, and
// one of which nothing differs stays as it is.
func TestManyCountedAtOnce(t *testing.T) {
	each(t, func(w *world) {
		a, b, c := w.acquire(w.pump("天台村")), w.acquire(w.pump("天台村")), w.acquire(w.pump("天台村"))
		as := func(x Asset) Counted {
			return Counted{Ref: x.Ref(), On: "2025-12-31", Cost: x.Cost, Area: x.Area, UseState: x.UseState,
				LandUse: x.LandUse, Keeper: x.Custodian, Document: "check/1"}
		}
		apply := func(all ...Counted) {
			w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
				return ApplyAllCounted(tx, access.Machine, a.Home, a.Organisation, all)
			}))
		}
		more, lost, same := as(a), as(b), as(c)
		more.Cost, lost.Gone = a.Cost+100, true
		apply(more, lost, same)
		if got := w.get(a.Ref()); got.Cost != a.Cost+100 {
			t.Errorf("the first costs %v", got.Cost)
		}
		if got := w.get(b.Ref()); got.State != Disposed {
			t.Errorf("the second is %v", got.State)
		}
		if got := w.get(c.Ref()); got.Version != c.Version {
			t.Error("a card of which nothing differs was written")
		}
		again := lost
		again.Keeper = "甲"
		apply(again)
		if got := w.get(b.Ref()); got.Custodian != "甲" {
			t.Errorf("one that is gone did not follow: %+v", got)
		}
	})
}
