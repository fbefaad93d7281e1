package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// stale is the refusal of a change to a row that somebody else changed meanwhile.
func stale() error { return fault.New(fault.Stale, "store.stale") }

// translate turns a database error into a fault. Faults and context errors pass unchanged.
func translate(err error) error {
	var f *fault.Fault
	switch {
	case err == nil, errors.As(err, &f), errors.Is(err, context.Canceled),
		errors.Is(err, context.DeadlineExceeded):
		return err
	}
	switch violation(err) {
	case uniqueViolation:
		return fault.New(fault.Conflict, "store.duplicate").Because(err)
	case referenceViolation:
		return fault.New(fault.Conflict, "store.reference").Because(err)
	case busy:
		return fault.New(fault.Unavailable, "store.busy").Because(err)
	case full:
		return fault.New(fault.Unavailable, "store.full").Because(err)
	case damaged:
		return fault.New(fault.Invalid, "store.characters").Because(err)
	}
	return fault.New(fault.Internal, "fault.internal").Because(err)
}

type violationKind int

const (
	otherViolation violationKind = iota
	uniqueViolation
	referenceViolation
	busy
	full
	damaged
)

var sqliteViolations = map[int]violationKind{
	sqlite3.SQLITE_CONSTRAINT_UNIQUE:     uniqueViolation,
	sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: uniqueViolation,
	sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: referenceViolation,
	sqlite3.SQLITE_BUSY:                  busy,
	sqlite3.SQLITE_LOCKED:                busy,
	sqlite3.SQLITE_FULL:                  full,
}

var postgresViolations = map[string]violationKind{
	"23505": uniqueViolation,
	"23503": referenceViolation,
	"40001": busy,
	"40P01": busy,
	"53300": busy, // too many connections
	"53100": full, // disk full
	"22021": damaged,
}

func violation(err error) violationKind {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return sqliteViolations[lite.Code()]
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresViolations[pg.Code]
	}
	return otherViolation
}
