package policy

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Study is a target with all that is known of it.
type Study struct {
	Target
	Unit      words.Words
	Decimals  int // of the series
	PlaceID   int64
	PlaceName string
	Actual    map[int]float64 // by year, since the last break only
	Years     []int           // of Actual
	Breaks    []series.Break
	Path      []path.Status // empty without a baseline
	Step      float64       // of the path: a factor a year, of a linear one a difference
	Pace      float64       // the same of the actual figures, from the first to the last of Years; 0: unknown
	Last      int           // year of the last actual figure
	Forecasts []Leading     // trend, damped; those for which there are figures enough
	Needs     []path.Need
	Recent    [2]float64 // last growth of urban and rural incomes
	Moving    *Movement  // who moves the ratio; nil: nobody knows
	Refused   []*fault.Fault
}

// Leading is a forecast with where it leads.
type Leading struct {
	path.Forecast
	End    path.Projection // of the target's year
	Chance float64         // that the aim is reached, if figures go on to stray as they did
	Meets  bool            // the median is at the aim or better
}

// Study reads a target.
func (p *Policy) Study(ctx context.Context, t Target) (Study, error) {
	d := p.figures.Book()[t.Series]
	s := Study{Target: t, Unit: d.Unit, Decimals: d.Decimals, PlaceID: p.figures.City(),
		Actual: map[int]float64{}}
	units, _, err := p.figures.Units(ctx, p.host.Today())
	if err != nil {
		return s, err
	}
	if t.Place != "" {
		i := slices.IndexFunc(units, func(u statistics.Unit) bool { return u.Code == t.Place })
		if i < 0 {
			s.PlaceID, s.PlaceName = 0, t.Place
			s.refuse(fault.New(fault.NotFound, "policy.no_place", t.Place))
			return s, nil
		}
		s.PlaceID = units[i].Place
	}
	names, codes, err := p.figures.Named(ctx, []int64{s.PlaceID})
	if err != nil {
		return s, err
	}
	s.PlaceName = names[s.PlaceID]
	for _, u := range units {
		codes[u.Place] = u.Code
	}
	var table statistics.Table
	err = p.host.Store.View(ctx, func(v *store.View) (err error) {
		table, err = p.figures.Read(v, statistics.Ask{Series: t.series(), Codes: codes})
		return err
	})
	if err != nil {
		return s, err
	}
	r := reader{p.figures.Book(), table, codes}
	s.actual(r)
	s.follow()
	s.forecast()
	s.needs(r)
	if t.Place == "" && len(t.sides()) > 0 {
		s.move(r, units)
	}
	return s, nil
}

// series are those that a study reads.
func (t Target) series() []string {
	all := []string{t.Series}
	for _, key := range []string{t.Urban, t.Rural, t.UrbanPeople, t.RuralPeople} {
		if key != "" {
			all = append(all, key)
		}
	}
	return all
}

// reader reads figures as numbers.
type reader struct {
	book  series.Book
	table statistics.Table
	codes map[int64]string
}

func (r reader) at(key string, place int64, year int) (float64, bool) {
	v := r.table.Value(key, place, year)
	return statistics.Float(v.Amount, r.book[key].Decimals), v.Known
}

// parted tells whether a break of a series at a place parts two years.
func (r reader) parted(key string, place int64, from, to int) bool {
	return len(series.Within(r.book.Breaks(key, r.codes[place]), from, to)) > 0
}

// actual reads the figures since the last break.
func (s *Study) actual(r reader) {
	first, _ := r.table.Years(s.Series)
	last := r.table.Last(s.Series, s.PlaceID)
	s.Breaks = r.book.Breaks(s.Series, r.codes[s.PlaceID])
	for _, b := range s.Breaks {
		if b.From <= last {
			first = max(first, b.From)
		}
	}
	for year := first; year <= last && year > 0; year++ {
		if x, known := r.at(s.Series, s.PlaceID, year); known {
			s.Actual[year], s.Last = x, year
			s.Years = append(s.Years, year)
		}
	}
	if n := len(s.Years); n > 1 {
		from, to := s.Actual[s.Years[0]], s.Actual[s.Last]
		span := float64(s.Last - s.Years[0])
		if s.Shape == path.Linear {
			s.Pace = (to - from) / span
		} else if k, err := path.Factor(from, to, span); err == nil {
			s.Pace = k
		}
	}
}

// refuse notes why a part is not there.
func (s *Study) refuse(err error) {
	if err != nil {
		s.Refused = append(s.Refused, fault.Of(err))
	}
}

// aimed is the target as arithmetic has it.
func (s *Study) aimed() path.Target {
	return path.Target{Indicator: s.Series, Place: s.PlaceName, From: s.From, To: s.To,
		Baseline: s.Actual[s.From], Aim: s.aim(), Shape: s.Shape, Better: s.Better}
}

func (s *Study) follow() {
	if _, known := s.Actual[s.From]; !known {
		for _, b := range s.Breaks {
			if s.From < b.From && b.From <= s.Last {
				s.refuse(fault.New(fault.Conflict, "policy.baseline_parted", s.From, b.From))
				return
			}
		}
		s.refuse(fault.New(fault.Conflict, "policy.no_baseline", s.From))
		return
	}
	t := s.aimed()
	var err error
	if s.Path, err = t.Follow(s.Actual); err == nil {
		s.Step, err = t.Step()
		s.Path[0].Light = "" // the baseline is on its path whatever it is
	}
	s.refuse(err)
}

func (s *Study) forecast() {
	if s.Last == 0 || s.Last >= s.To {
		return
	}
	better := s.better()
	values := make([]float64, len(s.Years))
	for i, year := range s.Years {
		values[i] = s.Actual[year]
	}
	for _, model := range []path.Model{path.ModelTrend, path.ModelDamped} {
		f, err := path.Project(path.Series{Indicator: s.Series, Place: s.PlaceName, Years: s.Years,
			Values: values}, path.Settings{Model: model}, s.To-s.Last)
		if err != nil {
			s.refuse(err)
			continue
		}
		end := f.Years[len(f.Years)-1]
		l := Leading{Forecast: f, End: end, Chance: f.Reaches(s.To, s.aim(), better),
			Meets: end.Median <= s.aim()}
		if better == path.More {
			l.Meets = end.Median >= s.aim()
		}
		s.Forecasts = append(s.Forecasts, l)
	}
}

// better says which figures are good: as stated, or as the way from the baseline to the aim says; without
// a baseline, from the last figure.
func (s *Study) better() path.Better {
	t := s.aimed()
	if _, known := s.Actual[s.From]; !known {
		t.Baseline = s.Actual[s.Last]
	}
	if better, err := t.Direction(); err == nil {
		return better
	}
	return path.Less // a target that is no way: its path was refused
}

// paces are the growths of urban incomes that are laid out beside the last one.
var paces = []float64{.03, .04, .05, .06, .07}

// needs answers what growth of rural incomes the aim takes.
func (s *Study) needs(r reader) {
	if s.Urban == "" || s.Rural == "" || s.Last == 0 || s.Last >= s.To {
		return
	}
	for i, key := range []string{s.Urban, s.Rural} {
		now, known := r.at(key, s.PlaceID, s.Last)
		before, also := r.at(key, s.PlaceID, s.Last-1)
		if !known || !also || before <= 0 || r.parted(key, s.PlaceID, s.Last-1, s.Last) {
			s.refuse(fault.New(fault.Conflict, "policy.no_growth", s.Last-1, s.Last))
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

// now is the last year of the path with a light.
func (s *Study) now() (path.Status, bool) {
	for i := len(s.Path) - 1; i >= 0; i-- {
		if s.Path[i].Light != "" {
			return s.Path[i], true
		}
	}
	return path.Status{}, false
}
