package ledger

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestTwoCheckers: two who check one draft at once: one decision, one clear conflict.
func TestTwoCheckers(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		for range 5 {
			v := w.enter(rent(b, "2025-03-10", 50_000))
			errs := make([]error, 2)
			var group sync.WaitGroup
			for i := range errs {
				group.Go(func() {
					_, errs[i] = w.Check(w.ctx, w.actor(int64(20+i), "delegated_bookkeeper", "白涛镇"),
						v.Ref(), v.Version)
				})
			}
			group.Wait()
			if errs[0] == nil {
				errs[0], errs[1] = errs[1], errs[0]
			}
			if errs[1] != nil {
				t.Errorf("both failed: %v, %v", errs[0], errs[1])
			}
			w.refused(errs[0], "ledger.already_posted")
		}
	})
}

// TestManyWriters: 64 at once into two books, some refused: no number is lost or given twice, and no
// account is overdrawn.
func TestManyWriters(t *testing.T) {
	each(t, func(w *world) {
		all := []Book{w.open("天台村"), w.open("小溪村")}
		var mu sync.Mutex
		numbers := map[int64][]int64{}
		var refused int
		var group sync.WaitGroup
		for n := range 64 {
			group.Go(func() {
				b := all[n%2]
				for i := range 4 {
					d := rent(b, "2025-03-10", 10)
					if i%2 == 1 {
						d = pay(b, "2025-03-10", 12)
					}
					var v Voucher
					err := w.host.Store.Write(w.ctx, func(tx *store.Tx) (err error) {
						v, _, err = w.PostFor(tx, w.maker(), d)
						return err
					})
					mu.Lock()
					if err == nil {
						numbers[b.ID] = append(numbers[b.ID], v.Number)
					} else if refused++; !fault.HasKey(err, "ledger.overdrawn") {
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		group.Wait()
		for id, list := range numbers {
			slices.Sort(list)
			for i, n := range list {
				if n != int64(i+1) {
					t.Fatalf("numbers of %d: %v", id, list)
				}
			}
		}
		if refused == 0 {
			t.Error("nothing was refused")
		}
		for _, b := range all {
			if got := w.on(b.Ref(), "102", "2025-12-31"); got < 0 {
				t.Errorf("overdrawn by %v", got)
			}
		}
	})
}

// TestSameKeyAtOnce: one request sent many times at once is entered once.
func TestSameKeyAtOnce(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		ids := make([]int64, 16)
		var group sync.WaitGroup
		for i := range ids {
			group.Go(func() {
				v, err := w.Enter(w.ctx, w.maker(), rent(b, "2025-03-10", 5), "same")
				if err != nil {
					t.Error(err)
				}
				ids[i] = v.ID
			})
		}
		group.Wait()
		slices.Sort(ids)
		if ids[0] != ids[15] || ids[0] == 0 {
			t.Errorf("entered as %v", ids)
		}
	})
}

// TestClosingWhilePosting: nothing is posted into a month once it is closed.
func TestClosingWhilePosting(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		var group sync.WaitGroup
		for n := range 8 {
			group.Go(func() {
				for i := range 6 {
					err := w.host.Store.Write(w.ctx, func(tx *store.Tx) (err error) {
						_, _, err = w.PostFor(tx, w.maker(), rent(b, "2025-01-10", 10))
						return err
					})
					if err != nil && !fault.HasKey(err, "ledger.month_closed") {
						t.Error(fmt.Errorf("%d %d: %w", n, i, err))
					}
				}
			})
		}
		group.Go(func() { w.close(b.Ref(), "2025-01") })
		group.Wait()
	})
}

// TestHoldAndCheckAtOnce: a draft is held once, and not after it was posted; whoever comes second is told.
func TestHoldAndCheckAtOnce(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		w.post(rent(b, "2025-03-10", 50_000))
		for range 5 {
			v := w.enter(pay(b, "2025-03-11", 10))
			errs := make([]error, 3)
			var group sync.WaitGroup
			for i := range 2 {
				group.Go(func() {
					_, errs[i] = w.Reserve(w.ctx, w.maker(), v.Ref(), v.Version, w.Today.AddDays(3))
				})
			}
			group.Go(func() { _, errs[2] = w.Check(w.ctx, w.checker(), v.Ref(), v.Version) })
			group.Wait()
			if errs[2] != nil {
				t.Errorf("checking: %v", errs[2])
			}
			held := 0
			for _, err := range errs[:2] {
				if err == nil {
					held++
				} else if !fault.HasKey(err, "ledger.held") && !fault.HasKey(err, "ledger.already_posted") {
					t.Errorf("holding: %v", err)
				}
			}
			if held > 1 {
				t.Error("held twice")
			}
		}
		left, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]Hold, error) {
			return HoldsOf(v, b.Ref())
		})
		w.must(err)
		if len(left) != 0 {
			t.Errorf("held for what was posted: %+v", left)
		}
	})
}
