package store

import (
	"context"
	"crypto/rand"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// City is the home of what belongs to no single county.
const City int64 = 0

// Config says which database and what the host lends.
type Config struct {
	URL    string           // sqlite:FILE, a plain file name, or postgres://…
	Clock  func() time.Time // nil: time.Now
	Random io.Reader        // nil: crypto/rand
	// Readers is the number of reading connections (SQLite) or of all connections (PostgreSQL);
	// 0 chooses.
	Readers int
	// Unflushed lets SQLite write without waiting for the disk: what is acknowledged survives the program
	// but not the machine, until whoever asked for it has closed the store and flushed the file. Only a
	// database that nobody has yet may be written so.
	Unflushed bool
	// Replay makes the store run some closures twice to catch those that rely on running once.
	// It returns whether to replay this one. Only tests set it.
	Replay func() bool
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	config  Config
	engine  engine
	sealed  sealedTables
	ids     idBlocks
	counts  counters
	commits func(homes []int64) // told after each commit with events; set by OnCommit
	mu      sync.RWMutex
}

// engine is what the two databases do differently.
type engine interface {
	// write runs job until it commits, retrying what may be retried.
	write(ctx context.Context, job *job) error
	// view runs fn on one consistent moment.
	view(ctx context.Context, fn func(session) error) error
	name() string
	close() error
}

// session is one connection inside one transaction.
type session interface {
	query(sql string, args []any) (Rows, error)
	exec(sql string, args []any) (int64, error)
	// queue runs a statement now or together with later ones; if want >= 0 the statement must
	// touch exactly that many rows, else the transaction fails with a Stale fault.
	queue(sql string, args []any, want int64) error
	flush() error
	// bulk loads rows into the columns of a table as fast as the engine can. values are those of all
	// rows, one after the other.
	bulk(table string, columns []string, values []any) error
	// repeat runs a statement for every so many of the values; each time it must touch one row, else the
	// transaction fails with a Stale fault.
	repeat(sql string, width int, values []any) error
}

// Rows is a result being read. Close is safe to call twice.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Columns() ([]string, error)
	Err() error
	Close() error
}

// Open connects. It creates a SQLite file that is not there; it does not migrate.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Random == nil {
		config.Random = rand.Reader
	}
	s := &Store{config: config}
	s.sealed.byName = map[string]bool{}
	s.ids.reset()
	var err error
	if IsPostgres(config.URL) {
		s.engine, err = openPostgres(ctx, s)
	} else {
		s.engine, err = openSQLite(ctx, s)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "store.open", Redacted(config.URL)).Because(err)
	}
	return s, nil
}

// IsPostgres reports whether the URL names a PostgreSQL server.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// URL is the database URL the store was opened with, password and all: not for messages.
func (s *Store) URL() string { return s.config.URL }

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name() }

// Now is the host's clock.
func (s *Store) Now() period.Instant { return period.At(s.config.Clock()) }

// Random fills b from the host's source of randomness.
func (s *Store) Random(b []byte) {
	if _, err := io.ReadFull(s.config.Random, b); err != nil {
		panic("store: no randomness: " + err.Error()) // a machine without randomness cannot go on
	}
}

// Randomness is the host's source of randomness as a reader.
func (s *Store) Randomness() io.Reader { return s.config.Random }

// OnCommit registers what to tell after a commit: the homes that have new events. It must not
// block. The log's sequencer uses it.
func (s *Store) OnCommit(tell func(homes []int64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits = tell
}

func (s *Store) committed(homes []int64) {
	s.mu.RLock()
	tell := s.commits
	s.mu.RUnlock()
	if tell != nil && len(homes) > 0 {
		tell(homes)
	}
}

// Close waits for running writes and closes the connections.
func (s *Store) Close() error { return s.engine.close() }

// Redacted is a database URL without its password, for messages.
func Redacted(url string) string {
	at := strings.LastIndexByte(url, '@')
	if !IsPostgres(url) || at < 0 {
		return url
	}
	scheme, rest, _ := strings.Cut(url[:at], "://")
	user, _, _ := strings.Cut(rest, ":")
	return scheme + "://" + user + ":…" + url[at:]
}
