package evaluation

import (
	"cmp"
	"encoding/csv"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// laboratoryView is the method laboratory: another method or weight, and how ranks move.
type laboratoryView struct {
	scene
	Normalise []choiceView
	Weights   []choiceView
	Aggregate []choiceView
	Treat     []choiceView
	Nodes     []weightView
	Time      string
	Times     []choiceView
	Rows      []movedView
	Moved     int    // areas whose rank changed
	Mean      string // of the places moved
	Notes     []string
	MayKeep   bool
	Keep      template.URL // where what is tried is kept, with all of it
}

// weightView is the weight of a node, to be changed.
type weightView struct {
	Code, Name, Value string
	Level             int
}

// movedView is an area under the scheme of the run and under the one that is tried.
type movedView struct {
	Name          string
	Before, After int
	Up, Down      int
	Score         string
}

// asIs is the choice that leaves a step as the scheme has it.
const asIs = ""

// The methods the laboratory offers; a scheme of one's own has all there are.
var (
	labNormalisations = []string{asIs, score.MinMax, score.ZScore, score.Ranked, score.PercentRank,
		score.DistanceMax}
	labWeights      = []string{asIs, score.EqualWeights, "entropy", "critic", "sd", "cv", "pca"}
	labAggregations = []string{asIs, score.Arithmetic, score.Geometric, score.Harmonic, score.Median}
	labTreatments   = []string{asIs, score.NoTreatment, score.Winsorise}
)

// laboratory shows what another choice would do; nothing is kept.
func (e *Evaluation) laboratory(r *web.Request) (web.Answer, error) { return e.tried(r, nil) }

func (e *Evaluation) tried(r *web.Request, refused error) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	scheme, table, err := e.madeOf(r, run)
	if err != nil {
		return nil, err
	}
	time, _ := chosen(r, out)
	v := laboratoryView{scene: sceneOf(r, run, out, laboratoryTab), Time: time,
		MayKeep: r.Can(Compute, run.Place), Keep: keepAddress(r, run)}
	v.offer(r, out)
	v.Weights[0].Text = asWeighed(r, scheme)
	other, err := tryOn(r, scheme)
	if err == nil && refused == nil {
		var again result.Result
		again, err = result.Compute(other, table, result.Options{Methods: rating.Methods()})
		if err == nil {
			v.compare(out, again)
			v.Notes = notes(r, again)
		}
	}
	if refused != nil {
		err = refused
	}
	page := web.Page{Title: r.T("evaluation.laboratory"), Place: run.Place, Trail: trail(r, run)}
	if err != nil {
		if v.Refused, err = r.Refused(err); err != nil {
			return nil, err
		}
	}
	page.Data = v
	return web.View("evaluation/laboratory", page), nil
}

// keepAddress carries what is tried along. As a piece of an address it would be escaped, and lost.
func keepAddress(r *web.Request, run Run) template.URL {
	return template.URL(run.Ref().Address() + laboratoryTab + "?" +
		r.URL.Query().Encode()) //nolint:gosec // encoded
}

// madeOf reads what a run was made of.
func (e *Evaluation) madeOf(r *web.Request, run Run) (score.Scheme, score.Table, error) {
	var texts [2]string
	err := e.host.Store.View(r.Context(), func(v *store.View) (err error) {
		for i, part := range []string{schemePart, figuresPart} {
			if texts[i], err = text(v, run.Ref(), part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return score.Scheme{}, score.Table{}, err
	}
	return parsed(run.Title, texts[0], texts[1])
}

// trialOf is what the address says should be otherwise.
func trialOf(r *web.Request, s score.Scheme) (result.Trial, error) {
	t := result.Trial{Treat: r.Field("treat"), Normalise: r.Field("normalise"), Weights: r.Field("weights"),
		Aggregate: r.Field("aggregate"), Hand: map[string]float64{}}
	hand := func(code string) error {
		text := r.Field("w-" + code)
		if text == "" {
			return nil
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x >= 0) || x > handMax {
			return fault.New(fault.Invalid, "evaluation.weight_by_hand", code, text)
		}
		t.Hand[code] = x
		return nil
	}
	for _, i := range s.Indicators {
		if err := hand(i.Code); err != nil {
			return t, err
		}
	}
	for _, a := range s.Aggregates {
		if err := hand(a.Code); err != nil {
			return t, err
		}
	}
	return t, nil
}

// handMax is the largest weight by hand.
const handMax = 1e6

// tryOn changes a scheme as the address says.
func tryOn(r *web.Request, s score.Scheme) (score.Scheme, error) {
	t, err := trialOf(r, s)
	return t.On(s), err
}

// offer fills in what can be chosen.
func (v *laboratoryView) offer(r *web.Request, out result.Result) {
	of := func(name string, all []string) []choiceView {
		var list []choiceView
		for _, m := range all {
			words := r.T("evaluation.laboratory.as_is")
			if m != asIs {
				words = r.T("evaluation.method." + m)
			}
			list = append(list, choiceView{m, words, r.Field(name) == m})
		}
		return list
	}
	v.Normalise, v.Treat = of("normalise", labNormalisations), of("treat", labTreatments)
	v.Weights, v.Aggregate = of("weights", labWeights), of("aggregate", labAggregations)
	for _, t := range out.Periods() {
		v.Times = append(v.Times, choiceView{t, t, t == v.Time})
	}
	for i := out.Top() - 1; i >= 0; i-- {
		n := out.Nodes[i]
		v.Nodes = append(v.Nodes, weightView{n.Code, title(n), r.Field("w-" + n.Code), n.Level})
	}
}

// asWeighed names what the scheme itself weighs by: the judgements of people stand nowhere else in the list.
func asWeighed(r *web.Request, s score.Scheme) string {
	var methods []string
	for _, m := range result.Weighed(s) {
		methods = append(methods, r.T("evaluation.method."+m))
	}
	return r.T("evaluation.laboratory.as_weighed", strings.Join(methods, ", "))
}

// compare lays the ranks side by side, the new order first.
func (v *laboratoryView) compare(out, again result.Result) {
	sum, count := 0, 0
	for _, row := range again.Rows(v.Time) {
		before := out.Row(again.Areas[row], v.Time)
		if before < 0 {
			continue
		}
		m := movedView{Name: again.Name(row), Before: out.Nodes[out.Top()].Ranks[before],
			After: again.Nodes[again.Top()].Ranks[row],
			Score: display.Short(again.Nodes[again.Top()].Scores[row])}
		if m.Before > 0 && m.After > 0 {
			m.Up, m.Down = max(m.Before-m.After, 0), max(m.After-m.Before, 0)
			sum += m.Up + m.Down
			count++
			if m.Before != m.After {
				v.Moved++
			}
		}
		v.Rows = append(v.Rows, m)
	}
	slices.SortStableFunc(v.Rows, func(a, b movedView) int {
		return cmp.Or(cmp.Compare(placeOf(a), placeOf(b)), cmp.Compare(a.Before, b.Before))
	})
	v.Mean = strconv.FormatFloat(float64(sum)/float64(max(count, 1)), 'f', 2, 64)
}

// placeOf puts areas without a rank last.
func placeOf(m movedView) int {
	if m.After == 0 {
		return 1 << 30
	}
	return m.After
}

// keepTried makes a draft of what is tried.
func (e *Evaluation) keepTried(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	kept, err := e.draftOf(r)
	if err != nil {
		return e.tried(r, err)
	}
	return web.Redirect(kept.Ref().Address()), nil
}

func (e *Evaluation) draftOf(r *web.Request) (Run, error) {
	run, err := e.asked(r)
	if err != nil {
		return run, err
	}
	scheme, _, err := e.madeOf(r, run)
	if err != nil {
		return run, err
	}
	if scheme, err = tryOn(r, scheme); err != nil {
		return run, err
	}
	body, err := yaml.Marshal(scheme)
	if err != nil {
		return run, err
	}
	figures, err := store.Read(r.Context(), e.host.Store, func(v *store.View) (string, error) {
		return FiguresText(v, run.Ref())
	})
	if err != nil {
		return run, err
	}
	rows, err := csv.NewReader(strings.NewReader(figures)).ReadAll()
	if err != nil {
		return run, err
	}
	return e.Make(r.Context(), r.Actor, Order{Place: run.Place, Title: r.Field("title"),
		Scheme:  string(body),
		Figures: score.Sheet{Name: figuresName, Rows: rows}, Source: run.Source, Edition: run.Edition,
		Seed: run.Seed, Replications: int(run.Replications)})
}
