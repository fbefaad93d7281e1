package measure

import (
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// AddUpOwn reads amounts at places as the own figures of a tree add up to: that of another day than today's,
// say, of which no totals are kept. What lies outside the tree is in no sum. At is when the youngest
// figure in a sum was published.
func (s *Service) AddUpOwn(r store.Reader, t Tree, ask Ask) (Table, error) {
	table, at := Table{service: s, figures: map[cell]Figure{}}, numbered(t)
	for _, key := range ask.Measures {
		if _, err := s.Definition(key); err != nil {
			return table, err
		}
		for _, p := range ask.Periods {
			own, err := ownOf(r, key, p)
			if err != nil {
				return table, err
			}
			if err := table.addUp(t, at, own, ask.Places); err != nil {
				return table, err
			}
		}
	}
	return table, nil
}

// addUp adds the figures of one measure and period up a tree, and takes the sums at some places.
func (t Table) addUp(tree Tree, at map[int64]int, own []Figure, places []int64) error {
	if len(own) == 0 {
		return nil
	}
	sums, latest := make([]Sum, tree.Len()), make([]period.Instant, tree.Len())
	for _, f := range own {
		n, inside := at[f.Place]
		if !inside {
			continue
		}
		sums[n] = Sum{f.Numerator, f.Denominator, f.Covered, f.Expected}
		for above := n; above >= 0 && latest[above] < f.At; above = tree.Parent(above) {
			latest[above] = f.At
		}
	}
	if err := AddUp(tree, sums); err != nil {
		return err
	}
	for _, place := range places {
		n, inside := at[place]
		if !inside || latest[n] == 0 {
			continue
		}
		t.figures[cell{own[0].Measure, place, own[0].Period}] = Figure{Measure: own[0].Measure,
			Place:  place,
			Period: own[0].Period, Total: true, Numerator: sums[n].Numerator,
			Denominator: sums[n].Denominator,
			Covered:     sums[n].Covered, Expected: sums[n].Expected, At: latest[n]}
	}
	return nil
}

// Reported lists the periods of which a measure has any figure that came, the earliest first.
func (s *Service) Reported(r store.Reader, key string) ([]period.Period, error) {
	list, err := store.All[string](r, `SELECT DISTINCT period FROM figure WHERE measure = ? AND total = ?
		AND covered > 0 ORDER BY period`, key, false)
	if err != nil {
		return nil, err
	}
	all := make([]period.Period, 0, len(list))
	for _, text := range list {
		p, err := period.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
