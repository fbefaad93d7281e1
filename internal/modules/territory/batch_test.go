package territory

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// batch changes histories in a transaction of its own, as an edition does, and tells whether place_path
// shows the tree afterwards.
func (f *fixture) batch(on period.Date, change func(*history.Facts), codes ...string) (shows bool) {
	f.t.Helper()
	places := make([]int64, len(codes))
	for i, c := range codes {
		places[i] = f.id(c)
	}
	f.must(f.host.Store.Write(f.ctx, func(tx *store.Tx) error {
		b, err := f.Batch(tx)
		if err != nil {
			return err
		}
		event, err := b.NewEvents(1)
		if err != nil {
			return err
		}
		if err := b.Tell([]Event{{ID: event, Kind: Publishing, Effective: on}}); err != nil {
			return err
		}
		found, err := b.Histories(places)
		if err != nil {
			return err
		}
		for _, place := range places {
			var next []history.State
			if change == nil {
				next, err = history.End(found[place].States, on)
			} else {
				next, err = history.Amend(found[place].States, on, event, change)
			}
			if err != nil {
				return err
			}
			b.Rewrite(found[place], next)
		}
		if err := b.Done(); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "test.changed"})
		return err
	}))
	f.Changed()
	state, err := store.Read(f.ctx, f.host.Store, func(v *store.View) (treeState, error) {
		return readTreeState(v)
	})
	f.must(err)
	return state.Shown == state.Changes
}

// TestABatchKeepsThePathsUnlessPlacesMove: the fixture's checks prove place_path at the end.
func TestABatchKeepsThePathsUnlessPlacesMove(t *testing.T) {
	each(t, func(f *fixture) {
		f.take("2016-07-31", placetest.Sample)
		rename := func(x *history.Facts) { x.Name += "子" }
		if !f.batch("2018-01-01", rename, "500102103201", "500102103000", "500228101201") {
			t.Error("a rename moves nothing")
		}
		if !f.batch("2019-01-01", nil, "500102103202", "500102103203") {
			t.Error("places that end and hold nothing move nothing")
		}
		town := f.id("500102001000")
		if f.batch("2020-01-01", func(x *history.Facts) { x.Parent = town }, "500102103204") {
			t.Error("a place has moved and place_path claims to show it")
		}
		f.must(f.Settle(f.ctx))
		if !f.batch("2030-01-01", nil, "500102103201") {
			t.Error("what ends in the future stands today")
		}
	})
}

func TestABatchNoticesWhatIsLeftInside(t *testing.T) {
	f := onSQLite(t)
	f.take("2016-07-31", placetest.Sample)
	if f.batch("2018-01-01", nil, "500102103000") {
		t.Error("villages lie in what is gone, and place_path claims to show them")
	}
}

// TestHistoriesReadAhead hold until somebody else changes a place.
func TestHistoriesReadAhead(t *testing.T) {
	each(t, func(f *fixture) {
		f.take("2016-07-31", placetest.Sample)
		village := f.id("500102103201")
		read, err := f.ReadAhead(f.ctx, []int64{village})
		f.must(err)
		if len(read.Histories[village].States) != 1 {
			t.Errorf("%+v", read)
		}
		holds := func(own int64) (ok bool, change int64) {
			f.must(f.host.Store.Write(f.ctx, func(tx *store.Tx) error {
				b, err := f.Batch(tx)
				if err != nil {
					return err
				}
				ok, change = b.Holds(read, own), b.Change()
				if err := b.Done(); err != nil {
					return err
				}
				_, err = tx.Record(store.Event{Home: store.City, Kind: "test.changed"})
				return err
			}))
			return ok, change
		}
		ok, mine := holds(0)
		if !ok {
			t.Error("nobody has changed anything")
		}
		if ok, _ := holds(mine - 1); ok {
			t.Error("the change before was not the caller's")
		}
		read, err = f.ReadAhead(f.ctx, []int64{village})
		f.must(err)
		_, mine = holds(0)
		if ok, mine = holds(mine); !ok {
			t.Error("only the caller itself has changed something")
		}
		if ok, _ = holds(mine); ok {
			t.Error("two changes lie between")
		}
	})
}

// TestAroundAgreesWithTheTree: around every place, on every day that matters.
func TestAroundAgreesWithTheTree(t *testing.T) {
	each(t, func(f *fixture) {
		f.take("2016-07-31", placetest.Sample)
		county := f.id("500228000000")
		f.batch("2019-01-01", func(x *history.Facts) { x.Parent = county }, "500102103000")
		f.must(f.Settle(f.ctx))
		for _, on := range []period.Date{"2016-07-30", "2016-07-31", "2018-12-31", "2019-01-01",
			testToday} {
			tr, err := f.At(f.ctx, on)
			f.must(err)
			for n := range tree.Node(tr.Len()) {
				p, err := f.Place(f.ctx, tr.ID(n), on)
				f.must(err)
				got, err := f.Around(f.ctx, p)
				f.must(err)
				want := Around{Trail: TrailText(tr, n), Villages: tr.Leaves(n, division.Village),
					Children: len(notGrouping(tr, n))}
				if got != want {
					t.Errorf("%s on %s: %+v, the tree says %+v", p.Name, on, got, want)
				}
			}
		}
		p, err := f.Place(f.ctx, county, "2015-01-01")
		f.must(err)
		if got, err := f.Around(f.ctx, p); err != nil || got != (Around{}) {
			t.Errorf("before it stood: %+v, %v", got, err)
		}
	})
}

// notGrouping are the nodes directly below one, those of groupings in their place.
func notGrouping(t *tree.Tree, n tree.Node) (all []tree.Node) {
	for c := range t.Children(n) {
		if t.Kind(c) == division.Grouping {
			all = append(all, notGrouping(t, c)...)
		} else {
			all = append(all, c)
		}
	}
	return all
}
