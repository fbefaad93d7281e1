package evaluation

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
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
		line := rankView{Rank: ranks[row], Name: out.Name(row), Score: display.Short(scores[row]),
			Href: areaHref(v.Self, out.Areas[row], time),
			Bar:  display.Share(float64(scores[row])-low, high-low)}
		if before := out.Row(out.Areas[row], v.Earlier); v.Earlier != "" && before >= 0 &&
			ranks[before] > 0 {
			line.Change, line.Moved = ranks[before]-ranks[row], true
			line.Fallen = -line.Change
		}
		if s, there := spreads[row]; there {
			line.whisker(s, len(rows))
		}
		for _, c := range children {
			line.Parts = append(line.Parts, display.Short(out.Nodes[c].Scores[row]))
		}
		v.Rows = append(v.Rows, line)
	}
}

// whisker draws from which to which rank an area goes.
func (l *rankView) whisker(s result.Spread, areas int) {
	l.Low, l.High = display.Place(s.Low), display.Place(s.High)
	all := float64(max(areas-1, 1))
	l.From, l.Span = display.Share(float64(s.Low)-1, all), display.Share(float64(s.High-s.Low), all)
	l.At = display.Share(float64(l.Rank)-1, all)
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
