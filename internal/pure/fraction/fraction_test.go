package fraction_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/fraction"
)

// TestVectors are those of shares.md §4.
func TestVectors(t *testing.T) {
	for _, c := range []struct {
		threshold   string
		whole, want int64
	}{
		{">= 2/3", 37, 25}, {">= 3/4", 37, 28}, {">= 2/3", 150, 100}, {">= 3/4", 150, 113},
		{">= 2/3", 301, 201}, {">= 3/4", 301, 226}, {">= 2/3", 21, 14}, {">= 2/3", 33, 22},
		{">= 2/3", 5, 4}, {"> 1/2", 5, 3}, {">= 2/3", 7, 5}, {"> 1/2", 7, 4}, {"> 1/2", 6, 4},
		{">= 5%", 20, 1}, {">= 5%", 21, 2}, {"> 1/2", 0, 1},
	} {
		threshold, err := fraction.ParseThreshold(c.threshold)
		if err != nil {
			t.Fatal(err)
		}
		if got := threshold.Needed(c.whole); got != c.want {
			t.Errorf("%s of %d needs %d, want %d", c.threshold, c.whole, got, c.want)
		}
		if threshold.String() != c.threshold {
			t.Errorf("%s is written %s", c.threshold, threshold)
		}
	}
}

func TestMetIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := fraction.Fraction{
			Numerator:   rapid.Int64Range(0, fraction.Max).Draw(t, "numerator"),
			Denominator: rapid.Int64Range(1, fraction.Max).Draw(t, "denominator"),
		}
		threshold := fraction.Threshold{Fraction: f, Beyond: rapid.Bool().Draw(t, "beyond")}
		whole := rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		count := rapid.Int64Range(0, math.MaxInt64-1).Draw(t, "count")
		left := new(big.Int).Mul(big.NewInt(count), big.NewInt(f.Denominator))
		right := new(big.Int).Mul(big.NewInt(whole), big.NewInt(f.Numerator))
		want := left.Cmp(right) > 0 || !threshold.Beyond && left.Cmp(right) == 0
		fits := new(big.Int).Div(right, big.NewInt(f.Denominator)).IsInt64()
		if got := threshold.Met(count, whole); got != want && fits {
			t.Fatalf("%d of %d reaches %s: %v, want %v", count, whole, threshold, got, want)
		}
	})
}

func TestNothingElseIsAFraction(t *testing.T) {
	for _, text := range []string{"", "2/", "/3", "2/0", "-1/2", "1.5", "2/3/4", "x", "5%/2",
		"1000001", "9223372036854775808", "50 per cent"} {
		if f, err := fraction.Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v", text, f)
		}
	}
	for _, text := range []string{"2/3", "= 2/3", "< 1/2", ">=", ">", ""} {
		if th, err := fraction.ParseThreshold(text); err == nil {
			t.Errorf("ParseThreshold(%q) = %v", text, th)
		}
	}
}
