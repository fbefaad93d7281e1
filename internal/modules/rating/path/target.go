package path

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Shape is how a path runs.
type Shape string

// The shapes.
const (
	Geometric Shape = "geometric" // the same rate every year: ratios, incomes
	Linear    Shape = "linear"    // the same difference every year: percentages
)

// Better says which figures are good.
type Better string

// The directions; the empty one follows from baseline and aim.
const (
	Less Better = "less"
	More Better = "more"
)

// Target is an aim of an indicator at a place, from a baseline.
type Target struct {
	Indicator, Place string
	From, To         int // years; To is after From
	Baseline, Aim    float64
	Shape            Shape
	Better           Better
	Margin           float64 // how far beyond the required figure is amber, as a share of it; 0: 0.005
}

// MarginUsual is half a per cent: how far beyond the required figure is amber.
const MarginUsual = 0.005

// Light is the status of a target.
type Light string

// The lights.
const (
	Green Light = "green"
	Amber Light = "amber"
	Red   Light = "red"
)

// check refuses a target without a path, and fills in what follows.
func (t Target) check() (Target, error) {
	if t.To <= t.From {
		return t, fault.New(fault.Invalid, "rating.path_years", t.Indicator, t.Place, t.From, t.To)
	}
	if math.IsNaN(t.Baseline+t.Aim) || math.IsInf(t.Baseline+t.Aim, 0) ||
		t.Shape == Geometric && (t.Baseline <= 0 || t.Aim <= 0) {
		return t, fault.New(fault.Invalid, "rating.path_ends", t.Indicator, t.Place, t.Baseline, t.Aim)
	}
	if t.Shape != Geometric && t.Shape != Linear || t.Better != "" && t.Better != Less && t.Better != More {
		return t, fault.New(fault.Invalid, "rating.path_shape", string(t.Shape), string(t.Better))
	}
	if !(t.Margin >= 0 && t.Margin < 1) {
		return t, fault.New(fault.Invalid, "rating.path_margin", t.Margin)
	}
	if t.Margin == 0 {
		t.Margin = MarginUsual
	}
	if t.Better == "" {
		switch {
		case t.Aim < t.Baseline:
			t.Better = Less
		case t.Aim > t.Baseline:
			t.Better = More
		default:
			return t, fault.New(fault.Invalid, "rating.path_flat", t.Indicator, t.Place, t.Aim)
		}
	}
	return t, nil
}

// Direction says which figures are good: as stated, or as aim and baseline say.
func (t Target) Direction() (Better, error) {
	t, err := t.check()
	return t.Better, err
}

// Step is what happens to the figure every year: the factor k of a geometric path, the difference of a
// linear one.
func (t Target) Step() (float64, error) {
	t, err := t.check()
	if err != nil {
		return 0, err
	}
	years := float64(t.To - t.From)
	if t.Shape == Linear {
		return (t.Aim - t.Baseline) / years, nil
	}
	return Factor(t.Baseline, t.Aim, years)
}

// Factor is k = (aim/now)^(1/years); k − 1 is the mean yearly growth (年均增速, compound annual growth rate).
func Factor(now, aim, years float64) (float64, error) {
	if !(now > 0) || !(aim > 0) || !(years > 0) || math.IsInf(now+aim+years, 0) {
		return 0, fault.New(fault.Invalid, "rating.path_factor", now, aim, years)
	}
	return math.Exp(math.Log(aim/now) / years), nil
}

// Required is the figure of a year on the path.
func (t Target) Required(year int) (float64, error) {
	step, err := t.Step()
	if err != nil {
		return 0, err
	}
	if year < t.From || year > t.To {
		return 0, fault.New(fault.Invalid, "rating.path_outside", year, t.From, t.To)
	}
	since := float64(year - t.From)
	switch {
	case year == t.To:
		return t.Aim, nil
	case t.Shape == Linear:
		return t.Baseline + step*since, nil
	}
	return t.Baseline * math.Pow(step, since), nil
}

// Status is one year of a path.
type Status struct {
	Year     int
	Required float64
	Actual   float64 // NaN where there is none yet
	Gap      float64 // how much worse than required, in the unit of the figure; negative is better
	Light    Light   // empty without an actual figure
}

// Follow answers every year of the path with what is actual; actual holds figures by year, missing ones
// absent.
func (t Target) Follow(actual map[int]float64) ([]Status, error) {
	t, err := t.check()
	if err != nil {
		return nil, err
	}
	var all []Status
	for year := t.From; year <= t.To; year++ {
		required, err := t.Required(year)
		if err != nil {
			return nil, err
		}
		s := Status{Year: year, Required: required, Actual: math.NaN(), Gap: math.NaN()}
		if x, there := actual[year]; there && !math.IsNaN(x) {
			s.Actual = x
			s.Gap, s.Light = t.judge(required, x)
		}
		all = append(all, s)
	}
	return all, nil
}

// LightOf judges one figure of one year.
func (t Target) LightOf(year int, actual float64) (Light, error) {
	t, err := t.check()
	if err != nil {
		return "", err
	}
	required, err := t.Required(year)
	if err != nil {
		return "", err
	}
	if math.IsNaN(actual) || math.IsInf(actual, 0) {
		return "", fault.New(fault.Invalid, "rating.path_missing", t.Indicator, t.Place, year)
	}
	_, light := t.judge(required, actual)
	return light, nil
}

// judge compares; a difference that is only rounding counts as none.
func (t Target) judge(required, actual float64) (gap float64, l Light) {
	gap = actual - required
	if t.Better == More {
		gap = -gap
	}
	slack := 1e-12 * max(math.Abs(required), math.Abs(actual))
	switch {
	case gap <= slack:
		return gap, Green
	case gap <= t.Margin*math.Abs(required)+slack:
		return gap, Amber
	}
	return gap, Red
}

// RuralNeeded is the yearly growth of rural incomes that moves the ratio by the factor k while urban incomes
// grow: (1+urban)/k − 1. Growth is a share: .045 is 4.5 %.
func RuralNeeded(urban, k float64) float64 { return (1+urban)/k - 1 }

// UrbanAllowed is the yearly growth of urban incomes at which rural growth still moves the ratio by the
// factor k.
func UrbanAllowed(rural, k float64) float64 { return (1+rural)*k - 1 }

// Need is what an aim takes at one pace of the towns.
type Need struct {
	Urban float64 // yearly growth of urban incomes
	Rural float64 // yearly growth of rural incomes that it takes
	Extra float64 // how much that is above the recent growth of rural incomes
}

// WhatItTakes answers, for paces of urban growth, the rural growth that brings a ratio from now to the
// aim in some years; recent is the growth of rural incomes of late.
func WhatItTakes(now, aim float64, years int, recent float64, urban []float64) ([]Need, error) {
	k, err := Factor(now, aim, float64(years))
	if err != nil {
		return nil, err
	}
	needs := make([]Need, len(urban))
	for i, g := range urban {
		if !(g > -1) || math.IsInf(g, 0) || !(recent > -1) {
			return nil, fault.New(fault.Invalid, "rating.path_growth", g, recent)
		}
		needs[i] = Need{Urban: g, Rural: RuralNeeded(g, k)}
		needs[i].Extra = needs[i].Rural - recent
	}
	return needs, nil
}

// YearsUntil is after how many years a ratio comes to the aim at two paces; +Inf where it never does, 0
// where it is there.
func YearsUntil(now, aim, urban, rural float64) (float64, error) {
	if !(now > 0) || !(aim > 0) || math.IsInf(now+aim, 0) {
		return 0, fault.New(fault.Invalid, "rating.path_factor", now, aim, 0)
	}
	if !(urban > -1) || !(rural > -1) || math.IsInf(urban+rural, 0) {
		return 0, fault.New(fault.Invalid, "rating.path_growth", urban, rural)
	}
	way, pace := math.Log(aim/now), math.Log((1+urban)/(1+rural))
	switch {
	case way >= 0:
		return 0, nil
	case pace >= 0:
		return math.Inf(1), nil
	}
	return way / pace, nil
}
