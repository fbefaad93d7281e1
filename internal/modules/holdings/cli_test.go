package holdings

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// run runs a command line and gives what it said.
func (x *site) run(args ...string) (string, error) {
	x.t.Helper()
	var said bytes.Buffer
	x.host.Console = &cli.Console{Dictionary: x.host.Dictionary, Language: locale.English,
		In:  strings.NewReader(""),
		Out: &said, Err: &said}
	x.host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	cmd := x.commands()[0]
	cmd.SetArgs(args)
	cmd.SetOut(&said)
	cmd.SetErr(&said)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(x.t.Context())
	return said.String(), err
}

// TestCommands: a template is written once; a file that is wrong changes nothing; a good one is entered
// once, however often it is sent.
func TestCommands(t *testing.T) {
	each(t, func(x *site) {
		dir := t.TempDir()
		template := filepath.Join(dir, "template.xlsx")
		_, err := x.run("template", template, "--organisation", "天台村")
		x.must(err)
		if _, err := x.run("template", template, "--organisation", "天台村"); !fault.HasKey(err,
			"intake.file_there") {
			t.Errorf("a file is overwritten: %v", err)
		}
		if _, err := x.run("template", template+"2", "--organisation", "无名村"); !fault.HasKey(err,
			"registry.not_meant") {
			t.Errorf("an unknown organisation: %v", err)
		}
		file := func(text string) string {
			name := filepath.Join(dir, "卡片.csv")
			x.must(os.WriteFile(name,
				[]byte("name,form,class,category,fixed_kind,origin,title,use_state,cost\n"+text), 0o600))
			return name
		}
		said, err := x.run("import", file("抽水泵,fixed,resource,production,machine,own,clear,self,1\n"),
			"--organisation",
			x.own["天台村"].Ref().String())
		if !fault.HasKey(err, "intake.errors") || !strings.Contains(said, "class resource") {
			t.Errorf("a wrong file: %v\n%s", err, said)
		}
		if _, err = x.run("import", filepath.Join(dir, "none.csv"), "--organisation",
			"天台村"); !fault.HasKey(err,
			"intake.file_unreadable") {
			t.Errorf("no file: %v", err)
		}
		good := ""
		for i := range 230 { // more than a portion
			good += fmt.Sprintf("抽水泵%d,fixed,operating,production,machine,own,clear,self,%d.50\n", i, i)
		}
		for range 2 {
			said, err = x.run("import", file(good), "--organisation", "天台村", "--explanation", "列不全")
			x.must(err)
			if !strings.Contains(said, "230 rows entered") {
				t.Errorf("said %s", said)
			}
		}
		sums, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]assets.ClassSum, error) {
			return assets.SumsOf(v, x.own["天台村"].Ref())
		})
		x.must(err)
		if len(sums) != 1 || sums[0].Number != 230 || sums[0].Cost != 100*229*230/2+50*230 {
			t.Errorf("entered %+v", sums)
		}
	})
}
