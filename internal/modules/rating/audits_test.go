package rating

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestComparisons: leaving an indicator out, and another method, beside the index.
func TestComparisons(t *testing.T) {
	scheme, data := small(t)
	out := t.TempDir()
	said := must(t, "compare", scheme, data, "--out", out)
	cells := tableOf(t, filepath.Join(out, "compare.csv"))
	for _, code := range []string{"Nominal", "x1", "x2", "x3"} {
		if cells[[2]string{"D", code}] != "1" || cells[[2]string{"C", code}] != "4" {
			t.Errorf("without %s: %v", code, cells)
		}
	}
	said += must(t, "compare", scheme, data, "--with", "normalise=rank;aggregate=median", "--with",
		"aggregate=gmean")
	for _, want := range []string{"normalise=rank;aggregate=median", "1.00", "x1 of C is 0", "x2"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	for _, word := range []string{"normalise=fair", "scale=1", "normalise"} {
		_, err := command(t, locale.English, "compare", scheme, data, "--with", word)
		if !fault.HasKey(err, "rating.flag_unreadable") {
			t.Errorf("%s: %v", word, err)
		}
	}
}

// TestSensitivityOfTheReference: of the four choices of the reference, aggregation moves ranks the most and
// the limit of winsorising the least, by total order.
func TestSensitivityOfTheReference(t *testing.T) {
	out := t.TempDir()
	args := append([]string{"sensitivity", "--coin", asem(t, "iData.csv"), asem(t, "iMeta.csv"), "--out",
		out,
		"--replications", "256", "--vary", "weights=0.25", "--vary", "winmax=1/2/3/4/5",
		"--vary", "normalise=minmax:1:100/zscore:10:2", "--vary", "aggregate=amean/gmean"}, pipeline...)
	must(t, args...)
	file, err := os.Open(filepath.Join(out, "sensitivity.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	total := map[string]float64{}
	for _, row := range rows[1:] {
		if total[row[0]], err = strconv.ParseFloat(row[4], 64); err != nil {
			t.Error(err)
		}
	}
	if !(total["aggregate"] > total["normalise"] && total["normalise"] > total["winmax"] &&
		total["weights"] > total["winmax"] && total["winmax"] >= 0) {
		t.Errorf("total orders %v", total)
	}
	if cells := tableOf(t, filepath.Join(out, "uncertainty.csv")); cells[[2]string{"AUT",
		"Nominal"}] != "7" {
		t.Errorf("nominal rank of AUT %q", cells[[2]string{"AUT", "Nominal"}])
	}
}

func TestWrongInputsAreRefused(t *testing.T) {
	scheme, data := small(t)
	for _, word := range []string{"weights=2", "weights=0.1/0.2", "winmax=0/1", "winmax=1.5",
		"normalise=fair",
		"aggregate=none/amean", "colour=red", "treat=cut", "data=-1", "winmax=many"} {
		_, err := command(t, locale.English, "sensitivity", scheme, data, "--vary", word)
		if !fault.HasKey(err, "rating.flag_unreadable") || fault.Of(err).Args[1] != word {
			t.Errorf("%s: %v", word, err)
		}
	}
	said := must(t, "sensitivity", scheme, data, "--replications", "16", "--vary", "data=0.5", "--vary",
		"treat=winsorise/none", "--vary", "normalise=none/rank")
	if !strings.Contains(said, "80 rebuilds") { // N·(d+2)
		t.Errorf("runs: %s", said)
	}
}
