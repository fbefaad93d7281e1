package locale_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func load(t *testing.T, csv string) (*locale.Dictionary, error) {
	t.Helper()
	return locale.Load(fstest.MapFS{"texts/a.csv": {Data: []byte("key,zh,en\n" + csv)}})
}

func TestLoadRefusesWhatIsNotWhole(t *testing.T) {
	for csv, want := range map[string]string{
		"a,一,\n":                     "no en text",
		"a,一,one\na,二,two\n":         "stands twice",
		"a,%[1]v 个,all\n":            "arguments",
		"a b,一,one\n":                "not a key",
		"a,%d,%s\n":                  "arguments",
		"a,一\n":                      "wrong number of fields",
		"a,“%[2]v%[1]v”,%[1]v %[1]v": "arguments",
	} {
		if _, err := load(t, csv); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", csv, err, want)
		}
	}
}

func TestTexts(t *testing.T) {
	d, err := load(t,
		`rows,%[1]v 行,%[1]v rows
rows.one,%[1]v 行,one row
share,100%%,100%%
of,%[1]v的%[2]v,%[2]v of %[1]v
field,田,field
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		l    locale.Language
		key  string
		args []any
		want string
	}{
		{locale.English, "rows", []any{1}, "one row"},
		{locale.English, "rows", []any{locale.Count(12345)}, "12,345 rows"},
		{locale.Chinese, "rows", []any{2026}, "2026 行"},
		{locale.English, "share", nil, "100%"},
		{locale.English, "of", []any{"村", locale.Word("field")}, "field of 村"},
		{locale.Chinese, "of", []any{"村", locale.Word("field")}, "村的田"},
		{locale.Chinese, "of", []any{locale.Words{Chinese: "村", English: "village"}, 1}, "村的1"},
		{locale.English, "of", []any{d.Words("of", "a", "b"), 1}, "1 of b of a"},
		{locale.Chinese, "nothing", nil, "⟨nothing⟩"},
	} {
		if got := d.Text(c.l, c.key, c.args...); got != c.want {
			t.Errorf("%s %s %v: %q, want %q", c.l, c.key, c.args, got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		chosen, accept string
		want           locale.Language
	}{
		{"en", "zh-CN", locale.English}, {"", "en-GB,en;q=0.9", locale.English}, {"", "zh-TW",
			locale.Chinese},
		{"", "", locale.Chinese}, {"xx", "fr", locale.English}, {"", ";;;", locale.Chinese},
	} {
		if got := locale.Match(c.chosen, c.accept); got != c.want {
			t.Errorf("Match(%q, %q) = %s, want %s", c.chosen, c.accept, got, c.want)
		}
	}
}

func TestFindingsSayWhere(t *testing.T) {
	d, err := locale.Load(locale.Own)
	if err != nil {
		t.Fatal(err)
	}
	f := fault.Wrong("log.verify.gap", 1, 2).At("表1", 7, "核实数").Saw("十二")
	if got := d.Finding(locale.English, f); !strings.HasPrefix(got, "sheet “表1”, row 7, column “核实数”: ") ||
		!strings.HasSuffix(got, "(found “十二”)") {
		t.Errorf("%q", got)
	}
}
