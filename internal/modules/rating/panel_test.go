package rating

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// panelScheme has two pillars; %s is its normalisation.
const panelScheme = `indicators:
  - {code: x1, parent: U, goalposts: {low: 0, high: 120}}
  - {code: x2, parent: U, direction: cost, goalposts: {low: 1, high: 4}}
  - {code: x3, parent: R, goalposts: {low: 0, high: 100}}
  - {code: x4, parent: R, goalposts: {low: 0, high: 900}}
aggregates: [{code: U, parent: I}, {code: R, parent: I}, {code: I}]
treat: {}
normalise: %s
aggregate: [{method: amean}]
`

// panelFiles are nine areas in three years, one of which is not there in the first. x4 has outliers that
// treatment takes back, as many as it may.
func panelFiles(t *testing.T, normalise string) (scheme, data string) {
	t.Helper()
	folder := t.TempDir()
	scheme, data = filepath.Join(folder, "scheme.yaml"), filepath.Join(folder, "data.csv")
	var b strings.Builder
	b.WriteString("uCode,Time,x1,x2,x3,x4\n")
	for year := range 3 {
		for i := range 9 {
			if year == 0 && i == 4 {
				continue
			}
			outlier := 10 + (i*7+year*3)%9
			if i < 2 {
				outlier = 800 - 300*i + 40*year
			}
			fmt.Fprintf(&b, "%c,%d,%d,%.2f,%d,%d\n", 'A'+i, 2021+year, 50+(i*29+year*17)%61,
				2+float64((i*5+year*2)%13)/10, 20+(i*17+year*31)%71, outlier)
		}
	}
	for path, text := range map[string]string{scheme: fmt.Sprintf(panelScheme, normalise),
		data: b.String()} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return scheme, data
}

// anew compiles and runs a changed scheme from the files, nothing being kept from run to run.
func anew(t *testing.T, files [2]string, change func(*score.Scheme)) *score.Outcome {
	t.Helper()
	again := task{source: source{files: files}}
	if err := again.readScheme(); err != nil {
		t.Fatal(err)
	}
	change(&again.scheme)
	if err := again.readData(); err != nil {
		t.Fatal(err)
	}
	plan, err := score.Compile(again.scheme, again.table, Methods())
	if err != nil {
		t.Fatal(err)
	}
	o, err := plan.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// drawnScheme changes a scheme by a draw of the choices that replications have if none are said: the weights
// of both pillars, and the limit of treatment.
func drawnScheme(s *score.Scheme, draw []float64) {
	for i := range 2 {
		w := 1 + .25*(2*draw[i]-1)
		s.Aggregates[i].Weight = &w
	}
	s.Treat.WinMax = 1 + audit.Option(draw[2], 5)
}

// panelNormalisations are those over all years, of each year by itself, and between fixed posts.
var panelNormalisations = []string{"{method: minmax, low: 1, high: 100}", "{method: minmax, by: time}",
	"{method: goalposts, factor: 100}", "{method: rank}"}

// TestReplicationsOfAPanel: what the replications say of every area in every year is what rebuilding all of
// it from the files for each draw comes to, whether years are normalised together or not.
func TestReplicationsOfAPanel(t *testing.T) {
	const runs = 40
	for _, normalise := range panelNormalisations {
		scheme, data := panelFiles(t, normalise)
		out := t.TempDir()
		said := must(t, "run", scheme, data, "--out", out, "--replications", strconv.Itoa(runs), "--seed",
			"9")
		if !strings.Contains(said, "3 times from 2021 to 2023") {
			t.Errorf("it is not said that years are ranked apart:\n%s", said)
		}
		sequence, err := audit.NewSequence(3, 9)
		if err != nil {
			t.Fatal(err)
		}
		files, draw := [2]string{scheme, data}, make([]float64, 3)
		base := anew(t, files, func(*score.Scheme) {})
		drawn := make([][]float64, len(base.Areas))
		for run := range runs {
			sequence.At(uint32(run), draw)
			o := anew(t, files, func(s *score.Scheme) { drawnScheme(s, draw) })
			for row, rank := range o.Ranks[o.Top()] {
				drawn[row] = append(drawn[row], float64(rank))
			}
		}
		rows := rowsOfFile(t, filepath.Join(out, "uncertainty.csv"))
		if len(rows) != len(base.Areas)+1 || !slices.Equal(rows[0][:3], []string{"uCode", "Time",
			"Nominal"}) {
			t.Fatalf("%d rows under %v", len(rows), rows[0])
		}
		moved := false
		for row, ranks := range drawn {
			want := []float64{float64(base.Ranks[base.Top()][row]), statistic.Mean(ranks),
				statistic.Quantile(ranks, .5), statistic.Quantile(ranks, .05), statistic.Quantile(ranks,
					.95)}
			moved = moved || want[3] < want[4]
			got := rows[row+1]
			if got[0] != base.Areas[row] || got[1] != base.Times[row] {
				t.Errorf("row %d is %v, want %s", row, got, base.Keys[row])
			}
			for i, x := range want {
				if y, err := strconv.ParseFloat(got[2+i], 64); err != nil || math.Abs(x-y) > 1e-9 {
					t.Errorf("%s, %s %s: %s, want %v", normalise, base.Keys[row], rows[0][2+i], got[2+i], x)
				}
			}
		}
		if !moved {
			t.Error("no rank moves: nothing is tested")
		}
	}
}

// TestSensitivityOfAPanel: every year has the first and total orders that its own ranks come to when each of
// the draws of the design is rebuilt from the files.
func TestSensitivityOfAPanel(t *testing.T) {
	const design = 16
	scheme, data := panelFiles(t, panelNormalisations[0])
	out := t.TempDir()
	must(t, "sensitivity", scheme, data, "--out", out, "--replications", strconv.Itoa(design), "--seed",
		"4")
	files := [2]string{scheme, data}
	base := anew(t, files, func(*score.Scheme) {})
	sequence, err := audit.NewSequence(6, 4)
	if err != nil {
		t.Fatal(err)
	}
	times, point := []string{"2021", "2022", "2023"}, make([]float64, 6)
	answers := map[string][][4]float64{} // by time: of A, of B, of A with weights of B, with limit of B
	for row := range design {
		sequence.At(uint32(row), point)
		a, b := point[:3], point[3:]
		var of [3][4]float64
		for k, draw := range [][]float64{a, b, {b[0], b[1], a[2]}, {a[0], a[1], b[2]}} {
			o := anew(t, files, func(s *score.Scheme) { drawnScheme(s, draw) })
			for i, time := range times {
				of[i][k] = shiftAt(base, o, time)
			}
		}
		for i, time := range times {
			answers[time] = append(answers[time], of[i])
		}
	}
	rows := rowsOfFile(t, filepath.Join(out, "sensitivity.csv"))
	if len(rows) != 7 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, got := range rows[1:] {
		time, input := times[i/2], i%2
		if got[0] != time || got[1] != []string{"weights", "winmax"}[input] {
			t.Errorf("row %d is %v", i, got)
		}
		first, total := orders(answers[time], input)
		for column, want := range map[int]float64{2: first, 5: total} {
			if x, err := strconv.ParseFloat(got[column], 64); err != nil || math.Abs(x-want) > 1e-9 {
				t.Errorf("%s %s, %s: %s, want %v", time, got[1], rows[0][column], got[column], want)
			}
		}
	}
}

// shiftAt is the mean of |rank − nominal rank| at a time.
func shiftAt(base, o *score.Outcome, time string) float64 {
	var moved []float64
	for row, at := range o.Times {
		if at == time {
			moved = append(moved, math.Abs(float64(o.Ranks[o.Top()][row]-base.Ranks[base.Top()][row])))
		}
	}
	return statistic.Mean(moved)
}

// orders are the estimators of Saltelli 2010 and of Jansen, as they are written.
func orders(y [][4]float64, input int) (first, total float64) {
	var all []float64
	for _, row := range y {
		all = append(all, row[0], row[1])
		first += row[1] * (row[2+input] - row[0])
		total += (row[0] - row[2+input]) * (row[0] - row[2+input])
	}
	variance := math.Pow(statistic.Deviation(all), 2)
	if variance == 0 {
		return 0, 0
	}
	n := float64(len(y))
	return first / n / variance, total / (2 * n) / variance
}

// TestComparisonsOfAPanel: the ranks of each year without an indicator, and by another method.
func TestComparisonsOfAPanel(t *testing.T) {
	scheme, data := panelFiles(t, panelNormalisations[0])
	files, out := [2]string{scheme, data}, t.TempDir()
	said := must(t, "compare", scheme, data, "--out", out, "--with", "normalise=rank", "--with",
		"weights=entropy", "--with", "aggregate=gmean;normalise=zscore")
	if !strings.Contains(said, "each ranked by itself") || !strings.Contains(said, "2022  normalise=rank") {
		t.Errorf("years do not stand apart:\n%s", said)
	}
	if !strings.Contains(said, "–     aggregate=gmean;normalise=zscore") {
		t.Errorf("a way that is refused is not told once:\n%s", said)
	}
	want := anew(t, files, func(s *score.Scheme) { s.Normalise = &score.Normalise{Method: score.Ranked} })
	for row, got := range rowsOfFile(t, filepath.Join(out, "compare.csv"))[1:] {
		if got[0] != want.Areas[row] || got[1] != want.Times[row] ||
			got[3] != strconv.Itoa(want.Ranks[want.Top()][row]) || got[5] != "" {
			t.Errorf("%v, want %s %d", got, want.Keys[row], want.Ranks[want.Top()][row])
		}
	}
	must(t, "compare", scheme, data, "--out", out)
	want = anew(t, files, func(s *score.Scheme) { s.Indicators[2].Weight = new(float64) })
	for row, got := range rowsOfFile(t, filepath.Join(out, "compare.csv"))[1:] {
		if got[5] != strconv.Itoa(want.Ranks[want.Top()][row]) {
			t.Errorf("without x3: %v, want %d", got, want.Ranks[want.Top()][row])
		}
	}
	_, err := command(t, "en", "compare", scheme, data, "--aggregate", "none")
	if !fault.HasKey(err, "rating.replications_of_nothing") {
		t.Errorf("nothing to compare: %v", err)
	}
}

func rowsOfFile(t *testing.T, path string) [][]string {
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
	return rows
}
