package rating

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// figure is a figure of JSON that may be infinite or missing.
type figure float64

func (f *figure) UnmarshalJSON(text []byte) error {
	*f = figure(math.NaN())
	if string(text) == "null" {
		return nil
	}
	x, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*f = figure(x)
	return err
}

// TestEveryStepOnASmallCoin runs the flags of every step on tables of the reference package's form (columns
// in no order, gaps, a denominator lacking, outliers at both ends, figures of normalisations in iMeta) and
// compares every indicator and aggregate with what was computed apart, from the definitions, in another
// language.
func TestEveryStepOnASmallCoin(t *testing.T) {
	var cases []struct {
		Flags, Areas []string
		Scores       map[string][]figure
	}
	body, err := os.ReadFile("testdata/coin/want.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &cases); err != nil || len(cases) < 30 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		out := t.TempDir()
		must(t, append([]string{"run", "--coin", "testdata/coin/iData.csv", "testdata/coin/iMeta.csv",
			"--out",
			out}, c.Flags...)...)
		cells, wrong := tableOf(t, filepath.Join(out, "scores.csv")), 0
		if len(cells) != len(c.Areas)*len(c.Scores) {
			t.Errorf("%v: %d cells, want %d areas by %d columns", c.Flags, len(cells), len(c.Areas),
				len(c.Scores))
		}
		for code, want := range c.Scores {
			for i, area := range c.Areas {
				text, x := cells[[2]string{area, code}], math.NaN()
				if text != "" {
					x, err = strconv.ParseFloat(text, 64)
				}
				y := float64(want[i])
				same := x == y || x != x && y != y || math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y),
					1e-3)
				if err != nil || !same {
					if wrong++; wrong < 4 {
						t.Errorf("%v: %s of %s is %q, want %v (%v)", c.Flags, code, area, text, y, err)
					}
				}
			}
		}
	}
}

// TestWhatCannotBeDoneIsSaid: steps without anything to do, shares beyond 1, more methods than levels, and
// columns that no score has heard.
func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	scheme, data := small(t)
	for _, c := range []struct {
		flags []string
		key   string
		args  []any
	}{
		{[]string{"--denominate"}, "rating.denominate_nothing", nil},
		{[]string{"--screen", "90"}, "rating.flag_share", []any{"--screen", "90"}},
		{[]string{"--screen", "-0.1"}, "rating.flag_share", []any{"--screen", "-0.1"}},
		{[]string{"--threshold", "67"}, "rating.flag_share", []any{"--threshold", "67"}},
		{[]string{"--threshold", "much"}, "rating.flag_unreadable", []any{"--threshold", "much"}},
		{[]string{"--threshold", "0.5,0.5"}, "rating.flag_levels", []any{"--threshold", 2, 1}},
		{[]string{"--aggregate", "amean,gmean"}, "rating.flag_levels", []any{"--aggregate", 2, 1}},
		{[]string{"--weights", "given,equal"}, "rating.flag_levels", []any{"--weights", 2, 1}},
		{[]string{"--replications", "-1"}, "rating.flag_unreadable", []any{"--replications", -1}},
		{[]string{"--impute", "row:3"}, "rating.scheme", []any{1}},
		{[]string{"--impute", "row:1"}, "rating.scheme", []any{1}},
	} {
		out := filepath.Join(t.TempDir(), "out")
		_, err := command(t, locale.English, append([]string{"run", scheme, data, "--out", out},
			c.flags...)...)
		if !fault.HasKey(err, c.key) || !slices.Equal(fault.Of(err).Args, c.args) {
			t.Errorf("%v: %v, want %s %v", c.flags, err, c.key, c.args)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%v: a folder was made", c.flags)
		}
	}
	same := filepath.Join(filepath.Dir(data), "same.csv")
	if err := os.WriteFile(same, []byte("代码,x1,x2,x3\nA,1,,3\nB,1,,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := must(t, "run", scheme, same, "--out", t.TempDir())
	for _, want := range []string{"x1 is the same everywhere", "x2 has no figure"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
}
