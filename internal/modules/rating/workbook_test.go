package rating

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestWorkbookComputesItself: each formula gives the figure that stands beside it.
func TestWorkbookComputesItself(t *testing.T) {
	scheme, data := small(t)
	for name, flags := range map[string][]string{
		"amean":  {},
		"gmean":  {"--normalise", "minmax:1:10", "--aggregate", "gmean"},
		"hmean":  {"--normalise", "minmax:1:10", "--aggregate", "hmean"},
		"sum":    {"--aggregate", "sum"},
		"zscore": {"--normalise", "zscore:10:2", "--weights", "equal"},
		"pca":    {"--weights", "entropy"},
		"rank":   {"--normalise", "rank", "--aggregate", "median"},
	} {
		out := t.TempDir()
		must(t, append([]string{"run", scheme, data, "--out", out, "--lang", "zh"}, flags...)...)
		book, err := excelize.OpenFile(filepath.Join(out, "index.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		formulas := 0
		for _, sheet := range []string{"位次", "得分"} {
			for _, column := range []string{"C", "D", "E", "F"} {
				for row := 2; row <= 5; row++ {
					at := column + strconv.Itoa(row)
					formula, err := book.GetCellFormula(sheet, at)
					if err != nil || formula == "" {
						continue
					}
					formulas++
					said, err := book.GetCellValue(sheet, at)
					computed, wrong := book.CalcCellValue(sheet, at)
					x, y := number(t, said), number(t, computed)
					if err != nil || wrong != nil || math.Abs(x-y) > 1e-12*max(1, math.Abs(x)) {
						t.Errorf("%s: %s!%s = %s is %s, says %s (%v, %v)", name, sheet, at, formula,
							computed, said, err,
							wrong)
					}
				}
			}
		}
		if want := map[string]int{"rank": 16}[name]; formulas != 32 && formulas != want {
			t.Errorf("%s has %d formulas", name, formulas)
		}
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Error(err)
	}
	return x
}
