package rating

import (
	"bytes"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// goodScheme and goodData are what every method takes; the bad inputs are these with one thing wrong.
const goodScheme = `groups: [{code: zone}]
indicators:
  - {code: x1, parent: U, weight: 2, target: 95, goalposts: {low: 0, high: 100}}
  - {code: x2, parent: U, weight: 1, target: 4, direction: cost, goalposts: {low: 1, high: 4}}
  - {code: x3, parent: R, weight: 1, target: 80, goalposts: {low: 0, high: 100}}
  - {code: x4, parent: R, weight: 1, target: 30, goalposts: {low: 0, high: 40}}
aggregates: [{code: U, parent: I}, {code: R, parent: I}, {code: I}]
`

const goodData = `uCode,uName,zone,Time,x1,x2,x3,x4
A,Alpha,n,2024,60,2.8,41,12
B,Beta,n,2024,72,2.4,55,19
C,Gamma,n,2024,50,3.1,33,11
D,Delta,s,2024,90,2.1,70,25
E,Epsilon,s,2024,66,2.9,48,31
F,Zeta,s,2024,81,2.2,39,17
`

// methodsTried are all treatments, normalisations, weights, aggregations and imputations, by what they are
// called in the tables below, with the flags that ask for them.
func methodsTried() map[string][]string {
	all := map[string][]string{}
	scaled := []string{"--normalise", "minmax:1:100", "--aggregate", "amean"}
	for flag, words := range map[string]string{
		"treat": "winsorise winsorise:2,log_CT log_CT,always log_CT_plus,always log_CT_orig,always " +
			"boxcox:0.5,always none",
		"weights": "given equal " + strings.Join(slices.Sorted(maps.Keys(weighers)), " "),
		"impute":  "mean median mean:zone median:zone row row:2 previous:2 constant linear none",
		"screen":  "0.6 >0.5",
	} {
		for _, word := range strings.Fields(words) {
			all[flag+" "+word] = append([]string{"--" + flag, word}, scaled...)
		}
	}
	for _, word := range strings.Fields("minmax minmax:1:100,one zscore scaled rank rank_avgties borda " +
		"prank dist2max dist2ref:A dist2targ fracmax goalposts none minmax,time") {
		all["normalise "+word] = []string{"--normalise", word, "--aggregate", "amean"}
	}
	for _, word := range append(slices.Sorted(maps.Keys(combiners)), "amean", "gmean", "hmean", "genmean:2",
		"genmean:0", "median", "sum") {
		all["aggregate "+word] = []string{"--normalise", "minmax:1:100", "--aggregate", word}
		all["raw "+word] = []string{"--aggregate", word} // of figures as they are
	}
	return all
}

// badInput is a scheme and data with something wrong, what a refusal of it has to name, and which methods
// refuse it: all by one key, or those listed by key. What is not listed takes it.
type badInput struct {
	name    string
	scheme  func(string) string
	data    func(string) string
	names   []string
	always  string
	refused map[string]string
}

func swap(from, to string) func(string) string {
	return func(text string) string {
		if !strings.Contains(text, from) {
			panic(from)
		}
		return strings.Replace(text, from, to, 1)
	}
}

// x1 puts the same text in the column x1 of every area.
func x1(text string) func(string) string {
	return func(data string) string {
		lines := strings.Split(strings.TrimSpace(data), "\n")
		for i := 1; i < len(lines); i++ {
			cells := strings.Split(lines[i], ",")
			cells[4] = text
			lines[i] = strings.Join(cells, ",")
		}
		return strings.Join(lines, "\n") + "\n"
	}
}

// areasOnly leaves the first so many areas.
func areasOnly(n int) func(string) string {
	return func(data string) string { return strings.Join(strings.SplitAfter(data, "\n")[:n+1], "") }
}

// repeated makes x2 a copy of x1.
func repeated(data string) string {
	lines := strings.Split(strings.TrimSpace(data), "\n")
	for i := 1; i < len(lines); i++ {
		cells := strings.Split(lines[i], ",")
		cells[5] = cells[4]
		lines[i] = strings.Join(cells, ",")
	}
	return strings.Join(lines, "\n") + "\n"
}

// x1OfD puts a text into that cell.
func x1OfD(text string) func(string) string { return swap("2024,90", "2024,"+text) }

// TestEveryMethodRefusesBadInput runs every method on every bad input; what is refused, in both languages. A
// refusal names the
// indicator and the area at fault (or the row of the file), says the rule and what to do;
// what is taken has no infinite score.
func TestEveryMethodRefusesBadInput(t *testing.T) {
	words, err := locale.Load(locale.Own, texts, sheet.Texts)
	if err != nil {
		t.Fatal(err)
	}
	methods := methodsTried()
	for _, in := range badInputs() {
		t.Run(in.name, func(t *testing.T) {
			want := map[string]string{}
			for key, list := range in.refused {
				for _, name := range strings.Split(list, "; ") {
					if want[name] = key; methods[name] == nil {
						t.Errorf("there is no method %q", name)
					}
				}
			}
			for name, flags := range methods {
				key := want[name]
				if in.always != "" {
					if key = in.always; name != "aggregate amean" && name != "weights cv" {
						continue // what is read or checked first does not know of methods
					}
				}
				outcome, err := in.run(t, flags)
				if err == nil && key == "" {
					finite(t, name, outcome)
					continue
				}
				f := fault.Of(err)
				if f == nil || f.Key != key {
					t.Errorf("%s: %v, want %q", name, err, key)
					continue
				}
				for _, language := range locale.Languages {
					if said, missing := unsaid(words, language, f, in.names); missing != nil {
						t.Errorf("%s, %s: %q is not said:\n%s", name, language, missing, said)
					}
				}
			}
		})
	}
}

// finite says that no score is infinite, but distances to a reference that is itself the least figure.
func finite(t *testing.T, method string, o *score.Outcome) {
	t.Helper()
	for n, column := range o.Scores {
		for row, x := range column {
			if math.IsInf(x, 0) && method != "normalise dist2ref:A" {
				t.Errorf("%s: %s of %s has no end", method, o.Nodes[n].Code, o.Keys[row])
			}
		}
	}
}

// unsaid prints a refusal as commands do, and tells what it lacks: a name, or words for what, by which rule
// and what next.
func unsaid(words *locale.Dictionary, l locale.Language, f *fault.Fault,
	names []string) (said string, missing []string) {
	var printed bytes.Buffer
	(&cli.Console{Out: &printed, Err: &printed, Dictionary: words, Language: l}).Fail(f)
	e := words.Explain(l, f)
	for _, part := range append([]string{e.What, e.Rule, e.Next}, names...) {
		if part == "" || strings.HasPrefix(part, f.Key) || !strings.Contains(printed.String(), part) {
			missing = append(missing, part)
		}
	}
	return printed.String(), missing
}

// run reads and computes as the commands do, without writing anything.
func (in badInput) run(t *testing.T, flags []string) (*score.Outcome, error) {
	t.Helper()
	scheme, data := goodScheme, goodData
	if in.scheme != nil {
		scheme = in.scheme(scheme)
	}
	if in.data != nil {
		data = in.data(data)
	}
	folder := t.TempDir()
	files := []string{filepath.Join(folder, "scheme.yaml"), filepath.Join(folder, "data.csv")}
	for i, text := range []string{scheme, data} {
		if err := os.WriteFile(files[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd, asked := &cobra.Command{}, &task{}
	asked.declare(cmd, func(key string, _ ...any) string { return key })
	if err := cmd.ParseFlags(flags); err != nil {
		t.Fatal(err)
	}
	err := asked.compute(files)
	return asked.outcome, err
}

// The methods that need every figure, those that need differences besides, and those that divide or take
// logarithms.
const (
	weighsAll  = "weights critic; weights critic_abs; weights entropy; weights entropy_shift; weights sd"
	weighsRaw  = "weights cv; weights entropy_raw"
	weighsBoth = weighsAll + "; weights independence"
	weighsPCA  = "weights pca; weights pca_several"
	decides    = "aggregate ampi; aggregate bod; aggregate grey; aggregate mpi; aggregate promethee; " +
		"aggregate topsis; aggregate topsis_vec; aggregate vikor"
	decidesRaw = "raw ampi; raw bod; raw grey; raw mpi; raw promethee; raw topsis; raw topsis_vec; " +
		"raw vikor"
	allOrNone = "aggregate genmean:0; aggregate genmean:2"
	noZero    = "raw genmean:0; raw gmean; raw hmean"
)

// incomplete are the refusals of a table with a gap.
var incomplete = map[string]string{"rating.weighting_missing": weighsBoth + "; " + weighsRaw,
	"rating.choice_missing": decides + "; " + decidesRaw}

// costsRaw is bod on a cost that nothing has turned: it is below 0 then.
var costsRaw = map[string]string{"rating.choice_negative": "raw bod"}

// spreadless are all methods but those that one area suffices for.
func spreadless() string {
	var all []string
	for name, flags := range methodsTried() {
		switch {
		case flags[0] == "--aggregate": // raw
		case slices.Contains([]string{"normalise minmax:1:100,one", "normalise scaled", "normalise rank",
			"normalise rank_avgties", "normalise borda", "normalise dist2targ", "normalise fracmax",
			"normalise goalposts", "normalise none"}, name):
		default:
			all = append(all, name)
		}
	}
	return strings.Join(all, "; ")
}

func badInputs() []badInput {
	return append(append(badFigures(), badFiles()...), badSchemes()...)
}

// badFigures are read, and then refused by the methods that cannot take them.
func badFigures() []badInput {
	return []badInput{
		{name: "nothing wrong", refused: costsRaw, names: []string{"x2", "A"}},
		{name: "byte order mark", refused: costsRaw, names: []string{"x2", "A"},
			data: func(d string) string { return "\ufeff" + d }},
		{name: "group of one", refused: costsRaw, names: []string{"x2", "A"}, data: swap("Alpha,n",
			"Alpha,w")},
		{name: "missing cell", data: x1OfD(""), names: []string{"x1", "D"}, refused: incomplete},
		{name: "not a number in R", data: x1OfD("NaN"), names: []string{"x1", "D"},
			refused: incomplete},
		{name: "missing without a group", names: []string{"x1", "D"}, refused: incomplete,
			data: func(d string) string { return swap("Delta,s", "Delta,")(x1OfD("")(d)) }},
		{name: "empty row", data: swap("90,2.1,70,25", ",,,"), names: []string{"x1", "D"},
			refused: incomplete},
		{name: "zero", data: x1OfD("0"), refused: map[string]string{
			"rating.weights_cancel": "weights pca", "rating.weighting_entropy": "weights entropy_raw",
			"rating.choice_negative": "raw bod", "rating.mean_not_positive": noZero}, names: []string{"x"}},
		{name: "negative", data: x1OfD("-90"), names: []string{"x1"}, refused: map[string]string{
			"rating.mean_not_positive": noZero + "; raw genmean:2", "rating.weights_cancel": "weights pca",
			"rating.weighting_entropy": "weights entropy_raw", "rating.choice_negative": "raw bod"}},
		{name: "constant column", data: x1("7"), names: []string{"x"}, refused: map[string]string{
			"rating.indicator_constant": strings.Join([]string{weighsBoth, weighsPCA, decides, allOrNone},
				"; "),
			"rating.choice_constant": "raw ampi; raw grey; raw mpi; raw topsis; raw vikor",
			"rating.choice_negative": "raw bod"}},
		{name: "column of zeros", data: x1("0"), names: []string{"x1"}, refused: map[string]string{
			"rating.indicator_constant": strings.Join([]string{weighsBoth, weighsRaw, weighsPCA, decides,
				allOrNone}, "; "),
			"rating.choice_constant":    "raw ampi; raw grey; raw mpi; raw topsis; raw vikor",
			"rating.choice_zero_column": "raw bod; raw topsis_vec", "rating.mean_not_positive": noZero}},
		{name: "empty column", data: x1(""), names: []string{"x1"}, refused: map[string]string{
			"rating.indicator_empty": strings.Join([]string{weighsBoth, weighsRaw, weighsPCA, decides,
				allOrNone,
				decidesRaw, "raw genmean:0; raw genmean:2"}, "; ")}},
		{name: "one area", data: areasOnly(1), names: []string{"x1", "A"}, refused: map[string]string{
			"rating.indicator_constant": spreadless(), "rating.choice_areas": decidesRaw +
				"; raw copeland"}},
		{name: "two areas", data: areasOnly(2), names: []string{"x1", "x2", "A", "B"},
			refused: map[string]string{"rating.weighting_nothing": "weights critic; weights critic_abs",
				"rating.weighting_areas": weighsPCA + "; weights independence",
				"rating.choice_negative": "raw bod"}},
		{name: "a column twice", scheme: swap("target: 4, direction: cost", "target: 4"), data: repeated,
			names: []string{"x1", "x2"}, refused: map[string]string{
				"rating.weighting_nothing": "weights critic; weights critic_abs",
				"rating.matrix_singular":   "weights independence"}},
		{name: "too large", data: x1OfD("1e300"), always: "rating.figure_large",
			names: []string{"x1", "D", "1e+300"}},
	}
}

// badFiles are refused when they are read, with row and column, whatever the method.
func badFiles() (all []badInput) {
	for _, text := range []string{"inf", "-Inf", "1e400", "ninety", `"90,5"`, "90%", `"1,090"`, "９０元",
		"0x5A",
		"90 000", "1_000", "#DIV/0!", "+-3"} {
		all = append(all, badInput{name: "cell " + text, data: x1OfD(text), always: "rating.sheet",
			names: []string{"data.csv", "x1", "5", strings.Trim(text, `"`)}})
	}
	for name, change := range map[string]func(string) string{"no column": swap("x3", "y3"),
		"heading twice": swap("x3,x4", "x3,x3"), "header only": areasOnly(0), "no code": swap("D,Delta",
			",Delta"),
		"code twice":      swap("E,Epsilon", "D,Epsilon"),
		"row of more":     swap("70,25", "70,25,1"),
		"number in words": x1OfD("二")} {
		names := map[string][]string{"no column": {"x3"}, "heading twice": {"x3"}, "no code": {"5"},
			"code twice": {"D", "6", "5"}, "row of more": {"5"}, "number in words": {"x1", "5", "二"}}
		all = append(all, badInput{name: name, data: change, always: "rating.sheet",
			names: append(names[name], "data.csv")})
	}
	return append(all, badInput{name: "empty file", data: func(string) string { return "" },
		always: "sheet.nothing"})
}

// badSchemes are refused before any figure is read.
func badSchemes() []badInput {
	all := []badInput{
		{name: "unknown parent", scheme: swap("x3, parent: R", "x3, parent: Q"), names: []string{"x3",
			"Q"}},
		{name: "cycle", scheme: swap("{code: I}", "{code: I, parent: U}"), names: []string{"U"}},
		{name: "its own parent", scheme: swap("{code: I}", "{code: I, parent: I}"), names: []string{"I"}},
		{name: "negative weight", scheme: swap("weight: 2", "weight: -2"), names: []string{"x1", "-2"}},
		{name: "weight without end", scheme: swap("weight: 2", "weight: .inf"), names: []string{"x1"}},
		{name: "weight no number", scheme: swap("weight: 2", "weight: .nan"), names: []string{"x1"}},
		{name: "weights all zero", names: []string{"U"}, scheme: func(s string) string {
			return swap("U, weight: 1", "U, weight: 0")(swap("U, weight: 2", "U, weight: 0")(s))
		}},
		{name: "code of an indicator twice", scheme: swap("code: x3", "code: x1"), names: []string{"x1"}},
		{name: "no children", scheme: swap("{code: I}", "{code: I}, {code: V, parent: I}"),
			names: []string{"V"}},
		{name: "posts turned round", scheme: swap("low: 0, high: 100", "low: 100, high: 0"),
			names: []string{"x1", "100"}},
	}
	for i := range all {
		all[i].always = "rating.scheme"
	}
	return append(all,
		badInput{name: "field unknown", scheme: swap("weight: 2", "wait: 2"), names: []string{"wait", "3"},
			always: "rating.scheme_unreadable"},
		badInput{name: "weight in words", scheme: swap("weight: 2", "weight: two"), names: []string{"two"},
			always: "rating.scheme_unreadable"})
}
