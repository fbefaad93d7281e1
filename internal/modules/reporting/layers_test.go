package reporting_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// found are the findings of a report's present round, as layer.rule.cell.
func (w world) found(p reporting.Report) (all []string) {
	w.t.Helper()
	list, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]reporting.Finding, error) {
		return reporting.FindingsOf(v, p.Ref())
	})
	w.must(err)
	for _, f := range list {
		all = append(all, string(f.Layer)+"."+f.Rule+"."+f.Cell)
	}
	slices.Sort(all)
	return all
}

// refusedFor demands that a report cannot be submitted, for exactly these reasons.
func (w world) refusedFor(p reporting.Report, values map[string]*int64, keys ...string) {
	w.t.Helper()
	err := w.submit(p, values)
	w.refused(err, "reporting.unsound")
	var found []string
	for _, f := range fault.Of(err).Findings {
		if f.Severity == fault.Error {
			found = append(found, f.Key+"."+f.Column)
		}
	}
	slices.Sort(found)
	if slices.Sort(keys); !slices.Equal(found, keys) {
		w.t.Errorf("refused for %v, not %v", found, keys)
	}
}

// TestFourLayers: each layer finds its own, and nothing else does: bounds and gaps, rules between cells and
// with the year before, what lies far from its peers, and a form that is wrong in itself.
func TestFourLayers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		list := w.all()
		p := list[0]
		wrong := figures(420_000_00)
		wrong["employed"], wrong["dividend_households"] = amount(-1), nil
		w.refusedFor(p, wrong, "reporting.found.range.employed",
			"reporting.found.missing.dividend_households")
		wrong = figures(420_000_00)
		wrong["employed"] = amount(121) // of 120 members
		w.refusedFor(p, wrong, "reporting.found.cross.employed")
		w.must(w.submit(p, figures(420_000_00)))
		if found := w.found(p); len(found) != 0 {
			t.Errorf("a sound report: %v", found)
		}
		w.must(w.approve(p))
		w.outliers(list)
		w.lookBack(list)
		for key, spoiled := range map[string][2]string{
			"reporting.check.source": {"tag: asked, seconds: 60, min: 0}\nrules",
				"tag: derived}\nrules"},
			"reporting.check.part":       {"cells: [orchard, trees]", "cells: [orchard, bees]"},
			"reporting.check.dates":      {`due: {day: "02-28", year: 1}`, `due: {day: "04-30", year: 1}`},
			"reporting.check.expression": {"(trees > 0)", "(bees > 0)"},
			"reporting.check.cell_title": {"en: Trees", `en: ""`},
			"reporting.check.procedure":  {"procedure: report-year", "procedure: none"},
			"reporting.admit.sunset":     {"sunset: 2028-01-01", "sunset: 2038-01-01"},
			"reporting.check.every":      {"every: year", "every: week"},
			"reporting.check.roll_up":    {"kind: count,", "kind: count, roll_up: mean,"},
		} {
			text := strings.Replace(proposal, spoiled[0], spoiled[1], 1)
			if text == proposal {
				t.Fatalf("%s spoils nothing", key)
			}
			_, err := w.Reporting.Propose(t.Context(), w.As("county-officer", 1), w.home, text)
			if !slices.ContainsFunc(fault.Of(err).Findings,
				func(f fault.Finding) bool { return f.Key == key }) {
				t.Errorf("%s is not found: %v", key, fault.Of(err).Findings)
			}
		}
	})
}

// outliers: with six peers that are alike a seventh that is far off is warned of, and cannot be approved
// before somebody said why; one that is like them is not.
func (w world) outliers(list []reporting.Report) {
	w.t.Helper()
	peers := slices.DeleteFunc(slices.Clone(list), func(p reporting.Report) bool {
		return p.Level != list[len(list)-1].Level
	})
	for i, p := range peers[:6] {
		w.must(w.submit(p, figures(int64(400_000_00+i*1_000_00))))
		w.must(w.approve(p))
	}
	far, near := peers[6], peers[7]
	w.must(w.submit(far, figures(9_000_000_00)))
	want := []string{"outlier.peers.gross_operating_income", "outlier.peers.net_operating_income"}
	if found := w.found(far); !slices.Equal(found, want) {
		w.t.Errorf("far off: %v", found)
	}
	w.refused(w.act(far.Case, w.reviewer(far), flow.Act{Verb: flow.Approve}), "reporting.unexplained")
	w.must(w.approve(far))
	w.must(w.submit(near, figures(402_500_00)))
	if found := w.found(near); len(found) != 0 {
		w.t.Errorf("near: %v", found)
	}
}

// lookBack: a rule that looks back asks nothing in the first year, and something in the next.
func (w world) lookBack(list []reporting.Report) {
	w.t.Helper()
	f, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (reporting.Filled, error) {
		next := w.report(list[0].ID)
		next.ID, next.Period, next.Stage, next.Cells = 9_999, "2026", reporting.Filling, ""
		next.Typed = strings.Replace(next.Typed, `"total_assets":90000000`, `"total_assets":44999999`, 1)
		return w.Reporting.Fill(v, next)
	})
	w.must(err)
	found, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]form.Finding, error) {
		return w.Reporting.Validate(v, f)
	})
	w.must(err)
	if len(found) != 1 || found[0].Rule != "assets-halved-or-doubled" || found[0].Layer != form.AcrossOf ||
		found[0].Severity != fault.Warning {
		w.t.Errorf("half of last year's assets: %+v", found)
	}
}
