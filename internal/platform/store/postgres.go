package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// postgresEngine runs closures concurrently, each on a connection of its own.
type postgresEngine struct {
	store *Store
	pool  *pgxpool.Pool
	ids   *pgxpool.Pool // two connections for reserving ids: writers that hold all others wait on it
}

// retriesMax is how often a closure is run again after a serialization failure or a deadlock.
const retriesMax = 20

func openPostgres(ctx context.Context, s *Store) (*postgresEngine, error) {
	config, err := pgxpool.ParseConfig(s.config.URL)
	if err != nil {
		return nil, err
	}
	config.MaxConns = int32(s.config.Readers)
	if config.MaxConns == 0 {
		config.MaxConns = int32(max(16, 8*runtime.NumCPU()))
	}
	config.ConnConfig.StatementCacheCapacity = statementsMax
	config.ConnConfig.RuntimeParams["application_name"] = "terrace"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := connectPool(ctx, config)
	if err != nil {
		return nil, err
	}
	small := config.Copy()
	small.MaxConns = 2
	ids, err := connectPool(ctx, small)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &postgresEngine{store: s, pool: pool, ids: ids}, nil
}

func connectPool(ctx context.Context, config *pgxpool.Config) (*pgxpool.Pool, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func (e *postgresEngine) name() string { return "postgres" }

func (e *postgresEngine) close() error {
	e.pool.Close()
	e.ids.Close()
	return nil
}

func (e *postgresEngine) view(ctx context.Context, fn func(session) error) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	s := &postgresSession{ctx: ctx, conn: conn.Conn(), batch: &pgx.Batch{},
		begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
	defer s.end("ROLLBACK")
	return fn(s)
}

// write runs the job, again after what PostgreSQL asks to be retried, with a growing pause.
func (e *postgresEngine) write(ctx context.Context, j *job) error {
	replay := e.store.config.Replay
	for try := 0; ; try++ {
		again := replay != nil && try == 0 && replay()
		err := e.once(ctx, j, again)
		if again && err == nil {
			continue
		}
		if err == nil || !retryable(err) || try >= retriesMax {
			e.store.counts.transactions.Add(1)
			return err
		}
		e.store.counts.retries.Add(1)
		pause := time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 7)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// once runs the closure in one transaction; with discard it is rolled back although it succeeded.
func (e *postgresEngine) once(ctx context.Context, j *job, discard bool) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	s := &postgresSession{ctx: ctx, conn: conn.Conn(), batch: &pgx.Batch{}, begin: "BEGIN"}
	if _, err := j.attempt(s); err != nil || discard {
		s.end("ROLLBACK")
		return err
	}
	if err := s.end("COMMIT"); err != nil {
		s.end("ROLLBACK")
		return translate(err)
	}
	return nil
}

func retryable(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	return pg.Code == "40001" || pg.Code == "40P01" // serialization failure, deadlock
}

// postgresSession sends statements that need no answer in one batch, together with the BEGIN, so
// that a small write takes one or two round trips instead of one a statement.
type postgresSession struct {
	ctx   context.Context
	conn  *pgx.Conn
	begin string
	begun bool
	batch *pgx.Batch
	wants []int64
}

// What a queued statement is held to, beside an exact number of rows.
const (
	anyCount   int64 = -1
	committing int64 = -2
)

func (s *postgresSession) queue(text string, args []any, want int64) error {
	s.open()
	s.batch.Queue(numbered(text), args...)
	s.wants = append(s.wants, want)
	return nil
}

// open puts the BEGIN in front of the first statement.
func (s *postgresSession) open() {
	if !s.begun && len(s.wants) == 0 {
		s.batch.Queue(s.begin)
		s.wants = append(s.wants, anyCount)
	}
}

func (s *postgresSession) flush() error {
	// Plain inserts cannot fail a count, so the COMMIT may travel with them: end sends it. Only a
	// statement whose count must be looked at forces a round trip of its own.
	for _, want := range s.wants {
		if want >= 0 {
			return s.send()
		}
	}
	return nil
}

// send sends the batch and checks each statement's count.
func (s *postgresSession) send() error {
	if len(s.wants) == 0 {
		return nil
	}
	results, err := s.dispatch()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

// dispatch sends the batch and reads the answers of the statements that wants counts; what was queued
// behind them is read by the caller, who closes the results also when there is an error.
func (s *postgresSession) dispatch() (pgx.BatchResults, error) {
	batch, wants := s.batch, s.wants
	s.batch, s.wants, s.begun = &pgx.Batch{}, nil, true
	results := s.conn.SendBatch(s.ctx, batch)
	for _, want := range wants {
		tag, err := results.Exec()
		switch {
		case err != nil:
			return results, err
		case want >= 0 && tag.RowsAffected() != want:
			return results, stale()
		case want == committing && tag.String() != "COMMIT":
			return results, errRolledBack
		}
	}
	return results, nil
}

// end finishes the transaction. After a COMMIT travelled with the last statements there is nothing
// more to do. ROLLBACK uses a context of its own: the caller may have gone.
func (s *postgresSession) end(how string) error {
	if how == "ROLLBACK" {
		s.batch, s.wants = &pgx.Batch{}, nil
		if !s.begun {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 5*time.Second)
		defer cancel()
		_, err := s.conn.Exec(ctx, how)
		return err
	}
	if !s.begun && len(s.wants) == 0 {
		return nil // nothing was asked of the database
	}
	s.batch.Queue(how)
	s.wants = append(s.wants, committing)
	return s.send()
}

// errRolledBack: the server answers COMMIT with ROLLBACK when a statement before it failed and the
// closure swallowed the error. That must not pass for success.
var errRolledBack = errors.New("store: the server rolled back instead of committing")

// exec and query send what waits in the same round trip, the BEGIN among it.
func (s *postgresSession) exec(text string, args []any) (int64, error) {
	s.open()
	if len(s.wants) == 0 {
		tag, err := s.conn.Exec(s.ctx, numbered(text), args...)
		return tag.RowsAffected(), err
	}
	s.batch.Queue(numbered(text), args...)
	results, err := s.dispatch()
	var changed int64
	if err == nil {
		var tag pgconn.CommandTag
		tag, err = results.Exec()
		changed = tag.RowsAffected()
	}
	if closed := results.Close(); err == nil {
		err = closed
	}
	return changed, err
}

func (s *postgresSession) query(text string, args []any) (Rows, error) {
	s.open()
	if len(s.wants) == 0 {
		rows, err := s.conn.Query(s.ctx, numbered(text), args...)
		if err != nil {
			return nil, err
		}
		return postgresRows{Rows: rows}, nil
	}
	s.batch.Queue(numbered(text), args...)
	results, err := s.dispatch()
	if err != nil {
		results.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		results.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return postgresRows{rows, results}, nil
}

func (s *postgresSession) bulk(table string, columns []string, values []any) error {
	s.open()
	if err := s.send(); err != nil {
		return err
	}
	_, err := s.conn.CopyFrom(s.ctx, pgx.Identifier{table}, columns, &copySource{width: len(columns),
		rest: values})
	return err
}

func (s *postgresSession) repeat(text string, width int, values []any) error {
	for ; len(values) > 0; values = values[width:] {
		if err := s.queue(text, values[:width], 1); err != nil {
			return err
		}
	}
	return s.send()
}

// copySource gives COPY one row after the other.
type copySource struct {
	width     int
	row, rest []any
}

func (c *copySource) Next() bool {
	if len(c.rest) == 0 {
		return false
	}
	c.row, c.rest = c.rest[:c.width], c.rest[c.width:]
	return true
}

func (c *copySource) Values() ([]any, error) { return c.row, nil }
func (c *copySource) Err() error             { return nil }

// postgresRows gives pgx's rows the shape of Rows. batch is what they came with, nil if they came alone.
type postgresRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r postgresRows) Columns() ([]string, error) {
	fields := r.FieldDescriptions()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names, nil
}

func (r postgresRows) Close() error {
	r.Rows.Close()
	err := r.Err()
	if r.batch == nil {
		return err
	}
	if closed := r.batch.Close(); err == nil {
		err = closed
	}
	return err
}
