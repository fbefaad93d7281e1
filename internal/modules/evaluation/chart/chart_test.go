package chart_test

import (
	"math"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/chart"
)

// TestLinesLeaveGaps: what is missing is not drawn as zero, and names are escaped.
func TestLinesLeaveGaps(t *testing.T) {
	drawn := string(chart.Lines(chart.Axes{Label: "得分"}, []string{"2022", "2023", "2024", "2025"},
		[]chart.Series{{Name: `<甲>`, Values: []float64{0, 10, math.NaN(), 10}}}))
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

// TestRanksStandDown: rank 1 is on top, and marks are whole.
func TestRanksStandDown(t *testing.T) {
	drawn := string(chart.Lines(chart.Axes{Down: true, Whole: true}, []string{"2023", "2024"},
		[]chart.Series{{Name: "A", Values: []float64{1, 3}}}))
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
