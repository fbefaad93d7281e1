package path

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Series is a figure by year.
type Series struct {
	Indicator, Place string
	Years            []int // rising
	Values           []float64
	Breaks           []int // years from which another definition holds
}

// Model names a forecast.
type Model string

// The models.
const (
	ModelTrend  Model = "trend"  // least squares of the logarithm on the year
	ModelDamped Model = "damped" // exponential smoothing of the logarithm with damped trend
)

// Settings are how a forecast is made.
type Settings struct {
	Model   Model
	Level   float64 // of the interval, e.g. .8; 0: .8
	Damping float64 // φ of the damped trend, above 0 and below 1; 0: .9
}

const (
	levelUsual   = 0.8
	dampingUsual = 0.9
	gridSteps    = 20 // of α and β between 0 and 1
	// What is fitted to the figures: level and slope of the line; both weights, first level and first trend
	// of the damped trend.
	fittedTrend, fittedDamped = 2, 4
	freedomLeast              = 2
)

// Projection is the forecast of one year.
type Projection struct {
	Year              int
	Median, Low, High float64
	Deviation         float64 // of the logarithm
}

// Forecast is a series' way on, with what it stands on.
type Forecast struct {
	Model       Model
	Since, Till int     // years of the figures used
	Figures     int     // how many
	Growth      float64 // yearly, of the fitted trend at its end (before damping)
	Alpha, Beta float64 // of the damped trend
	Damping     float64
	Level       float64
	Freedom     float64 // figures less what is fitted to them
	Years       []Projection
}

// Project forecasts a series for some years after its last.
func Project(s Series, c Settings, years int) (Forecast, error) {
	if c.Level == 0 {
		c.Level = levelUsual
	}
	if c.Damping == 0 {
		c.Damping = dampingUsual
	}
	if !(c.Level > 0 && c.Level < 1) || !(c.Damping > 0 && c.Damping < 1) || c.Model != ModelTrend &&
		c.Model != ModelDamped {
		return Forecast{}, fault.New(fault.Invalid, "rating.forecast_settings", string(c.Model), c.Level,
			c.Damping)
	}
	if years < 1 || years > 50 {
		return Forecast{}, fault.New(fault.Invalid, "rating.forecast_years", years)
	}
	at, logs, err := s.logarithms(c.Model == ModelDamped)
	if err != nil {
		return Forecast{}, err
	}
	fitted := fittedTrend
	if c.Model == ModelDamped {
		fitted = fittedDamped
	}
	if len(at) < fitted+freedomLeast {
		return Forecast{}, fault.New(fault.Invalid, "rating.forecast_few", s.Indicator, s.Place, len(at),
			fitted+freedomLeast)
	}
	f := Forecast{Model: c.Model, Since: at[0], Till: at[len(at)-1], Figures: len(at), Level: c.Level,
		Freedom: float64(len(at) - fitted)}
	quantile := StudentQuantile(c.Level, f.Freedom)
	var means, deviations []float64
	if c.Model == ModelDamped {
		f.Damping = c.Damping
		means, deviations = f.damped(logs, years)
	} else {
		means, deviations = f.trend(at, logs, years)
	}
	for h := range years {
		f.Years = append(f.Years, Projection{Year: f.Till + h + 1, Median: math.Exp(means[h]),
			Deviation: deviations[h],
			Low:       math.Exp(means[h] - quantile*deviations[h]),
			High:      math.Exp(means[h] + quantile*deviations[h])})
	}
	return f, nil
}

// logarithms are those of the figures since the last break.
func (s Series) logarithms(whole bool) (years []int, logs []float64, err error) {
	if len(s.Years) != len(s.Values) {
		return nil, nil, fault.New(fault.Invalid, "rating.forecast_shape", s.Indicator, len(s.Years),
			len(s.Values))
	}
	since := math.MinInt
	for _, b := range s.Breaks {
		since = max(since, b)
	}
	for i, year := range s.Years {
		if i > 0 && year <= s.Years[i-1] {
			return nil, nil, fault.New(fault.Invalid, "rating.forecast_order", s.Indicator, s.Place, year)
		}
		if year < since || math.IsNaN(s.Values[i]) {
			continue
		}
		if !(s.Values[i] > 0) || math.IsInf(s.Values[i], 0) {
			return nil, nil, fault.New(fault.Invalid, "rating.forecast_positive", s.Indicator, s.Place,
				year, s.Values[i])
		}
		if whole && len(years) > 0 && year != years[len(years)-1]+1 {
			return nil, nil, fault.New(fault.Invalid, "rating.forecast_gap", s.Indicator, s.Place,
				years[len(years)-1]+1)
		}
		years, logs = append(years, year), append(logs, math.Log(s.Values[i]))
	}
	return years, logs, nil
}

// line is a straight line by least squares.
type line struct{ level, slope, middle, spread, error2 float64 } // at x: level + slope·(x − middle)

func lineThrough(x, y []float64) line {
	m := statistic.MomentsOf(x)
	l := line{level: statistic.Mean(y), middle: m.Mean, spread: m.M2}
	for i := range x {
		l.slope += (x[i] - m.Mean) * (y[i] - l.level)
	}
	l.slope /= m.M2
	for i := range x {
		e := y[i] - l.at(x[i])
		l.error2 += e * e
	}
	return l
}

func (l line) at(x float64) float64 { return l.level + l.slope*(x-l.middle) }

// trend extends the line; the deviation is that of a single future figure.
func (f *Forecast) trend(years []int, logs []float64, ahead int) (means, deviations []float64) {
	x := make([]float64, len(years))
	for i, year := range years {
		x[i] = float64(year)
	}
	l, n := lineThrough(x, logs), float64(len(x))
	f.Growth = math.Expm1(l.slope)
	for h := range ahead {
		at := float64(f.Till + h + 1)
		means = append(means, l.at(at))
		deviations = append(deviations,
			math.Sqrt(l.error2/f.Freedom*(1+1/n+(at-l.middle)*(at-l.middle)/l.spread)))
	}
	return means, deviations
}

// smooth is a damped trend under way.
type smooth struct{ alpha, beta, phi, level, trend, error2 float64 }

// run smooths the figures from a beginning and adds up squares of one-step errors.
func (s smooth) run(logs []float64) smooth {
	for _, y := range logs {
		expected := s.level + s.phi*s.trend
		e := y - expected
		s.level = expected + s.alpha*e
		s.trend = s.phi*s.trend + s.beta*e
		s.error2 += e * e
	}
	return s
}

// damped smooths with every α and β ≤ α of a grid and goes on with the best; of equal ones the least.
func (f *Forecast) damped(logs []float64, ahead int) (means, deviations []float64) {
	first := max(3, (len(logs)+1)/2)
	x := make([]float64, first)
	for i := range x {
		x[i] = float64(i)
	}
	l := lineThrough(x, logs[:first])
	best := smooth{error2: math.Inf(1)}
	for a := range gridSteps + 1 {
		for b := range a + 1 {
			s := smooth{alpha: float64(a) / gridSteps, beta: float64(b) / gridSteps, phi: f.Damping,
				level: l.at(-1),
				trend: l.slope / f.Damping}
			if s = s.run(logs); s.error2 < best.error2 {
				best = s
			}
		}
	}
	f.Alpha, f.Beta, f.Growth = best.alpha, best.beta, math.Expm1(best.trend)
	damping, variance := 0.0, 1.0
	power := 1.0
	for range ahead {
		power *= best.phi
		damping += power
		means = append(means, best.level+damping*best.trend)
		deviations = append(deviations, math.Sqrt(best.error2/f.Freedom*variance))
		variance += (best.alpha + best.beta*damping) * (best.alpha + best.beta*damping)
	}
	return means, deviations
}

// Reaches is the chance that a year's figure is at the aim or better; NaN for a year that was not forecast.
func (f Forecast) Reaches(year int, aim float64, b Better) float64 {
	k := slices.IndexFunc(f.Years, func(p Projection) bool { return p.Year == year })
	if k < 0 || !(aim > 0) {
		return math.NaN()
	}
	p := f.Years[k]
	away := math.Log(aim) - math.Log(p.Median)
	if b == More {
		away = -away
	}
	switch {
	case p.Deviation == 0 && away >= 0:
		return 1
	case p.Deviation == 0:
		return 0
	}
	half := statistic.StudentProbability(away/p.Deviation, f.Freedom) / 2
	if away > 0 {
		return 1 - half
	}
	return half
}

// StudentQuantile is the t within which the share level of Student's distribution lies, both sides together.
func StudentQuantile(level, freedom float64) float64 {
	low, high := 0.0, 1.0
	for statistic.StudentProbability(high, freedom) > 1-level {
		low, high = high, high*2
	}
	for range 200 {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if statistic.StudentProbability(middle, freedom) > 1-level {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
