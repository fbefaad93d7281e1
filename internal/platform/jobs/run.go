package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Run is one attempt at a job, in the hands of its kind.
type Run struct {
	Job     Job // as last saved
	service *Service
	stop    context.CancelCauseFunc
}

// Progress is where a job stands.
type Progress struct {
	Step  string // in the words of the kind: the row it has come to, the phase it is in
	Done  int64
	Total int64 // 0: not known yet
}

// Why a run stops without being over.
var (
	errCancelled = errors.New("jobs: somebody asked to stop it")
	errLost      = errors.New("jobs: another worker has the lease")
)

// Args decodes what was ordered.
func (r *Run) Args(into any) error {
	if err := json.Unmarshal([]byte(r.Job.Args), into); err != nil {
		return fault.New(fault.Invalid, "jobs.args", r.Job.Kind).Because(err)
	}
	return nil
}

// Portion does a piece of the work in one transaction and saves where the job stands after it. fn may
// run more than once, each time from the progress as it was before; it must change rows only through
// tx and record its events itself. After a refusal nothing of the portion is saved.
func (r *Run) Portion(ctx context.Context, fn func(tx *store.Tx, at *Progress) error) error {
	before := Progress{r.Job.Step, r.Job.Done, r.Job.Total}
	var after Progress
	err := r.service.store.Write(ctx, func(tx *store.Tx) error {
		after = before
		if err := fn(tx, &after); err != nil {
			return err
		}
		return r.save(tx, after)
	})
	if errors.Is(err, errCancelled) || errors.Is(err, errLost) {
		r.stop(err)
	}
	if err != nil {
		return err
	}
	r.Job.Step, r.Job.Done, r.Job.Total = after.Step, after.Done, after.Total
	return nil
}

// Tell saves where the job stands, for work whose effect is not in the database.
func (r *Run) Tell(ctx context.Context, at Progress) error {
	return r.Portion(ctx, func(_ *store.Tx, p *Progress) error {
		*p = at
		return nil
	})
}

const saveText = `UPDATE job SET step = ?, done = ?, total = ?, lease_until = ?,
	attempts = CASE WHEN done < ? THEN 1 ELSE attempts END
	WHERE home = ? AND id = ? AND state = ? AND lease_by = ? AND cancelled_by = 0`

// save is the fence: it fails unless this run still has the lease and nobody asked to stop.
func (r *Run) save(tx *store.Tx, at Progress) error {
	n, err := tx.Exec(saveText, at.Step, at.Done, at.Total, tx.Now().Add(LeaseTime), at.Done,
		r.Job.Home, r.Job.ID, Running, r.Job.LeaseBy)
	if err != nil || n == 1 {
		return err
	}
	return r.reason(tx)
}

// reason finds out why the lease could not be renewed.
func (r *Run) reason(reader store.Reader) error {
	job, err := r.service.Get(reader, r.Job.Home, r.Job.ID)
	switch {
	case err != nil:
		return err
	case job.LeaseBy == r.Job.LeaseBy && job.Cancelled != 0:
		return errCancelled
	}
	return errLost
}

// beat renews the lease until ctx ends, and stops the run when the lease is lost or somebody asked.
func (r *Run) beat(ctx context.Context) {
	ticker := time.NewTicker(LeaseTime / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.renew(ctx)
		}
	}
}

func (r *Run) renew(ctx context.Context) {
	err := r.service.store.Maintain(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE job SET lease_until = ? WHERE home = ? AND id = ? AND state = ?
			AND lease_by = ? AND cancelled_by = 0`, tx.Now().Add(LeaseTime), r.Job.Home, r.Job.ID, Running,
			r.Job.LeaseBy)
		if err != nil || n == 1 {
			return err
		}
		return r.reason(tx)
	})
	if errors.Is(err, errCancelled) || errors.Is(err, errLost) {
		r.stop(err)
	} else if err != nil && ctx.Err() == nil {
		slog.Warn("jobs: a lease could not be renewed and will be tried again", "cause", err)
	}
}

// perform does a claimed job and writes down how it went.
func (s *Service) perform(ctx context.Context, job Job) {
	running, stop := context.WithCancelCause(ctx)
	run := &Run{Job: job, service: s, stop: stop}
	beating, quiet := context.WithCancel(running)
	done := make(chan struct{})
	go func() {
		defer close(done)
		run.beat(beating)
	}()
	err := call(running, s.kinds[job.Kind], run)
	quiet()
	<-done
	if cause := context.Cause(running); cause != nil && err != nil {
		err = cause // what stopped it says more than how it noticed
	}
	stop(nil)
	// The program may be stopping: what happened is written down all the same.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.settle(last, run, err); err != nil {
		slog.Error("jobs: the outcome could not be saved; the lease will run out", "kind", job.Kind,
			"home", job.Home, "job", job.ID, "cause", err)
	}
}

// call turns a panic of a kind into an error.
func call(ctx context.Context, kind Kind, run *Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "fault.internal").
				Because(fmt.Errorf("panic in a job: %v\n%s", p, debug.Stack()))
		}
	}()
	return kind.Run(ctx, run)
}

// settle writes down how a run went.
func (s *Service) settle(ctx context.Context, run *Run, err error) error {
	switch {
	case errors.Is(err, errLost):
		return nil
	case err == nil:
		return s.end(ctx, run, Done, nil)
	case errors.Is(err, errCancelled):
		return s.end(ctx, run, Cancelled, nil)
	case errors.Is(err, context.Canceled):
		return s.release(ctx, run) // the program is stopping
	}
	f := fault.Of(err)
	slog.Warn("jobs: an attempt failed", "kind", run.Job.Kind, "home", run.Job.Home, "job", run.Job.ID,
		"attempt", run.Job.Attempts, "code", f.Code, "key", f.Key, "cause", f.Unwrap())
	if final(f.Code) {
		return s.end(ctx, run, Failed, f)
	}
	return s.again(ctx, run, f)
}

// final reports whether the same input would meet the same refusal again.
func final(c fault.Code) bool {
	switch c {
	case fault.Internal, fault.Unavailable, fault.Stale, fault.Limited:
		return false
	}
	return true
}

func (s *Service) end(ctx context.Context, run *Run, state State, f *fault.Fault) error {
	key, args := words(f)
	return s.store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE job SET state = ?, error = ?, error_args = ?, finished = ?, lease_until = 0
			WHERE home = ? AND id = ? AND state = ? AND lease_by = ?`,
			state, key, args, tx.Now(), run.Job.Home, run.Job.ID, Running, run.Job.LeaseBy)
		return err
	})
}

// release gives the job back untried: the next process goes on with it.
func (s *Service) release(ctx context.Context, run *Run) error {
	return s.store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE job SET state = ?, attempts = attempts - 1, run_after = ?, lease_until = 0
			WHERE home = ? AND id = ? AND state = ? AND lease_by = ?`,
			Waiting, tx.Now(), run.Job.Home, run.Job.ID, Running, run.Job.LeaseBy)
		return err
	})
}

// again puts the job back after a pause, or ends it if it was tried often enough.
func (s *Service) again(ctx context.Context, run *Run, f *fault.Fault) error {
	key, args := words(f)
	most := s.kinds[run.Job.Kind].attempts()
	return s.store.Maintain(ctx, func(tx *store.Tx) error {
		job, err := s.Get(tx, run.Job.Home, run.Job.ID)
		if err != nil {
			return err
		}
		state, finished := Waiting, tx.Now()
		if job.Attempts >= most {
			state = Failed
		} else {
			finished = 0
		}
		_, err = tx.Exec(`UPDATE job SET state = ?, error = ?, error_args = ?, run_after = ?, finished = ?,
			lease_until = 0 WHERE home = ? AND id = ? AND state = ? AND lease_by = ?`,
			state, key, args, tx.Now().Add(pause(job.Attempts)), finished, job.Home, job.ID, Running,
			run.Job.LeaseBy)
		return err
	})
}

// pause is how long a job waits after so many attempts: ten seconds, doubled each time, at most an hour.
func pause(attempts int64) time.Duration {
	return min(10*time.Second<<min(max(attempts, 1)-1, 10), time.Hour)
}

// wordMax is how many characters of an argument of a refusal are kept.
const wordMax = 80

// words are a refusal as it is kept: its key and its arguments as text.
func words(f *fault.Fault) (key, args string) {
	if f == nil {
		return "", "[]"
	}
	list := make([]string, len(f.Args))
	for i, a := range f.Args {
		text := []rune(fmt.Sprint(a))
		list[i] = string(text[:min(len(text), wordMax)])
	}
	encoded, err := json.Marshal(list)
	if err != nil {
		return f.Key, "[]"
	}
	return f.Key, string(encoded)
}
