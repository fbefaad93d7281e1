package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		in          []string
		passed, bad int
		says        string
	}{
		"all pass": {[]string{`{"Action":"output","Package":"p","Test":"A","Output":"noise\n"}`,
			`{"Action":"pass","Package":"p","Test":"A"}`, `{"Action":"pass","Package":"p"}`}, 1, 0, ""},
		"one is skipped": {[]string{
			`{"Action":"output","Package":"p","Test":"A","Output":"needs a server\n"}`,
			`{"Action":"skip","Package":"p","Test":"A"}`, `{"Action":"pass","Package":"p","Test":"B"}`}, 1,
			1,
			"SKIPPED p A\n    needs a server\n"},
		"one fails, and its package with it": {[]string{`{"Action":"fail","Package":"p","Test":"A"}`,
			`{"Action":"fail","Package":"p"}`}, 0, 2, "FAILED p A\nFAILED p \n"},
		"a package has no tests": {[]string{`{"Action":"skip","Package":"p"}`}, 0, 0, ""},
		"it does not build": {[]string{`{"Action":"build-output","Output":"undefined: x\n"}`,
			`{"Action":"build-fail"}`}, 0, 1, "FAILED  \n    undefined: x\n"},
		"a line is no JSON": {[]string{"# p", `{"Action":"pass","Package":"p","Test":"A"}`}, 1, 0, "# p\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			passed, bad, err := report(strings.NewReader(strings.Join(c.in, "\n")), &out)
			if passed != c.passed || bad != c.bad || out.String() != c.says || err != nil {
				t.Errorf("%d passed, %d bad, %v: %q", passed, bad, err, out.String())
			}
		})
	}
}

// TestReportOfARunCutShort: output that cannot be read to its end is an error, never a success.
func TestReportOfARunCutShort(t *testing.T) {
	if _, _, err := report(strings.NewReader(strings.Repeat("x", 17<<20)), &strings.Builder{}); err == nil {
		t.Error("a line beyond the limit passed")
	}
}
