package store

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Table maps a struct to the rows of one table. Its columns are the struct's db tags:
//
//	type Note struct {
//		Home    int64  `db:"home"`
//		ID      int64  `db:"id,key"`
//		Version int64  `db:"version,version"`
//		Body    string `db:"body"`
//	}
//	var notes = store.NewTable[Note]("note")
//
// The rows of a Table are sealed: an event names each change. Derived tables, which can be rebuilt
// from others, and the machinery's own are Unsealed. Sealed rows without a version are only ever
// added; a key that was deleted is not used again.
type Table[T any] struct {
	reference bool // it has a home column and is not kept by it
	name      string
	columns   columnSet
	keys      []int // of the columns that make up the key, home among them
	count     int   // the column of the version; −1: none
	sets      []int // what an update sets
	sealed    bool
	insert    string
	update    string
	delete    string
	selected  string
}

// NewTable declares a sealed table. It panics on a struct that cannot be one: a bug found by any
// test that touches the package.
func NewTable[T any](name string) *Table[T] {
	columns, err := columnsOf(reflect.TypeFor[T]())
	if err != nil {
		panic(err)
	}
	t := &Table[T]{name: name, columns: columns, sealed: true, count: -1}
	for i, c := range columns.list {
		if c.home || c.key {
			t.keys = append(t.keys, i)
		} else {
			t.sets = append(t.sets, i)
		}
		if c.count {
			t.count = i
		}
	}
	if len(t.keys) == 0 {
		panic("store: " + name + " has no key column")
	}
	t.insert = insertText(name, t.Columns(), 1)
	t.update = t.updateText()
	t.delete = "DELETE FROM " + name + t.whereKey(true)
	t.selected = "SELECT " + strings.Join(t.Columns(), ", ") + " FROM " + name
	return t
}

// Unsealed declares that the table's changes need no event.
func (t *Table[T]) Unsealed() *Table[T] {
	t.sealed = false
	return t
}

// Reference declares that the table says a home of its rows without being kept by it: on Citus each
// machine has all of it.
func (t *Table[T]) Reference() *Table[T] {
	t.reference = true
	return t
}

// Name is the table's name in the database.
func (t *Table[T]) Name() string { return t.name }

// Sealed reports whether changes of its rows are recorded.
func (t *Table[T]) Sealed() bool { return t.sealed }

// Columns are the names of its columns in the order of the struct.
func (t *Table[T]) Columns() []string {
	names := make([]string, len(t.columns.list))
	for i, c := range t.columns.list {
		names[i] = c.name
	}
	return names
}

// Homed reports whether the rows have a home; a reference table's have not.
func (t *Table[T]) Homed() bool { return !t.reference && t.columns.byName["home"].home }

// whereKey is the condition on the key and, with version, on the version the row was read at.
func (t *Table[T]) whereKey(version bool) string {
	var terms []string
	for _, i := range t.keys {
		terms = append(terms, t.columns.list[i].name+" = ?")
	}
	if version && t.count >= 0 {
		terms = append(terms, t.columns.list[t.count].name+" = ?")
	}
	return " WHERE " + strings.Join(terms, " AND ")
}

func (t *Table[T]) updateText() string {
	terms := make([]string, len(t.sets))
	for i, at := range t.sets {
		terms[i] = t.columns.list[at].name + " = ?"
	}
	return "UPDATE " + t.name + " SET " + strings.Join(terms, ", ") + t.whereKey(true)
}

// Only gives the table for changes of a few columns, beside the version, of many rows: an update that
// does not mention a column leaves the indexes on it alone. In the rows it is given everything else must
// stand as it was read; verify would name a row that does not.
func (t *Table[T]) Only(columns ...string) *Table[T] {
	part := *t
	part.sets = nil
	for _, i := range t.sets {
		if i == t.count || slices.Contains(columns, t.columns.list[i].name) {
			part.sets = append(part.sets, i)
		}
	}
	if t.count < 0 || len(part.sets) != len(columns)+1 {
		panic("store: " + t.name + " has no version, or an update cannot set " + strings.Join(columns,
			", "))
	}
	part.update = part.updateText()
	return &part
}

// values appends the row's values to some others.
func (t *Table[T]) values(row *T, to []any) []any {
	v := reflect.ValueOf(row).Elem()
	for i := range t.columns.list {
		to = append(to, plain(t.columns.list[i].in(v)))
	}
	return to
}

// pick appends some of a row's values to others.
func pick(all []any, columns []int, to []any) []any {
	for _, i := range columns {
		to = append(to, all[i])
	}
	return to
}

// version points at the row's version, or is nil.
func (t *Table[T]) version(row *T) *int64 {
	if t.count < 0 {
		return nil
	}
	return t.columns.list[t.count].in(reflect.ValueOf(row).Elem()).Addr().Interface().(*int64)
}

// Insert adds a row. A version that is 0 becomes 1. On PostgreSQL a duplicate may be reported only
// when the transaction ends.
func (t *Table[T]) Insert(tx *Tx, row *T) error {
	if version := t.version(row); version != nil && *version == 0 {
		*version = 1
	}
	all := t.values(row, nil)
	if err := tx.queue(t.insert, all, anyCount); err != nil {
		return err
	}
	t.changed(tx, row, all)
	return nil
}

// Update writes the row as it stands, if its version is still the one it was read at, and raises
// the version by one. Otherwise the fault is Stale.
func (t *Table[T]) Update(tx *Tx, row *T) error {
	version := t.version(row)
	var before int64
	if version != nil {
		before = *version
		*version++
	} else if t.sealed {
		return fmt.Errorf("store: rows of %s have no version and are only added", t.name)
	}
	all := t.values(row, nil)
	args := make([]any, 0, len(all)+1)
	args = pick(all, t.keys, pick(all, t.sets, args))
	if version != nil {
		args = append(args, before)
	}
	if err := tx.queue(t.update, args, 1); err != nil {
		return err
	}
	t.changed(tx, row, all)
	return nil
}

// Delete removes the row, if its version is still the one it was read at.
func (t *Table[T]) Delete(tx *Tx, row *T) error {
	args := pick(t.values(row, nil), t.keys, nil)
	if version := t.version(row); version != nil {
		args = append(args, *version)
		*version++
	} else if t.sealed {
		return fmt.Errorf("store: rows of %s have no version and are only added", t.name)
	}
	if err := tx.queue(t.delete, args, 1); err != nil {
		return err
	}
	t.changed(tx, row, nil)
	return nil
}

// changed notes that the row now has the values; nil means that it is gone.
func (t *Table[T]) changed(tx *Tx, row *T, values []any) {
	if !t.sealed {
		return
	}
	named := values
	if named == nil {
		named = t.values(row, nil)
	}
	home, key := t.identify(named, nil)
	c := change{table: t.name, home: home, key: string(key), values: values}
	if version := t.version(row); version != nil {
		c.version = *version
	}
	tx.changes = append(tx.changes, c)
}

// identify gives a row's home and appends its key within it as text: the key columns joined by "/".
func (t *Table[T]) identify(values []any, to []byte) (home int64, key []byte) {
	key = to
	for _, i := range t.keys {
		if t.columns.list[i].home {
			home = values[i].(int64)
			continue
		}
		if len(key) > len(to) {
			key = append(key, '/')
		}
		switch value := values[i].(type) {
		case int64:
			key = strconv.AppendInt(key, value, 10)
		case string:
			key = append(key, value...)
		default:
			key = fmt.Append(key, value)
		}
	}
	return home, key
}

// All reads the rows the rest of a SELECT asks for: t.All(v, "WHERE home = ? ORDER BY id", home).
func (t *Table[T]) All(r Reader, rest string, args ...any) ([]T, error) {
	return All[T](r, t.selected+" "+rest, args...)
}

// Each streams the rows the rest of a SELECT asks for, for walks over many.
func (t *Table[T]) Each(r Reader, rest string, args ...any) iter.Seq2[T, error] {
	return Each[T](r, t.selected+" "+rest, args...)
}

// First reads the first such row and tells whether there is one.
func (t *Table[T]) First(r Reader, rest string, args ...any) (T, bool, error) {
	return First[T](r, t.selected+" "+rest, args...)
}

// Get reads the row of a key (home first, then the key columns in order) or says it is not there
// with the fault store.absent. Callers who know what is missing say so with a fault of their own.
func (t *Table[T]) Get(r Reader, key ...any) (T, error) {
	row, found, err := t.First(r, t.whereKey(false), key...)
	if err == nil && !found {
		return row, fault.New(fault.NotFound, "store.absent")
	}
	return row, err
}

// Sealed is what the log needs of a table to verify it: every row's key and digest.
type Sealed interface {
	Name() string
	Sealed() bool
	Homed() bool
	Columns() []string
	// Rows walks the rows of a home (all rows of a reference table), in no order.
	Rows(ctx context.Context, s *Store, home int64, walk func(key string, values []any) error) error
}

// Rows walks the rows of a home, or all of a reference table, as they stand.
func (t *Table[T]) Rows(ctx context.Context, s *Store, home int64,
	walk func(key string, values []any) error) error {
	text, args := t.selected, []any(nil)
	if t.Homed() {
		text, args = text+" WHERE home = ?", []any{home}
	}
	return s.View(ctx, func(v *View) error {
		for row, err := range Each[T](v, text, args...) {
			if err != nil {
				return err
			}
			all := t.values(&row, nil)
			_, key := t.identify(all, nil)
			if err := walk(string(key), all); err != nil {
				return err
			}
		}
		return nil
	})
}
