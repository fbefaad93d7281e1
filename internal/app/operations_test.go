package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// machine is a program with an environment of its own.
type machine struct {
	dir         string
	environment map[string]string
}

func newMachine(t *testing.T, db string) machine {
	t.Helper()
	dir := t.TempDir()
	if db == "" {
		db = filepath.Join(dir, "terrace.db")
	}
	return machine{dir, map[string]string{"TERRACE_DB": db, "TERRACE_ADDR": "127.0.0.1:0",
		"TERRACE_KEYS": filepath.Join(dir, "keys"), "TERRACE_FILES": filepath.Join(dir, "files"),
		"TERRACE_LANGUAGE": "en", "TERRACE_LOG_ORIGIN": "terrace.test"}}
}

// program makes the program anew, as each command line does.
func (m machine) program(out io.Writer) *app.Program {
	return app.New(app.Outside{In: strings.NewReader(""), Out: out, Err: out, Clock: time.Now,
		Environment: func(name string) (string, bool) {
			value, ok := m.environment[name]
			return value, ok
		}})
}

// run runs a command and returns its exit code and what it printed.
func (m machine) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := m.program(&out).Main(t.Context(), args)
	return code, out.String()
}

func (m machine) must(t *testing.T, args ...string) string {
	t.Helper()
	code, out := m.run(t, args...)
	if code != 0 {
		t.Fatalf("terrace %s ended with %d:\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// lines hands over what is printed, line by line, and never blocks whoever prints.
type lines struct{ to chan string }

func (l lines) Write(b []byte) (int, error) {
	for _, line := range strings.Split(string(b), "\n") {
		select {
		case l.to <- line:
		default:
		}
	}
	return len(b), nil
}

// serve serves until the returned function is called; address is where.
func (m machine) serve(t *testing.T) (address string, stop func()) {
	t.Helper()
	printed := lines{make(chan string, 1000)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- m.program(printed).Main(ctx, []string{"serve"}) }()
	for {
		select {
		case line := <-printed.to:
			if _, found, ok := strings.Cut(line, "http://"); ok {
				return "http://" + strings.TrimSpace(found), func() {
					cancel()
					if code := <-ended; code != 0 {
						t.Errorf("serving ended with %d", code)
					}
				}
			}
		case code := <-ended:
			cancel()
			t.Fatalf("serving ended at once with %d", code)
		case <-time.After(30 * time.Second):
			cancel()
			t.Fatal("the program does not serve")
		}
	}
}

func get(t *testing.T, address string, headers map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// TestBackupAndRestore from each engine to each, while the old one is serving, and proven afterwards.
func TestBackupAndRestore(t *testing.T) {
	for _, c := range []struct{ from, to string }{{"sqlite", "postgres"}, {"postgres", "sqlite"},
		{"sqlite", "sqlite"}} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			db := func(engine string) string {
				if engine == "postgres" {
					return storetest.PostgresURL(t)
				}
				return ""
			}
			old := newMachine(t, db(c.from))
			_, stop := old.serve(t)
			defer stop()
			file := filepath.Join(t.TempDir(), "city.terrace")
			if out := old.must(t, "backup", file); !strings.Contains(out,
				"keep "+old.environment["TERRACE_KEYS"]) {
				t.Errorf("the backup does not say that the keys are apart:\n%s", out)
			}
			restored := newMachine(t, db(c.to))
			restored.must(t, "restore", file)
			if code, out := restored.run(t, "verify"); code == 0 {
				t.Errorf("without its keys it was opened:\n%s", out)
			}
			keys, err := os.ReadFile(old.environment["TERRACE_KEYS"])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(restored.environment["TERRACE_KEYS"], keys, 0o600); err != nil {
				t.Fatal(err)
			}
			if out := restored.must(t, "verify"); !strings.Contains(out, " 0 findings") {
				t.Errorf("verify says:\n%s", out)
			}
			if code, out := restored.run(t, "restore", file); code == 0 {
				t.Errorf("it was restored over itself:\n%s", out)
			}
			old.must(t, "verify")
		})
	}
}

func TestBackupWithKeysAndDamage(t *testing.T) {
	old := newMachine(t, "")
	file := filepath.Join(t.TempDir(), "city.terrace")
	old.must(t, "backup", file, "--with-keys")
	if code, out := old.run(t, "backup", file); code == 0 || !strings.Contains(out, file) {
		t.Errorf("a backup over another ended with %d:\n%s", code, out)
	}
	restored := newMachine(t, "")
	restored.must(t, "restore", file)
	restored.must(t, "verify")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/3] ^= 1
	if err := os.WriteFile(file+".bad", whole, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := newMachine(t, "")
	if code, out := fresh.run(t, "restore", file+".bad"); code != 3 || !strings.Contains(out, "damaged") {
		t.Errorf("a damaged backup ended with %d:\n%s", code, out)
	}
	if left, err := os.ReadDir(fresh.dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left of it (%v)", left, err)
	}
}

func TestHealthAndMetrics(t *testing.T) {
	m := newMachine(t, "")
	address, stop := m.serve(t)
	defer stop()
	if code, body := get(t, address+"/healthz", nil); code != 200 || body != "ok\n" {
		t.Errorf("healthz: %d %q", code, body)
	}
	code, body := get(t, address+"/readyz", nil)
	var ready struct {
		Ready  bool
		Checks map[string]bool
	}
	if err := json.Unmarshal([]byte(body), &ready); err != nil || code != 200 || !ready.Ready ||
		len(ready.Checks) != 4 {
		t.Errorf("readyz: %d %s", code, body)
	}
	get(t, address+"/jobs?q=zhangsanfeng", nil)
	get(t, address+"/nothing/zhangsanfeng", nil)
	code, body = get(t, address+"/metrics", nil)
	for _, want := range []string{`terrace_requests_total{method="GET",route="GET /jobs",status="401"} 1`,
		`terrace_requests_total{method="GET",route="/",status="404"} 1`, "terrace_request_seconds_bucket{",
		"terrace_store_writes_total", "terrace_log_waiting", "terrace_sessions 0",
		`terrace_jobs{state="waiting"}`,
		"process_cpu_seconds_total",
		`terrace_info{version=`} {
		if code != 200 || !strings.Contains(body, want) {
			t.Errorf("metrics: %d without %s in\n%s", code, want, body)
		}
	}
	if strings.Contains(body, "zhangsanfeng") {
		t.Error("the metrics tell what was asked for")
	}
	for header, value := range map[string]string{"X-Forwarded-For": "203.0.113.7",
		"Forwarded": "for=203.0.113.7",
		"Via":       "1.1 proxy"} {
		if code, _ := get(t, address+"/metrics", map[string]string{header: value}); code != 404 {
			t.Errorf("forwarded by %s: %d", header, code)
		}
	}
}

func TestMetricsWithAToken(t *testing.T) {
	m := newMachine(t, "")
	m.environment["TERRACE_METRICS_TOKEN"] = "open sesame"
	address, stop := m.serve(t)
	defer stop()
	for header, want := range map[string]int{"": 404, "Bearer open": 404, "open sesame": 404,
		"Bearer open sesame": 200} {
		if code, _ := get(t, address+"/metrics", map[string]string{"Authorization": header,
			"X-Forwarded-For": "203.0.113.7"}); code != want {
			t.Errorf("with %q: %d, want %d", header, code, want)
		}
	}
	if out := m.must(t, "config"); strings.Contains(out, "sesame") {
		t.Error("terrace config prints the token")
	}
}

// TestStoppingLosesNothing: what was written last is in the signed log when the program has ended.
func TestStoppingLosesNothing(t *testing.T) {
	m := newMachine(t, "")
	_, stop := m.serve(t)
	m.must(t, "backup", filepath.Join(t.TempDir(), "a.terrace")) // records an event beside the server
	stop()
	var out bytes.Buffer
	p := m.program(&out)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if code := p.Main(ctx, []string{"verify"}); code != 0 {
		t.Fatalf("verify ended with %d:\n%s", code, out.String())
	}
	closing, err := p.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	if b, err := p.Host().Log.Backlog(ctx); err != nil || b.Events != 0 {
		t.Errorf("%d events wait after the end, %v", b.Events, err)
	}
}

// TestPacksOfTheProgram: every file of every pack is read by some part of the program, and passes.
func TestPacksOfTheProgram(t *testing.T) {
	m := newMachine(t, "")
	for _, key := range []string{"national", "chongqing", "ezhou"} {
		out := m.must(t, "pack", "test", "--pack", key)
		if !strings.Contains(out, " 0 errors") || strings.Contains(out, " error: ") {
			t.Errorf("%s:\n%s", key, out)
		}
	}
	dir := filepath.Join(m.dir, "own")
	for name, body := range map[string]string{
		"pack.yaml":       "key: own\nparent: chongqing\ntitle: {zh: 本市, en: Own}\nversion: 1\n",
		"parameters.yaml": strings.Replace(notice, "value: 7", "value: 10", 1),
		"tests/a.yaml": "parameters:\n" +
			"  - {key: n, parameter: check.notice_days, on: 2026-01-05, expect: 10}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// The national pack's own example expects 7: a pack that changes a value changes its example too.
	if code, out := m.run(t, "pack", "test", dir); code != 3 || !strings.Contains(out, "notice-days") {
		t.Errorf("ended with %d:\n%s", code, out)
	}
	if out := m.must(t, "pack", "show", "check.notice_days", "--pack", dir); !strings.Contains(out,
		"value: 10") ||
		!strings.Contains(out, "overrides national/parameters.yaml") {
		t.Errorf("show:\n%s", out)
	}
	bad := strings.Replace(notice, "value: 7", "value: 70", 1)
	if err := os.WriteFile(filepath.Join(dir, "parameters.yaml"), []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out := m.run(t, "verify", "--pack", dir); code != 3 || !strings.Contains(out,
		"own/parameters.yaml") {
		t.Errorf("a broken pack was taken (%d):\n%s", code, out)
	}
}

const notice = `parameters:
  - key: check.notice_days
    kind: whole
    title: {zh: 公示天数, en: Days of notice}
    min: 5
    max: 15
    values:
      - {from: 2017-12-29, value: 7, basis: b, mark: config}
`

// TestEveryTableCanBeDistributed: home first in every key, or declared as a reference table. Citus itself
// is not there to be tried.
func TestEveryTableCanBeDistributed(t *testing.T) {
	url := storetest.PostgresURL(t)
	m := newMachine(t, url)
	out := m.must(t, "migrate", "--citus", "--print")
	distributed := strings.Count(out, "create_distributed_table(")
	if distributed < 10 || !strings.Contains(out, "create_distributed_table('event', 'home'") {
		t.Errorf("only %d tables are distributed:\n%s", distributed, out)
	}
	if code, out := newMachine(t, "").run(t, "migrate", "--citus"); code != 7 {
		t.Errorf("SQLite was distributed (%d):\n%s", code, out)
	}
}

// TestEveryJobHasAName in the dictionary.
func TestEveryJobHasAName(t *testing.T) {
	m := newMachine(t, "")
	p := m.program(io.Discard)
	if code := p.Main(t.Context(), []string{"verify"}); code != 0 {
		t.Fatal("it does not open")
	}
	closing, err := p.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	kinds := p.Host().Jobs.Kinds()
	for _, kind := range kinds {
		if key := "job." + kind; !p.Host().Dictionary.Has(key) {
			t.Errorf("%s is not in the dictionary", key)
		}
	}
	if len(kinds) == 0 {
		t.Error("no kind was looked at")
	}
	for _, d := range p.Host().Measures.Catalogue() {
		if !d.Title.Whole() {
			t.Errorf("the measure %s lacks a language", fmt.Sprint(d.Key))
		}
	}
}
