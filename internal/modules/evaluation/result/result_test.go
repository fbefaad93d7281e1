package result

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
)

// small is a scheme of three indicators in two parts, over two years.
func small() (score.Scheme, score.Table) {
	s := score.Scheme{
		Indicators: []score.Indicator{{Code: "x1", Parent: "U"}, {Code: "x2", Parent: "R",
			Direction: score.Cost},
			{Code: "x3", Parent: "R"}},
		Aggregates: []score.Aggregate{{Code: "U", Parent: "I"}, {Code: "R", Parent: "I"}, {Code: "I"}},
		Treat:      &score.Treat{}, Normalise: &score.Normalise{Method: score.MinMax},
		Aggregate: []score.Aggregation{{Method: score.Arithmetic}},
	}
	t := score.Table{Areas: []string{"A", "B", "C", "A", "B", "C"},
		Times:   []string{"2023", "2023", "2023", "2024", "2024", "2024"},
		Columns: []string{"x1", "x2", "x3"}, Values: [][]float64{{60, 72, 50, 62, 73, 74},
			{2.8, 2.4, 3.1, 2.7, 2.5, 2.3}, {40, 55, 30, 45, math.NaN(), 60}}}
	return s, t
}

// TestNumbersReadBackToTheBit, missing and infinite ones too.
func TestNumbersReadBackToTheBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
		text, err := Number(x).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back Number
		if err := back.UnmarshalJSON(text); err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(x) != math.IsNaN(float64(back)) || !math.IsNaN(x) && float64(back) != x {
			t.Fatalf("%v was written %s and read %v", x, text, back)
		}
	})
}

// TestAResultIsTheSameText again, and what is read back is what was written.
func TestAResultIsTheSameText(t *testing.T) {
	s, table := small()
	var texts []string
	for range 3 {
		r, err := Compute(s, table, Options{Seed: 3, Replications: 100})
		if err != nil {
			t.Fatal(err)
		}
		text, err := r.Text()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if texts[0] != texts[1] || texts[1] != texts[2] {
		t.Error("the same run gives other texts")
	}
	r, err := Read(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.Text()
	if err != nil || again != texts[0] {
		t.Errorf("read and written again it is another text (%v)", err)
	}
	if !math.IsNaN(float64(r.Nodes[2].Prepared[4])) || r.Nodes[2].Ranks[4] != 0 {
		t.Errorf("the missing cell is %v, rank %d", r.Nodes[2].Prepared[4], r.Nodes[2].Ranks[4])
	}
}

// TestSpreadsAreOfTheLastTime, whose areas rank among themselves.
func TestSpreadsAreOfTheLastTime(t *testing.T) {
	s, table := small()
	r, err := Compute(s, table, Options{Seed: 3, Replications: 64})
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for _, spread := range r.Spreads {
		rows = append(rows, spread.Row)
		if spread.Worst > 3 || spread.Best < 1 || spread.Low > spread.High {
			t.Errorf("%+v", spread)
		}
	}
	if !slices.Equal(rows, r.Rows("2024")) || !reflect.DeepEqual(r.Periods(), []string{"2023", "2024"}) {
		t.Errorf("spreads of the rows %v, want %v", rows, r.Rows("2024"))
	}
	if r.Row("B", "2024") != 4 || r.Row("B", "2025") != -1 || r.Find("R") < 0 ||
		len(r.Children(r.Find("R"))) != 2 {
		t.Error("rows and nodes are not found where they stand")
	}
}
