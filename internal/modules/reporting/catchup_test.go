package reporting_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestWhatWasAcceptedBeforeIsPublishedLater: a county accepted by a program that published nothing yet has
// its figures after the command, and a second run finds nothing to do.
func TestWhatWasAcceptedBeforeIsPublishedLater(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		const key = "reporting.villages"
		catchUp := func(want int) {
			t.Helper()
			n, err := w.Reporting.PublishAccepted(apptest.Machine(t.Context()))
			w.must(err)
			w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
			if n != want {
				t.Errorf("%d counties were lacking, not %d", n, want)
			}
		}
		catchUp(0) // nothing is accepted
		w.summed()
		catchUp(0)
		before := w.own(key)
		if len(before) != 4 {
			t.Fatalf("%d villages are published", len(before))
		}
		w.must(w.Host.Store.Write(apptest.Machine(t.Context()), func(tx *store.Tx) error {
			for _, f := range before {
				at, err := period.Parse(f.Period)
				if err == nil {
					err = w.Host.Measures.Withdraw(tx, f.Home, key, f.Place, at)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
		catchUp(1)
		after := w.own(key)
		if len(after) != len(before) {
			t.Fatalf("%d villages are published, %d were", len(after), len(before))
		}
		for i, f := range after {
			was := before[i]
			if f.Place != was.Place || f.Numerator != was.Numerator || f.Source != was.Source {
				t.Errorf("%+v was %+v", f, was)
			}
		}
		catchUp(0)
		w.Proven()
	})
}

// own are the figures of a measure that have come.
func (w world) own(key string) (list []measure.Figure) {
	w.t.Helper()
	all, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]measure.Figure, error) {
		return w.Host.Measures.Own(v, key)
	})
	w.must(err)
	for _, f := range all {
		if f.Covered > 0 {
			list = append(list, f)
		}
	}
	return list
}
