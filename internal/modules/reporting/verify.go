package reporting

import (
	"bytes"
	"context"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checkAll proves the invariants of this module again: totals are those of approved reports and of no
// others, a report stands where its case stands, nothing above is accepted over something that is not.
func (g *Reporting) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return g.host.Store.View(ctx, func(v *store.View) error {
		if err := g.checkTotals(v, report); err != nil {
			return err
		}
		if err := checkStages(v, report); err != nil {
			return err
		}
		if err := g.checkRollUps(v, report); err != nil {
			return err
		}
		return g.checkAccepted(v, report)
	})
}

type numbered struct {
	Home int64 `db:"home"`
	ID   int64 `db:"id"`
}

func (g *Reporting) checkTotals(v *store.View, report func(fault.Finding)) error {
	stray, err := store.All[numbered](v, `SELECT t.home AS home, t.report AS id FROM report_total t
		LEFT JOIN report p ON p.home = t.home AND p.id = t.report AND p.stage IN ('approved', 'locked')
		WHERE p.id IS NULL`)
	if err != nil {
		return err
	}
	for _, one := range stray {
		report(fault.Wrong("reporting.verify.total", one.Home, one.ID))
	}
	groups, err := store.All[formOfPeriod](v, `SELECT DISTINCT home, form, period FROM report
		WHERE stage IN ('approved', 'locked') ORDER BY home, form, period`)
	if err != nil {
		return err
	}
	for _, one := range groups {
		if err := g.checkGroup(v, one, report); err != nil {
			return err
		}
	}
	return nil
}

// formOfPeriod is what is checked at once: the reports of a form and period in a county.
type formOfPeriod struct {
	Home   int64  `db:"home"`
	Form   string `db:"form"`
	Period string `db:"period"`
}

func (g *Reporting) checkGroup(v *store.View, one formOfPeriod, report func(fault.Finding)) error {
	f, err := g.Form(v, one.Form)
	if err != nil {
		return err
	}
	stored, err := totals.All(v, "WHERE home = ? AND form = ? AND period = ?", one.Home, one.Form,
		one.Period)
	if err != nil {
		return err
	}
	of := map[int64]totalRow{}
	for _, t := range stored {
		of[t.Report] = t
	}
	for p, err := range reports.Each(v, `WHERE home = ? AND form = ? AND period = ?
		AND stage IN ('approved', 'locked') ORDER BY id`, one.Home, one.Form, one.Period) {
		if err != nil {
			return err
		}
		if t, found := of[p.ID]; !found || !totalRight(f, p, t) {
			report(fault.Wrong("reporting.verify.total", p.Home, p.ID))
		}
	}
	return nil
}

// totalRight reports whether a stored total is what its report gives. One of an earlier edition of the form
// is left: it is added to no other.
func totalRight(f *Form, p Report, t totalRow) bool {
	row, err := rowOf(f.Definition, p.Cells)
	return t.Layout != LayoutKey(f) || err == nil && t.Place == p.Place && bytes.Equal(t.Figures,
		f.Of(row).Encode())
}

type caseLine struct {
	Home   int64  `db:"home"`
	ID     int64  `db:"id"`
	Stage  Stage  `db:"stage"`
	Status string `db:"status"`
	Step   string `db:"step"`
}

// checkStages: a report stands where its case stands.
func checkStages(v *store.View, report func(fault.Finding)) error {
	for c, err := range store.Each[caseLine](v, `SELECT c.home AS home, c.id AS id, c.stage AS stage,
		k.status AS status, k.step AS step FROM report c
		JOIN procedure_case k ON k.home = c.home AND k.id = c.procedure_case ORDER BY c.home, c.id`) {
		if err != nil {
			return err
		}
		fits := string(c.Stage) == c.Step
		switch c.Status {
		case "done":
			fits = c.Stage == Approved || c.Stage == Locked
		case "withdrawn", "refused":
			fits = c.Stage == Excused
		}
		if !fits {
			report(fault.Wrong("reporting.verify.stage", c.Home, c.ID))
		}
	}
	return nil
}

// checkRollUps: what went up is what the reports below give, and no report below an acceptance is open.
func (g *Reporting) checkRollUps(v *store.View, report func(fault.Finding)) error {
	list, err := rollUps.All(v, "WHERE stage = ? ORDER BY home, id", Accepted)
	if err != nil {
		return err
	}
	for _, one := range list {
		_, hash, wrong, err := g.recount(v, one)
		if err != nil {
			return err
		}
		if wrong > 0 || hash != one.Hash {
			report(fault.Wrong("reporting.verify.roll_up", one.Home, one.ID))
		}
	}
	return nil
}
