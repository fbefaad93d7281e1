package commitments_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
)

// run runs a command line and gives what it said.
func (x *site) run(args ...string) (string, error) {
	x.t.Helper()
	var said bytes.Buffer
	x.Host.Console = &cli.Console{Dictionary: x.Host.Dictionary, Language: locale.English,
		In: strings.NewReader(""), Out: &said, Err: &said}
	x.Host.Open = func(context.Context) (func(), error) { return func() {}, nil }
	for _, cmd := range x.Commitments.Module().Commands() {
		if cmd.Use != args[0] {
			continue
		}
		cmd.SetArgs(args[1:])
		cmd.SetOut(&said)
		cmd.SetErr(&said)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		err := cmd.ExecuteContext(x.t.Context())
		return said.String(), err
	}
	x.t.Fatalf("there is no command %s", args[0])
	return "", nil
}

// TestCommandsOfTheRegister: templates, files of loans and transfers, and the match of the night.
func TestCommandsOfTheRegister(t *testing.T) {
	each(t, func(x *site) {
		dir := t.TempDir()
		for _, kind := range []string{"loan", "lending", "guarantee"} {
			_, err := x.run(kind, "template", filepath.Join(dir, kind+".xlsx"), "--organisation",
				x.own.Code)
			x.Must(err)
		}
		file := func(text string) string {
			name := filepath.Join(dir, "清单.csv")
			x.Must(os.WriteFile(name, []byte(text), 0o600))
			return name
		}
		loans := "party,party_kind,purpose,amount,day\n"
		said, err := x.run("loan", "import", file(loans+"农商行,bank,facilities,-1,2025-03-01\n"),
			"--organisation", x.own.Ref().String(), "--explanation", "列不全")
		x.refused(err, "intake.errors")
		if !strings.Contains(said, "1 error") {
			t.Errorf("of a wrong file it says %s", said)
		}
		said, err = x.run("loan", "import", file(loans+"农商行,bank,facilities,1000,2025-03-01\n"),
			"--organisation", x.own.Ref().String(), "--explanation", "列不全")
		x.Must(err)
		if !strings.Contains(said, "1 row entered") {
			t.Errorf("of a loan it says %s", said)
		}
		transfers := "organisation,document,kind,project,amount,day\n" + x.own.Code +
			",财农〔2025〕9号,running,运转,50000,2025-06-01\n"
		_, err = x.run("transfer", "import", file(transfers), "--county", "上湾村")
		if err == nil {
			t.Error("a village is taken for a county")
		}
		_, err = x.run("transfer", "import", file(transfers), "--county", "500101000000", "--explanation",
			"列不全")
		x.Must(err)
		x.post(x.own, "2025-06-20", "503", -50_000_00)
		if said, err = x.run("transfer", "match"); err != nil || !strings.Contains(said,
			"1 transfer or repayment changed") {
			t.Errorf("the match says %s %v", said, err)
		}
		if got := x.transfer(x.own.Home, 2); got.Course != commitments.Matched {
			t.Errorf("%+v", got)
		}
	})
}
