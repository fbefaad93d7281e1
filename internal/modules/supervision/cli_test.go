package supervision_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// command runs terrace rule and gives what it said.
func (x *town) command(args ...string) (string, error) {
	x.t.Helper()
	var said bytes.Buffer
	*x.Host.Console = cli.Console{Dictionary: x.Host.Dictionary, Language: locale.English,
		In: strings.NewReader(""), Out: &said, Err: &said}
	opened := x.Host.Open
	x.Host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	defer func() { x.Host.Open = opened }()
	cmd := x.Supervision.Module().Commands()[0]
	cmd.SetArgs(args)
	cmd.SetOut(&said)
	cmd.SetErr(&said)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(x.t.Context())
	return said.String(), err
}

// TestCommands: rules are listed and shown, a county is run, a rule is tried.
func TestCommands(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		county := itoa(x.home)
		for _, c := range []struct {
			args []string
			want []string
		}{
			{[]string{"list"}, []string{"A06-card", "Used by others without a contract", "A18-reserve"}},
			{[]string{"show", "A06-card"}, []string{"given(contract)"}},
			{[]string{"dry-run", "A06-card", county, "--version", "1"},
				[]string{"Version 1 in force hits 1"}},
			{[]string{"dry-run", "A06-card", county, "--when", "cost < 0"}, []string{"the one on trial 0"}},
			{[]string{"run", county}, []string{"1 hits: 1 raised"}},
			{[]string{"run"}, []string{"1 hits: 0 raised"}},
		} {
			said, err := x.command(c.args...)
			x.must(err)
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					x.t.Errorf("%v lacks %q: %s", c.args, want, said)
				}
			}
		}
		for key, args := range map[string][]string{"supervision.no_rule": {"show", "A99"},
			"supervision.no_version": {"dry-run", "A06-card", county, "--version", "9"}} {
			if _, err := x.command(args...); !fault.HasKey(err, key) {
				x.t.Errorf("%v: %v, want %s", args, err, key)
			}
		}
	})
}
