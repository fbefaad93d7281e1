// Package area counts in whole 0.01 m². Law and people speak of mu: 15 mu = 1 ha, so 1 mu is
// 2000/3 m² and has no exact decimal. A field entered as 12.35 mu is kept to the nearest 0.01 m²
// and comes back as 12.35 mu: the unit is 666 times finer than what is shown.
package area

import (
	"errors"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Area is an area in whole 0.01 m².
type Area int64

// ErrOverflow says that an area does not fit.
var ErrOverflow = errors.New("area: the area does not fit")

// 0.01 mu = 20000/30 units of 0.01 m².
const (
	muNumerator   = 20_000
	muDenominator = 30
	places        = 2
	hectare       = 1_000_000 // units of 0.01 m² in 1 ha
)

// ParseMu reads mu with at most two decimal places.
func ParseMu(text string) (Area, error) {
	n, err := decimal.Parse(text, places)
	if err != nil {
		return 0, err
	}
	a, ok := decimal.MulDiv(n, muNumerator, muDenominator, decimal.HalfUp)
	if !ok {
		return 0, decimal.ErrRange
	}
	return Area(a), nil
}

// ParseSquareMetres reads m² with at most two decimal places.
func ParseSquareMetres(text string) (Area, error) {
	n, err := decimal.Parse(text, places)
	return Area(n), err
}

// Add returns a+b or ErrOverflow.
func (a Area) Add(b Area) (Area, error) {
	sum, ok := decimal.Add(int64(a), int64(b))
	if !ok {
		return 0, ErrOverflow
	}
	return Area(sum), nil
}

// HundredthsOfMu gives the area in whole 0.01 mu, rounded half up.
func (a Area) HundredthsOfMu() int64 {
	n, _ := decimal.MulDiv(int64(a), muDenominator, muNumerator, decimal.HalfUp)
	return n
}

// Mu writes mu with two places and separators.
func (a Area) Mu() string { return decimal.Grouped(a.HundredthsOfMu(), places) }

// PlainMu writes mu with two places and no separators.
func (a Area) PlainMu() string { return decimal.Format(a.HundredthsOfMu(), places) }

// SquareMetres writes m² with two places and separators.
func (a Area) SquareMetres() string { return decimal.Grouped(int64(a), places) }

// Hectares writes ha with two places.
func (a Area) Hectares() string {
	n, _ := decimal.MulDiv(int64(a), 100, hectare, decimal.HalfUp)
	return decimal.Grouped(n, places)
}

// String is Mu.
func (a Area) String() string { return a.Mu() }
