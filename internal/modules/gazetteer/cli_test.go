package gazetteer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (w *site) file(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), name)
	w.must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

// says runs a command and looks for texts in what it prints.
func (w *site) says(args []string, texts ...string) {
	w.t.Helper()
	out, err := w.run(args...)
	if err != nil {
		w.t.Errorf("%v: %v", args, err)
		return
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			w.t.Errorf("%v does not print %q:\n%s", args, text, out)
		}
	}
	if strings.Contains(out, "⟨") || strings.Contains(out, "%!") {
		w.t.Errorf("%v prints a key or a broken text:\n%s", args, out)
	}
}

func TestCommands(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		for _, language := range locale.Languages {
			w.host.Console.Language = language
			w.says([]string{"show", "500228", "--at", "2018-01-01"}, "梁平县", "500228000000", "梁平区")
			w.says([]string{"show", "500102103203"}, "龙泉村委会")
			w.says([]string{"tree", "500102", "--depth", "0"}, "涪陵区", "    天台村村民委员会")
			w.says([]string{"tree", "--at", "2018-01-01"}, "重庆市", "县")
			w.says([]string{"diff", "2016-07-31", "2020-06-30"}, "梁平县 → 梁平区", "500228000000 → 500155000000")
			w.says([]string{"diff", "2016-07-31", "2020-06-30", "--in", "500102", "--summary"},
				"2016-07-31")
			w.says([]string{"suggestions"}, "龙泉村委会、凤山村委会", "龙凤村村民委员会")
		}
		w.host.Console.Language = locale.English
		w.says([]string{"event", "rename", "白涛镇", "--on", "2025-01-01", "--name", "白涛新镇"},
			"Entered: Rename", "白涛新镇")
		w.says([]string{"event", "boundary", "500102103201", "--into", "500102103202=12.5", "--basis",
			"area"},
			"12.50%")
		one := fmt.Sprint(w.first("place_suggestion"))
		w.says([]string{"confirm", one, "--document", "涪府发〔2019〕3号"}, "Suggestion "+one+" is confirmed")
		w.says([]string{"show", "500102103203"}, "succeeded by 龙凤村村民委员会", "100%")
		for _, c := range []struct{ key, args string }{
			{"editions.suggestion.decided", "reject " + one + " --reason x"}, {"web.number", "confirm eins"},
			{"territory.absent", "show 无此地"}, {"web.date", "diff 2016-07-31 yesterday"},
			{"gazetteer.act.kind", "event marry 500102"}, {"editions.edition.day", "import x.csv"},
			{"editions.file.open", "import missing.csv --edition 2020-01-01"},
		} {
			if _, err := w.run(strings.Fields(c.args)...); !fault.HasKey(err, c.key) {
				t.Errorf("%s: %v, want %s", c.args, err, c.key)
			}
		}
	})
}

// TestImportCommand prints what came of it, names every odd row in its report, and changes nothing
// when it only tries.
func TestImportCommand(t *testing.T) {
	f := onSQLite(t)
	w := newSite(t, f.host.Store)
	odd := placetest.Sample + "500102103209,待定,5,500102103000,220\n5.00102E+11,坏,5,500102103000,220\n" +
		"00102103210,短村,5,500102103000,220\n500102103211,级村,5级,,\n"
	file, report := w.file("odd.csv", odd), filepath.Join(t.TempDir(), "report.csv")
	w.says([]string{"import", file, "--edition", "2016-07-31", "--dry-run"}, "wrote nothing", "Added", "17",
		"scientific notation: 1")
	if w.places.Today().Len() != 0 {
		t.Fatal("a dry run entered places")
	}
	w.says([]string{"import", file, "--edition", "2016-07-31", "--report", report}, "taken over (UTF-8)",
		"placeholder name: 1", "row 18")
	body, err := os.ReadFile(report)
	w.must(err)
	for _, row := range []string{"\n17,name,", "\n18,code,", "\n19,code,", "\n20,level,"} {
		if !strings.Contains(string(body), row) {
			t.Errorf("%q is not in the report:\n%s", row, body)
		}
	}
	w.says([]string{"import", file, "--edition", "2016-07-31"}, "taken over before")
	w.says([]string{"pack"}, "Entered:")
	w.verify()
}
