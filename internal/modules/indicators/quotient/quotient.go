// Package quotient computes an indicator from two measures: whole numbers in, a decimal out.
//
// # Invariants
//
//  1. The value is numerator × Times ÷ (denominator × Over), rounded half up once, at the last of its
//     Places; nothing is rounded before.
//  2. There is no value without a denominator above zero, and none that does not fit into 64 bits.
//
// Worked example: four villages have 816,000.00 yuan together. In units of 10,000 yuan (Over) that is
// 81600000 ÷ 10^2 ÷ (4 × 10,000) = 20.40 a village.
package quotient

import "github.com/terrace-project/terrace/internal/pure/decimal"

// Quotient is how two whole numbers become a decimal.
type Quotient struct {
	Times, Over int64 // 0 is 1
	// The decimal places of the numerator, the denominator and the value.
	Numerator, Denominator, Places int
}

// PlacesMax bounds what powers of ten are computed with.
const PlacesMax = 6

// FactorMax bounds Times and Over.
const FactorMax = 1_000_000

// Right reports whether a quotient can be computed at all.
func (q Quotient) Right() bool {
	for _, places := range []int{q.Numerator, q.Denominator, q.Places} {
		if places < 0 || places > PlacesMax {
			return false
		}
	}
	return q.Times >= 0 && q.Times <= FactorMax && q.Over >= 0 && q.Over <= FactorMax
}

// Of is the value in units of 10^-Places; false if there is none.
func (q Quotient) Of(numerator, denominator int64) (int64, bool) {
	if denominator <= 0 {
		return 0, false
	}
	up := max(q.Times, 1) * power(q.Places+q.Denominator)
	over, fits := decimal.MulDiv(denominator, max(q.Over, 1)*power(q.Numerator), 1, decimal.HalfUp)
	if !fits {
		return 0, false
	}
	return decimal.MulDiv(numerator, up, over, decimal.HalfUp)
}

func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
