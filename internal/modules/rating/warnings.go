package rating

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// warnings tell of what a run did without a refusal and an analyst would not expect.
func warnings(s score.Scheme, o *score.Outcome) []fault.Finding {
	var notes []fault.Finding
	divided := func(i score.Indicator) bool { return i.Denominator != "" }
	if s.Denominate && !slices.ContainsFunc(s.Indicators, divided) {
		notes = append(notes, fault.Doubt("rating.nothing_divided"))
	}
	return slices.Concat(notes, undivided(o), unfilled(s, o), untamed(o), silent(o))
}

// undivided tells of figures that are lost, since there is nothing to divide them by.
func undivided(o *score.Outcome) (notes []fault.Finding) {
	const namedMax = 10
	var order []string
	lost := map[string][]string{} // areas by denominator
	for _, c := range o.Changes {
		if c.Step != score.Denominating || frame.IsMissing(c.From) || !frame.IsMissing(c.To) {
			continue
		}
		area := c.Area
		if c.Time != "" {
			area += " " + c.Time
		}
		if lost[c.About] == nil {
			order = append(order, c.About)
		}
		if !slices.Contains(lost[c.About], area) {
			lost[c.About] = append(lost[c.About], area)
		}
	}
	for _, by := range order {
		named := strings.Join(lost[by][:min(len(lost[by]), namedMax)], ", ")
		if len(lost[by]) > namedMax {
			named += " …"
		}
		notes = append(notes, fault.Doubt("rating.undivided", by, len(lost[by]), named))
	}
	return notes
}

// unfilled tells what is still missing after imputation: of a group without any figure, or by row of an area
// without any.
func unfilled(s score.Scheme, o *score.Outcome) (notes []fault.Finding) {
	for i, indicator := range s.Indicators {
		rule := cmp.Or(indicator.Impute, s.Impute)
		if rule == nil || rule.Method == score.ImputeNone {
			continue
		}
		missing, first := 0, ""
		for row, x := range o.Prepared[i] {
			if frame.IsMissing(x) {
				if missing == 0 {
					first = o.Keys[row]
				}
				missing++
			}
		}
		if missing > 0 && missing < len(o.Prepared[i]) {
			notes = append(notes, fault.Doubt("rating.unfilled", indicator.Code, missing, first))
		}
	}
	return notes
}

// untamed tells of columns that still have outliers by the test after all treatment, and of those that stay
// as they were since nothing could be tested after it.
func untamed(o *score.Outcome) (notes []fault.Finding) {
	for _, t := range o.Treatments {
		untested := !t.Defined && t.Skewness[0] == t.Skewness[0]
		if (t.Passed || t.Repaired) && !untested {
			continue
		}
		about := t.Indicator
		if t.Time != "" {
			about += " " + t.Time
		}
		if untested {
			notes = append(notes, fault.Doubt("rating.untreated", about))
			continue
		}
		notes = append(notes, fault.Doubt("rating.untamed", about, cmp.Or(t.Done, "–")))
	}
	return notes
}

// silent tells of indicators that no score has heard: those without a figure, and those without spread, which
// the normalisation leaves empty.
func silent(o *score.Outcome) (notes []fault.Finding) {
	for i := range o.Indicators {
		switch {
		case frame.Present(o.Scores[i]) > 0:
		case frame.Present(o.Treated[i]) == 0:
			notes = append(notes, fault.Doubt("rating.column_without_figures", o.Nodes[i].Code))
		default:
			notes = append(notes, fault.Doubt("rating.column_without_spread", o.Nodes[i].Code))
		}
	}
	return notes
}
