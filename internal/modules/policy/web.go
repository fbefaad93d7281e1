package policy

import (
	"context"
	"html/template"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/chart"
)

func (p *Policy) list(r *web.Request) (web.Answer, error) {
	list := web.List[*Study]{Name: "policy.targets", Place: p.figures.City(),
		Columns: []web.Column[*Study]{
			{Key: "title", Cell: func(s *Study) web.Cell {
				return web.Cell{Text: s.Title.In(r.Language), Href: s.address()}
			}},
			{Key: "key", Hidden: true, Cell: func(s *Study) web.Cell { return web.Cell{Text: s.Key} }},
			{Key: "place", Cell: func(s *Study) web.Cell { return web.Cell{Text: s.PlaceName} }},
			{Key: "aim", Number: true, Cell: func(s *Study) web.Cell { return web.Cell{Text: s.Aim} }},
			{Key: "by", Number: true,
				Cell: func(s *Study) web.Cell { return web.Cell{Text: strconv.Itoa(s.To)} }},
			{Key: "last", Number: true,
				Cell: func(s *Study) web.Cell { return web.Cell{Text: s.lastText(r.T)} }},
			{Key: "light", Cell: func(s *Study) web.Cell {
				text, tone := s.light(r.T)
				return web.Cell{Text: text, Status: tone}
			}},
			{Key: "standing", Cell: func(s *Study) web.Cell { return web.Cell{Text: s.standing(r.T)} }},
			{Key: "document", Cell: func(s *Study) web.Cell {
				return web.Cell{Text: s.Document.In(r.Language) + " " + r.T("statistics.mark."+s.Mark)}
			}},
		},
		Load: func(ctx context.Context, _ web.Query) (web.Rows[*Study], error) {
			all, err := p.studies(ctx)
			return web.Rows[*Study]{Items: all, Total: web.Total{N: int64(len(all))}}, err
		}}
	return list.Answer(r)
}

func (t Target) address() string { return "/targets/" + t.Key }

// light is the word and the mark of a target's light.
func (s *Study) light(t texter) (text, tone string) {
	text, tone = s.lightText(t), "draft"
	if now, known := s.now(); known {
		tone = tones[now.Light]
	}
	return text, tone
}

// targetView is the page of a target.
type targetView struct {
	*Study
	Standing, Paces string
	Light, Tone     string
	Chart           template.HTML
	Legend          []string
	Methods         []string
	Tables          []tableView
	Unused          []series.Break
	Why             []*web.Refused
	SeriesTitle     string
}

func (p *Policy) page(r *web.Request) (web.Answer, error) {
	s, err := p.study(r.Context(), r.PathValue("key"))
	if err != nil {
		return nil, err
	}
	v := targetView{Study: s, Standing: s.standing(r.T), Paces: s.paces(r.T), Methods: s.methods(r.T),
		Tables: s.tables(r.T), Unused: s.unused(),
		SeriesTitle: p.figures.Book()[s.Series].Title.In(r.Language)}
	v.Light, v.Tone = s.light(r.T)
	for _, f := range s.Refused {
		why, err := r.Refused(f)
		if err != nil {
			return nil, err
		}
		v.Why = append(v.Why, why)
	}
	v.draw(r)
	return web.View("policy/target", web.Page{Title: s.Title.In(r.Language), Place: s.PlaceID,
		Trail: []web.Crumb{{Text: r.T("policy.menu"), Href: "/targets"}}, Data: v}), nil
}

// draw puts path, figures and forecasts into one chart.
func (v *targetView) draw(r *web.Request) {
	first := v.From
	if len(v.Years) > 0 {
		first = min(first, v.Years[0])
	}
	var lines []chart.Line
	over := func(figures map[int]float64) []float64 { return chart.Over(first, v.To, figures) }
	add := func(key string, line chart.Line) {
		line.Name = r.T(key)
		lines, v.Legend = append(lines, line), append(v.Legend, line.Name)
	}
	add("policy.actual", chart.Line{Values: over(v.Actual)})
	required := map[int]float64{}
	for _, one := range v.Path {
		required[one.Year] = one.Required
	}
	add("policy.required", chart.Line{Values: over(required)})
	for _, f := range v.Forecasts {
		median, low, high := map[int]float64{}, map[int]float64{}, map[int]float64{}
		for _, y := range f.Years {
			median[y.Year], low[y.Year], high[y.Year] = y.Median, y.Low, y.High
		}
		add("policy.forecast."+string(f.Model), chart.Line{Values: over(median), Low: over(low),
			High: over(high)})
	}
	axes := chart.Axes{Label: v.Title.In(r.Language), Y: v.SeriesTitle + " (" + v.Unit.In(r.Language) + ")"}
	v.Chart = chart.Lines(axes, chart.Years(first, v.To), lines)
}
