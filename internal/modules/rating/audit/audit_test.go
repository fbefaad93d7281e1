package audit

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// places makes a model of a function that answers scores of areas for a draw.
func places(areas int, inputs []Input, scores func(draw []float64, area int) float64) Model {
	return Model{Areas: areas, Inputs: inputs, Worker: func() Run {
		return func(_ int, draw, into []float64) error {
			for a := range into {
				into[a] = scores(draw, a)
			}
			return nil
		}
	}}
}

func singles(names ...string) []Input {
	inputs := make([]Input, len(names))
	for i, n := range names {
		inputs[i] = Input{n, 1}
	}
	return inputs
}

// stepped is a model whose mean shift of ranks is additive in its inputs: input i turns the order of its
// own block of areas round when its number is above one half.
func stepped(blocks ...int) (Model, []float64) {
	var owner []int
	var inputs []Input
	for i, size := range blocks {
		for range size {
			owner = append(owner, i)
		}
		inputs = append(inputs, Input{string(rune('a' + i)), 1})
	}
	nominal := make([]float64, len(owner))
	for a := range nominal {
		nominal[a] = float64(-a)
	}
	first := make([]int, len(blocks)+1)
	for i, size := range blocks {
		first[i+1] = first[i] + size
	}
	return places(len(owner), inputs, func(draw []float64, a int) float64 {
		i := owner[a]
		if draw[i] > 0.5 {
			return float64(-(first[i] + first[i+1] - 1 - a))
		}
		return float64(-a)
	}), nominal
}

// TestAnAdditiveModelSplitsExactly: reversing a block of m areas shifts ranks by ⌊m²/2⌋ in all, so the
// shares of variance are known: (⌊m²/2⌋)² over their sum, first and total order alike.
func TestAnAdditiveModelSplitsExactly(t *testing.T) {
	model, nominal := stepped(2, 4, 6)
	found, err := Sensitivity(model, nominal, Options{Seed: 5, Runs: 1024})
	if err != nil {
		t.Fatal(err)
	}
	const all = 2*2 + 8*8 + 18*18
	for i, want := range []float64{4.0 / all, 64.0 / all, 324.0 / all} {
		got := found.Inputs[i]
		if math.Abs(got.First.Value-want) > 0.03 || math.Abs(got.Total.Value-want) > 0.03 {
			t.Errorf("input %s: first %.3f, total %.3f, want %.3f", got.Name, got.First.Value,
				got.Total.Value, want)
		}
		if got.Total.Low > got.Total.Value || got.Total.High < got.Total.Value {
			t.Errorf("input %s: total %v lies outside its own bounds", got.Name, got.Total)
		}
	}
	if found.Runs != 1024*5 || found.Rows != 1024 {
		t.Errorf("%d runs of %d rows", found.Runs, found.Rows)
	}
}

// TestAnInputThatDoesNothing has no influence, and interaction shows in the total order only.
func TestAnInputThatDoesNothing(t *testing.T) {
	nominal := []float64{0, -1}
	model := places(2, singles("idle", "this", "that"), func(draw []float64, a int) float64 {
		if (draw[1] > 0.5) != (draw[2] > 0.5) { // both together or neither: the order turns round
			return float64(a)
		}
		return float64(-a)
	})
	found, err := Sensitivity(model, nominal, Options{Seed: 2, Runs: 2048})
	if err != nil {
		t.Fatal(err)
	}
	if idle := found.Inputs[0]; idle.First.Value != 0 || idle.Total.Value != 0 {
		t.Errorf("the idle input: %v", idle)
	}
	for _, i := range found.Inputs[1:] {
		if math.Abs(i.First.Value) > 0.05 || math.Abs(i.Total.Value-1) > 0.05 {
			t.Errorf("%s: first %.3f (want 0), total %.3f (want 1)", i.Name, i.First.Value, i.Total.Value)
		}
	}
}

// TestTheNumberOfWorkersChangesNothing, not even where a precision ends the audit.
func TestTheNumberOfWorkersChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		areas := rapid.IntRange(2, 12).Draw(t, "areas")
		seed := rapid.Uint64().Draw(t, "seed")
		precision := rapid.SampledFrom([]float64{0, 0.05, 0.3}).Draw(t, "precision")
		model := places(areas, []Input{{"weights", 3}, {"noise", 1}}, func(draw []float64, a int) float64 {
			return draw[a%3] + draw[3]*float64(a%5)/5
		})
		nominal := make([]float64, areas)
		for a := range nominal {
			nominal[a] = float64(a % 4)
		}
		var spreads []Spreads
		var influences []Influences
		for _, workers := range []int{1, 3, 8} {
			o := Options{Seed: seed, Runs: 300, Workers: workers, Precision: precision}
			s, err := Uncertainty(model, nominal, o)
			if err != nil {
				t.Fatal(err)
			}
			i, err := Sensitivity(model, nominal, o)
			if err != nil {
				t.Fatal(err)
			}
			spreads, influences = append(spreads, s), append(influences, i)
		}
		for k := range spreads {
			if !reflect.DeepEqual(spreads[k], spreads[0]) || !reflect.DeepEqual(influences[k],
				influences[0]) {
				t.Fatalf("with other workers another answer:\n%+v\n%+v", influences[k], influences[0])
			}
		}
	})
}

// TestSpreadsAreThoseOfAllRuns: quantiles by counting are those of sorting.
func TestSpreadsAreThoseOfAllRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		areas, runs := rapid.IntRange(2, 9).Draw(t, "areas"), rapid.IntRange(1, 200).Draw(t, "runs")
		gap := rapid.IntRange(0, 5).Draw(t, "gap") // every so manyeth score is missing
		rows := make([][]float64, runs)
		model := Model{Areas: areas, Inputs: singles("u"), Worker: func() Run {
			return func(run int, draw, scores []float64) error {
				for a := range scores {
					scores[a] = math.Mod(draw[0]*float64(7+3*a), 1)
					if gap > 0 && (run+a)%gap == 1 {
						scores[a] = math.NaN()
					}
				}
				rows[run] = slices.Clone(scores)
				return nil
			}
		}}
		found, err := Uncertainty(model, make([]float64, areas), Options{Seed: 3, Runs: runs, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for a, got := range found.Areas {
			var ranks []float64
			for _, row := range rows {
				if p := statistic.Rank(row, statistic.Descending)[a]; p > 0 {
					ranks = append(ranks, float64(p))
				}
			}
			want := []float64{statistic.Mean(ranks), statistic.Quantile(ranks, 0.5),
				statistic.Quantile(ranks, 0.05),
				statistic.Quantile(ranks, 0.95)}
			for i, x := range []float64{got.Mean, got.Median, got.Low, got.High} {
				if math.Abs(x-want[i]) > 1e-9 || math.IsNaN(x) != math.IsNaN(want[i]) {
					t.Fatalf("area %d: %v, want %v", a, got, want)
				}
			}
			if got.Runs != len(ranks) {
				t.Fatalf("area %d: %d runs with a rank, want %d", a, got.Runs, len(ranks))
			}
		}
	})
}

// TestAPrecisionEndsTheAudit early, and none does not.
func TestAPrecisionEndsTheAudit(t *testing.T) {
	model, nominal := stepped(2, 3)
	o := Options{Seed: 1, Runs: 4096, Precision: 0.05}
	s, err := Uncertainty(model, nominal, o)
	if err != nil || !s.Stopped || s.Runs >= 4096 || s.Runs < firstRuns {
		t.Errorf("uncertainty ended after %d runs (%v, %v)", s.Runs, s.Stopped, err)
	}
	i, err := Sensitivity(model, nominal, o)
	if err != nil || !i.Stopped || i.Rows >= 4096 {
		t.Errorf("sensitivity ended after %d rows (%v, %v)", i.Rows, i.Stopped, err)
	}
	o.Precision = 0
	if s, err = Uncertainty(model, nominal, o); err != nil || s.Stopped || s.Runs != 4096 {
		t.Errorf("without a precision %d runs (%v)", s.Runs, err)
	}
}

// TestARunThatIsRefusedIsNotLeftOut: the first one is named, with its reason; a share may be allowed.
func TestARunThatIsRefusedIsNotLeftOut(t *testing.T) {
	reason := fault.New(fault.Invalid, "rating.audit_inputs")
	model := Model{Areas: 2, Inputs: singles("u"), Worker: func() Run {
		return func(run int, _, scores []float64) error {
			if run%10 == 7 {
				return reason
			}
			scores[0], scores[1] = 1, 2
			return nil
		}
	}}
	nominal := []float64{1, 2}
	_, err := Uncertainty(model, nominal, Options{Runs: 100})
	f := fault.Of(err)
	if f.Key != "rating.audit_failed" || !slices.Equal(f.Args, []any{8, 10, 100}) || !errors.Is(err,
		reason) ||
		f.Findings[0].Key != reason.Key {
		t.Errorf("%v", err)
	}
	s, err := Uncertainty(model, nominal, Options{Runs: 100, Failures: 0.1})
	if err != nil || len(s.Failures) != 10 || s.Failures[0].Run != 7 || s.Areas[0].Runs != 90 {
		t.Errorf("allowed failures: %d, %v", len(s.Failures), err)
	}
	if _, err := Sensitivity(model, nominal,
		Options{Runs: 100}); fault.Of(err).Key != "rating.audit_failed" {
		t.Errorf("sensitivity: %v", err)
	}
	i, err := Sensitivity(model, nominal, Options{Runs: 100, Failures: 0.1})
	if err != nil || len(i.Failures) != 10 {
		t.Errorf("sensitivity with allowed failures: %v, %v", i, err)
	}
}

func TestWhatCannotBeAuditedIsRefused(t *testing.T) {
	good, nominal := stepped(2)
	for key, c := range map[string]struct {
		model   Model
		nominal []float64
		runs    int
	}{
		"rating.audit_areas":  {Model{Areas: 1, Inputs: good.Inputs, Worker: good.Worker}, nominal, 10},
		"rating.audit_inputs": {Model{Areas: 2, Worker: good.Worker}, nominal, 10},
		"rating.audit_numbers": {Model{Areas: 2, Inputs: []Input{{"none", 0}}, Worker: good.Worker},
			nominal, 10},
		"rating.audit_nominal": {good, nominal[:1], 10},
		"rating.audit_runs":    {good, nominal, 0},
	} {
		if _, err := Uncertainty(c.model, c.nominal, Options{Runs: c.runs}); fault.Of(err).Key != key {
			t.Errorf("%v, want %s", err, key)
		}
	}
	if _, err := Sensitivity(good, nominal, Options{Runs: 1}); fault.Of(err).Key != "rating.audit_rows" {
		t.Errorf("one row: %v", err)
	}
}

func TestOptionsAreEquallyLikely(t *testing.T) {
	s, err := NewSequence(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]int, 4)
	u := make([]float64, 1)
	for i := range uint32(1024) {
		s.At(i, u)
		counts[Option(u[0], 4)]++
	}
	if !slices.Equal(counts, []int{256, 256, 256, 256}) || Option(math.Nextafter(1, 0), 3) != 2 {
		t.Errorf("options came up %v times", counts)
	}
}

func TestCompareSaysHowFarRanksMove(t *testing.T) {
	moved := Compare([]float64{4, 3, 2, 1}, []Way{
		{Name: "same", Scores: []float64{40, 30, 20, 10}},
		{Name: "turned", Scores: []float64{1, 2, 3, 4}},
		{Name: "refused", Err: fault.New(fault.Invalid, "rating.audit_inputs")},
	})
	if m := moved[0]; m.Mean != 0 || m.Largest != 0 || m.Spearman != 1 {
		t.Errorf("the same: %+v", m)
	}
	if m := moved[1]; m.Mean != 2 || m.Largest != 3 || math.Abs(m.Spearman+1) > 1e-12 {
		t.Errorf("turned round: %+v", m)
	}
	if moved[2].Ranks != nil || moved[2].Err == nil {
		t.Errorf("refused: %+v", moved[2])
	}
}

// TestReversalsAreFound: scores relative to the best area turn two others round when it leaves.
func TestReversalsAreFound(t *testing.T) {
	found, err := Reversals([]float64{3, 2, 1}, func(area int) ([]float64, error) {
		if area == 0 {
			return []float64{math.NaN(), 1, 2}, nil
		}
		scores := []float64{3, 2, 1}
		scores[area] = math.NaN()
		return scores, nil
	})
	if err != nil || !slices.Equal(found, []Reversal{{0, 1, 2}}) {
		t.Errorf("%v, %v", found, err)
	}
}
