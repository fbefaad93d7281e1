package jobs

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// KeepTime is how long finished jobs are kept to be looked at.
const KeepTime = 90 * 24 * time.Hour

// purgePortion is how many are removed in one transaction.
const purgePortion = 500

// PurgeKind is the key of the job that removes old finished jobs each night.
const PurgeKind = "jobs.purge"

func (s *Service) purgeKind() Kind {
	return Kind{Key: PurgeKind, Run: s.purge, Schedule: &Schedule{Slot: Nightly(3, 30)}}
}

func (s *Service) purge(ctx context.Context, run *Run) error {
	before := run.Job.Created.Add(-KeepTime)
	for more := true; more; {
		if err := run.Portion(ctx, func(tx *store.Tx, at *Progress) error {
			old, err := table.All(tx, `WHERE state IN (?, ?, ?) AND finished < ? ORDER BY home, id LIMIT ?`,
				Done, Failed, Cancelled, before, purgePortion)
			if err != nil {
				return err
			}
			for i := range old {
				if err := table.Delete(tx, &old[i]); err != nil {
					return err
				}
			}
			more = len(old) == purgePortion
			at.Done += int64(len(old))
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
