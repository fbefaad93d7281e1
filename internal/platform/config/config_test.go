package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"

	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var settings = []config.Setting{
	{Key: "db", Default: "terrace.db"},
	{Key: "log-origin", Default: "terrace.local"},
	{Key: "secure", Default: "false", Valid: config.Bool},
	{Key: "password", Secret: true},
}

func resolve(
	t *testing.T,
	file string,
	environment map[string]string,
	args ...string,
) (*config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	for _, s := range settings {
		flags.String(s.Key, s.Default, "")
	}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	name := ""
	if file != "" {
		name = filepath.Join(t.TempDir(), "terrace.yaml")
		if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Resolve(settings, config.Inputs{Flags: flags, File: name,
		Environment: func(k string) (string, bool) { v, ok := environment[k]; return v, ok }})
}

func TestStrongestSourceWinsAndIsNamed(t *testing.T) {
	file := "db: file.db\nlog-origin: file.origin\nsecure: true\n"
	c, err := resolve(
		t,
		file,
		map[string]string{"TERRACE_DB": "env.db", "TERRACE_LOG_ORIGIN": "env.origin"},
		"--db",
		"flag.db",
	)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]config.Source{
		"db":         config.FromFlag,
		"log-origin": config.FromEnvironment,
		"secure":     config.FromFile,
		"password":   config.FromDefault,
	}
	for _, v := range c.Values() {
		if v.Source != want[v.Key] {
			t.Errorf("%s = %s from %s, want from %s", v.Key, v.Value, v.Source, want[v.Key])
		}
	}
	if c.Text("db") != "flag.db" || c.Text("log-origin") != "env.origin" || !c.Flag("secure") {
		t.Errorf("values %v", c.Values())
	}
}

func TestBadFilesAndValuesAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, key string }{
		"a typing error": {"dbb: x\n", "config.unknown"},
		"no yaml":        {"db: [\n", "config.syntax"},
		"a wrong value":  {"secure: maybe\n", "config.value"},
	} {
		if _, err := resolve(t, c.file, nil); !fault.HasKey(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if _, err := config.Resolve(settings, config.Inputs{File: "/nowhere.yaml"}); !fault.HasKey(
		err,
		"config.file",
	) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	c, err := resolve(t, "", map[string]string{"TERRACE_PASSWORD": "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range c.Values() {
		if v.Key == "password" && (v.Shown() != "••••" || v.Value != "hunter2") {
			t.Errorf("shown as %q", v.Shown())
		}
	}
}

// TestWith changes a copy and nothing else.
func TestWith(t *testing.T) {
	before, err := resolve(t, "", nil, "--log-origin", "city.example")
	if err != nil {
		t.Fatal(err)
	}
	after := before.With("db", "other.db")
	if before.Text("db") != "terrace.db" || after.Text("db") != "other.db" ||
		after.Text("log-origin") != "city.example" || len(after.Values()) != len(before.Values()) {
		t.Errorf("before %v, after %v", before.Values(), after.Values())
	}
}
