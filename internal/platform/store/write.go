package store

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Write runs fn as one transaction. fn may run more than once; see the package comment. An error
// from fn undoes everything and comes back unchanged.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, &job{ctx: ctx, store: s, fn: fn})
}

// Maintain is Write for the machinery's own rows (sessions, leases, derived tables): nothing is
// recorded, and rows of sealed tables cannot be touched.
func (s *Store) Maintain(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, &job{ctx: ctx, store: s, fn: fn, maintenance: true})
}

func (s *Store) run(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.engine.write(ctx, j); err != nil {
		s.counts.failures.Add(1)
		return err
	}
	s.counts.writes.Add(1)
	s.committed(j.homes)
	return nil
}

// job is one closure on its way to a commit.
type job struct {
	ctx         context.Context
	store       *Store
	fn          func(*Tx) error
	maintenance bool
	homes       []int64 // with new events, set by the run that commits
}

// attempt runs the closure once in a session, and its events after it. wrote tells whether any
// statement that changes rows was sent, so that the engine knows whether there is anything to undo.
func (j *job) attempt(ses session) (wrote bool, err error) {
	tx := &Tx{
		View:        View{ctx: j.ctx, ses: ses},
		store:       j.store,
		now:         j.store.Now(),
		maintenance: j.maintenance,
	}
	err = j.call(tx)
	if err == nil {
		err = tx.finish()
	}
	if err == nil {
		j.homes = tx.homes()
	}
	return tx.wrote, err
}

// call runs the closure and turns a panic into an error that carries the stack: the writer
// goroutine must outlive any bug in a module.
func (j *job) call(tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "fault.internal").
				Because(fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack()))
		}
	}()
	return j.fn(tx)
}

// Tx is a transaction. It is valid only inside the closure it was given to and reads its own writes.
type Tx struct {
	View
	store       *Store
	now         period.Instant
	maintenance bool
	wrote       bool
	events      []pendingEvent
	changes     []change
	salts       map[int64][]byte // by home, once needed
}

// Now is the time at which this transaction happens: the same for every row it writes.
func (tx *Tx) Now() period.Instant { return tx.now }

// Random fills b from the host's source of randomness.
func (tx *Tx) Random(b []byte) { tx.store.Random(b) }

// Randomness is the host's source of randomness as a reader, for what encrypts.
func (tx *Tx) Randomness() io.Reader { return tx.store.Randomness() }

// Exec runs a statement that changes rows of an unsealed table, and tells how many it changed.
func (tx *Tx) Exec(sql string, args ...any) (int64, error) {
	if err := tx.store.sealed.refuse(sql); err != nil {
		return 0, err
	}
	return tx.exec(sql, args)
}

// Queue runs a statement that changes rows of an unsealed table and whose count nobody needs, at the latest
// with the next statement that is answered: on PostgreSQL it costs no round trip of its own.
func (tx *Tx) Queue(sql string, args ...any) error {
	if err := tx.store.sealed.refuse(sql); err != nil {
		return err
	}
	return tx.queue(sql, plainArgs(args), anyCount)
}

func (tx *Tx) exec(sql string, args []any) (int64, error) {
	if err := tx.ctx.Err(); err != nil {
		return 0, err
	}
	args = plainArgs(args)
	if err := keepable(args); err != nil {
		return 0, err
	}
	tx.wrote = true
	n, err := tx.ses.exec(sql, args)
	return n, translate(err)
}

// query also takes INSERT, UPDATE and DELETE with RETURNING. They change rows: what they changed is
// undone if the closure fails later, and they keep away from sealed tables like Exec.
func (tx *Tx) query(sql string, args []any) (Rows, error) {
	if !strings.HasPrefix(strings.TrimSpace(sql), "SELECT") {
		if err := tx.store.sealed.refuse(sql); err != nil {
			return nil, err
		}
		tx.wrote = true
	}
	return tx.View.query(sql, args)
}

func (tx *Tx) queue(sql string, args []any, want int64) error {
	if err := tx.ctx.Err(); err != nil {
		return err
	}
	if err := keepable(args); err != nil {
		return err
	}
	tx.wrote = true
	return translate(tx.ses.queue(sql, args, want))
}

// finish writes the events, checks the rule that every change is recorded, and flushes.
func (tx *Tx) finish() error {
	if err := tx.writeEvents(); err != nil {
		return err
	}
	return translate(tx.ses.flush())
}
