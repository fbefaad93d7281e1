package reporting_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestAParentIsTheSumOfItsApprovedChildren: whatever is submitted, approved, returned, reopened and typed
// anew, in whatever order, the county has what its approved reports say, each township its share, and no
// report that is not approved is in either.
func TestAParentIsTheSumOfItsApprovedChildren(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		list := w.all()
		r := rand.New(rand.NewPCG(11, 12))
		approved := map[int64]int64{} // revenue by report
		typed := map[int64]int64{}
		for range 60 {
			p := w.report(list[r.IntN(len(list))].ID)
			switch p.Stage {
			case reporting.Filling:
				typed[p.ID] = int64(1+r.IntN(50)) * 10_000_00
				w.must(w.submit(p, figures(typed[p.ID])))
			case reporting.InReview:
				if r.IntN(3) == 0 {
					w.must(w.act(p.Case, w.reviewer(p), flow.Act{Verb: flow.Return, To: "filling",
						Reason: "核对"}))
					break
				}
				w.must(w.approve(p))
				approved[p.ID] = typed[p.ID]
			case reporting.Approved:
				w.must(w.Reporting.Reopen(t.Context(), w.reviewer(p), p.Ref(), "更正"))
				delete(approved, p.ID)
			}
			w.adds(list, approved)
		}
		w.Proven()
	})
}

// adds holds the sums of the county and its townships against a plain sum.
func (w world) adds(list []reporting.Report, approved map[int64]int64) {
	w.t.Helper()
	whole, parts, f := w.sum(w.home)
	at := f.Index("operating_revenue")
	want := map[int64]int64{}
	for _, p := range list {
		if revenue, is := approved[p.ID]; is {
			want[w.home] += revenue
			want[w.IDs[w.index(p.Place, division.Township)]] += revenue
		}
	}
	for _, s := range append(parts, whole) {
		if got := s.Total.Cells[at].Amount; got != want[s.Place] {
			w.t.Fatalf("%d has %d, its approved reports %d", s.Place, got, want[s.Place])
		}
	}
	if whole.Approved != int64(len(approved)) || whole.Total.Rows != whole.Approved {
		w.t.Fatalf("%d are approved, not %d", whole.Approved, len(approved))
	}
}

// employed is the published figure of a place; false if there is none.
func (w world) employed(place int64) (int64, bool) {
	w.t.Helper()
	year := period.OfYear(2025)
	table, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (measure.Table, error) {
		return w.Host.Measures.ReadOwn(v, measure.Ask{Measures: []string{"reporting.employed"},
			Places: []int64{place}, Periods: []period.Period{year}})
	})
	w.must(err)
	v := table.Value("reporting.employed", place, year)
	return v.Amount, v.Known
}

// TestWhatWasAskedIsPublished: an approved report publishes what nobody else holds and takes it back when
// it is opened again; what the books hold they publish, under one name and with the figure the report draws.
func TestWhatWasAskedIsPublished(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		p := w.all()[0]
		w.must(w.submit(p, figures(420_000_00)))
		if _, known := w.employed(p.Place); known {
			t.Error("it is published before anybody approved it")
		}
		w.must(w.approve(p))
		if n, known := w.employed(p.Place); !known || n != 5 {
			t.Errorf("%d, %v", n, known)
		}
		w.must(w.Reporting.Reopen(t.Context(), w.reviewer(p), p.Ref(), "更正"))
		if n, known := w.employed(p.Place); known {
			t.Errorf("%d is published of a report that is open", n)
		}
		titles := map[string]string{}
		for _, d := range w.Host.Measures.Catalogue() {
			for _, title := range []string{d.Title.Chinese, d.Title.English} {
				if other, taken := titles[title]; taken && other != d.Key {
					t.Errorf("%s and %s are both %s", other, d.Key, title)
				}
				titles[title] = d.Key
			}
		}
		w.oneDefinition(titles)
	})
}

// oneDefinition: both operating incomes of the annual statistics bear the names that the books publish, and
// are what the books publish.
func (w world) oneDefinition(titles map[string]string) {
	w.t.Helper()
	p := w.all()[1]
	w.keepBooks(p)
	year := period.OfYear(2025)
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) error {
		f, err := w.Reporting.Fill(v, p)
		if err != nil {
			return err
		}
		for cell, key := range map[string]string{"gross_operating_income": ledger.GrossIncome,
			"net_operating_income": ledger.NetIncome} {
			i := f.Form.Index(cell)
			title := f.Form.Cells[i].Title
			if titles[title.Chinese] != key || titles[title.English] != key {
				w.t.Errorf("%s is not called as %s", cell, key)
			}
			table, err := w.Host.Measures.ReadOwn(v, measure.Ask{Measures: []string{key},
				Places: []int64{p.Place}, Periods: []period.Period{year}})
			if err != nil {
				return err
			}
			if got := table.Value(key, p.Place, year); !got.Known || got.Amount != f.Row[i].Amount {
				w.t.Errorf("%s is %d, %s %+v", cell, f.Row[i].Amount, key, got)
			}
		}
		return nil
	}))
}

// TestAnExceptionIsDue: a unit with another day is due on that day, in its report and in its inbox alike, and
// it is filled in under its new case.
func TestAnExceptionIsDue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		p := w.all()[0]
		w.must(w.Reporting.Except(t.Context(), w.As("county-officer", 1), p.Ref(), reporting.Exception{
			Due: "2026-03-16", Locks: "2026-04-30", Reason: "洪灾"}))
		now := w.report(p.ID)
		for kase, want := range map[int64][2]string{p.Case: {"withdrawn", ""}, now.Case: {"running",
			"2026-03-16"}} {
			got, err := store.Read(t.Context(), w.Host.Store, func(v *store.View) ([]string, error) {
				return store.All[string](v, `SELECT status || ' ' || due FROM procedure_case
					WHERE home = ? AND id = ?`, w.home, kase)
			})
			w.must(err)
			if want[0] == "running" && !slices.Equal(got, []string{"running 2026-03-16"}) ||
				want[0] == "withdrawn" && got[0][:9] != "withdrawn" {
				t.Errorf("case %d is %v", kase, got)
			}
		}
		w.Clock.Set("2026-03-10")
		if now.Late(w.Clock.Today()) {
			t.Error("it is late before its day")
		}
		w.must(w.submit(now, figures(420_000_00)))
		w.must(w.approve(now))
		w.Proven()
	})
}

// dying is the context of a program that is stopped after it was asked so many times whether it still runs.
type dying struct {
	context.Context
	left *int
	stop context.CancelFunc
}

func (d dying) Err() error {
	if *d.left--; *d.left <= 0 {
		d.stop()
	}
	return d.Context.Err()
}

// interrupted does what is due, stopped again and again, a little later each time, until nothing is left. It
// returns how often it was stopped with work left.
func (w world) interrupted() (stopped int) {
	w.t.Helper()
	for life := 1; life < 400; life++ {
		ctx, stop := context.WithCancel(apptest.Machine(w.t.Context()))
		left := life
		_ = w.Host.Jobs.Drain(dying{ctx, &left, stop}) // it was stopped: what it says does not matter
		stop()
		open, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")
		})
		w.must(err)
		if open == 0 {
			return stopped
		}
		stopped++
		w.must(w.Host.Store.Maintain(w.t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE job SET run_after = 0, lease_until = 1, attempts = 0
				WHERE state IN ('waiting', 'running')`)
			return err
		}))
	}
	w.t.Fatal("the jobs never end")
	return stopped
}

// TestJobsThatAreStoppedGoOn: reports that are opened, and figures that are added up, by a program that is
// stopped again and again are those of one that never was: each unit has one report, and each figure is
// right.
func TestJobsThatAreStoppedGoOn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		w.Reporting.InPortionsOf(2)
		officer := w.As("county-officer", 1)
		for _, form := range [][2]string{{"balance-sheet", "2025"}, {"receipts-payments", "2025-12"}} {
			_, err := w.Reporting.Begin(t.Context(), officer, reporting.Order{County: w.home, Form: form[0],
				Period: form[1]})
			w.must(err)
		}
		if w.interrupted() < 3 {
			t.Error("it was hardly ever stopped: the test sees little")
		}
		units := map[string]map[int64]bool{}
		for _, p := range w.all() {
			if units[p.Form] == nil {
				units[p.Form] = map[int64]bool{}
			}
			units[p.Form][p.Organisation] = true
		}
		rounds, err := store.Read(t.Context(), w.Host.Store, func(v *store.View) ([]reporting.Round,
			error) {
			return reporting.Rounds(v, w.home, 10)
		})
		w.must(err)
		for _, r := range rounds {
			if r.State != reporting.Open || r.Units != 12 || len(units[r.Form]) != 12 {
				t.Errorf("%s: %s, %d opened, %d units", r.Form, r.State, r.Units, len(units[r.Form]))
			}
		}
		if n := len(w.all()); n != 36 {
			t.Errorf("%d reports", n)
		}
		w.summed()
		w.Proven()
	})
}

// summed: the figures of a county that was accepted, added up by a job that is stopped and one that is not.
func (w world) summed() {
	w.t.Helper()
	for _, p := range w.all() {
		if p.Form == statistics {
			w.must(w.submit(p, figures(420_000_00)))
			w.must(w.approve(p))
		}
	}
	leader := w.As("county-leader", 1)
	for _, child := range w.Places.Children(w.home) {
		w.must(w.compile(child, w.As("leader", slices.Index(w.IDs, child)), leader))
	}
	w.must(w.compile(w.home, w.As("county-officer", 1), w.As("city-leader", 0)))
	w.interrupted()
	year := period.OfYear(2025)
	table, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (measure.Table, error) {
		return w.Host.Measures.Read(v, measure.Ask{Measures: []string{"reporting.employed"},
			Places: []int64{w.home, w.Top}, Periods: []period.Period{year}})
	})
	w.must(err)
	for _, place := range []int64{w.home, w.Top} {
		if v := table.Value("reporting.employed", place, year); v.Amount != 12*5 || v.Covered != 12 {
			w.t.Errorf("%d employs %+v", place, v)
		}
	}
}
