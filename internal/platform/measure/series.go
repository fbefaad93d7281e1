package measure

import (
	"slices"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// SeriesMax is the largest number of periods in a series.
const SeriesMax = 60

// Series reads a measure at a place in the n periods up to the last one, and in the same period of the
// year before it.
func (s *Service) Series(r store.Reader, key string, place int64, last period.Period, n int) (Series,
	error) {
	periods := []period.Period{last}
	for range min(n, SeriesMax) - 1 {
		periods = append(periods, periods[len(periods)-1].Previous())
	}
	slices.Reverse(periods)
	ago := last.SamePeriodLastYear()
	table, err := s.Read(r, Ask{Measures: []string{key}, Places: []int64{place},
		Periods: slices.Compact(append(slices.Clone(periods), ago))})
	if err != nil {
		return Series{}, err
	}
	var series Series
	for _, p := range periods {
		series.Values = append(series.Values, table.Value(key, place, p))
	}
	if last.Kind() != period.Year { // of a year it is the period before
		before := table.Value(key, place, ago)
		series.YearAgo = &before
	}
	return series, nil
}
