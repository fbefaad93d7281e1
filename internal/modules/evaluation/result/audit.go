package result

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Estimate is a share of the spread of ranks, with the bounds within which it lies nine times in ten.
type Estimate struct {
	Value Number `json:"value"`
	Low   Number `json:"low"`
	High  Number `json:"high"`
}

// Influence is what a choice does to the ranks: by itself, and together with the others.
type Influence struct {
	Name  string   `json:"name"`
	First Estimate `json:"first"`
	Total Estimate `json:"total"`
}

// Refusal is why a way to build the index is none.
type Refusal struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
}

// Way is another way to build the index, and what it does to the ranks.
type Way struct {
	Step     string   `json:"step,omitempty"` // empty: an indicator is left out
	Name     string   `json:"name"`           // of the method, or the code of the indicator
	Mean     Number   `json:"mean"`           // places moved, over all areas
	Largest  int      `json:"largest"`
	Spearman Number   `json:"spearman"`
	Refused  *Refusal `json:"refused,omitempty"`
}

// Reversal is a pair of areas whose order changes although neither did: only a third was left out.
type Reversal struct {
	Removed string `json:"removed"`
	Before  string `json:"before"` // stood before After while Removed was there
	After   string `json:"after"`
}

// Audit is how much of a ranking is owed to the choices of those who made it, at the last time.
type Audit struct {
	Time      string      `json:"time,omitempty"`
	Rows      int         `json:"rows"` // N of the design
	Runs      int         `json:"runs"`
	Mean      Number      `json:"mean"` // of the mean shift of ranks
	Inputs    []Influence `json:"inputs"`
	Without   []Way       `json:"without"`
	Ways      []Way       `json:"ways"`
	Reversals []Reversal  `json:"reversals,omitempty"` // the first ones
	Reversed  int         `json:"reversed"`            // how many there are
	Unasked   *Refusal    `json:"unasked,omitempty"`   // why reversals could not be looked for
	// Machine is the kind of machine that computed it, which whoever keeps an audit says: amd64.
	Machine string `json:"machine,omitempty"`
}

// The limits of what is asked about reversals, and how many are kept.
const (
	reversalAreasMax = 300
	reversalsKept    = 100
)

// noiseShare is the error of a figure in an audit, as a share of the deviation of its column.
const noiseShare = 0.05

// AuditOptions are what an audit depends on besides scheme and figures.
type AuditOptions struct {
	Seed     uint64
	Rows     int // N: the index is built N·(choices + 2) times
	Methods  score.Methods
	Progress func(done, of int) // from any goroutine
	Ended    func() error       // why the audit is to stop, from any goroutine; nil: it goes on
}

// auditing is an audit that is under way.
type auditing struct {
	scheme  score.Scheme
	table   score.Table
	options AuditOptions
	plan    *score.Plan
	outcome *score.Outcome
	result  Result // its areas and times alone
	rows    []int  // of the last time
	nominal []float64
}

// ComputeAudit asks how ranks of the last time depend on choices, indicators and areas.
func ComputeAudit(s score.Scheme, t score.Table, o AuditOptions) (Audit, error) {
	a := auditing{scheme: s, table: t, options: o}
	var err error
	if a.plan, err = score.Compile(s, t, o.Methods); err != nil {
		return Audit{}, err
	}
	if a.outcome, err = a.plan.Run(); err != nil {
		return Audit{}, err
	}
	if a.outcome.Top() < 0 {
		return Audit{}, fault.New(fault.Invalid, "evaluation.audit_of_nothing")
	}
	a.result = Result{Areas: a.outcome.Areas, Times: a.outcome.Times}
	a.rows = a.result.Rows(a.result.LastTime())
	a.nominal = chosenOf(a.outcome.Scores[a.outcome.Top()], a.rows)
	answer := Audit{Time: a.result.LastTime()}
	if err := a.sensitivity(&answer); err != nil {
		return answer, err
	}
	a.without(&answer)
	a.ways(&answer)
	return answer, a.ended(a.reversals(&answer))
}

// ended is why an audit is to stop, or else an error.
func (a auditing) ended(err error) error {
	if a.options.Ended != nil {
		if why := a.options.Ended(); why != nil {
			return why
		}
	}
	return err
}

func chosenOf(column []float64, rows []int) []float64 {
	all := make([]float64, len(rows))
	for i, row := range rows {
		all[i] = column[row]
	}
	return all
}

// sensitivity asks which choice moves the ranks.
func (a auditing) sensitivity(answer *Audit) error {
	choices := append(choicesOf(a.outcome, a.scheme),
		audit.DataNoise("data", a.plan, noiseShare, a.options.Seed))
	model := audit.Of(a.plan, a.outcome.Top(), choices).Only(a.rows)
	worker := model.Worker
	model.Worker = func() audit.Run {
		run := worker()
		return func(number int, draw, scores []float64) error {
			if err := a.ended(nil); err != nil {
				return err
			}
			return run(number, draw, scores)
		}
	}
	found, err := audit.Sensitivity(model, a.nominal, audit.Options{Seed: a.options.Seed,
		Runs:     a.options.Rows,
		Progress: a.options.Progress})
	if err != nil {
		return a.ended(err)
	}
	answer.Rows, answer.Runs, answer.Mean = found.Rows, found.Runs, Number(found.Mean)
	for _, i := range found.Inputs {
		answer.Inputs = append(answer.Inputs, Influence{i.Name, estimate(i.First), estimate(i.Total)})
	}
	return nil
}

func estimate(i audit.Index) Estimate {
	return Estimate{Number(i.Value), Number(i.Low), Number(i.High)}
}

// without leaves each indicator out.
func (a auditing) without(answer *Audit) {
	indicators := make([]int, a.outcome.Indicators)
	for i := range indicators {
		indicators[i] = i
	}
	ways := audit.Without(a.plan, a.outcome.Top(), indicators)
	for i := range ways {
		if ways[i].Err == nil {
			ways[i].Scores = chosenOf(ways[i].Scores, a.rows)
		}
	}
	for i, m := range audit.Compare(a.nominal, ways) {
		answer.Without = append(answer.Without, way("", a.outcome.Nodes[indicators[i]].Code, m))
	}
}

func way(step, name string, m audit.Moved) Way {
	w := Way{Step: step, Name: name, Mean: Number(m.Mean), Largest: m.Largest, Spearman: Number(m.Spearman)}
	if m.Err != nil {
		w.Mean, w.Spearman, w.Refused = Number(math.NaN()), Number(math.NaN()), refusal(m.Err)
	}
	return w
}

func refusal(err error) *Refusal {
	f := fault.Of(err)
	r := &Refusal{Key: f.Key}
	for _, arg := range f.Args {
		r.Args = append(r.Args, fmt.Sprint(arg))
	}
	return r
}

// others are the other ways that an audit lays beside the index, by step.
var others = []struct {
	step  string
	trial func(method string) Trial
	names []string
}{
	{"normalise", func(m string) Trial { return Trial{Normalise: m} }, []string{score.MinMax, score.ZScore,
		score.Ranked, score.PercentRank}},
	{"weights", func(m string) Trial { return Trial{Weights: m} }, []string{score.EqualWeights, "entropy",
		"critic", "pca"}},
	{"aggregate", func(m string) Trial { return Trial{Aggregate: m} }, []string{score.Arithmetic,
		score.Geometric, score.Harmonic, score.Median}},
	{"treat", func(m string) Trial { return Trial{Treat: m} }, []string{score.NoTreatment,
		score.Winsorise}},
}

// ways builds the index by other methods.
func (a auditing) ways(answer *Audit) {
	for _, other := range others {
		var ways []audit.Way
		for _, name := range other.names {
			w := audit.Way{Name: name}
			w.Scores, w.Err = a.scores(other.trial(name).On(a.scheme), a.table)
			ways = append(ways, w)
		}
		for _, m := range audit.Compare(a.nominal, ways) {
			answer.Ways = append(answer.Ways, way(other.step, m.Name, m))
		}
	}
}

// scores are those of the top at the last time, by area of the audit; an area that is not there has none.
func (a auditing) scores(s score.Scheme, t score.Table) ([]float64, error) {
	plan, err := score.Compile(s, t, a.options.Methods)
	if err != nil {
		return nil, err
	}
	o, err := plan.Run()
	if err != nil {
		return nil, err
	}
	time := a.result.LastTime()
	scores := make([]float64, len(a.rows))
	for i, row := range a.rows {
		scores[i] = math.NaN()
		if at := o.Row(a.outcome.Areas[row], time); at >= 0 {
			scores[i] = o.Scores[o.Top()][at]
		}
	}
	return scores, nil
}

// reversals leaves each area out, and looks whose order that changes.
func (a auditing) reversals(answer *Audit) error {
	if len(a.rows) > reversalAreasMax {
		answer.Unasked = &Refusal{Key: "evaluation.reversals_many", Args: []string{fmt.Sprint(len(a.rows)),
			fmt.Sprint(reversalAreasMax)}}
		return nil
	}
	area := func(i int) string { return a.outcome.Areas[a.rows[i]] }
	found, err := audit.Reversals(a.nominal, func(removed int) ([]float64, error) {
		if err := a.ended(nil); err != nil {
			return nil, err
		}
		return a.scores(a.scheme, leftOut(a.table, area(removed)))
	})
	if err != nil {
		answer.Unasked = refusal(err)
		return nil
	}
	answer.Reversed = len(found)
	for _, r := range found[:min(len(found), reversalsKept)] {
		answer.Reversals = append(answer.Reversals, Reversal{area(r.Removed), area(r.Before),
			area(r.After)})
	}
	return nil
}

// leftOut is a table without an area.
func leftOut(t score.Table, area string) score.Table {
	var rows []int
	for i, code := range t.Areas {
		if code != area {
			rows = append(rows, i)
		}
	}
	texts := func(column []string) []string {
		if column == nil {
			return nil
		}
		all := make([]string, len(rows))
		for i, row := range rows {
			all[i] = column[row]
		}
		return all
	}
	less := score.Table{Areas: texts(t.Areas), Names: texts(t.Names), Times: texts(t.Times),
		Columns: slices.Clone(t.Columns), Groups: map[string][]string{}}
	for _, column := range t.Values {
		less.Values = append(less.Values, chosenOf(column, rows))
	}
	for group, of := range t.Groups {
		less.Groups[group] = texts(of)
	}
	return less
}

// Near tells whether two audits ask the same and answer the same shares but for a relative difference.
func (a Audit) Near(b Audit, most float64) bool {
	if a.Time != b.Time || a.Rows != b.Rows || a.Runs != b.Runs || len(a.Inputs) != len(b.Inputs) ||
		!near(a.Mean, b.Mean, most) {
		return false
	}
	for i, x := range a.Inputs {
		y := b.Inputs[i]
		if x.Name != y.Name || !near(x.First.Value, y.First.Value, most) ||
			!near(x.Total.Value, y.Total.Value, most) {
			return false
		}
	}
	return slices.EqualFunc(a.Without, b.Without, Way.same) && slices.EqualFunc(a.Ways, b.Ways, Way.same) &&
		a.Reversed == b.Reversed
}

// SameAudit computes an audit again, and tells whether it is the same text to the last bit; of one that was
// computed on another kind of machine, whether it is near.
func SameAudit(text string, s score.Scheme, t score.Table, o AuditOptions, most float64) (bool, error) {
	before, err := ReadAudit(text)
	if err != nil {
		return false, nil // no text that an audit has
	}
	after, err := ComputeAudit(s, t, o)
	if err != nil {
		return false, err
	}
	after.Machine = before.Machine
	again, err := after.Text()
	foreign := before.Machine != "" && before.Machine != runtime.GOARCH
	return again == text || foreign && before.Near(after, most), err
}

// same tells whether two ways move ranks alike.
func (w Way) same(other Way) bool {
	return w.Step == other.Step && w.Name == other.Name && w.Largest == other.Largest &&
		(w.Refused == nil) == (other.Refused == nil)
}

// Text writes an audit; ReadAudit reads it back.
func (a Audit) Text() (string, error) {
	text, err := json.Marshal(a)
	return string(text), err
}

// ReadAudit reads an audit that Text wrote.
func ReadAudit(text string) (Audit, error) {
	var a Audit
	err := json.Unmarshal([]byte(text), &a)
	return a, err
}
