package bookkeeping_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// run runs terrace ledger and gives what it said.
func (x *site) run(args ...string) (string, error) {
	x.t.Helper()
	var said bytes.Buffer
	x.Host.Console = &cli.Console{Dictionary: x.Host.Dictionary, Language: locale.English,
		In: strings.NewReader(""), Out: &said, Err: &said}
	x.Host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	cmd := bookkeeping.New(x.Host, x.Places, x.Ledger).Module().Commands()[0]
	cmd.SetArgs(args)
	cmd.SetOut(&said)
	cmd.SetErr(&said)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(x.t.Context())
	return said.String(), err
}

// TestCommands: figures are printed in balance, a workbook is written once, and a county's month is closed,
// naming the books that could not be.
func TestCommands(t *testing.T) {
	each(t, func(x *site) {
		x.year()
		ref := x.books.Ref().String()
		says := func(want string, args ...string) {
			t.Helper()
			said, err := x.run(args...)
			x.Must(err)
			if !strings.Contains(said, want) {
				t.Errorf("%v says %s", args, said)
			}
		}
		refused := func(key string, args ...string) {
			t.Helper()
			if _, err := x.run(args...); !fault.HasKey(err, key) {
				t.Errorf("%v: %v, want %s", args, err, key)
			}
		}
		says("上湾村", "list")
		says("61,200.00", "balance", ref, "--on", "2025-05-31")
		refused("web.date", "balance", ref, "--on", "yesterday")
		refused("registry.not_meant", "balance", "nowhere")
		says("1,200.00", "statement", ref, "income", "--period", "2025-03")
		refused("books.period", "statement", ref, "income", "--period", "x")
		file := filepath.Join(t.TempDir(), "income.xlsx")
		_, err := x.run("statement", ref, "income", "--period", "2025-03", "--xlsx", file)
		x.Must(err)
		refused("books.file_there", "statement", ref, "income", "--period", "2025-03", "--xlsx", file)
		home := strings.Split(ref, "/")[0]
		refused("books.month", "close", "June", "--home", home)
		x.enter(rent("save"))
		says("0 books closed, 1 could not be", "close", "2025-06", "--home", home)
		x.Must(x.Ledger.Discard(x.t.Context(), x.As("accountant", village), x.drafts()[0].Ref(), 1))
		says("1 books closed, 0 could not be", "close", "2025-06", "--home", home)
	})
}
