package rating

import (
	"math"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// aggregated is the vector by a method, with what the scheme says to it.
func aggregated(t *testing.T, method string) (*score.Outcome, error) {
	t.Helper()
	scheme := strings.Replace(vectorScheme, "aggregate: [{method: amean}]", "aggregate: ["+method+"]", 1)
	return ran(t, scheme+"  - {method: equal}\n")
}

// TestDecisionsByParameters: areas A to D have .25 .30 .25, .55 .70 .625, 0 0 0 and 1 1 1, so that their
// order is the same by every child.
func TestDecisionsByParameters(t *testing.T) {
	// A's figures lie at 70 + 60·(.25 .30 .25), and half as far from the posts 0 and 2.
	penalised := func(x ...float64) float64 {
		mean, square := 0.0, 0.0
		for _, v := range x {
			mean += v / 3
		}
		for _, v := range x {
			square += (v - mean) * (v - mean) / 3
		}
		return mean - square/mean
	}
	for method, want := range map[string][]float64{
		"{method: promethee}": {-1. / 3, 1. / 3, -1, 1},
		// B is ahead of A by .30 .40 .375, more than p; D of B by .45 .30 .375, A of C by .25 .30 .25.
		"{method: promethee, parameters: {p: 0.2}}":         {-1. / 3, 1. / 3, -1, 1},
		"{method: promethee, parameters: {p: 1, q: 0.999}}": {0, 0, -1. / 3, 1. / 3},
		"{method: ampi}": {penalised(85, 88, 85), penalised(103, 112, 107.5), 70, 130},
		"{method: ampi, parameters: {low: 0, high: 2}}": {penalised(77.5, 79, 77.5), penalised(86.5, 91,
			88.75),
			70, 100},
		// With v = 1 only the sum counts.
		"{method: vikor, parameters: {v: 1}}": {.8 / 3, 1.875 / 3, 0, 1},
		// 1 − z is .75 .70 .75: ρ ÷ (1 − z + ρ) with ρ = 1.
		"{method: grey, parameters: {rho: 1}}": {(2/1.75 + 1/1.7) / 3, (1/1.45 + 1/1.3 + 1/1.375) / 3, .5,
			1},
	} {
		o, err := aggregated(t, method)
		if err != nil {
			t.Errorf("%s: %v", method, err)
			continue
		}
		for a, x := range o.Scores[len(o.Nodes)-1] {
			if math.Abs(x-want[a]) > 1e-12 {
				t.Errorf("%s: area %d has %v, want %v", method, a, x, want[a])
			}
		}
	}
}

// TestParametersThatNobodyReadsAreRefused, by name.
func TestParametersThatNobodyReadsAreRefused(t *testing.T) {
	for method, key := range map[string]string{
		"{method: vikor, parameters: {w: 1}}":           "rating.parameter_unknown",
		"{method: topsis, parameters: {v: 1}}":          "rating.parameter_unknown",
		"{method: copeland, parameters: {v: 1}}":        "rating.parameter_unknown",
		"{method: vikor, parameters: {v: 2}}":           "rating.choice_share",
		"{method: promethee, parameters: {p: 1, q: 2}}": "rating.choice_criterion",
		"{method: ampi, parameters: {low: 1, high: 1}}": "rating.choice_constant",
		"{method: amean, parameters: {v: 1}}":           "rating.scheme",
	} {
		if _, err := aggregated(t, method); !fault.HasKey(err, key) {
			t.Errorf("%s: %v, want %s", method, err, key)
		}
	}
	if _, err := built(t, "  - {method: entropy, parameters: {v: 1}}\n"); !fault.HasKey(err,
		"rating.weights_foreign") {
		t.Errorf("%v", err)
	}
}
