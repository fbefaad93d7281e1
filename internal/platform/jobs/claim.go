package jobs

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// LeaseTime is how long a worker may be silent before its job is given to another.
const LeaseTime = 60 * time.Second

// candidatesMax is how many jobs of one home are looked at together.
const candidatesMax = 256

// due lists jobs that can be claimed now, homes taking turns. A home that cannot be read is passed over.
func (s *Service) due(ctx context.Context) ([]Job, error) {
	now := s.store.Now()
	homes, err := store.Read(ctx, s.store, func(v *store.View) ([]int64, error) { return dueHomes(v, now) })
	if err != nil {
		return nil, err
	}
	var lists [][]Job
	for _, home := range homes {
		list, err := s.dueIn(ctx, home, now)
		if err != nil {
			slog.Error("jobs: a home is passed over", "home", home, "cause", err)
			continue
		}
		lists = append(lists, list)
	}
	return inTurn(lists), nil
}

// dueHomes finds the homes that have something due, going from one to the next by the index: a
// DISTINCT would read every waiting job.
func dueHomes(v *store.View, now period.Instant) ([]int64, error) {
	var homes []int64
	for last := int64(-1); ; {
		next, found, err := store.First[int64](v, `SELECT home FROM job
			WHERE state = ? AND home > ? AND run_after <= ? ORDER BY home LIMIT 1`, Waiting, last, now)
		if err != nil {
			return nil, err
		}
		if !found {
			break
		}
		homes, last = append(homes, next), next
	}
	late, err := store.All[int64](v, `SELECT DISTINCT home FROM job WHERE state = ? AND lease_until < ?
		ORDER BY home`, Running, now)
	homes = append(homes, late...)
	slices.Sort(homes)
	return slices.Compact(homes), err
}

func (s *Service) dueIn(ctx context.Context, home int64, now period.Instant) ([]Job, error) {
	return store.Read(ctx, s.store, func(v *store.View) ([]Job, error) {
		late, err := table.All(v, `WHERE state = ? AND home = ? AND lease_until < ?
			ORDER BY run_after, id LIMIT ?`, Running, home, now, candidatesMax)
		if err != nil {
			return nil, err
		}
		waiting, err := table.All(v, `WHERE state = ? AND home = ? AND run_after <= ?
			ORDER BY run_after, id LIMIT ?`, Waiting, home, now, candidatesMax)
		return append(late, waiting...), err
	})
}

// inTurn takes the first of each list, then the second of each, and so on.
func inTurn(lists [][]Job) []Job {
	var all []Job
	for turn := 0; ; turn++ {
		before := len(all)
		for _, list := range lists {
			if turn < len(list) {
				all = append(all, list[turn])
			}
		}
		if len(all) == before {
			return all
		}
	}
}

const claimText = `UPDATE job SET state = ?, lease_by = ?, lease_until = ?, attempts = attempts + 1,
	begun = ?, begun_done = done
	WHERE home = ? AND id = ? AND state = ? AND attempts = ? AND lease_by = ? AND lease_until = ?`

// claim takes the lease of a job as it was read; false if somebody was faster. A job that was asked to
// stop, or was tried too often, is ended instead.
func (s *Service) claim(ctx context.Context, job *Job) (bool, error) {
	lease := s.name + "/" + strconv.FormatInt(s.claims.Add(1), 10)
	var claimed Job
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		claimed = Job{}
		if end, refusal := s.ending(*job); end != "" {
			return finish(tx, *job, end, refusal)
		}
		n, err := tx.Exec(claimText, Running, lease, tx.Now().Add(LeaseTime), tx.Now(), job.Home, job.ID,
			job.State, job.Attempts, job.LeaseBy, job.LeaseUntil)
		if err != nil || n != 1 {
			return err
		}
		claimed, err = s.Get(tx, job.Home, job.ID)
		return err
	})
	if err != nil || claimed.LeaseBy != lease {
		return false, err
	}
	*job = claimed
	return true, nil
}

// ending says how a job that is due ends without being run: "" if it is to be run.
func (s *Service) ending(job Job) (State, *fault.Fault) {
	kind, known := s.kinds[job.Kind]
	switch {
	case job.Cancelled != 0:
		return Cancelled, nil
	case !known:
		return Failed, fault.New(fault.Unsupported, "jobs.kind", job.Kind)
	case job.Attempts >= kind.attempts():
		return Failed, fault.New(fault.Unavailable, "jobs.crashed", job.Attempts)
	}
	return "", nil
}

// finish ends a job that is as it was read; if it is not any more, somebody else has it.
func finish(tx *store.Tx, job Job, end State, refusal *fault.Fault) error {
	key, args := job.Error, job.ErrorArgs
	if refusal != nil {
		key, args = words(refusal)
	}
	_, err := tx.Exec(`UPDATE job SET state = ?, error = ?, error_args = ?, finished = ?, lease_until = 0
		WHERE home = ? AND id = ? AND state = ? AND lease_by = ? AND attempts = ?`,
		end, key, args, tx.Now(), job.Home, job.ID, job.State, job.LeaseBy, job.Attempts)
	return err
}
