package evaluation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// auditView is the page of what the ranks are owed to.
type auditView struct {
	scene
	MayOrder  bool
	Design    web.Field
	UnderWay  bool
	Failed    *web.Refused
	Job       string // its page
	Done      string // per cent
	Answered  bool
	Lead      string
	Inputs    []influenceView
	Without   []wayView
	Ways      []wayView
	Reversals []reversalView
	Reversed  string
	Hash      string
}

type influenceView struct {
	Name         string
	First, Total estimateView
}

// estimateView is a share with its bounds, as a bar and in figures.
type estimateView struct {
	Text, Bounds           string
	Bar, From, Span, Until string // per cent of the width
}

type wayView struct {
	Step, Name, Mean, Spearman, Refused string
	Largest                             int
	mean                                float64
}

type reversalView struct{ Removed, Before, After string }

// designUsual is N of an audit if none is said; freshEvery after how many seconds a page of a running audit
// loads itself again.
const (
	designUsual = 256
	freshEvery  = 3
)

func (e *Evaluation) audit(r *web.Request) (web.Answer, error) { return e.auditPage(r, nil) }

func (e *Evaluation) auditPage(r *web.Request, refused error) (web.Answer, error) {
	s, out, err := e.scened(r, auditTab)
	if err != nil {
		return nil, err
	}
	v := auditView{scene: s, MayOrder: r.Can(Compute, s.Run.Place),
		Design: web.Field{Name: "design", Label: r.T("evaluation.audit.design"), Kind: "number",
			Value: strconv.Itoa(designUsual), Required: true, Help: r.T("evaluation.audit.design.help")}}
	if v.Refused, err = r.Refused(refused); err != nil {
		return nil, err
	}
	page := web.Page{Title: r.T("evaluation.audit"), Place: s.Run.Place, Trail: trail(r, s.Run)}
	if refused != nil {
		page.Status = web.Status(fault.Of(refused))
	}
	found, job, err := e.auditState(r, s.Run)
	if err != nil {
		return nil, err
	}
	if err := v.stand(r, found, job); err != nil {
		return nil, err
	}
	if found.Answer != "" {
		answer, err := result.ReadAudit(found.Answer)
		if err != nil {
			return nil, err
		}
		v.Hash = found.Hash
		v.fill(e, r, out, answer)
	}
	if v.UnderWay {
		page.Fresh = freshEvery
	}
	page.Data = v
	return web.View("evaluation/audit", page), nil
}

// auditState is the audit of a run and its job; both are empty where none was ordered.
func (e *Evaluation) auditState(r *web.Request, run Run) (found kept, job jobs.Job, err error) {
	err = e.host.Store.View(r.Context(), func(v *store.View) error {
		var there bool
		if found, there, err = auditOf(v, run.Ref()); err != nil || !there || found.Answer != "" {
			return err
		}
		job, err = e.host.Jobs.Get(v, run.Home, found.Job)
		if f := fault.Of(err); err != nil && f.Code == fault.NotFound {
			return nil // finished jobs are not kept for ever
		}
		return err
	})
	return found, job, err
}

// stand says where an audit that was ordered stands.
func (v *auditView) stand(r *web.Request, found kept, job jobs.Job) (err error) {
	if found.Job == 0 || found.Answer != "" || job.ID == 0 {
		return nil
	}
	v.UnderWay = !job.State.Over()
	v.Done = display.Share(float64(job.Done), float64(job.Total))
	if job.Actor == r.Actor.Account {
		v.Job = fmt.Sprintf("/jobs/%d/%d", job.Home, job.ID)
	}
	if f := job.Fault(); f != nil && job.State == jobs.Failed {
		v.Failed, err = r.Refused(f)
	}
	return err
}

// fill writes an answer for the page.
func (v *auditView) fill(e *Evaluation, r *web.Request, out result.Result, a result.Audit) {
	v.Answered = true
	v.Lead = r.T("evaluation.audit.told", a.Runs, display.Short(a.Mean), a.Time)
	for _, i := range a.Inputs {
		v.Inputs = append(v.Inputs, influenceView{r.T("evaluation.input." + i.Name), estimated(i.First),
			estimated(i.Total)})
	}
	told := func(w result.Way) wayView {
		line := wayView{Mean: display.Short(w.Mean), Spearman: display.Fixed(float64(w.Spearman), 3),
			Largest: w.Largest,
			mean:    float64(w.Mean)}
		if w.Refused != nil {
			line.Refused = e.refusalText(r, w.Refused)
		}
		return line
	}
	for _, w := range a.Without {
		line := told(w)
		line.Name = w.Name
		if n := out.Find(w.Name); n >= 0 {
			line.Name = title(out.Nodes[n])
		}
		v.Without = append(v.Without, line)
	}
	slices.SortStableFunc(v.Without, func(a, b wayView) int { return cmp.Compare(b.mean, a.mean) })
	for _, w := range a.Ways {
		line := told(w)
		line.Step, line.Name = r.T("evaluation.way."+w.Step), r.T("evaluation.method."+w.Name)
		v.Ways = append(v.Ways, line)
	}
	v.Reversed = r.T("evaluation.reversed", a.Reversed)
	if a.Unasked != nil {
		v.Reversed = e.refusalText(r, a.Unasked)
	}
	for _, x := range a.Reversals {
		names := namesOf(out, []string{x.Removed, x.Before, x.After})
		v.Reversals = append(v.Reversals, reversalView{names[0], names[1], names[2]})
	}
}

// refusalText is why a way was refused, in the reader's language.
func (e *Evaluation) refusalText(r *web.Request, f *result.Refusal) string {
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		args[i] = arg
	}
	if !e.host.Dictionary.Has(f.Key) {
		return r.T("evaluation.way_refused")
	}
	return r.T(f.Key, args...)
}

// estimated writes a share with its bounds.
func estimated(x result.Estimate) estimateView {
	low, high := max(float64(x.Low), 0), min(float64(x.High), 1)
	return estimateView{Text: display.Fixed(float64(x.Value), 3),
		Bounds: display.Fixed(float64(x.Low), 3) + " – " + display.Fixed(float64(x.High), 3),
		Bar: display.Share(float64(x.Value),
			1),

		From: display.Share(low, 1), Span: display.Share(high-low, 1), Until: display.Share(high, 1)}
}

// orderAudit orders an audit from the page.
func (e *Evaluation) orderAudit(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	run, err := e.asked(r)
	if err != nil {
		return nil, err
	}
	design, err := r.Number("design")
	if err == nil {
		_, err = e.OrderAudit(r.Context(), r.Actor, run.Ref(), design)
	}
	if err != nil {
		return e.auditPage(r, err)
	}
	return web.Redirect(run.Ref().Address() + auditTab), nil
}

// compareView is the page of two runs side by side.
type compareView struct {
	scene
	With     pickView
	Differ   []string
	Same     bool // the same scheme, figures and tree of places
	Found    *study.Comparison
	Rows     []shiftView
	Title    string // of the other
	Words    string
	Nobodies bool // there is no other run to compare with
}

type shiftView struct {
	Name           string
	Before, After  string
	Up, Down       int
	ScoreA, ScoreB string
	Only           string
}

// comparedMax is how many other runs are offered.
const comparedMax = 100

func (e *Evaluation) compare(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, compareTab)
	if err != nil {
		return nil, err
	}
	v := compareView{scene: s, With: pickView{Name: "with", Label: r.T("evaluation.pick.with")}}
	other, text, err := e.otherRun(r, &v)
	if err != nil {
		return nil, err
	}
	v.Nobodies = other.ID == 0
	if other.ID != 0 {
		again, err := result.Read(text)
		if err != nil {
			return nil, err
		}
		v.Title = other.Title
		found, err := study.Compare(again, out)
		if err != nil {
			v.Refused, err = r.Refused(err)
			if err != nil {
				return nil, err
			}
		} else {
			v.lay(r, other, found)
		}
	}
	return web.View("evaluation/compare", web.Page{Title: r.T("evaluation.compare"), Place: s.Run.Place,
		Data: v, Trail: trail(r, s.Run)}), nil
}

// otherRun is the run to compare with: the one that was chosen, or the newest other one, of the same scheme
// if there is any.
func (e *Evaluation) otherRun(r *web.Request, v *compareView) (other Run, text string, err error) {
	err = e.host.Store.View(r.Context(), func(view *store.View) error {
		found, err := e.Find(view, r.Actor, Search{Limit: comparedMax})
		if err != nil {
			return err
		}
		name := func(run Run) string { return fmt.Sprintf("%d-%d", run.Home, run.ID) }
		for _, run := range found.Runs {
			if run.Ref() == v.Run.Ref() {
				continue
			}
			nearer := other.Scheme != v.Run.Scheme && run.Scheme == v.Run.Scheme
			if r.Field("with") == name(run) || r.Field("with") == "" && (other.ID == 0 || nearer) {
				other = run
			}
			v.With.Options = append(v.With.Options, choiceView{name(run), run.Title + " · " +
				r.T("evaluation.state."+string(run.State)) + " · " + string(run.Made.Date()), false})
		}
		for i, o := range v.With.Options {
			v.With.Options[i].Chosen = o.Value == name(other)
		}
		if other.ID == 0 {
			return nil
		}
		text, err = ResultText(view, other.Ref())
		return err
	})
	return other, text, err
}

// lay says whose data, scheme and places differ, and how ranks shift from the other run to this one.
func (v *compareView) lay(r *web.Request, other Run, found study.Comparison) {
	v.Found = &found
	differ := func(yes bool, key string, args ...any) {
		if yes {
			v.Differ = append(v.Differ, r.T(key, args...))
		}
	}
	differ(other.SchemeHash != v.Run.SchemeHash, "evaluation.differ.scheme")
	differ(other.FiguresHash != v.Run.FiguresHash, "evaluation.differ.figures", sourceText(r, other.Source),
		sourceText(r, v.Run.Source))
	differ(other.Edition != v.Run.Edition, "evaluation.differ.edition", editionText(r, other),
		editionText(r, v.Run))
	for k, codes := range found.Nodes {
		differ(len(codes) > 0, []string{"evaluation.differ.nodes_gone", "evaluation.differ.nodes_new"}[k],
			len(codes))
	}
	v.Same = len(v.Differ) == 0
	v.Words = r.T("evaluation.compared", found.Areas, found.Moved, display.Fixed(found.Mean, 2),
		found.Largest,
		display.Fixed(found.Spearman, 3))
	for _, x := range found.Shifts {
		line := shiftView{Name: x.Name, Before: rankText(x.Ranks[0]), After: rankText(x.Ranks[1]), Up: x.Up,
			Down: x.Down, ScoreA: display.Short(result.Number(x.Scores[0])),
			ScoreB: display.Short(result.Number(x.Scores[1]))}
		if x.Only != 0 {
			line.Only = r.T("evaluation.only." + strconv.Itoa(x.Only))
		}
		v.Rows = append(v.Rows, line)
	}
}

func editionText(r *web.Request, run Run) string {
	if run.Edition == "" {
		return r.T("evaluation.no_edition")
	}
	return string(run.Edition)
}

func rankText(rank int) string {
	if rank == 0 {
		return "–"
	}
	return strconv.Itoa(rank)
}
