package ledger

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// published is what a measure of a year says at a place: −1 if it is not known.
func (w *world) published(key, place string, year int) int64 {
	w.t.Helper()
	p, at := period.OfYear(year), w.place[place]
	all, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (measure.Table, error) {
		return w.host.Measures.Read(v, measure.Ask{Measures: []string{key}, Places: []int64{at},
			Periods: []period.Period{p}})
	})
	w.must(err)
	if value := all.Value(key, at, p); value.Known {
		return value.Amount
	}
	return -1
}

// later changes jobs as time does.
func (w *world) later(text string) {
	w.t.Helper()
	w.must(w.host.Store.Maintain(w.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(text)
		return err
	}))
}

// TestReopenedIsRestated: what a closed month told of the year is taken back with it. The measures say
// again what the month before told, or that nothing is closed; the statements kept for the city's sums
// are gone; and the sums of the places above follow within the pause, once for all changes.
func TestReopenedIsRestated(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		w.post(rent(b, "2025-01-10", 100))
		w.post(rent(b, "2025-02-10", 30))
		reopen := func(month string) {
			t.Helper()
			_, err := w.Reopen(w.ctx, w.leader(), b.Ref(), Reopening{month, "漏记", "3号"})
			w.must(err)
		}
		expect := func(when string, year int, village int64) {
			t.Helper()
			w.later("UPDATE job SET run_after = 0") // the pause is over
			w.must(w.host.Jobs.Drain(w.ctx))
			w.later("DELETE FROM job") // and so is the stretch of time it was for
			for place, want := range map[string]int64{"天台村": village, "青山区": village} {
				if got := w.published(TotalAssets, place, year); got != want {
					t.Errorf("%s: the assets of %s are %d, want %d", when, place, got, want)
				}
			}
		}
		expect("opened", 2025, -1)
		w.close(b.Ref(), "2025-01")
		expect("January closed", 2025, 100)
		w.close(b.Ref(), "2025-02")
		expect("February closed", 2025, 130)
		reopen("2025-02")
		expect("February opened again", 2025, 100)
		rolled, err := w.RollUp(w.ctx, w.places.Today(), "2025-02")
		w.must(err)
		if n := rolled.Books(w.place["江城市"]); n != 0 {
			t.Errorf("statements of %d books are kept of February", n)
		}
		reopen("2025-01")
		expect("January opened again", 2025, -1)
		w.post(rent(b, "2025-01-11", 7))
		w.closeUntil(b.Ref(), "2025-12")
		expect("the year closed", 2025, 137)
		expect("the next year begun", 2026, -1)
		w.Today = "2026-02-10"
		w.close(b.Ref(), "2026-01")
		expect("January of the next year closed", 2026, 137)
		reopen("2026-01")
		expect("it was opened again", 2026, -1)
		expect("the year before stands", 2025, 137)
		reopen("2025-12")
		expect("the year opened again", 2025, 137)
		w.post(rent(b, "2025-12-31", 1))
		w.closeUntil(b.Ref(), "2026-01")
		expect("the year closed again", 2025, 138)
	})
}

// TestOneRollUp: many closings within the pause order one roll-up of the year.
func TestOneRollUp(t *testing.T) {
	each(t, func(w *world) {
		for _, village := range []string{"天台村", "小溪村"} {
			w.closeUntil(w.open(village).Ref(), "2025-06")
		}
		n, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM job WHERE kind = ?", figuresKind)
		})
		w.must(err)
		if n != 1 {
			t.Errorf("%d roll-ups are ordered", n)
		}
	})
}
