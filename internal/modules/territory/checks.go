package territory

import (
	"bytes"
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checks prove the invariants of the package comment again.
func (s *Service) checks() []manifest.Check {
	return []manifest.Check{
		{Name: "territory.check.states", Run: s.checkStates},
		{Name: "territory.check.paths", Run: s.checkPaths},
		{Name: "territory.check.shares", Run: s.checkShares},
	}
}

// checkStates proves 1, 2, 4 and 6.
func (s *Service) checkStates(ctx context.Context, report func(fault.Finding)) error {
	var rows []history.Row
	known := map[int64]bool{}
	err := s.host.Store.View(ctx, func(v *store.View) error {
		for r, err := range store.Each[stateRow](v, `SELECT place, since, until, version, parent, level, kind,
			name, code, category, event FROM place_state ORDER BY place, since`) {
			if err != nil {
				return err
			}
			rows = append(rows, history.Row{Place: r.Place, State: r.state()})
		}
		for id, err := range store.Each[int64](v, "SELECT id FROM place_event") {
			if err != nil {
				return err
			}
			known[id] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, finding := range history.Verify(rows, known) {
		report(finding)
	}
	return nil
}

// checkPaths proves 3: place_path is the tree of today.
func (s *Service) checkPaths(ctx context.Context, report func(fault.Finding)) error {
	t := s.Today()
	wanted := t.Positions()
	return s.host.Store.View(ctx, func(v *store.View) error {
		rows, err := paths.All(v, "")
		if err != nil {
			return err
		}
		seen := 0
		for _, r := range rows {
			n := t.Find(r.Place)
			if n == tree.None || !bytes.Equal(wanted[n].Path, r.Path) || wanted[n].Home != r.Home ||
				wanted[n].Level != r.Level {
				report(fault.Wrong("territory.verify.path", r.Place))
				continue
			}
			seen++
		}
		if seen < t.Len() {
			report(fault.Wrong("territory.verify.paths", t.Len()-seen))
		}
		return nil
	})
}

// checkShares proves 5: shares sum to the whole.
func (s *Service) checkShares(ctx context.Context, report func(fault.Finding)) error {
	type sum struct {
		Event int64  `db:"event"`
		From  int64  `db:"from_place"`
		Basis string `db:"basis"`
		Share int64  `db:"share"`
	}
	return s.host.Store.View(ctx, func(v *store.View) error {
		for r, err := range store.Each[sum](v, `SELECT event, from_place, basis,
			CAST(sum(share) AS BIGINT) AS share FROM place_event_part GROUP BY event, from_place, basis
			HAVING sum(share) <> ? ORDER BY event`, int64(restate.Whole)) {
			if err != nil {
				return err
			}
			report(fault.Wrong("territory.verify.share", r.Event, edition.CodeText(r.From), r.Basis,
				r.Share))
		}
		return nil
	})
}
