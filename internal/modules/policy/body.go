package policy

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// targetOut is a target with where it stands, as programs see it.
type targetOut struct {
	Key       string      `json:"key"`
	Title     words.Words `json:"title"`
	Series    string      `json:"series" doc:"Key of the series in statistics."`
	Unit      words.Words `json:"unit"`
	Place     int64       `json:"place" doc:"Number of the place; 0: it is not in the tree."`
	PlaceName string      `json:"place_name"`
	From      int         `json:"from" doc:"Year of the baseline."`
	Baseline  *float64    `json:"baseline,omitempty" doc:"Absent: there is no figure of that year."`
	To        int         `json:"to"`
	Aim       float64     `json:"aim"`
	Shape     path.Shape  `json:"shape" enum:"geometric,linear"`
	Last      *pointOut   `json:"last,omitempty" doc:"The last actual figure."`
	Light     path.Light  `json:"light,omitempty" doc:"Of the last year after the baseline."`
	Standing  words.Words `json:"standing" doc:"Where the place stands, in words."`
	Document  words.Words `json:"document"`
	Basis     string      `json:"basis"`
	Mark      string      `json:"mark" enum:"verified,unverified,config"`
}

type pointOut struct {
	Year  int     `json:"year"`
	Value float64 `json:"value"`
}

// studyOut is all that is known of a target.
type studyOut struct {
	Target   targetOut     `json:"target"`
	Breaks   []breakOut    `json:"breaks" doc:"Of the series; figures before the last are not used."`
	Actual   []pointOut    `json:"actual"`
	Step     *float64      `json:"step,omitempty" doc:"A factor a year; if linear, a difference."`
	Pace     *float64      `json:"pace,omitempty" doc:"The same of the actual figures, from first to last."`
	Margin   float64       `json:"margin" doc:"Share of the required figure by which amber is worse at most."`
	Path     []requiredOut `json:"path"`
	Forecast []forecastOut `json:"forecasts"`
	Needs    *needsOut     `json:"needs,omitempty"`
	Movement *movementOut  `json:"movement,omitempty"`
	Refused  []refusedOut  `json:"refused" doc:"Parts that cannot be said, and why."`
}

type breakOut struct {
	From  int         `json:"from"`
	Title words.Words `json:"title"`
}

type requiredOut struct {
	Year     int        `json:"year"`
	Required float64    `json:"required"`
	Actual   *float64   `json:"actual,omitempty"`
	Gap      *float64   `json:"gap,omitempty" doc:"How much worse than required; negative is better."`
	Light    path.Light `json:"light,omitempty"`
}

type forecastOut struct {
	Method  path.Model     `json:"method" enum:"trend,damped"`
	Words   words.Words    `json:"words" doc:"The method with what it stands on."`
	Since   int            `json:"since"`
	Till    int            `json:"till"`
	Figures int            `json:"figures"`
	Level   float64        `json:"level" doc:"Of the interval: a share."`
	Freedom float64        `json:"freedom" doc:"Degrees of freedom of the interval."`
	Growth  float64        `json:"growth" doc:"Yearly, of the trend at its end: a share."`
	Alpha   float64        `json:"alpha,omitempty"`
	Beta    float64        `json:"beta,omitempty"`
	Damping float64        `json:"damping,omitempty"`
	Meets   bool           `json:"meets" doc:"The median of the target's year is at the aim or better."`
	Chance  float64        `json:"chance" doc:"Of reaching the aim, if figures stray as they did: a share."`
	Years   []projectedOut `json:"years"`
}

type projectedOut struct {
	Year   int     `json:"year"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

type needsOut struct {
	From   int       `json:"from"`
	To     int       `json:"to"`
	Urban  float64   `json:"urban_recent" doc:"Last growth of urban incomes: a share."`
	Rural  float64   `json:"rural_recent"`
	Growth []needOut `json:"growth"`
}

type needOut struct {
	Urban float64 `json:"urban" doc:"Growth a year: a share."`
	Rural float64 `json:"rural" doc:"Growth a year that the aim takes."`
	Extra float64 `json:"extra" doc:"Above the last growth of rural incomes."`
}

type movementOut struct {
	Since     int         `json:"since,omitempty" doc:"Absent: of one year alone there is no change."`
	Till      int         `json:"till"`
	Before    *float64    `json:"ratio_before,omitempty"`
	Ratio     float64     `json:"ratio" doc:"Of the city, as county figures add up."`
	Published *float64    `json:"ratio_published,omitempty"`
	Counties  []countyOut `json:"counties" doc:"Levels add up to ratio − 1, changes to ratio − ratio_before."`
}

type countyOut struct {
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Ratio       *float64 `json:"ratio,omitempty"`
	Own         float64  `json:"own" doc:"Part in the level by its own gap."`
	Mix         float64  `json:"mix" doc:"Part in the level by where people live."`
	Level       float64  `json:"level"`
	UrbanIncome float64  `json:"urban_income" doc:"Part in the change by its urban income."`
	RuralIncome float64  `json:"rural_income"`
	UrbanPeople float64  `json:"urban_people"`
	RuralPeople float64  `json:"rural_people"`
	Change      float64  `json:"change"`
}

type refusedOut struct {
	Key  string      `json:"key"`
	What words.Words `json:"what"`
	Rule words.Words `json:"rule"`
	Next words.Words `json:"next"`
}

// maybe is a figure that may not be there.
func maybe(x float64, known bool) *float64 {
	if !known || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// each gives a text in every language.
func (p *Policy) each(text func(texter) string) words.Words {
	return words.Each(func(l words.Language) string {
		return text(func(key string, args ...any) string { return p.host.Dictionary.Text(l, key, args...) })
	})
}

func (p *Policy) targetOut(s *Study) targetOut {
	out := targetOut{Key: s.Key, Title: s.Title, Series: s.Series, Unit: s.Unit, Place: s.PlaceID,
		PlaceName: s.PlaceName,
		From:      s.From, To: s.To, Aim: s.aim(), Shape: s.Shape, Document: s.Document, Basis: s.Basis,
		Mark: s.Mark, Standing: p.each(s.standing)}
	base, known := s.Actual[s.From]
	out.Baseline = maybe(base, known)
	if s.Last != 0 {
		out.Last = &pointOut{s.Last, s.Actual[s.Last]}
	}
	if now, known := s.now(); known {
		out.Light = now.Light
	}
	return out
}

func (p *Policy) studyOut(s *Study) studyOut {
	out := studyOut{Target: p.targetOut(s), Breaks: []breakOut{}, Actual: []pointOut{},
		Step: maybe(s.Step, len(s.Path) > 0), Pace: maybe(s.Pace, s.Pace != 0), Margin: path.MarginUsual,
		Path: []requiredOut{}, Forecast: []forecastOut{}, Refused: []refusedOut{}}
	for _, b := range s.Breaks {
		out.Breaks = append(out.Breaks, breakOut{b.From, b.Title})
	}
	for _, year := range s.Years {
		out.Actual = append(out.Actual, pointOut{year, s.Actual[year]})
	}
	for _, one := range s.Path {
		out.Path = append(out.Path, requiredOut{one.Year, one.Required, maybe(one.Actual, true),
			maybe(one.Gap, true), one.Light})
	}
	for _, f := range s.Forecasts {
		out.Forecast = append(out.Forecast, p.forecastOut(f))
	}
	if len(s.Needs) > 0 {
		out.Needs = &needsOut{From: s.Last, To: s.To, Urban: s.Recent[0], Rural: s.Recent[1]}
		for _, n := range s.Needs {
			out.Needs.Growth = append(out.Needs.Growth, needOut(n))
		}
	}
	if s.Moving != nil {
		out.Movement = s.Moving.out()
	}
	for _, f := range s.Refused {
		out.Refused = append(out.Refused, p.refusedOut(f))
	}
	return out
}

func (p *Policy) forecastOut(f Leading) forecastOut {
	out := forecastOut{Method: f.Model, Words: p.each(f.words), Since: f.Since, Till: f.Till,
		Figures: f.Figures, Level: f.Level, Freedom: f.Freedom, Growth: f.Growth, Alpha: f.Alpha,
		Beta: f.Beta, Damping: f.Damping, Meets: f.Meets, Chance: f.Chance}
	for _, y := range f.Years {
		out.Years = append(out.Years, projectedOut{y.Year, y.Median, y.Low, y.High})
	}
	return out
}

func (m *Movement) out() *movementOut {
	out := &movementOut{Since: m.Since, Till: m.Till, Before: maybe(m.Before.Ratio, m.Since != 0),
		Ratio: m.Now.Ratio, Published: maybe(m.Published, m.Published != 0)}
	for _, c := range m.Counties {
		e := c.Effect
		out.Counties = append(out.Counties, countyOut{c.Code, c.Name, maybe(c.Ratio, true), c.Own, c.Mix,
			c.Sum, e.UrbanIncome, e.RuralIncome, e.UrbanPeople, e.RuralPeople, e.Sum})
	}
	return out
}

func (p *Policy) refusedOut(f *fault.Fault) refusedOut {
	explain := func(part func(what, rule, next string) string) words.Words {
		return words.Each(func(l words.Language) string {
			e := p.host.Dictionary.Explain(l, f)
			return part(e.What, e.Rule, e.Next)
		})
	}
	return refusedOut{f.Key, explain(func(what, _, _ string) string { return what }),
		explain(func(_, rule, _ string) string { return rule }),
		explain(func(_, _, next string) string { return next })}
}
