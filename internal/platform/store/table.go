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
	name     string
	columns  columnSet
	sealed   bool
	insert   string
	update   string
	delete   string
	selected string
}

// NewTable declares a sealed table. It panics on a struct that cannot be one: a bug found by any
// test that touches the package.
func NewTable[T any](name string) *Table[T] {
	columns, err := columnsOf(reflect.TypeFor[T]())
	if err != nil {
		panic(err)
	}
	t := &Table[T]{name: name, columns: columns, sealed: true}
	if len(t.keyColumns()) == 0 {
		panic("store: " + name + " has no key column")
	}
	t.insert = insertText(name, t.Columns())
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
func (t *Table[T]) Homed() bool { return t.columns.byName["home"].home }

func (t *Table[T]) keyColumns() []column {
	var keys []column
	for _, c := range t.columns.list {
		if c.home || c.key {
			keys = append(keys, c)
		}
	}
	return keys
}

func (t *Table[T]) versionColumn() (column, bool) {
	for _, c := range t.columns.list {
		if c.count {
			return c, true
		}
	}
	return column{}, false
}

// whereKey is the condition on the key and, with version, on the version the row was read at.
func (t *Table[T]) whereKey(version bool) string {
	var terms []string
	for _, c := range t.keyColumns() {
		terms = append(terms, c.name+" = ?")
	}
	if c, ok := t.versionColumn(); ok && version {
		terms = append(terms, c.name+" = ?")
	}
	return " WHERE " + strings.Join(terms, " AND ")
}

func (t *Table[T]) updateText() string {
	var sets []string
	for _, c := range t.columns.list {
		if !c.home && !c.key {
			sets = append(sets, c.name+" = ?")
		}
	}
	return "UPDATE " + t.name + " SET " + strings.Join(sets, ", ") + t.whereKey(true)
}

// values gives the row's values: all, those of the key, and those that an update sets.
func (t *Table[T]) values(row *T) (all, key, set []any) {
	v := reflect.ValueOf(row).Elem()
	all = make([]any, 0, len(t.columns.list))
	for _, c := range t.columns.list {
		value := plain(v.FieldByIndex(c.index))
		all = append(all, value)
		if c.home || c.key {
			key = append(key, value)
		} else {
			set = append(set, value)
		}
	}
	return all, key, set
}

// version points at the row's version, or is nil.
func (t *Table[T]) version(row *T) *int64 {
	c, ok := t.versionColumn()
	if !ok {
		return nil
	}
	return reflect.ValueOf(row).Elem().FieldByIndex(c.index).Addr().Interface().(*int64)
}

// Insert adds a row. A version that is 0 becomes 1. On PostgreSQL a duplicate may be reported only
// when the transaction ends.
func (t *Table[T]) Insert(tx *Tx, row *T) error {
	if version := t.version(row); version != nil && *version == 0 {
		*version = 1
	}
	all, _, _ := t.values(row)
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
	all, key, set := t.values(row)
	args := slices.Concat(set, key)
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
	_, args, _ := t.values(row)
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

// Bulk adds many rows as fast as the engine can: COPY on PostgreSQL. Rows must be new. While one
// portion is written the next is put into values and digests by another processor.
func (t *Table[T]) Bulk(tx *Tx, rows []T) error {
	tx.wrote = true
	portions := make(chan bulkPortion, 1)
	go t.prepare(tx, rows, portions)
	var err error
	for p := range portions {
		if p.panicked != nil {
			panic(p.panicked)
		}
		if err == nil {
			err = translate(tx.ses.bulk(t.name, t.Columns(), p.values))
			tx.changes = append(tx.changes, p.changes...)
		}
	}
	return err
}

// bulkRows is how many rows are prepared at a time.
const bulkRows = 2000

// bulkPortion is some rows on their way into a table.
type bulkPortion struct {
	values   [][]any
	changes  []change
	panicked any
}

// prepare turns rows into portions. Only it touches the transaction's salts meanwhile.
func (t *Table[T]) prepare(tx *Tx, rows []T, portions chan<- bulkPortion) {
	defer close(portions)
	defer func() {
		if p := recover(); p != nil {
			portions <- bulkPortion{panicked: p}
		}
	}()
	for len(rows) > 0 {
		some := rows[:min(bulkRows, len(rows))]
		rows = rows[len(some):]
		p := bulkPortion{values: make([][]any, len(some))}
		if t.sealed {
			p.changes = make([]change, len(some))
		}
		for i := range some {
			if version := t.version(&some[i]); version != nil && *version == 0 {
				*version = 1
			}
			p.values[i], _, _ = t.values(&some[i])
			if t.sealed {
				p.changes[i] = t.change(&some[i], p.values[i])
				p.changes[i].seal(tx.saltOf(p.changes[i].home))
			}
		}
		portions <- p
	}
}

// changed notes that the row now has the values; nil means that it is gone.
func (t *Table[T]) changed(tx *Tx, row *T, values []any) {
	if t.sealed {
		tx.changes = append(tx.changes, t.change(row, values))
	}
}

func (t *Table[T]) change(row *T, values []any) change {
	home, key := t.identify(row)
	c := change{table: t.name, home: home, key: key, values: values}
	if version := t.version(row); version != nil {
		c.version = *version
	}
	return c
}

// identify gives the row's home and its key within it as text: the key columns joined by "/".
func (t *Table[T]) identify(row *T) (home int64, key string) {
	v := reflect.ValueOf(row).Elem()
	var b strings.Builder
	for _, c := range t.keyColumns() {
		value := plain(v.FieldByIndex(c.index))
		if c.home {
			home = value.(int64)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		switch value := value.(type) {
		case int64:
			b.WriteString(strconv.FormatInt(value, 10))
		case string:
			b.WriteString(value)
		default:
			fmt.Fprint(&b, value)
		}
	}
	return home, b.String()
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
			_, key := t.identify(&row)
			all, _, _ := t.values(&row)
			if err := walk(key, all); err != nil {
				return err
			}
		}
		return nil
	})
}
