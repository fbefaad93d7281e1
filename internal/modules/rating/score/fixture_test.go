package score

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// asem reads a file of the reference data, or skips.
func asem(t testing.TB, name string) Sheet {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "..", "shared", "data", "index", "asem",
		filepath.FromSlash(name))
	body, err := os.ReadFile(path)
	if err != nil {
		t.Skip("needs ../shared/data/index beside the repository")
	}
	return sheetOf(t, name, body)
}

func sheetOf(t testing.TB, name string, body []byte) Sheet {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return Sheet{Name: name, Rows: rows}
}

// coin reads the reference data as they are.
func coin(t testing.TB) (Scheme, Table) {
	t.Helper()
	scheme, findings, err := ReadMeta(asem(t, "iMeta.csv"))
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	table, findings, err := ReadData(asem(t, "iData.csv"), scheme)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return scheme, table
}

// pipeline is the scheme of the reference's example index.
func pipeline(s Scheme) Scheme {
	s.Denominate = true
	s.Impute = &Impute{Method: ImputeMean, Group: "EurAsia_group"}
	s.Screen = &Screen{Availability: 0.9}
	s.Treat = &Treat{}
	s.Normalise = &Normalise{Method: MinMax}
	s.Aggregate = []Aggregation{{Method: Arithmetic}}
	return s
}

// run compiles and runs, or fails.
func run(t testing.TB, s Scheme, table Table) *Outcome {
	t.Helper()
	plan, err := Compile(s, table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := plan.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func near(got, want, tolerance float64) bool {
	if got != got || want != want {
		return got != got && want != want
	}
	return got == want || math.Abs(got-want) <= tolerance*max(math.Abs(want), math.Abs(got))
}

// reference reads a figure of a reference file; empty is missing.
func figure(t testing.TB, text string) float64 {
	t.Helper()
	switch text {
	case "", "NA", "NaN":
		return math.NaN()
	case "Inf", "-Inf":
		return math.Inf(len("Inf") - len(text))
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// ours are the areas and codes of columns of ours.
type ours struct{ areas, codes []string }

// equal compares columns of ours with a reference file that has a row an area: every column of the file, by
// name. It answers how many cells it compared.
func (ours ours) equal(t *testing.T, name string, columns [][]float64, tolerance float64) int {
	t.Helper()
	sheet, compared, wrong := asem(t, name), 0, 0
	for c, code := range sheet.Rows[0] {
		if c == 0 {
			continue
		}
		column := slices.Index(ours.codes, code)
		if column < 0 {
			t.Errorf("%s: there is no column %s", name, code)
			continue
		}
		for _, row := range sheet.Rows[1:] {
			at := slices.Index(ours.areas, row[0])
			if at < 0 {
				t.Errorf("%s: there is no area %s", name, row[0])
				continue
			}
			compared++
			if want := figure(t, row[c]); !near(columns[column][at], want, tolerance) && wrong < 10 {
				t.Errorf("%s: %s of %s is %v, want %v", name, code, row[0], columns[column][at], want)
				wrong++
			}
		}
	}
	if len(sheet.Rows)-1 != len(ours.areas) {
		t.Errorf("%s has %d areas, we have %d", name, len(sheet.Rows)-1, len(ours.areas))
	}
	return compared
}

func (o *Outcome) codes() []string {
	var codes []string
	for _, n := range o.Nodes {
		codes = append(codes, n.Code)
	}
	return codes
}

// floats turns ranks into figures; no rank is missing.
func floats(ranks [][]int) [][]float64 {
	var out [][]float64
	for _, column := range ranks {
		var figures []float64
		for _, r := range column {
			if r == 0 {
				figures = append(figures, math.NaN())
			} else {
				figures = append(figures, float64(r))
			}
		}
		out = append(out, figures)
	}
	return out
}
