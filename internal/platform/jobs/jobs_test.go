package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The effect of the jobs of these tests: one row a number, so that anything done twice or left out
// shows.
var parts = []store.Part{jobs.Part(), {Name: "effect", Migrations: fstest.MapFS{
	"0001_effect.sql": {Data: []byte(`-- +goose Up
CREATE TABLE effect (home BIGINT NOT NULL, job BIGINT NOT NULL, n BIGINT NOT NULL,
    PRIMARY KEY (home, job, n));
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));
`)}}}}

// clock is a clock that tests move.
type clock struct{ now atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.now.Store(storetest.Start.UnixMicro())
	return c
}

func (c *clock) Now() time.Time          { return time.UnixMicro(c.now.Add(1)) }
func (c *clock) advance(d time.Duration) { c.now.Add(d.Microseconds()) }

// each runs a test on both engines with a clock of its own.
func each(t *testing.T, fn func(*testing.T, *store.Store, *clock), options ...storetest.Option) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, []store.Part, ...storetest.Option) *store.Store{
		"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			fn(t, open(t, parts, append(options, storetest.WithClock(c.Now))...), c)
		})
	}
}

// counting does total units, portion at a time, one row each. trouble is asked before and after every
// portion and may break the run off.
func counting(total, portion int64, trouble func(place string) error) jobs.Kind {
	return jobs.Kind{Key: "count", Run: func(ctx context.Context, run *jobs.Run) error {
		for run.Job.Done < total {
			if err := trouble("before"); err != nil {
				return err
			}
			if err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
				for n := at.Done; n < min(total, at.Done+portion); n++ {
					if _, err := tx.Exec(`INSERT INTO effect (home, job, n) VALUES (?, ?, ?)`,
						run.Job.Home, run.Job.ID, n); err != nil {
						return err
					}
				}
				if err := trouble("inside"); err != nil {
					return err
				}
				at.Done, at.Total = min(total, at.Done+portion), total
				return nil
			}); err != nil {
				return err
			}
			if err := trouble("after"); err != nil {
				return err
			}
		}
		return nil
	}}
}

func calm(string) error { return nil }

func order(t *testing.T, s *store.Store, service *jobs.Service, o jobs.Order) int64 {
	t.Helper()
	var id int64
	if err := s.Maintain(t.Context(), func(tx *store.Tx) (err error) {
		id, err = service.Enqueue(tx, o)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func get(t *testing.T, s *store.Store, service *jobs.Service, home, id int64) jobs.Job {
	t.Helper()
	job, err := store.Read(t.Context(), s, func(v *store.View) (jobs.Job, error) {
		return service.Get(v, home, id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func count(t *testing.T, s *store.Store, text string, args ...any) int64 {
	t.Helper()
	n, err := store.Read(t.Context(), s, func(v *store.View) (int64, error) {
		return store.Count(v, text, args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobIsDonePortionByPortion(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(25, 10, calm))
		id := order(t, s, service, jobs.Order{Home: 7, Kind: "count", Subject: "import/1", Actor: 3})
		if job := get(t, s, service, 7, id); job.State != jobs.Waiting || job.Subject != "import/1" {
			t.Fatalf("ordered as %+v", job)
		}
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		job := get(t, s, service, 7, id)
		if job.State != jobs.Done || job.Done != 25 || job.Total != 25 || job.Finished == 0 ||
			job.Attempts != 1 {
			t.Errorf("ended as %+v", job)
		}
		if n := count(t, s, `SELECT count(*) FROM effect`); n != 25 {
			t.Errorf("%d effects", n)
		}
	})
}

// TestOrderedWithItsData: neither without the other.
func TestOrderedWithItsData(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(1, 1, calm))
		broken := errors.New("after all not")
		err := s.Maintain(t.Context(), func(tx *store.Tx) error {
			if _, err := service.Enqueue(tx, jobs.Order{Home: 1, Kind: "count"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || count(t, s, `SELECT count(*) FROM job`) != 0 {
			t.Errorf("%v, %d jobs", err, count(t, s, `SELECT count(*) FROM job`))
		}
	})
}

var errInjected = errors.New("injected")

// TestBrokenOffAnywhereEndsAsOneCleanRun breaks the run off at every place it can be, once each, in
// three ways: an error, a panic, and the death of the worker.
func TestBrokenOffAnywhereEndsAsOneCleanRun(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		for _, how := range []string{"error", "panic", "death"} {
			for step := int64(0); step < 12; step++ {
				home := step + 100*int64(len(how))
				var asked atomic.Int64
				trouble := func(string) error {
					if asked.Add(1)-1 != step {
						return nil
					}
					switch how {
					case "panic":
						panic("injected")
					case "death":
						select {} // never comes back; see below
					}
					return errInjected
				}
				if how == "death" {
					trouble = dying(t, &asked, step)
				}
				runBroken(t, s, c, trouble, home)
			}
		}
	})
}

// dying is trouble that leaves the worker hanging as a killed process would: its context is ignored
// and what it does after coming back must be without effect.
func dying(t *testing.T, asked *atomic.Int64, step int64) func(string) error {
	revived := make(chan struct{})
	t.Cleanup(func() { close(revived) })
	return func(string) error {
		if asked.Add(1)-1 == step {
			<-revived
			return errInjected
		}
		return nil
	}
}

func runBroken(t *testing.T, s *store.Store, c *clock, trouble func(string) error, home int64) {
	t.Helper()
	inside := false
	safe := func(place string) error { // a writer that hangs inside a transaction is not a death but a stall
		inside = place == "inside"
		if inside {
			return nil
		}
		return trouble(place)
	}
	first := jobs.New(s, counting(9, 3, safe))
	id := order(t, s, first, jobs.Order{Home: home, Kind: "count"})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		first.Drain(context.WithoutCancel(t.Context()))
	}()
	select {
	case <-ended:
	case <-time.After(300 * time.Millisecond): // it hangs: the worker is dead
	}
	c.advance(2 * time.Hour) // beyond the lease and any pause
	second := jobs.New(s, counting(9, 3, calm))
	if err := second.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	job := get(t, s, second, home, id)
	if job.State != jobs.Done || job.Done != 9 {
		t.Errorf("home %d ended as %+v", home, job)
	}
	if n := count(t, s, `SELECT count(*) FROM effect WHERE home = ? AND job = ?`, home, id); n != 9 {
		t.Errorf("home %d: %d effects, want 9", home, n)
	}
}

// TestAnErrorInsideAPortionSavesNothingOfIt breaks off within the transaction.
func TestAnErrorInsideAPortionSavesNothingOfIt(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		var inside atomic.Int64
		service := jobs.New(s, counting(9, 3, func(place string) error {
			if place == "inside" && inside.Add(1) == 2 {
				return errInjected
			}
			return nil
		}))
		id := order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		job := get(t, s, service, 1, id)
		if n := count(t, s, `SELECT count(*) FROM effect`); n != job.Done {
			t.Errorf("%d effects, %d told", n, job.Done)
		}
		if job.State != jobs.Waiting || job.Error != "fault.internal" {
			t.Errorf("put back as %+v", job)
		}
		c.advance(time.Hour)
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM effect`); n != 9 {
			t.Errorf("%d effects after all", n)
		}
	})
}

// TestALostLeaseSavesNothing: a worker that comes back after its job was given to another.
func TestALostLeaseSavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		hold, reached := make(chan struct{}), make(chan struct{}, 1)
		slow := jobs.New(s, counting(3, 3, func(place string) error {
			if place == "before" {
				reached <- struct{}{}
				<-hold
			}
			return nil
		}))
		id := order(t, s, slow, jobs.Order{Home: 1, Kind: "count"})
		ended := make(chan error, 1)
		go func() { ended <- slow.Drain(context.WithoutCancel(t.Context())) }()
		<-reached
		c.advance(2 * jobs.LeaseTime)
		quick := jobs.New(s, counting(3, 3, calm))
		if err := quick.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := get(t, s, quick, 1, id)
		close(hold)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if after := get(t, s, quick, 1, id); after != before || after.State != jobs.Done {
			t.Errorf("the lost worker changed the job from %+v to %+v", before, after)
		}
	})
}

func TestRefusalsAreFinalAndFaultsAreTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		refused := fault.New(fault.Invalid, "web.date", "2026-02-30")
		var tries atomic.Int64
		service := jobs.New(s,
			jobs.Kind{Key: "refused", Run: func(context.Context, *jobs.Run) error { return refused }},
			jobs.Kind{Key: "broken", AttemptsMax: 4, Run: func(context.Context, *jobs.Run) error {
				tries.Add(1)
				return errInjected
			}})
		no := order(t, s, service, jobs.Order{Home: 1, Kind: "refused"})
		again := order(t, s, service, jobs.Order{Home: 1, Kind: "broken"})
		var pauses []time.Duration
		for range 6 {
			if err := service.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			job := get(t, s, service, 1, again)
			if job.State == jobs.Failed {
				break
			}
			pauses = append(pauses, time.Duration(job.RunAfter-period.At(c.Now()))*time.Microsecond)
			c.advance(time.Hour)
		}
		job := get(t, s, service, 1, no)
		if job.State != jobs.Failed || job.Attempts != 1 || job.Fault().Args[0] != "2026-02-30" {
			t.Errorf("a refusal ended as %+v", job)
		}
		if job := get(t, s, service, 1, again); job.State != jobs.Failed || tries.Load() != 4 {
			t.Errorf("a broken job was tried %d times and is %+v", tries.Load(), job)
		}
		for i := 1; i < len(pauses); i++ {
			if pauses[i] < 3*pauses[i-1]/2 {
				t.Errorf("the pauses do not grow: %v", pauses)
			}
		}
	})
}

// TestAJobThatKillsItsWorkerFails: each claim dies without a word.
func TestAJobThatKillsItsWorkerFails(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(3, 3, calm))
		id := order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		for range 8 {
			storetest.Tamper(t, s, `UPDATE job SET state = 'running', attempts = attempts + 1,
				lease_by = 'dead', lease_until = 1 WHERE id = ?`, id)
		}
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if job := get(t, s, service, 1, id); job.State != jobs.Failed || job.Error != "jobs.crashed" {
			t.Errorf("ended as %+v", job)
		}
	})
}

func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		var service *jobs.Service
		var id int64
		service = jobs.New(s, counting(9, 3, func(place string) error {
			if place == "after" { // somebody asks after the first portion
				err := service.Cancel(t.Context(), 1, id, 5)
				if fault.HasKey(err, "jobs.over") {
					return nil
				}
				return err
			}
			return nil
		}))
		id = order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		job := get(t, s, service, 1, id)
		if n := count(t, s, `SELECT count(*) FROM effect`); job.State != jobs.Cancelled || n != 3 ||
			job.Done != 3 {
			t.Errorf("stopped as %+v with %d effects", job, n)
		}
		if err := service.Cancel(t.Context(), 1, id, 5); !fault.HasKey(err, "jobs.over") {
			t.Errorf("stopping it twice: %v", err)
		}
		waiting := order(t, s, service, jobs.Order{Home: 1, Kind: "count", After: period.Instant(1) << 60})
		if err := service.Cancel(t.Context(), 1, waiting, 5); err != nil {
			t.Fatal(err)
		}
		if job := get(t, s, service, 1, waiting); job.State != jobs.Cancelled || job.Cancelled != 5 {
			t.Errorf("a waiting job was stopped as %+v", job)
		}
	})
}

// TestStoppingTheProgramGivesJobsBack without counting it as an attempt.
func TestStoppingTheProgramGivesJobsBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		ctx, stop := context.WithCancel(t.Context())
		service := jobs.New(s, jobs.Kind{Key: "long", Run: func(ctx context.Context, run *jobs.Run) error {
			if err := run.Tell(ctx, jobs.Progress{Step: "begun", Done: 1, Total: 2}); err != nil {
				return err
			}
			stop()
			<-ctx.Done()
			return ctx.Err()
		}})
		id := order(t, s, service, jobs.Order{Home: 1, Kind: "long"})
		service.Run(ctx)
		job := get(t, s, service, 1, id)
		if job.State != jobs.Waiting || job.Attempts != 0 || job.Step != "begun" || job.Done != 1 {
			t.Errorf("given back as %+v", job)
		}
	})
}

// TestOneHomeNeverStopsTheOthers: a home with a hundred jobs that hang takes its share, no more.
func TestOneHomeNeverStopsTheOthers(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		done := make(chan int64, 10)
		service := jobs.New(s,
			jobs.Kind{Key: "hangs", Run: func(ctx context.Context, _ *jobs.Run) error {
				<-ctx.Done()
				return ctx.Err()
			}},
			jobs.Kind{Key: "quick", Run: func(_ context.Context, run *jobs.Run) error {
				done <- run.Job.Home
				return nil
			}})
		for range 100 {
			order(t, s, service, jobs.Order{Home: 1, Kind: "hangs"})
		}
		for home := int64(2); home < 5; home++ {
			order(t, s, service, jobs.Order{Home: home, Kind: "quick"})
		}
		ended := make(chan struct{})
		go func() { defer close(ended); service.Run(ctx) }()
		for range 3 {
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Fatal("the other homes' jobs were not done")
			}
		}
		stop()
		<-ended
	})
}

func TestSchedulesAreOrderedOnceASlot(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		var ran atomic.Int64
		kind := jobs.Kind{Key: "nightly", Run: func(context.Context,
			*jobs.Run) error {
			ran.Add(1)
			return nil
		},
			Schedule: &jobs.Schedule{Slot: jobs.Nightly(2, 30),
				Homes: func(context.Context) ([]int64, error) { return []int64{1, 2, 3}, nil }}}
		for range 3 { // three processes in the same night
			runFor(t, jobs.New(s, kind), s, 3)
		}
		if n := count(t, s, `SELECT count(*) FROM job WHERE kind = 'nightly'`); n != 3 || ran.Load() != 3 {
			t.Errorf("%d jobs ordered, %d done, want 3", n, ran.Load())
		}
		c.advance(24 * time.Hour)
		runFor(t, jobs.New(s, kind), s, 6)
		if n := count(t, s, `SELECT count(*) FROM job WHERE kind = 'nightly'`); n != 6 {
			t.Errorf("%d jobs after the next night, want 6", n)
		}
	})
}

// runFor runs the service until so many jobs were ordered, which happens home by home, and none waits.
func runFor(t *testing.T, service *jobs.Service, s *store.Store, ordered int64) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); service.Run(ctx) }()
	for range 600 {
		time.Sleep(10 * time.Millisecond)
		if count(t, s, `SELECT count(*) FROM job`) >= ordered &&
			count(t, s, `SELECT count(*) FROM job WHERE state IN ('waiting', 'running')`) == 0 {
			break
		}
	}
	stop()
	<-ended
}

func TestSlots(t *testing.T) {
	at := func(text string) period.Instant {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, period.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		return period.At(moment)
	}
	nightly, hourly := jobs.Nightly(2, 30), jobs.Each(time.Hour)
	for _, c := range []struct{ at, night, hour string }{
		{"2026-01-05 02:29", "2026-01-04", "2026-01-05T02:00:00"},
		{"2026-01-05 02:30", "2026-01-05", "2026-01-05T02:00:00"},
		{"2026-01-05 23:59", "2026-01-05", "2026-01-05T23:00:00"},
		{"2026-01-06 00:00", "2026-01-05", "2026-01-06T00:00:00"},
	} {
		if n, h := nightly(at(c.at)), hourly(at(c.at)); n != c.night || h != c.hour {
			t.Errorf("%s lies in %s and %s, want %s and %s", c.at, n, h, c.night, c.hour)
		}
	}
}

func TestOldJobsAreRemoved(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(1, 1, calm))
		for range 3 {
			order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		}
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.advance(jobs.KeepTime + time.Hour)
		kept := order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		order(t, s, service, jobs.Order{Home: store.City, Kind: jobs.PurgeKind})
		if err := service.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM job WHERE kind = 'count'`); n != 1 {
			t.Errorf("%d jobs are left", n)
		}
		if get(t, s, service, 1, kept).State != jobs.Done {
			t.Error("the new job is not done")
		}
	})
}

// TestTwoProcessesDoEachJobOnce runs two services on one database at the same time.
func TestTwoProcessesDoEachJobOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		const orders = 60
		var ran [orders]atomic.Int64
		kind := jobs.Kind{Key: "once", Run: func(ctx context.Context, run *jobs.Run) error {
			var n int
			if err := run.Args(&n); err != nil {
				return err
			}
			ran[n].Add(1)
			return nil
		}}
		one, two := jobs.New(s, kind), jobs.New(s, kind)
		for n := range orders {
			order(t, s, one, jobs.Order{Home: int64(n % 5), Kind: "once", Args: n})
		}
		ended := make(chan error, 2)
		for _, service := range []*jobs.Service{one, two} {
			go func() { ended <- service.Drain(t.Context()) }()
		}
		for range 2 {
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
		}
		for n := range orders {
			if ran[n].Load() != 1 {
				t.Errorf("job %d ran %d times", n, ran[n].Load())
			}
		}
	})
}

func TestASlotIsOrderedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(1, 1, calm))
		first := order(t, s, service, jobs.Order{Home: 1, Kind: "count", Slot: "import/7"})
		if again := order(t, s, service, jobs.Order{Home: 1, Kind: "count",
			Slot: "import/7"}); again != first {
			t.Errorf("ordered again as %d, not %d", again, first)
		}
		if other := order(t, s, service, jobs.Order{Home: 2, Kind: "count", Slot: "import/7"}); other == 0 {
			t.Error("another home's slot was taken")
		}
	})
}

// places has two counties, 1 and 2, side by side.
type places struct{}

func (places) Path(place int64) access.Path {
	if place < 1 || place > 2 {
		return nil
	}
	return access.Path{0, 0, 0, byte(place)}
}
func (places) Members(int64) []int64 { return nil }

func TestOnlyOnesOwnAndThoseOfOnesPlace(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		if err := s.Maintain(t.Context(), func(tx *store.Tx) error {
			for place := range int64(2) {
				if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place+1,
					[]byte(places{}.Path(place+1))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		a := access.New()
		a.SetPlaces(places{})
		a.SetRoles([]access.Role{{Key: "officer", Permits: []access.Permit{jobs.ReadPermit,
			jobs.ManagePermit}},
			{Key: "reader", Permits: []access.Permit{jobs.ReadPermit}}})
		service := jobs.New(s, counting(1, 1, calm))
		actors := map[string]access.Actor{
			"officer of 1": {Account: 1, Posts: []access.Post{{Role: "officer", Place: 1}}},
			"officer of 2": {Account: 2, Posts: []access.Post{{Role: "officer", Place: 2}}},
			"reader of 1":  {Account: 3, Posts: []access.Post{{Role: "reader", Place: 1}}},
			"owner":        {Account: 9},
			"somebody":     {Account: 8},
			"nobody":       {},
		}
		id := order(t, s, service, jobs.Order{Home: 1, Kind: "count", Place: 1, Actor: 9})
		order(t, s, service, jobs.Order{Home: 1, Kind: "count"}) // of the program, nowhere
		for who, want := range map[string]struct{ sees, stops bool }{"officer of 1": {true, true},
			"officer of 2": {}, "reader of 1": {true, false}, "owner": {true, true}, "somebody": {},
			"nobody": {}} {
			actor := actors[who]
			ctx := access.With(t.Context(), actor)
			_, err := service.See(ctx, a, 1, id)
			page, listed := service.List(ctx, jobs.Query{Account: actor.Account,
				Scope: a.Scope(actor, jobs.ReadPermit), Limit: 10})
			if listed != nil {
				t.Fatal(listed)
			}
			seen := len(page.Jobs) == 1 && page.Jobs[0].ID == id && page.Total == 1
			if (err == nil) != want.sees || seen != want.sees {
				t.Errorf("%s: opens %v, lists %+v", who, err, page)
			}
			if !want.stops {
				if err := service.Stop(ctx, a, 1, id); err == nil {
					t.Errorf("%s stopped the job", who)
				}
			}
		}
		if err := service.Stop(access.With(t.Context(), actors["officer of 1"]), a, 1, id); err != nil {
			t.Errorf("the officer could not stop it: %v", err)
		}
	})
}

// TestPagesOfJobsAreWhole walks the list by key in random portions.
func TestPagesOfJobsAreWhole(t *testing.T) {
	s := storetest.SQLite(t, parts)
	service := jobs.New(s, counting(1, 1, calm))
	want := map[string]bool{}
	for n := range 30 {
		id := order(t, s, service, jobs.Order{Home: int64(n % 3), Kind: "count", Actor: 4})
		want[fmt.Sprint(n%3, "/", id)] = true
	}
	rapid.Check(t, func(rt *rapid.T) {
		got, after := map[string]bool{}, ""
		for {
			page, err := service.List(t.Context(), jobs.Query{Account: 4, After: after,
				Limit: rapid.IntRange(1, 12).Draw(rt, "limit")})
			if err != nil || page.Total != 30 {
				rt.Fatal(page.Total, err)
			}
			for _, j := range page.Jobs {
				got[fmt.Sprint(j.Home, "/", j.ID)] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(got) != len(want) {
			rt.Fatalf("%d of %d jobs were listed", len(got), len(want))
		}
	})
}
