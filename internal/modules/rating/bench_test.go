package rating

import (
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
)

// synthetic is the data by which packages are timed: n areas by k indicators in five pillars, every fourth a
// cost (the formula stands in the definitions of the domain).
func synthetic(n, k int) (score.Scheme, score.Table) {
	s := score.Scheme{Normalise: &score.Normalise{Method: score.MinMax},
		Aggregates: []score.Aggregate{{Code: "I"}},
		Aggregate:  []score.Aggregation{{Method: score.Arithmetic}}}
	table := score.Table{}
	for p := range 5 {
		s.Aggregates = append(s.Aggregates, score.Aggregate{Code: "P" + strconv.Itoa(p), Parent: "I"})
	}
	for i := 1; i <= n; i++ {
		table.Areas = append(table.Areas, "A"+strconv.Itoa(i))
	}
	for j := 1; j <= k; j++ {
		indicator := score.Indicator{Code: "c" + strconv.Itoa(j), Parent: "P" + strconv.Itoa((j-1)*5/k)}
		column := make([]float64, n)
		for i := 1; i <= n; i++ {
			g := float64((6089*i)%10007) / 10007
			if j%4 == 0 {
				g = 1 - g
			}
			u := (float64((7919*i+104729*j+31*((i*j)%997))%1000003) + 0.5) / 1000003
			column[i-1] = 100*(0.6*g+0.4*u) + float64(j)
		}
		if j%4 == 0 {
			indicator.Direction = score.Cost
		}
		s.Indicators = append(s.Indicators, indicator)
		table.Columns, table.Values = append(table.Columns, indicator.Code), append(table.Values, column)
	}
	return s, table
}

// best is the shortest of some runs.
func best(times int, run func()) time.Duration {
	shortest := time.Hour
	for range times {
		start := time.Now()
		run()
		shortest = min(shortest, time.Since(start))
	}
	return shortest
}

// asemSize is an index of the size of the reference's example, built as it is: 51 areas by 49 indicators,
// some with outliers, some figures missing.
func asemSize() (score.Scheme, score.Table) {
	s, table := synthetic(51, 49)
	s.Impute = &score.Impute{Method: score.ImputeMean}
	s.Screen = &score.Screen{Availability: 0.5}
	s.Treat = &score.Treat{}
	for c, column := range table.Values {
		if c%3 == 0 {
			column[c] *= 40
			column[(c+7)%51] *= 60
		}
		column[(3*c)%51] = math.NaN()
	}
	return s, table
}

var figures []float64

// plainBuild is the bare work: plain loops that rescale columns, average them and sort, on figures that need
// neither imputing nor treating.
func plainBuild(table score.Table, k int) []int {
	n := len(table.Areas)
	sums := make([]float64, n)
	for c := range k {
		low, high := math.Inf(1), math.Inf(-1)
		for _, x := range table.Values[c] {
			if x < low {
				low = x
			}
			if x > high {
				high = x
			}
		}
		sign := 1.0
		if (c+1)%4 == 0 {
			sign, low, high = -1, -high, -low
		}
		for i, x := range table.Values[c] {
			sums[i] += (sign*x - low) / (high - low) * 100 / float64(k)
		}
	}
	figures = sums
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if sums[a] > sums[b] {
			return -1
		}
		return 1
	})
	return order
}

// asemFolder has the reference's example, where it is beside the repository.
const asemFolder = "../../../../shared/data/index/asem/"

// BenchmarkBuild prepares, treats, normalises, aggregates and ranks the reference's example, or an index of
// its size: from table and scheme to the outcome.
func BenchmarkBuild(b *testing.B) {
	s, table := asemSize()
	files := source{coin: true, files: [2]string{asemFolder + "iData.csv", asemFolder + "iMeta.csv"}}
	if _, err := os.Stat(files.files[0]); err == nil {
		if err := errors.Join(files.readScheme(), files.readData()); err != nil {
			b.Fatal(err)
		}
		steps := s
		s, table = files.scheme, files.table
		s.Denominate, s.Impute = true, &score.Impute{Method: score.ImputeMean, Group: "EurAsia_group"}
		s.Screen, s.Treat, s.Normalise, s.Aggregate = steps.Screen, steps.Treat, steps.Normalise,
			steps.Aggregate
	}
	plain := best(200, func() { plainBuild(table, len(s.Indicators)) })
	ours := best(200, func() {
		plan, err := score.Compile(s, table, Methods())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := plan.Run(); err != nil {
			b.Fatal(err)
		}
	})
	benchmark.Report(b, benchmark.Figure{Name: "rating/build", Value: ours.Seconds() * 1000, Unit: "ms",
		Baseline: plain.Seconds() * 1000, Target: "≤ 1 ms",
		Against: "plain loops that rescale, average and sort the same figures"})
}

// BenchmarkRebuild is one replication: treat to rank on one processor.
func BenchmarkRebuild(b *testing.B) {
	s, table := asemSize()
	plan, err := score.Compile(s, table, Methods())
	if err != nil {
		b.Fatal(err)
	}
	w, top := plan.Worker(1), plan.Top()
	plain := best(200, func() { plainBuild(table, len(s.Indicators)) })
	rebuild := func() {
		if _, err := w.Rebuild(score.Variant{WinMax: 3}); err != nil {
			b.Fatal(err)
		}
		w.Rank(top)
	}
	ours := best(500, rebuild)
	benchmark.Report(b, benchmark.Figure{Name: "rating/rebuild", Value: ours.Seconds() * 1000, Unit: "ms",
		Baseline: plain.Seconds() * 1000, Target: "≤ 0.3 ms (1,000 in 0.3 s)",
		Against: "plain loops that rescale, average and sort the same figures"})
	b.ReportMetric(testing.AllocsPerRun(20, rebuild), "allocs/op")
}

// BenchmarkWide normalises, weighs by entropy, aggregates and ranks 100,000 areas by 50 indicators.
func BenchmarkWide(b *testing.B) {
	s, table := synthetic(100_000, 50)
	s.Weights = []score.Weighting{{Method: "entropy"}}
	plan, err := score.Compile(s, table, Methods())
	if err != nil {
		b.Fatal(err)
	}
	w, top := plan.Worker(0), plan.Top()
	plain := best(3, func() { plainBuild(table, 50) })
	ours := best(5, func() {
		if _, err := w.Rebuild(score.Variant{}); err != nil {
			b.Fatal(err)
		}
		w.Rank(top)
	})
	benchmark.Report(b, benchmark.Figure{Name: "rating/wide", Value: ours.Seconds(), Unit: "s",
		Baseline: plain.Seconds(), Target: "≤ 0.2 s",
		Against: "plain loops with equal weights that rescale, average and sort"})
}
