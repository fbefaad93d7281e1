package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sqliteEngine has one writing connection, owned by the goroutine in groupcommit.go, and a pool of
// reading ones.
type sqliteEngine struct {
	store   *Store
	path    string
	pools   []*sql.DB
	conns   []*sqliteConn // all of them, to be closed
	writer  *sqliteConn
	readers chan *sqliteConn
	tickets chan *ticket
	closing sync.RWMutex
	closed  bool
	done    chan struct{} // the writer has ended
	shut    chan struct{} // nobody is served any more
}

// sqliteConn is a connection with the statements it has prepared. Not safe for concurrent use.
type sqliteConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// statementsMax bounds the prepared statements a connection keeps. Statements are texts in the
// source, a few hundred; the bound is against a bug that builds them.
const statementsMax = 2000

// SQLitePath is the file a database URL names: sqlite:FILE, sqlite:///FILE, file:FILE or FILE.
func SQLitePath(dbURL string) string {
	path := strings.TrimPrefix(strings.TrimPrefix(dbURL, "sqlite:"), "file:")
	if strings.HasPrefix(path, "///") {
		path = path[2:]
	}
	return path
}

func openSQLite(ctx context.Context, s *Store) (*sqliteEngine, error) {
	path := SQLitePath(s.config.URL)
	// The file holds personal data: nobody but the service's own account reads it.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	file.Close()
	readers := s.config.Readers
	if readers == 0 {
		readers = max(4, 2*runtime.NumCPU())
	}
	e := &sqliteEngine{store: s, path: path, readers: make(chan *sqliteConn, readers),
		tickets: make(chan *ticket, groupMax), done: make(chan struct{}), shut: make(chan struct{})}
	if err := e.connect(ctx, readers); err != nil {
		e.disconnect()
		return nil, err
	}
	go e.loop()
	return e, nil
}

func (e *sqliteEngine) connect(ctx context.Context, readers int) error {
	flushed := "synchronous(FULL)"
	if e.store.config.Unflushed {
		flushed = "synchronous(OFF)"
	}
	writing, err := e.pool(1, flushed, "cache_size(-32768)", "wal_autocheckpoint(1000)")
	if err != nil {
		return err
	}
	if e.writer, err = e.open(ctx, writing); err != nil {
		return err
	}
	reading, err := e.pool(readers, "query_only(true)", "cache_size(-8192)")
	if err != nil {
		return err
	}
	for range readers {
		c, err := e.open(ctx, reading)
		if err != nil {
			return err
		}
		e.readers <- c
	}
	return nil
}

func (e *sqliteEngine) pool(size int, pragmas ...string) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}}
	for _, p := range append([]string{"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(true)",
		"trusted_schema(false)", "temp_store(memory)"}, pragmas...) {
		query.Add("_pragma", p)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: e.path}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	e.pools = append(e.pools, db)
	return db, nil
}

func (e *sqliteEngine) open(ctx context.Context, db *sql.DB) (*sqliteConn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &sqliteConn{conn: conn, stmts: map[string]*sql.Stmt{}}
	e.conns = append(e.conns, c)
	return c, nil
}

// disconnect closes every statement and connection, not only the pools: the last connection to close
// moves what is left in the write-ahead log into the file, so that the file alone is whole.
func (e *sqliteEngine) disconnect() error {
	var failed error
	for _, c := range e.conns {
		for _, stmt := range c.stmts {
			failed = errors.Join(failed, stmt.Close())
		}
		failed = errors.Join(failed, c.conn.Close())
	}
	for _, p := range e.pools {
		failed = errors.Join(failed, p.Close())
	}
	return failed
}

func (e *sqliteEngine) name() string { return "sqlite" }

func (e *sqliteEngine) close() error {
	e.closing.Lock()
	if e.closed {
		e.closing.Unlock()
		return nil
	}
	e.closed = true
	close(e.tickets)
	close(e.shut)
	e.closing.Unlock()
	<-e.done
	for range cap(e.readers) { // views that still run give their connection back first
		<-e.readers
	}
	return e.disconnect()
}

func (e *sqliteEngine) view(ctx context.Context, fn func(session) error) error {
	var c *sqliteConn
	select {
	case c = <-e.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.shut:
		return fault.New(fault.Unavailable, "store.closed")
	}
	defer func() { e.readers <- c }()
	if err := c.control("BEGIN"); err != nil {
		return translate(err)
	}
	defer c.control("ROLLBACK")
	return fn(&sqliteSession{ctx: ctx, conn: c})
}

// control runs a statement of transaction control. It must not be interrupted by the caller.
func (c *sqliteConn) control(statement string) error {
	stmt, err := c.prepared(statement)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.Background())
	return err
}

func (c *sqliteConn) prepared(text string) (*sql.Stmt, error) {
	if stmt, ok := c.stmts[text]; ok {
		return stmt, nil
	}
	if len(c.stmts) >= statementsMax {
		return nil, errors.New("store: too many different statements: is one built from input?")
	}
	stmt, err := c.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	c.stmts[text] = stmt
	return stmt, nil
}

// sqliteSession runs statements at once. The writer's has a context that cannot be cancelled: an
// interrupted statement would roll back its neighbours too.
type sqliteSession struct {
	ctx  context.Context
	conn *sqliteConn
}

func (s *sqliteSession) query(text string, args []any) (Rows, error) {
	stmt, err := s.conn.prepared(text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(s.ctx, args...)
}

func (s *sqliteSession) exec(text string, args []any) (int64, error) {
	stmt, err := s.conn.prepared(text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(s.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s *sqliteSession) queue(text string, args []any, want int64) error {
	n, err := s.exec(text, args)
	if err == nil && want >= 0 && n != want {
		return stale()
	}
	return err
}

func (s *sqliteSession) flush() error { return nil }

// bulkParameters is how many values one statement of bulk carries. A statement that adds many rows
// leaves its cursors at the end of the indexes and is begun and ended once: 200 rows of eleven columns
// at a time take two thirds of what a statement for each takes.
const bulkParameters = 2200

func (s *sqliteSession) bulk(table string, columns []string, values []any) error {
	rows := max(1, bulkParameters/len(columns))
	size := rows * len(columns)
	many := len(values) / size * size
	err := s.direct(insertText(table, columns, rows), size, values[:many], anyCount)
	if err == nil {
		err = s.direct(insertText(table, columns, 1), len(columns), values[many:], anyCount)
	}
	return err
}

func (s *sqliteSession) repeat(text string, width int, values []any) error {
	return s.direct(text, width, values, 1)
}

// direct runs a statement for every so many of the values. It asks the driver itself, without the locks
// and copies that database/sql makes for every statement.
func (s *sqliteSession) direct(text string, width int, values []any, want int64) error {
	if len(values) == 0 {
		return nil
	}
	return s.conn.conn.Raw(func(driverConn any) error {
		stmt, err := driverConn.(driver.ConnPrepareContext).PrepareContext(s.ctx, text)
		if err != nil {
			return err
		}
		defer stmt.Close()
		args := make([]driver.NamedValue, width)
		for ; len(values) >= width; values = values[width:] {
			for i := range args {
				args[i] = driver.NamedValue{Ordinal: i + 1, Value: values[i]}
			}
			result, err := stmt.(driver.StmtExecContext).ExecContext(s.ctx, args)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			if want != anyCount && n != want {
				return stale()
			}
		}
		return nil
	})
}
