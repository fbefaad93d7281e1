package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// A backup of the database is a SQLite file, whichever engine it comes from, and can be restored
// into either: so a county that outgrows SQLite moves to PostgreSQL by a backup and a restore.

// copyRows is how many rows a restore or a copy moves in one transaction.
const copyRows = 5000

// Backup writes a consistent copy of the whole database to a new file while the store goes on
// serving. parts must be those of the running program.
func (s *Store) Backup(ctx context.Context, file string, parts []Part) error {
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.Conflict, "store.backup.exists", file)
	}
	if e, ok := s.engine.(*sqliteEngine); ok {
		return vacuumInto(ctx, e.path, file)
	}
	target, err := Open(ctx, Config{URL: "sqlite:" + file, Clock: s.config.Clock, Random: s.config.Random})
	if err != nil {
		return err
	}
	defer target.Close()
	if _, err := target.Migrate(ctx, parts); err != nil {
		return err
	}
	tables, err := target.tables(ctx)
	if err != nil {
		return err
	}
	return copyTables(ctx, s, target, tables)
}

func copyTables(ctx context.Context, from, to *Store, tables []tableShape) error {
	return from.View(ctx, func(v *View) error {
		for _, table := range tables {
			if err := copyTable(ctx, v, to, table); err != nil {
				return err
			}
		}
		return nil
	})
}

func vacuumInto(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite",
		"file:"+(&url.URL{Path: from}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fault.New(fault.Unavailable, "store.backup.failed", to).Because(err)
	}
	return os.Chmod(to, 0o600)
}

// Restore fills this database, which must be migrated and hold no event, from a backup file. The
// file must have the same schema: restore with the version of the program that wrote it.
func (s *Store) Restore(ctx context.Context, file string, parts []Part) error {
	if n, err := Read(ctx, s, func(v *View) (int64, error) {
		return Count(v, "SELECT count(*) FROM event")
	}); err != nil || n > 0 {
		return errors.Join(fault.New(fault.Conflict, "store.restore.used"), err)
	}
	if _, err := os.Stat(file); err != nil {
		return fault.New(fault.NotFound, "store.restore.missing", file).Because(err)
	}
	source, err := Open(ctx, Config{URL: "sqlite:" + file, Clock: s.config.Clock, Random: s.config.Random})
	if err != nil {
		return err
	}
	defer source.Close()
	if open, err := source.Pending(ctx, parts); err != nil || len(open) > 0 {
		return fault.New(fault.Conflict, "store.restore.version", file, len(open)).Because(err)
	}
	tables, err := source.tables(ctx)
	if err != nil {
		return err
	}
	return copyTables(ctx, source, s, tables)
}

// tableShape is a table and which of its columns are flags: SQLite hands those out as numbers.
type tableShape struct {
	name  string
	flags map[string]bool
}

// tables lists the tables of a SQLite database in the order they were made, which respects their
// references, without goose's own.
func (s *Store) tables(ctx context.Context) ([]tableShape, error) {
	var tables []tableShape
	err := s.View(ctx, func(v *View) error {
		names, err := All[string](v, `SELECT name FROM sqlite_master
			WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY rowid`)
		if err != nil {
			return err
		}
		for _, name := range names {
			if strings.HasPrefix(name, "schema_") {
				continue
			}
			flags, err := All[string](v,
				`SELECT name FROM pragma_table_info(?) WHERE type = 'BOOLEAN'`, name)
			if err != nil {
				return err
			}
			shape := tableShape{name, map[string]bool{}}
			for _, column := range flags {
				shape.flags[column] = true
			}
			tables = append(tables, shape)
		}
		return nil
	})
	return tables, err
}

// copyTable moves all rows of a table. The target has none of its own but what a migration entered.
func copyTable(ctx context.Context, from *View, to *Store, table tableShape) error {
	if err := to.Maintain(ctx, func(tx *Tx) error {
		tx.wrote = true
		_, err := tx.ses.exec("DELETE FROM "+table.name, nil)
		return translate(err)
	}); err != nil {
		return err
	}
	rows, err := from.query("SELECT * FROM "+table.name, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var batch []any // the values of some rows, one after the other
	flush := func() error {
		err := to.Maintain(ctx, func(tx *Tx) error {
			tx.wrote = true
			return translate(tx.ses.bulk(table.name, columns, batch))
		})
		batch = batch[:0]
		return err
	}
	for rows.Next() {
		row, err := scanAny(rows, columns, table.flags)
		if err != nil {
			return fmt.Errorf("store: copying %s: %w", table.name, err)
		}
		if batch = append(batch, row...); len(batch) == copyRows*len(columns) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return translate(err)
	}
	return flush()
}

// scanAny reads a row in the plain kinds both engines take.
func scanAny(rows Rows, columns []string, flags map[string]bool) ([]any, error) {
	row := make([]any, len(columns))
	pointers := make([]any, len(columns))
	for i := range row {
		pointers[i] = &row[i]
	}
	if err := rows.Scan(pointers...); err != nil {
		return nil, err
	}
	for i, v := range row {
		switch v := v.(type) {
		case int64:
			if flags[columns[i]] {
				row[i] = v != 0
			}
		case int32:
			row[i] = int64(v)
		case int16:
			row[i] = int64(v)
		case nil:
			row[i] = []byte{} // the driver's word for an empty blob; no column of ours is NULL
		case []byte:
			row[i] = append([]byte{}, v...)
		}
	}
	return row, nil
}
