package evaluation

import (
	"html/template"
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/chart"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// courseMax is how many areas are drawn at once: as many as there are colours.
const courseMax = chart.Shades

// courseView is the page of how areas go over time.
type courseView struct {
	scene
	Node    pickView
	Areas   []choiceView
	Most    int
	Times   []string
	Scores  template.HTML
	Ranks   template.HTML
	Courses []oneCourse
	Closing *closingView
}

// oneCourse is an area in the table.
type oneCourse struct {
	Name, Href string
	Shade      int
	Cells      []courseCell
}

type courseCell struct{ Score, Rank string }

// closingView is whether areas draw together.
type closingView struct {
	Chart                  template.HTML
	Sigma                  []sigmaView
	SigmaWords, BetaWords  string
	Beta                   []factView
	BetaRefused            *web.Refused
	Left                   []string
	Refused                *web.Refused
	Indicator, First, Last string
}

type sigmaView struct {
	Time, Variation, LogSpread string
	Areas                      int
}

// factView is a figure with its name.
type factView struct{ Name, Text string }

func (e *Evaluation) trend(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, trendTab)
	if err != nil {
		return nil, err
	}
	v := courseView{scene: s, Times: out.Periods(), Most: courseMax}
	if len(v.Times) < 2 {
		v.Refused, err = r.Refused(fault.New(fault.Invalid, "evaluation.no_panel"))
	} else {
		node := nodeAsked(r, out, "node", out.Top())
		v.Node = nodePick(r, out, "node", node)
		v.courses(r, out, node)
		v.Closing, err = closingOf(r, out, node)
	}
	if err != nil {
		return nil, err
	}
	return web.View("evaluation/trend", web.Page{Title: r.T("evaluation.trend"), Place: s.Run.Place,
		Data: v, Trail: trail(r, s.Run)}), nil
}

// courses draws the areas that were chosen, or the best.
func (v *courseView) courses(r *web.Request, out result.Result, node int) {
	asked := r.URL.Query()["area"]
	if len(asked) == 0 {
		for _, row := range ranked(out, node, out.LastTime()) {
			asked = append(asked, out.Areas[row])
		}
	}
	asked = asked[:min(len(asked), courseMax)]
	var scores, ranks []chart.Line
	for _, code := range study.Areas(out) {
		c := study.CourseOf(out, node, code)
		chosen := slices.Contains(asked, code)
		v.Areas = append(v.Areas, choiceView{code, c.Name, chosen})
		if !chosen {
			continue
		}
		one := oneCourse{Name: c.Name, Shade: len(v.Courses),
			Href: areaHref(v.Self, code, out.LastTime())}
		places := make([]float64, len(c.Ranks))
		for i, rank := range c.Ranks {
			cell := courseCell{display.Short(result.Number(c.Scores[i])), "–"}
			places[i] = math.NaN()
			if rank > 0 {
				places[i], cell.Rank = float64(rank), strconv.Itoa(rank)
			}
			one.Cells = append(one.Cells, cell)
		}
		v.Courses = append(v.Courses, one)
		scores = append(scores, chart.Line{Name: c.Name, Values: c.Scores})
		ranks = append(ranks, chart.Line{Name: c.Name, Values: places})
	}
	v.Scores = chart.Lines(chart.Axes{Label: r.T("evaluation.score"), Y: r.T("evaluation.score")}, v.Times,
		scores)
	v.Ranks = chart.Lines(chart.Axes{Label: r.T("evaluation.rank"), Y: r.T("evaluation.rank"),
		Down: true, Whole: true}, v.Times, ranks)
}

// ranked are the rows of a time that have a rank, the best first.
func ranked(out result.Result, node int, time string) []int {
	ranks := out.Nodes[node].Ranks
	rows := slices.DeleteFunc(out.Rows(time), func(row int) bool { return ranks[row] == 0 })
	slices.SortStableFunc(rows, func(a, b int) int { return ranks[a] - ranks[b] })
	return rows
}

// closingOf says whether areas draw together. What cannot be said is refused on its part of the page.
func closingOf(r *web.Request, out result.Result, node int) (*closingView, error) {
	v := &closingView{Indicator: title(out.Nodes[node])}
	c, err := study.Converge(out, node)
	if err != nil {
		v.Refused, err = r.Refused(err)
		return v, err
	}
	v.First, v.Last = c.First, c.Last
	series := [2]chart.Line{{Name: r.T("evaluation.variation")}, {Name: r.T("evaluation.log_spread")}}
	var times []string
	for _, s := range c.Sigma {
		times = append(times, s.Time)
		series[0].Values = append(series[0].Values, s.Variation)
		series[1].Values = append(series[1].Values, s.LogSpread)
		v.Sigma = append(v.Sigma, sigmaView{s.Time, display.Fixed(s.Variation, 4),
			display.Fixed(s.LogSpread, 4), s.Areas})
	}
	v.Chart = chart.Lines(chart.Axes{Label: r.T("evaluation.sigma")},
		times,
		series[:])
	first, last := c.Sigma[0].Variation, c.Sigma[len(c.Sigma)-1].Variation
	key := "evaluation.sigma.falls"
	if last >= first {
		key = "evaluation.sigma.rises"
	}
	v.SigmaWords = r.T(key, display.Fixed(first, 4), display.Fixed(last, 4), c.First, c.Last)
	v.Left = namesOf(out, c.Left)
	if c.Refused != nil {
		v.BetaRefused, err = r.Refused(c.Refused)
		return v, err
	}
	v.beta(r, c)
	return v, nil
}

// beta says the regression in figures and in words.
func (v *closingView) beta(r *web.Request, c study.Convergence) {
	b := c.Beta
	v.Beta = []factView{{r.T("evaluation.beta.slope"), display.Fixed(b.Slope, 5) + " ± " +
		display.Fixed(b.SlopeSE, 5)},
		{"t", display.Fixed(b.T, 3)}, {"p", display.Probability(b.P)}, {"R²", display.Fixed(b.R2, 3)},
		{r.T("evaluation.beta.speed"), display.Fixed(100*b.Speed, 2) + " %"},
		{r.T("evaluation.beta.half"), display.Fixed(b.HalfLife, 1)},
		{r.T("evaluation.runs.column.areas"), strconv.Itoa(b.Areas)}}
	key := "evaluation.beta.unclear"
	switch {
	case b.P < significant && b.Slope < 0:
		key = "evaluation.beta.closes"
	case b.P < significant:
		key = "evaluation.beta.opens"
	}
	v.BetaWords = r.T(key, display.Probability(b.P))
	if !c.Yearly {
		v.BetaWords += " " + r.T("evaluation.beta.times")
	}
}

// namesOf are the names of some areas.
func namesOf(out result.Result, codes []string) []string {
	var names []string
	for _, code := range codes {
		name := code
		if row := slices.Index(out.Areas, code); row >= 0 {
			name = out.Name(row)
		}
		names = append(names, name)
	}
	return names
}
