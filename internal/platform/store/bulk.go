package store

import (
	"encoding/binary"
	"fmt"
)

// bulkRows is how many rows are prepared at a time.
const bulkRows = 6000

// Bulk adds many rows as fast as the engine can: COPY on PostgreSQL. Rows must be new. While one
// portion is written the next is put into values and digests by another processor.
func (t *Table[T]) Bulk(tx *Tx, rows []T) error {
	columns := t.Columns()
	b := bulk[T]{table: t, tx: tx, width: len(columns),
		take: func(version *int64, values, to []any) []any { return append(to, values...) },
		before: func(version *int64) {
			if *version == 0 {
				*version = 1
			}
		}}
	return b.run(rows, func(values []any) error { return tx.ses.bulk(t.name, columns, values) })
}

// BulkUpdate is Update for many rows: each if its version is still the one it was read at, which is
// raised by one; otherwise the fault is Stale. The work is shared as in Bulk.
func (t *Table[T]) BulkUpdate(tx *Tx, rows []T) error {
	if t.count < 0 {
		return fmt.Errorf("store: rows of %s have no version and are only added", t.name)
	}
	b := bulk[T]{table: t, tx: tx, width: len(t.sets) + len(t.keys) + 1,
		take: func(version *int64, values, to []any) []any {
			return append(pick(values, t.keys, pick(values, t.sets, to)), *version-1)
		},
		before: func(version *int64) { *version++ }}
	return b.run(rows, func(values []any) error { return tx.ses.repeat(t.update, b.width, values) })
}

// bulk is many rows on their way into a table.
type bulk[T any] struct {
	table  *Table[T]
	tx     *Tx
	width  int                                          // values a row takes
	before func(version *int64)                         // what becomes of a row's version first
	take   func(version *int64, values, to []any) []any // appends what a row takes
}

// run prepares the rows portion by portion, and writes each while the next is prepared.
func (b *bulk[T]) run(rows []T, write func(values []any) error) error {
	if len(rows) == 0 {
		return nil
	}
	b.tx.wrote = true
	portions := make(chan bulkPortion, 1)
	go b.prepare(rows, portions)
	var err error
	for p := range portions {
		if p.panicked != nil {
			panic(p.panicked)
		}
		if err == nil {
			err = p.err
		}
		if err == nil {
			err = translate(write(p.values))
			b.tx.changes = append(b.tx.changes, p.changes...)
		}
	}
	return err
}

// bulkPortion is some rows, prepared.
type bulkPortion struct {
	values   []any // that all rows take, one after the other
	changes  []change
	err      error
	panicked any
}

// prepare turns rows into portions. Only it touches the transaction's salts meanwhile.
func (b *bulk[T]) prepare(rows []T, portions chan<- bulkPortion) {
	defer close(portions)
	defer func() {
		if p := recover(); p != nil {
			portions <- bulkPortion{panicked: p}
		}
	}()
	seal := sealer{table: b.table.name, tx: b.tx}
	for len(rows) > 0 {
		some := rows[:min(bulkRows, len(rows))]
		rows = rows[len(some):]
		seal.room = rowBytes * len(some)
		p := bulkPortion{values: make([]any, 0, b.width*len(some))}
		for i := range some {
			b.row(&some[i], &p, &seal)
		}
		p.changes, seal.changes = seal.changes, nil
		p.err = keepable(p.values)
		portions <- p
	}
}

// row prepares one row.
func (b *bulk[T]) row(row *T, p *bulkPortion, seal *sealer) {
	version := b.table.version(row)
	if version != nil {
		b.before(version)
	}
	seal.values = b.table.values(row, seal.values[:0])
	p.values = b.take(version, seal.values, p.values)
	if b.table.sealed {
		home, key := b.table.identify(seal.values, seal.key[:0])
		seal.key = key
		seal.row(home, version)
	}
}

// sealer writes what an event will say of many rows, without keeping anything of each.
type sealer struct {
	table   string
	tx      *Tx
	values  []any    // of the row at hand
	key     []byte   // and its key
	scratch []byte   // to write in
	room    int      // bytes that what is said of a portion takes
	changes []change // each of many rows of one home
}

// row seals the row at hand.
func (s *sealer) row(home int64, version *int64) {
	if n := len(s.changes); n == 0 || s.changes[n-1].home != home {
		s.changes = append(s.changes, change{table: s.table, home: home, key: string(s.key),
			packed: make([]byte, 0, s.room)})
	}
	c := &s.changes[len(s.changes)-1]
	number := int64(0)
	if version != nil {
		number = *version
	}
	var digest Digest
	digest, s.scratch = rowDigest(s.scratch[:0], s.tx.saltOf(home), s.table, s.key, s.values)
	c.packed, c.count = appendChange(c.packed, s.key, number, digest), c.count+1
}

// rowBytes is about what an event says of a row.
const rowBytes = 48

// appendChange writes what an event says of one row.
func appendChange[K []byte | string](b []byte, key K, version int64, digest Digest) []byte {
	b = binary.AppendUvarint(appendText(b, 'k', key), uint64(version))
	return append(b, digest[:]...)
}
