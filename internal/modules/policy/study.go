package policy

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Study is a target with all that is known of it.
type Study struct {
	Target
	Place     int64
	PlaceName string
	Actual    map[int]float64 // by year, since the last break only
	Years     []int           // of Actual
	Breaks    []series.Break
	Path      []path.Status   // empty without a baseline
	Step      float64         // of the path
	Last      int             // year of the last actual figure
	Forecasts []path.Forecast // trend, damped; empty where there are too few figures
	Needs     []path.Need
	Recent    [2]float64 // last growth of urban and rural incomes
	Counties  []Moving
	CityNow   path.City // as the county figures have it
	Since     int       // years of Counties
	Till      int
	Names     map[string]string
	Refused   []*fault.Fault // why a part of it is not there
}

// Moving is a county's part in the city's ratio: of its level, and of its change.
type Moving struct {
	path.Part
	Effect path.Effect
}

// Study reads a target.
func (p *Policy) Study(ctx context.Context, t Target) (Study, error) {
	s := Study{Target: t, Place: p.figures.City(), Actual: map[int]float64{}, Names: map[string]string{}}
	units, _, err := p.figures.Units(ctx, p.host.Today())
	if err != nil {
		return s, err
	}
	codes := map[int64]string{}
	for _, u := range units {
		codes[u.Place], s.Names[u.Code] = u.Code, u.Name
		if t.Place != "" && u.Code == t.Place {
			s.Place = u.Place
		}
	}
	if names, _, err := p.figures.Named(ctx, []int64{s.Place}); err == nil {
		s.PlaceName = names[s.Place]
	}
	keys := []string{t.Series}
	for _, key := range []string{t.Urban, t.Rural, t.UrbanPeople, t.RuralPeople} {
		if key != "" {
			keys = append(keys, key)
		}
	}
	var table statistics.Table
	err = p.host.Store.View(ctx, func(v *store.View) (err error) {
		table, err = p.figures.Read(v, statistics.Ask{Series: keys, Codes: codes})
		return err
	})
	if err != nil {
		return s, err
	}
	r := reader{p.figures.Book(), table}
	s.actual(r, codes[s.Place])
	s.follow()
	s.forecast()
	s.needs(r)
	if t.Place == "" {
		s.move(r, units)
	}
	return s, nil
}

// reader reads figures as numbers.
type reader struct {
	book  series.Book
	table statistics.Table
}

func (r reader) at(key string, place int64, year int) (float64, bool) {
	v := r.table.Value(key, place, year)
	return statistics.Float(v.Amount, r.book[key].Decimals), v.Known
}

// actual reads the figures since the last break.
func (s *Study) actual(r reader, code string) {
	first, last := r.table.Years(s.Series)
	s.Breaks = r.book.Breaks(s.Series, code)
	for _, b := range s.Breaks {
		if b.From <= last {
			first = max(first, b.From)
		}
	}
	for year := first; year <= last && year > 0; year++ {
		if x, known := r.at(s.Series, s.Place, year); known {
			s.Actual[year], s.Last = x, year
			s.Years = append(s.Years, year)
		}
	}
}

// refuse notes why a part is not there.
func (s *Study) refuse(err error) {
	if f := fault.Of(err); f != nil {
		s.Refused = append(s.Refused, f)
	}
}

func (s *Study) follow() {
	base, known := s.Actual[s.From]
	if !known {
		s.refuse(fault.New(fault.Conflict, "policy.no_baseline", s.From))
		return
	}
	t := path.Target{Indicator: s.Series, Place: s.PlaceName, From: s.From, To: s.To, Baseline: base,
		Aim:   s.aim(),
		Shape: s.Shape, Better: s.Better}
	var err error
	if s.Path, err = t.Follow(s.Actual); err == nil {
		s.Step, err = t.Step()
	}
	s.refuse(err)
}

func (s *Study) forecast() {
	if s.Last == 0 || s.Last >= s.To {
		return
	}
	values := make([]float64, len(s.Years))
	for i, year := range s.Years {
		values[i] = s.Actual[year]
	}
	for _, model := range []path.Model{path.ModelTrend, path.ModelDamped} {
		f, err := path.Project(path.Series{Indicator: s.Series, Place: s.PlaceName, Years: s.Years,
			Values: values},
			path.Settings{Model: model}, s.To-s.Last)
		if err != nil {
			s.refuse(err)
			continue
		}
		s.Forecasts = append(s.Forecasts, f)
	}
}

// paces are the growths of urban incomes that are laid out beside the last one.
var paces = []float64{.03, .04, .05, .06, .07}

// needs answers what growth of rural incomes the aim takes.
func (s *Study) needs(r reader) {
	if s.Urban == "" || s.Rural == "" || s.Last == 0 || s.Last >= s.To {
		return
	}
	for i, key := range []string{s.Urban, s.Rural} {
		now, known := r.at(key, s.Place, s.Last)
		before, also := r.at(key, s.Place, s.Last-1)
		if !known || !also || before <= 0 || len(series.Within(r.book.Breaks(key, ""), s.Last-1,
			s.Last)) > 0 {
			return
		}
		s.Recent[i] = now/before - 1
	}
	urban := append([]float64{s.Recent[0]}, paces...)
	slices.Sort(urban)
	var err error
	s.Needs, err = path.WhatItTakes(s.Actual[s.Last], s.aim(), s.To-s.Last, s.Recent[1], urban)
	s.refuse(err)
}

// move finds which county moves the city's ratio between the first and the last year in which all
// counties with figures have all four of them, within one definition.
func (s *Study) move(r reader, units []statistics.Unit) {
	keys := []string{s.UrbanPeople, s.Urban, s.RuralPeople, s.Rural}
	if slices.Contains(keys, "") {
		return
	}
	first, last := r.table.Years(s.UrbanPeople)
	years := map[int][]path.County{}
	most := 0
	for year := first; year <= last && year > 0; year++ {
		for _, u := range units {
			var x [4]float64
			whole := true
			for i, key := range keys {
				known := false
				x[i], known = r.at(key, u.Place, year)
				whole = whole && known
			}
			if whole {
				years[year] = append(years[year], path.County{Code: u.Code, UrbanPeople: x[0],
					UrbanIncome: x[1],
					RuralPeople: x[2], RuralIncome: x[3]})
			}
		}
		most = max(most, len(years[year]))
	}
	for year := last; year >= first && year > 0; year-- {
		if len(years[year]) == most && most > 1 {
			if s.Till == 0 {
				s.Till = year
			}
			if len(series.Within(r.book.Breaks(s.Series, ""), year, s.Till)) == 0 {
				s.Since = year
			}
		}
	}
	if s.Till == 0 || s.Since == s.Till {
		return
	}
	s.split(years[s.Since], years[s.Till])
}

// split parts level and change of the ratio by county, those that lowered it most first.
func (s *Study) split(before, after []path.County) {
	_, parts, err := path.Level(after)
	if err != nil {
		s.refuse(err)
		return
	}
	_, last, effects, err := path.Change(before, after)
	if err != nil {
		s.refuse(err)
		return
	}
	s.CityNow = last
	for _, part := range parts {
		m := Moving{Part: part}
		if i := slices.IndexFunc(effects, func(e path.Effect) bool { return e.Code == part.Code }); i >= 0 {
			m.Effect = effects[i]
		}
		s.Counties = append(s.Counties, m)
	}
	slices.SortStableFunc(s.Counties, func(a, b Moving) int {
		switch {
		case a.Effect.Sum < b.Effect.Sum:
			return -1
		case a.Effect.Sum > b.Effect.Sum:
			return 1
		}
		return 0
	})
}
