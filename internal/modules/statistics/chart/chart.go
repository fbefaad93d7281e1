// Package chart draws lines over years as inline SVG: it prints, needs no script, and holds
// nothing but numbers and escaped texts.
//
// # Invariants
//
//  1. A year without a figure interrupts its line; nothing is drawn across a break of definition.
//  2. Lines differ by their dashes and their labels too, not by colour alone.
//  3. The scale is whole steps of 1, 2 or 5 times a power of ten around all figures, intervals included.
package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Line is a series of figures by year.
type Line struct {
	Label  string
	Class  string          // of the style sheet: actual, required, forecast …
	Points map[int]float64 // by year
	// Low and High are an interval around the points; nil: none.
	Low, High map[int]float64
}

// Break is a year from which figures are of another definition.
type Break struct {
	From  int
	Label string
}

// Chart is lines over the same years.
type Chart struct {
	Label    string // what is shown, for those who do not see it
	From, To int
	Lines    []Line
	Breaks   []Break
}

// The measures of a chart in its own units: words of 11 units can be read where it is 390 pixels wide.
const (
	width  = 480
	height = 220
	left   = 44
	right  = 12
	top    = 14
	foot   = 24
	steps  = 4
)

// scale turns figures into positions.
type scale struct {
	low, high, step float64
	from, to        int
}

// SVG draws the chart; empty if there is nothing to draw.
func (c Chart) SVG() template.HTML {
	s, drawable := c.scale()
	if !drawable {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="lines" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height,
		template.HTMLEscapeString(c.Label))
	c.axes(&b, s)
	for i, line := range c.Lines {
		c.draw(&b, s, line, i)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // numbers, and texts escaped above and below
}

// scale finds the span of figures in whole steps.
func (c Chart) scale() (scale, bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, line := range c.Lines {
		for _, points := range []map[int]float64{line.Points, line.Low, line.High} {
			for year, v := range points {
				if year >= c.From && year <= c.To && !math.IsNaN(v) && !math.IsInf(v, 0) {
					low, high = min(low, v), max(high, v)
				}
			}
		}
	}
	if low > high || c.To < c.From {
		return scale{}, false
	}
	if low == high {
		low, high = low-1, high+1
	}
	rough := (high - low) / steps
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	step := power * 10
	for _, factor := range []float64{1, 2, 5} {
		if rough <= factor*power {
			step = factor * power
			break
		}
	}
	return scale{math.Floor(low/step) * step, math.Ceil(high/step) * step, step, c.From, c.To}, true
}

func (s scale) x(year int) float64 {
	if s.to == s.from {
		return (left + width - right) / 2
	}
	return left + float64(year-s.from)*(width-left-right)/float64(s.to-s.from)
}

func (s scale) y(v float64) float64 {
	return height - foot - (v-s.low)/(s.high-s.low)*(height-foot-top)
}

func (c Chart) axes(b *strings.Builder, s scale) {
	digits := max(0, -int(math.Floor(math.Log10(s.step))))
	for i := 0; ; i++ {
		v := s.low + float64(i)*s.step
		if v > s.high+s.step/2 {
			break
		}
		fmt.Fprintf(b,
			`<path class="axis" d="M%d %.1fH%d"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`,
			left, s.y(v), width-right, left-4, s.y(v)+4, strconv.FormatFloat(v, 'f', digits, 64))
	}
	every := 1 + (c.To-c.From)/9
	for year := c.From; year <= c.To; year += every {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`, s.x(year), height-8, year)
	}
	drawn := map[int]bool{}
	for _, one := range c.Breaks {
		if one.From <= c.From || one.From > c.To || drawn[one.From] {
			continue
		}
		drawn[one.From] = true
		x := (s.x(one.From) + s.x(one.From-1)) / 2
		fmt.Fprintf(b, `<path class="break" d="M%.1f %dV%d"><title>%s</title></path>`, x, top, height-foot,
			template.HTMLEscapeString(one.Label))
	}
}

// parted tells whether figures of a year and the one before are of two definitions.
func (c Chart) parted(year int) bool {
	for _, one := range c.Breaks {
		if one.From == year {
			return true
		}
	}
	return false
}

func (c Chart) draw(b *strings.Builder, s scale, line Line, n int) {
	class := fmt.Sprintf("line line-%d %s", n%5, template.HTMLEscapeString(line.Class))
	c.band(b, s, line, class)
	var path strings.Builder
	letter := "M"
	for year := c.From; year <= c.To; year++ {
		v, known := line.Points[year]
		if !known || math.IsNaN(v) || math.IsInf(v, 0) {
			letter = "M"
			continue
		}
		if c.parted(year) {
			letter = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", letter, s.x(year), s.y(v))
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="2.5"><title>%s %d: %s</title></circle>`,
			class,
			s.x(year), s.y(v), template.HTMLEscapeString(line.Label), year, strconv.FormatFloat(v, 'g', 6,
				64))
		letter = "L"
	}
	if path.Len() > 0 {
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`, class, path.String())
	}
}

// band draws the interval of a line.
func (c Chart) band(b *strings.Builder, s scale, line Line, class string) {
	var up, down []string
	for year := c.From; year <= c.To; year++ {
		low, has := line.Low[year]
		high, also := line.High[year]
		if has && also {
			up = append(up, fmt.Sprintf("%.1f %.1f", s.x(year), s.y(high)))
			down = append([]string{fmt.Sprintf("%.1f %.1f", s.x(year), s.y(low))}, down...)
		}
	}
	if len(up) > 1 {
		fmt.Fprintf(b, `<path class="band %s" d="M%sL%sZ"/>`, class, strings.Join(up, "L"),
			strings.Join(down, "L"))
	}
}
