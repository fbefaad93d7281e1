// Package money counts in whole fen (1 yuan = 100 fen). There is no floating point and no silent
// overflow: a sum that does not fit is an error, a division says how it rounds.
package money

import (
	"errors"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Fen is an amount of money in whole fen; negative amounts are owed or lost.
type Fen int64

// ErrOverflow says that an amount does not fit into 64 bits of fen (about 92 quadrillion yuan).
var ErrOverflow = errors.New("money: the amount does not fit")

// Places is the number of decimal places in which yuan are shown.
const Places = 2

// Parse reads an amount in yuan with at most two decimal places, as people type it.
func Parse(yuan string) (Fen, error) {
	n, err := decimal.Parse(yuan, Places)
	return Fen(n), err
}

// Add returns f+g or ErrOverflow.
func (f Fen) Add(g Fen) (Fen, error) {
	sum, ok := decimal.Add(int64(f), int64(g))
	if !ok {
		return 0, ErrOverflow
	}
	return Fen(sum), nil
}

// Sum adds all amounts or says ErrOverflow.
func Sum(amounts ...Fen) (Fen, error) {
	var total Fen
	var err error
	for _, a := range amounts {
		if total, err = total.Add(a); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// Times returns f·numerator/denominator in 128 bits, rounded as asked.
func (f Fen) Times(numerator, denominator int64, r decimal.Rounding) (Fen, error) {
	if denominator == 0 {
		return 0, ErrOverflow
	}
	n, ok := decimal.MulDiv(int64(f), numerator, denominator, r)
	if !ok {
		return 0, ErrOverflow
	}
	return Fen(n), nil
}

// String writes yuan with separators and two places: 1,234.50.
func (f Fen) String() string { return decimal.Grouped(int64(f), Places) }

// Plain writes yuan without separators: 1234.50. Files and forms use it.
func (f Fen) Plain() string { return decimal.Format(int64(f), Places) }

// TenThousands writes 万元 with two places, rounded half up; boards use it and print the unit.
func (f Fen) TenThousands() string {
	n, _ := decimal.MulDiv(int64(f), 1, 10_000, decimal.HalfUp)
	return decimal.Grouped(n, Places)
}
