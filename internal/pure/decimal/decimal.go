// Package decimal reads and writes whole numbers that people see with a decimal point: money in
// fen, areas in 0.01 m², shares in 0.0001. No floating point anywhere.
//
// Input is what people type and spreadsheets hold: spaces around, full-width digits, thousands
// separators. Anything that would have to be rounded is refused, not rounded.
package decimal

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// The ways a text can fail to be a number.
var (
	ErrEmpty   = errors.New("decimal: empty")
	ErrSyntax  = errors.New("decimal: not a number")
	ErrPrecise = errors.New("decimal: more decimal places than the unit has")
	ErrRange   = errors.New("decimal: out of range")
)

// Parse reads text as a count of 10^-places units: Parse("12.5", 2) = 1250.
func Parse(text string, places int) (int64, error) {
	s := Normal(text)
	if s == "" {
		return 0, ErrEmpty
	}
	negative := s[0] == '-'
	if s[0] == '-' || s[0] == '+' {
		s = s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	whole, ok := ungroup(whole)
	if !ok || whole == "" && fraction == "" || !digits(whole) || !digits(fraction) {
		return 0, ErrSyntax
	}
	if kept := strings.TrimRight(fraction, "0"); len(kept) > places {
		return 0, ErrPrecise
	}
	fraction = (fraction + strings.Repeat("0", places))[:places]
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return 0, ErrRange
	}
	if negative {
		n = -n
	}
	return n, nil
}

// ungroup takes thousands separators out, and refuses them where no thousand ends.
func ungroup(whole string) (string, bool) {
	if !strings.Contains(whole, ",") {
		return whole, true
	}
	groups := strings.Split(whole, ",")
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Format writes n units of 10^-places with exactly that many places and no separators.
func Format(n int64, places int) string {
	magnitude, sign := uint64(n), ""
	if n < 0 {
		magnitude, sign = -magnitude, "-"
	}
	s := strconv.FormatUint(magnitude, 10)
	if places == 0 {
		return sign + s
	}
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	return sign + s[:len(s)-places] + "." + s[len(s)-places:]
}

// Grouped writes n as Format does, with thousands separated by commas.
func Grouped(n int64, places int) string {
	s := Format(n, places)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, fraction, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		return sign + whole + "." + fraction
	}
	return sign + whole
}

// Normal makes typed text plain: full-width digits and signs become ASCII, spaces at the ends and
// no-break spaces go.
func Normal(text string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000' || r == '\u00a0' || r == '\u202f':
			return ' '
		case r == '−' || r == '–':
			return '-'
		}
		return r
	}, text)
	return strings.TrimSpace(s)
}

// Add returns a+b and whether it fits.
func Add(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

// Rounding says what becomes of a half.
type Rounding int

// The roundings in use. Whoever divides says which.
const (
	HalfUp Rounding = iota // away from zero at exactly a half: the way bookkeeping does it
	Down                   // towards zero
)

// MulDiv returns a·b/c computed in 128 bits and rounded as asked, and whether it fits.
// c must not be zero.
func MulDiv(a, b, c int64, r Rounding) (int64, bool) {
	negative := (a < 0) != (b < 0) != (c < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	divisor := magnitude(c)
	if hi >= divisor {
		return 0, false
	}
	q, rest := bits.Div64(hi, lo, divisor)
	if r == HalfUp && rest >= divisor-rest {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if negative {
		return -int64(q), true
	}
	return int64(q), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
