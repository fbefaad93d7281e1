package rating

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/choice"
	"github.com/terrace-project/terrace/internal/modules/rating/disparity"
	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/space"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// written are the vectors of testdata/methods.json: what the definitions of the methods come to on the
// synthetic data (bench_test.go has the formula), computed apart from this program, straight from the
// formulas in plain loops. Each is compared once.
type written struct {
	*testing.T
	want map[string][]float64
}

func vectorsOf(t *testing.T) written {
	t.Helper()
	body, err := os.ReadFile("testdata/methods.json")
	if err != nil {
		t.Fatal(err)
	}
	w := written{T: t}
	if err := json.Unmarshal(body, &w.want); err != nil {
		t.Fatal(err)
	}
	return w
}

// is compares and strikes a vector out.
func (w written) is(name string, err error, got ...float64) {
	w.Helper()
	want, there := w.want[name]
	if err != nil || !there || len(got) != len(want) {
		w.Errorf("%s: %v, there %v, %d figures for %d", name, err, there, len(got), len(want))
		return
	}
	delete(w.want, name)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-10*max(1, math.Abs(want[i]))) {
			w.Errorf("%s[%d] is %v, want %v", name, i, got[i], want[i])
			return
		}
	}
}

// TestMethodsByTheirDefinitions compares every method with what its definition comes to.
func TestMethodsByTheirDefinitions(t *testing.T) {
	w := vectorsOf(t)
	for _, size := range [][2]int{{10, 6}, {25, 10}} {
		_, table := synthetic(size[0], size[1])
		f := frame.Frame{Areas: table.Areas, Columns: table.Columns, Values: table.Values}
		directions := make([]weighting.Direction, size[1])
		for j := range directions {
			if directions[j] = weighting.More; (j+1)%4 == 0 {
				directions[j] = weighting.Less
			}
		}
		z, err := weighting.Rescaled(f, directions)
		if err != nil {
			t.Fatal(err)
		}
		p := fmt.Sprintf("%dx%d/", size[0], size[1])
		w.weights(p, f, z)
		w.decisions(p, choice.Decision{Frame: f, Directions: directions}, z)
		w.disparities(p+"disparity/", f)
		w.moran(p+"moran/", f)
		w.couplings(p, z)
	}
	w.judgements()
	for _, name := range slices.Sorted(maps.Keys(w.want)) {
		t.Errorf("%s is compared with nothing", name)
	}
}

func (w written) weights(p string, f, z frame.Frame) {
	w.Helper()
	is := func(name string, got weighting.Weights, err error) { w.is(p+name, err, got.Values...) }
	entropy, err := weighting.Entropy(z, weighting.EntropyMinMax)
	is("entropy", entropy, err)
	shift, err := weighting.Entropy(z, weighting.EntropyShift)
	is("entropy_shift", shift, err)
	raw, err := weighting.Entropy(f, weighting.EntropyRaw)
	is("entropy_raw", raw, err)
	critic, err := weighting.Critic(z, false)
	is("critic", critic, err)
	absolute, err := weighting.Critic(z, true)
	is("critic_abs", absolute, err)
	deviation, err := weighting.Deviation(z)
	is("sd", deviation, err)
	variation, err := weighting.Variation(f)
	is("cv", variation, err)
	if _, err := weighting.Independence(z); fault.Of(err).Key != "rating.matrix_singular" {
		w.Errorf("%s: columns that lie in few dimensions are taken as independent: %v", p, err)
	}
	components, err := weighting.ComponentsOf(z, weighting.GapsDropped)
	w.is(p+"pca", err, components.First()...)
	both := []weighting.Weights{entropy, critic}
	product, err := weighting.Product(both)
	is("product", product, err)
	linear, err := weighting.Additive(both, []float64{.5, .5})
	is("linear", linear, err)
	game, _, err := weighting.Game(both)
	is("game", game, err)
}

func (w written) decisions(p string, d choice.Decision, z frame.Frame) {
	w.Helper()
	entropy, err := weighting.Entropy(z, weighting.EntropyMinMax)
	if err != nil {
		w.Fatal(err)
	}
	for name, weights := range map[string][]float64{"/equal": nil, "/entropy": entropy.Values} {
		d.Weights = weights
		for _, scale := range []choice.Scale{choice.ScaleVector, choice.ScaleMinMax, choice.ScaleOutside} {
			c, err := choice.Topsis(d, scale, nil)
			w.is(p+"topsis_"+string(scale)+name, err, c.Scores...)
		}
		v, err := choice.Vikor(d, .5)
		w.is(p+"vikor"+name, err, v.Q...)
		g, err := choice.Grey(d, .5)
		w.is(p+"grey"+name, err, g...)
	}
}

func (w written) disparities(p string, f frame.Frame) {
	w.Helper()
	groups := make([]string, len(f.Areas))
	for i := range groups {
		groups[i] = string(rune('a' + i%3))
	}
	d := disparity.Distribution{Indicator: "c1", Areas: f.Areas, Values: f.Values[0]}
	for name, people := range map[string][]float64{"plain/": nil, "people/": f.Values[1]} {
		d.Weights = people
		m, err := disparity.Measure(d)
		for part, got := range map[string]float64{"gini": m.Gini, "theil_t": m.TheilT, "theil_l": m.TheilL,
			"ge2": m.Entropy2, "hoover": m.Hoover, "cv0": m.Variation} {
			w.is(p+name+part, err, got)
		}
		if people == nil {
			w.is(p+"gini_corrected", err, m.GiniCorrected)
			w.is(p+"cv1", err, m.VariationN1)
		}
		for _, aversion := range []float64{.5, 1, 2} {
			a, err := disparity.Atkinson(d, aversion)
			w.is(p+name+fmt.Sprintf("atkinson%g", aversion), err, a)
		}
		s, err := disparity.SplitT(d, groups)
		w.is(p+name+"split_t", err, s.Within, s.Between)
		s, err = disparity.SplitL(d, groups)
		w.is(p+name+"split_l", err, s.Within, s.Between)
	}
	d.Weights = nil
	g, err := disparity.SplitDagum(d, groups)
	w.is(p+"dagum", err, g.Within, g.Between, g.Overlap)
}

// moran takes a ring of areas with one chord.
func (w written) moran(p string, f frame.Frame) {
	w.Helper()
	n := len(f.Areas)
	pairs := []space.Pair{{First: f.Areas[0], Second: f.Areas[n/2]}}
	for i := range n {
		pairs = append(pairs, space.Pair{First: f.Areas[i], Second: f.Areas[(i+1)%n]})
	}
	m, err := space.Contiguity(f.Areas, pairs)
	if err != nil {
		w.Fatal(err)
	}
	figures := space.Figures{Indicator: "c1", Areas: f.Areas, Values: f.Values[0]}
	for name, matrix := range map[string]space.Matrix{"plain": m, "rows": m.RowStandardised()} {
		g, err := space.Moran(figures, matrix, space.Test{Permutations: 9, Seed: 1})
		w.is(p+name, err, g.I)
	}
}

// couplings takes the first columns of Z, from 0.05 to 0.95, as systems.
func (w written) couplings(p string, z frame.Frame) {
	w.Helper()
	all := func(systems int, c relation.Choice) (parts [4][]float64, err error) {
		f := frame.Frame{Areas: z.Areas, Columns: z.Columns[:systems]}
		for _, column := range z.Values[:systems] {
			u := make([]float64, len(column))
			for i, x := range column {
				u[i] = .05 + .9*x
			}
			f.Values = append(f.Values, u)
		}
		found, err := relation.CoupleAll(f, c)
		for _, x := range found {
			for i, y := range [4]float64{x.Coupling, x.Level, x.Coordination, float64(x.Grade)} {
				parts[i] = append(parts[i], y)
			}
		}
		return parts, err
	}
	for _, systems := range []int{2, 3, 4} {
		q := fmt.Sprintf("%scoupling%d/", p, systems)
		parts, err := all(systems, relation.Choice{})
		for i, name := range []string{"c", "t", "d", "grade"} {
			w.is(q+name, err, parts[i]...)
		}
		parts, err = all(systems, relation.Choice{Form: relation.Wang})
		w.is(q+"wang", err, parts[0]...)
	}
	for _, k := range []float64{1, 2} {
		parts, err := all(2, relation.Choice{Form: relation.Power, K: k})
		w.is(fmt.Sprintf("%scoupling2/k%g", p, k), err, parts[0]...)
	}
}

// judgements are those of the upper triangles written.
func (w written) judgements() {
	w.Helper()
	for items, name := range map[string]string{"abc": "a", "abcd": "b", "wxyz": "c", "abcde": "d",
		"ab": "e"} {
		upper := w.want["ahp/"+name+"/upper"]
		w.is("ahp/"+name+"/upper", nil, upper...)
		var codes []string
		for _, r := range items {
			codes = append(codes, string(r))
		}
		j, err := weighting.JudgementOf(codes, upper)
		if err != nil {
			w.Fatal(err)
		}
		for _, d := range []weighting.Derivation{weighting.Eigenvector, weighting.GeometricMean,
			weighting.ColumnMean} {
			p, err := weighting.PrioritiesOf(j, d, weighting.TableSaaty)
			got := append(slices.Clone(p.Values), p.Lambda, p.Index, p.Ratio)
			w.is("ahp/"+name+"/"+string(d), err, got...)
		}
	}
}
