package rating

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// optimised runs a search on the small coin or another, and answers target, share, correlation and weight of
// each node by its code.
func optimised(t *testing.T, out string, args ...string) map[string][4]float64 {
	t.Helper()
	must(t, append([]string{"optimise", "--coin", "--out", out}, args...)...)
	file, err := os.Open(filepath.Join(out, "optimised.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][4]float64{}
	for _, row := range rows[1:] {
		figures := [4]float64{}
		for i := range figures {
			figures[i] = math.NaN()
			if row[i+2] != "" {
				if figures[i], err = strconv.ParseFloat(row[i+2], 64); err != nil {
					t.Fatal(err)
				}
			}
		}
		found[row[0]] = figures
	}
	return found
}

var coinSteps = []string{"testdata/coin/iData.csv", "testdata/coin/iMeta.csv", "--impute", "mean",
	"--normalise",
	"minmax:0:100", "--aggregate", "amean"}

// TestWeightsToImportances: of two parts the correlations with the index are the same if each is weighed by
// one over its deviation; other targets are met by the node they are meant for; and the scheme written gives
// the index that was found.
func TestWeightsToImportances(t *testing.T) {
	out, again := t.TempDir(), t.TempDir()
	found := optimised(t, out, append(coinSteps, "--level", "3")...)
	must(t, append([]string{"run", "--coin", "--out", again}, coinSteps...)...)
	columns := columnsOf(t, filepath.Join(again, "scores.csv"))
	all, rest := 1/statistic.Deviation(columns["All"]), 1/statistic.Deviation(columns["Rest"])
	if got := found["All"][3]; math.Abs(got-all/(all+rest)) > 1e-6 || math.Abs(found["All"][2]-
		found["Rest"][2]) > 1e-6 {
		t.Errorf("%v, want %v of All", found, all/(all+rest))
	}
	must(t, "run", filepath.Join(out, "scheme.yaml"), "testdata/coin/iData.csv", "--out", again)
	columns = columnsOf(t, filepath.Join(again, "scores.csv"))
	if r := statistic.Pearson(columns["All"], columns["Index"]); math.Abs(r-found["All"][2]) > 1e-9 {
		t.Errorf("the scheme written correlates %v, found was %v", r, found["All"][2])
	}
	found = optimised(t, out, append(coinSteps, "--level", "3", "--targets", "Rest=1.1, All=1")...)
	if r, a := found["Rest"], found["All"]; math.Abs(r[0]-1.1/2.1) > 1e-12 || math.Abs(r[1]-r[0]) > 1e-6 ||
		math.Abs(r[2]/a[2]-1.1) > 1e-5 {
		t.Errorf("targets of their own: %v", found)
	}
	found = optimised(t, out, append(coinSteps, "--aim", "infomax")...)
	sums := map[string]float64{}
	for code, parent := range map[string]string{"road": "Infra", "rail": "Infra", "net": "Infra",
		"beds": "Serve", "wait": "Serve", "school": "Serve", "debt": "Money", "loans": "Money"} {
		if x := found[code]; x[0] == x[0] || !(x[3] >= 0) {
			t.Errorf("%s: %v", code, x)
		}
		sums[parent] += found[code][3]
	}
	for parent, sum := range sums {
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("the weights under %s add up to %v", parent, sum)
		}
	}
	for _, c := range []struct{ flag, word, key string }{{"--level", "4", "rating.optimise_level"},
		{"--level", "0", "rating.optimise_level"}, {"--targets", "All", "rating.flag_unreadable"},
		{"--targets", "All=1,All=2", "rating.flag_unreadable"},
		{"--targets", "All=1", "rating.optimise_target"}, {"--aim", "fair", "rating.optimise_aim"}} {
		args := append([]string{"optimise", "--coin"}, append(coinSteps, "--level", "3", c.flag, c.word)...)
		if _, err := command(t, locale.Chinese, args...); !fault.HasKey(err, c.key) {
			t.Errorf("%s %s: %v", c.flag, c.word, err)
		}
	}
}

// TestWeightsToImportancesOfTheReference: its example balances Conn and Sust to −13.3 and its own search with
// a tolerance of 0.001 the pillars to −9.59, with two weights below 0.
func TestWeightsToImportancesOfTheReference(t *testing.T) {
	steps, out := append([]string{asem(t, "iData.csv"), asem(t, "iMeta.csv")}, pipeline...), t.TempDir()
	objective := func(args ...string) float64 {
		sum, n := 0.0, 0.0
		for _, x := range optimised(t, out, append(steps, args...)...) {
			sum, n = sum+(x[0]-x[1])*(x[0]-x[1]), n+1
		}
		return math.Log(sum / n)
	}
	if got := objective("--level", "3"); !(got <= -13.3) {
		t.Errorf("sub-indices: %v", got)
	}
	if got := objective("--level", "2", "--negative"); !(got <= -9.59) {
		t.Errorf("pillars: %v", got)
	}
}

// columnsOf reads a table by column.
func columnsOf(t *testing.T, path string) map[string][]float64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]float64{}
	for c, code := range rows[0][1:] {
		for _, row := range rows[1:] {
			x, err := strconv.ParseFloat(row[c+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[code] = append(columns[code], x)
		}
	}
	return columns
}
