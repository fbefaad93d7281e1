package rating

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/locale"
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

// TestEveryFormulaOfAWorkbookIsItsFigure, of runs that are harder: columns without spread, gaps, judges,
// costs, denominators, areas left out, a mean of its own at each level. excelize computes each cell anew.
func TestEveryFormulaOfAWorkbookIsItsFigure(t *testing.T) {
	scheme, data := files(t, vectorScheme+everyMethod)
	flat, figures := flattened(t)
	coin := []string{"--coin", filepath.Join("testdata", "coin", "iData.csv"),
		filepath.Join("testdata", "coin", "iMeta.csv")}
	for name, arguments := range map[string][]string{
		"judges":       {scheme, data, "--weights", "given"},
		"combined":     {scheme, data},
		"flat minmax":  {flat, figures, "--normalise", "minmax:0:100,one"},
		"flat zscore":  {flat, figures, "--normalise", "zscore:100:10,one"},
		"flat missing": {flat, figures, "--normalise", "minmax:0:100"},
		"coin": append(coin, "--denominate", "--screen", "0.5", "--treat", "winsorise", "--normalise",
			"minmax:1:100", "--weights", "given", "--aggregate", "gmean,hmean,amean"),
	} {
		out := t.TempDir()
		printed, err := command(t, locale.English, append([]string{"run", "--out", out}, arguments...)...)
		if err != nil {
			t.Fatalf("%s: %v %s", name, err, printed)
		}
		if n := recomputed(t, name, filepath.Join(out, "index.xlsx")); n < 10 {
			t.Errorf("%s has %d formulas", name, n)
		}
	}
}

// flattened is the small index with one column the same everywhere and a gap in another.
func flattened(t *testing.T) (scheme, data string) {
	t.Helper()
	scheme, data = files(t, vectorScheme+"  - {method: given}\n")
	return scheme, placed(t, filepath.Dir(data), "flat.csv",
		"uCode,x1,x2,x3\nA,7,2.8,40\nB,7,2.4,\nC,7,3.1,30\nD,7,2.1,70\n")
}

// recomputed compares each cell that has a formula with what the formula gives, and counts them.
func recomputed(t *testing.T, name, path string) (formulas int) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for line, row := range rows {
			for column := range row {
				at, _ := excelize.CoordinatesToCellName(column+1, line+1)
				formula, err := book.GetCellFormula(sheet, at)
				if err != nil || formula == "" {
					continue
				}
				formulas++
				computed, wrong := book.CalcCellValue(sheet, at, excelize.Options{RawCellValue: true})
				x, y := number(t, row[column]), number(t, computed)
				if wrong != nil || math.Abs(x-y) > 1e-11*max(1, math.Abs(x)) {
					t.Errorf("%s: %s!%s = %s is %s, says %s (%v)", name, sheet, at, formula, computed,
						row[column], wrong)
				}
			}
		}
	}
	return formulas
}

func placed(t *testing.T, folder, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Error(err)
	}
	return x
}
