// Package display writes the figures of a result for a page: scores, figures, ranks, probabilities, bars.
//
// # Invariants
//
//  1. What is not known is a dash, what is infinite ∞; no zero has a sign.
//  2. A figure reads back to seven significant digits, a score to five or three decimals.
//  3. A width lies between 0 and 100.
//
// # Example
//
//	display.Short(68.3841) // 68.384
package display

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
)

// Share is a part of a whole in per cent, for the width of a bar.
func Share(part, whole float64) string {
	if !(whole > 0) {
		return "0"
	}
	return strconv.FormatFloat(100*min(max(part/whole, 0), 1), 'f', 1, 64)
}

// Place writes a rank that may lie between two.
func Place(n result.Number) string {
	return strconv.FormatFloat(math.Round(float64(n)*10)/10, 'f', -1, 64)
}

// shownDigits is to how many significant digits scores are shown; files have all of them.
const shownDigits = 5

// figureDigits is how many significant digits of a figure are shown, without zeros behind them.
const figureDigits = 7

// Figure writes a figure as it was given, but for digits that only division left.
func Figure(n result.Number) string {
	if x := float64(n); x == x && x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return unsigned(strconv.FormatFloat(x, 'f', -1, 64))
	} else if a := math.Abs(x); a >= 1e-3 && a < 1e7 {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', figureDigits, 64), 64)
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return Short(n)
}

// Short writes a score for a page.
func Short(n result.Number) string {
	x := float64(n)
	switch {
	case x != x:
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "-∞"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e7) {
		return strconv.FormatFloat(x, 'g', shownDigits, 64)
	}
	digits := max(0, shownDigits-1-int(math.Floor(math.Log10(max(math.Abs(x), 1)))))
	return unsigned(strconv.FormatFloat(x, 'f', min(digits, 3), 64))
}

// Fixed writes a figure with so many decimals; what is not known is a dash.
func Fixed(x float64, digits int) string {
	switch {
	case x != x:
		return "–"
	case math.IsInf(x, 0):
		return "∞"
	}
	return unsigned(strconv.FormatFloat(x, 'f', digits, 64))
}

// unsigned takes the sign from a zero.
func unsigned(text string) string {
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// Probability writes a p: small ones as below the least that is shown.
func Probability(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return Fixed(p, 3)
}
