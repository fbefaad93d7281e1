// Package fraction knows exact shares of a whole: two thirds of all members, five per cent of the
// organisations, one per cent of tolerance. No floating point: a resolution is valid or not.
//
// A Threshold is what a vote must reach: "at least 2/3 of all" needs ceil(2N/3), "more than 1/2 of
// all" needs floor(N/2)+1 (Rural Collective Economic Organisations Law, Art. 28, 29; domain:
// shares.md §4). With 37 members two thirds are 25; with 5 members of a council more than half is 3.
package fraction

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Max is the largest numerator or denominator.
const Max = 1_000_000

// Fraction is a share from 0 up, exact, with a denominator from 1 to Max.
type Fraction struct{ Numerator, Denominator int64 }

// Parse reads "2/3", "5%" or a whole number.
func Parse(text string) (Fraction, error) {
	numerator, denominator, divided := strings.Cut(strings.TrimSpace(text), "/")
	if percent, ok := strings.CutSuffix(numerator, "%"); ok && !divided {
		numerator, denominator, divided = strings.TrimSpace(percent), "100", true
	}
	if !divided {
		denominator = "1"
	}
	n, err := whole(numerator)
	if err != nil {
		return Fraction{}, err
	}
	d, err := whole(denominator)
	if err != nil || d == 0 {
		return Fraction{}, fmt.Errorf("fraction: %q is not a fraction like 2/3 or 5%%", text)
	}
	return Fraction{n, d}, nil
}

func whole(text string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 || n > Max {
		return 0, fmt.Errorf("fraction: %q is not a whole number from 0 to %d", text, Max)
	}
	return n, nil
}

// String writes 2/3, or 5% if the denominator is 100.
func (f Fraction) String() string {
	if f.Denominator == 100 {
		return strconv.FormatInt(f.Numerator, 10) + "%"
	}
	return fmt.Sprintf("%d/%d", f.Numerator, f.Denominator)
}

// Of is the least whole number that is not below the fraction of n: ceil(n·f). n is not negative.
func (f Fraction) Of(n int64) int64 {
	quotient, rest := f.times(n)
	if rest > 0 {
		quotient++
	}
	return quotient
}

// Within is the greatest whole number that is not above the fraction of n: floor(n·f).
func (f Fraction) Within(n int64) int64 {
	quotient, _ := f.times(n)
	return quotient
}

// times multiplies in 128 bits; what does not fit is as large as can be, so that it is never met.
func (f Fraction) times(n int64) (quotient, rest int64) {
	if n <= 0 || f.Denominator <= 0 || f.Numerator <= 0 {
		return 0, 0
	}
	high, low := bits.Mul64(uint64(n), uint64(f.Numerator))
	if high >= uint64(f.Denominator) {
		return 1<<63 - 2, 0
	}
	q, r := bits.Div64(high, low, uint64(f.Denominator))
	return int64(min(q, 1<<63-2)), int64(r)
}

// Threshold is what a count must reach out of a whole.
type Threshold struct {
	Fraction
	Beyond bool // more than the fraction, not merely as much
}

// ParseThreshold reads ">= 2/3" or "> 1/2".
func ParseThreshold(text string) (Threshold, error) {
	rest, atLeast := strings.CutPrefix(strings.TrimSpace(text), ">=")
	if !atLeast {
		var beyond bool
		if rest, beyond = strings.CutPrefix(rest, ">"); !beyond {
			return Threshold{}, fmt.Errorf("fraction: %q is not a threshold like >= 2/3 or > 1/2", text)
		}
	}
	f, err := Parse(rest)
	return Threshold{f, !atLeast}, err
}

// String writes >= 2/3 or > 1/2.
func (t Threshold) String() string {
	if t.Beyond {
		return "> " + t.Fraction.String()
	}
	return ">= " + t.Fraction.String()
}

// MarshalText and UnmarshalText use the form of String.
func (t Threshold) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the form of ParseThreshold.
func (t *Threshold) UnmarshalText(text []byte) error {
	v, err := ParseThreshold(string(text))
	*t = v
	return err
}

// AtLeast reports whether t asks at least as much as o, of a whole of any size.
func (t Threshold) AtLeast(o Threshold) bool {
	mine, theirs := t.Numerator*o.Denominator, o.Numerator*t.Denominator // both below 10^12
	return mine > theirs || mine == theirs && (t.Beyond || !o.Beyond)
}

// Needed is the least count that reaches the threshold out of a whole.
func (t Threshold) Needed(whole int64) int64 {
	if t.Beyond {
		return t.Within(whole) + 1
	}
	return t.Of(whole)
}

// Met reports whether a count reaches the threshold out of a whole. Nothing is met out of nothing.
func (t Threshold) Met(count, whole int64) bool { return whole > 0 && count >= t.Needed(whole) }
