package intakepage

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// jobArgs is what the job is told.
type jobArgs struct {
	Home        int64  `json:"home"`
	Intake      int64  `json:"intake"`
	Explanation string `json:"explanation"`
}

// Jobs is the kind of job that lets a file take effect.
func (f *Files) Jobs() []jobs.Kind { return []jobs.Kind{{Key: f.Job, Run: f.run}} }

// order orders the job, if the file may take effect.
func (f *Files) order(r *web.Request, in intake.Intake, explanation string) error {
	if err := intake.Releasable(in, explanation); err != nil || in.State == intake.Done {
		return err
	}
	return f.Host.Store.Maintain(r.Context(), func(tx *store.Tx) error {
		_, err := f.Host.Jobs.Enqueue(tx, jobs.Order{Home: in.Home, Kind: f.Job, Place: in.Place,
			Subject: "intake/" + strconv.FormatInt(in.ID, 10), Actor: r.Actor.Account,
			Args: jobArgs{in.Home, in.ID, explanation}})
		return err
	})
}

// run lets a file take effect in the background, in the name of whoever asked.
func (f *Files) run(ctx context.Context, run *jobs.Run) error {
	var args jobArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	actor, err := store.Read(ctx, f.Host.Store, func(v *store.View) (access.Actor, error) {
		return f.Host.Identity.Person(v, run.Job.Actor, f.Host.Today())
	})
	if err != nil {
		return err
	}
	_, err = f.Host.Intake.Apply(ctx, intake.Order{Actor: actor, Home: args.Home, ID: args.Intake,
		Explanation: args.Explanation, Progress: func(done, total int64) error {
			return run.Tell(ctx, jobs.Progress{Step: "apply", Done: done, Total: total})
		}})
	return err
}
