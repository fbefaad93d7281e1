package supervision

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// check proves that an open finding has exactly one running case and a closed one none, and that every end
// is kept.
func (m *Supervision) check(ctx context.Context, report func(fault.Finding)) error {
	homes, err := m.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		if err := m.host.Store.View(ctx, func(v *store.View) error {
			return checkHome(v, home,
				report)
		}); err != nil {
			return err
		}
	}
	return nil
}

func checkHome(v *store.View, home int64, report func(fault.Finding)) error {
	type row struct {
		ID      int64 `db:"id"`
		State   State `db:"state"`
		Times   int64 `db:"times"`
		Running int64 `db:"running"`
		Ended   int64 `db:"ended"`
	}
	for f, err := range store.Each[row](v, `SELECT f.id, f.state, f.times,
		coalesce(c.running, 0) AS running, coalesce(e.ended, 0) AS ended FROM finding f
		LEFT JOIN (SELECT subject, count(*) AS running FROM procedure_case WHERE home = ? AND procedure = ?
			AND status IN ('running', 'suspended') GROUP BY subject) c
			ON c.subject = 'finding/' || CAST(f.id AS TEXT)
		LEFT JOIN (SELECT finding, count(*) AS ended FROM finding_end WHERE home = ? GROUP BY finding) e
			ON e.finding = f.id
		WHERE f.home = ? ORDER BY f.id`, home, Procedure, home, home) {
		if err != nil {
			return err
		}
		open := int64(0)
		if f.State == Open {
			open = 1
		}
		if f.Running != open || f.Ended != f.Times-open {
			report(fault.Wrong("supervision.check.case", home, f.ID))
		}
	}
	return nil
}
