package supervision

import (
	"context"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// overlap is how many numbers before the watermark are looked at again: events are numbered before they
// commit, in blocks, so that a lower number may appear after a higher one. The night's run asks everything
// anyway.
const overlap = 128

// dirtyMax is how many organisations are asked by name; of more the whole county is asked.
const dirtyMax = 2000

// dirty are the organisations at whose places, or above them, something happened after an event, and the
// last event there is. nil: all of the county, for something happened to it as a whole.
func (m *Supervision) dirty(v store.Reader, home, after int64) (list []int64, last int64, err error) {
	if last, err = store.Count(v, `SELECT coalesce(max(id), 0) FROM event WHERE home = ?`,
		home); err != nil {
		return nil, 0, err
	}
	places, err := store.All[int64](v, `SELECT DISTINCT place FROM event WHERE home = ? AND id > ?
		AND kind NOT LIKE 'finding.%' AND kind NOT LIKE 'supervision.%' LIMIT ?`, home, after-overlap,
		dirtyMax+1)
	if err != nil || len(places) > dirtyMax {
		return nil, last, err
	}
	var reached []any
	for _, place := range places {
		switch {
		case place == 0:
			continue // of an account, a file, the installation: no organisation's matter
		case m.places.Level(place) <= division.County:
			return nil, last, nil
		}
		for ; place != 0 && m.places.Level(place) > division.County; place = m.places.Parent(place) {
			if !slices.Contains(reached, any(place)) {
				reached = append(reached, place)
			}
		}
	}
	list = []int64{}
	for chunk := range slices.Chunk(reached, 500) {
		found, err := store.All[int64](v, `SELECT id FROM organisation WHERE status = 'active'
			AND place IN (?`+repeated(len(chunk)-1)+`) AND home = ?`, slices.Concat(chunk, []any{home})...)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, found...)
	}
	if len(list) > dirtyMax {
		return nil, last, nil
	}
	slices.Sort(list)
	return list, last, nil
}

func repeated(n int) string {
	text := make([]byte, 0, 3*n)
	for range n {
		text = append(text, ", ?"...)
	}
	return string(text)
}

// The kinds of job.
const (
	runKind         = "supervision.run"         // all organisations of a county
	incrementalKind = "supervision.incremental" // those where something happened since
)

// homes are the counties.
func (m *Supervision) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, m.host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, `SELECT DISTINCT home FROM organisation ORDER BY home`)
	})
}

// RunCounty asks all rules of all organisations of a county.
func (m *Supervision) RunCounty(ctx context.Context, home int64) (Tally, error) {
	return m.whole(ctx, home, 0, m.own)
}

// RunDirty asks the rules of those organisations of a county where something happened since the last run.
func (m *Supervision) RunDirty(ctx context.Context, home int64) (Tally, error) {
	return m.since(ctx, home, 0, m.own)
}

// own is a transaction that belongs to no job. What has nothing to save needs none.
func (m *Supervision) own(ctx context.Context, _, _ int, fn func(*store.Tx) error) error {
	return m.host.Store.Write(ctx, fn)
}

func (m *Supervision) whole(ctx context.Context, home int64, from int, save saver) (Tally, error) {
	last, err := store.Read(ctx, m.host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT coalesce(max(id), 0) FROM event WHERE home = ?`, home)
	})
	if err != nil {
		return Tally{}, err
	}
	scope := rule.Scope{Home: home, Today: m.host.Today()}
	t, err := m.sweep(ctx, scope, from, save)
	if err != nil {
		return t, err
	}
	return t, m.host.Store.Write(ctx, func(tx *store.Tx) error {
		run, err := runOf(tx, home)
		if err != nil {
			return err
		}
		run.Watermark, run.Whole = last, scope.Today
		run.Hits, run.Raised, run.Reopened, run.Gone, run.Failed = t.Hits, t.Raised, t.Reopened, t.Gone,
			t.Failed
		return m.noteRun(tx, run)
	})
}

// noteRun keeps how far a county is.
func (m *Supervision) noteRun(tx *store.Tx, run Run) error {
	save := runs.Update
	if run.Version == 0 {
		save = runs.Insert
	}
	if err := save(tx, &run); err != nil {
		return err
	}
	_, err := tx.Record(store.Event{Home: run.Home, Kind: "supervision.run", Subject: "supervision",
		Place: run.Home,
		Body:  run})
	return err
}

func (m *Supervision) since(ctx context.Context, home int64, from int, save saver) (Tally, error) {
	var list []int64
	var last int64
	var run Run
	err := m.host.Store.View(ctx, func(v *store.View) (err error) {
		if run, err = runOf(v, home); err != nil || run.Version == 0 {
			return err
		}
		list, last, err = m.dirty(v, home, run.Watermark)
		return err
	})
	if err != nil {
		return Tally{}, err
	}
	if run.Version == 0 || list == nil {
		return m.whole(ctx, home, from, save)
	}
	if len(list) == 0 {
		return Tally{}, nil
	}
	var total Tally
	for chunk := range slices.Chunk(list, organisationsMax) {
		t, err := m.sweep(ctx, rule.Scope{Home: home, Today: m.host.Today(), Organisations: chunk}, 0, save)
		if err != nil {
			return total, err
		}
		total = total.plus(t)
	}
	return total, m.host.Store.Write(ctx, func(tx *store.Tx) error {
		run, err := runOf(tx, home)
		if err != nil {
			return err
		}
		run.Watermark = last
		return m.noteRun(tx, run)
	})
}

// organisationsMax is how many organisations one pass names.
const organisationsMax = 500

// Order asks for a run of a county as a job.
func (m *Supervision) Order(ctx context.Context, actor access.Actor, home int64) (job int64, err error) {
	if err := m.host.Access.Require(actor, MayRun, home); err != nil {
		return 0, err
	}
	err = m.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		job, err = m.host.Jobs.Enqueue(tx, jobs.Order{Home: home, Kind: runKind, Subject: "supervision",
			Place: home, Actor: actor.Account, Args: struct{}{}})
		return err
	})
	return job, err
}

// runJob is a run of a whole county; its step is the inquiry it came to.
func (m *Supervision) runJob(ctx context.Context, run *jobs.Run) error {
	from, err := strconv.Atoi("0" + run.Job.Step)
	if err != nil {
		return err
	}
	_, err = m.whole(ctx, run.Job.Home, from, inJob(run))
	return err
}

// incrementalJob begins anew when it was stopped: it asks few.
func (m *Supervision) incrementalJob(ctx context.Context, run *jobs.Run) error {
	_, err := m.since(ctx, run.Job.Home, 0, inJob(run))
	return err
}

func inJob(run *jobs.Run) saver {
	return func(ctx context.Context, done, of int, fn func(*store.Tx) error) error {
		return run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			at.Step, at.Done, at.Total = strconv.Itoa(done), int64(done), int64(of)
			return fn(tx)
		})
	}
}
