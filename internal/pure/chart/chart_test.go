package chart_test

import (
	"math"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/chart"
)

// TestLinesLeaveGaps: what is missing is not drawn as zero, and names are escaped.
func TestLinesLeaveGaps(t *testing.T) {
	drawn := string(chart.Lines(chart.Axes{Label: "得分"}, []string{"2022", "2023", "2024", "2025"},
		[]chart.Line{{Name: `<甲>`, Values: []float64{0, 10, math.NaN(), 10}}}))
	// 0 to 10 from 190 up to 20; times 46, 164.7, 283.3, 402
	for _, want := range []string{`d="M46.0 190.0L164.7 20.0M402.0 20.0"`, "&lt;甲&gt;", "2022", "2025",
		`aria-label="得分"`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%s is not in %s", want, drawn)
		}
	}
	if strings.Contains(drawn, "NaN") || strings.Contains(drawn, "<甲>") {
		t.Error(drawn)
	}
}

// TestTheFirstRankIsOne, also on an axis whose marks are fives.
func TestTheFirstRankIsOne(t *testing.T) {
	drawn := string(chart.Lines(chart.Axes{Down: true, Whole: true}, []string{"2023", "2024"},
		[]chart.Line{{Name: "A", Values: []float64{1, 12}}}))
	if !strings.Contains(drawn, ">1<") || strings.Contains(drawn, ">0<") || !strings.Contains(drawn, ">5<") {
		t.Errorf("marks of ranks: %s", drawn)
	}
}

// TestRanksStandDown: rank 1 is on top, and marks are whole.
func TestRanksStandDown(t *testing.T) {
	drawn := string(chart.Lines(chart.Axes{Down: true, Whole: true}, []string{"2023", "2024"},
		[]chart.Line{{Name: "A", Values: []float64{1, 3}}}))
	if !strings.Contains(drawn, `d="M46.0 20.0L402.0 190.0"`) || strings.Contains(drawn, ">1.5<") {
		t.Error(drawn)
	}
}

// TestPointsOnAFixedPlane: an axis that is fixed does not move with the figures, and no figures are a plane.
func TestPointsOnAFixedPlane(t *testing.T) {
	drawn := string(chart.Points(chart.Axes{Until: 1}, []chart.Point{{X: 0.5, Y: 0.5, Name: "A"},
		{X: math.NaN(), Y: 1, Name: "缺"}}))
	if !strings.Contains(drawn, `cx="224.0" cy="105.0"`) || strings.Contains(drawn, "缺") {
		t.Error(drawn)
	}
	if empty := string(chart.Points(chart.Axes{}, nil)); !strings.Contains(empty, "</svg>") ||
		strings.Contains(empty, "Inf") {
		t.Error(empty)
	}
}

// TestNoLineAcrossABreak: a break and a year without a figure both interrupt a line; a break outside the
// years is not drawn, and two of one year are one line with both words.
func TestNoLineAcrossABreak(t *testing.T) {
	values := chart.Over(2010, 2016, map[int]float64{2010: 1, 2011: 2, 2013: 3, 2014: 5, 2015: 4, 2020: 9})
	drawn := string(chart.Lines(chart.Axes{Label: `<b>"`, Y: "万元"}, chart.Years(2010, 2016),
		[]chart.Line{{Name: "甲", Values: values}}, chart.Break{At: 4, Label: "一体化"},
		chart.Break{At: 4, Label: "<并区>"}, chart.Break{At: -1, Label: "out"}, chart.Break{At: 0,
			Label: "out"},
		chart.Break{At: 7, Label: "out"}))
	_, path, _ := strings.Cut(drawn, `<path class="line-0" d="`)
	path, _, _ = strings.Cut(path, `"`)
	if strings.Count(path, "M") != 3 || strings.Count(path, "L") != 2 {
		t.Errorf("the line runs %q", path)
	}
	for _, want := range []string{"一体化; &lt;并区&gt;", ">万元<", "甲 2014: 5"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%s is not in %s", want, drawn)
		}
	}
	if strings.Contains(drawn, "<b>") || strings.Contains(drawn, "out") ||
		strings.Count(drawn, `class="break"`) != 1 {
		t.Error(drawn)
	}
	if chart.Lines(chart.Axes{}, chart.Years(2010, 2012), []chart.Line{{Values: chart.Over(2010, 2012,
		nil)}}) != "" {
		t.Error("nothing was drawn as something")
	}
}

// TestScaleHoldsEverything: marks are round, have one number of decimals and grouped thousands, and
// intervals are inside.
func TestScaleHoldsEverything(t *testing.T) {
	for _, c := range []struct {
		values    []float64
		marks     string
		low, high float64 // where the marks of the axis end
	}{
		{[]float64{2.18, 2.36, 2.44}, ">2.1< >2.2< >2.3< >2.4< >2.5<", 2.18, 2.44},
		{[]float64{38000, 12000}, ">10,000< >20,000< >30,000< >40,000<", 12000, 38000},
		{[]float64{-2_900_000, 1}, ">-3,000,000< >-2,000,000< >-1,000,000< >0< >1,000,000<", -2.9e6, 1},
		{[]float64{5}, ">4.0< >4.5< >5.0< >5.5< >6.0<", 5, 5},
	} {
		drawn := string(chart.Lines(chart.Axes{}, chart.Years(2020, 2022), []chart.Line{{Values: []float64{
			c.values[0]}, Low: c.values, High: c.values}}))
		for mark := range strings.FieldsSeq(c.marks) {
			if !strings.Contains(drawn, mark) {
				t.Errorf("%v have no mark %s: %s", c.values, mark, drawn)
			}
		}
		for _, beyond := range []string{">2.0<", ">2.6<", ">50,000<", ">2,000,000<", ">3.5<", ">6.5<"} {
			if strings.Contains(drawn, beyond) {
				t.Errorf("%v have a mark %s", c.values, beyond)
			}
		}
	}
}
