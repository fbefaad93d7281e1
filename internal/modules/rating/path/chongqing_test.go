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
				UrbanPeople: figure(row, "urban_pop_10k_src"), UrbanIncome: figure(row,
					"urban_income_yuan"),
				RuralPeople: figure(row, "rural_pop_10k_src"), RuralIncome: figure(row,
					"rural_income_yuan")})
		}
	}
	return counties
}

// TestChongqing splits the ratio of a real city within one definition: from 2014 on, for the figures of 2013
// are still of the surveys before the unified one.
func TestChongqing(t *testing.T) {
	before, after := chongqing(t, "2014"), chongqing(t, "2017")
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

// TestChongqingCountedAgain: every effect of every county from sums of money instead of shares and means.
// With U and P the city's urban income in all and its townspeople, L the logarithmic mean: a county's urban
// income moves the ratio by L(R1,R0)·w·ln(y1/y0), w = L(v1,v0)/L(V1,V0) with v = u·y/P and V = U/P.
func TestChongqingCountedAgain(t *testing.T) {
	before, after := chongqing(t, "2014"), chongqing(t, "2017")
	mean := func(a, b float64) float64 {
		if a == b {
			return a
		}
		return (a - b) / (math.Log(a) - math.Log(b))
	}
	var money, people [2][2]float64 // by year, by side: urban, rural
	for i := range before {
		for year, k := range [2]path.County{before[i], after[i]} {
			money[year][0] += k.UrbanPeople * k.UrbanIncome
			money[year][1] += k.RuralPeople * k.RuralIncome
			people[year][0] += k.UrbanPeople
			people[year][1] += k.RuralPeople
		}
	}
	ratio := func(year int) float64 {
		return money[year][0] / money[year][1] / people[year][0] * people[year][1]
	}
	_, _, effects, err := path.Change(before, after)
	if err != nil {
		t.Fatal(err)
	}
	scale := mean(ratio(1), ratio(0))
	for i, e := range effects {
		k, l := before[i], after[i]
		for side, c := range [2][6]float64{
			{k.UrbanPeople, k.UrbanIncome, l.UrbanPeople, l.UrbanIncome, e.UrbanIncome, e.UrbanPeople},
			{k.RuralPeople, k.RuralIncome, l.RuralPeople, l.RuralIncome, -e.RuralIncome, -e.RuralPeople}} {
			weight := scale * mean(c[2]*c[3]/people[1][side], c[0]*c[1]/people[0][side]) /
				mean(money[1][side]/people[1][side], money[0][side]/people[0][side])
			if c[0] == 0 || c[2] == 0 {
				t.Fatalf("%s has nobody on one side: the formula is another", k.Code)
			}
			near(t, k.Code+" income", c[4], weight*math.Log(c[3]/c[1]), 1e-12)
			near(t, k.Code+" people", c[5], weight*math.Log(c[2]/c[0]/people[1][side]*people[0][side]),
				1e-12)
		}
	}
}
