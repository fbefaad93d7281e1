// Package storetest opens stores for tests: every database test runs on both engines.
//
//	storetest.Each(t, parts, func(t *testing.T, s *store.Store) { … })
//
// SQLite is a file in t.TempDir. PostgreSQL is a schema of its own in the database that the
// environment variable TERRACE_TEST_POSTGRES names; without it that half skips with one line.
// Closures are replayed at random, with a seed that is printed on failure.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// Variable names the environment variable with the URL of a PostgreSQL database to test with.
const Variable = "TERRACE_TEST_POSTGRES"

// Start is the time at which every test begins; its clock advances a millisecond a reading.
var Start = time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)

// Option changes how a test's store is opened.
type Option func(*store.Config)

// WithoutReplay runs every closure once. Tests of speed and of counting use it.
func WithoutReplay(c *store.Config) { c.Replay = nil }

// WithClock uses a clock of the test's own.
func WithClock(clock func() time.Time) Option {
	return func(c *store.Config) { c.Clock = clock }
}

// Each runs fn on a fresh, migrated store of each engine.
func Each(t *testing.T, parts []store.Part, fn func(*testing.T, *store.Store), options ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t, parts, options...)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t, parts, options...)) })
}

// SQLite opens a fresh, migrated SQLite store.
func SQLite(t testing.TB, parts []store.Part, options ...Option) *store.Store {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), parts, options)
}

// Postgres opens a fresh, migrated PostgreSQL store, or skips.
func Postgres(t testing.TB, parts []store.Part, options ...Option) *store.Store {
	t.Helper()
	return open(t, PostgresURL(t), parts, options)
}

var schemas atomic.Int64

// PostgresURL makes an empty schema, dropped after the test, and returns a URL that uses it.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base := os.Getenv(Variable)
	if base == "" {
		t.Skip("needs PostgreSQL: set " + Variable + " to the URL of a database")
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	admin(t, base, "CREATE SCHEMA "+name)
	t.Cleanup(func() { admin(t, base, "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("options", "-csearch_path="+name) // understood by pgx and by libpq
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	return u.String()
}

func admin(t testing.TB, base, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		t.Fatalf("PostgreSQL at %s: %v", store.Redacted(base), err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, dbURL string, parts []store.Part, options []Option) *store.Store {
	t.Helper()
	config := store.Config{URL: dbURL, Clock: Clock(), Random: Random(1), Replay: replay(t)}
	for _, o := range options {
		o(&config)
	}
	s, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context(), append([]store.Part{store.Own()}, parts...)); err != nil {
		t.Fatal(err)
	}
	return s
}

// Tamper runs a statement behind the program's back, as an administrator with a database client
// would: on a connection of its own, with the append-only triggers dropped first.
func Tamper(t testing.TB, s *store.Store, sql string, args ...any) {
	t.Helper()
	raw, err := store.Open(t.Context(), store.Config{URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var n int64
	err = raw.Maintain(t.Context(), func(tx *store.Tx) error {
		if err := dropGuards(tx, raw.Engine()); err != nil {
			return err
		}
		n, err = tx.Exec(sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatalf("tampering changed nothing: %s", sql)
	}
}

func dropGuards(tx *store.Tx, engine string) error {
	if engine == "postgres" {
		_, err := tx.Exec(`DROP FUNCTION IF EXISTS terrace_append_only CASCADE`)
		return err
	}
	names, err := store.All[string](tx, `SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	for _, name := range names {
		if _, err := tx.Exec("DROP TRIGGER " + name); err != nil {
			return err
		}
	}
	return err
}

// replay runs a third of the closures twice, chosen by a seed that a failing test prints.
func replay(t testing.TB) func() bool {
	seed := uint64(time.Now().UnixNano())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("closures were replayed with seed %d", seed)
		}
	})
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(3) == 0
	}
}

// Clock begins at Start and advances a millisecond a reading.
func Clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return Start.Add(time.Duration(n.Add(1)) * time.Millisecond) }
}

// Random is a seeded source of random bytes, safe for concurrent use.
func Random(seed byte) *Source {
	return &Source{chacha: rand.NewChaCha8([32]byte{seed})}
}

// Source is an io.Reader of seeded random bytes.
type Source struct {
	mu     sync.Mutex
	chacha *rand.ChaCha8
}

// Read fills b.
func (s *Source) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chacha.Read(b)
}
