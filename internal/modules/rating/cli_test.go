package rating

import (
	"bytes"
	"encoding/csv"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// command runs a command of the module, without anything else of the program.
func command(t *testing.T, language locale.Language, args ...string) (out string, err error) {
	t.Helper()
	words, err := locale.Load(locale.Own, texts, sheet.Texts)
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	host := &manifest.Host{Dictionary: words,
		Console: &cli.Console{Out: &printed, Err: &printed, Dictionary: words, Language: language}}
	root := &cobra.Command{Use: "terrace", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(New(host).Module().Commands()...)
	root.SetArgs(append([]string{"rating"}, args...))
	root.SetOut(&printed)
	if err = root.Execute(); err != nil {
		host.Console.Fail(err)
	}
	return printed.String(), err
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := command(t, locale.English, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// asem is a file of the reference data, or the test skips.
func asem(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "index", "asem",
		filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs ../shared/data/index beside the repository")
	}
	return path
}

// tableOf reads a table by area and column.
func tableOf(t *testing.T, path string) map[[2]string]string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "uCode" {
		t.Errorf("%s begins with %s", path, rows[0][0])
	}
	cells := map[[2]string]string{}
	for _, row := range rows[1:] {
		for c, code := range rows[0][1:] {
			cells[[2]string{row[0], code}] = row[c+1]
		}
	}
	return cells
}

// holds says that a table has every cell of another, to 1e-9.
func holds(t *testing.T, ours, reference string) {
	t.Helper()
	got, wrong := tableOf(t, ours), 0
	for at, want := range tableOf(t, reference) {
		x, err := strconv.ParseFloat(got[at], 64)
		y, missing := strconv.ParseFloat(want, 64)
		if (err != nil) != (missing != nil) || err == nil && math.Abs(x-y) > 1e-9*max(math.Abs(x),
			math.Abs(y)) {
			if wrong++; wrong < 5 {
				t.Errorf("%s: %v is %q, want %q", ours, at, got[at], want)
			}
		}
	}
}

// sameRows says that rows of a table that a reference has too, found by their first cells, are as there.
func sameRows(t *testing.T, ours, reference string, keys int) {
	t.Helper()
	read := func(path string) map[string][]string {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		found := map[string][]string{}
		for _, row := range rows {
			found[strings.Join(row[:keys], " ")] = row[keys:]
		}
		return found
	}
	got, compared := read(ours), 0
	for key, want := range read(reference) {
		if got[key] == nil {
			continue
		}
		compared++
		for i := range want {
			x, err := strconv.ParseFloat(got[key][i], 64)
			y, _ := strconv.ParseFloat(want[i], 64)
			if err != nil && got[key][i] != want[i] || math.Abs(x-y) > 1e-9*max(math.Abs(x), math.Abs(y)) {
				t.Errorf("%s: %s has %v, want %v", ours, key, got[key], want)
				break
			}
		}
	}
	if compared < 10 {
		t.Errorf("%s: only %d rows were compared", ours, compared)
	}
}

var pipeline = []string{"--denominate", "--impute", "mean:EurAsia_group", "--screen", "0.9", "--treat",
	"winsorise",
	"--normalise", "minmax:0:100", "--weights", "given", "--aggregate", "amean"}

// TestRunOfTheReference rebuilds the reference's example from its own tables.
func TestRunOfTheReference(t *testing.T) {
	data, meta, out := asem(t, "iData.csv"), asem(t, "iMeta.csv"), t.TempDir()
	run := func(flags ...string) {
		t.Helper()
		must(t, append([]string{"run", "--coin", data, meta, "--out", out}, flags...)...)
	}
	run(pipeline...)
	for ours, reference := range map[string]string{"prepared": "pipeline/04_screened",
		"treated":    "pipeline/05_treated",
		"normalised": "pipeline/06_normalised", "scores": "pipeline/07_aggregated",
		"ranks": "pipeline/08_ranks"} {
		holds(t, filepath.Join(out, ours+".csv"), asem(t, "ref/"+reference+".csv"))
	}
	run(append(slices.Clone(pipeline), "--weights", "pca")...)
	holds(t, filepath.Join(out, "scores.csv"), asem(t, "ref/weights/pca_L1_weighted_aggregates.csv"))
	holds(t, filepath.Join(out, "ranks.csv"), asem(t, "ref/weights/pca_L1_weighted_ranks.csv"))
	run(append(slices.Clone(pipeline), "--statistics")...)
	for _, name := range []string{"treated", "normalised"} {
		sameRows(t, filepath.Join(out, "stats_"+name+".csv"), asem(t, "ref/stats/stats_"+name+".csv"), 1)
	}
	sameRows(t, filepath.Join(out, "cronbach.csv"), asem(t, "ref/cronbach.csv"), 3)
	run("--normalise", "minmax:1:100", "--aggregate", "amean")
	holds(t, filepath.Join(out, "scores.csv"), asem(t, "ref/aggregate/raw_amean.csv"))
	holds(t, filepath.Join(out, "normalised.csv"), asem(t, "ref/normalise/raw_minmax_1_100.csv"))
	run() // no step: the figures as they are, and no score
	holds(t, filepath.Join(out, "normalised.csv"), asem(t, "ref/pipeline/01_raw.csv"))
	if cells := tableOf(t, filepath.Join(out, "scores.csv")); cells[[2]string{"AUT", "Index"}] != "" ||
		cells[[2]string{"AUT", "LPI"}] == "" {
		t.Error("without aggregation there is an index, or no indicator")
	}
}

// TestSchemeGivesTheSame: the scheme printed for the reference's tables, run on the same data, is the same.
func TestSchemeGivesTheSame(t *testing.T) {
	data, meta, folder := asem(t, "iData.csv"), asem(t, "iMeta.csv"), t.TempDir()
	flags := []string{"--denominate", "--impute", "row:2", "--screen", ">0.8", "--treat",
		"winsorise:2,boxcox:0.25,combine",

		"--normalise", "zscore:100:7.5", "--weights", "critic,equal", "--aggregate",
		"amean,median,genmean:2.5",
		"--threshold", "0.67"}
	text := must(t, append([]string{"scheme", "--coin", data, meta}, flags...)...)
	file := filepath.Join(folder, "scheme.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	first, second := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	must(t, append([]string{"run", "--coin", data, meta, "--out", first}, flags...)...)
	must(t, "run", file, data, "--out", second)
	for _, name := range []string{"prepared.csv", "treated.csv", "normalised.csv", "scores.csv",
		"ranks.csv",
		"weights.csv", "changes.csv", "scheme.yaml"} {
		a, err := os.ReadFile(filepath.Join(first, name))
		b, other := os.ReadFile(filepath.Join(second, name))
		if err != nil || other != nil || !bytes.Equal(a, b) || len(a) < 100 {
			t.Errorf("%s differs (%v, %v)", name, err, other)
		}
	}
	if again := must(t, "scheme", file); again != text {
		t.Error("a scheme read and printed is another")
	}
}

// small writes an index of our own into a folder.
func small(t *testing.T) (scheme, data string) {
	t.Helper()
	folder := t.TempDir()
	scheme, data = filepath.Join(folder, "scheme.yaml"), filepath.Join(folder, "data.csv")
	for name, text := range map[string]string{scheme: `key: small
title: {zh: 城乡融合, en: Integration}
indicators:
  - {code: x1, parent: I, weight: 0.34493}
  - {code: x2, parent: I, weight: 0.315938, direction: cost, name: Income ratio}
  - {code: x3, parent: I, weight: 0.339132}
aggregates:
  - {code: I, name: Index}
normalise: {method: minmax, low: 0, high: 1}
aggregate:
  - {method: amean}
`, data: "代码,名称,x3,x1,x2\nA,甲,40,60,2.8\nB,乙,55,72,2.4\nC,丙,30,50,3.1\nD,丁,70,90,2.1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return scheme, data
}

func TestOwnSchemeAndExplanation(t *testing.T) {
	scheme, data := small(t)
	out := t.TempDir()
	said := must(t, "run", scheme, data, "--out", out)
	cells := tableOf(t, filepath.Join(out, "scores.csv"))
	for area, want := range map[string]float64{"A": .265797, "B": .622826, "C": 0, "D": 1} {
		if x, err := strconv.ParseFloat(cells[[2]string{area, "I"}], 64); err != nil ||
			math.Abs(x-want) > 5e-7 {
			t.Errorf("%s: %v (%v), want %v", area, x, err, want)
		}
	}
	if !strings.Contains(said, "丁") {
		t.Errorf("the best is not named:\n%s", said)
	}
	said = must(t, "explain", "A", scheme, data)
	for _, want := range []string{"rank 3 of 4", "x2", "Income ratio", "31.59 %", "0.09", "Strongest",
		"Weakest",
		"Cells changed: 0"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	said = must(t, "explain", "A", scheme, data, "--treat", "winsorise:1", "--normalise", "rank",
		"--aggregate",
		"copeland")
	if !strings.Contains(said, "no parts") {
		t.Errorf("parts of what has none:\n%s", said)
	}
}

// TestWorkbooksAreDataToo: the same figures in a workbook give the same scores, and a cell without a value is
// told by its place.
func TestWorkbooksAreDataToo(t *testing.T) {
	scheme, data := small(t)
	first, second := t.TempDir(), t.TempDir()
	must(t, "run", scheme, data, "--out", first)
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{{"code", "x1", "x2", "x3", "region"}, nil, {"A", 60, 2.8, 40, "n"},
		{"B", 72, 2.4, 55, "n"}, {"C", 50, 3.1, 30, "s"}, {"D", 90, 2.1, 70, "s"}} {
		if err := book.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(second, "data.xlsx")
	save := func() {
		t.Helper()
		if err := book.SaveAs(file); err != nil {
			t.Fatal(err)
		}
	}
	save()
	must(t, "run", scheme, file, "--out", second, "--impute", "mean:region")
	for _, name := range []string{"scores.csv", "ranks.csv"} {
		holds(t, filepath.Join(second, name), filepath.Join(first, name))
	}
	if err := errors.Join(book.SetCellValue("Sheet1", "C4", nil), book.SetCellFormula("Sheet1", "C4",
		"1/0")); err != nil {
		t.Fatal(err)
	}
	save()
	_, err := command(t, locale.English, "run", scheme, file, "--out", second)
	f := fault.Of(err)
	if f == nil || len(f.Findings) != 1 || f.Findings[0].Row != 4 || f.Findings[0].Column != "x2" {
		t.Errorf("a formula without a value: %v", err)
	}
	if _, err := command(t, locale.English, "run", scheme, data, "--out", second, "--impute",
		"mean:region"); !fault.HasKey(err, "rating.impute_group_unknown") {
		t.Errorf("a group that is not there: %v", err)
	}
}

// TestEveryMethodRuns: each word of the flags computes something, and the same words again.
func TestEveryMethodRuns(t *testing.T) {
	scheme, data := small(t)
	for flag, words := range map[string][]string{
		"--impute": {"mean", "median", "row", "row:2", "none", "i_mean"},
		"--screen": {"0.5", ">0.5", "0.5:0.9", "none"},
		"--treat": {"winsorise", "winsorise:0", "winsorise:3", "winsorise:3:2:3.5",
			"winsorise:3,log_CT_plus",
			"winsorise,none",
			"log_CT,always",
			"boxcox:0.5,always", "log_CT_orig", "winsorise,boxcox:0,combine", "none"},
		"--normalise": {"minmax", "minmax:1:10", "zscore", "zscore:10:2", "rank", "rank_avgties", "borda",
			"prank",
			"dist2max", "dist2ref", "dist2ref_2", "dist2ref:A", "dist2ref:1:cap", "fracmax", "scaled:0:100",
			"scaled:0:100:1", "none",
			"n_minmax:0:1", "minmax:0:1,one", "minmax,time"},
		"--weights": {"given", "original", "equal", "entropy", "entropy_mm", "entropy_raw", "entropy_shift",
			"sd", "cv",
			"critic",
			"critic_abs", "pca", "pca_several", "entropy:whole"},
		"--aggregate": {"amean", "median", "sum", "genmean:1", "a_amean", "mpi", "topsis", "topsis_vec",
			"vikor", "grey",
			"bod", "copeland", "promethee", "ampi", "none"},
		"--threshold": {"0.67"},
	} {
		for _, word := range words {
			out := t.TempDir()
			must(t, "run", scheme, data, "--out", out, flag, word)
			cells := tableOf(t, filepath.Join(out, "ranks.csv"))
			if word == "none" && flag == "--aggregate" {
				continue
			}
			if word != "dist2ref:A" && cells[[2]string{"D", "I"}] != "1" {
				t.Errorf("%s %s: D, the best everywhere, ranks %q", flag, word, cells[[2]string{"D", "I"}])
			}
		}
	}
}

// TestEveryWordIsSaid in both languages: names of methods, and reasons of changes.
func TestEveryWordIsSaid(t *testing.T) {
	words, err := locale.Load(locale.Own, texts)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"divided", "denominator_missing", "denominator_zero", "dropped", "winhi", "winlo",
		"cut", "given",
		"equal", "mean", "median", "row", "previous", "constant", "linear", "none", "winsorise", "log_CT",
		"log_CT_plus",
		"log_CT_orig", "boxcox", "minmax", "zscore", "scaled", "rank", "rank_avgties", "borda", "prank",
		"dist2max",
		"dist2ref", "dist2targ", "fracmax", "goalposts", "amean", "gmean", "hmean", "genmean", "sum"}
	names = slices.AppendSeq(names, maps.Keys(weighers))
	names = slices.AppendSeq(names, maps.Keys(combiners))
	for _, name := range names {
		if !words.Has("rating.word." + name) {
			t.Errorf("there is no word for %s", name)
		}
	}
	scheme, _ := small(t)
	said := must(t, "scheme", scheme, "--weights", "equal")
	if strings.Count(said, "method: equal") != 1 {
		t.Errorf("equal weights of one level are said otherwise:\n%s", said)
	}
	text := func(key string, args ...any) string { return words.Text(locale.Chinese, key, args...) }
	if got := worded(text, "winsorise+log_CT"); got != "缩尾 + 对数" {
		t.Error(got)
	}
	if got := worded(text, "minmax:0:100"); got != "极差法 0:100" {
		t.Error(got)
	}
}

// TestWrongWordsAreRefused by the flag, and before anything is written.
func TestWrongWordsAreRefused(t *testing.T) {
	scheme, data := small(t)
	for flag, words := range map[string][]string{
		"--impute": {"guess", "row:pillar", "row:2.5", "mean:", "linear:2", "mean,median"},
		"--screen": {"much", "0.9:", "0.9:0:0"},
		"--treat": {"cut", "winsorise:5:0", "winsorise:5:2:3:4", "winsorise:1.5", "winsorise:-1",
			"winsorise,log_CT,boxcox:1", "boxcox:much", "boxcox:inf", "log_CT:1"},
		"--normalise": {"minmax:0", "minimax", "minmax:0:1:2", "minmax:a:b", "rank:3", "minmax,twice",
			"dist2targ:x", "zscore:0:0", "zscore:0:-1", "dist2ref:A:top"},
		"--weights":   {"fair", "entropy:some", "given:1:2"},
		"--aggregate": {"best", "amean:2", "genmean:x", "amean,worst"},
	} {
		for _, word := range words {
			if flag+word == "--normaliseminmax:0" {
				continue // from 0 to 100
			}
			out := filepath.Join(t.TempDir(), "out")
			_, err := command(t, locale.Chinese, "run", scheme, data, "--out", out, flag, word)
			if !fault.HasKey(err, "rating.flag_unreadable") || !slices.Equal(fault.Of(err).Args, []any{flag,
				word}) {
				t.Errorf("%s %s: %v", flag, word, err)
			}
			if _, err := os.Stat(out); err == nil {
				t.Errorf("%s %s: a folder was made", flag, word)
			}
		}
	}
}

// TestRefusalsNameTheirPlace in both languages.
func TestRefusalsNameTheirPlace(t *testing.T) {
	scheme, data := small(t)
	folder, out := filepath.Dir(scheme), t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"cell": {[]string{"run", scheme, file("bad.csv", "uCode,x1,x2,x3\nA,1,2,3\nB,1,?,3\n")},
			[]string{"x2", "3", "?"}},
		"moved cells": {[]string{"run", scheme, file("long.csv", "uCode,x1,x2,x3\nA,1,2,3\nB, C,1,2,77\n")},
			[]string{"long.csv", "3", "77"}},
		"column": {[]string{"run", scheme, file("short.csv", "uCode,x1,x2\nA,1,2\n")},
			[]string{"x3"}},
		"field": {[]string{"run", file("odd.yaml", "indicatrs: []\n"), data}, []string{"odd.yaml",
			"indicatrs"}},
		"code": {[]string{"run", file("cycle.yaml", "indicators: [{code: x1, parent: Q}]\n"),
			data}, []string{"x1", "Q"}},
		"file": {[]string{"run", scheme, filepath.Join(folder, "none.csv")},
			[]string{"none.csv"}},
		"zero": {[]string{"run", scheme, data, "--aggregate", "gmean"}, []string{"I", "x1", "C",
			"gmean"}},
		"area": {[]string{"explain", "Z", scheme, data}, []string{"Z"}},
		"node": {[]string{"explain", "A", scheme, data, "--node", "J"}, []string{"J"}},
		"no replication": {[]string{"run", scheme, data, "--replications", "10", "--aggregate", "none"},
			[]string{"--aggregate"}},
	} {
		for _, language := range []locale.Language{locale.English, locale.Chinese} {
			args := slices.Clone(c.args)
			if args[0] == "run" {
				args = append(args, "--out", out)
			}
			said, err := command(t, language, args...)
			if err == nil {
				t.Errorf("%s was taken", name)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("%s, %s: %q is not said:\n%s", name, language, want, said)
				}
			}
		}
	}
}

// TestPanelsAndReplications: a panel has its times beside the codes; replications repeat with their seed.
func TestPanelsAndReplications(t *testing.T) {
	scheme, _ := small(t)
	folder := filepath.Dir(scheme)
	data := filepath.Join(folder, "panel.csv")
	text := "uCode,Time,x1,x2,x3\nA,2021,60,2.8,40\nB,2021,72,2.4,55\nA,2020,50,3.1,30\nB,2020,90,2.1,70\n"
	if err := os.WriteFile(data, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "run", scheme, data, "--out", folder)
	body, err := os.ReadFile(filepath.Join(folder, "ranks.csv"))
	if err != nil ||
		string(body) != "uCode,Time,x1,x2,x3,I\nA,2020,2,2,2,2\nB,2020,1,1,1,1\nA,2021,2,2,2,2\n"+
			"B,2021,1,1,1,1\n" {
		t.Errorf("ranks %s, %v", body, err)
	}
	said := must(t, "explain", "B", scheme, data, "--time", "2021")
	if !strings.Contains(said, "0.62 in I, rank 1") {
		t.Errorf("the year is not found:\n%s", said)
	}
	_, data = small(t)
	deep := filepath.Join(folder, "deep.yaml")
	text = "indicators: [{code: x1, parent: P}, {code: x2, parent: Q, direction: cost},\n" +
		"  {code: x3, parent: Q}]\n" +
		"aggregates: [{code: P, parent: I}, {code: Q, parent: I}, {code: I}]\nnormalise: {method: rank}\n" +
		"aggregate: [{method: amean}]\n"
	if err := os.WriteFile(deep, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	draws := func(seed string) string {
		must(t, "run", deep, data, "--out", folder, "--replications", "50", "--seed", seed)
		body, err := os.ReadFile(filepath.Join(folder, "uncertainty.csv"))
		if err != nil || !strings.HasPrefix(string(body),
			"uCode,Nominal,Mean,Median,Q5,Q95\nA,3,3,3,3,3\n") {
			t.Errorf("%s, %v", body, err)
		}
		return string(body)
	}
	first := draws("1")
	if again := draws("1"); again != first {
		t.Error("the same seed drew otherwise")
	}
}
