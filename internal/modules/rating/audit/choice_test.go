package audit

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
)

// small is a plan of six areas, four indicators in two pillars, one with an outlier.
func small(t testing.TB) *score.Plan {
	t.Helper()
	s := score.Scheme{
		Indicators: []score.Indicator{{Code: "a", Parent: "P"}, {Code: "b", Parent: "P",
			Direction: score.Cost},
			{Code: "c", Parent: "Q"}, {Code: "d", Parent: "Q"}},
		Aggregates: []score.Aggregate{{Code: "P", Parent: "I"}, {Code: "Q", Parent: "I"}, {Code: "I"}},
		Treat:      &score.Treat{},
		Normalise:  &score.Normalise{Method: score.MinMax, Low: 1, High: 100},
		Aggregate:  []score.Aggregation{{Method: score.Arithmetic}},
	}
	table := score.Table{Areas: []string{"A", "B", "C", "D", "E", "F"}, Columns: []string{"a", "b", "c",
		"d"},
		Values: [][]float64{{1, 2, 3, 4, 5, 60}, {2, 7, 1, 8, 2, 8}, {3, 1, 4, 1, 5, 9}, {6, 2, 8, 3, 1,
			8}}}
	plan, err := score.Compile(s, table, score.Methods{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// nominalOf are the scores of the top without any other choice.
func nominalOf(t testing.TB, plan *score.Plan) []float64 {
	t.Helper()
	built, err := plan.Worker(1).Rebuild(score.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(built[plan.Top()])
}

// TestAChoiceBuildsWhatItSays: the scores under a draw are those of the scheme that says so itself.
func TestAChoiceBuildsWhatItSays(t *testing.T) {
	plan := small(t)
	weights := plan.Weights()
	weights[plan.Index("a")] = 3
	geometric := []score.Aggregation{{Method: score.Geometric}}
	zscore := score.Normalise{Method: score.ZScore, Mean: 50, Deviation: 5}
	choices := []Choice{
		WinMaxes("cells", 1, 2),
		Normalisations("normalisation", score.Normalise{Method: score.MinMax, Low: 1, High: 100}, zscore),
		WeightSets("weights", plan.Weights(), weights),
		Aggregations("aggregation", []score.Aggregation{{Method: score.Arithmetic}}, geometric),
	}
	run := Of(plan, plan.Top(), choices).Worker()
	got := make([]float64, 6)
	for _, c := range []struct {
		draw []float64
		want score.Variant
	}{
		{[]float64{0.1, 0.1, 0.1, 0.1}, score.Variant{WinMax: 1}},
		{[]float64{0.9, 0.9, 0.9, 0.9}, score.Variant{WinMax: 2, Normalise: &zscore, Weights: weights,
			Aggregate: geometric}},
		{[]float64{0.1, 0.1, 0.9, 0.1}, score.Variant{WinMax: 1, Weights: weights}},
	} {
		if err := run(0, c.draw, got); err != nil {
			t.Fatal(err)
		}
		built, err := plan.Worker(1).Rebuild(c.want)
		if err != nil {
			t.Fatal(err)
		}
		if want := built[plan.Top()]; !slices.Equal(got, want) {
			t.Errorf("draw %v: %v, want %v", c.draw, got, want)
		}
	}
}

// TestNoiseOfWeights: one half leaves them, 0 and 1 are the ends, and each has a number of its own.
func TestNoiseOfWeights(t *testing.T) {
	plan := small(t)
	nodes := []int{plan.Index("a"), plan.Index("P")}
	c := WeightNoise("noise", nodes, 0.25)
	for _, step := range []struct{ u, want []float64 }{
		{[]float64{0.5, 0.5}, []float64{1, 1}}, {[]float64{0, 1}, []float64{0.75, 1.25}}} {
		one := &trial{plan: plan, given: plan.Weights()}
		c.apply(one, step.u)
		for k, node := range nodes {
			if got := one.variant.Weights[node]; math.Abs(got-step.want[k]) > 1e-12 {
				t.Errorf("numbers %v: weight %d is %v, want %v", step.u, k, got, step.want[k])
			}
		}
		if one.variant.Weights[plan.Index("Q")] != 1 {
			t.Error("a weight moved that nobody named")
		}
	}
	if nodes := plan.Weights(); !slices.Equal(nodes, small(t).Weights()) {
		t.Error("the plan's weights changed")
	}
}

// TestNoiseOnOtherWeights begins with those, and Only asks for some areas alone.
func TestNoiseOnOtherWeights(t *testing.T) {
	plan := small(t)
	weights := plan.Weights()
	weights[plan.Index("P")] = 9
	model := Of(plan, plan.Top(), []Choice{NoiseOn("noise", weights, []int{plan.Index("Q")}, 0.5)})
	got := make([]float64, 2)
	if err := model.Only([]int{5, 1}).Worker()(0, []float64{0.5}, got); err != nil {
		t.Fatal(err)
	}
	built, err := plan.Worker(1).Rebuild(score.Variant{Weights: weights})
	if err != nil {
		t.Fatal(err)
	}
	if want := built[plan.Top()]; got[0] != want[5] || got[1] != want[1] {
		t.Errorf("%v, want the sixth and second of %v", got, want)
	}
}

// TestNoiseOfData is the same for the same number, and as large as it says.
func TestNoiseOfData(t *testing.T) {
	plan := small(t)
	model := Of(plan, plan.Top(), []Choice{DataNoise("data", plan, 0.1, 4)})
	first, again, other := make([]float64, 6), make([]float64, 6), make([]float64, 6)
	for i, into := range [][]float64{first, again, other} {
		if err := model.Worker()(i, []float64{[]float64{0.3, 0.3, 0.7}[i]}, into); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(first, again) || slices.Equal(first, other) {
		t.Errorf("%v, again %v, other %v", first, again, other)
	}
	none := Of(plan, plan.Top(), []Choice{DataNoise("data", plan, 0, 4)})
	if err := none.Worker()(0, []float64{0.3}, first); err != nil || !slices.Equal(first, nominalOf(t,
		plan)) {
		t.Errorf("no noise gives %v (%v)", first, err)
	}
}

// TestWithoutANode is the index of the others.
func TestWithoutANode(t *testing.T) {
	plan := small(t)
	ways := Without(plan, plan.Top(), []int{plan.Index("a"), plan.Index("Q")})
	built, err := plan.Worker(1).Rebuild(score.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ways[1].Scores, built[plan.Index("P")]) {
		t.Errorf("without Q: %v, want P alone: %v", ways[1].Scores, built[plan.Index("P")])
	}
	if ways[0].Name != "a" || reflect.DeepEqual(ways[0].Scores, built[plan.Top()]) {
		t.Errorf("without a nothing changed: %v", ways[0])
	}
}

// asem compiles the reference data where the folder is present; else data of the same size.
func asem(b *testing.B) *score.Plan {
	b.Helper()
	var sheets [2]score.Sheet
	for i, name := range []string{"iMeta.csv", "iData.csv"} {
		file, err := os.Open(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "index", "asem",
			name))
		if err != nil {
			b.Skip("needs ../shared/data/index beside the repository")
		}
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			b.Fatal(err)
		}
		sheets[i] = score.Sheet{Name: name, Rows: rows}
	}
	s, _, err := score.ReadMeta(sheets[0])
	if err != nil {
		b.Fatal(err)
	}
	table, _, err := score.ReadData(sheets[1], s)
	if err != nil {
		b.Fatal(err)
	}
	s.Denominate, s.Impute = true, &score.Impute{Method: score.ImputeMean, Group: "EurAsia_group"}
	s.Treat, s.Normalise = &score.Treat{}, &score.Normalise{Method: score.MinMax}
	s.Aggregate = []score.Aggregation{{Method: score.Arithmetic}}
	plan, err := score.Compile(s, table, score.Methods{})
	if err != nil {
		b.Fatal(err)
	}
	return plan
}

// fourInputs are those of the reference's own example.
func fourInputs(plan *score.Plan) []Choice {
	var upper []int
	for i, n := range plan.Nodes() {
		if n.Level == 2 || n.Level == 3 {
			upper = append(upper, i)
		}
	}
	return []Choice{WinMaxes("winmax", 1, 2, 3, 4, 5),
		Normalisations("normalisation", score.Normalise{Method: score.MinMax, Low: 1, High: 100},
			score.Normalise{Method: score.ZScore, Mean: 10, Deviation: 2}),
		WeightNoise("weights", upper, 0.25),
		Aggregations("aggregation", []score.Aggregation{{Method: score.Arithmetic}},
			[]score.Aggregation{{Method: score.Geometric}})}
}

// bare is how many milliseconds so many rebuilds of the scheme take on one core.
func bare(b *testing.B, plan *score.Plan, rebuilds int) float64 {
	b.Helper()
	const portion = 200
	w, start := plan.Worker(1), time.Now()
	for range portion {
		if _, err := w.Rebuild(score.Variant{}); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start).Seconds() * 1000 * float64(rebuilds) / portion
}

// BenchmarkUncertainty: 1,000 replications of the full rebuild. The reference took 102 s.
func BenchmarkUncertainty(b *testing.B) {
	plan := asem(b)
	nominal, model := nominalOf(b, plan), Of(plan, plan.Top(), fourInputs(plan))
	for b.Loop() {
		if _, err := Uncertainty(model, nominal, Options{Seed: 1, Runs: 1000}); err != nil {
			b.Fatal(err)
		}
	}
	benchmark.Report(b, benchmark.Figure{Name: "rating/uncertainty-1000", Unit: "ms",
		Value: b.Elapsed().Seconds() * 1000 / float64(b.N), Baseline: bare(b, plan, 1000),
		Target: "≤ 300 ms on 2 cores", Against: "as many plain rebuilds on one core"})
}

// BenchmarkSensitivity: four inputs, N = 500, 3,000 rebuilds. The reference took 63 s for 600.
func BenchmarkSensitivity(b *testing.B) {
	plan := asem(b)
	nominal, model := nominalOf(b, plan), Of(plan, plan.Top(), fourInputs(plan))
	for b.Loop() {
		if _, err := Sensitivity(model, nominal, Options{Seed: 1, Runs: 500}); err != nil {
			b.Fatal(err)
		}
	}
	benchmark.Report(b, benchmark.Figure{Name: "rating/sensitivity-500", Unit: "ms",
		Value: b.Elapsed().Seconds() * 1000 / float64(b.N), Baseline: bare(b, plan, 3000),
		Target: "≤ 1,000 ms on 2 cores", Against: "as many plain rebuilds on one core"})
}

// BenchmarkSobol: N = 10,000 at 38 areas by 36 indicators, the weight of every indicator an input: 380,000
// rebuilds.
func BenchmarkSobol(b *testing.B) {
	const areas, indicators, rows = 38, 36, 10_000
	s := score.Scheme{Normalise: &score.Normalise{Method: score.MinMax},
		Aggregate:  []score.Aggregation{{Method: score.Arithmetic}},
		Aggregates: []score.Aggregate{{Code: "I"}}}
	table := score.Table{}
	stream := statistic.NewStream(1, 1)
	for a := range areas {
		table.Areas = append(table.Areas, "A"+strconv.Itoa(a))
	}
	for i := range indicators {
		code := "x" + strconv.Itoa(i)
		s.Indicators = append(s.Indicators, score.Indicator{Code: code, Parent: "I"})
		table.Columns = append(table.Columns, code)
		column := make([]float64, areas)
		for a := range column {
			column[a] = stream.Uniform(uint64(i*areas + a))
		}
		table.Values = append(table.Values, column)
	}
	plan, err := score.Compile(s, table, score.Methods{})
	if err != nil {
		b.Fatal(err)
	}
	var choices []Choice
	for i := range indicators {
		choices = append(choices, WeightNoise(table.Columns[i], []int{i}, 0.25))
	}
	nominal, model := nominalOf(b, plan), Of(plan, plan.Top(), choices)
	for b.Loop() {
		if _, err := Sensitivity(model, nominal, Options{Seed: 1, Runs: rows}); err != nil {
			b.Fatal(err)
		}
	}
	benchmark.Report(b, benchmark.Figure{Name: "rating/sobol-10000", Unit: "ms",
		Value: b.Elapsed().Seconds() * 1000 / float64(b.N), Baseline: bare(b, plan, rows*(indicators+2)),
		Target: "≤ 5,000 ms on 2 cores", Against: "as many plain rebuilds on one core"})
}
