package reporting

import (
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Published is a table of counts as it may be shown: cells of a form over the parts of a place.
type Published struct {
	Cells  []int // of the form
	Parts  []Sum
	Whole  Sum
	Hidden form.Hidden // a row a part, the last the whole
	Safe   bool        // false: nothing of the counts can be shown
	Least  int64
}

// Publish makes the table of a form's counts over the parts of a place, with small counts suppressed. What
// the place has of its own is a part too.
func (g *Reporting) Publish(r store.Reader, f *Form, period string, place int64) (t Published, err error) {
	if t.Whole, t.Parts, err = g.SumsOf(r, f, period, place); err != nil {
		return t, err
	}
	rest := t.Whole.Total
	for _, p := range t.Parts {
		rest = rest.Minus(p.Total)
	}
	if rest.Rows > 0 {
		t.Parts = append(t.Parts, Sum{Place: place, Total: rest})
	}
	if t.Least, err = g.host.Packs.Int("report.suppress_below", g.host.Today(),
		g.places.Codes(place)...); err != nil {
		return t, err
	}
	for i, c := range f.Cells {
		if c.Kind == form.Count && c.RollUp != form.Alone {
			t.Cells = append(t.Cells, i)
		}
	}
	counts := func(s Sum) []int64 {
		row := []int64{s.Total.Rows} // how many reported is a count too
		for _, i := range t.Cells {
			row = append(row, s.Total.Cells[i].Amount)
		}
		return row
	}
	table := form.Table{Total: counts(t.Whole), Open: []bool{true}}
	for _, p := range t.Parts {
		table.Parts = append(table.Parts, counts(p))
	}
	chosen := append([]int{-1}, t.Cells...)
	table.Relations = f.Relations(chosen, 0)
	t.Hidden, t.Safe = form.Suppress(table, t.Least)
	return t, nil
}
