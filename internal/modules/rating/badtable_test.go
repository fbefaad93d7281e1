package rating

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/choice"
	"github.com/terrace-project/terrace/internal/modules/rating/disparity"
	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/space"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// tableMethods are the methods that stand beside the index: they take a column, or two, of the data as read.
func tableMethods() map[string]func(t score.Table) error {
	first := func(t score.Table) disparity.Distribution {
		return disparity.Distribution{Indicator: "x1", Areas: t.Areas, Values: t.Values[0]}
	}
	both := func(t score.Table) frame.Frame {
		return frame.Frame{Areas: t.Areas, Columns: t.Columns[:2], Values: t.Values[:2]}
	}
	decision := func(t score.Table) choice.Decision { return choice.Decision{Frame: both(t)} }
	moran := func(t score.Table) (space.Figures, space.Matrix, space.Test) {
		var pairs []space.Pair
		for i := range t.Areas[1:] {
			pairs = append(pairs, space.Pair{First: t.Areas[i], Second: t.Areas[i+1]})
		}
		m, err := space.Contiguity(t.Areas, pairs)
		if err != nil {
			panic(err)
		}
		return space.Figures{Indicator: "x1", Areas: t.Areas, Values: t.Values[0]}, m.RowStandardised(),
			space.Test{Permutations: 9, Seed: 1}
	}
	return map[string]func(t score.Table) error{
		"gini":     func(t score.Table) error { _, err := disparity.Gini(first(t)); return err },
		"measures": func(t score.Table) error { _, err := disparity.Measure(first(t)); return err },
		"atkinson": func(t score.Table) error { _, err := disparity.Atkinson(first(t), 1); return err },
		"weighted": func(t score.Table) error {
			d := first(t)
			d.Weights = t.Values[1]
			_, err := disparity.Measure(d)
			return err
		},
		"split T": func(t score.Table) error {
			_, err := disparity.SplitT(first(t),
				t.Groups["zone"])
			return err
		},
		"split L": func(t score.Table) error {
			_, err := disparity.SplitL(first(t),
				t.Groups["zone"])
			return err
		},
		"Dagum": func(t score.Table) error {
			_, err := disparity.SplitDagum(first(t),
				t.Groups["zone"])
			return err
		},
		"sigma": func(t score.Table) error { _, err := disparity.SigmaOf(first(t)); return err },
		"beta": func(t score.Table) error {
			_, err := disparity.BetaOf(first(t), t.Values[1],
				5)
			return err
		},
		"Moran": func(t score.Table) error { _, err := space.Moran(moran(t)); return err },
		"local": func(t score.Table) error { _, err := space.MoranLocal(moran(t)); return err },
		"couple": func(t score.Table) error {
			_, err := relation.CoupleAll(both(t),
				relation.Choice{})
			return err
		},
		"obstacles": func(t score.Table) error {
			_, err := relation.Obstacles(both(t), []float64{1, 1})
			return err
		},
		"Promethee": func(t score.Table) error {
			_, err := choice.Promethee(decision(t), []choice.Criterion{{Preference: choice.PreferUsual},
				{Preference: choice.PreferUsual}})
			return err
		},
		"rescaled": func(t score.Table) error {
			_, err := weighting.Rescaled(both(t), []weighting.Direction{weighting.More, weighting.Less})
			return err
		},
	}
}

// The methods of a column by what they cannot take.
const (
	unequal  = "gini; measures; atkinson; weighted; sigma"
	splits   = "split T; split L; Dagum"
	patterns = "Moran; local"
)

// gaps are the refusals of a missing figure; obstacles leave it out.
var gaps = map[string]string{"rating.disparity_missing": unequal + "; beta; " + splits,
	"rating.space_missing": patterns, "rating.relation_outside": "couple",
	"rating.choice_missing":    "Promethee",
	"rating.weighting_missing": "rescaled"}

// badTables are tables with something wrong, what a refusal names, and who refuses them.
func badTables() []badInput {
	return []badInput{
		{name: "nothing wrong"},
		{name: "group of one", data: swap("Alpha,n", "Alpha,w")},
		{name: "missing cell", data: shareOfD(""), names: []string{"x1", "D"}, refused: gaps},
		{name: "empty column", data: x1(""), names: []string{"x1", "A"}, refused: gaps},
		{name: "no group", data: swap("D,Delta,s", "D,Delta,"), names: []string{"x1", "D"},
			refused: map[string]string{"rating.disparity_no_group": splits}},
		{name: "negative", data: shareOfD("-0.9"), names: []string{"x1", "D", "-0.9"},
			refused: map[string]string{
				"rating.disparity_negative": unequal + "; " + splits, "rating.converge_positive": "beta",
				"rating.relation_outside": "couple; obstacles"}},
		{name: "above 1", data: shareOfD("1.9"), names: []string{"x1", "D", "1.9"},
			refused: map[string]string{
				"rating.relation_outside": "couple; obstacles"}},
		{name: "zero", data: shareOfD("0"), names: []string{"x1", "D"}, refused: map[string]string{
			"rating.disparity_zero": "split L", "rating.converge_positive": "beta"}},
		{name: "column of zeros", data: x1("0"), names: []string{"x1"}, refused: map[string]string{
			"rating.disparity_nothing": unequal + "; " + splits, "rating.converge_positive": "beta",
			"rating.space_constant": patterns}},
		{name: "constant column", data: x1("0.7"), names: []string{"x1"}, refused: map[string]string{
			"rating.converge_constant": "beta", "rating.space_constant": patterns}},
		{name: "one area", data: areasOnly(1), names: []string{"1"}, refused: map[string]string{
			"rating.converge_areas": "beta", "rating.space_few": patterns,
			"rating.choice_areas":    "Promethee",
			"rating.weighting_areas": "rescaled"}},
		{name: "two areas", data: areasOnly(2), names: []string{"x1", "2"}, refused: map[string]string{
			"rating.converge_areas": "beta", "rating.space_few": patterns}},
	}
}

// TestMethodsOfATableRefuseBadInput: the methods beside the index, on tables read as the commands read them.
func TestMethodsOfATableRefuseBadInput(t *testing.T) {
	words, err := locale.Load(locale.Own, texts, sheet.Texts)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range badTables() {
		want := map[string]string{}
		for key, list := range in.refused {
			for _, name := range strings.Split(list, "; ") {
				want[name] = key
			}
		}
		data := shares
		if in.data != nil {
			data = in.data(data)
		}
		for name, run := range tableMethods() {
			err := run(tableRead(t, data))
			f := fault.Of(err)
			if (f == nil) != (want[name] == "") || f != nil && f.Key != want[name] {
				t.Errorf("%s, %s: %v, want %q", in.name, name, err, want[name])
				continue
			}
			for _, language := range locale.Languages {
				if f == nil {
					break
				}
				if said, missing := unsaid(words, language, f, in.names); missing != nil {
					t.Errorf("%s, %s, %s: %q is not said:\n%s", in.name, name, language, missing, said)
				}
			}
		}
	}
}

// TestJudgementsAreRefusedByName: the weights that people judge take no table; what is wrong is named by
// item.
func TestJudgementsAreRefusedByName(t *testing.T) {
	words, err := locale.Load(locale.Own, texts, sheet.Texts)
	if err != nil {
		t.Fatal(err)
	}
	items := []string{"x1", "x2", "x3"}
	matrix := func(change func(m [][]float64)) error {
		m := [][]float64{{1, 2, 4}, {.5, 1, 2}, {.25, .5, 1}}
		change(m)
		_, err := weighting.PrioritiesOf(weighting.Judgement{Items: items, Matrix: m},
			weighting.Eigenvector,
			weighting.TableSaaty)
		return err
	}
	of := func(_ any, err error) error { return err }
	for key, c := range map[string]struct {
		err   error
		names []string
	}{
		"rating.ahp_reciprocal": {matrix(func(m [][]float64) { m[0][1] = 3 }), []string{"x1", "x2"}},
		"rating.ahp_size":       {matrix(func(m [][]float64) { m[2] = m[2][:2] }), []string{"3"}},
		"rating.ahp_shape":      {of(weighting.JudgementOf(items, []float64{2, 4})), []string{"2", "3"}},
		"rating.weighting_rank": {of(weighting.RankOrder(items, []int{1, 0, 2}, weighting.OrderCentroid)),
			[]string{"x2", "0"}},
		"rating.weighting_negative": {of(weighting.Given(items, []float64{1, -2, 1})), []string{"x2",
			"-2"}},
		"rating.weighting_nothing": {of(weighting.Given(items, []float64{0, 0, 0})), []string{"3"}},
		"rating.weighting_shape":   {of(weighting.Given(items, []float64{1})), []string{"3", "1"}},
	} {
		if !fault.HasKey(c.err, key) {
			t.Errorf("%v, want %s", c.err, key)
			continue
		}
		for _, language := range locale.Languages {
			if said, missing := unsaid(words, language, fault.Of(c.err), c.names); missing != nil {
				t.Errorf("%s: %q is not said:\n%s", key, missing, said)
			}
		}
	}
}

// shares are figures from 0 to 1.
const shares = `uCode,uName,zone,Time,x1,x2
A,Alpha,n,2024,0.60,0.28
B,Beta,n,2024,0.72,0.24
C,Gamma,n,2024,0.50,0.31
D,Delta,s,2024,0.90,0.21
E,Epsilon,s,2024,0.66,0.29
F,Zeta,s,2024,0.81,0.22
`

func shareOfD(text string) func(string) string { return swap("2024,0.90", "2024,"+text) }

// tableRead reads a table as the commands do.
func tableRead(t *testing.T, data string) score.Table {
	t.Helper()
	folder := t.TempDir()
	s := source{files: [2]string{filepath.Join(folder, "scheme.yaml"), filepath.Join(folder, "data.csv")}}
	for i, text := range []string{"groups: [{code: zone}]\nindicators: [{code: x1}, {code: x2}]\n", data} {
		if err := os.WriteFile(s.files[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.readScheme(); err != nil {
		t.Fatal(err)
	}
	if err := s.readData(); err != nil {
		t.Fatal(err)
	}
	return s.table
}
