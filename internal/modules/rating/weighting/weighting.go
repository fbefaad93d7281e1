package weighting

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Weights are the weights of columns, in their order.
type Weights struct {
	Columns []string
	Values  []float64 // sum 1
	Basis   []float64 // what the values are proportional to (1−e, σΣ(1−r), …); nil where they were given
	Few     bool      // fewer areas than columns: figures of so few areas say little about weights
}

// proportional makes weights of a basis that is at least 0; one of zeros only is refused.
func proportional(columns []string, basis []float64) (Weights, error) {
	sum := 0.0
	for i, b := range basis {
		if !(b >= 0) || math.IsInf(b, 0) {
			return Weights{}, fault.New(fault.Invalid, "rating.weighting_negative", columns[i], b)
		}
		sum += b
	}
	if sum == 0 {
		return Weights{}, fault.New(fault.Invalid, "rating.weighting_nothing", len(columns))
	}
	w := Weights{Columns: columns, Values: make([]float64, len(basis)), Basis: basis}
	for i, b := range basis {
		w.Values[i] = b / sum
	}
	return w, nil
}

// Given are weights somebody decided, divided by their sum. Negative ones and zeros only are refused.
func Given(columns []string, weights []float64) (Weights, error) {
	if len(columns) != len(weights) {
		return Weights{}, fault.New(fault.Invalid, "rating.weighting_shape", len(columns), len(weights))
	}
	w, err := proportional(columns, weights)
	w.Basis = nil
	return w, err
}

// Equal gives every column the same weight.
func Equal(columns []string) (Weights, error) {
	return Given(columns, slices.Repeat([]float64{1}, len(columns)))
}

// Direction says which way a column is better: 1 more, −1 less.
type Direction int

// The directions.
const (
	More Direction = 1
	Less Direction = -1
)

// Rescaled answers Z, on which entropy, CRITIC, deviation and independence are defined: every column
// brought to [0,1] by its least and largest figure, 1 best. A constant column is 1 everywhere: it weighs
// nothing by entropy and deviation, and is refused where correlations are taken. Missing cells are
// refused.
func Rescaled(f frame.Frame, directions []Direction) (frame.Frame, error) {
	if len(directions) != len(f.Columns) {
		return frame.Frame{}, fault.New(fault.Invalid, "rating.weighting_shape", len(f.Columns),
			len(directions))
	}
	if err := complete(f); err != nil {
		return frame.Frame{}, err
	}
	z := frame.Like(f)
	for c, column := range f.Values {
		least, largest := statistic.Extremes(column)
		if least == largest {
			for a := range column {
				z.Values[c][a] = 1
			}
			continue
		}
		for a, x := range column {
			if z.Values[c][a] = (x - least) / (largest - least); directions[c] == Less {
				z.Values[c][a] = (largest - x) / (largest - least)
			}
		}
	}
	return z, nil
}

// complete refuses a frame with a missing cell, and one of no areas.
func complete(f frame.Frame) error {
	if len(f.Columns) == 0 || len(f.Areas) < 2 {
		return fault.New(fault.Invalid, "rating.weighting_areas", len(f.Areas), len(f.Columns), 2)
	}
	for c, column := range f.Values {
		for a, x := range column {
			if frame.IsMissing(x) || math.IsInf(x, 0) {
				return fault.New(fault.Invalid, "rating.weighting_missing", f.Columns[c], f.Areas[a])
			}
		}
	}
	return nil
}

func constant(f frame.Frame, c int) error {
	return fault.New(fault.Invalid, "rating.weighting_constant", f.Columns[c], f.Areas[0], f.Values[c][0])
}

// spread refuses a frame with a missing cell or a constant column, and one of fewer than least areas.
func spread(f frame.Frame, least int) error {
	if err := complete(f); err != nil {
		return err
	}
	if len(f.Areas) < least {
		return fault.New(fault.Invalid, "rating.weighting_areas", len(f.Areas), len(f.Columns), least)
	}
	for c, column := range f.Values {
		if lo, hi := statistic.Extremes(column); lo == hi {
			return constant(f, c)
		}
	}
	return nil
}
