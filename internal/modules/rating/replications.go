package rating

import (
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// lots are the replications of a run: the index under weights, and a limit of winsorising, drawn by lot.
type lots struct {
	seed         uint64
	replications int
}

// The choices of replications, as in the example of the reference package.
const (
	weightNoise = 0.25 // of the weights of aggregates
	cellsMost   = 5    // winsorised
)

// choices are what the replications of a plan may draw: noise on the weights of all aggregates below the top,
// and if the scheme winsorises its limit, from 1 to 5 cells.
func (l lots) choices(t *task) []audit.Choice {
	var aggregates, cells []int
	for i, n := range t.plan.Nodes() {
		if n.Children != nil && n.Parent >= 0 {
			aggregates = append(aggregates, i)
		}
	}
	var all []audit.Choice
	if len(aggregates) > 0 {
		all = append(all, audit.WeightNoise("weights", aggregates, weightNoise))
	}
	if r := t.scheme.Treat; r != nil && (r.First == "" || r.First == score.Winsorise) {
		for n := range cellsMost {
			cells = append(cells, n+1)
		}
		all = append(all, audit.WinMaxes("winmax", cells...))
	}
	return all
}

// write rebuilds the index and writes how the ranks of its top spread.
func (l lots) write(f folder, t *task) error {
	o := t.outcome
	if l.replications == 0 {
		return nil
	}
	top, all := o.Top(), l.choices(t)
	if top < 0 || o.Rules[top].Method == "" || len(all) == 0 || panel(o) {
		return fault.New(fault.Invalid, "rating.replications_of_nothing")
	}
	spreads, err := audit.Uncertainty(audit.Of(t.plan, top, all), slices.Clone(o.Scores[top]),
		audit.Options{Seed: l.seed, Runs: l.replications})
	if err != nil {
		return err
	}
	var rows [][]string
	for row, a := range spreads.Areas {
		rows = append(rows, []string{o.Areas[row], strconv.Itoa(a.Nominal), cell(a.Mean), cell(a.Median),
			cell(a.Low), cell(a.High)})
	}
	return f.table("uncertainty.csv", []string{"uCode", "Nominal", "Mean", "Median", "Q5", "Q95"}, rows)
}
