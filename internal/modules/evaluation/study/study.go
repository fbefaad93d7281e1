// Package study asks a result of an index what stands in it besides the ranking: how areas go over time and
// whether they draw together, how nodes go with each other and town with countryside, how unequal areas are,
// who leads in its own group, and how two runs differ.
//
// # Definitions
//
// The figures of an indicator are those before treatment and normalisation, in its own unit; those of an
// aggregate its scores. Convergence and inequality are of figures, so that they do not depend on where a
// normalisation puts its zero. The definitions are those of packages disparity, relation and statistic.
//
// # Invariants
//
//  1. A result is read, never changed; the same result gives the same answer.
//  2. An area without a figure is left out and named.
//  3. Areas are compared at one time of a panel; two runs at a time that both have.
//
// # Example
//
//	c, err := study.Converge(out, out.Top())
//	c.Sigma[0].Variation // of the first time; convergence is that it falls
package study

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating/disparity"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Figures are the cells of a node by row: of an indicator as they were before treatment, of an aggregate its
// scores.
func Figures(out result.Result, node int) []float64 {
	column := out.Nodes[node].Scores
	if out.Nodes[node].Level == 1 {
		column = out.Nodes[node].Prepared
	}
	return Plain(column)
}

// Plain are numbers of a result as the arithmetic takes them.
func Plain(column []result.Number) []float64 {
	all := make([]float64, len(column))
	for i, x := range column {
		all[i] = float64(x)
	}
	return all
}

// at are the cells of some rows.
func at(column []float64, rows []int) []float64 {
	all := make([]float64, len(rows))
	for i, row := range rows {
		all[i] = column[row]
	}
	return all
}

// Areas are the codes of a result, each once, in the order of the last time and then of what else there is.
func Areas(out result.Result) []string {
	var all []string
	seen := map[string]bool{}
	add := func(code string) {
		if !seen[code] {
			all, seen[code] = append(all, code), true
		}
	}
	for _, row := range out.Rows(out.LastTime()) {
		add(out.Areas[row])
	}
	for _, code := range out.Areas {
		add(code)
	}
	return all
}

// Course is an area over the times of a panel.
type Course struct {
	Area, Name string
	Scores     []float64 // by time; NaN: none
	Ranks      []int     // 0: none
}

// CourseOf follows an area in a node.
func CourseOf(out result.Result, node int, area string) Course {
	periods := out.Periods()
	c := Course{Area: area, Name: area, Scores: make([]float64, len(periods)), Ranks: make([]int,
		len(periods))}
	for i, time := range periods {
		c.Scores[i] = math.NaN()
		if row := out.Row(area, time); row >= 0 {
			c.Name = out.Name(row)
			c.Scores[i], c.Ranks[i] = float64(out.Nodes[node].Scores[row]), out.Nodes[node].Ranks[row]
		}
	}
	return c
}

// Sigma is the spread of the areas at a time.
type Sigma struct {
	Time string
	disparity.Sigma
	Areas int
	Left  []string // areas without a figure
}

// Convergence says whether areas draw together over a panel.
type Convergence struct {
	Sigma       []Sigma
	First, Last string
	Beta        *disparity.Beta // nil: refused
	Refused     error           // why there is no Beta
	Years       float64         // between First and Last
	Yearly      bool            // times are years; otherwise Years counts times
	Left        []string        // areas that lack a figure at the first or the last time
}

// Converge computes both kinds of convergence of a node. A result of one time is refused.
func Converge(out result.Result, node int) (Convergence, error) {
	periods, figures := out.Periods(), Figures(out, node)
	if len(periods) < 2 {
		return Convergence{}, fault.New(fault.Invalid, "evaluation.no_panel")
	}
	c := Convergence{First: periods[0], Last: periods[len(periods)-1]}
	for _, time := range periods {
		s, err := sigma(out, node, time, figures)
		if err != nil {
			return c, err
		}
		c.Sigma = append(c.Sigma, s)
	}
	c.Years, c.Yearly = years(periods)
	d := disparity.Distribution{Indicator: out.Nodes[node].Code}
	var last []float64
	for _, code := range Areas(out) {
		from, until := out.Row(code, c.First), out.Row(code, c.Last)
		if from < 0 || until < 0 || figures[from] != figures[from] || figures[until] != figures[until] {
			c.Left = append(c.Left, code)
			continue
		}
		d.Areas, d.Values = append(d.Areas, code), append(d.Values, figures[from])
		last = append(last, figures[until])
	}
	if beta, err := disparity.BetaOf(d, last, c.Years); err != nil {
		c.Refused = err
	} else {
		c.Beta = &beta
	}
	return c, nil
}

func sigma(out result.Result, node int, time string, figures []float64) (Sigma, error) {
	d, left := distribution(out, node, time, figures)
	found, err := disparity.SigmaOf(d)
	return Sigma{Time: time, Sigma: found, Areas: len(d.Areas), Left: left}, err
}

// distribution is a node over the areas of a time, without those that lack a figure.
func distribution(out result.Result, node int, time string, figures []float64) (disparity.Distribution,
	[]string) {
	rows := out.Rows(time)
	d := disparity.Distribution{Indicator: out.Nodes[node].Code, Values: at(figures, rows)}
	for _, row := range rows {
		d.Areas = append(d.Areas, out.Areas[row])
	}
	return d.Present()
}

// years are how many lie between the first and the last of some times; where these are no years, how many
// times follow the first.
func years(periods []string) (float64, bool) {
	first, err := strconv.Atoi(periods[0])
	last, failed := strconv.Atoi(periods[len(periods)-1])
	if err == nil && failed == nil && last > first {
		return float64(last - first), true
	}
	return float64(len(periods) - 1), false
}

// Inequality are the measures of a node at a time.
type Inequality struct {
	Time string
	disparity.Measures
	Left    []string
	Refused error // then there are no measures
	// Split is Theil's T by groups; nil without groups, or where it is refused.
	Split *disparity.Decomposition
}

// Unequal measures a node at each time; group is a column of groups, or empty.
func Unequal(out result.Result, node int, group string) []Inequality {
	periods, figures := out.Periods(), Figures(out, node)
	if periods == nil {
		periods = []string{""}
	}
	var all []Inequality
	for _, time := range periods {
		d, left := distribution(out, node, time, figures)
		one := Inequality{Time: time, Left: left}
		one.Measures, one.Refused = disparity.Measure(d)
		if of := out.Groups[group]; of != nil && one.Refused == nil {
			groups := make([]string, len(d.Areas))
			for i, code := range d.Areas {
				groups[i] = of[out.Row(code, time)]
			}
			if split, err := disparity.SplitT(d, groups); err == nil {
				one.Split = &split
			}
		}
		all = append(all, one)
	}
	return all
}

// Correlation says how two nodes go together.
type Correlation struct {
	Areas             int
	Pearson, Spearman float64
	P                 float64 // two-sided, of Pearson under no correlation
}

// Correlate compares two nodes at a time.
func Correlate(out result.Result, time string, first, second int) Correlation {
	rows := out.Rows(time)
	x, y := at(Figures(out, first), rows), at(Figures(out, second), rows)
	c := Correlation{Areas: statistic.Complete(x, y), Pearson: statistic.Pearson(x, y),
		Spearman: statistic.Spearman(x, y)}
	c.P = statistic.PearsonProbability(c.Pearson, c.Areas)
	return c
}

// Member is an area in its group.
type Member struct {
	Row, Within, Of int // rank in the group, and how many of the group have one
	Group           string
}

// Within ranks the areas of a time in their groups, groups in the order of their names, the best first.
func Within(out result.Result, node int, group, time string) []Member {
	families := map[string][]int{}
	for _, row := range out.Rows(time) {
		if name := out.Groups[group][row]; name != "" && out.Nodes[node].Ranks[row] > 0 {
			families[name] = append(families[name], row)
		}
	}
	var all []Member
	scores := Plain(out.Nodes[node].Scores)
	names := make([]string, 0, len(families))
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		rows := families[name]
		ranks := statistic.Rank(at(scores, rows), statistic.Descending)
		from := len(all)
		for i, row := range rows {
			all = append(all, Member{row, ranks[i], len(rows), name})
		}
		slices.SortStableFunc(all[from:], func(a, b Member) int { return a.Within - b.Within })
	}
	return all
}
