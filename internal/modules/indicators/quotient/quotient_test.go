package quotient

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestWorkedExample(t *testing.T) {
	for _, one := range []struct {
		q                            Quotient
		numerator, denominator, want int64
		known                        bool
	}{
		{Quotient{Over: 10_000, Numerator: 2, Places: 2}, 816_000_00, 4, 20_40, true},
		{Quotient{Times: 100, Places: 2}, 1, 3, 33_33, true},
		{Quotient{Times: 100, Places: 2}, 2, 3, 66_67, true},
		{Quotient{Over: 10_000, Numerator: 2, Places: 2}, -5_000_00, 2, -25, true},
		{Quotient{Places: 2}, 5, 0, 0, false},
		{Quotient{Places: 2}, 5, -1, 0, false},
		{Quotient{Times: FactorMax, Places: PlacesMax}, 1 << 62, 1, 0, false},
		{Quotient{Over: FactorMax, Numerator: PlacesMax}, 1, 1 << 62, 0, false},
	} {
		if got, known := one.q.Of(one.numerator, one.denominator); known != one.known ||
			known && got != one.want {
			t.Errorf("%+v of %d and %d is %d, %v", one.q, one.numerator, one.denominator, got, known)
		}
	}
}

// TestRoundedOnce: the value is the exact quotient, at most half a unit of its last place away.
func TestRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := func(name string) int { return rapid.IntRange(0, PlacesMax).Draw(t, name) }
		q := Quotient{rapid.Int64Range(0, FactorMax).Draw(t, "times"),
			rapid.Int64Range(0, FactorMax).Draw(t, "over"), places("numerator"), places("denominator"),
			places("value")}
		n := rapid.Int64Range(-1e15, 1e15).Draw(t, "n")
		m := rapid.Int64Range(1, 1e6).Draw(t, "m")
		got, known := q.Of(n, m)
		exact := new(big.Rat).SetFrac(big.NewInt(n), big.NewInt(m))
		exact.Mul(exact, new(big.Rat).SetFrac(big.NewInt(max(q.Times, 1)), big.NewInt(max(q.Over, 1))))
		exact.Mul(exact, new(big.Rat).SetFrac(big.NewInt(power(q.Places+q.Denominator)),
			big.NewInt(power(q.Numerator))))
		half := big.NewRat(1, 2)
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(got))
		if known && (!q.Right() || off.Abs(off).Cmp(half) > 0) {
			t.Fatalf("%+v of %d and %d is %d, not %s", q, n, m, got, exact.FloatString(3))
		}
		if !known && exact.Abs(exact).Cmp(new(big.Rat).SetInt64(1<<62)) < 0 &&
			m*max(q.Over, 1) < 1<<40 {
			t.Fatalf("%+v of %d and %d has no value", q, n, m)
		}
	})
}
