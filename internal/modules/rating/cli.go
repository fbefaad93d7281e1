package rating

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands are terrace rating. They work on files and open no database.
func (s *Rating) commands() []*cobra.Command {
	c := s.host.Console
	root := &cobra.Command{Use: "rating", Short: c.T("rating.command"), Long: c.T("rating.command.long")}
	root.AddCommand(s.runCommand(), s.schemeCommand(), s.explainCommand(), s.sensitivityCommand(),
		s.compareCommand(), s.optimiseCommand(), s.relationCommand())
	return []*cobra.Command{root}
}

// task is what the commands have in common: files, steps, and what they make of them.
type task struct {
	source
	choices
	plan    *score.Plan
	outcome *score.Outcome
}

// declare adds the flags of the task to a command.
func (t *task) declare(cmd *cobra.Command, text func(key string, args ...any) string) {
	cmd.Flags().BoolVar(&t.coin, "coin", false, text("rating.flag.coin"))
	t.choices.declare(cmd.Flags(), text)
}

// read reads the files and puts the steps of the command line over the scheme's.
func (t *task) read(files []string) error {
	copy(t.files[:], files)
	if err := t.source.readScheme(); err != nil {
		return err
	}
	if err := t.apply(&t.scheme); err != nil {
		return err
	}
	return t.readData()
}

// compute reads and runs everything.
func (t *task) compute(files []string) (err error) {
	if err = t.read(files); err != nil {
		return err
	}
	if t.plan, err = score.Compile(t.scheme, t.table, Methods()); err != nil {
		return err
	}
	if t.outcome, err = t.plan.Run(); err == nil {
		t.notes = append(append(t.notes, warnings(t.scheme, t.outcome)...), t.outcome.Notes...)
		err = t.outcome.Scored()
	}
	return err
}

// runCommand computes an index into a folder.
func (s *Rating) runCommand() *cobra.Command {
	c, t, l, out, language := s.host.Console, &task{}, &lots{}, "", ""
	statistics := false
	cmd := &cobra.Command{Use: "run (SCHEME.yaml DATA | --coin iData.csv iMeta.csv) --out DIR",
		Short: c.T("rating.command.run"), Long: c.T("rating.command.run.long"), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			inWords, err := s.language(language)
			if err != nil {
				return err
			}
			if err := t.compute(args); err != nil {
				return err
			}
			spreads, err := s.replicated(t, l) // what is refused is refused before anything is written
			if err != nil {
				return err
			}
			f, err := newFolder(out)
			if err != nil {
				return err
			}
			if err := f.results(t, spreads, statistics); err != nil {
				return err
			}
			if err := s.show(f, t, inWords); err != nil {
				return err
			}
			c.Findings(t.notes)
			s.say(t, out)
			if spreads != nil {
				s.sayTimes(t.outcome)
			}
			return nil
		}}
	t.declare(cmd, c.T)
	cmd.Flags().StringVar(&out, "out", "", c.T("rating.flag.out"))
	cmd.Flags().StringVar(&language, "lang", "", c.T("rating.flag.lang"))
	cmd.Flags().BoolVar(&statistics, "statistics", false, c.T("rating.flag.statistics"))
	l.declare(cmd.Flags(), 0, c.T)
	if err := cmd.MarkFlagRequired("out"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// language is that asked for, or that of the console.
func (s *Rating) language(said string) (locale.Language, error) {
	if said == "" {
		return s.host.Console.Language, nil
	}
	if !slices.Contains(locale.Languages, locale.Language(said)) {
		return "", fault.New(fault.Invalid, "rating.flag_unreadable", "--lang", said)
	}
	return locale.Language(said), nil
}

// show writes workbook and report.
func (s *Rating) show(f folder, t *task, l locale.Language) error {
	c := s.host.Console
	text := func(key string, args ...any) string { return c.Dictionary.Text(l, key, args...) }
	written, err := f.workbook(t, text)
	if err != nil {
		return err
	}
	if !written {
		c.Say("rating.run.no_workbook", workbookCellsMax)
	}
	return f.report(t, l, text)
}

// say tells in short what a run did.
func (s *Rating) say(t *task, out string) {
	c, o := s.host.Console, t.outcome
	dropped, cells := 0, map[score.Step]int{}
	for _, a := range o.Screened {
		if !a.Included {
			dropped++
		}
	}
	for _, change := range o.Changes {
		cells[change.Step]++
	}
	c.Say("rating.run.done", len(o.Areas), o.Indicators, out)
	c.Say("rating.run.changes", cells[score.Denominating], cells[score.Imputing], dropped,
		cells[score.Treating])
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" {
		return
	}
	order := make([]int, 0, len(o.Areas))
	for row := range o.Areas {
		if o.Ranks[top][row] > 0 {
			order = append(order, row)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return o.Ranks[top][a] - o.Ranks[top][b] })
	var rows [][]string
	for _, row := range order[:min(len(order), firstRows)] {
		rows = append(rows, []string{strconv.Itoa(o.Ranks[top][row]), o.Keys[row], nameOf(o, row),
			shown(o.Scores[top][row])})
	}
	c.Table([]string{c.T("rating.rank"), c.T("rating.area"), c.T("rating.name"), o.Nodes[top].Code}, rows)
}

// firstRows is how many areas a command prints.
const firstRows = 10

func nameOf(o *score.Outcome, row int) string {
	if o.Names == nil {
		return ""
	}
	return o.Names[row]
}

// shown rounds a figure for people.
func shown(x float64) string {
	if x != x {
		return "–"
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// schemeCommand prints the scheme as YAML: run on the same data it gives the same results.
func (s *Rating) schemeCommand() *cobra.Command {
	c, t := s.host.Console, &task{}
	cmd := &cobra.Command{Use: "scheme (SCHEME.yaml | --coin iData.csv iMeta.csv)",
		Short: c.T("rating.command.scheme"), Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			copy(t.files[:], args)
			if t.coin && len(args) == 1 {
				return fault.New(fault.Invalid, "rating.two_files")
			}
			if err := t.source.readScheme(); err != nil {
				return err
			}
			if err := t.apply(&t.scheme); err != nil {
				return err
			}
			if err := t.scheme.Check(Methods()); err != nil {
				return err
			}
			text, err := schemeText(t.scheme)
			if err != nil {
				return err
			}
			fmt.Fprint(c.Out, string(text))
			return nil
		}}
	t.declare(cmd, c.T)
	return cmd
}

// explainCommand prints what makes the score of an area.
func (s *Rating) explainCommand() *cobra.Command {
	c, t, node, time := s.host.Console, &task{}, "", ""
	cmd := &cobra.Command{Use: "explain AREA (SCHEME.yaml DATA | --coin iData.csv iMeta.csv)",
		Short: c.T("rating.command.explain"), Args: cobra.ExactArgs(3),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := t.compute(args[1:]); err != nil {
				return err
			}
			return s.explain(t, args[0], time, node)
		}}
	t.declare(cmd, c.T)
	cmd.Flags().StringVar(&node, "node", "", c.T("rating.flag.node"))
	cmd.Flags().StringVar(&time, "time", "", c.T("rating.flag.time"))
	return cmd
}

// explain prints score and rank of an area in every aggregate, contributions, where it stands best and worst,
// and what was changed of its figures.
func (s *Rating) explain(t *task, area, time, code string) error {
	o, node := t.outcome, t.outcome.Top()
	if code != "" {
		node = t.plan.Index(code)
	}
	if node < 0 || node >= o.Indicators && o.Rules[node].Method == "" {
		return fault.New(fault.Invalid, "rating.node_unknown", code)
	}
	row := o.Row(area, time)
	if row < 0 {
		if slices.ContainsFunc(o.Screened, func(x score.Screened) bool {
			return x.Area == area &&
				!x.Included
		}) {
			return fault.New(fault.NotFound, "rating.area_screened", area)
		}
		return fault.New(fault.NotFound, "rating.area_unknown", area)
	}
	s.sayScores(o, node, row)
	s.sayContributions(o, node, row)
	s.host.Console.Findings(o.Notes)
	s.sayStrengths(o, node, row)
	s.sayChanges(o, row)
	return nil
}

func (s *Rating) sayScores(o *score.Outcome, node, row int) {
	c := s.host.Console
	c.Say("rating.explain.score", o.Keys[row], nameOf(o, row), shown(o.Scores[node][row]),
		o.Nodes[node].Code,
		o.Ranks[node][row], len(o.Areas))
	var rows [][]string
	for n := len(o.Nodes) - 1; n >= o.Indicators; n-- {
		if o.Rules[n].Method != "" {
			rows = append(rows, []string{o.Nodes[n].Code, o.Nodes[n].Name, shown(o.Scores[n][row]),
				rankCell(o.Ranks[n][row])})
		}
	}
	c.Table([]string{c.T("rating.code"), c.T("rating.name"), c.T("rating.score"), c.T("rating.rank")}, rows)
}

func (s *Rating) sayContributions(o *score.Outcome, node, row int) {
	c, parts := s.host.Console, o.Contributions(node, row)
	if parts == nil {
		c.Say("rating.explain.no_parts")
		return
	}
	slices.SortStableFunc(parts, func(a, b score.Contribution) int {
		switch {
		case a.Contribution > b.Contribution:
			return -1
		case a.Contribution < b.Contribution:
			return 1
		}
		return 0
	})
	var rows [][]string
	for _, p := range parts {
		rows = append(rows, []string{o.Nodes[p.Node].Code, o.Nodes[p.Node].Name, shown(p.Score),
			rankCell(p.Rank),
			shown(100*p.Share) + " %", shown(p.Contribution)})
	}
	fmt.Fprintln(c.Out)
	c.Table([]string{c.T("rating.indicator"), c.T("rating.name"), c.T("rating.score"), c.T("rating.rank"),
		c.T("rating.weight"), c.T("rating.contribution")}, rows)
}

func (s *Rating) sayStrengths(o *score.Outcome, node, row int) {
	const n = 5
	c := s.host.Console
	best, worst := o.Strengths(node, row, n)
	for _, side := range []struct {
		heading string
		nodes   []int
	}{{c.T("rating.explain.best"), best}, {c.T("rating.explain.worst"), worst}} {
		var rows [][]string
		for _, i := range side.nodes {
			rows = append(rows, []string{rankCell(o.Ranks[i][row]), o.Nodes[i].Code, o.Nodes[i].Name,
				cell(o.Prepared[i][row])})
		}
		fmt.Fprintln(c.Out)
		c.Table([]string{c.T("rating.rank"), side.heading, c.T("rating.name"), c.T("rating.figure")}, rows)
	}
}

func (s *Rating) sayChanges(o *score.Outcome, row int) {
	c := s.host.Console
	var rows [][]string
	for _, change := range o.Changes {
		if change.Area != o.Areas[row] || o.Times != nil && change.Time != o.Times[row] {
			continue
		}
		rows = append(rows, []string{change.Indicator, c.T("rating.step." + string(change.Step)),
			cell(change.From),
			cell(change.To), worded(c.T, change.Why), change.About})
	}
	fmt.Fprintln(c.Out)
	c.Say("rating.explain.changes", len(rows))
	if len(rows) > 0 {
		c.Table([]string{c.T("rating.indicator"), c.T("rating.step"), c.T("rating.from"), c.T("rating.to"),
			c.T("rating.why"), c.T("rating.about")}, rows)
	}
}
