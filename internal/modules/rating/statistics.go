package rating

import (
	"math"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// statistics writes what an analyst looks at before believing an index, each table as the reference package
// has it: statistics of the columns after each step, availability, correlations, flags, reliability.
func (f folder) statistics(o *score.Outcome) error {
	codes := make([]string, len(o.Nodes))
	for n := range o.Nodes {
		codes[n] = o.Nodes[n].Code
	}
	for _, t := range []struct {
		name    string
		columns [][]float64
	}{{"stats_prepared.csv", o.Prepared}, {"stats_treated.csv", o.Treated},
		{"stats_normalised.csv", o.Scores[:o.Indicators]}} {
		if err := f.described(t.name, codes, t.columns, len(o.Areas)); err != nil {
			return err
		}
	}
	if err := f.available(o); err != nil {
		return err
	}
	if err := f.correlations(o); err != nil {
		return err
	}
	return f.reliability(o)
}

func (f folder) described(name string, codes []string, columns [][]float64, areas int) error {
	var rows [][]string
	for _, d := range score.Describe(codes, columns) {
		n := float64(d.Available)
		row := []string{d.Code}
		for _, x := range []float64{d.Min, d.Max, d.Mean, d.Median, d.Deviation, d.Skewness, d.Kurtosis, n,
			float64(d.NonZero), float64(d.Unique), float64(d.Same), n / float64(areas),
			float64(d.NonZero) / n,
			float64(d.Unique) / n, float64(d.Same) / n} {
			row = append(row, cell(x))
		}
		for _, flag := range []struct {
			up   bool
			word string
		}{{d.LowAvailable, "LOW"}, {d.LowNonZero, "LOW"}, {d.LowUnique, "LOW"}, {d.Outliers, "OUT"}} {
			if !flag.up {
				flag.word = "ok"
			}
			row = append(row, flag.word)
		}
		rows = append(rows, row)
	}
	return f.table(name, []string{"iCode", "Min", "Max", "Mean", "Median", "Std", "Skew", "Kurt", "N.Avail",
		"N.NonZero", "N.Unique", "N.Same", "Frc.Avail", "Frc.NonZero", "Frc.Unique", "Frc.Same",
		"Flag.Avail",
		"Flag.NonZero", "Flag.Unique", "Flag.SkewKurt"}, rows)
}

// available writes the share of figures that are there, by area and aggregate, of the prepared data.
func (f folder) available(o *score.Outcome) error {
	shares, nodes := o.Availability(), o.Aggregates()
	return f.figures("availability.csv", o, nodes, func(to []byte, n, row int) []byte {
		return appendCell(to, shares[n-o.Indicators][row])
	})
}

// correlations writes each pair of nodes of one level once, of normalised figures and scores, with the
// probability of Pearson's and whether a pair of one parent is flagged.
func (f folder) correlations(o *score.Outcome) error {
	var rows [][]string
	for i, a := range o.Nodes {
		for j, b := range o.Nodes[:i] {
			x, y := o.Scores[i], o.Scores[j]
			r := statistic.Pearson(x, y)
			if a.Level != b.Level || r != r {
				continue
			}
			n, flag := statistic.Complete(x, y), ""
			switch {
			case a.Parent != b.Parent || a.Parent < 0:
			case r > score.CorrelationHigh:
				flag = "high"
			case r < score.CorrelationLow:
				flag = "low"
			}
			rows = append(rows, []string{strconv.Itoa(a.Level), b.Code, a.Code, strconv.Itoa(n), cell(r),
				cell(statistic.PearsonProbability(r, n)), cell(statistic.Spearman(x, y)), cell(kendall(x,
					y)), flag})
		}
	}
	return f.table("correlations.csv", []string{"Level", "Var1", "Var2", "N", "Pearson", "p", "Spearman",
		"Kendall",
		"Flag"}, rows)
}

// kendallMost is the number of areas up to which every pair of them is compared.
const kendallMost = 2_000

func kendall(x, y []float64) float64 {
	if len(x) > kendallMost {
		return math.NaN()
	}
	return statistic.Kendall(x, y)
}

// reliability writes Cronbach's alpha of every level under every aggregate.
func (f folder) reliability(o *score.Outcome) error {
	var rows [][]string
	for _, set := range []struct {
		name    string
		columns [][]float64
	}{{"Prepared", o.Prepared}, {"Treated", o.Treated}, {"Normalised", o.Scores}} {
		for _, node := range o.Aggregates() {
			for level := 1; level < o.Nodes[node].Level; level++ {
				if level > 1 && set.name != "Normalised" {
					break
				}
				rows = append(rows, []string{set.name, o.Nodes[node].Code, strconv.Itoa(level),
					cell(o.Alpha(node, level, set.columns))})
			}
		}
	}
	return f.table("cronbach.csv", []string{"dset", "group", "Level", "alpha"}, rows)
}
