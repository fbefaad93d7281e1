package path_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
)

// chongqing reads the counties of one year from the panel.
func chongqing(t *testing.T, year string) []path.County {
	t.Helper()
	name := filepath.Join("..", "..", "..", "..", "..", "shared", "data", "statistics",
		"chongqing_county_panel_2005_2017.csv")
	file, err := os.Open(name)
	if os.IsNotExist(err) {
		t.Skip("needs ../shared/data/statistics beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, column := range rows[0] {
		at[column] = i
	}
	figure := func(row []string, column string) float64 {
		x, err := strconv.ParseFloat(row[at[column]], 64)
		if err != nil {
			t.Fatalf("%s of %v: %v", column, row[:3], err)
		}
		return x
	}
	var counties []path.County
	for _, row := range rows[1:] {
		if row[at["year"]] == year {
			counties = append(counties, path.County{Code: row[at["adcode"]],
				UrbanPeople: figure(row, "urban_pop_10k_src"), UrbanIncome: figure(row, "urban_income_yuan"),
				RuralPeople: figure(row, "rural_pop_10k_src"), RuralIncome: figure(row, "rural_income_yuan")})
		}
	}
	return counties
}

// TestChongqing splits the ratio of a real city within the unified survey (from 2013 on).
func TestChongqing(t *testing.T) {
	before, after := chongqing(t, "2013"), chongqing(t, "2017")
	if len(before) != 37 || len(after) != 37 {
		t.Fatalf("%d and %d counties", len(before), len(after))
	}
	first, last, effects, err := path.Change(before, after)
	if err != nil {
		t.Fatal(err)
	}
	moved, byRural := 0.0, 0.0
	for _, e := range effects {
		moved += e.Sum
		byRural += e.RuralIncome
	}
	near(t, "moved", moved, last.Ratio-first.Ratio, 1e-12)
	city, parts, err := path.Level(after)
	if err != nil {
		t.Fatal(err)
	}
	gap := 0.0
	for _, p := range parts {
		gap += p.Sum
	}
	near(t, "gap", gap, city.Ratio-1, 1e-12)
	if last.Ratio >= first.Ratio || byRural >= 0 || math.Abs(last.Ratio-2.5) > .5 {
		t.Errorf("ratio %v to %v, by rural incomes %v", first.Ratio, last.Ratio, byRural)
	}
}
