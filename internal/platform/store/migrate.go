package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed migrations/*.sql
var ownMigrations embed.FS

// Part is a piece of the program that has tables: its migrations are files 0001_*.sql in the root
// of an embedded folder, each with one text for both engines.
type Part struct {
	Name       string
	Migrations fs.FS
	AppendOnly []string // tables whose rows a trigger keeps from being changed or removed
}

// Own is the store's own part; it comes first.
func Own() Part {
	root, err := fs.Sub(ownMigrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return Part{Name: "store", Migrations: root, AppendOnly: []string{"event"}}
}

// Latest is the number of the last step of the part's schema.
func (p Part) Latest() int64 {
	names, err := fs.Glob(p.Migrations, "*.sql")
	if err != nil {
		panic(err) // the pattern is a literal
	}
	var last int64
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			last = max(last, n)
		}
	}
	return last
}

// Migration is one step of a part's schema.
type Migration struct {
	Part    string
	Version int64
	File    string
}

// Migrate brings the schema of every part up to date, one transaction a step, and returns the
// steps it took. Parts are taken in order.
func (s *Store) Migrate(ctx context.Context, parts []Part) ([]Migration, error) {
	var done []Migration
	err := s.eachProvider(ctx, parts, func(p Part, db *sql.DB, provider *goose.Provider) error {
		results, err := provider.Up(ctx)
		for _, r := range results {
			done = append(done, Migration{p.Name, r.Source.Version, r.Source.Path})
		}
		if err != nil {
			return fault.New(fault.Unavailable, "store.migrate", p.Name).Because(err)
		}
		for _, table := range p.AppendOnly {
			if err := s.guard(ctx, db, table); err != nil {
				return fault.New(fault.Unavailable, "store.migrate", p.Name).Because(err)
			}
		}
		return nil
	})
	return done, err
}

// Pending lists the steps that Migrate would take.
func (s *Store) Pending(ctx context.Context, parts []Part) ([]Migration, error) {
	var open []Migration
	err := s.eachProvider(ctx, parts, func(p Part, _ *sql.DB, provider *goose.Provider) error {
		status, err := provider.Status(ctx)
		for _, m := range status {
			if m.State == goose.StatePending {
				open = append(open, Migration{p.Name, m.Source.Version, m.Source.Path})
			}
		}
		return err
	})
	return open, err
}

func (s *Store) eachProvider(ctx context.Context, parts []Part,
	fn func(Part, *sql.DB, *goose.Provider) error) error {
	db, dialect, err := s.migrationDB()
	if err != nil {
		return err
	}
	defer db.Close()
	for _, p := range parts {
		provider, err := goose.NewProvider(dialect, db, p.Migrations,
			goose.WithTableName("schema_"+p.Name), goose.WithDisableGlobalRegistry(true),
			goose.WithLogger(goose.NopLogger()))
		if err != nil {
			return fmt.Errorf("store: migrations of %s: %w", p.Name, err)
		}
		if err := fn(p, db, provider); err != nil {
			return err
		}
	}
	return nil
}

// migrationDB opens a connection of its own: migrations run before anything else does.
func (s *Store) migrationDB() (*sql.DB, goose.Dialect, error) {
	if e, ok := s.engine.(*postgresEngine); ok {
		return stdlib.OpenDBFromPool(e.pool), goose.DialectPostgres, nil
	}
	path := (&url.URL{Path: s.engine.(*sqliteEngine).path}).EscapedPath()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_txlock=immediate")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, goose.DialectSQLite3, err
}

// guard lets nobody change or remove rows of an append-only table. It is a second wall: the log
// proves what it cannot prevent (Citus takes no triggers on distributed tables).
func (s *Store) guard(ctx context.Context, db *sql.DB, table string) error {
	texts := sqliteGuard
	if s.Engine() == "postgres" {
		var citus bool
		if err := db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM pg_extension WHERE extname = 'citus'`).
			Scan(&citus); err != nil || citus {
			return err
		}
		texts = postgresGuard
	}
	for _, text := range texts {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(text, "@", table)); err != nil {
			return err
		}
	}
	return nil
}

var sqliteGuard = []string{
	`CREATE TRIGGER IF NOT EXISTS @_no_update BEFORE UPDATE ON @
		BEGIN SELECT RAISE(ABORT, '@ is append-only'); END`,
	`CREATE TRIGGER IF NOT EXISTS @_no_delete BEFORE DELETE ON @
		BEGIN SELECT RAISE(ABORT, '@ is append-only'); END`,
}

var postgresGuard = []string{
	`CREATE OR REPLACE FUNCTION terrace_append_only() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$`,
	`CREATE OR REPLACE TRIGGER @_no_change BEFORE UPDATE OR DELETE ON @
		FOR EACH ROW EXECUTE FUNCTION terrace_append_only()`,
	`CREATE OR REPLACE TRIGGER @_no_truncate BEFORE TRUNCATE ON @
		FOR EACH STATEMENT EXECUTE FUNCTION terrace_append_only()`,
}
