package display

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
)

// TestFiguresOfAPage: each kind of figure as a page writes it.
func TestFiguresOfAPage(t *testing.T) {
	minus := math.Copysign(0, -1)
	for want, got := range map[string]string{
		"68.384": Short(68.3841), "100.00": Short(100), "1234.5": Short(1234.54), "0.0123": Fixed(0.01231, 4),
		"–": Short(result.Number(math.NaN())), "∞": Short(result.Number(math.Inf(1))),
		"-∞": Short(result.Number(math.Inf(-1))), "0.000": Short(result.Number(minus)),
		"0.00": Fixed(-0.001, 2), "0": Figure(result.Number(minus)), "19167": Figure(19167),
		"0.05658105": Figure(0.05658105305692224), "< 0.001": Probability(0.0004),
		"0.470": Probability(0.47), "2.5": Place(2.5), "50.0": Share(1, 2), "100.0": Share(3, 2),
		"1.2346e+08": Short(123456789),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestFiguresReadBack: what a page shows is the figure to seven digits, the score to three decimals, and a
// width fits the bar.
func TestFiguresReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e6, 1e6).Draw(t, "x")
		read := func(text string) float64 {
			y, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			return y
		}
		if y := read(Figure(result.Number(x))); math.Abs(y-x) > 1e-4*math.Abs(x) {
			t.Errorf("%v is shown as %v", x, y)
		}
		if y := read(Short(result.Number(x))); math.Abs(y-x) > max(1e-3, 1e-4*math.Abs(x)) {
			t.Errorf("%v is shown as %v", x, y)
		}
		if y := read(Share(x, rapid.Float64().Draw(t, "whole"))); y < 0 || y > 100 {
			t.Errorf("a bar of %v %%", y)
		}
	})
}
