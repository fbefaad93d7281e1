package app

import (
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// reported are things that a city in the middle of its regular reports has, each with the number of them.
var reported = map[string]string{
	"a monthly report": `SELECT count(*) FROM report
		WHERE form = 'receipts-payments' AND stage = 'approved'`,
	"a quarterly report": `SELECT count(*) FROM report WHERE form = 'trial-balance'`,
	"an annual report": `SELECT count(*) FROM report
		WHERE form = 'collective-economy' AND stage = 'approved'`,
	"a report due that has not come": `SELECT count(*) FROM report WHERE stage = 'filling' AND round = 1
		AND submitted = '' AND due < '2026-03-06'`,
	"a report returned":       `SELECT count(*) FROM report WHERE stage = 'filling' AND round = 2`,
	"a report under review":   `SELECT count(*) FROM report WHERE stage = 'review'`,
	"a report that came late": `SELECT count(*) FROM report WHERE submitted > due`,
	"an excused unit":         `SELECT count(*) FROM report WHERE stage = 'excused'`,
	"a report with another day": `SELECT count(*) FROM report
		WHERE stage = 'filling' AND due = '2026-03-16'`,
	"a report locked":         `SELECT count(*) FROM report WHERE stage = 'locked'`,
	"a warning not explained": `SELECT count(*) FROM report_finding WHERE explained = 0`,
	"a township that compiles": `SELECT count(*) FROM report_roll_up
		WHERE level = 4 AND stage = 'compiling'`,
	"a township accepted": `SELECT count(*) FROM report_roll_up
		WHERE level = 4 AND stage = 'accepted'`,
	"a county that waits": `SELECT count(*) FROM report_roll_up
		WHERE level = 3 AND stage = 'gone_up'`,
	"a county accepted": `SELECT count(*) FROM report_roll_up
		WHERE level = 3 AND stage = 'accepted'`,
	"a figure that a report has": `SELECT count(*) FROM figure WHERE measure = 'reporting.employed'`,
}

// reportsStandEverywhere: every stage a report can have is somewhere in the city, and its sums and tables
// have something to show.
func reportsStandEverywhere(t *testing.T, b builtCity) {
	t.Helper()
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for what, query := range reported {
			if n, err := store.Count(v, query); err != nil || n == 0 {
				t.Errorf("there is not %s (%v)", what, err)
			}
		}
		f, err := b.Modules.Reporting.Form(v, "collective-economy")
		if err != nil {
			return err
		}
		city := b.Modules.Places.City()
		whole, parts, err := b.Modules.Reporting.SumsOf(v, f, "2025", city)
		if err != nil {
			return err
		}
		sum := form.NewTotal(f.Definition)
		for _, p := range parts {
			if err := sum.Add(p.Total); err != nil {
				return err
			}
		}
		if whole.Approved < 5 || string(sum.Encode()) != string(whole.Total.Encode()) {
			t.Errorf("the city has %d approved, its parts %d", whole.Approved, sum.Rows)
		}
		table, err := b.Modules.Reporting.Publish(v, f, "2025", city)
		if err != nil {
			return err
		}
		hidden := 0
		for _, row := range table.Hidden {
			for _, is := range row {
				if is {
					hidden++
				}
			}
		}
		if !table.Safe || hidden == 0 {
			t.Errorf("nothing of the published table is suppressed, safe %v", table.Safe)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// theAnswersOfTheReportsAreTrue: what the key says of a report is so.
func theAnswersOfTheReportsAreTrue(t *testing.T, b builtCity) {
	t.Helper()
	tried := map[string]int{}
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for _, a := range b.Answers {
			key, of := strings.CutPrefix(a.Rule, "report_")
			if !of {
				continue
			}
			tried[key]++
			so, err := b.reportIs(v, key, a)
			if err != nil {
				return err
			}
			if !so {
				t.Errorf("%s is not so at %s (%v)", a.Rule, a.Page, a.Facts)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"unsound", "unexplained", "returned", "missing", "late"} {
		if tried[key] == 0 {
			t.Errorf("the key tells of no report_%s", key)
		}
	}
}

// reportIs reports whether what an answer says of a report is so.
func (b builtCity) reportIs(v *store.View, key string, a demo.Answer) (bool, error) {
	number, err := strconv.ParseInt(a.Page[strings.LastIndex(a.Page, "/")+1:], 10, 64)
	if err != nil {
		return false, err
	}
	p, err := reporting.Get(v, reporting.Ref{Home: a.Organisation.Home, ID: number})
	if err != nil || p.Organisation != a.Organisation.ID {
		return false, err
	}
	switch key {
	case "returned":
		return p.Stage == reporting.Filling && p.Round == 2, nil
	case "missing":
		return p.Stage == reporting.Filling && p.Submitted == "" && p.Late("2026-03-06"), nil
	case "late":
		return p.Submitted > p.Due, nil
	case "unexplained":
		n, err := store.Count(v, `SELECT count(*) FROM report_finding WHERE home = ? AND report = ?
			AND severity = ? AND explained = 0`, p.Home, p.ID, fault.Warning)
		return n > 0 && p.Stage == reporting.InReview, err
	}
	f, err := b.Modules.Reporting.Fill(v, p)
	if err != nil {
		return false, err
	}
	found, err := b.Modules.Reporting.Validate(v, f)
	return fault.Stops(b.Modules.Reporting.Told(f, found)) && p.Stage == reporting.Filling, err
}
