package rating

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// coin writes the reference package's two tables, and answers their paths and a folder that is not there yet.
func coin(t *testing.T, data, meta string) (dataPath, metaPath, out string) {
	t.Helper()
	folder := t.TempDir()
	dataPath, metaPath = filepath.Join(folder, "iData.csv"), filepath.Join(folder, "iMeta.csv")
	for path, text := range map[string]string{dataPath: data, metaPath: meta} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dataPath, metaPath, filepath.Join(folder, "out")
}

const (
	fourAreas = "uCode,a,b,c\nz,1,2,3\ny,2,5,1\nx,4,0,8\nw,9,1,2\n"
	twoGroups = "iCode,Type,Level,Parent,Direction,Weight\na,Indicator,1,Q,1,1\nb,Indicator,1,Q,-1,1\n" +
		"c,Indicator,1,P,1,2\nQ,Aggregate,2,I,1,1\nP,Aggregate,2,I,1,1\nI,Aggregate,3,,1,1\n"
)

// TestRowsAndColumnsStandInOrder: areas by code, aggregates of a level by code, and no zero with a sign.
func TestRowsAndColumnsStandInOrder(t *testing.T) {
	data, meta, out := coin(t, fourAreas, twoGroups)
	must(t, "run", "--coin", data, meta, "--out", out, "--normalise", "scaled:0:10:1", "--aggregate",
		"amean",
		"--replications", "3")
	for name, want := range map[string]string{
		"scores.csv": "uCode,a,b,c,P,Q,I\nw,0.9,-0.1,0.2,0.2,0.4,0.30000000000000004\n" +
			"x,0.4,0,0.8,0.8,0.2,0.5\n",
		"ranks.csv":       "uCode,a,b,c,P,Q,I\nw,1,2,3,3,1,2\nx,2,1,1,1,2,1\n",
		"uncertainty.csv": "uCode,Nominal,Mean,Median,Q5,Q95\nw,2,",
	} {
		body, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !strings.HasPrefix(string(body), want) {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
}

// TestARefusalWritesNothing: what is refused late is refused before the folder is made.
func TestARefusalWritesNothing(t *testing.T) {
	for _, said := range [][]string{{"--replications", "-5"}, {"--replications", "9", "--vary", "moon=1"},
		{"--lang", "xx"}, {"--threshold", "2"}, {"--normalise", "minmax:5:5"}, {"--normalise",
			"scaled:1:1"},
		{"--aggregate", "gmean"}} {
		data, meta, out := coin(t, fourAreas, twoGroups)
		args := append([]string{"run", "--coin", data, meta, "--out", out, "--normalise", "minmax",
			"--aggregate", "amean"}, said...)
		printed, err := command(t, locale.English, args...)
		if err == nil {
			t.Errorf("%v is taken: %s", said, printed)
		}
		if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v leaves a folder behind", said)
		}
	}
}

// TestAParentUnknownIsToldWithItsRow: the place in the table of indicators, not only its code.
func TestAParentUnknownIsToldWithItsRow(t *testing.T) {
	data, meta, out := coin(t, fourAreas, strings.Replace(twoGroups, "c,Indicator,1,P", "c,Indicator,1,R",
		1))
	_, err := command(t, locale.English, "run", "--coin", data, meta, "--out", out)
	found := fault.Of(err).Findings
	if len(found) != 1 || found[0].Row != 4 || found[0].Column != "Parent" {
		t.Errorf("%+v", found)
	}
}

// TestWeightsThatCancelAreRefused: two children that move against each other have loadings of both signs that
// add up to nothing.
func TestWeightsThatCancelAreRefused(t *testing.T) {
	data, meta, out := coin(t, "uCode,a,b,c\nz,1,1,3\ny,2,3,1\nx,4,4,8\nw,9,8,2\n", twoGroups)
	printed, err := command(t, locale.English, "run", "--coin", data, meta, "--out", out, "--normalise",
		"minmax", "--weights", "pca", "--aggregate", "amean")
	if fault.Of(err).Key != "rating.weights_cancel" || !strings.Contains(printed, "under Q") {
		t.Errorf("%v\n%s", err, printed)
	}
}

// TestTheSameRunGivesTheSameBytes: also of the workbook, whose parts a library writes in any order.
func TestTheSameRunGivesTheSameBytes(t *testing.T) {
	before := map[string][]byte{}
	for time := range 6 {
		data, meta, out := coin(t, fourAreas, twoGroups)
		must(t, "run", "--coin", data, meta, "--out", out, "--normalise", "minmax", "--aggregate", "amean",
			"--replications", "20", "--statistics")
		files, err := os.ReadDir(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			body, err := os.ReadFile(filepath.Join(out, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if time > 0 && !bytes.Equal(body, before[f.Name()]) {
				t.Errorf("%s has other bytes the time %d", f.Name(), time+1)
			}
			before[f.Name()] = body
		}
	}
}

// TestCostsAreTurnedWithoutNormalisation: TOPSIS by vectors takes figures as they are, the ideal of a cost
// being the least. The vector of evaluation.md.
func TestCostsAreTurnedWithoutNormalisation(t *testing.T) {
	data, meta, out := coin(t, "uCode,x1,x2,x3\nA,60,2.8,40\nB,72,2.4,55\nC,50,3.1,30\nD,90,2.1,70\n",
		"iCode,Type,Level,Parent,Direction,Weight\nx1,Indicator,1,I,1,0.344930\n"+
			"x2,Indicator,1,I,-1,0.315938\nx3,Indicator,1,I,1,0.339132\nI,Aggregate,2,,1,1\n")
	must(t, "run", "--coin", data, meta, "--out", out, "--aggregate", "topsis_vec")
	cells := tableOf(t, filepath.Join(out, "scores.csv"))
	for area, want := range map[string]float64{"A": .256142, "B": .609015, "C": 0, "D": 1} {
		if got := number(t, cells[[2]string{area, "I"}]); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s is %v, want %v", area, got, want)
		}
	}
	must(t, "run", "--coin", data, meta, "--out", out+"2", "--weights", "critic", "--aggregate", "amean")
	must(t, "run", "--coin", data, meta, "--out", out+"3", "--normalise", "minmax:0:1", "--weights",
		"critic",
		"--aggregate", "amean")
	raw, err := os.ReadFile(filepath.Join(out+"2", "weights.csv"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := os.ReadFile(filepath.Join(out+"3", "weights.csv"))
	if err != nil || !bytes.Equal(raw, z) {
		t.Errorf("%v: weights by raw figures\n%s\nby Z\n%s", err, raw, z)
	}
}
