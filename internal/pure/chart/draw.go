package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// plane is a chart that is being drawn.
type plane struct {
	strings.Builder
	x, y reach
	axes Axes
	left float64 // where the upright axis stands
}

func (p *plane) across(x float64) float64 { return p.x.at(x, p.left, width-right) }

func (p *plane) up(y float64) float64 {
	if p.axes.Down {
		return p.y.at(y, top, height-bottom)
	}
	return p.y.at(y, height-bottom, top)
}

// begin draws the frame, the marks of the upright axis and the words beside both.
func (p *plane) begin() {
	p.left = left
	for _, mark := range p.y.marks {
		p.left = max(p.left, float64(letter*len(p.y.text(mark))+letter))
	}
	fmt.Fprintf(p, `<svg class="plot" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height,
		template.HTMLEscapeString(p.axes.Label))
	for _, mark := range p.y.marks {
		y := p.up(mark)
		fmt.Fprintf(p, `<path class="grid" d="M%.0f %.1fH%d"/>`, p.left, y, width-right)
		fmt.Fprintf(p, `<text x="%.0f" y="%.1f" text-anchor="end">%s</text>`, p.left-5, y+3, p.y.text(mark))
	}
	fmt.Fprintf(p, `<path class="axis" d="M%.0f %dV%dH%d"/>`, p.left, top, height-bottom, width-right)
	if p.axes.X != "" {
		fmt.Fprintf(p, `<text x="%d" y="%d" text-anchor="end">%s</text>`, width-right, height-4,
			template.HTMLEscapeString(p.axes.X))
	}
	if p.axes.Y != "" {
		fmt.Fprintf(p, `<text x="2" y="12">%s</text>`, template.HTMLEscapeString(p.axes.Y))
	}
}

func (p *plane) end() template.HTML {
	p.WriteString("</svg>")
	return template.HTML(p.String()) //nolint:gosec // numbers, and texts that are escaped
}

// labelWidth is the room that the name of a time takes.
const labelWidth = 44

// Lines draws lines over times, in their order; empty if no figure is known.
func Lines(axes Axes, times []string, lines []Line, breaks ...Break) template.HTML {
	p := &plane{axes: axes, x: reach{low: 0, high: float64(max(len(times)-1, 1))}}
	var all []float64
	any := false
	for _, line := range lines {
		for _, values := range [][]float64{line.Values, line.Low, line.High} {
			for _, v := range values {
				any = any || known(v)
			}
			all = append(all, values...)
		}
	}
	if !any {
		return ""
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
	parted := p.part(breaks, len(times))
	for k, line := range lines {
		p.band(k%Shades, line)
	}
	for k, line := range lines {
		p.line(k%Shades, line, times, parted)
	}
	return p.end()
}

// part draws the breaks between two times, each once, and says where lines are interrupted.
func (p *plane) part(breaks []Break, times int) (parted []bool) {
	parted = make([]bool, times)
	labels := make([][]string, times)
	for _, one := range breaks {
		if one.At > 0 && one.At < times {
			parted[one.At], labels[one.At] = true, append(labels[one.At], one.Label)
		}
	}
	for i, label := range labels {
		if parted[i] {
			fmt.Fprintf(p, `<path class="break" d="M%.1f %dV%d"><title>%s</title></path>`,
				p.across(float64(i)-0.5), top, height-bottom,
				template.HTMLEscapeString(strings.Join(label, "; ")))
		}
	}
	return parted
}

// line draws a line; a single figure between two gaps is a dot.
func (p *plane) line(shade int, line Line, times []string, parted []bool) {
	var path, dots strings.Builder
	name, pen := template.HTMLEscapeString(line.Name), "M"
	for i, v := range line.Values[:min(len(line.Values), len(times))] {
		if !known(v) {
			pen = "M"
			continue
		}
		if parted[i] {
			pen = "M"
		}
		x, y := p.across(float64(i)), p.up(v)
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y)
		fmt.Fprintf(&dots,
			`<circle class="dot-%d" cx="%.1f" cy="%.1f" r="2"><title>%s %s: %s</title></circle>`,
			shade, x, y, name, template.HTMLEscapeString(times[i]), strconv.FormatFloat(v, 'g', 6, 64))
		pen = "L"
	}
	fmt.Fprintf(p, `<g><title>%s</title><path class="line-%d" d="%s"/>%s</g>`, name, shade, path.String(),
		dots.String())
}

// band draws the interval around a line.
func (p *plane) band(shade int, line Line) {
	var up, down []string
	for i := range min(len(line.Low), len(line.High)) {
		if known(line.Low[i]) && known(line.High[i]) {
			x := p.across(float64(i))
			up = append(up, fmt.Sprintf("%.1f,%.1f", x, p.up(line.High[i])))
			down = append([]string{fmt.Sprintf("%.1f,%.1f", x, p.up(line.Low[i]))}, down...)
		}
	}
	if len(up) > 1 {
		fmt.Fprintf(p, `<polygon class="band dot-%d" points="%s %s"/>`, shade, strings.Join(up, " "),
			strings.Join(down, " "))
	}
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
			height-bottom+12, p.x.text(mark))
	}
	for _, one := range points {
		if math.IsNaN(one.X) || math.IsNaN(one.Y) {
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
