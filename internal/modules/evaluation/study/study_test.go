package study_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
)

// computed is an index of two indicators over two years and three areas.
func computed(t *testing.T, normalise score.Normalise) (result.Result, score.Scheme) {
	t.Helper()
	s := score.Scheme{Indicators: []score.Indicator{{Code: "x1", Parent: "I"}, {Code: "x2", Parent: "I"}},
		Aggregates: []score.Aggregate{{Code: "I"}}, Normalise: &normalise,
		Groups: []score.Label{{Code: "zone"}}, Aggregate: []score.Aggregation{{Method: score.Arithmetic}}}
	table := score.Table{Areas: []string{"A", "B", "C", "A", "B", "C"},
		Times:   []string{"2020", "2020", "2020", "2024", "2024", "2024"},
		Columns: []string{"x1", "x2"}, Values: [][]float64{{10, 20, 40, 20, 30, 45}, {1, 2, 3, 4, 5, 6}},
		Groups: map[string][]string{"zone": {"u", "u", "r", "u", "u", "r"}}}
	out, err := result.Compute(s, table, result.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out, s
}

// TestConvergeByHand: growth of a year by the logarithm of the beginning, over the four years between.
func TestConvergeByHand(t *testing.T) {
	out, _ := computed(t, score.Normalise{Method: score.MinMax})
	c, err := study.Converge(out, out.Find("x1"))
	if err != nil {
		t.Fatal(err)
	}
	// least squares of ln(20/10)/4, ln(30/20)/4, ln(45/40)/4 on ln 10, ln 20, ln 40: the x are evenly apart,
	// so the slope is (last − first) ÷ (2 ln 2)
	want := (math.Log(45./40)/4 - math.Log(2)/4) / (2 * math.Log(2))
	if c.Years != 4 || !c.Yearly || c.Beta == nil || math.Abs(c.Beta.Slope-want) > 1e-12 {
		t.Errorf("%+v, want slope %v", c.Beta, want)
	}
	if !(c.Sigma[1].Variation < c.Sigma[0].Variation) || len(c.Left) != 0 {
		t.Errorf("%+v", c)
	}
	// A begins with a score of 0, which has no logarithm: its cell is named, and σ stands
	if c, err = study.Converge(out, out.Top()); err != nil || c.Refused == nil || len(c.Sigma) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestSubsystemsOnTheSchemesScale: 1 to 100 is put on 0 to 1; figures without ends on what there was.
func TestSubsystemsOnTheSchemesScale(t *testing.T) {
	out, s := computed(t, score.Normalise{Method: score.MinMax, Low: 1, High: 100})
	nodes := []int{out.Find("x1"), out.Find("x2")}
	found, err := study.Couple(out, s, "2024", nodes, relation.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	// B in 2024: (30−10)/35 and (5−1)/5
	u := []float64{20. / 35, 4. / 5}
	b := found.Areas[slices.IndexFunc(found.Areas,
		func(a study.Coupled) bool { return out.Areas[a.Row] == "B" })]
	want := 2 * math.Sqrt(u[0]*u[1]) / (u[0] + u[1])
	if math.Abs(b.Systems[0]-u[0]) > 1e-12 || math.Abs(b.Coupling-want) > 1e-12 ||
		b.Type != relation.UrbanLags || found.Scales[0].Observed {
		t.Errorf("%+v, want %v coupled by %v", b, u, want)
	}
	out, s = computed(t, score.Normalise{Method: score.ZScore})
	if scale := study.ScaleOf(out, s, nodes[0]); !scale.Observed {
		t.Errorf("%+v", scale)
	}
	if _, err := study.Couple(out, s, "2024", nodes[:1], relation.Choice{}); err == nil {
		t.Error("one subsystem is coupled")
	}
}

// TestGroupsAndInequality: ranks restart in each group, and Theil's parts add up.
func TestGroupsAndInequality(t *testing.T) {
	out, _ := computed(t, score.Normalise{Method: score.MinMax})
	var told []string
	for _, m := range study.Within(out, out.Top(), "zone", "2024") {
		told = append(told, m.Group+out.Areas[m.Row]+string(rune('0'+m.Within)))
	}
	if !slices.Equal(told, []string{"rC1", "uB1", "uA2"}) {
		t.Error(told)
	}
	for _, u := range study.Unequal(out, out.Find("x1"), "zone") {
		if u.Split == nil || math.Abs(u.Split.Within+u.Split.Between-u.TheilT) > 1e-12 {
			t.Errorf("%+v", u)
		}
	}
}

// TestACompareIsAntisymmetric: what one wins from a first run to a second it loses the other way round, and a
// run moves nothing beside itself.
func TestACompareIsAntisymmetric(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string) result.Result {
			ranks := rapid.Permutation([]int{1, 2, 3, 4, 5}).Draw(r, name)
			out := result.Result{Areas: []string{"A", "B", "C", "D", "E"}, Nodes: []result.Node{{Code: "I",
				Parent: -1, Level: 2, Ranks: ranks}}}
			for _, rank := range ranks {
				out.Nodes[0].Scores = append(out.Nodes[0].Scores, result.Number(-rank))
			}
			return out
		}
		a, b := draw("a"), draw("b")
		there, err := study.Compare(a, b)
		back, also := study.Compare(b, a)
		self, fails := study.Compare(a, a)
		if err != nil || also != nil || fails != nil || there.Mean != back.Mean ||
			there.Moved != back.Moved ||
			self.Moved != 0 || self.Spearman != 1 {
			r.Errorf("%+v %+v %+v", there, back, self)
		}
		sum := 0
		for _, s := range there.Shifts {
			sum += s.Up - s.Down
		}
		if sum != 0 {
			r.Errorf("places won and lost differ by %d", sum)
		}
	})
}

// TestNeighboursOnTiles: a checkerboard is dispersed, halves are clustered, by tiles that touch.
func TestNeighboursOnTiles(t *testing.T) {
	var tiles []study.Tile
	out := result.Result{Nodes: []result.Node{{Code: "I", Level: 2, Parent: -1}}}
	for line := range 5 {
		for column := range 6 {
			tiles = append(tiles, study.Tile{Row: len(out.Areas), Line: line + 1, Column: column + 1,
				Wide: 1})
			out.Areas = append(out.Areas, string(rune('A'+line))+string(rune('A'+column)))
			value := 0.
			if column < 3 {
				value = 1
			}
			out.Nodes[0].Scores = append(out.Nodes[0].Scores, result.Number(value))
		}
	}
	p, err := study.PatternOf(out, 0, tiles, 1)
	if err != nil || p.I < 0.5 || p.P > 0.01 || len(p.Local) != 30 {
		t.Errorf("%+v, %v", p.Global, err)
	}
	far := []study.Tile{{Row: 0, Line: 1, Column: 1, Wide: 2}, {Row: 1, Line: 2, Column: 4, Wide: 1},
		{Row: 2, Line: 2, Column: 3, Wide: 1}}
	out.Nodes[0].Scores[1] = 0 // so that the three differ
	if p, err = study.PatternOf(out, 0, far, 1); err != nil || len(p.Islands) != 0 {
		t.Errorf("a wide tile touches what stands at its corner: %+v, %v", p.Global, err)
	}
}
