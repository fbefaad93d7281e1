package supervision

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/web"
)

// Measures of the charts in their own units: twelve months side by side, narrow enough that their words can
// be read on a telephone.
const (
	monthWidth  = 28
	chartLeft   = 32
	chartTop    = 10
	chartHeight = 96 // of the highest bar
	chartFoot   = 18
	barWidth    = 9
)

// trendChart draws what was raised and ended a month as bars: one filled, one hollow, so that they differ
// without a colour too.
func trendChart(r *web.Request, months []Month) template.HTML {
	highest := int64(1)
	for _, m := range months {
		highest = max(highest, m.Raised, m.Ended)
	}
	var body strings.Builder
	base := chartTop + chartHeight
	for i, m := range months {
		x := chartLeft + i*monthWidth
		for j, bar := range []struct {
			of    int64
			class string
		}{{m.Raised, "raised"}, {m.Ended, "ended"}} {
			if height := bar.of * chartHeight / highest; bar.of > 0 {
				height = max(height, 2)
				fmt.Fprintf(&body, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, bar.class,
					x+4+j*(barWidth+2), int64(base)-height, barWidth, height)
			}
		}
	}
	return chartOf(r, months, "supervision.trend", fmt.Sprint(highest), body.String())
}

// precisionChart draws the share that was confirmed of what ended in a month; a month without an end leaves
// a gap. It is empty if nothing has ended.
func precisionChart(r *web.Request, months []Month) template.HTML {
	var line, dots strings.Builder
	letter := "M"
	for i, m := range months {
		if m.Ended == 0 {
			letter = "M"
			continue
		}
		x := chartLeft + i*monthWidth + monthWidth/2
		y := int64(chartTop+chartHeight) - m.Confirmed*chartHeight/m.Ended
		fmt.Fprintf(&line, "%s%d %d", letter, x, y)
		fmt.Fprintf(&dots, `<circle cx="%d" cy="%d" r="3"/>`, x, y)
		letter = "L"
	}
	if line.Len() == 0 {
		return ""
	}
	return chartOf(r, months, "supervision.precision_trend", "100%",
		`<path class="share" d="`+line.String()+
			`"/>`+dots.String())
}

// chartOf is the frame of a chart: axis, months and the highest value. Everything written into it is a
// number or a text of the dictionary.
func chartOf(r *web.Request, months []Month, label, highest, body string) template.HTML {
	width, base := chartLeft+len(months)*monthWidth+4, chartTop+chartHeight
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg class="monthly" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width,
		base+chartFoot, template.HTMLEscapeString(r.T(label)))
	fmt.Fprintf(&svg, `<path class="axis" d="M%d %dH%dM%d %dH%d"/>`, chartLeft, base, width, chartLeft,
		chartTop, width)
	fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="end">%s</text>`, chartLeft-3, chartTop+4, highest)
	fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="end">0</text>`, chartLeft-3, base)
	svg.WriteString(body)
	for i, m := range months {
		name := strings.TrimPrefix(m.Month[5:], "0")
		if name == "1" || i == 0 {
			name = m.Month[2:4] + "/" + name
		}
		fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="middle">%s</text>`,
			chartLeft+i*monthWidth+monthWidth/2, base+13, name)
	}
	svg.WriteString("</svg>")
	return template.HTML(svg.String()) //nolint:gosec // numbers and texts of the dictionary, escaped
}
