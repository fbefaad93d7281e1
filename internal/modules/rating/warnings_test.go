package rating

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/locale"
)

// TestWhatARunDoesInSilenceIsTold: a denominator of 0, a group without figures, and a column that nothing
// tames, each with its cell; a run without any of them says nothing.
func TestWhatARunDoesInSilenceIsTold(t *testing.T) {
	const scheme = `key: told
groups: [{code: zone}]
denominators: [{code: people}]
indicators:
  - {code: x1, parent: I, denominator: people}
  - {code: x2, parent: I}
  - {code: x3, parent: I}
aggregates: [{code: I}]
denominate: true
impute: {method: mean, group: zone}
treat: {winmax: 1}
normalise: {method: minmax}
aggregate: [{method: amean}]
`
	const whole = "uCode,zone,people,x1,x2,x3\nA,n,2,10,1,1\nB,n,4,10,2,2\nC,s,5,10,3,3\nD,s,8,10,4,4\n" +
		"E,s,9,10,5,5\nF,s,1,10,6,6\n"
	path, data := files(t, scheme)
	at := placed(t, filepath.Dir(data), "whole.csv", whole)
	printed, err := command(t, locale.English, "run", path, at, "--out", t.TempDir())
	if err != nil || strings.Contains(printed, "warning") {
		t.Errorf("%v\n%s", err, printed)
	}
	for name, of := range map[string]struct{ change, to, want string }{
		"no people": {"C,s,5,", "C,s,0,",
			"The denominator people is 0 or missing for some areas (1: C)"},
		"nobody counted": {"C,s,5,", "C,s,,",
			"The denominator people is 0 or missing for some areas (1: C)"},
		"an empty group": {"A,n,2,10,1,1\nB,n,4,10,2,2", "A,n,2,10,,1\nB,n,4,10,,2",
			"After imputing, figures of x2 are still missing: 2, A for one"},
		"one of six": {"1,1\nB,n,4,10,2,2\nC,s,5,10,3,3\nD,s,8,10,4,4\nE,s,9,10,5,5",
			"1,0\nB,n,4,10,2,0\nC,s,5,10,3,0\nD,s,8,10,4,0\nE,s,9,10,5,0",
			"The indicator x3 cannot be tested after its treatment, and stays as it was"},
	} {
		at := placed(t, filepath.Dir(data), "data.csv", strings.Replace(whole, of.change, of.to, 1))
		printed, err := command(t, locale.English, "run", path, at, "--out", t.TempDir())
		if err != nil || !strings.Contains(printed, of.want) {
			t.Errorf("%s: %v\n%s", name, err, printed)
		}
	}
	figures := whole + "G,s,1,10,7,400\nH,s,1,10,8,300\n"
	for i := range 24 {
		figures += fmt.Sprintf("N%d,s,3,10,9,%d\n", i, i%5)
	}
	for change, want := range map[string]string{
		"treat: {first: winsorise, winmax: 1, second: none}": "x3 still fails the test",
		"treat: {first: boxcox, lambda: 900, always: true}":  "x1 cannot be tested after its treatment",
		"treat: {}\ndenominate: true":                        "no indicator names a denominator",
	} {
		text := strings.Replace(scheme, "treat: {winmax: 1}", change, 1)
		if strings.Contains(change, "denominate") {
			text = strings.NewReplacer(", denominator: people", "", "denominate: true\nimpute", "impute").
				Replace(text)
		}
		path, data := files(t, text)
		at := placed(t, filepath.Dir(data), "data.csv", figures)
		printed, err := command(t, locale.English, "run", path, at, "--out", t.TempDir())
		if err != nil || !strings.Contains(printed, want) {
			t.Errorf("%s: %v\n%s", change, err, printed)
		}
	}
}
