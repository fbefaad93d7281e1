package reporting

import (
	"slices"

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
// the place has of its own is a part too. What the table of the place above hides of this one is hidden
// here as well: whoever lays both side by side learns no more.
func (g *Reporting) Publish(r store.Reader, f *Form, period string, place int64) (t Published, err error) {
	if t.Whole, t.Parts, err = g.SumsOf(r, f, period, place); err != nil {
		return t, err
	}
	t.Parts = slices.DeleteFunc(t.Parts, func(p Sum) bool { return p.Of == 0 && p.Total.Rows == 0 })
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
	if table.Secret, err = g.hiddenAbove(r, f, period, place); err != nil {
		return t, err
	}
	t.Hidden, t.Safe = form.Suppress(table, t.Least)
	return t, nil
}

// hiddenAbove tells which totals of a place the table of the place above hides, in the order of the columns.
// All of them, if nothing of that table can be shown.
func (g *Reporting) hiddenAbove(r store.Reader, f *Form, period string, place int64) ([]bool, error) {
	parent := g.places.Parent(place)
	if parent == 0 || place == g.places.City() {
		return nil, nil
	}
	above, err := g.Publish(r, f, period, parent)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(above.Parts, func(p Sum) bool { return p.Place == place })
	if at < 0 {
		return nil, nil
	}
	hidden := slices.Clone(above.Hidden[at])
	for c := range hidden {
		hidden[c] = hidden[c] || !above.Safe
	}
	return hidden, nil
}
