package returns_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/returns"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// run runs terrace report … or terrace measure … and gives what it said.
func (o *office) run(args ...string) (string, error) {
	o.t.Helper()
	var said bytes.Buffer
	o.Host.Console = &cli.Console{Dictionary: o.Host.Dictionary, Language: locale.English,
		In: strings.NewReader(""), Out: &said, Err: &said}
	o.Host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	for _, cmd := range returns.New(o.Host, o.Places, o.Reporting).Module().Commands() {
		if cmd.Name() != args[0] {
			continue
		}
		cmd.SetArgs(args[1:])
		cmd.SetOut(&said)
		cmd.SetErr(&said)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		err := cmd.ExecuteContext(apptest.Machine(o.t.Context()))
		return said.String(), err
	}
	o.t.Fatalf("there is no command %s", args[0])
	return "", nil
}

// TestCommands: forms with what they ask, a round opened and its board, figures in both formats, and each
// refusal by its name.
func TestCommands(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		o := &office{city, t, open(t, city)}
		county := strconv.FormatInt(o.Counties[0], 10)
		says := func(want string, args ...string) {
			t.Helper()
			said, err := o.run(args...)
			o.must(err)
			if !strings.Contains(said, want) {
				t.Errorf("%v says %s", args, said)
			}
		}
		refused := func(key string, args ...string) {
			t.Helper()
			if _, err := o.run(args...); !fault.HasKey(err, key) {
				t.Errorf("%v: %v, want %s", args, err, key)
			}
		}
		says("6.9 %", "report", "forms")
		says("12 reports opened, 0 held", "report", "open", county, "receipts-payments", "2025-12")
		refused("reporting.round_exists", "report", "open", county, "receipts-payments", "2025-12")
		refused("reporting.too_early", "report", "open", county, "receipts-payments", "2026-01")
		refused("reporting.no_form", "report", "board", county, "nothing", "2025")
		o.approve([]int64{3})
		o.addUp()
		says("100 %", "report", "board", county, statistics, "2025")
		says("reporting-employed", "measure", "export", county, "2025")
		file := filepath.Join(t.TempDir(), "figures.json")
		says("figures.json", "measure", "export", county, "2025", "--format", "json", "--out", file)
		if b, err := os.ReadFile(file); err != nil || len(jsonFigures(t, string(b))) == 0 {
			t.Errorf("%v: %.200s", err, b)
		}
		refused("returns.format", "measure", "export", county, "2025", "--format", "xml")
		refused("returns.period", "measure", "export", county, "last year")
		refused("returns.period", "measure", "export", county, "2025", "--to", "2025-11")
		refused("returns.periods", "measure", "export", county, "1990-01", "--to", "2025-12")
	})
}
