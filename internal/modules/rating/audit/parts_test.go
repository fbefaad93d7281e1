package audit

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestAPartIsItsOwnModel: spreads and influences of each part are those of a model that is asked for its
// areas alone, to the last bit, also where a precision ends the analysis or runs are refused.
func TestAPartIsItsOwnModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		areas := rapid.IntRange(4, 14).Draw(t, "areas")
		parts := make([][]int, 2)
		for a := range areas {
			p := rapid.IntRange(0, 1).Draw(t, "part")
			if a < 4 {
				p = a % 2 // of two areas each at least
			}
			parts[p] = append(parts[p], a)
		}
		refusedRun := rapid.IntRange(-1, 60).Draw(t, "refused")
		whole := places(areas, singles("weights", "limit"), func(draw []float64, a int) float64 {
			return draw[0]*float64(a%5) + draw[1]*float64(a%3) + float64(a%2)/3
		})
		worker := whole.Worker
		whole.Worker = func() Run {
			run := worker()
			return func(n int, draw, scores []float64) error {
				if n == refusedRun {
					return fault.New(fault.Invalid, "rating.audit_inputs")
				}
				return run(n, draw, scores)
			}
		}
		whole.Parts = parts
		nominal := make([]float64, areas)
		for a := range nominal {
			nominal[a] = float64(a % 4)
		}
		o := Options{Seed: rapid.Uint64().Draw(t, "seed"), Runs: 70, Failures: 0.1, Workers: 3}
		spreads, err := Uncertainty(whole, nominal, o)
		if err != nil {
			t.Fatal(err)
		}
		var influences []Influences
		if seldom := rapid.IntRange(0, 4).Draw(t, "influences"); seldom == 0 { // its bounds take long
			if influences, err = Sensitivities(whole, nominal, o); err != nil {
				t.Fatal(err)
			}
		}
		for p, part := range parts {
			own, base := whole.Only(part), make([]float64, len(part))
			for i, a := range part {
				base[i] = nominal[a]
			}
			alone, err := Uncertainty(own, base, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range part {
				if !reflect.DeepEqual(alone.Areas[i], spreads.Areas[a]) {
					t.Fatalf("area %d: %v, alone %v", a, spreads.Areas[a], alone.Areas[i])
				}
			}
			if influences == nil {
				continue
			}
			lone, err := Sensitivity(own, base, o)
			if err != nil {
				t.Fatal(err)
			}
			lone.Failures, influences[p].Failures = nil,
				nil // refusals hold the places where they were made
			if !reflect.DeepEqual(lone, influences[p]) {
				t.Fatalf("part %d: %+v, alone %+v", p, influences[p], lone)
			}
		}
	})
}

func TestPartsHoldEveryAreaOnce(t *testing.T) {
	good, nominal := stepped(3)
	for _, parts := range [][][]int{{{0, 1}}, {{0, 1, 2}, {2}}, {{0, 1, 2, 3}}, {{-1, 0, 1, 2}}} {
		m := good
		m.Parts = parts
		if _, err := Uncertainty(m, nominal, Options{Runs: 4}); fault.Of(err).Key != "rating.audit_parts" {
			t.Errorf("%v: %v", parts, err)
		}
	}
	m := good
	m.Parts = [][]int{{2, 0}, {1}}
	s, err := Uncertainty(m, nominal, Options{Runs: 4})
	if err != nil || !slices.Equal([]int{s.Areas[0].Nominal, s.Areas[1].Nominal, s.Areas[2].Nominal},
		[]int{1, 1, 2}) {
		t.Errorf("%v, %v", s.Areas, err)
	}
}
