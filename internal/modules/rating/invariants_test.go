package rating

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
)

// TestMethodsLeaveTheirFiguresAlone: the same family goes to every method of weights and of aggregation, on
// many processors at once; none may change it.
func TestMethodsLeaveTheirFiguresAlone(t *testing.T) {
	family := func() score.Family {
		f := score.Family{Parent: "I", Children: []string{"x1", "x2"}, Level: []string{"x1", "x2"},
			Areas:   []string{"A", "B", "C", "D", "E"},
			Columns: [][]float64{{.25, .55, .1, 1, .4}, {.3, .7, .2, .9, .8}},
			Raw:     [][]float64{{60, 72, 50, 90, 66}, {2.8, 2.4, 3.1, 2.1, 2.2}}, Costs: []bool{false,
				true},
			Given: []float64{1, 2}}
		f.By = score.Weighting{Compared: score.Compared{Best: "x1", Worst: "x2",
			ToOthers: map[string]float64{"x2": 2}, Ranks: map[string]int{"x1": 1, "x2": 2}},
			Combined: score.Combined{How: howRoot, Of: []score.Weighting{{Method: "sd"}, {Method: "cv"}}}}
		return f
	}
	m := Methods()
	for name, weigh := range m.Weigh {
		f := family()
		f.By.Method = name
		want := family()
		want.By.Method = name
		_, _ = weigh(f) // some of them refuse what others need
		if !reflect.DeepEqual(f, want) {
			t.Errorf("%s changed its figures: %v", name, f)
		}
	}
	for name, combine := range m.Combine {
		f, weights := family(), []float64{1, 2}
		f.Costs = nil
		want := family()
		want.Costs = nil
		if err := combine(f, weights, make([]float64, len(f.Areas))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(f, want) || !slices.Equal(weights, []float64{1, 2}) {
			t.Errorf("%s changed its figures: %v %v", name, f, weights)
		}
	}
}

// TestScoresFollowFromTheFilesAlone: normalised.csv and weights.csv give scores.csv, level by level, whatever
// treatment and gaps there were before.
func TestScoresFollowFromTheFilesAlone(t *testing.T) {
	out := t.TempDir()
	must(t, "run", "--coin", filepath.Join("testdata", "coin", "iData.csv"),
		filepath.Join("testdata", "coin", "iMeta.csv"), "--out", out, "--denominate", "--treat",
		"winsorise",
		"--normalise", "minmax:1:100", "--weights", "given", "--aggregate", "amean")
	normalised, scores := table(t, out, "normalised.csv"), table(t, out, "scores.csv")
	weights := table(t, out, "weights.csv")
	checked := 0
	for area, said := range scores {
		known := map[string]string{}
		for code, text := range normalised[area] {
			known[code] = text
		}
		for range 8 { // levels, from below
			sum, of := map[string]float64{}, map[string]float64{}
			for code, w := range weights {
				if x, err := strconv.ParseFloat(known[code], 64); err == nil && w["Parent"] != "" {
					weight := figureOf(t, w["Weight"])
					sum[w["Parent"]] += weight * x
					of[w["Parent"]] += weight
				}
			}
			for parent := range of {
				known[parent] = strconv.FormatFloat(sum[parent]/of[parent], 'g', -1, 64)
			}
		}
		for code, w := range weights {
			if figureOf(t, w["Level"]) < 2 || said[code] == "" {
				continue
			}
			checked++
			if x, y := figureOf(t, said[code]), figureOf(t, known[code]); math.Abs(x-y) > 1e-9 {
				t.Errorf("%s of %s is %v, the files give %v", code, area, x, y)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d scores were looked at", checked)
	}
}

// table reads a result by its first column, then by its heading.
func table(t *testing.T, folder, name string) map[string]map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, row := range rows[1:] {
		all[row[0]] = map[string]string{}
		for c, text := range row {
			all[row[0]][rows[0][c]] = text
		}
	}
	return all
}

func figureOf(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestFewAreasAreDoubted: weights from fewer areas than children are told, by every method that takes them.
func TestFewAreasAreDoubted(t *testing.T) {
	for _, method := range []string{"entropy", "entropy_raw", "entropy_shift", "sd", "cv"} {
		for areas, want := range map[int]int{2: 1, 3: 0} {
			f := score.Family{Parent: "I", Children: []string{"x", "y", "z"}, Areas: make([]string, areas),
				By: score.Weighting{Method: method}}
			if notes, err := accounts()[method](f); err != nil || len(notes) != want {
				t.Errorf("%s of %d areas: %v %v", method, areas, notes, err)
			}
		}
	}
}
