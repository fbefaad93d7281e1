package chart

import (
	"strings"
	"testing"
)

// TestNoLineAcrossABreak: a break and a year without a figure both interrupt a line, and texts are escaped.
func TestNoLineAcrossABreak(t *testing.T) {
	c := Chart{Label: `<b>"`, From: 2010, To: 2016, Breaks: []Break{{2014, "一体化"}, {2009, "out"}},
		Lines: []Line{{Label: "甲", Points: map[int]float64{2010: 1, 2011: 2, 2013: 3, 2014: 5, 2015: 4}}}}
	svg := string(c.SVG())
	_, path, _ := strings.Cut(svg, `<path class="line line-0 " d="`)
	path, _, _ = strings.Cut(path, `"`)
	if strings.Count(path, "M") != 3 || strings.Count(path, "L") != 2 {
		t.Errorf("the line runs %q", path)
	}
	if strings.Contains(svg, "<b>") || strings.Contains(svg, "out") || strings.Count(svg,
		`class="break"`) != 1 {
		t.Error(svg)
	}
	if (Chart{From: 2010, To: 2012}).SVG() != "" {
		t.Error("nothing was drawn as something")
	}
}

// TestScaleHoldsEverything: steps are round, and intervals are inside.
func TestScaleHoldsEverything(t *testing.T) {
	c := Chart{From: 2020, To: 2022, Lines: []Line{{Points: map[int]float64{2020: 2.36, 2022: 2.31},
		Low: map[int]float64{2022: 2.18}, High: map[int]float64{2022: 2.44}}}}
	s, ok := c.scale()
	if !ok || s.low > 2.18 || s.high < 2.44 || s.step < .0999 || s.step > .1001 {
		t.Errorf("%+v", s)
	}
	one := Chart{From: 2020, To: 2020, Lines: []Line{{Points: map[int]float64{2020: 5}}}}
	if s, ok := one.scale(); !ok || s.low > 5 || s.high < 5 || s.low == s.high {
		t.Errorf("%+v", s)
	}
}
