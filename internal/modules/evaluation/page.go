package evaluation

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// runView is the page of a run: a ranked table of one node at one time.
type runView struct {
	scene
	State    string
	Mark     string
	Source   string
	Made     string
	Times    []choiceView
	Nodes    []choiceView
	Time     string
	Node     string // what it is called
	Earlier  string // the time before; empty: none
	Rows     []rankView
	Missing  []string // areas without a score
	Dropped  []string
	Changes  int
	Span     string // from the first time to the last
	Spread   bool
	MayTake  bool     // publish
	MayDrop  bool     // withdraw
	Own      bool     // the reader's own draft: another publishes
	Children []string // headings of the parts of the score
}

// rankView is an area in the ranking.
type rankView struct {
	Rank       int
	Href, Name string
	Score      string
	Bar        string // per cent of the width
	Change     int    // places won since the time before; 0: none, or unknown
	Fallen     int    // places lost
	Moved      bool   // it is known
	Low, High  string // ranks in 90 of 100 other ways; empty: unknown
	From, Span string // the whisker, per cent of the width
	At         string
	Parts      []string // scores of the parts
}

func (e *Evaluation) show(r *web.Request) (web.Answer, error) { return e.page(r, nil) }

// page shows a run, with what was just refused on top.
func (e *Evaluation) page(r *web.Request, refused error) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	why, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	v := runView{scene: sceneOf(r, run, out, rankingTab), State: r.T("evaluation.state." +
		string(run.State)),
		Mark: stateMarks[run.State], Source: sourceText(r, run.Source), Made: string(run.Made.Date()),
		Dropped: out.Dropped,
		Changes: len(out.Changes), Span: spanOf(run), Own: run.Author == r.Actor.Account,
		MayTake: run.State == Draft && r.Can(Release, run.Place),
		MayDrop: run.State == Published && r.Can(Release, run.Place)}
	v.Refused = why
	time, node := chosen(r, out)
	v.choose(out, time, node)
	v.rank(out, time, node)
	page := web.Page{Title: run.Title, Place: run.Place, Data: v,
		Trail: []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"}}}
	if refused != nil {
		page.Status = web.Status(fault.Of(refused))
	}
	return web.View("evaluation/run", page), nil
}

// chosen is the time and node the address asks for: the last time and the top, if it asks for none there is.
func chosen(r *web.Request, out result.Result) (time string, node int) {
	time, node = out.LastTime(), out.Top()
	if asked := r.Field("time"); slices.Contains(out.Times, asked) {
		time = asked
	}
	if asked := out.Find(r.Field("node")); asked >= 0 {
		node = asked
	}
	return time, node
}

func (v *runView) choose(out result.Result, time string, node int) {
	v.Time, v.Node = time, title(out.Nodes[node])
	periods := out.Periods()
	for i, t := range periods {
		v.Times = append(v.Times, choiceView{t, t, t == time})
		if t == time && i > 0 {
			v.Earlier = periods[i-1]
		}
	}
	for i := out.Top(); i >= 0; i-- {
		v.Nodes = append(v.Nodes, choiceView{out.Nodes[i].Code, title(out.Nodes[i]), i == node})
	}
}

// title is what a node is called.
func title(n result.Node) string {
	return cmp.Or(n.Name, n.Code)
}

// rank fills the table: best first, areas without a score apart.
func (v *runView) rank(out result.Result, time string, node int) {
	rows := out.Rows(time)
	scores, ranks := out.Nodes[node].Scores, out.Nodes[node].Ranks
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	low, high := reach(scores, rows)
	children := out.Children(node)
	for _, c := range children {
		v.Children = append(v.Children, title(out.Nodes[c]))
	}
	spreads := map[int]result.Spread{}
	if node == out.Top() && time == out.LastTime() {
		for _, s := range out.Spreads {
			spreads[s.Row] = s
		}
	}
	v.Spread = len(spreads) > 0
	for _, row := range rows {
		if ranks[row] == 0 {
			v.Missing = append(v.Missing, out.Name(row))
			continue
		}
		line := rankView{Rank: ranks[row], Name: out.Name(row), Score: short(scores[row]),
			Href: areaHref(v.Self, out.Areas[row], time),
			Bar:  share(float64(scores[row])-low, high-low)}
		if before := out.Row(out.Areas[row], v.Earlier); v.Earlier != "" && before >= 0 &&
			ranks[before] > 0 {
			line.Change, line.Moved = ranks[before]-ranks[row], true
			line.Fallen = -line.Change
		}
		if s, there := spreads[row]; there {
			line.whisker(s, len(rows))
		}
		for _, c := range children {
			line.Parts = append(line.Parts, short(out.Nodes[c].Scores[row]))
		}
		v.Rows = append(v.Rows, line)
	}
}

// whisker draws from which to which rank an area goes.
func (l *rankView) whisker(s result.Spread, areas int) {
	l.Low, l.High = place(s.Low), place(s.High)
	all := float64(max(areas-1, 1))
	l.From, l.Span = share(float64(s.Low)-1, all), share(float64(s.High-s.Low), all)
	l.At = share(float64(l.Rank)-1, all)
}

// areaHref is the page of an area at a time.
func areaHref(self, area, time string) string {
	return fmt.Sprintf("%s/areas/%s?time=%s", self, url.PathEscape(area), url.QueryEscape(time))
}

// reach is from where to where bars go: from 0, or from the least score where some lie below.
func reach(scores []result.Number, rows []int) (low, high float64) {
	for _, row := range rows {
		if x := float64(scores[row]); x == x {
			low, high = min(low, x), max(high, x)
		}
	}
	return low, high
}

// share is a part of a whole in per cent, for the width of a bar.
func share(part, whole float64) string {
	if !(whole > 0) {
		return "0"
	}
	return strconv.FormatFloat(100*min(max(part/whole, 0), 1), 'f', 1, 64)
}

// place writes a rank that may lie between two.
func place(n result.Number) string {
	return strconv.FormatFloat(math.Round(float64(n)*10)/10, 'f', -1, 64)
}

// shownDigits is to how many significant digits scores are shown; files have all of them.
const shownDigits = 5

// figureDigits is how many significant digits of a figure are shown, without zeros behind them.
const figureDigits = 7

// figure writes a figure as it was given, but for digits that only division left.
func figure(n result.Number) string {
	if x := float64(n); x == x && x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	} else if a := math.Abs(x); a >= 1e-3 && a < 1e7 {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', figureDigits, 64), 64)
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return short(n)
}

// short writes a score for a page.
func short(n result.Number) string {
	x := float64(n)
	if x != x {
		return "–"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e7) {
		return strconv.FormatFloat(x, 'g', shownDigits, 64)
	}
	digits := max(0, shownDigits-1-int(math.Floor(math.Log10(max(math.Abs(x), 1)))))
	return strconv.FormatFloat(x, 'f', min(digits, 3), 64)
}
