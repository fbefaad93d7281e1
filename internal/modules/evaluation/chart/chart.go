// Package chart draws what evaluations say as SVG that stands in a page: lines over time and points on a
// plane, with their axes.
//
// # Invariants
//
//  1. What is drawn depends on the figures alone, and is the same text for the same figures.
//  2. A missing figure (NaN) leaves a gap; it is never drawn as zero.
//  3. Series differ by their dashes as well as by their colour.
//  4. Every text is escaped: names of areas come from files.
//
// # Example
//
//	chart.Lines(chart.Axes{Label: "Score"}, times, []chart.Series{{Name: "A", Values: v}})
package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// The box of a chart in its own units, narrow enough that its words can be read on a telephone.
const (
	width  = 420
	height = 220
	left   = 46
	right  = 18
	top    = 20
	bottom = 30
)

// Shades is how many colours and dashes there are for series.
const Shades = 6

// Axes say what a chart is of.
type Axes struct {
	Label string // of the whole, for readers of the screen
	X, Y  string // beside the axes
	Down  bool   // the least figure stands on top, as ranks do
	Whole bool   // figures are whole numbers
	// From and Until are the reach of both axes, where it is fixed; both 0: by the figures.
	From, Until float64
}

// Series is a line; a missing figure is NaN.
type Series struct {
	Name   string
	Values []float64
}

// Point is something on a plane.
type Point struct {
	X, Y  float64
	Name  string
	Shade int
}

// reach is from where to where an axis goes, with the marks on it.
type reach struct {
	low, high float64
	marks     []float64
}

// marksAbout is how many marks an axis has, about.
const marksAbout = 4

// reachOf lets an axis end at round figures.
func reachOf(values []float64, whole bool) reach {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if x == x && !math.IsInf(x, 0) {
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
	r := reach{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step}
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

// plane is a chart that is being drawn.
type plane struct {
	strings.Builder
	x, y reach
	axes Axes
}

func (p *plane) across(x float64) float64 { return p.x.at(x, left, width-right) }

func (p *plane) up(y float64) float64 {
	if p.axes.Down {
		return p.y.at(y, top, height-bottom)
	}
	return p.y.at(y, height-bottom, top)
}

// begin draws the frame, the marks of the upright axis and the words beside both.
func (p *plane) begin() {
	fmt.Fprintf(p, `<svg class="plot" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height,
		template.HTMLEscapeString(p.axes.Label))
	for _, mark := range p.y.marks {
		y := p.up(mark)
		fmt.Fprintf(p, `<path class="grid" d="M%d %.1fH%d"/>`, left, y, width-right)
		fmt.Fprintf(p, `<text x="%d" y="%.1f" text-anchor="end">%s</text>`, left-5, y+3, figure(mark))
	}
	fmt.Fprintf(p, `<path class="axis" d="M%d %dV%dH%d"/>`, left, top, height-bottom, width-right)
	if p.axes.X != "" {
		fmt.Fprintf(p, `<text x="%d" y="%d" text-anchor="end">%s</text>`, width-right, height-4,
			template.HTMLEscapeString(p.axes.X))
	}
	if p.axes.Y != "" {
		fmt.Fprintf(p, `<text x="2" y="9">%s</text>`, template.HTMLEscapeString(p.axes.Y))
	}
}

func (p *plane) end() template.HTML {
	p.WriteString("</svg>")
	return template.HTML(p.String()) //nolint:gosec // numbers, and texts that are escaped
}

// figure writes a mark of an axis.
func figure(x float64) string {
	if a := math.Abs(x); a >= 1e6 || a > 0 && a < 1e-4 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64)
}

// labelWidth is the room that the name of a time takes.
const labelWidth = 44

// Lines draws series over times, in their order.
func Lines(axes Axes, times []string, series []Series) template.HTML {
	p := &plane{axes: axes, x: reach{low: 0, high: float64(max(len(times)-1, 1))}}
	var all []float64
	for _, s := range series {
		all = append(all, s.Values...)
	}
	p.y = reachOf(all, axes.Whole)
	p.begin()
	every := max(1, (len(times)*labelWidth+width-left-right-1)/(width-left-right))
	for i, time := range times {
		if i%every == 0 {
			fmt.Fprintf(p, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, p.across(float64(i)),
				height-bottom+13, template.HTMLEscapeString(time))
		}
	}
	for k, s := range series {
		p.line(k%Shades, s)
	}
	return p.end()
}

// line draws a series; a single figure between two gaps is a dot.
func (p *plane) line(shade int, s Series) {
	var path, dots strings.Builder
	letter := "M"
	for i, v := range s.Values {
		if v != v || math.IsInf(v, 0) {
			letter = "M"
			continue
		}
		x, y := p.across(float64(i)), p.up(v)
		fmt.Fprintf(&path, "%s%.1f %.1f", letter, x, y)
		fmt.Fprintf(&dots, `<circle class="dot-%d" cx="%.1f" cy="%.1f" r="2"/>`, shade, x, y)
		letter = "L"
	}
	fmt.Fprintf(p, `<g><title>%s</title><path class="line-%d" d="%s"/>%s</g>`,
		template.HTMLEscapeString(s.Name), shade, path.String(), dots.String())
}

// namesMax is how many points have their name beside them; of more, the pointer says it.
const namesMax = 10

// Points draws points on a plane.
func Points(axes Axes, points []Point) template.HTML {
	p := &plane{axes: axes}
	var xs, ys []float64
	for _, one := range points {
		xs, ys = append(xs, one.X), append(ys, one.Y)
	}
	p.x, p.y = reachOf(xs, false), reachOf(ys, false)
	if axes.From != 0 || axes.Until != 0 {
		p.x = reachOf([]float64{axes.From, axes.Until}, false)
		p.y = p.x
	}
	p.begin()
	for _, mark := range p.x.marks {
		fmt.Fprintf(p, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, p.across(mark),
			height-bottom+12, figure(mark))
	}
	for _, one := range points {
		if one.X != one.X || one.Y != one.Y {
			continue
		}
		x, y, name := p.across(one.X), p.up(one.Y), template.HTMLEscapeString(one.Name)
		fmt.Fprintf(p, `<g><title>%s</title><circle class="dot-%d" cx="%.1f" cy="%.1f" r="3.5"/>`, name,
			one.Shade%Shades, x, y)
		if len(points) <= namesMax {
			anchor, beside := "start", 5.0
			if x > width-80 {
				anchor, beside = "end", -5
			}
			fmt.Fprintf(p, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x+beside, y-4, anchor,
				name)
		}
		p.WriteString("</g>")
	}
	return p.end()
}
