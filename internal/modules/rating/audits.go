package rating

import (
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sensitivityRows is N of a sensitivity analysis if none is said.
const sensitivityRows = 500

// sensitivityCommand says which choice moves the ranks.
func (s *Rating) sensitivityCommand() *cobra.Command {
	c, t, l, out := s.host.Console, &task{}, &lots{}, ""
	cmd := &cobra.Command{Use: "sensitivity (SCHEME.yaml DATA | --coin iData.csv iMeta.csv)",
		Short: c.T("rating.command.sensitivity"), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := t.compute(args); err != nil {
				return err
			}
			model, nominal, err := l.model(t)
			if err != nil {
				return err
			}
			found, err := audit.Sensitivity(model, nominal, s.options(l))
			if err != nil {
				return err
			}
			return s.sayInfluences(t, found, out)
		}}
	t.declare(cmd, c.T)
	l.declare(cmd.Flags(), sensitivityRows, c.T)
	cmd.Flags().StringVar(&out, "out", "", c.T("rating.flag.out"))
	return cmd
}

// sayInfluences prints first and total orders with their bounds, and writes them if a folder is said.
func (s *Rating) sayInfluences(t *task, found audit.Influences, out string) error {
	c := s.host.Console
	var rows, cells [][]string
	for _, i := range found.Inputs {
		rows = append(rows, []string{i.Name, shown(i.First.Value), shown(i.First.Low) + " – " +
			shown(i.First.High),
			shown(i.Total.Value), shown(i.Total.Low) + " – " + shown(i.Total.High)})
		line := []string{i.Name}
		for _, x := range []float64{i.First.Value, i.First.Low, i.First.High, i.Total.Value, i.Total.Low,
			i.Total.High} {
			line = append(line, cell(x))
		}
		cells = append(cells, line)
	}
	c.Say("rating.sensitivity.done", found.Runs, shown(found.Mean))
	c.Table([]string{c.T("rating.input"), c.T("rating.first_order"), "5 – 95 %", c.T("rating.total_order"),
		"5 – 95 %"}, rows)
	if out == "" {
		return nil
	}
	f, err := newFolder(out)
	if err != nil {
		return err
	}
	if err := f.table("sensitivity.csv", []string{"Variable", "Si", "Si_q5", "Si_q95", "STi", "STi_q5",
		"STi_q95"},
		cells); err != nil {
		return err
	}
	return f.spreads(t.outcome, found.Spreads)
}

// compareCommand lays other ways to build the index beside it.
func (s *Rating) compareCommand() *cobra.Command {
	c, t, out, with := s.host.Console, &task{}, "", []string(nil)
	cmd := &cobra.Command{Use: "compare (SCHEME.yaml DATA | --coin iData.csv iMeta.csv)",
		Short: c.T("rating.command.compare"), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := t.compute(args); err != nil {
				return err
			}
			ways, err := t.ways(with)
			if err != nil {
				return err
			}
			o := t.outcome
			return s.sayMoved(t, audit.Compare(o.Scores[o.Top()], ways), out)
		}}
	t.declare(cmd, c.T)
	cmd.Flags().StringArrayVar(&with, "with", nil, c.T("rating.flag.with"))
	cmd.Flags().StringVar(&out, "out", "", c.T("rating.flag.out"))
	return cmd
}

// ways are the other ways that were said, or each indicator left out.
func (t *task) ways(with []string) (ways []audit.Way, err error) {
	o := t.outcome
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" || panel(o) {
		return nil, fault.New(fault.Invalid, "rating.replications_of_nothing")
	}
	if len(with) == 0 {
		var indicators []int
		for i := range o.Indicators {
			indicators = append(indicators, i)
		}
		return audit.Without(t.plan, top, indicators), nil
	}
	for _, said := range with {
		s, err := changed(t.scheme, said)
		if err != nil {
			return nil, err
		}
		w := audit.Way{Name: said}
		w.Scores, w.Err = t.scoresOf(s)
		ways = append(ways, w)
	}
	return ways, nil
}

// takers are the steps that compare may change, by the names of their flags.
var takers = map[string]func(w *words, s *score.Scheme){"impute": takeImpute, "screen": takeScreen,
	"treat": takeTreat, "normalise": takeNormalise, "weights": takeWeights, "aggregate": takeAggregate}

// changed is a scheme with other steps: normalise=zscore;aggregate=gmean.
func changed(s score.Scheme, said string) (score.Scheme, error) {
	for _, step := range strings.Split(said, ";") {
		name, how, _ := strings.Cut(strings.TrimSpace(step), "=")
		take, w := takers[name], &words{said: how}
		if take != nil {
			take(w, &s)
		}
		if take == nil || w.wrong {
			return s, fault.New(fault.Invalid, "rating.flag_unreadable", "--with", said)
		}
	}
	return s, nil
}

// scoresOf builds the index by another scheme, and answers its top for the areas of the task's; an area that
// it leaves out has none.
func (t *task) scoresOf(s score.Scheme) ([]float64, error) {
	plan, err := score.Compile(s, t.table, Methods())
	if err != nil {
		return nil, err
	}
	o, err := plan.Run()
	if err != nil {
		return nil, err
	}
	scores, rows := make([]float64, len(t.outcome.Areas)), map[string]int{}
	for row, area := range o.Areas {
		rows[area] = row
	}
	for i, area := range t.outcome.Areas {
		scores[i] = math.NaN()
		if row, there := rows[area]; there {
			scores[i] = o.Scores[o.Top()][row]
		}
	}
	return scores, nil
}

// sayMoved prints what each way does to the ranks, and writes them if a folder is said.
func (s *Rating) sayMoved(t *task, moved []audit.Moved, out string) error {
	c, o := s.host.Console, t.outcome
	var rows [][]string
	names := []string{"uCode", "Nominal"}
	for _, m := range moved {
		names = append(names, m.Name)
		if m.Err != nil {
			rows = append(rows, []string{m.Name, "–", "–", "–", c.Dictionary.Explain(c.Language,
				fault.Of(m.Err)).What})
			continue
		}
		rows = append(rows, []string{m.Name, shown(m.Spearman), shown(m.Mean), strconv.Itoa(m.Largest), ""})
	}
	c.Table([]string{c.T("rating.way"), "Spearman", c.T("rating.mean_shift"), c.T("rating.largest_shift"),
		""}, rows)
	if out == "" {
		return nil
	}
	f, err := newFolder(out)
	if err != nil {
		return err
	}
	var ranks [][]string
	for row, area := range o.Areas {
		line := []string{area, rankCell(o.Ranks[o.Top()][row])}
		for _, m := range moved {
			if m.Err != nil {
				line = append(line, "")
				continue
			}
			line = append(line, rankCell(m.Ranks[row]))
		}
		ranks = append(ranks, line)
	}
	return f.table("compare.csv", names, ranks)
}
