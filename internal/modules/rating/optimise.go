package rating

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// wish is what weights of a level are to reach.
type wish struct {
	level    int
	aim      string
	targets  string // code=importance between commas; empty: equal
	negative bool
}

// optimiseCommand searches the weights of a level under which each node there has the correlation with the
// index that it is meant to have.
func (s *Rating) optimiseCommand() *cobra.Command {
	c, t, w, out := s.host.Console, &task{}, &wish{}, ""
	cmd := &cobra.Command{Use: "optimise (SCHEME.yaml DATA | --coin iData.csv iMeta.csv) --level N",
		Short: c.T("rating.command.optimise"), Long: c.T("rating.command.optimise.long"),
		Args: cobra.ExactArgs(2), RunE: func(_ *cobra.Command, args []string) error {
			if err := t.compute(args); err != nil {
				return err
			}
			nodes, best, err := w.optimum(t)
			if err != nil {
				return err
			}
			return s.sayOptimum(t, nodes, best, out)
		}}
	t.declare(cmd, c.T)
	cmd.Flags().IntVar(&w.level, "level", 1, c.T("rating.flag.level"))
	cmd.Flags().StringVar(&w.aim, "aim", string(weighting.AimBalance), c.T("rating.flag.aim"))
	cmd.Flags().StringVar(&w.targets, "targets", "", c.T("rating.flag.targets"))
	cmd.Flags().BoolVar(&w.negative, "negative", false, c.T("rating.flag.negative"))
	cmd.Flags().StringVar(&out, "out", "", c.T("rating.flag.out"))
	return cmd
}

// optimum searches the weights of the nodes of the level, and answers these nodes too. All other weights stay
// as the run has them, and the index is aggregated again for each trial.
func (w *wish) optimum(t *task) (nodes []int, best weighting.Optimum, err error) {
	o := t.outcome
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" {
		return nil, best, fault.New(fault.Invalid, "rating.replications_of_nothing")
	}
	if w.level < 1 || w.level >= o.Nodes[top].Level {
		return nil, best, fault.New(fault.Invalid, "rating.optimise_level", w.level, o.Nodes[top].Level-1)
	}
	problem := weighting.Problem{Aim: weighting.Aim(w.aim), Negative: w.negative,
		Elements: frame.Frame{Areas: o.Keys}}
	if problem.Targets, err = w.importances(); err != nil {
		return nil, best, err
	}
	for i, node := range o.Nodes {
		if node.Level == w.level && node.Parent >= 0 {
			nodes = append(nodes, i)
			problem.Elements.Columns = append(problem.Elements.Columns, node.Code)
			problem.Elements.Values = append(problem.Elements.Values, o.Scores[i])
			problem.Groups = append(problem.Groups, o.Nodes[node.Parent].Code)
		}
	}
	worker, weights := t.plan.Worker(1), slices.Clone(o.Weights)
	problem.Index = func(tried []float64) ([]float64, error) {
		for k, node := range nodes {
			weights[node] = tried[k]
		}
		scores, err := worker.Rebuild(score.Variant{Weights: weights})
		if err != nil {
			return nil, err
		}
		return slices.Clone(scores[top]), nil
	}
	best, err = weighting.Optimise(problem)
	if problem.Aim == weighting.AimInfomax {
		best.Targets = slices.Repeat([]float64{math.NaN()}, len(nodes)) // nothing is wished of any of them
	}
	return nodes, best, err
}

// importances reads Conn=2,Sust=1; nil where nothing is said.
func (w *wish) importances() (map[string]float64, error) {
	if w.targets == "" {
		return nil, nil
	}
	targets := map[string]float64{}
	for _, part := range strings.Split(w.targets, ",") {
		code, figure, found := strings.Cut(part, "=")
		x, err := strconv.ParseFloat(strings.TrimSpace(figure), 64)
		code = strings.TrimSpace(code)
		if _, twice := targets[code]; err != nil || !found || twice {
			return nil, fault.New(fault.Invalid, "rating.flag_unreadable", "--targets", part)
		}
		targets[code] = x
	}
	return targets, nil
}

// sayOptimum prints what was found, and writes it with a scheme of these weights if a folder is said.
func (s *Rating) sayOptimum(t *task, nodes []int, best weighting.Optimum, out string) error {
	c, o := s.host.Console, t.outcome
	var rows, cells [][]string
	for k, node := range nodes {
		parent, wished := o.Nodes[o.Nodes[node].Parent].Code, best.Targets[k]
		rows = append(rows, []string{o.Nodes[node].Code, parent, shown(100 * wished),
			shown(100 * best.Shares[k]), shown(best.Correlations[k]), shortFigure(best.Values[k])})
		cells = append(cells, []string{o.Nodes[node].Code, parent, cell(wished), cell(best.Shares[k]),
			cell(best.Correlations[k]), cell(best.Values[k])})
	}
	c.Say("rating.optimise.done", shortFigure(best.Objective), best.Evaluations)
	c.Table([]string{c.T("rating.code"), c.T("rating.parent"), c.T("rating.wished") + " %",
		c.T("rating.obtained") + " %", c.T("rating.correlation"), c.T("rating.weight")}, rows)
	if out == "" {
		return nil
	}
	f, err := newFolder(out)
	if err != nil {
		return err
	}
	if err := f.table("optimised.csv", []string{"iCode", "Parent", "Desired", "Obtained", "Correlation",
		"OptWeight"}, cells); err != nil {
		return err
	}
	return f.scheme(weighted(t.scheme, o, nodes, best.Values))
}

// weighted is a scheme whose nodes have weights of their own in place of a method of their level.
func weighted(s score.Scheme, o *score.Outcome, nodes []int, weights []float64) score.Scheme {
	s.Indicators, s.Aggregates = slices.Clone(s.Indicators), slices.Clone(s.Aggregates)
	s.Weights = slices.Clone(s.Weights)
	if at := o.Nodes[nodes[0]].Level - 1; at < len(s.Weights) {
		s.Weights[at] = score.Weighting{Method: score.GivenWeights}
	}
	for k, node := range nodes {
		code, parent := o.Nodes[node].Code, o.Nodes[o.Nodes[node].Parent].Code
		for i := range s.Indicators {
			if s.Indicators[i].Code == code {
				s.Indicators[i].Weight = &weights[k]
			}
		}
		for i := range s.Aggregates {
			switch s.Aggregates[i].Code {
			case code:
				s.Aggregates[i].Weight = &weights[k]
			case parent:
				s.Aggregates[i].Weights = nil
			}
		}
	}
	return s
}
