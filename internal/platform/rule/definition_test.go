package rule_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/packs"
)

const packHead = "key: mine\ntitle: {zh: 某地, en: Mine}\nversion: 1\n"

const limits = `parameters:
  - key: thing.least
    kind: whole
    title: {zh: 下限, en: Least}
    values:
      - {from: 2020-01-01, value: 10, basis: 某文, mark: config}
      - {from: 2020-01-01, region: "500102", value: 20, basis: 某文, mark: config}
`

const whole = `rules:
  - key: T01
    title: {zh: 太少, en: Too little}
    subject: thing
    basis: 某文
    mark: config
    versions:
      - version: 1
        from: 2025-01-01
        severity: yellow
        when: a < param("thing.least") && given(c)
        explain:
          zh: "{c} 只有 {a} 元，少于 {param thing.least}，已 {days begun} 天"
          en: "{c} has {a}, less than {param thing.least}, for {days begun} days"
        cooldown_days: 30
        examples:
          - {on: 2025-06-30, record: {a: 9, c: 甲, begun: 2025-06-20}, hit: true}
          - {on: 2025-06-30, record: {a: 10, c: 甲}, hit: false}
          - {on: 2025-06-30, region: ["500102"], record: {a: 10, c: 甲}, hit: true}
      - version: 2
        from: 2026-01-01
        until: 2027-01-01
        severity: red
        when: a < param("thing.least") * 2
        explain: {zh: 太少, en: too little}
        examples:
          - {on: 2026-06-30, record: {a: 19}, hit: true}
          - {on: 2026-06-30, record: {a: 20}, hit: false}
`

// readPack reads a pack of these rules.
func readPack(t *testing.T, rules string) (*pack.Pack, *rule.Library, []fault.Finding) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"pack.yaml": packHead, "parameters.yaml": limits,
		"rules/t.yaml": rules} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := pack.NewLibrary(packs.Files).Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, findings := rule.Read(p, subjects(t))
	return p, l, findings
}

// TestVersionsAndWords: which version holds on which day, and why it hit in words with the values.
func TestVersionsAndWords(t *testing.T) {
	p, l, findings := readPack(t, whole)
	if len(findings) > 0 || len(l.Test(p)) > 0 {
		t.Fatal(findings, l.Test(p))
	}
	d := l.Find("T01")
	for day, want := range map[string]int{"2024-12-31": 0, "2025-01-01": 1, "2025-12-31": 1,
		"2026-01-01": 2,
		"2026-12-31": 2, "2027-01-01": 0} {
		got := 0
		if v := d.InForce(mustDay(t, day)); v != nil {
			got = v.Number
		}
		if got != want {
			t.Errorf("on %s version %d holds, want %d", day, got, want)
		}
	}
	v := d.Version(1)
	row, err := v.Examples[0].Row(&thing)
	if err != nil {
		t.Fatal(err)
	}
	text, err := v.Words(row, p.On("2025-06-30"))
	if err != nil || text.Chinese != "甲 只有 0.09 元，少于 10，已 10 天" ||
		text.English != "甲 has 0.09, less than 10, for 10 days" {
		t.Errorf("%+v %v", text, err)
	}
	if l.Find("T02") != nil || d.Version(3) != nil {
		t.Error("found what is not there")
	}
}

// TestWrongRules: each thing wrong in a rule is named.
func TestWrongRules(t *testing.T) {
	for key, change := range map[string][2]string{
		"rule.version":         {"version: 2", "version: 1"},
		"rule.compile":         {"&& given(c)", "&& given(x)"},
		"rule.parameter":       {`param("thing.least") && `, `param("thing.most") && `},
		"rule.explain.unknown": {"{c} 只有", "{x} 只有"},
		"rule.explain":         {"explain: {zh: 太少, en: too little}", "explain: {zh: 太少}"},
		"rule.about":           {"title: {zh: 太少, en: Too little}", "title: {zh: 太少}"},
		"rule.subject":         {"subject: thing", "subject: nothing"},
		"rule.examples":        {"{a: 20}, hit: false", "{a: 2}, hit: true"},
	} {
		text := strings.Replace(whole, change[0], change[1], 1)
		if text == whole {
			t.Fatalf("%s changes nothing", key)
		}
		_, l, findings := readPack(t, text)
		found := false
		for _, f := range findings {
			found = found || f.Key == key
		}
		if !found || len(l.All) > 0 {
			t.Errorf("%s: %v", key, findings)
		}
	}
	p, l, _ := readPack(t, strings.Replace(whole, "{a: 9, c: 甲", "{a: 11, c: 甲", 1))
	if wrong := l.Test(p); len(wrong) != 1 || wrong[0].Key != "rule.example.differs" {
		t.Errorf("an example that fails: %v", wrong)
	}
	p, l, _ = readPack(t, strings.Replace(whole, "{a: 9, c: 甲", "{a: 9, q: 1, c: 甲", 1))
	if wrong := l.Test(p); len(wrong) != 1 || wrong[0].Key != "rule.example" {
		t.Errorf("an example with an unknown field: %v", wrong)
	}
}
