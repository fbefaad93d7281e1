package banking

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
)

// dirty is a file as it comes from a village.
const dirty = `XX农村商业银行账户明细,,,
"账号：6222 0000 0000 1234　　户名：天台村股份经济合作联合社",,
起止日期：2025-03-01 至 2025-03-31
交易日期,摘要,借方发生额(元),贷方发生额(元),余额(元),对方户名,交易流水号
2025/03/05,电费,"200.00","",800.00,供电公司,A2
2025/03/01,租金,,"１，０００．００元","1,000.00",王某,A1

交易日期,摘要,借方发生额(元),贷方发生额(元),余额(元),对方户名,交易流水号
20250306,乱,"12.3a",,,,
小计,,200,1000
打印时间：2025-04-01,,,操作员：007
`

// run runs a command of the module and gives what it printed.
func (x *site) run(args ...string) (out string, err error) {
	var printed bytes.Buffer
	x.host.Console = &cli.Console{Out: &printed, Err: &printed, Dictionary: x.host.Dictionary,
		Language: locale.English}
	x.host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	root := &cobra.Command{Use: "terrace", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(x.commands()...)
	root.SetArgs(args)
	root.SetContext(x.ctx)
	err = root.ExecuteContext(x.ctx)
	return printed.String(), err
}

// TestCommands: a file is tried without being kept, with every finding and its cell; a clean one is taken.
func TestCommands(t *testing.T) {
	each(t, func(x *site) {
		a := x.account("天台村")
		folder := t.TempDir()
		write := func(name, text string) string {
			path := filepath.Join(folder, name)
			x.must(os.WriteFile(path, []byte(text), 0o600))
			return path
		}
		out, err := x.run("bank", "formats")
		x.must(err)
		for _, key := range []string{"rural_commercial", "abc", "icbc", "ccb", "psbc", "general"} {
			if !strings.Contains(out, key) {
				t.Errorf("%s is not listed:\n%s", key, out)
			}
		}
		out, err = x.run("bank", "try", write("dirty.csv", dirty), "--holder", "天台村股份经济合作联合社")
		x.refused(err, "banking.errors")
		for _, want := range []string{"2025-03-01", "1,000.00", "供电公司",
			"row 9, column “C”: The amount cannot be read",
			"row 8: The headings again", "row 10: A row of totals", "row 11: A row of remarks"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not told:\n%s", want, out)
			}
		}
		out, err = x.run("bank", "import", write("march.csv", strings.Join(march, "\n")), "--account",
			a.Ref().String(), "--format", "rural_commercial")
		x.must(err)
		if !strings.Contains(out, "3 lines, 3 of them new") {
			t.Error(out)
		}
		_, err = x.run("bank", "try", write("march.csv", strings.Join(march, "\n")), "--format", "nobody")
		x.refused(err, "banking.no_format")
	})
}
