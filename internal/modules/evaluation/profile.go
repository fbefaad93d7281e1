package evaluation

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/chart"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// profileView is the page of an area in a run: what helps it, what holds it back, and how it went.
type profileView struct {
	Run     Run
	Self    string
	Name    string
	Time    string
	Score   string
	Rank    int
	Of      int
	Spread  *spreadView
	Parts   []partView
	Rows    []indicatorView
	Changes []changeView
	Mean    string // what the mean is of: all areas, or those of its group
	Trend   []trendView
	Chart   template.HTML
}

type spreadView struct{ Low, High, Median string }

// partView is an aggregate under the top.
type partView struct {
	Name, Score string
	Rank        int
	Bar, Mean   string // per cent of the width
}

// indicatorView is an indicator of the area.
type indicatorView struct {
	Name             string
	Figure           string
	Score            string
	Bar, Mean        string // where the score and the mean of all stand, per cent
	Rank             int
	Best, BestFigure string // area that is best
	Weight, Obstacle string // per cent
	Changed          bool
	obstacle         float64
}

type changeView struct{ Indicator, Step, From, To, Why string }

type trendView struct {
	Time, Score, Mean, Best string
	Rank                    int
	Href                    string
}

func (e *Evaluation) area(r *web.Request) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	time, _ := chosen(r, out)
	row := out.Row(r.PathValue("area"), time)
	if row < 0 {
		return nil, fault.New(fault.NotFound, "evaluation.no_area", r.PathValue("area"), time)
	}
	top := out.Nodes[out.Top()]
	v := profileView{Run: run, Self: run.Ref().Address(), Name: out.Name(row), Time: time,
		Score: display.Short(top.Scores[row]), Rank: top.Ranks[row], Of: len(out.Rows(time))}
	for _, s := range out.Spreads {
		if s.Row == row {
			v.Spread = &spreadView{display.Place(s.Low), display.Place(s.High), display.Place(s.Median)}
		}
	}
	peers, group := peersOf(out, row, time)
	if v.Mean = r.T("evaluation.mean_of_all"); group != "" {
		v.Mean = r.T("evaluation.mean_of", group)
	}
	v.explain(out, row, time, peers)
	v.changes(r, out, row)
	v.trend(r, out, row)
	return web.View("evaluation/area", web.Page{Title: v.Name, Place: run.Place, Data: v,
		Trail: trail(r, run)}), nil
}

// scale is where a node's scores lie among all rows of a result: least, largest, mean of some rows, and who
// is best at a time.
type scale struct {
	low, high, mean float64
	best            int
}

func scaleOf(out result.Result, n result.Node, time string, peers []int) scale {
	s, count := scale{best: -1}, 0
	first := true
	for _, x := range n.Scores {
		if x == x && (first || float64(x) < s.low) {
			s.low = float64(x)
		}
		if x == x && (first || float64(x) > s.high) {
			s.high, first = float64(x), false
		}
	}
	for _, row := range out.Rows(time) {
		if x := n.Scores[row]; x == x && (s.best < 0 || x > n.Scores[s.best]) {
			s.best = row
		}
	}
	for _, row := range peers {
		if x := n.Scores[row]; x == x {
			s.mean += float64(x)
			count++
		}
	}
	s.mean /= float64(max(count, 1))
	return s
}

// explain says of each indicator how far the area is from the best there was, and which share of what it
// lacks in all that is: the obstacle degree w(1−z)/Σw(1−z) with z from the least to the largest score of
// all rows and the effective weights.
func (v *profileView) explain(out result.Result, row int, time string, peers []int) {
	sum := 0.0
	for i, n := range out.Nodes {
		if i == out.Top() {
			continue
		}
		s, x := scaleOf(out, n, time, peers), float64(n.Scores[row])
		bar, mean := display.Share(x-s.low, s.high-s.low), display.Share(s.mean-s.low, s.high-s.low)
		if n.Level > 1 {
			v.Parts = append(v.Parts, partView{title(n), display.Short(n.Scores[row]), n.Ranks[row], bar,
				mean})
			continue
		}
		line := indicatorView{Name: title(n), Figure: display.Figure(n.Prepared[row]),
			Score: display.Short(n.Scores[row]),
			Bar:   bar, Mean: mean, Rank: n.Ranks[row], Weight: percent(float64(n.Effective)),
			Changed: n.Prepared[row] != n.Treated[row]}
		if s.best >= 0 {
			line.Best, line.BestFigure = out.Name(s.best), display.Figure(n.Prepared[s.best])
		}
		if x == x && s.high > s.low {
			line.obstacle = max(float64(n.Effective)*(s.high-x)/(s.high-s.low), 0)
		}
		sum += line.obstacle
		v.Rows = append(v.Rows, line)
	}
	for i := range v.Rows {
		if sum > 0 {
			v.Rows[i].Obstacle = percent(v.Rows[i].obstacle / sum)
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b indicatorView) int {
		return cmp.Compare(b.obstacle, a.obstacle)
	})
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) }

// changes are what was done to the area's figures.
func (v *profileView) changes(r *web.Request, out result.Result, row int) {
	for _, c := range out.Changes {
		if c.Area != out.Areas[row] || out.Times != nil && c.Time != out.Times[row] {
			continue
		}
		name := c.Indicator
		if n := out.Find(name); n >= 0 {
			name = title(out.Nodes[n])
		}
		v.Changes = append(v.Changes, changeView{name, r.T("evaluation.step." + c.Step),
			display.Figure(c.From), display.Figure(c.To), why(r, c)})
	}
}

// why says in words why a step changed a cell; what has no word of its own is the name of a method.
func why(r *web.Request, c result.Change) string {
	words := c.Why
	if slices.Contains(reasons, c.Why) {
		words = r.T("evaluation.why." + c.Why)
	}
	if c.About != "" {
		words += " (" + c.About + ")"
	}
	return words
}

// reasons are the words of reasons that have an entry in the dictionary.
var reasons = []string{"divided", "dropped", "winhi", "winlo", "cut", "mean", "median", "row", "previous",
	"constant", "linear", "given", "denominator_missing", "denominator_zero"}

// trend is the area at every time of the run, beside the mean of its peers and the best there.
func (v *profileView) trend(r *web.Request, out result.Result, row int) {
	top, periods := out.Nodes[out.Top()], out.Periods()
	if len(periods) < 2 {
		return
	}
	own, mean, best := make([]float64, len(periods)), make([]float64, len(periods)), make([]float64,
		len(periods))
	for i, t := range periods {
		own[i], mean[i], best[i] = math.NaN(), math.NaN(), math.NaN()
		at := out.Row(out.Areas[row], t)
		if at < 0 || top.Ranks[at] == 0 {
			continue
		}
		peers, _ := peersOf(out, at, t)
		s := scaleOf(out, top, t, peers)
		own[i], mean[i], best[i] = float64(top.Scores[at]), s.mean, float64(top.Scores[s.best])
		v.Trend = append(v.Trend, trendView{t, display.Short(top.Scores[at]),
			display.Short(result.Number(s.mean)),
			display.Short(top.Scores[s.best]), top.Ranks[at], areaHref(v.Self, out.Areas[row], t)})
	}
	v.Chart = chart.Lines(chart.Axes{Label: r.T("evaluation.trend"), Y: r.T("evaluation.score")}, periods,
		[]chart.Line{{Name: v.Name, Values: own}, {Name: v.Mean, Values: mean},
			{Name: r.T("evaluation.best_score"), Values: best}})
}

// peersOf are the areas that one is compared with at a time: those of its group, by the first column of
// groups, or all of them, and the name of that group.
func peersOf(out result.Result, row int, time string) (peers []int, group string) {
	rows := out.Rows(time)
	names := groupNames(out)
	if len(names) == 0 || out.Groups[names[0]][row] == "" {
		return rows, ""
	}
	of := out.Groups[names[0]]
	return slices.DeleteFunc(rows, func(i int) bool { return of[i] != of[row] }), of[row]
}
