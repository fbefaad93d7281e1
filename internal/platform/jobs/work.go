package jobs

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// Rhythm of the workers.
const (
	pollTime     = 500 * time.Millisecond // how often due jobs are looked for while there are none
	scheduleTime = 30 * time.Second       // how often schedules are looked at
)

// Run does jobs until ctx ends; then running ones are given back after their present portion.
func (s *Service) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range s.workers {
		running.Go(func() { s.work(ctx) })
	}
	schedule := time.NewTicker(scheduleTime)
	defer schedule.Stop()
	for ctx.Err() == nil {
		s.schedule(ctx)
		select {
		case <-ctx.Done():
		case <-schedule.C:
		}
	}
	running.Wait()
}

// work is one worker.
func (s *Service) work(ctx context.Context) {
	poll := time.NewTicker(pollTime)
	defer poll.Stop()
	for ctx.Err() == nil {
		job, found, err := s.next(ctx)
		if found {
			err = s.try(ctx, job)
			s.leave(job.Home)
			if err == nil {
				continue
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("jobs: no work could be taken; it will be tried again", "cause", err)
		}
		select {
		case <-ctx.Done():
		case <-poll.C:
		}
	}
}

// next takes a due job whose home has not yet its share of the workers. One worker at a time looks;
// what it finds serves the others too.
func (s *Service) next(ctx context.Context) (Job, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if job, found := s.take(); found {
		return job, true, nil
	}
	list, err := s.due(ctx)
	if err != nil {
		return Job{}, false, err
	}
	s.found = list
	job, found := s.take()
	return job, found, nil
}

func (s *Service) take() (Job, bool) {
	share := max(1, s.workers/2)
	i := slices.IndexFunc(s.found, func(j Job) bool { return s.busy[j.Home] < share })
	if i < 0 {
		return Job{}, false
	}
	job := s.found[i]
	s.found = slices.Delete(s.found, i, i+1)
	s.busy[job.Home]++
	return job, true
}

func (s *Service) leave(home int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[home]--; s.busy[home] == 0 {
		delete(s.busy, home)
	}
}

// try claims a job and does it, if it is still to be had.
func (s *Service) try(ctx context.Context, job Job) error {
	claimed, err := s.claim(ctx, &job)
	if claimed {
		s.perform(ctx, job)
	}
	return err
}

// Drain does what is due now, one job after another in this goroutine, until nothing is: for
// commands and tests. A job that fails and waits for its pause is left.
func (s *Service) Drain(ctx context.Context) error {
	for {
		list, err := s.due(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, job := range list {
			if err := s.try(ctx, job); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// schedule orders what is due by the clock. A failing kind or home does not keep the others from it.
func (s *Service) schedule(ctx context.Context) {
	for key, kind := range s.kinds {
		if kind.Schedule == nil {
			continue
		}
		if err := s.scheduleKind(ctx, kind); err != nil && ctx.Err() == nil {
			slog.Error("jobs: a scheduled job could not be ordered and will be tried again", "kind", key,
				"cause", err)
		}
	}
}

func (s *Service) scheduleKind(ctx context.Context, kind Kind) error {
	slot := kind.Schedule.Slot(s.store.Now())
	if s.ordered[kind.Key] == slot {
		return nil
	}
	homes := []int64{store.City}
	if kind.Schedule.Homes != nil {
		var err error
		if homes, err = kind.Schedule.Homes(ctx); err != nil {
			return err
		}
	}
	var failed error
	for _, home := range homes {
		if err := s.store.Maintain(ctx, func(tx *store.Tx) error {
			_, err := s.Enqueue(tx, Order{Home: home, Kind: kind.Key, Slot: slot, Args: struct{}{}})
			return err
		}); err != nil {
			failed = err
		}
	}
	if failed == nil {
		s.ordered[kind.Key] = slot
	}
	return failed
}
