package supervision

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// parametersAt are the parameters that hold at a place of a county; those of the county for a place that
// the territory of today does not have.
func (m *Supervision) parametersAt(home, place int64, on period.Date) pack.Day {
	codes := m.places.Codes(place)
	if len(codes) == 0 {
		codes = m.places.Codes(home)
	}
	return m.host.Packs.On(on, codes...)
}

// split asks a question apart where a parameter is otherwise in a part of the county: once of the rest, with
// the county's values, and once for each set of values of the places that have it.
func (m *Supervision) split(q rule.Question, keys []string, home int64, on period.Date) []rule.Question {
	county := m.parametersAt(home, home, on)
	q.Parameters = county
	usual := valuesAt(county, keys)
	byValues := map[string][]int64{}
	var order []string
	for _, place := range m.placesApart(keys, home) {
		values := valuesAt(m.parametersAt(home, place, on), keys)
		if values == usual {
			continue
		}
		if byValues[values] == nil {
			order = append(order, values)
		}
		byValues[values] = append(byValues[values], place)
	}
	slices.Sort(order)
	all := []rule.Question{q}
	for _, values := range order {
		places := byValues[values]
		apart := q
		apart.Only, apart.Parameters = places, m.parametersAt(home, places[0], on)
		all[0].Except = append(all[0].Except, places...)
		all = append(all, apart)
	}
	return all
}

// valuesAt writes the values of parameters, to be compared.
func valuesAt(at pack.Day, keys []string) string {
	var text strings.Builder
	for _, key := range keys {
		n, err := at.Int(key)
		if err == nil {
			text.WriteString(strconv.FormatInt(n, 10))
		}
		text.WriteByte(' ')
	}
	return text.String()
}

// placesApart are the places of a county in or below which a value of a parameter is set.
func (m *Supervision) placesApart(keys []string, home int64) []int64 {
	regions := map[string]bool{}
	for _, key := range keys {
		for _, code := range m.host.Packs.Regions(key) {
			regions[code] = true
		}
	}
	for _, code := range m.places.Codes(home) {
		delete(regions, code)
	}
	if len(regions) == 0 {
		return nil
	}
	t := m.places.Today()
	county := t.Find(home)
	if county < 0 {
		return nil
	}
	var all []int64
	for n := county + 1; n < t.End(county); n++ {
		if !regions[t.Code(n)] {
			continue
		}
		for end := t.End(n); n < end; n++ {
			all = append(all, t.ID(n))
		}
		n--
	}
	return all
}
