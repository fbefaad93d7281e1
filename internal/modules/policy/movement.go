package policy

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Movement is who moves a city's ratio of incomes, as county figures have it.
type Movement struct {
	Since, Till int       // years; of one year alone there is a level and no change: Since is 0
	Before, Now path.City // of both years
	Published   float64   // the city's own figure of the year Till; 0: there is none
	Counties    []Moving  // those that lowered the ratio most first
}

// Moving is a county's part in the city's ratio: of its level, and of its change.
type Moving struct {
	Name    string
	PlaceID int64
	path.Part
	Effect path.Effect
}

// People is the effect of where people live.
func (m Moving) People() float64 { return m.Effect.UrbanPeople + m.Effect.RuralPeople }

// sides are the series of people and incomes of both sides; nil if one is not named.
func (t Target) sides() []string {
	all := []string{t.UrbanPeople, t.Urban, t.RuralPeople, t.Rural}
	if slices.Contains(all, "") {
		return nil
	}
	return all
}

// move finds which county moves the city's ratio between the first and the last year in which as many
// counties as ever have all four figures, within one definition of every figure of every county.
func (s *Study) move(r reader, units []statistics.Unit) {
	years, first, last := s.counties(r, units)
	most := 0
	for _, all := range years {
		most = max(most, len(all))
	}
	if most < 2 {
		s.refuse(fault.New(fault.Conflict, "policy.no_counties"))
		return
	}
	m := &Movement{}
	for year := last; year >= first; year-- {
		switch {
		case len(years[year]) < most:
		case m.Till == 0:
			m.Till = year
		case !partedAnywhere(r, s.sides(), units, [2]int{year, m.Till}):
			m.Since = year
		}
	}
	m.Published = s.Actual[m.Till]
	if err := m.split(years[m.Since], years[m.Till]); err != nil {
		s.refuse(err)
		return
	}
	if m.Since == 0 {
		s.refuse(fault.New(fault.Conflict, "policy.one_year", m.Till))
	}
	for i, c := range m.Counties {
		k := slices.IndexFunc(units, func(u statistics.Unit) bool { return u.Code == c.Code })
		m.Counties[i].Name, m.Counties[i].PlaceID = units[k].Name, units[k].Place
	}
	s.Moving = m
}

// counties are those with all four figures, by year.
func (s *Study) counties(r reader, units []statistics.Unit) (years map[int][]path.County, first, last int) {
	years = map[int][]path.County{}
	first, last = r.table.Years(s.UrbanPeople)
	for year := first; year <= last && year > 0; year++ {
		for _, u := range units {
			var x [4]float64
			whole := true
			for i, key := range s.sides() {
				known := false
				x[i], known = r.at(key, u.Place, year)
				whole = whole && known
			}
			if whole {
				years[year] = append(years[year], path.County{Code: u.Code, UrbanPeople: x[0],
					UrbanIncome: x[1], RuralPeople: x[2], RuralIncome: x[3]})
			}
		}
	}
	return years, first, last
}

// partedAnywhere tells whether a break of any of the series at any of the places parts two years.
func partedAnywhere(r reader, keys []string, units []statistics.Unit, span [2]int) bool {
	for _, u := range units {
		for _, key := range keys {
			if r.parted(key, u.Place, span[0], span[1]) {
				return true
			}
		}
	}
	return false
}

// split parts level and change of the ratio by county; without an earlier year there is no change.
func (m *Movement) split(before, after []path.County) error {
	now, parts, err := path.Level(after)
	if err != nil {
		return err
	}
	m.Now = now
	effects := map[string]path.Effect{}
	if len(before) > 0 {
		var all []path.Effect
		if m.Before, _, all, err = path.Change(before, after); err != nil {
			return err
		}
		for _, e := range all {
			effects[e.Code] = e
		}
	}
	for _, part := range parts {
		m.Counties = append(m.Counties, Moving{Part: part, Effect: effects[part.Code]})
	}
	slices.SortStableFunc(m.Counties, func(a, b Moving) int {
		return cmp.Or(cmp.Compare(a.Effect.Sum, b.Effect.Sum), cmp.Compare(b.Sum, a.Sum))
	})
	return nil
}
