// Package chart draws lines over years or other times, and points on a plane, as SVG that stands in a
// page: it prints and needs no script.
//
// # Invariants
//
//  1. What is drawn depends on the figures alone, and is the same text for the same figures.
//  2. A missing figure (NaN) leaves a gap; it is never drawn as zero. Nothing is drawn across a break.
//  3. Lines differ by their dashes as well as by their colour.
//  4. Every text is escaped: names of areas come from files.
//  5. Axes end at whole steps of 1, 2 or 5 times a power of ten around all figures, intervals included.
//
// # Example
//
//	chart.Lines(chart.Axes{Label: "Score"}, times, []chart.Line{{Name: "A", Values: v}})
package chart

import (
	"math"
	"strconv"
	"strings"
)

// The box of a chart in its own units, narrow enough that its words can be read on a telephone.
const (
	width  = 420
	height = 220
	left   = 46 // at least: long marks take more
	right  = 18
	top    = 20
	bottom = 30
	letter = 7 // room of a letter of a mark
)

// Shades is how many colours and dashes there are for lines.
const Shades = 6

// Axes say what a chart is of.
type Axes struct {
	Label string // of the whole, for readers of the screen
	X, Y  string // beside the axes: what they count, with the unit
	Down  bool   // the least figure stands on top, as ranks do
	Whole bool   // figures are whole numbers
	// From and Until are the reach of both axes, where it is fixed; both 0: by the figures.
	From, Until float64
}

// Line is figures over the times of a chart; a missing figure is NaN.
type Line struct {
	Name      string
	Values    []float64
	Low, High []float64 // an interval around the figures; empty: none
}

// Break is a time from which figures are of another definition.
type Break struct {
	At    int // which of the times is the first of the new definition
	Label string
}

// Point is something on a plane.
type Point struct {
	X, Y  float64
	Name  string
	Shade int
}

// Years are the times of a chart over years, both included.
func Years(from, to int) []string {
	var all []string
	for year := from; year <= to; year++ {
		all = append(all, strconv.Itoa(year))
	}
	return all
}

// Over are figures by year as those of a line; years without a figure are missing.
func Over(from, to int, figures map[int]float64) []float64 {
	var all []float64
	for year := from; year <= to; year++ {
		v, known := figures[year]
		if !known {
			v = math.NaN()
		}
		all = append(all, v)
	}
	return all
}

// known tells whether there is a figure.
func known(x float64) bool { return x == x && !math.IsInf(x, 0) }

// reach is from where to where an axis goes, with the marks on it.
type reach struct {
	low, high, step float64
	marks           []float64
}

// marksAbout is how many marks an axis has, about.
const marksAbout = 4

// reachOf lets an axis end at round figures.
func reachOf(values []float64, whole bool) reach {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if known(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if low == high {
		low, high = low-math.Abs(low)/10-0.5, high+math.Abs(high)/10+0.5
	}
	step := round((high - low) / marksAbout)
	if whole {
		step = max(math.Round(step), 1)
	}
	r := reach{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step, step: step}
	if whole {
		r.low, r.high = low, high
	}
	for k := math.Ceil(r.low / step); k*step <= r.high+step/1e6; k++ {
		r.marks = append(r.marks, k*step)
	}
	if whole && r.marks[0]-r.low >= step/2 {
		r.marks = append([]float64{r.low}, r.marks...) // the first rank has its mark
	}
	return r
}

// round is the next of 1, 2 and 5 times a power of ten.
func round(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, k := range []float64{1, 2, 5} {
		if x <= k*power*(1+1e-9) {
			return k * power
		}
	}
	return 10 * power
}

// at is where a figure stands between two ends of the box.
func (r reach) at(x, from, until float64) float64 {
	return from + (x-r.low)/(r.high-r.low)*(until-from)
}

// text writes a mark with the decimals of its axis' step, thousands grouped.
func (r reach) text(mark float64) string {
	decimals := max(0, -int(math.Floor(math.Log10(r.step)+1e-9)))
	if decimals > 6 {
		return strconv.FormatFloat(mark, 'g', 3, 64)
	}
	if math.Abs(mark) < r.step/1e6 {
		mark = 0 // never −0.0; the first rank, 1, is no zero on an axis of fives
	}
	digits, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(mark), 'f', decimals, 64), ".")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if rest != "" {
		digits += "." + rest
	}
	if mark < 0 {
		return "-" + digits
	}
	return digits
}
