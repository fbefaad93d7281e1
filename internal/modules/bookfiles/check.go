package bookfiles

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checks prove what conversions promise.
func (s *Bookfiles) checks() []manifest.Check {
	return []manifest.Check{{Name: "bookfiles.check.conversions", Run: s.checkRuns}}
}

// checkRuns converts the older balances of every finished run again: the next book opened with
// exactly them,
// the older one ended the day before, and maker and checker are two people.
func (s *Bookfiles) checkRuns(ctx context.Context, report func(fault.Finding)) error {
	var all []Run
	err := s.host.Store.View(ctx, func(v *store.View) (err error) {
		all, err = runs.All(v, "WHERE state = 'done' ORDER BY home, id")
		return err
	})
	if err != nil {
		return err
	}
	for _, run := range all {
		err := s.host.Store.View(ctx, func(v *store.View) error { return s.checkRun(v, run, report) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Bookfiles) checkRun(v store.Reader, run Run, report func(fault.Finding)) error {
	p, err := s.Prepare(v, run)
	if err != nil {
		return err
	}
	opened, err := ledger.Balances(v, run.NextRef(), run.Day.AddDays(-1))
	if err != nil {
		return err
	}
	switch {
	case fault.Stops(p.Findings), hashOf(opened) != hashOf(p.Result.Balances):
		report(fault.Wrong("bookfiles.check.opening", run.Home, run.ID, run.NextBook))
	case hashOf(p.Balances) != run.Hash:
		report(fault.Wrong("bookfiles.check.balances", run.Home, run.ID, run.Book))
	}
	if p.Book.Until != run.Day {
		report(fault.Wrong("bookfiles.check.end", run.Home, run.ID, run.Book))
	}
	if run.Maker == run.Checker {
		report(fault.Wrong("bookfiles.check.people", run.Home, run.ID))
	}
	return nil
}
