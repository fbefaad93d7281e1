package rating

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The areas and indicators of evaluation.md under one index, to which a test adds its weights.
const (
	vectorData   = "uCode,x1,x2,x3\nA,60,2.8,40\nB,72,2.4,55\nC,50,3.1,30\nD,90,2.1,70\n"
	vectorScheme = `key: vector
indicators:
  - {code: x1, parent: I, weight: 2}
  - {code: x2, parent: I, direction: cost}
  - {code: x3, parent: I}
aggregates: [{code: I}]
normalise: {method: minmax, low: 0, high: 1}
aggregate: [{method: amean}]
weights:
`
	threePairs = "  - {method: ahp, judges: [{items: [x1, x2, x3], upper: [3, 5, 2]}]}\n"
)

// files writes a scheme and its figures.
func files(t *testing.T, scheme string) (schemePath, dataPath string) {
	t.Helper()
	folder := t.TempDir()
	schemePath, dataPath = filepath.Join(folder, "scheme.yaml"), filepath.Join(folder, "data.csv")
	for path, text := range map[string]string{schemePath: scheme, dataPath: vectorData} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return schemePath, dataPath
}

// built is the vector under some weights.
func built(t *testing.T, weights string) (*score.Outcome, error) {
	t.Helper()
	return ran(t, vectorScheme+weights)
}

// ran runs a scheme on the figures of the vector.
func ran(t *testing.T, scheme string) (*score.Outcome, error) {
	t.Helper()
	from := source{}
	from.files[0], from.files[1] = files(t, scheme)
	if err := from.readScheme(); err != nil {
		return nil, err
	}
	if err := from.readData(); err != nil {
		return nil, err
	}
	plan, err := score.Compile(from.scheme, from.table, Methods())
	if err != nil {
		return nil, err
	}
	return plan.Run()
}

func sharesAre(t *testing.T, o *score.Outcome, within float64, want ...float64) {
	t.Helper()
	for i, w := range want {
		if got := o.Effective[i]; math.Abs(got-w) > within {
			t.Errorf("%s weighs %.6f, not %.6f", o.Nodes[i].Code, got, w)
		}
	}
}

// TestAJudgeWeighsChildren: the vector of the definitions with its ratios by both tables, however written.
func TestAJudgeWeighsChildren(t *testing.T) {
	for _, said := range []struct{ weights, table, ratio string }{
		{threePairs, "saaty", ".003185"},
		{strings.Replace(threePairs, "ahp,", "ahp, table: 1000-sample,", 1), "1000-sample", ".003552"},
		{"  - {method: ahp, judges: [{pairs: {x2: {x1: 1/3}, x1: {x3: 5}, x3: {x2: 0.5}}}]}\n", "saaty",
			".003185"},
		{"  - {method: ahp, derivation: geometric, judges: [{items: [x1, x2], upper: [3], " +
			"pairs: {x1: {x3: 5}, x2: {x3: 2}}}]}\n", "saaty", ".003185"},
	} {
		o, err := built(t, said.weights)
		if err != nil {
			t.Fatal(err)
		}
		sharesAre(t, o, 5e-7, .648329, .229651, .122020)
		if len(o.Notes) != 1 || o.Notes[0].Key != "rating.note.hierarchy" {
			t.Fatalf("%+v", o.Notes)
		}
		args := o.Notes[0].Args
		if args[0] != "I" || args[2] != "3.00369" && args[2] != "3.0037" || args[5] != said.table ||
			!strings.HasPrefix(args[4].(string), "0"+said.ratio[:5]) {
			t.Errorf("%s: %v", said.table, args)
		}
	}
}

// TestJudgesArePooled: two equal voices of opposite minds cancel; a voice of zero is not heard, and joined
// judgements and joined priorities of consistent judges are the same.
func TestJudgesArePooled(t *testing.T) {
	group := "  - {method: ahp, pool: %s, judges: [{name: wu, voice: %v, items: [x1, x2, x3], " +
		"upper: [2, 4, 2]}, " +
		"{name: li, items: [x1, x2, x3], upper: [1/2, 1/4, 1/2]}]}\n"
	for _, pool := range []string{"judgements", "priorities"} {
		o, err := built(t, fmt.Sprintf(group, pool, 1))
		if err != nil {
			t.Fatal(err)
		}
		sharesAre(t, o, 1e-12, 1./3, 1./3, 1./3)
		if o, err = built(t, fmt.Sprintf(group, pool, 0)); err != nil {
			t.Fatal(err)
		}
		sharesAre(t, o, 1e-12, 1./7, 2./7, 4./7)
	}
	o, err := built(t, fmt.Sprintf(group, "priorities_arithmetic", 3))
	if err != nil {
		t.Fatal(err)
	}
	sharesAre(t, o, 1e-12, (3*4./7+1./7)/4, 2./7, (3*1./7+4./7)/4)
}

// TestBestWorstAndOrders: consistent comparisons give their ratios, ranks the centroid.
func TestBestWorstAndOrders(t *testing.T) {
	for weights, want := range map[string][]float64{
		"  - {method: best_worst, best: x1, worst: x3, to_others: {x2: 2, x3: 4}, to_worst: {x2: 2}}\n": {
			4. / 7, 2. / 7, 1. / 7},
		"  - {method: rank_order, ranks: {x1: 2, x2: 1, x3: 3}}\n":            {5. / 18, 11. / 18, 2. / 18},
		"  - {method: rank_order, order: rs, ranks: {x1: 1, x2: 2, x3: 2}}\n": {.5, .25, .25},
	} {
		o, err := built(t, weights)
		if err != nil {
			t.Fatalf("%s: %v", weights, err)
		}
		sharesAre(t, o, 1e-9, want...)
	}
}

// TestACombinationOfFigures: entropy and CRITIC of the definitions, combined by hand.
func TestACombinationOfFigures(t *testing.T) {
	entropy, critic := []float64{.344930, .315938, .339132}, []float64{.404932, .415224, .179844}
	dot := func(a, b []float64) (sum float64) {
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	ee, ec, cc := dot(entropy, entropy), dot(entropy, critic), dot(critic, critic)
	first := (ee*cc - ec*cc) / (ee*cc - ec*cc + ee*cc - ec*ee)
	mixed := func(share float64) (w []float64) {
		for i := range entropy {
			w = append(w, share*entropy[i]+(1-share)*critic[i])
		}
		return w
	}
	powered := func(exponent float64) []float64 {
		w, sum := make([]float64, 3), 0.0
		for i := range w {
			w[i] = math.Pow(entropy[i]*critic[i], exponent)
			sum += w[i]
		}
		for i := range w {
			w[i] /= sum
		}
		return w
	}
	for how, want := range map[string][]float64{"additive": mixed(.5),
		"additive, shares: [0.8, 0.2]": mixed(.8),
		"product":                      powered(1), "root": powered(.5), "game": mixed(first)} {
		o, err := built(t,
			"  - {method: combination, of: [{method: entropy}, {method: critic}], how: "+how+"}\n")
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		sharesAre(t, o, 2e-5, want...)
		if how != "game" {
			sharesAre(t, o, 2e-6, want...)
		}
		if len(o.Notes) != 1 || o.Notes[0].Key != "rating.note.combination" {
			t.Errorf("%s: %+v", how, o.Notes)
		}
	}
}

// TestACombinationOfPeopleAndFigures: weights written at the nodes and a judge's are parts like others, and
// the judge's consistency is told too.
func TestACombinationOfPeopleAndFigures(t *testing.T) {
	o, err := built(t, "  - {method: combination, how: additive, of: [{method: given}, {method: equal}, "+
		"{method: ahp, judges: [{items: [x1, x2, x3], upper: [2, 4, 2]}]}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	sharesAre(t, o, 1e-12, (.5+1./3+4./7)/3, (.25+1./3+2./7)/3, (.25+1./3+1./7)/3)
	if len(o.Notes) != 2 || o.Notes[1].Key != "rating.note.hierarchy" {
		t.Errorf("%+v", o.Notes)
	}
}

// TestWordsOfWeightsThatDoNotFitAreRefused with what is at fault.
func TestWordsOfWeightsThatDoNotFitAreRefused(t *testing.T) {
	judge := func(said string) string { return "{method: ahp, judges: [{name: wu, " + said + "}]}" }
	for key, said := range map[string]struct{ weights, named string }{
		"rating.judges_lacking":         {"{method: ahp}", "I"},
		"rating.judges_limit":           {"{method: ahp, limit: -1, judges: [{}]}", "-1"},
		"rating.judges_pool":            {"{method: ahp, pool: x, judges: [{}]}", "x"},
		"rating.judge_upper":            {judge("items: [x1, x2, x3], upper: [3, 5]"), "wu"},
		"rating.judge_item_unknown":     {judge("items: [x1, x2, x9], upper: [3, 5, 2]"), "x9"},
		"rating.judge_pair_lacking":     {judge("items: [x1, x2], upper: [3]"), "x3"},
		"rating.judge_itself":           {judge("pairs: {x1: {x1: 1}}"), "x1"},
		"rating.judge_scale":            {judge("items: [x1, x2, x3], upper: [3, 10, 2]"), "10"},
		"rating.judge_twice":            {judge("pairs: {x1: {x2: 3}, x2: {x1: 3}}"), "x2"},
		"rating.judgement_inconsistent": {judge("items: [x1, x2, x3], upper: [3, 1/5, 2]"), "x2 x1 1/3 9"},
		"rating.ahp_table": {"{method: ahp, table: moon, judges: [{items: [x1, x2, x3], " +
			"upper: [3, 5, 2]}]}", "moon"},
		"rating.compared_unknown": {"{method: rank_order, ranks: {x8: 1}}", "x8"},
		"rating.compared_lacking": {"{method: rank_order, ranks: {x1: 1, x2: 2}}", "x3"},
		"rating.weighting_order": {"{method: rank_order, order: x, ranks: {x1: 1, x2: 2, x3: 3}}",
			"x"},
		"rating.bestworst_scale": {"{method: best_worst, best: x1, worst: x3, " +
			"to_others: {x2: 12, x3: 4}, to_worst: {x2: 2}}", "x2"},
		// 2·3 beside 4: 2 over 4² − 4, where three items and a span of 4 allow 0.1121.
		"rating.bestworst_inconsistent": {"{method: best_worst, best: x1, worst: x3, " +
			"to_others: {x2: 2, x3: 4}, to_worst: {x2: 3}}", "I 0.167 0.1121 x2 2 3 4"},
		"rating.weights_foreign": {"{method: entropy, judges: [{}]}", "judges"},
		"rating.combine_how": {"{method: combination, of: [{method: entropy}, {method: critic}]}",
			"I"},
		"rating.combine_sets": {"{method: combination, how: root, of: [{method: entropy}]}", "1"},
		"rating.combine_dependent": {"{method: combination, how: game, of: [{method: sd}, {method: sd}]}",
			"2"},
		"rating.combine_sum": {"{method: combination, how: additive, shares: [0.5, 0.6], " +
			"of: [{method: entropy}, {method: critic}]}", "1.1"},
	} {
		_, err := built(t, "  - "+said.weights+"\n")
		if !fault.HasKey(err, key) || !strings.Contains(fmt.Sprint(fault.Of(err).Args), said.named) {
			t.Errorf("%s: %v", key, err)
		}
	}
	_, err := built(t, "  - {method: combination, how: root, of: [{method: entropy}, {method: moon}]}\n")
	if found := fault.Of(err).Findings; len(found) != 1 || found[0].Key != "rating.scheme_method_unknown" ||
		found[0].Args[2] != "moon" {
		t.Errorf("%v", err)
	}
}

// TestAnInconsistentJudgeIsToldWhatToThinkOver in words, and may be let through by a limit of one's own.
func TestAnInconsistentJudgeIsToldWhatToThinkOver(t *testing.T) {
	said := "  - {method: ahp, judges: [{items: [x1, x2, x3], upper: [3, 5, 1/2]}]}\n"
	scheme, data := files(t, vectorScheme+said)
	printed, err := command(t, locale.English, "run", scheme, data, "--out", t.TempDir())
	if !fault.HasKey(err, "rating.judgement_inconsistent") {
		t.Fatalf("%v", err)
	}
	if words := "x1 beside x2: it says 3, the others imply about 9"; !strings.Contains(printed, words) {
		t.Errorf("no “%s” in %s", words, printed)
	}
	if _, err := built(t, strings.Replace(said, "ahp,", "ahp, limit: 0.9,", 1)); err != nil {
		t.Error(err)
	}
}

// TestAWholeLevelOfJudges: a judge of a level compares the children of each parent, and nothing across.
func TestAWholeLevelOfJudges(t *testing.T) {
	scheme := strings.NewReplacer("x2, parent: I", "x2, parent: J", "[{code: I}]", "[{code: I}, {code: J}]",
		"x3, parent: I", "x3, parent: J").Replace(vectorScheme)
	for weights, key := range map[string]string{"pairs: {x2: {x3: 4}}": "",
		"items: [x1, x2, x3], upper: [3, 5, 2]": "rating.judge_across"} {
		o, err := ran(t, scheme+"  - {method: ahp, judges: [{"+weights+"}]}\n")
		if key != "" {
			if !fault.HasKey(err, key) {
				t.Errorf("%s: %v", weights, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		sharesAre(t, o, 1e-12, 1, .8, .2)
	}
}

// everyMethod says all of them at once.
const everyMethod = "  - method: combination\n    how: additive\n" +
	"    shares: [0.4, 0.3, 0.2, 0.1]\n    of:\n" +
	"      - {method: critic}\n" +
	"      - {method: ahp, table: pymcdm, pool: priorities, limit: 0.2, judges: [{name: wu, voice: 2, " +
	"items: [x1, x2, x3], upper: [3, 5, 1/2.5]}, {pairs: {x3: {x1: 1/3, x2: 2}, x1: {x2: 4}}}]}\n" +
	"      - {method: best_worst, best: x1, worst: x3, limit: 0.2, to_others: {x2: 2, x3: 4}, " +
	"to_worst: {x2: 3}}\n" +
	"      - {method: rank_order, order: rr, ranks: {x1: 1, x2: 2, x3: 2}}\n"

// TestSpokenWeightsGoRound: what the command prints is the same scheme, runs to the same bits, and every
// command takes it.
func TestSpokenWeightsGoRound(t *testing.T) {
	weights := strings.NewReplacer("1/2.5", "1", "limit: 0.2", "limit: 0.5").Replace(everyMethod)
	scheme, data := files(t, vectorScheme+weights)
	printed := must(t, "scheme", scheme)
	before, err := ParseScheme("before", []byte(vectorScheme+weights))
	if err != nil {
		t.Fatal(err)
	}
	after, err := ParseScheme("after", []byte(printed))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Fatalf("%v\n%s", err, printed)
	}
	again, _ := files(t, printed)
	if twice := must(t, "scheme", again); twice != printed {
		t.Errorf("printed once:\n%s\nand twice:\n%s", printed, twice)
	}
	var tables [2][]byte
	for i, path := range []string{scheme, again} {
		out := t.TempDir()
		told := must(t, "run", path, data, "--out", out, "--replications", "8")
		if !strings.Contains(told, "λmax") || !strings.Contains(told, "critic 0.4") {
			t.Errorf("nothing is told of the judges: %s", told)
		}
		report, err := os.ReadFile(filepath.Join(out, "report.html"))
		if err != nil || !strings.Contains(string(report), "judge wu") {
			t.Errorf("the report is silent: %v", err)
		}
		for _, name := range []string{"weights.csv", "scores.csv", "uncertainty.csv", "scheme.yaml"} {
			body, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			tables[i] = append(tables[i], body...)
		}
	}
	if !slices.Equal(tables[0], tables[1]) {
		t.Errorf("%s\nis not\n%s", tables[0], tables[1])
	}
	if told := must(t, "explain", "A", scheme, data); !strings.Contains(told, "judge wu") {
		t.Errorf("%s", told)
	}
	must(t, "sensitivity", scheme, data, "--replications", "8", "--vary", "data=0.1")
}

// TestSpokenWeightsSumToOne whatever near-consistent judges, ranks and combinations say.
func TestSpokenWeightsSumToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 7).Draw(t, "n")
		f := score.Family{Parent: "I", Areas: []string{"A", "B", "C"}}
		ranks, pairs := map[string]int{}, map[string]map[string]score.Times{}
		for i := range n {
			code := fmt.Sprint("c", i)
			f.Children = append(f.Children, code)
			ranks[code] = rapid.IntRange(1, n).Draw(t, "rank")
			f.Columns = append(f.Columns, rapid.SliceOfNDistinct(rapid.Float64Range(0, 1), 3, 3,
				rapid.ID[float64]).Draw(t, "column"))
		}
		f.Level, f.Given = f.Children, slices.Repeat([]float64{1}, n)
		for i, first := range f.Children {
			for _, second := range f.Children[i+1:] {
				if pairs[first] == nil {
					pairs[first] = map[string]score.Times{}
				}
				// The importance is that of the ranks, 1 or 2, so that every judgement is consistent.
				a, b := 1+ranks[first]%2, 1+ranks[second]%2
				pairs[first][second] = score.Times(fmt.Sprintf("%d/%d", a, b))
			}
		}
		hierarchy := score.Weighting{Method: score.HierarchyWeights,
			Compared: score.Compared{Judges: []score.Judge{{Pairs: pairs}}}}
		order := score.Weighting{Method: score.OrderWeights, Compared: score.Compared{Ranks: ranks}}
		how := rapid.SampledFrom([]string{howAdditive, howProduct, howRoot}).Draw(t, "how")
		f.By = score.Weighting{Method: score.CombinedWeights, Combined: score.Combined{How: how,
			Of: []score.Weighting{hierarchy, order, {Method: "entropy"}, {Method: score.GivenWeights}}}}
		for _, by := range append([]score.Weighting{f.By}, f.By.Of[:2]...) {
			of := partOf(f, by)
			weights, err := weigherOf(by.Method)(of)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, w := range weights {
				sum += w
				if w < 0 {
					t.Errorf("%v", weights)
				}
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%s sums to %v", by.Method, sum)
			}
		}
	})
}

// TestTheDocumentOfWeightsIsAsItRuns: scheme, figures and what is printed in docs/weights.md.
func TestTheDocumentOfWeightsIsAsItRuns(t *testing.T) {
	body, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "weights.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for fence, name := range map[string]string{"```yaml\n": "scheme.yaml", "```csv\n": "data.csv"} {
		_, text, found := strings.Cut(string(body), fence)
		text, _, _ = strings.Cut(text, "```")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil || !found {
			t.Fatal(name, err)
		}
	}
	_, block, _ := strings.Cut(string(body), "```console\n")
	block, _, _ = strings.Cut(block, "```")
	commands := strings.Split("\n"+block, "\n$ ")[1:]
	if len(commands) < 2 {
		t.Fatalf("only %d commands", len(commands))
	}
	for _, part := range commands {
		said, shown, _ := strings.Cut(part, "\n")
		documented(t, said, strings.TrimSuffix(shown, "\n"))
	}
}

// TestNotesOfComponents: correlated columns are fit for components, others are doubted.
func TestNotesOfComponents(t *testing.T) {
	areas := []string{"A", "B", "C", "D", "E", "F", "G", "H"}
	// The same rise under three patterns that have nothing to do with each other.
	rising := [][]float64{{2, 1, 4, 3, 6, 5, 8, 7}, {2, 3, 2, 3, 6, 7, 6, 7}, {1, 3, 4, 3, 4, 5, 6, 9}}
	for want, columns := range map[int][][]float64{1: rising,
		2: {{1, 2, 3, 4, 5, 6, 7, 8}, {4, 1, 3, 2, 2, 3, 1, 4}, {5, 1, 4, 2, 8, 6, 3, 7}}} {
		notes, err := accounts()["pca"](score.Family{Parent: "I", Children: []string{"x", "y", "z"},
			Areas: areas, Columns: columns})
		if err != nil || len(notes) != want || notes[0].Args[1] != len(areas) ||
			want == 1 && notes[0].Args[4] != "0.011" || shortChance(1e-9) != "< 0.001" {
			t.Errorf("%v %v, want %d", notes, err, want)
		}
	}
}

// TestAPooledJudgeIsDoubtedByName: judges whose judgements are pooled may contradict themselves; who does and
// where is told.
func TestAPooledJudgeIsDoubtedByName(t *testing.T) {
	o, err := built(t, "  - {method: ahp, judges: [{name: wu, items: [x1, x2, x3], upper: [3, 5, 1/2]}, "+
		"{name: li, voice: 9, items: [x1, x2, x3], upper: [3, 5, 2]}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, note := range o.Notes {
		if note.Key == "rating.note.doubtful" {
			if note.Args[0] != "wu" || note.Args[2] != "x1" || note.Args[3] != "x2" {
				t.Errorf("%v", note.Args)
			}
			return
		}
	}
	t.Errorf("nobody is doubted: %v", o.Notes)
}
