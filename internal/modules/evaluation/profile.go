package evaluation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/web"
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
	Trend   []trendView
	Line    string // points of the line of scores over time
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
	Best             string // area that is best
	Weight, Obstacle string // per cent
	Changed          bool
	obstacle         float64
}

type changeView struct{ Indicator, Step, From, To, Why string }

type trendView struct {
	Time, Score string
	Rank        int
	Href        string
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
		Score: short(top.Scores[row]), Rank: top.Ranks[row], Of: len(out.Rows(time))}
	for _, s := range out.Spreads {
		if s.Row == row {
			v.Spread = &spreadView{place(s.Low), place(s.High), place(s.Median)}
		}
	}
	v.explain(out, row, time)
	v.changes(r, out, row)
	v.trend(out, row)
	return web.View("evaluation/area", web.Page{Title: v.Name, Place: run.Place, Data: v,
		Trail: trail(r, run)}), nil
}

// scale is where a node's scores lie among all rows of a result: least, largest, mean at one time, and who
// is best then.
type scale struct {
	low, high, mean float64
	best            int
}

func scaleOf(out result.Result, n result.Node, rows []int) scale {
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
	for _, row := range rows {
		if x := n.Scores[row]; x == x {
			s.mean += float64(x)
			count++
			if s.best < 0 || x > n.Scores[s.best] {
				s.best = row
			}
		}
	}
	s.mean /= float64(max(count, 1))
	return s
}

// explain says of each indicator how far the area is from the best there was, and which share of what it
// lacks in all that is: the obstacle degree w(1−z)/Σw(1−z) with z from the least to the largest score of
// all rows and the effective weights.
func (v *profileView) explain(out result.Result, row int, time string) {
	rows, sum := out.Rows(time), 0.0
	for i, n := range out.Nodes {
		if i == out.Top() {
			continue
		}
		s, x := scaleOf(out, n, rows), float64(n.Scores[row])
		bar, mean := share(x-s.low, s.high-s.low), share(s.mean-s.low, s.high-s.low)
		if n.Level > 1 {
			v.Parts = append(v.Parts, partView{title(n), short(n.Scores[row]), n.Ranks[row], bar, mean})
			continue
		}
		line := indicatorView{Name: title(n), Figure: short(n.Prepared[row]), Score: short(n.Scores[row]),
			Bar: bar, Mean: mean, Rank: n.Ranks[row], Weight: percent(float64(n.Effective)),
			Changed: n.Prepared[row] != n.Treated[row]}
		if s.best >= 0 {
			line.Best = out.Name(s.best)
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
		return cmp.Compare(b.obstacle,
			a.obstacle)
	})
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) }

// changes are what was done to the area's figures.
func (v *profileView) changes(r *web.Request, out result.Result, row int) {
	for _, c := range out.Changes {
		if c.Area != out.Areas[row] || out.Times != nil && c.Time != out.Times[row] {
			continue
		}
		v.Changes = append(v.Changes, changeView{c.Indicator, r.T("evaluation.step." + c.Step),
			short(c.From),
			short(c.To), why(r, c)})
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

// trendWidth and trendHeight are the box of the line of scores.
const (
	trendWidth  = 600
	trendHeight = 120
)

// trend is the area at every time of the run.
func (v *profileView) trend(out result.Result, row int) {
	top, periods := out.Nodes[out.Top()], out.Periods()
	if len(periods) < 2 {
		return
	}
	s := scaleOf(out, top, nil)
	for i, t := range periods {
		at := out.Row(out.Areas[row], t)
		if at < 0 || top.Ranks[at] == 0 {
			continue
		}
		v.Trend = append(v.Trend, trendView{t, short(top.Scores[at]), top.Ranks[at],
			areaHref(v.Self, out.Areas[row], t)})
		x := float64(i) / float64(len(periods)-1) * trendWidth
		y := trendHeight
		if s.high > s.low {
			y = int(trendHeight * (1 - (float64(top.Scores[at])-s.low)/(s.high-s.low)))
		}
		v.Line += fmt.Sprintf("%d,%d ", int(x), y)
	}
}
