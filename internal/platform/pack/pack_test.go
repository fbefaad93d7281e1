package pack_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// loose takes any YAML under the names that other parts of the program own.
var loose = append(pack.Own(), pack.Section{Path: "*.yaml"}, pack.Section{Path: "*/*.yaml"})

// TestThePacksOfTheProgram reads and tries each of them.
func TestThePacksOfTheProgram(t *testing.T) {
	library := pack.NewLibrary(packs.Files)
	manifests, err := library.List()
	if err != nil || len(manifests) < 3 {
		t.Fatalf("%d packs, %v", len(manifests), err)
	}
	for _, m := range manifests {
		p, err := library.Read(m.Key)
		if err != nil {
			t.Fatal(err)
		}
		findings, tried := p.Test(loose)
		for _, f := range findings {
			t.Errorf("%s: %s", m.Key, f)
		}
		if tried < 16 {
			t.Errorf("%s: only %d examples were tried", m.Key, tried)
		}
	}
}

// TestCalendarsLeaveTheStatutoryDays counts each year again, day by day.
func TestCalendarsLeaveTheStatutoryDays(t *testing.T) {
	p := read(t, "chongqing")
	for year, want := range map[int]struct{ working, off int }{2024: {251, 11}, 2025: {248, 13}, 2026: {248,
		13}} {
		working, weekdays := 0, 0
		for d := period.NewDate(year, 1, 1); d.Year() == year; d = d.AddDays(1) {
			if !p.Calendar().Known(d) {
				t.Fatalf("%s is not in the calendar", d)
			}
			if p.Calendar().Working(d) {
				working++
			}
			if w := d.Weekday(); w != 0 && w != 6 {
				weekdays++
			}
		}
		if working != want.working || weekdays-working != want.off {
			t.Errorf("%d has %d working days of %d weekdays, want %+v", year, working, weekdays, want)
		}
	}
	if p.Calendar().Known("2027-01-04") {
		t.Error("a year that is not published is known")
	}
}

func read(t *testing.T, name string) *pack.Pack {
	t.Helper()
	p, err := pack.NewLibrary(packs.Files).Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files builds packs from a text: "-- path --" begins a file.
func files(text string) fstest.MapFS {
	all := fstest.MapFS{}
	for _, part := range strings.Split(text, "-- ")[1:] {
		name, body, _ := strings.Cut(part, " --\n")
		all[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return all
}

const two = `-- base/pack.yaml --
key: base
title: {zh: 底, en: Base}
version: 1
-- base/parameters.yaml --
parameters:
  - key: days
    kind: whole
    title: {zh: 天数, en: Days}
    min: 5
    values:
      - {from: 2020-01-01, value: 7, basis: 甲, mark: verified}
      - {from: 2024-01-01, value: 8, basis: 乙, mark: unverified}
      - {from: 2023-01-01, region: "500102", value: 9, basis: 丙, mark: config}
      - {from: 2025-01-01, region: "5001", value: 10, basis: 丁, mark: config}
  - key: share
    kind: fraction
    title: {zh: 比例, en: Share}
    values:
      - {from: 2020-01-01, value: 5%, basis: 甲, mark: verified}
-- base/forms/one.yaml --
key: one
title: 下
-- base/forms/two.yaml --
key: two
title: 下
-- near/pack.yaml --
key: near
parent: base
title: {zh: 近, en: Near}
version: 2
city: "500000"
-- near/parameters.yaml --
parameters:
  - key: share
    kind: fraction
    title: {zh: 比例, en: Share}
    values:
      - {from: 2022-01-01, value: 10%, basis: 戊, mark: config}
-- near/forms/two.yaml --
key: two
title: 上
`

func near(t *testing.T) *pack.Pack {
	t.Helper()
	p, err := pack.NewLibrary(files(two)).Read("near")
	if err != nil {
		t.Fatal(err)
	}
	if f := p.Check(loose); len(f) > 0 {
		t.Fatalf("findings: %v", f)
	}
	return p
}

func TestNearestRegionThenLatestDate(t *testing.T) {
	p := near(t)
	for _, c := range []struct {
		on     period.Date
		region []string
		want   int64
	}{
		{"2019-12-31", nil, 0}, {"2020-01-01", nil, 7}, {"2023-12-31", nil, 7}, {"2024-01-01", nil, 8},
		{"2022-12-31", []string{"500102", "5001"}, 7}, // before any region has its own
		{"2023-01-01", []string{"500102", "5001"}, 9},
		{"2026-01-01", []string{"500102", "5001"}, 9}, // the nearer wins though the other is newer
		{"2026-01-01", []string{"500103", "5001"}, 10},
		{"2026-01-01", []string{"42"}, 8},
	} {
		got, err := p.Int("days", c.on, c.region...)
		if got != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("on %s in %v: %d, %v, want %d", c.on, c.region, got, err, c.want)
		}
		if c.want == 0 && !fault.HasKey(err, "pack.unset") {
			t.Errorf("what is not set: %v", err)
		}
	}
	if _, err := p.Int("nothing", "2026-01-01"); !fault.HasKey(err, "pack.unset") {
		t.Errorf("an unknown key: %v", err)
	}
	if _, err := p.Int("share", "2026-01-01"); !fault.HasKey(err, "pack.kind") {
		t.Errorf("a share asked for as a number: %v", err)
	}
}

// TestLookUpAgreesWithAPlainSearch draws values and compares with the rule as the doc states it.
func TestLookUpAgreesWithAPlainSearch(t *testing.T) {
	dates := []period.Date{"2020-01-01", "2021-06-30", "2022-03-15", "2024-02-29"}
	regions := []string{"", "50", "5001", "500102"}
	rapid.Check(t, func(rt *rapid.T) {
		set := map[string]string{} // region+date → value
		var b strings.Builder
		b.WriteString("parameters:\n  - key: k\n    kind: text\n    title: {zh: 甲, en: A}\n    values:\n")
		b.WriteString("      - {from: 2019-01-01, region: \"99\", value: x, basis: b, mark: config}\n")
		for _, d := range dates {
			for _, r := range regions {
				if rapid.Bool().Draw(rt, "set") {
					set[r+"@"+string(d)] = "v" + r + "-" + string(d)
					b.WriteString("      - {from: " + string(d) + ", region: \"" + r + "\", value: " +
						set[r+"@"+string(d)] + ", basis: b, mark: config}\n")
				}
			}
		}
		text := "-- a/pack.yaml --\nkey: a\ntitle: {zh: 甲, en: A}\nversion: 1\n-- a/parameters.yaml --\n" +
			b.String()
		p, err := pack.NewLibrary(files(text)).Read("a")
		if err != nil {
			rt.Fatal(err)
		}
		on := rapid.SampledFrom(append(dates, "2019-06-01", "2023-01-01")).Draw(rt, "on")
		want := ""
		for _, r := range []string{"500102", "5001", "50", ""} {
			for _, d := range dates {
				if v := set[r+"@"+string(d)]; v != "" && d <= on {
					want = v
				}
			}
			if want != "" {
				break
			}
		}
		got, err := p.Text("k", on, "500102", "5001", "50")
		if got != want || (err == nil) != (want != "") {
			rt.Fatalf("on %s: %q (%v), want %q", on, got, err, want)
		}
	})
}

func TestTheNearerPackWinsAndTellsWhatItOverrides(t *testing.T) {
	p := near(t)
	v, err := p.Value("share", "2026-01-01")
	if err != nil || v.Value != "10%" || v.Pack != "near" || v.File != "near/parameters.yaml" ||
		v.Line != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err := p.Value("days", "2026-01-01"); err != nil || v.Pack != "base" ||
		v.Mark != pack.Unverified {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := p.Value("share", "2021-06-01"); !fault.HasKey(err, "pack.unset") {
		t.Errorf("an entry is replaced whole, but the old date still holds: %v", err)
	}
	found := p.Find("two")
	if len(found) != 1 || found[0].Pack != "near" || found[0].Overrides == nil ||
		found[0].Overrides.Pack != "base" {
		t.Errorf("%+v", found)
	}
	type form struct {
		Key   string `yaml:"key"`
		Title string `yaml:"title"`
	}
	forms, findings := pack.Decode[form](p, "forms/*.yaml", "")
	if want := []form{{"one", "下"}, {"two", "上"}}; !slices.Equal(forms, want) || len(findings) > 0 {
		t.Errorf("%v %v", forms, findings)
	}
	if p.City() != "500000" || p.Key() != "near" || len(p.Chain()) != 2 {
		t.Errorf("%s %s %v", p.City(), p.Key(), p.Chain())
	}
}

// TestEveryMistakeIsFoundAtItsLine: one mistake a case, and the line it must be reported at.
func TestEveryMistakeIsFoundAtItsLine(t *testing.T) {
	const head = "parameters:\n  - key: a\n    kind: whole\n    title: {zh: 甲, en: A}\n" +
		"    max: 9\n    values:\n"
	const good = "      - {from: 2020-01-01, value: 7, basis: b, mark: config}\n"
	for _, c := range []struct {
		name, file, body, key string
		line                  int
	}{
		{"unknown field", "parameters.yaml", head + strings.Replace(good, "basis", "bassis", 1),
			"pack.field", 7},
		{"unknown list", "parameters.yaml", strings.Replace(head+good, "parameters", "params", 1),
			"pack.list", 2},
		{"no basis", "parameters.yaml", head + strings.Replace(good, "basis: b, ", "", 1),
			"pack.parameter.basis", 2},
		{"bad mark", "parameters.yaml", head + strings.Replace(good, "config", "sure", 1),
			"pack.parameter.basis", 2},
		{"no date", "parameters.yaml", head + strings.Replace(good, "01-01", "13-01", 1),
			"pack.parameter.from", 2},
		{"out of bounds", "parameters.yaml", head + strings.Replace(good, "7", "10", 1),
			"pack.parameter.value", 2},
		{"no number", "parameters.yaml", head + strings.Replace(good, "7", "seven", 1),
			"pack.parameter.value", 2},
		{"two values", "parameters.yaml", head + good + good, "pack.parameter.twice", 2},
		{"region", "parameters.yaml", head + strings.Replace(good, "basis", "region: Fuling, basis", 1),
			"pack.parameter.region", 2},
		{"no English", "parameters.yaml", strings.Replace(head+good, ", en: A", "", 1),
			"pack.parameter.title", 2},
		{"no values", "parameters.yaml", strings.Replace(head, "values:\n", "values: []\n", 1),
			"pack.parameter.empty", 2},
		{"bad key", "parameters.yaml", strings.Replace(head+good, "key: a", "key: A b", 1), "pack.key", 2},
		{"key twice", "parameters.yaml", head + good + strings.TrimPrefix(head, "parameters:\n") + good,
			"pack.twice", 8},
		{"no key", "parameters.yaml", head + good + "  - kind: whole\n", "pack.no_key", 8},
		{"list for a value", "parameters.yaml", head + strings.Replace(good, "value: 7", "value: [7]", 1),
			"pack.syntax", 7},
		{"unclosed", "parameters.yaml", "parameters: [\n", "pack.syntax", 1},
		{"alias", "forms/a.yaml", "a: &x 1\nb: *x\n", "pack.syntax", 1},
		{"two documents", "forms/a.yaml", "a: 1\n---\nb: 2\n", "pack.syntax", 3},
		{"deep", "forms/a.yaml", "a: " + strings.Repeat("[", 60) + "\n", "pack.nesting", 0},
		{"large", "forms/a.yaml", "a: " + strings.Repeat("x", pack.FileMax), "pack.file_size", 0},
		{"wrong example", "tests/a.yaml",
			"parameters:\n  - {key: k, parameter: nothing, on: 2020-01-01, expect: 1}\n",
			"pack.example.differs", 2},
		{"strange example", "tests/a.yaml", "others:\n  - {key: k}\n", "pack.example.unknown", 2},
		{"holiday too short", "calendar.yaml", strings.Replace(year, "to: 2025-05-05", "to: 2025-05-04", 1),
			"pack.calendar.balance", 2},
		{"make-up on a weekday", "calendar.yaml", strings.Replace(year, "2025-04-27", "2025-04-28", 1),
			"pack.syntax", 2},
		{"backwards", "calendar.yaml", strings.Replace(year, "to: 2025-05-05", "to: 2025-04-05", 1),
			"pack.calendar.holiday", 2},
		{"no notice", "calendar.yaml", strings.Replace(year, "basis: b", "basis: ''", 1),
			"pack.calendar.year", 2},
	} {
		text := "-- a/pack.yaml --\nkey: a\ntitle: {zh: 甲, en: A}\nversion: 1\n-- a/" + c.file + " --\n" +
			c.body
		p, err := pack.NewLibrary(files(text)).Read("a")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		findings, _ := p.Test(loose)
		at := slices.IndexFunc(findings, func(f fault.Finding) bool { return f.Key == c.key })
		if at < 0 || findings[at].Row != c.line || findings[at].Sheet != "a/"+c.file ||
			!fault.Stops(findings) {
			t.Errorf("%s: %v, want %s at line %d", c.name, findings, c.key, c.line)
		}
	}
}

const year = `years:
  - key: "2025"
    basis: b
    mark: verified
    statutory: 2
    holidays:
      - {name: {zh: 劳动节, en: Labour Day}, from: 2025-05-01, to: 2025-05-05, make_ups: [2025-04-27]}
`

func TestFilesOfNobodyAreNamed(t *testing.T) {
	p := near(t)
	findings := p.Check(pack.Own())
	if len(findings) != 2 || findings[0].Key != "pack.unowned" || fault.Stops(findings) {
		t.Errorf("%v", findings)
	}
}

// TestAPackOnDisk lies over one that comes with the program, or over a folder beside it.
func TestAPackOnDisk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("middle/pack.yaml", "key: middle\nparent: national\ntitle: {zh: 中, en: Middle}\nversion: 1\n")
	write("own/pack.yaml",
		"key: own\nparent: middle\ntitle: {zh: 本, en: Own}\nversion: 1\ncity: \"510100\"\n")
	p := read(t, filepath.Join(dir, "own"))
	if n, err := p.Int("check.notice_days", "2026-01-01"); n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if p.City() != "510100" || len(p.Chain()) != 3 {
		t.Errorf("%s %v", p.City(), p.Chain())
	}
	write("taken/pack.yaml", "key: national\ntitle: {zh: 假, en: False}\nversion: 1\n")
	write("circle/pack.yaml", "key: circle\nparent: circle\ntitle: {zh: 圈, en: Circle}\nversion: 1\n")
	write("orphan/pack.yaml", "key: orphan\nparent: nobody\ntitle: {zh: 孤, en: Orphan}\nversion: 1\n")
	write("bad/pack.yaml", "key: bad\ntitle: {zh: 坏, en: Bad}\nversion: 1\nparnet: national\n")
	for name, key := range map[string]string{"taken": "pack.taken", "circle": "pack.circle",
		"orphan": "pack.missing", "bad": "pack.manifest", "nothing": "pack.missing"} {
		if _, err := pack.NewLibrary(packs.Files).Read(filepath.Join(dir, name)); !fault.HasKey(err, key) {
			t.Errorf("%s: %v, want %s", name, err, key)
		}
	}
}

func TestDaysOfTheYear(t *testing.T) {
	p := read(t, "chongqing")
	d, err := p.DayOf(2026, "check.ministry_deadline", "2025-12-31")
	if err != nil || d != "2026-03-31" {
		t.Errorf("%s, %v", d, err)
	}
	th, err := p.Threshold("meeting.council.pass", "2026-01-05")
	if err != nil || th.Needed(5) != 3 {
		t.Errorf("%s, %v", th, err)
	}
	f, err := p.Fraction("check.sample_share", "2026-01-05", "500102", "500000")
	if err != nil || f.Of(300) != 15 {
		t.Errorf("%s, %v", f, err)
	}
}

// FuzzRead: no file of a pack, whatever it holds, breaks the reader.
func FuzzRead(f *testing.F) {
	err := fs.WalkDir(packs.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := packs.Files.ReadFile(name)
		f.Add(body)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("a: &x [*x]"))
	f.Add([]byte("? [a]\n: b"))
	f.Add([]byte("- - - - - - - -"))
	f.Fuzz(func(t *testing.T, body []byte) {
		all := fstest.MapFS{"a/pack.yaml": {Data: []byte("key: a\ntitle: {zh: 甲, en: A}\nversion: 1\n")}}
		for _, name := range []string{"parameters.yaml", "calendar.yaml", "forms/x.yaml", "tests/x.yaml"} {
			all["a/"+name] = &fstest.MapFile{Data: body}
		}
		p, err := pack.NewLibrary(all).Read("a")
		if err != nil {
			return
		}
		p.Test(loose)
	})
}

// TestTheChainAsFiles: of files of one path the nearer is seen, and every file is listed once.
func TestTheChainAsFiles(t *testing.T) {
	all := near(t).FS()
	names, err := fs.Glob(all, "forms/*.yaml")
	if err != nil || !slices.Equal(names, []string{"forms/one.yaml", "forms/two.yaml"}) {
		t.Errorf("%v, %v", names, err)
	}
	for name, want := range map[string]string{"forms/one.yaml": "下", "forms/two.yaml": "上"} {
		if text, err := fs.ReadFile(all, name); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if _, err := fs.ReadFile(all, "forms/three.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is nowhere: %v", err)
	}
}
