package measure

import "github.com/terrace-project/terrace/internal/platform/store"

// ReadOwn reads what places reported themselves, without anything below them: a village's own figure,
// not the sum with its groups. Ratios of two measures are computed from the own figures of both.
func (s *Service) ReadOwn(r store.Reader, ask Ask) (Table, error) {
	t := Table{service: s, figures: map[cell]Figure{}}
	amounts := map[string]bool{}
	for _, key := range ask.Measures {
		d, err := s.Definition(key)
		if err != nil {
			return t, err
		}
		if d.Denominator == "" {
			amounts[key] = true
			continue
		}
		amounts[d.Numerator], amounts[d.Denominator] = true, true
	}
	for key := range amounts {
		for _, p := range ask.Periods {
			for _, place := range ask.Places {
				f, found, err := table.First(r,
					"WHERE measure = ? AND period = ? AND place = ? AND total = ?", key,
					p.String(), place, false)
				if err != nil {
					return t, err
				}
				if found {
					t.figures[cell{f.Measure, f.Place, f.Period}] = f
				}
			}
		}
	}
	return t, nil
}

// Own lists the own figures of a measure, of all places and periods.
func (s *Service) Own(r store.Reader, key string) ([]Figure, error) {
	return table.All(r, `WHERE measure = ? AND total = ? ORDER BY home, period, place`, key, false)
}
