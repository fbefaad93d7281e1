package indicators

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/indicators/quotient"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// portion is how many runs are read at once.
const portion = 100

// checkAll proves invariant 8 of every run again: each figure with an origin is the quotient of the parts
// beside it, and counts all the reports that were due.
func (n *Indicators) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return n.host.Store.View(ctx, func(v *store.View) error {
		for after, over := "", false; !over; {
			found, err := n.evaluations.Find(v, access.Machine, evaluation.Search{After: after,
				Limit: portion})
			if err != nil {
				return err
			}
			for _, run := range found.Runs {
				wrong, err := provenance(v, run)
				if err != nil {
					return err
				}
				for _, f := range wrong {
					report(f)
				}
			}
			after, over = found.Next, found.Next == ""
		}
		return nil
	})
}

// provenance is what does not agree between the figures of a run and the parts they say they come from.
func provenance(r store.Reader, run evaluation.Run) (found []fault.Finding, err error) {
	text, err := evaluation.SchemeText(r, run.Ref())
	if err != nil || !strings.Contains(text, "origin:") {
		return nil, err
	}
	var scheme score.Scheme
	if err := yaml.Unmarshal([]byte(text), &scheme); err != nil {
		return nil, err // its own module reads it as well, and tells
	}
	if text, err = evaluation.FiguresText(r, run.Ref()); err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := map[string]int{}
	for i, heading := range rows[0] {
		at[heading] = i
	}
	for _, i := range scheme.Indicators {
		if i.Origin == nil {
			continue
		}
		for _, row := range rows[1:] {
			if !follows(*i.Origin, i.Code, func(column string) string { return cellOf(at, row, column) }) {
				found = append(found, fault.Wrong("indicators.verify.origin",
					fmt.Sprintf("%d/%d", run.Home, run.ID), i.Code, row[0],
					cellOf(at, row, "Time")))
			}
		}
	}
	return found, nil
}

func cellOf(at map[string]int, row []string, column string) string {
	i, there := at[column]
	if !there || i >= len(row) {
		return ""
	}
	return row[i]
}

// follows reports whether a figure is the quotient of its parts. One that is missing has none.
func follows(o score.Origin, code string, cell func(column string) string) bool {
	parts := score.OriginColumns(code)
	figure, numerator, denominator := cell(code), cell(parts[0]), cell(parts[1])
	if figure == "" {
		return numerator == "" && denominator == ""
	}
	if len(o.Places) != 3 || cell(parts[2]) != cell(parts[3]) {
		return false
	}
	q := quotient.Quotient{Times: o.Times, Over: o.Over, Numerator: o.Places[0], Denominator: o.Places[1],
		Places: o.Places[2]}
	n, err := decimal.Parse(numerator, q.Numerator)
	if err != nil || !q.Right() {
		return false
	}
	m := int64(1)
	if o.Denominator != "" {
		if m, err = decimal.Parse(denominator, q.Denominator); err != nil {
			return false
		}
	}
	want, known := q.Of(n, m)
	return known && decimal.Format(want, q.Places) == figure
}
