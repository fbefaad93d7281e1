package policy

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics/chart"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// places are the decimals that figures of a target are shown with.
const places = 3

func shown(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', places, 64)
}

// percent shows a share: .0614 is 6.14.
func percent(x float64) string { return strconv.FormatFloat(x*100, 'f', 2, 64) + "%" }

// signed shows a part of a ratio with its sign.
func signed(x float64) string { return fmt.Sprintf("%+.4f", x) }

// tones are the marks of the lights; each has its word too.
var tones = map[path.Light]string{path.Green: "done", path.Amber: "due", path.Red: "overdue"}

// lightNow is the light of the last year on the path with a figure.
func (s Study) lightNow() (path.Status, bool) {
	for i := len(s.Path) - 1; i >= 0; i-- {
		if s.Path[i].Light != "" {
			return s.Path[i], true
		}
	}
	return path.Status{}, false
}

func (p *Policy) list(r *web.Request) (web.Answer, error) {
	list := web.List[Study]{Name: "policy.targets", Place: p.figures.City(),
		Columns: []web.Column[Study]{
			{Key: "title", Cell: func(s Study) web.Cell {
				return web.Cell{Text: s.Title.In(r.Language), Href: "/targets/" + s.Key}
			}},
			{Key: "place", Cell: func(s Study) web.Cell { return web.Cell{Text: s.PlaceName} }},
			{Key: "aim", Number: true, Cell: func(s Study) web.Cell { return web.Cell{Text: s.Aim} }},
			{Key: "by", Number: true,
				Cell: func(s Study) web.Cell { return web.Cell{Text: strconv.Itoa(s.To)} }},
			{Key: "last", Number: true, Cell: func(s Study) web.Cell {
				if s.Last == 0 {
					return web.Cell{Text: r.T("policy.none")}
				}
				return web.Cell{Text: fmt.Sprintf("%s (%d)", shown(s.Actual[s.Last]), s.Last)}
			}},
			{Key: "light", Cell: func(s Study) web.Cell {
				now, known := s.lightNow()
				if !known {
					return web.Cell{Text: r.T("policy.light.none"), Status: "draft"}
				}
				return web.Cell{Text: r.T("policy.light." + string(now.Light)), Status: tones[now.Light]}
			}},
			{Key: "document", Cell: func(s Study) web.Cell {
				return web.Cell{Text: s.Document.In(r.Language) + " " + r.T("statistics.mark."+s.Mark)}
			}},
		},
		Load: func(ctx context.Context, _ web.Query) (web.Rows[Study], error) {
			rows := web.Rows[Study]{}
			for _, t := range *p.targets.Load() {
				s, err := p.Study(ctx, t)
				if err != nil {
					return rows, err
				}
				rows.Items = append(rows.Items, s)
			}
			rows.Total.N = int64(len(rows.Items))
			return rows, nil
		}}
	return list.Answer(r)
}

// targetView is the page of a target.
type targetView struct {
	Study
	Chart            template.HTML
	Legend           []string
	Rows             []yearView
	NeedRows, Moving []rowView
	City, PaceText   string
	Light, Tone      string
	Why              []string
	Within           []series.Break
	Methods          []string
}

type yearView struct {
	Year                                     int
	Required, Actual, Gap, Light, Tone       string
	Trend, TrendSpan, Damped, DampedInterval string
}

type rowView struct {
	Name, A, B, C, D, E string
}

func (p *Policy) page(r *web.Request) (web.Answer, error) {
	for _, t := range *p.targets.Load() {
		if t.Key != r.PathValue("key") {
			continue
		}
		s, err := p.Study(r.Context(), t)
		if err != nil {
			return nil, err
		}
		return web.View("policy/target", web.Page{Title: t.Title.In(r.Language), Place: s.Place,
			Trail: []web.Crumb{{Text: r.T("policy.menu"), Href: "/targets"}}, Data: viewOf(r, s)}), nil
	}
	return nil, fault.New(fault.NotFound, "policy.no_target")
}

func viewOf(r *web.Request, s Study) targetView {
	v := targetView{Study: s, Rows: yearRows(r, s)}
	if now, known := s.lightNow(); known {
		v.Light, v.Tone = r.T("policy.light."+string(now.Light)), tones[now.Light]
	}
	if len(s.Path) > 0 && s.Shape == path.Geometric {
		v.PaceText = percent(s.Step - 1)
	}
	for _, f := range s.Refused {
		v.Why = append(v.Why, r.Explain(f))
	}
	for _, f := range s.Forecasts {
		v.Methods = append(v.Methods, r.T("policy.method."+string(f.Model), f.Since, f.Till, f.Figures,
			percent(f.Level)))
	}
	for _, need := range s.Needs {
		v.NeedRows = append(v.NeedRows, rowView{A: percent(need.Urban), B: percent(need.Rural),
			C: percent(need.Extra)})
	}
	for _, m := range s.Counties {
		v.Moving = append(v.Moving, rowView{s.Names[m.Code], shown(m.Ratio), signed(m.Sum),
			signed(m.Effect.RuralIncome),
			signed(m.Effect.UrbanIncome), signed(m.Effect.Sum)})
	}
	v.City = shown(s.CityNow.Ratio)
	v.draw(r)
	return v
}

// yearRows are the years of the path with both forecasts.
func yearRows(r *web.Request, s Study) []yearView {
	var rows []yearView
	for _, one := range s.Path {
		row := yearView{Year: one.Year, Required: shown(one.Required), Actual: shown(one.Actual),
			Gap: shown(one.Gap)}
		if one.Light != "" {
			row.Light, row.Tone = r.T("policy.light."+string(one.Light)), tones[one.Light]
		}
		for _, f := range s.Forecasts {
			for _, y := range f.Years {
				span := shown(y.Low) + "–" + shown(y.High)
				switch {
				case y.Year != one.Year:
				case f.Model == path.ModelTrend:
					row.Trend, row.TrendSpan = shown(y.Median), span
				default:
					row.Damped, row.DampedInterval = shown(y.Median), span
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// draw puts path, figures and forecasts into one chart.
func (v *targetView) draw(r *web.Request) {
	first := v.From
	if len(v.Years) > 0 {
		first = min(first, v.Years[0])
	}
	c := chart.Chart{Label: v.Title.In(r.Language), From: first, To: v.To}
	add := func(key string, line chart.Line) {
		line.Label = r.T(key)
		c.Lines, v.Legend = append(c.Lines, line), append(v.Legend, line.Label)
	}
	add("policy.actual", chart.Line{Points: v.Actual})
	required := map[int]float64{}
	for _, one := range v.Path {
		required[one.Year] = one.Required
	}
	add("policy.required", chart.Line{Points: required})
	for _, f := range v.Forecasts {
		line := chart.Line{Points: map[int]float64{}, Low: map[int]float64{}, High: map[int]float64{}}
		for _, y := range f.Years {
			line.Points[y.Year], line.Low[y.Year], line.High[y.Year] = y.Median, y.Low, y.High
		}
		add("policy.forecast."+string(f.Model), line)
	}
	v.Chart = c.SVG()
	v.Within = series.Within(v.Breaks, series.YearMin, v.To)
}
