package app

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// cityVariable names a demo city at scale city that is there already, with its keys beside it: building
// one takes many minutes.
const cityVariable = "TERRACE_BENCH_CITY"

// built compiles the program.
func built(b *testing.B) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "terrace")
	out, err := exec.Command("go", "build", "-o", name, "../../cmd/terrace").CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return name
}

// run runs the program to its end and gives how long it took and the memory it held, in MB.
func run(b *testing.B, program string, args ...string) (time.Duration, float64) {
	b.Helper()
	cmd := exec.Command(program, args...)
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("terrace %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	took, held := time.Since(start), 0.0
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		held = float64(usage.Maxrss) / 1024
	}
	return took, held
}

// BenchmarkDemo: the small city from nothing, by the program as it is shipped.
func BenchmarkDemo(b *testing.B) {
	took, held := run(b, built(b), "demo", "--no-serve", "--db", filepath.Join(b.TempDir(), "demo.db"))
	benchmark.Report(b, benchmark.Figure{Name: "demo/small", Value: took.Seconds(), Unit: "s", Baseline: 20,
		Target: "≤ 20 s", Against: "the target"})
	benchmark.Report(b, benchmark.Figure{Name: "demo/small-memory", Value: held, Unit: "MB", Baseline: 300,
		Target: "≤ 300 MB", Against: "the target"})
}

// visitor is somebody of the city who reads lists.
type visitor struct {
	role  string
	login string
	place int64
}

// BenchmarkPages: every list of the city at its true size, as a browser gets it, for readers of four
// heights. A figure is the 95th percentile over its filters and the first three pages of each, after one
// visit that is not measured: a server that has just started reads its database from disk once.
func BenchmarkPages(b *testing.B) {
	p := servedCity(b)
	handler, err := p.Handler()
	if err != nil {
		b.Fatal(err)
	}
	for _, v := range visitors(b, p) {
		cookies := p.enter(b, handler, v)
		for name, queries := range lists(v.place) {
			var times []time.Duration
			for _, q := range queries {
				leaf(b, handler, cookies, q)
			}
			for _, q := range queries {
				times = append(times, leaf(b, handler, cookies, q)...)
			}
			slices.Sort(times)
			benchmark.Report(b, benchmark.Figure{Name: "pages/" + name + "/" + v.role,
				Value: benchmark.Percentile(times, 95), Unit: "ms", Baseline: bare(b, p),
				Target: "≤ 100 ms", Against: "50 rows of the check list read by key"})
		}
	}
}

// lists are the list pages with the filters that people use.
func lists(place int64) map[string][]string {
	at := fmt.Sprint(place)
	return map[string][]string{
		"checks": {"/checks", "/checks?year=2025&stage=approved", "/checks?late=1", "/checks?returned=1",
			"/checks?sampled=1",
			"/checks?q=" + url.QueryEscape("三组"), "/checks?place=" + at, "/checks?stage=counting&place=" +
				at},
		"organisations": {"/organisations", "/organisations?level=village", "/organisations?q=" +
			url.QueryEscape("新")},
		"assets": {"/assets", "/assets?class=operating", "/assets?form=resource", "/assets?use=idle",
			"/assets?q=" + url.QueryEscape("仓库")},
		"inbox":  {"/inbox", "/", "/cases"},
		"board":  {"/inventory"},
		"places": {"/places", "/places/" + at, "/places?q=xin"},
	}
}

// servedCity opens the city at its true size, and builds it first if there is none.
func servedCity(b *testing.B) *Program {
	b.Helper()
	db := os.Getenv(cityVariable)
	if db == "" {
		db = filepath.Join(b.TempDir(), "city.db")
		run(b, built(b), "demo", "--scale", "city", "--no-serve", "--db", db)
	}
	environment := map[string]string{"TERRACE_DB": db}
	p := New(Outside{Out: io.Discard, Err: io.Discard, Clock: time.Now,
		Environment: func(name string) (string, bool) { v, known := environment[name]; return v, known }})
	p.policy = demoPolicy()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if err := p.Configure(); err != nil {
		b.Fatal(err)
	}
	closing, err := p.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(closing)
	return p
}

// visitors are somebody of each height, at the places that the demo's chain leads through.
func visitors(b *testing.B, p *Program) []visitor {
	b.Helper()
	type row struct {
		Login string `db:"login"`
		Place int64  `db:"place"`
	}
	var all []visitor
	for _, role := range []string{"city_officer", "county_officer", "township_reviewer",
		"village_accountant"} {
		found, err := store.Read(b.Context(), p.host.Store, func(v *store.View) ([]row, error) {
			return store.All[row](v, `SELECT a.login AS login, t.place AS place
				FROM post t JOIN account a ON a.id = t.account
				WHERE t.role = ? ORDER BY t.id LIMIT 1`, role)
		})
		if err != nil || len(found) == 0 {
			b.Fatalf("nobody is %s: %v", role, err)
		}
		all = append(all, visitor{role, found[0].Login, found[0].Place})
	}
	return all
}

// enter signs somebody in.
func (p *Program) enter(b *testing.B, handler http.Handler, v visitor) []*http.Cookie {
	b.Helper()
	form := url.Values{"login": {v.login}, "password": {demo.Password("city", 1)}}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusSeeOther {
		b.Fatalf("%s cannot sign in: %d", v.login, answer.Code)
	}
	return answer.Result().Cookies()
}

// leaf asks for a list and the two pages after it, each three times, and gives how long each took.
func leaf(b *testing.B, handler http.Handler, cookies []*http.Cookie, address string) []time.Duration {
	b.Helper()
	var times []time.Duration
	for range 3 {
		var body []byte
		for range 3 {
			answer, took := visit(handler, cookies, address)
			for answer.Code == http.StatusTooManyRequests { // the pages come faster than one address may ask
				time.Sleep(200 * time.Millisecond)
				answer, took = visit(handler, cookies, address)
			}
			times = append(times, took)
			if answer.Code != http.StatusOK && answer.Code != http.StatusNotFound &&
				!(address == "/cases" && answer.Code == http.StatusForbidden) {
				b.Fatalf("%s answers %d: %.2000s", address, answer.Code, answer.Body)
			}
			body = answer.Body.Bytes()
		}
		if address = nextPage(body); address == "" {
			break
		}
	}
	return times
}

// visit asks for a page once.
func visit(handler http.Handler, cookies []*http.Cookie, address string) (*httptest.ResponseRecorder,
	time.Duration) {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	start := time.Now()
	handler.ServeHTTP(answer, r)
	return answer, time.Since(start)
}

// nextPage is the address of the following page.
func nextPage(body []byte) string {
	at := bytes.Index(body, []byte(`" rel="next"`))
	if at < 0 {
		return ""
	}
	from := bytes.LastIndex(body[:at], []byte(`href="`))
	return strings.ReplaceAll(string(body[from+len(`href="`):at]), "&amp;", "&")
}

// bare is how long reading fifty rows of the list of checks by key takes, in ms.
func bare(b *testing.B, p *Program) float64 {
	b.Helper()
	var times []time.Duration
	for range 20 {
		start := time.Now()
		err := p.host.Store.View(b.Context(), func(v *store.View) error {
			_, err := store.All[struct {
				Name string `db:"name"`
			}](v, `SELECT name FROM inventory_check ORDER BY home, id LIMIT 50`)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return benchmark.Percentile(times, 95)
}
