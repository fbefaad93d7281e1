package evaluation

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Search is which runs are asked for.
type Search struct {
	State State  // empty: any
	Text  string // part of the title
	After string // cursor
	Limit int
}

// Found are runs, the newest first.
type Found struct {
	Runs []Run
	Next string // cursor; empty: these were the last
}

// Find lists the runs somebody may see: published and withdrawn ones whoever may read evaluations anywhere,
// drafts those who may compute or publish at their place.
func (e *Evaluation) Find(r store.Reader, actor access.Actor, q Search) (Found, error) {
	var f Found
	home, before := int64(0), int64(0)
	var err error
	if q.After != "" {
		if home, before, err = web.ParseKeyCursor(q.After); err != nil {
			return f, err
		}
	}
	like := "%"
	if q.Text != "" {
		like = store.Like(q.Text)
	}
	text := `WHERE (? = '' OR state = ?) AND lower(title) LIKE ? ESCAPE '\'
		AND (? = 0 OR made < ? OR (made = ? AND id < ?)) ORDER BY made DESC, id DESC LIMIT ?`
	for len(f.Runs) < q.Limit {
		list, err := runs.All(r, text, q.State, q.State, like, home, home, home, before, q.Limit)
		if err != nil {
			return f, err
		}
		for _, run := range list {
			home, before = int64(run.Made), run.ID
			if len(f.Runs) < q.Limit && e.maySee(actor, run) {
				f.Runs = append(f.Runs, run)
				f.Next = web.KeyCursor(home, before)
			}
		}
		if len(list) < q.Limit {
			if len(f.Runs) < q.Limit {
				f.Next = ""
			}
			break
		}
	}
	return f, nil
}

// maySee tells whether a run is somebody's to see. What is published is the city's word to all its places.
func (e *Evaluation) maySee(actor access.Actor, run Run) bool {
	if run.State != Draft {
		return e.host.Access.CanSomewhere(actor, Read)
	}
	return e.host.Access.Can(actor, Compute, run.Place) || e.host.Access.Can(actor, Release, run.Place)
}

// Seen is Get for somebody: what they may not see is not there.
func (e *Evaluation) Seen(r store.Reader, actor access.Actor, ref Ref) (Run, error) {
	run, err := Get(r, ref)
	if err == nil && !e.maySee(actor, run) {
		err = fault.New(fault.NotFound, "evaluation.absent")
	}
	return run, err
}

// stateMarks are the marks of the states.
var stateMarks = map[State]string{Draft: "draft", Published: "done", Withdrawn: "stopped"}

func (e *Evaluation) list(r *web.Request) (web.Answer, error) {
	states := []web.Option{}
	for _, s := range []State{Draft, Published, Withdrawn} {
		states = append(states, web.Option{Value: string(s), Text: r.T("evaluation.state." + string(s))})
	}
	text := func(get func(Run) string) func(Run) web.Cell {
		return func(run Run) web.Cell { return web.Cell{Text: get(run)} }
	}
	list := web.List[Run]{Name: "evaluation.runs", Place: e.places.City(),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "state", Kind: web.Choice,
			Options: states}},
		Columns: []web.Column[Run]{
			{Key: "title", Cell: func(run Run) web.Cell {
				return web.Cell{Text: run.Title, Href: run.Ref().Address()}
			}},
			{Key: "state", Cell: func(run Run) web.Cell {
				return web.Cell{Text: r.T("evaluation.state." + string(run.State)),
					Status: stateMarks[run.State]}
			}},
			{Key: "place", Cell: text(func(run Run) string { return e.places.Name(run.Place) })},
			{Key: "times", Cell: text(spanOf)},
			{Key: "areas", Number: true, Cell: func(run Run) web.Cell { return number(run.Areas) }},
			{Key: "indicators", Number: true,
				Cell: func(run Run) web.Cell { return number(run.Indicators) }},
			{Key: "source", Cell: text(func(run Run) string { return sourceText(r, run.Source) })},
			{Key: "made", Cell: text(func(run Run) string { return string(run.Made.Date()) })},
		},
		AboveView: "evaluation/above", Above: r.Can(Compute, e.places.City()),
		Load: func(ctx context.Context, q web.Query) (web.Rows[Run], error) {
			found, err := store.Read(ctx, e.host.Store, func(v *store.View) (Found, error) {
				return e.Find(v, r.Actor, Search{State: State(q.Filter["state"]), Text: q.Filter["q"],
					After: q.After, Limit: q.Limit})
			})
			return web.Rows[Run]{Items: found.Runs, Next: found.Next, Total: web.Total{Unknown: true}}, err
		}}
	return list.Answer(r)
}

// FromMeasures is the source of a run whose figures are those of the city's measures.
const FromMeasures = "measures"

func sourceText(r *web.Request, source string) string {
	if source == FromMeasures {
		return r.T("evaluation.source.measures")
	}
	return source
}

// spanOf is from when to when the figures of a run are.
func spanOf(run Run) string {
	all := run.Periods()
	if len(all) < 2 {
		return run.Times
	}
	return all[0] + "–" + all[len(all)-1]
}
