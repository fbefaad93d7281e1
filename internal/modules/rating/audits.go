package rating

import (
	"math"
	"slices"
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
			found, err := audit.Sensitivities(model, nominal, s.options(l))
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

// sayInfluences prints first and total orders with their bounds, for each time of a panel, and writes them if
// a folder is said.
func (s *Rating) sayInfluences(t *task, found []audit.Influences, out string) error {
	c, o := s.host.Console, t.outcome
	var rows, cells [][]string
	spreads := make([]audit.Spread, len(o.Areas))
	mean := 0.0
	for p, of := range periodsOf(o) {
		for _, i := range found[p].Inputs {
			rows = append(rows, timed(o, of.time, i.Name, shown(i.First.Value), between(i.First),
				shown(i.Total.Value), between(i.Total)))
			cells = append(cells, timed(o, of.time, i.Name, cell(i.First.Value), cell(i.First.Low),
				cell(i.First.High), cell(i.Total.Value), cell(i.Total.Low), cell(i.Total.High)))
		}
		for i, row := range of.rows {
			spreads[row] = found[p].Spreads[i]
		}
		mean += found[p].Mean / float64(len(found))
	}
	c.Say("rating.sensitivity.done", found[0].Runs, shown(mean))
	s.sayTimes(o)
	c.Table(timed(o, c.T("rating.time"), c.T("rating.input"), c.T("rating.first_order"), "5 – 95 %",
		c.T("rating.total_order"), "5 – 95 %"), rows)
	if out == "" {
		return nil
	}
	f, err := newFolder(out)
	if err != nil {
		return err
	}
	if err := f.table("sensitivity.csv", timed(o, "Time", "Variable", "Si", "Si_q5", "Si_q95", "STi",
		"STi_q5", "STi_q95"), cells); err != nil {
		return err
	}
	return f.spreads(o, spreads)
}

// between are the bounds of an estimate.
func between(i audit.Index) string { return shown(i.Low) + " – " + shown(i.High) }

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
			return s.sayMoved(t, ways, out)
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
	if top < 0 || o.Rules[top].Method == "" {
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

// scoresOf builds the index by another scheme, and answers its top for the areas of the task's, in a panel at
// each time; an area that it leaves out has none.
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
	for row, key := range o.Keys {
		rows[key] = row
	}
	for i, key := range t.outcome.Keys {
		scores[i] = math.NaN()
		if row, there := rows[key]; there {
			scores[i] = o.Scores[o.Top()][row]
		}
	}
	return scores, nil
}

// momentMoved is what the ways do to the ranks of a time.
type momentMoved struct {
	moment
	moved []audit.Moved
}

// movedIn compares within each time of a panel, whose areas rank among themselves.
func movedIn(o *score.Outcome, ways []audit.Way) (all []momentMoved) {
	for _, of := range periodsOf(o) {
		own := slices.Clone(ways)
		for i := range own {
			if own[i].Err == nil {
				own[i].Scores = chosen(own[i].Scores, of.rows)
			}
		}
		all = append(all, momentMoved{of, audit.Compare(chosen(o.Scores[o.Top()], of.rows), own)})
	}
	return all
}

// chosen are some cells of a column.
func chosen(column []float64, rows []int) []float64 {
	cells := make([]float64, len(rows))
	for i, row := range rows {
		cells[i] = column[row]
	}
	return cells
}

// sayMoved prints what each way does to the ranks, and writes them if a folder is said.
func (s *Rating) sayMoved(t *task, ways []audit.Way, out string) error {
	c, o := s.host.Console, t.outcome
	all := movedIn(o, ways)
	var rows [][]string
	for w, way := range ways {
		if way.Err != nil {
			rows = append(rows, timed(o, "–", way.Name, "–", "–", "–", c.Dictionary.Explain(c.Language,
				fault.Of(way.Err)).What))
			continue
		}
		for _, of := range all {
			m := of.moved[w]
			rows = append(rows, timed(o, of.time, m.Name, shown(m.Spearman), shown(m.Mean),
				strconv.Itoa(m.Largest), ""))
		}
	}
	s.sayTimes(o)
	c.Table(timed(o, c.T("rating.time"), c.T("rating.way"), "Spearman", c.T("rating.mean_shift"),
		c.T("rating.largest_shift"), ""), rows)
	if out == "" {
		return nil
	}
	f, err := newFolder(out)
	if err != nil {
		return err
	}
	return f.moved(o, all)
}

// moved writes the ranks by each way beside those of the index.
func (f folder) moved(o *score.Outcome, all []momentMoved) error {
	names, ranks := append(naming(o), "Nominal"), make([][]string, len(o.Areas))
	for _, m := range all[0].moved {
		names = append(names, m.Name)
	}
	for _, of := range all {
		for i, row := range of.rows {
			line := append(named(o, row), rankCell(o.Ranks[o.Top()][row]))
			for _, m := range of.moved {
				if m.Err != nil {
					line = append(line, "")
					continue
				}
				line = append(line, rankCell(m.Ranks[i]))
			}
			ranks[row] = line
		}
	}
	return f.table("compare.csv", names, ranks)
}
