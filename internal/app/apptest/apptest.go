// Package apptest starts the whole program for tests: on a fresh database of each engine, with a clock
// that the test moves, and on it a small city of people who do not exist.
//
// The city: 重庆市 with the counties 东岭区 and 西江县, each with two townships, each with two villages,
// each with two groups. Every village and every group has a collective with cards of assets. Every
// office that a check needs is held by somebody of the place; their logins are the office and the
// code's digits (Login), and all have one Password.
package apptest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Clock is a clock that a test moves; every reading is a millisecond later than the one before.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Set moves the clock to nine o'clock of a day in Beijing.
func (c *Clock) Set(day period.Date) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = day.Start().Time().Add(9 * time.Hour)
}

// Today is the day of the clock.
func (c *Clock) Today() period.Date { return period.At(c.Now()).Date() }

// Start is the day on which a test's clock begins: a Monday, working, before the county opens its
// check.
const Start period.Date = "2025-11-03"

// Each runs fn on a program with an empty database of each engine.
func Each(t *testing.T, fn func(*testing.T, *City)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, Open(t, filepath.Join(t.TempDir(), "terrace.db"))) })
	t.Run("postgres", func(t *testing.T) { fn(t, Open(t, storetest.PostgresURL(t))) })
}

// Open starts a program on a database. It is closed after the test.
func Open(t testing.TB, db string) *City {
	t.Helper()
	return OpenIn(t, db, t.TempDir())
}

// OpenIn starts a program on a database, with its keys and files in a folder: again, if it was started
// there before.
func OpenIn(t testing.TB, db, dir string) *City {
	t.Helper()
	return open(t, db, dir, "")
}

// OpenPack starts a program on a database with a pack that lies in a folder.
func OpenPack(t testing.TB, db, pack string) *City {
	t.Helper()
	return open(t, db, t.TempDir(), pack)
}

func open(t testing.TB, db, dir, pack string) *City {
	t.Helper()
	program, clock, err := Assemble(db, dir)
	if err != nil {
		t.Fatal(err)
	}
	if pack != "" {
		program.Host().Config = program.Host().Config.With("pack", pack)
	}
	closing, err := program.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closing)
	return &City{Program: program, Services: program.Services(), Host: program.Host(), Clock: clock, t: t}
}

// Assemble puts a program together as tests have it, not yet open.
func Assemble(db, dir string) (*app.Program, *Clock, error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	clock := &Clock{}
	clock.Set(Start)
	environment := map[string]string{"TERRACE_DB": db, "TERRACE_KEYS": filepath.Join(dir, "keys"),
		"TERRACE_FILES": filepath.Join(dir, "files"), "TERRACE_LANGUAGE": "zh",
		"TERRACE_LOG_ORIGIN": "terrace.test",
		"TERRACE_PACK":       "chongqing"}
	program := app.New(app.Outside{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard,
		Clock:  clock.Now,
		Random: storetest.Random(7), Environment: func(name string) (string, bool) {
			value, known := environment[name]
			return value, known
		}})
	return program, clock, program.Configure()
}

// Work lets the program's machinery run until the test ends.
func (c *City) Work() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { c.Host.Jobs.Run(ctx); close(done) }()
	c.t.Cleanup(func() { stop(); <-done })
}

// Serve answers requests at the returned address until the test ends.
func (c *City) Serve() string {
	c.t.Helper()
	if c.server == nil {
		handler, err := c.Handler()
		if err != nil {
			c.t.Fatal(err)
		}
		c.server = httptest.NewServer(handler)
		c.t.Cleanup(c.server.Close)
	}
	return c.server.URL
}

// Client is a browser without a screen: it keeps cookies and follows no redirection.
func Client(t testing.TB) *http.Client {
	t.Helper()
	return &http.Client{Jar: newJar(t), CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}
