package decimal_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

func TestParseTakesWhatPeopleType(t *testing.T) {
	for text, want := range map[string]int64{
		"12.5": 1250, " 12.50 ": 1250, "-0.01": -1, "1,234,567.89": 123456789, "１２．５": 1250,
		"0": 0, ".5": 50, "7.": 700, "+3": 300, "12.500000": 1250, "−4": -400, "12,345": 1234500,
	} {
		got, err := decimal.Parse(text, 2)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": decimal.ErrEmpty, "  ": decimal.ErrEmpty, "abc": decimal.ErrSyntax, "-": decimal.ErrSyntax,
		"1.2.3": decimal.ErrSyntax, "1,23": decimal.ErrSyntax, "12,34,567": decimal.ErrSyntax,
		",5": decimal.ErrSyntax, "1e5": decimal.ErrSyntax, "0x10": decimal.ErrSyntax,
		".":     decimal.ErrSyntax,
		"1.005": decimal.ErrPrecise, "99999999999999999999": decimal.ErrRange, "--1": decimal.ErrSyntax,
		"1.-5": decimal.ErrSyntax, "12345,678": decimal.ErrSyntax,
	} {
		if got, err := decimal.Parse(text, 2); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %d, %v; want %v", text, got, err, want)
		}
	}
}

func TestFormatAndParseAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		places := rapid.IntRange(0, 4).Draw(t, "places")
		for _, s := range []string{decimal.Format(n, places), decimal.Grouped(n, places)} {
			back, err := decimal.Parse(s, places)
			if n == math.MinInt64 { // its magnitude has no positive twin; refused rather than wrapped
				continue
			}
			if err != nil || back != n {
				t.Fatalf("%d at %d places became %q became %d, %v", n, places, s, back, err)
			}
		}
	})
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0.00", -5: "-0.05", 123456789: "1,234,567.89", 100000: "1,000.00", -99999: "-999.99",
	} {
		if got := decimal.Grouped(n, 2); got != want {
			t.Errorf("Grouped(%d) = %s, want %s", n, got, want)
		}
	}
}

// TestMulDivAgreesWithBigNumbers holds the 128-bit path against math/big.
func TestMulDivAgreesWithBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		c := rapid.Int64().Filter(func(v int64) bool { return v != 0 }).Draw(t, "c")
		r := rapid.SampledFrom([]decimal.Rounding{decimal.HalfUp, decimal.Down}).Draw(t, "r")
		want := bigMulDiv(a, b, c, r)
		got, ok := decimal.MulDiv(a, b, c, r)
		fits := want.IsInt64() && want.Int64() != math.MinInt64
		if ok != fits || ok && got != want.Int64() {
			t.Fatalf("MulDiv(%d, %d, %d) = %d, %v; want %s", a, b, c, got, ok, want)
		}
	})
}

func bigMulDiv(a, b, c int64, r decimal.Rounding) *big.Int {
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	d := big.NewInt(c)
	if d.Sign() < 0 {
		n.Neg(n)
		d.Neg(d)
	}
	negative := n.Sign() < 0
	n.Abs(n)
	if r == decimal.HalfUp {
		n.Mul(n, big.NewInt(2)).Add(n, d)
		d = new(big.Int).Mul(d, big.NewInt(2))
	}
	n.Quo(n, d)
	if negative {
		n.Neg(n)
	}
	return n
}

func TestAddSeesOverflow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		got, ok := decimal.Add(a, b)
		if ok != want.IsInt64() || ok && got != want.Int64() {
			t.Fatalf("Add(%d, %d) = %d, %v; want %s", a, b, got, ok, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12.5", "1,234.50", "-0", "１．５", "．", "9223372036854775807"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := decimal.Parse(text, 2)
		if err != nil {
			return
		}
		if back, err := decimal.Parse(decimal.Format(n, 2), 2); err != nil || back != n {
			t.Fatalf("%q read as %d, which reads back as %d, %v", text, n, back, err)
		}
	})
}
