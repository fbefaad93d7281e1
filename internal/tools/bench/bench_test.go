package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
)

// fixture is a module with the files given by name, and a runner over it.
func fixture(t *testing.T, files map[string]string) (runner, *strings.Builder) {
	t.Helper()
	root := t.TempDir()
	files["go.mod"] = "module example.com/measured\n\ngo 1.26\n"
	for name, body := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := &strings.Builder{}
	return runner{root: root, file: filepath.Join(t.TempDir(), "bench.jsonl"), out: out}, out
}

// tells is a test file whose benchmark runs a body and tells one figure unless that ended it.
func tells(name, body string) string {
	return `package measured

import (
	"os"
	"testing"
)

type figure struct{ Name string }

func BenchmarkThis(b *testing.B) {
	` + body + `
	f := figure{Name: "` + name + `"}
	line := "{\"name\":\"" + f.Name + "\",\"value\":16,\"unit\":\"1/s\",\"baseline\":2,\"ratio\":8," +
		"\"load\":0.5,\"target\":\"≥ 8 ×\",\"against\":\"a < b\"}\n"
	file, err := os.OpenFile(os.Getenv("TERRACE_BENCH"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		b.Fatal(err)
	}
	file.WriteString(line)
	file.Close()
}
`
}

func figuresIn(t *testing.T, name string) []string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(body)) {
		var f map[string]any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err, line)
		}
		for _, key := range []string{"name", "value", "unit", "baseline", "ratio", "load"} {
			if f[key] == nil {
				t.Errorf("the line lacks %s: %s", key, line)
			}
		}
		names = append(names, f["name"].(string))
	}
	return names
}

func TestRunCollectsEachFigureOnce(t *testing.T) {
	r, out := fixture(t, map[string]string{
		"fast/a_test.go": tells("fast/one", ""),
		"deep/er/b_test.go": strings.Replace(tells("slow/two", ""), "func BenchmarkThis",
			"func TestNot(t *testing.T) { t.Fatal(\"a test ran\") }\n\nfunc BenchmarkThis", 1),
		"none/c_test.go":     "package none\n",
		"testdata/d_test.go": "package broken\nfunc Benchmark(",
	})
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err, out)
	}
	if got := figuresIn(t, r.file); !slices.Equal(got, []string{"slow/two", "fast/one"}) {
		t.Error(got)
	}
	if text := out.String(); strings.Count(text, "≥ 8 ×  met") != 2 || !strings.Contains(text, "8.00") {
		t.Error(text)
	}
}

func TestOnlyOneSubject(t *testing.T) {
	files := map[string]string{"fast/a_test.go": tells("fast/one", ""),
		"slow/b_test.go": tells("slow/two", `b.Fatal("must not run")`)}
	r, out := fixture(t, files)
	r.only = "fast"
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err, out)
	}
	if got := figuresIn(t, r.file); !slices.Equal(got, []string{"fast/one"}) {
		t.Error(got)
	}
	r.only = "fas"
	if err := r.run(t.Context()); err == nil || !strings.Contains(err.Error(), "fast, slow") {
		t.Error("a subject that nobody measures passed, or was not told what there is:", err)
	}
}

// A benchmark of another subject in the same package may take a quarter of an hour; one whose figure
// is named by a function they share cannot be told apart, so all of them run.
func TestOnlyTheBenchmarksOfTheSubject(t *testing.T) {
	const other = "\n\nfunc BenchmarkOther(b *testing.B) { b.Fatal(\"must not run\"); " +
		"_ = figure{Name: \"slow/two\"} }\n"
	r, out := fixture(t, map[string]string{"a_test.go": tells("fast/one", "") + other})
	r.only = "fast"
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err, out)
	}
	if got := figuresIn(t, r.file); !slices.Equal(got, []string{"fast/one"}) {
		t.Error(got)
	}
	shared := strings.Replace(tells("fast/one", ""), "func BenchmarkThis(b *testing.B) {",
		"func BenchmarkThis(b *testing.B) { measured(b) }\n\nfunc measured(b *testing.B) {", 1)
	r, out = fixture(t, map[string]string{"a_test.go": shared})
	r.only = "fast"
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err, out)
	}
	if got := figuresIn(t, r.file); !slices.Equal(got, []string{"fast/one"}) {
		t.Error(got)
	}
}

func TestFailuresFailTheRun(t *testing.T) {
	for name, body := range map[string]string{"fails": `b.Fatal("out of order")`,
		"does not build": `missing()`,
		"tells nothing":  `if b.N > 0 { return }`} {
		t.Run(name, func(t *testing.T) {
			r, out := fixture(t, map[string]string{"bad/a_test.go": tells("bad/one", body),
				"good/b_test.go": tells("good/two", "")})
			if err := r.run(t.Context()); err == nil {
				t.Fatal("the run passed", out)
			}
			if !strings.Contains(out.String(), "FAILED bad") {
				t.Error("the package is not named:", out)
			}
			if got := figuresIn(t, r.file); !slices.Equal(got, []string{"good/two"}) {
				t.Error("the figures of the others are lost:", got)
			}
		})
	}
}

func TestSkippedIsToldAndPasses(t *testing.T) {
	r, out := fixture(t, map[string]string{"pg/a_test.go": tells("pg/one", `b.Skip("needs a server")`)})
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err, out)
	}
	if !strings.Contains(out.String(), "skipped BenchmarkThis: needs a server\n") {
		t.Error(out)
	}
}

func TestJudge(t *testing.T) {
	const both = "≥ 8 × and ≥ 8,000/s"
	for _, c := range []struct {
		value, baseline float64
		unit, target    string
		want            verdict
	}{
		{9000, 1000, "1/s", both, met},
		{9000, 2000, "1/s", both, missed},
		{7999, 500, "1/s", both, missed},
		{19, 20, "ms", "p95 ≤ 20 ms", met},
		{21, 20, "ms", "p95 ≤ 20 ms", missed},
		{2.5, 1, "s", "≤ 3 ×", met},
		{1.4, 0, "s", "< 1.5 s, < 250 MB", met},
		{1.6, 0, "s", "< 1.5 s, < 250 MB", missed},
		{5, 0, "s", "≤ 3 ×", open},
		{5, 1, "s", "", open},
		{5, 1, "s", "as fast as it gets", open},
		{5, 1, "s", "≤ 1 MB", open},
	} {
		f := benchmark.Figure{Value: c.value, Unit: c.unit, Baseline: c.baseline, Target: c.target}
		if c.baseline != 0 {
			f.Ratio = c.value / c.baseline
		}
		if got := judge(f); got != c.want {
			t.Errorf("%v %s against %v, target %q: %v, want %v", c.value, c.unit, c.baseline, c.target, got,
				c.want)
		}
	}
}

// TestTheProjectsOwn: every package of the project that has benchmarks names its figures.
func TestTheProjectsOwn(t *testing.T) {
	all, err := find(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, target := range all {
		if strings.HasPrefix(target.folder, "internal/tools/") {
			continue
		}
		looked++
		if len(target.subjects()) == 0 {
			t.Errorf("%s has benchmarks, and no figure with a name like subject/what", target.folder)
		}
	}
	if looked < 5 {
		t.Errorf("only %d packages with benchmarks: the test does not see the project", looked)
	}
}
