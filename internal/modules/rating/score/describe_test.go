package score

import (
	"math"
	"slices"
	"strconv"
	"testing"
)

func TestStatisticsOfTheReference(t *testing.T) {
	s, table := coin(t)
	raw := run(t, s, table)
	whole := run(t, pipeline(s), table)
	for file, columns := range map[string][][]float64{"raw": raw.Prepared, "treated": whole.Treated,
		"normalised": whole.Scores[:whole.Indicators]} {
		rows, sheet := Describe(whole.codes()[:whole.Indicators], columns), asem(t,
			"ref/stats/stats_"+file+".csv")
		for _, row := range sheet.Rows[1:] {
			d := rows[slices.IndexFunc(rows, func(d Description) bool { return d.Code == row[0] })]
			n := float64(d.Available)
			for i, got := range []float64{d.Min, d.Max, d.Mean, d.Median, d.Deviation, d.Skewness,
				d.Kurtosis, n,
				float64(d.NonZero), float64(d.Unique), float64(d.Same), n / 51, float64(d.NonZero) / n,
				float64(d.Unique) / n, float64(d.Same) / n} {
				if want := figure(t, row[i+1]); !near(got, want, exact) {
					t.Errorf("%s: %s of %s is %v, want %v", file, sheet.Rows[0][i+1], row[0], got, want)
				}
			}
			flag := func(low bool, word string) string {
				if low {
					return word
				}
				return "ok"
			}
			if got := []string{flag(d.LowAvailable, "LOW"), flag(d.LowNonZero, "LOW"), flag(d.LowUnique,
				"LOW"),
				flag(d.Outliers, "OUT")}; !slices.Equal(got, row[16:20]) {
				t.Errorf("%s: flags of %s are %v, want %v", file, row[0], got, row[16:20])
			}
		}
	}
}

// TestFlagsAreOfAllAreas: 4 of 6 figures are there, 3 not 0 and 2 different: half of the areas and a third,
// though three quarters and a half of the figures.
func TestFlagsAreOfAllAreas(t *testing.T) {
	na := math.NaN()
	d := Describe([]string{"x", "y"}, [][]float64{{3, 0, 3, 3, na, na}, {3, 0, 0, 3, 3, na}})
	if d[0].LowAvailable || d[0].LowNonZero || !d[0].LowUnique || d[1].LowNonZero || !d[1].LowUnique {
		t.Errorf("%+v", d)
	}
	if d = Describe([]string{"x"}, [][]float64{{3, 0, 4, 5, na, na, na}}); !d[0].LowNonZero ||
		!d[0].LowAvailable || d[0].LowUnique {
		t.Errorf("%+v", d)
	}
}

func TestAvailabilityOfTheReference(t *testing.T) {
	s, table := coin(t)
	s.Screen = &Screen{}
	o := run(t, s, table)
	ours{o.Areas, o.codes()[o.Indicators:]}.equal(t, "ref/stats/data_avail_raw_bygroup.csv",
		o.Availability(),
		exact)
	columns := make([][]float64, 5)
	for _, a := range o.Screened {
		for i, x := range []float64{float64(a.Missing), float64(a.Zero), float64(a.Missing + a.Zero),
			a.Availability,
			a.NonZero} {
			columns[i] = append(columns[i], x)
		}
	}
	ours{o.Areas, []string{"N_missing", "N_zero", "N_miss_or_zero", "Dat_Avail", "Non_Zero"}}.equal(t,
		"ref/stats/data_avail_raw.csv", columns, exact)
	o = run(t, pipeline(s), table)
	for _, row := range asem(t, "ref/pipeline/screen_summary.csv").Rows[1:] {
		a := o.Screened[slices.IndexFunc(o.Screened, func(a Screened) bool { return a.Area == row[0] })]
		if !near(a.Availability, figure(t, row[4]), exact) || !near(a.NonZero, figure(t, row[5]), exact) ||
			strconv.FormatBool(a.Included) != map[string]string{"TRUE": "true", "FALSE": "false"}[row[9]] {
			t.Errorf("%s: %+v, want %v", row[0], a, row)
		}
	}
}

func TestCronbachOfTheReference(t *testing.T) {
	s, table := coin(t)
	raw, whole := run(t, s, table), run(t, pipeline(s), table)
	sets := map[string][][]float64{"Raw": raw.Prepared, "Treated": whole.Treated,
		"Normalised": whole.Scores,
		"Aggregated": whole.Scores}
	for _, row := range asem(t, "ref/cronbach.csv").Rows[1:] {
		level := int(figure(t, row[2]))
		got := whole.Alpha(whole.plan.Index(row[1]), level, sets[row[0]])
		if !near(got, figure(t, row[3]), exact) {
			t.Errorf("alpha of %v is %v", row, got)
		}
	}
}

// TestTreatmentOfTheReference compares what was done to each indicator, and which cells moved.
func TestTreatmentOfTheReference(t *testing.T) {
	s, table := coin(t)
	o := run(t, pipeline(s), table)
	for _, row := range asem(t, "ref/treat/default_screened_details.csv").Rows[1:] {
		d := o.Treatments[slices.IndexFunc(o.Treatments,
			func(d Treatment) bool { return d.Indicator == row[0] })]
		moved := figure(t, row[4])
		if moved != moved {
			moved = 0
		}
		if d.Passed != (row[1] == "TRUE") || !near(d.Skewness[0], figure(t, row[2]), exact) ||
			!near(d.Kurtosis[0], figure(t, row[3]), exact) || float64(d.Moved) != moved ||
			!near(d.Skewness[1], figure(t, row[6]), exact) || !near(d.Kurtosis[1], figure(t, row[7]),
			exact) ||
			(row[5] == "TRUE") != (d.Repaired && !d.Passed) {
			t.Errorf("%s: %+v, want %v", row[0], d, row)
		}
	}
	sheet, changes := asem(t, "ref/treat/default_screened_points.csv"), map[[2]string]string{}
	for _, c := range o.Changes {
		if c.Step == Treating {
			changes[[2]string{c.Area, c.Indicator}] = c.Why
		}
	}
	found := 0
	for _, row := range sheet.Rows[1:] {
		for c, code := range sheet.Rows[0][1:] {
			if got := changes[[2]string{row[0], code}]; got != row[c+1] {
				t.Errorf("%s of %s: %q, want %q", code, row[0], got, row[c+1])
			} else if got != "" {
				found++
			}
		}
	}
	if found != len(changes) || found == 0 {
		t.Errorf("%d cells are as they should, %d changed", found, len(changes))
	}
}

// TestLineageOfTheReference: every indicator lies under the pillar, sub-index and index it should.
func TestLineageOfTheReference(t *testing.T) {
	s, table := coin(t)
	o := run(t, s, table)
	for _, row := range asem(t, "ref/pipeline/lineage.csv").Rows[1:] {
		node := o.plan.Index(row[0])
		for level, code := range row {
			if at := o.plan.tree.above(node, level+1); o.Nodes[at].Code != code {
				t.Errorf("%s: level %d is %s, want %s", row[0], level+1, o.Nodes[at].Code, code)
			}
		}
	}
}

// TestContributionsAddUp on the reference data, under each mean.
func TestContributionsAddUp(t *testing.T) {
	s, table := coin(t)
	for _, rule := range []Aggregation{{Method: Arithmetic}, {Method: Geometric}, {Method: Harmonic},
		{Method: Generalised, Power: 0.5}, {Method: Generalised}, {Method: Median}, {Method: Total}} {
		scheme := pipeline(s)
		scheme.Normalise = &Normalise{Method: MinMax, Low: 1, High: 100}
		scheme.Aggregate = []Aggregation{rule}
		o := run(t, scheme, table)
		for row := range o.Areas {
			sum, shares := 0.0, 0.0
			for _, c := range o.Contributions(o.Top(), row) {
				sum += c.Contribution
				shares += c.Share
			}
			if want := o.Scores[o.Top()][row]; !near(sum, want, 1e-9) || math.Abs(shares-1) > 1e-12 {
				t.Errorf("%v: %s has %v, its parts sum to %v and their shares to %v", rule, o.Areas[row],
					want, sum,
					shares)
			}
		}
	}
}
