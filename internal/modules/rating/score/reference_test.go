package score

import (
	"slices"
	"testing"
)

// exact is the tolerance of the reference results.
const exact = 1e-9

// TestPipeline rebuilds the example index of the reference step by step.
func TestPipeline(t *testing.T) {
	s, table := coin(t)
	codes := func() (c []string) {
		for _, i := range s.Indicators {
			c = append(c, i.Code)
		}
		return c
	}()
	steps := s
	at := func(file string) {
		t.Helper()
		plan, err := Compile(steps, table, Methods{})
		if err != nil {
			t.Fatal(err)
		}
		n := ours{plan.Areas(), codes}.equal(t, "ref/pipeline/"+file, plan.Prepared(), exact)
		if n != 51*49 {
			t.Errorf("%s: %d cells were compared", file, n)
		}
	}
	at("01_raw.csv")
	steps.Denominate = true
	at("02_denominated.csv")
	steps.Impute = &Impute{Method: ImputeMean, Group: "EurAsia_group"}
	at("03_imputed.csv")
	steps.Screen = &Screen{Availability: 0.9}
	at("04_screened.csv")
	o := run(t, pipeline(s), table)
	ours{o.Areas, codes}.equal(t, "ref/pipeline/05_treated.csv", o.Treated, exact)
	ours{o.Areas, codes}.equal(t, "ref/pipeline/06_normalised.csv", o.Scores[:o.Indicators], exact)
	ours{o.Areas, o.codes()}.equal(t, "ref/pipeline/07_aggregated.csv", o.Scores, exact)
	ours{o.Areas, o.codes()}.equal(t, "ref/pipeline/08_ranks.csv", floats(o.Ranks), 0)
	ours{o.Areas, codes}.equal(t, "ref/treat/default_screened_data.csv", o.Treated, exact)
	ours{o.Areas, codes}.equal(t, "ref/normalise/treated_minmax_0_100.csv", o.Scores[:o.Indicators], exact)
}

func TestNormalisationsOfTheReference(t *testing.T) {
	s, table := coin(t)
	raw := s
	raw.Normalise = &Normalise{Method: MinMax}
	raw.Aggregate = []Aggregation{{Method: Arithmetic}}
	o := run(t, raw, table)
	ours{o.Areas, o.codes()}.equal(t, "ref/normalise/raw_minmax_0_100.csv", o.Scores, exact)
	raw.Normalise = &Normalise{Method: MinMax, Low: 1, High: 100}
	o = run(t, raw, table)
	ours{o.Areas, o.codes()}.equal(t, "ref/aggregate/raw_amean.csv", o.Scores, exact)
	ours{o.Areas, o.codes()}.equal(t, "ref/normalise/raw_minmax_1_100.csv", o.Scores, exact)
	for file, n := range map[string]Normalise{"rank": {Method: Ranked}, "zscore_0_1": {Method: ZScore}} {
		treated := pipeline(s)
		treated.Normalise = &n
		o = run(t, treated, table)
		ours{o.Areas, o.codes()}.equal(t, "ref/normalise/treated_"+file+".csv", o.Scores, exact)
	}
}

func TestAggregationsOfTheReference(t *testing.T) {
	s, table := coin(t)
	for file, method := range map[string]string{"amean": Arithmetic, "gmean": Geometric,
		"hmean": Harmonic} {
		scheme := pipeline(s)
		scheme.Normalise = &Normalise{Method: MinMax, Low: 1, High: 100}
		scheme.Aggregate = []Aggregation{{Method: method}}
		o := run(t, scheme, table)
		ours{o.Areas, o.codes()}.equal(t, "ref/aggregate/treated_"+file+".csv", o.Scores, exact)
		if method == Arithmetic {
			ours{o.Areas, o.codes()}.equal(t, "ref/aggregate/treated_amean_ranks.csv", floats(o.Ranks), 0)
		}
	}
}

// TestRemoveOfTheReference removes each indicator by a variant of one plan.
func TestRemoveOfTheReference(t *testing.T) {
	s, table := coin(t)
	plan, err := Compile(pipeline(s), table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	w, top := plan.Worker(1), plan.Top()
	codes, scores, ranks := []string{"Nominal"}, [][]float64{}, [][]int{}
	rebuild := func(weights []float64) {
		t.Helper()
		got, err := w.Rebuild(Variant{Weights: weights})
		if err != nil {
			t.Fatal(err)
		}
		scores = append(scores, slices.Clone(got[top]))
		ranks = append(ranks, slices.Clone(w.Rank(top)))
	}
	rebuild(nil)
	for c := range plan.Indicators() {
		weights := plan.Weights()
		weights[c] = 0
		codes = append(codes, plan.Nodes()[c].Code)
		rebuild(weights)
	}
	ours{plan.Areas(), codes}.equal(t, "ref/remove/L1_scores.csv", scores, exact)
	ours{plan.Areas(), codes}.equal(t, "ref/remove/L1_ranks.csv", floats(ranks), 0)
	sheet := asem(t, "ref/remove/L1_meanabsdiff.csv")
	for _, row := range sheet.Rows[1:] {
		sum, at := 0.0, slices.Index(codes, row[0])
		for a := range ranks[0] {
			sum += max(float64(ranks[at][a]-ranks[0][a]), float64(ranks[0][a]-ranks[at][a]))
		}
		if !near(sum/float64(len(ranks[0])), figure(t, row[1]), exact) {
			t.Errorf("removing %s moves %v, want %s", row[0], sum/51, row[1])
		}
	}
}

// TestUncertaintyOfTheReference rebuilds its 100 replications from the choices it drew.
func TestUncertaintyOfTheReference(t *testing.T) {
	s, table := coin(t)
	plan, err := Compile(pipeline(s), table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	sets := asem(t, "ref/ua_N100/weight_sets.csv")
	codes, scores, ranks := []string{}, [][]float64{}, [][]int{}
	w, top := plan.Worker(1), plan.Top()
	keep := func(code string, v Variant) {
		got, err := w.Rebuild(v)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
		scores, ranks = append(scores, slices.Clone(got[top])), append(ranks, slices.Clone(w.Rank(top)))
	}
	keep("Nominal", Variant{})
	for _, row := range asem(t, "ref/ua_N100/design.csv").Rows[1:] {
		weights, set := plan.Weights(), sets.Rows[int(figure(t, row[7]))]
		for c, code := range sets.Rows[0][1:] {
			weights[plan.Index(code)] = figure(t, set[c+1])
		}
		v := Variant{WinMax: int(figure(t, row[5])), Weights: weights,
			Normalise: &Normalise{Method: MinMax, Low: 1, High: 100},
			Aggregate: []Aggregation{{Method: Arithmetic}}}
		if row[6] != "minmax_1_100" {
			v.Normalise = &Normalise{Method: ZScore, Mean: 10, Deviation: 2}
		}
		if row[8] == "a_gmean" {
			v.Aggregate[0].Method = Geometric
		}
		keep("r_"+row[0], v)
	}
	ours{plan.Areas(), codes}.equal(t, "ref/ua_N100/scores.csv", scores, exact)
	ours{plan.Areas(), codes}.equal(t, "ref/ua_N100/ranks.csv", floats(ranks), 0)
}

func TestEffectiveWeightsOfTheReference(t *testing.T) {
	s, table := coin(t)
	for weights, effective := range map[string]string{"original": "effective",
		"handmade_weights": "effective_handmade"} {
		given := map[string]float64{}
		for _, row := range asem(t, "ref/weights/"+weights+".csv").Rows[1:] {
			given[row[0]] = figure(t, row[2])
		}
		plan, err := Compile(s, table, Methods{})
		if err != nil {
			t.Fatal(err)
		}
		own := plan.Weights()
		for i, n := range plan.Nodes() {
			own[i] = given[n.Code]
		}
		got := plan.tree.effective(own)
		for _, row := range asem(t, "ref/weights/"+effective+".csv").Rows[1:] {
			if at := plan.Index(row[0]); !near(got[at], figure(t, row[3]), exact) {
				t.Errorf("%s: effective weight of %s %v, want %s", effective, row[0], got[at], row[3])
			}
		}
	}
}
