package rating

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// lots are the replications of a run: the index under choices drawn by lot.
type lots struct {
	seed         uint64
	replications int
	vary         []string // winmax=1/3/5, normalise=minmax/zscore …
}

// The choices of replications if none are said, as in the example of the reference package.
const (
	weightNoise = "0.25" // of the weights of aggregates
	cells       = "1/2/3/4/5"
)

func (l *lots) declare(flags *pflag.FlagSet, replications int, text func(key string, args ...any) string) {
	flags.Uint64Var(&l.seed, "seed", 1, text("rating.flag.seed"))
	flags.IntVar(&l.replications, "replications", replications, text("rating.flag.replications"))
	flags.StringArrayVar(&l.vary, "vary", nil, text("rating.flag.vary"))
}

// choices are what the replications of a plan draw.
func (l *lots) choices(t *task) ([]audit.Choice, error) {
	said := l.vary
	if len(said) == 0 {
		said = []string{"weights=" + weightNoise}
		if r := t.scheme.Treat; r != nil && (r.First == "" || r.First == score.Winsorise) {
			said = append(said, "winmax="+cells)
		}
	}
	var all []audit.Choice
	for _, word := range said {
		name, alternatives, _ := strings.Cut(word, "=")
		choice, ok := l.choice(t, name, strings.Split(alternatives, "/"))
		if !ok {
			return nil, fault.New(fault.Invalid, "rating.flag_unreadable", "--vary", word)
		}
		all = append(all, choice)
	}
	return all, nil
}

// choice reads one input and its alternatives.
func (l *lots) choice(t *task, name string, alternatives []string) (c audit.Choice, ok bool) {
	w, v := &words{}, varied{}
	for _, said := range alternatives {
		w.said = said
		s := t.scheme
		switch name {
		case "winmax", "weights", "data":
			v.figures = append(v.figures, word{figures: []string{said}, of: w}.number(0, 0))
		case "normalise":
			if takeNormalise(w, &s); s.Normalise == nil {
				s.Normalise = &score.Normalise{Method: score.NotNormalised}
			}
			v.normalisations = append(v.normalisations, *s.Normalise)
		case "treat":
			if takeTreat(w, &s); s.Treat == nil {
				s.Treat = &score.Treat{First: score.NoTreatment, Second: score.NoTreatment}
			}
			v.treats = append(v.treats, *s.Treat)
		case "aggregate":
			takeAggregate(w, &s)
			v.means = append(v.means, s.Aggregate)
			w.wrong = w.wrong || s.Aggregate == nil
		default:
			return c, false
		}
	}
	if w.wrong {
		return c, false
	}
	return l.made(t, name, v)
}

// varied are the alternatives of an input, of the kind that its name asks for.
type varied struct {
	figures        []float64
	normalisations []score.Normalise
	treats         []score.Treat
	means          [][]score.Aggregation
}

// made makes the choice of what was read.
func (l *lots) made(t *task, name string, v varied) (audit.Choice, bool) {
	switch name {
	case "normalise":
		return audit.Normalisations(name, v.normalisations...), true
	case "treat":
		return audit.Treatments(name, v.treats...), true
	case "aggregate":
		return audit.Aggregations(name, v.means...), true
	case "winmax":
		var cells []int
		for _, x := range v.figures {
			if x < 1 || x != float64(int(x)) {
				return audit.Choice{}, false
			}
			cells = append(cells, int(x))
		}
		return audit.WinMaxes(name, cells...), true
	}
	if len(v.figures) != 1 || !(v.figures[0] >= 0 && v.figures[0] <= 1) {
		return audit.Choice{}, false
	}
	if name == "data" {
		return audit.DataNoise(name, t.plan, v.figures[0], l.seed), true
	}
	var aggregates []int
	for i, node := range t.plan.Nodes() {
		if node.Children != nil && node.Parent >= 0 {
			aggregates = append(aggregates, i)
		}
	}
	if len(aggregates) == 0 { // an index straight over its indicators
		for i := range t.plan.Indicators() {
			aggregates = append(aggregates, i)
		}
	}
	return audit.WeightNoise(name, aggregates, v.figures[0]), true
}

// model is the index of a task whose choices are drawn, with its nominal scores. The areas of each time of a
// panel rank among themselves; what is normalised over all times stays so.
func (l *lots) model(t *task) (audit.Model, []float64, error) {
	o := t.outcome
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" {
		return audit.Model{}, nil, fault.New(fault.Invalid, "rating.replications_of_nothing")
	}
	choices, err := l.choices(t)
	if err != nil {
		return audit.Model{}, nil, err
	}
	model := audit.Of(t.plan, top, choices)
	if panel(o) {
		for _, of := range periodsOf(o) {
			model.Parts = append(model.Parts, of.rows)
		}
	}
	return model, slices.Clone(o.Scores[top]), nil
}

// moment is a time of a panel with its rows.
type moment struct {
	time string
	rows []int
}

// periodsOf are the times of an outcome, in order; of one time alone it is that, without a name.
func periodsOf(o *score.Outcome) []moment {
	var all []moment
	if !panel(o) {
		all = []moment{{}}
		for row := range o.Areas {
			all[0].rows = append(all[0].rows, row)
		}
		return all
	}
	for _, time := range slices.Compact(slices.Sorted(slices.Values(o.Times))) {
		all = append(all, moment{time: time})
	}
	for row, time := range o.Times {
		at, _ := slices.BinarySearchFunc(all, time, func(m moment, t string) int {
			return strings.Compare(m.time, t)
		})
		all[at].rows = append(all[at].rows, row)
	}
	return all
}

// sayTimes says of a panel that each time is ranked by itself.
func (s *Rating) sayTimes(o *score.Outcome) {
	if all := periodsOf(o); panel(o) {
		s.host.Console.Say("rating.times_apart", len(all), all[0].time, all[len(all)-1].time)
	}
}

// timed puts the time in front of a line, in a panel.
func timed(o *score.Outcome, time string, line ...string) []string {
	if !panel(o) {
		return line
	}
	return append([]string{time}, line...)
}

// options are those of an audit; a bar shows how far it is.
func (s *Rating) options(l *lots) audit.Options {
	o := audit.Options{Seed: l.seed, Runs: l.replications}
	var bar func(done int64)
	o.Progress = func(done, of int) {
		s.bar.Lock()
		defer s.bar.Unlock()
		if bar == nil {
			bar = s.host.Console.Progress(s.host.Console.T("rating.rebuilding"), int64(of))
		}
		bar(int64(done))
	}
	return o
}

// replicated rebuilds the index and answers how the ranks of its top spread, by row; nil without
// replications.
func (s *Rating) replicated(t *task, l *lots) ([]audit.Spread, error) {
	if l.replications == 0 {
		return nil, nil
	}
	if l.replications < 0 {
		return nil, fault.New(fault.Invalid, "rating.flag_unreadable", "--replications", l.replications)
	}
	model, nominal, err := l.model(t)
	if err != nil {
		return nil, err
	}
	spreads, err := audit.Uncertainty(model, nominal, s.options(l))
	return spreads.Areas, err
}

// spreads writes the statistics of ranks over runs.
func (f folder) spreads(o *score.Outcome, areas []audit.Spread) error {
	var rows [][]string
	for row, a := range areas {
		rows = append(rows, append(named(o, row), rankCell(a.Nominal), cell(a.Mean), cell(a.Median),
			cell(a.Low), cell(a.High)))
	}
	return f.table("uncertainty.csv", append(naming(o), "Nominal", "Mean", "Median", "Q5", "Q95"), rows)
}

// naming are the headings of the columns that name a row, named what stands in them.
func naming(o *score.Outcome) []string {
	if panel(o) {
		return []string{"uCode", "Time"}
	}
	return []string{"uCode"}
}

func named(o *score.Outcome, row int) []string {
	if panel(o) {
		return []string{o.Areas[row], o.Times[row]}
	}
	return []string{o.Areas[row]}
}
