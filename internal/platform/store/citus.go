package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// On Citus the tables with a home are distributed by it and lie together, so that a county's work stays on
// one machine; the tables without one are copied to every machine (reference tables). Citus takes no
// triggers on distributed tables, and wants foreign keys to be made afterwards.

// Shape is what a table must be for Citus, as the schema has it.
type Shape struct {
	Name    string
	Homed   bool       // home is one of its columns
	Uniques [][]string // the columns of its primary key and of every unique index
}

// Shapes reads the shapes of all tables of a migrated SQLite database, in the order they were made.
func (s *Store) Shapes(ctx context.Context) ([]Shape, error) {
	if s.Engine() != "sqlite" {
		return nil, fmt.Errorf("store: shapes are read from SQLite")
	}
	tables, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	var shapes []Shape
	err = s.View(ctx, func(v *View) error {
		for _, t := range tables {
			shape, err := shapeOf(v, t.name)
			if err != nil {
				return err
			}
			shapes = append(shapes, shape)
		}
		return nil
	})
	return shapes, err
}

func shapeOf(v *View, name string) (Shape, error) {
	columns, err := All[string](v, `SELECT name FROM pragma_table_info(?)`, name)
	if err != nil {
		return Shape{}, err
	}
	shape := Shape{Name: name, Homed: slices.Contains(columns, "home")}
	indexes, err := All[string](v, `SELECT name FROM pragma_index_list(?) WHERE "unique" = 1`, name)
	if err != nil {
		return shape, err
	}
	for _, index := range indexes {
		keys, err := All[string](v, `SELECT name FROM pragma_index_info(?) ORDER BY seqno`, index)
		if err != nil {
			return shape, err
		}
		shape.Uniques = append(shape.Uniques, keys)
	}
	return shape, nil
}

// Distributable says as an error why Citus would not take the table as it is; references are the tables
// that are declared without a home.
func (s Shape) Distributable(references []string) error {
	if !s.Homed {
		if !slices.Contains(references, s.Name) {
			return fmt.Errorf("store: %s has no home and is not declared as a reference table", s.Name)
		}
		return nil
	}
	if len(s.Uniques) == 0 {
		return fmt.Errorf("store: %s has no primary key", s.Name)
	}
	for _, columns := range s.Uniques {
		if columns[0] != "home" {
			return fmt.Errorf("store: a key of %s begins with %s instead of home", s.Name, columns[0])
		}
	}
	return nil
}

// CitusText is the statements that distribute the tables: foreign keys and triggers away, reference tables
// first, then the others beside one another, then the foreign keys again.
func CitusText(shapes []Shape, keys []ForeignKey) []string {
	statements := []string{"CREATE EXTENSION IF NOT EXISTS citus",
		"DROP FUNCTION IF EXISTS terrace_append_only CASCADE"}
	for _, k := range keys {
		statements = append(statements, "ALTER TABLE "+k.Table+" DROP CONSTRAINT "+k.Name)
	}
	for _, s := range shapes {
		if !s.Homed {
			statements = append(statements, "SELECT create_reference_table("+quoted(s.Name)+")")
		}
	}
	first := ""
	for _, s := range shapes {
		if !s.Homed {
			continue
		}
		with := first
		if first == "" {
			with, first = "none", s.Name
		}
		statements = append(statements, "SELECT create_distributed_table("+quoted(s.Name)+
			", 'home', colocate_with => "+quoted(with)+")")
	}
	for _, k := range keys {
		statements = append(statements, "ALTER TABLE "+k.Table+" ADD CONSTRAINT "+k.Name+" "+k.Definition)
	}
	return statements
}

// quoted is a name as a text of SQL. Names come from the schema, never from input.
func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// ForeignKey is a foreign key as PostgreSQL tells it.
type ForeignKey struct {
	Table      string `db:"table_name"`
	Name       string `db:"name"`
	Definition string `db:"definition"`
}

// ForeignKeys lists the foreign keys of a PostgreSQL database.
func (s *Store) ForeignKeys(ctx context.Context) ([]ForeignKey, error) {
	return Read(ctx, s, func(v *View) ([]ForeignKey, error) {
		return All[ForeignKey](v, `SELECT t.relname::text AS table_name, c.conname::text AS name,
			pg_get_constraintdef(c.oid) AS definition
			FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
			JOIN pg_namespace n ON n.oid = c.connamespace
			WHERE c.contype = 'f' AND n.nspname = current_schema()
			ORDER BY t.relname, c.conname`)
	})
}

// Distribute runs statements that distribute tables, one after another: Citus does not take them all in
// one transaction. Each that was run is told.
func (s *Store) Distribute(ctx context.Context, statements []string, told func(string)) error {
	e, ok := s.engine.(*postgresEngine)
	if !ok {
		return fmt.Errorf("store: only PostgreSQL can be distributed")
	}
	for _, statement := range statements {
		if _, err := e.pool.Exec(ctx, statement); err != nil {
			return translate(fmt.Errorf("%s: %w", statement, err))
		}
		told(statement)
	}
	return nil
}
