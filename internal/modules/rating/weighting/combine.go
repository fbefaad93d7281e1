package weighting

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// together checks that sets of weights are of the same columns, at least two sets.
func together(sets []Weights) ([]string, error) {
	if len(sets) < 2 {
		return nil, fault.New(fault.Invalid, "rating.combine_sets", len(sets))
	}
	for i, s := range sets {
		if !slices.Equal(s.Columns, sets[0].Columns) || len(s.Values) != len(s.Columns) {
			return nil, fault.New(fault.Invalid, "rating.combine_columns", i+1)
		}
	}
	return sets[0].Columns, nil
}

// Additive combines sets of weights by shares that sum to 1: Σ α_k w_k.
func Additive(sets []Weights, shares []float64) (Weights, error) {
	columns, err := together(sets)
	if err != nil {
		return Weights{}, err
	}
	alpha, err := voicesOf(len(sets), shares)
	if err != nil {
		return Weights{}, fault.New(fault.Invalid, "rating.combine_shares", len(sets))
	}
	basis := make([]float64, len(columns))
	for k, s := range sets {
		for i, w := range s.Values {
			basis[i] += alpha[k] * w
		}
	}
	return proportional(columns, basis)
}

// Product combines sets of weights by their product, w ∝ Π w_k: the multiplicative combination.
func Product(sets []Weights) (Weights, error) { return multiplied(sets, 1) }

// Root combines sets of weights by their geometric mean, w ∝ (Π w_k)^(1/k): √(w_a·w_o) for two.
func Root(sets []Weights) (Weights, error) { return multiplied(sets, 1/float64(max(len(sets), 1))) }

func multiplied(sets []Weights, exponent float64) (Weights, error) {
	columns, err := together(sets)
	if err != nil {
		return Weights{}, err
	}
	basis := slices.Repeat([]float64{1}, len(columns))
	for _, s := range sets {
		for i, w := range s.Values {
			if w < 0 {
				return Weights{}, fault.New(fault.Invalid, "rating.weighting_negative", columns[i], w)
			}
			basis[i] *= math.Pow(w, exponent)
		}
	}
	return proportional(columns, basis)
}

// Game combines sets of weights by game theory (博弈论组合赋权): the mixture Σ α_k w_k that deviates least from
// every set, [w_i·w_j]α = (w_i·w_i), α divided by its sum. It answers the mixture and α. Sets that depend
// on each other are refused, and so is a mixture that gives a column a negative weight.
func Game(sets []Weights) (Weights, []float64, error) {
	columns, err := together(sets)
	if err != nil {
		return Weights{}, nil, err
	}
	gram, own := make([][]float64, len(sets)), make([]float64, len(sets))
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = strconv.Itoa(i + 1)
		for _, other := range sets {
			gram[i] = append(gram[i], product(s.Values, other.Values))
		}
		own[i] = gram[i][i]
	}
	alpha, err := statistic.Solve(gram, own, names)
	if err != nil {
		return Weights{}, nil, fault.New(fault.Invalid, "rating.combine_dependent",
			fault.Of(err).Args[0]).Because(err)
	}
	sum := statistic.Sum(alpha)
	if sum == 0 {
		return Weights{}, nil, fault.New(fault.Invalid, "rating.combine_dependent", names[0])
	}
	basis := make([]float64, len(columns))
	for k, s := range sets {
		alpha[k] /= sum
		for i, w := range s.Values {
			basis[i] += alpha[k] * w
		}
	}
	w, err := proportional(columns, basis)
	return w, alpha, err
}

func product(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
