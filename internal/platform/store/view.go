package store

import (
	"context"
	"iter"
	"reflect"
)

// View is a consistent moment of the database.
type View struct {
	ctx context.Context
	ses session
}

// Reader is a View or a Tx: what a function needs that only reads.
type Reader interface {
	query(sql string, args []any) (Rows, error)
	Context() context.Context
}

// View runs fn on one consistent moment. Its rows may be read only inside fn.
func (s *Store) View(ctx context.Context, fn func(*View) error) error {
	return s.engine.view(ctx, func(ses session) error {
		return fn(&View{ctx: ctx, ses: ses})
	})
}

// Context is the context the view or transaction runs in.
func (v *View) Context() context.Context { return v.ctx }

func (v *View) query(sql string, args []any) (Rows, error) {
	if err := v.ctx.Err(); err != nil {
		return nil, err
	}
	args = plainArgs(args)
	if err := keepable(args); err != nil {
		return nil, err
	}
	rows, err := v.ses.query(sql, args)
	return rows, translate(err)
}

// Each streams the rows of a query. T is a struct whose fields carry db tags with the names of the
// result's columns, or a plain type for a single column.
func Each[T any](r Reader, sql string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rows, err := r.query(sql, args)
		if err != nil {
			yield(zero, err)
			return
		}
		defer rows.Close()
		var row T // one for all: every row sets every column, and is handed out as a copy
		into, err := pointersTo(&row, rows)
		if err != nil {
			yield(zero, err)
			return
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				yield(zero, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, translate(err))
		}
	}
}

// All reads every row of a query. Give the query a LIMIT unless its size is bounded by nature.
func All[T any](r Reader, sql string, args ...any) ([]T, error) {
	var all []T
	for row, err := range Each[T](r, sql, args...) {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

// First reads the first row and tells whether there is one.
func First[T any](r Reader, sql string, args ...any) (T, bool, error) {
	for row, err := range Each[T](r, sql, args...) {
		return row, err == nil, err
	}
	var zero T
	return zero, false, nil
}

// Count reads one number; no row counts as 0.
func Count(r Reader, sql string, args ...any) (int64, error) {
	n, _, err := First[int64](r, sql, args...)
	return n, err
}

// Read runs a reading function on its own view and hands its answer out.
func Read[T any](ctx context.Context, s *Store, fn func(*View) (T, error)) (T, error) {
	var answer T
	err := s.View(ctx, func(v *View) (err error) {
		answer, err = fn(v)
		return err
	})
	return answer, err
}

// pointersTo are where a result's columns go to in a T.
func pointersTo[T any](row *T, rows Rows) ([]any, error) {
	v := reflect.ValueOf(row).Elem()
	if v.Kind() != reflect.Struct {
		return []any{plainPointer(v)}, nil
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	fields, err := columnsOf(v.Type())
	if err != nil {
		return nil, err
	}
	pointers := make([]any, len(names))
	for i, name := range names {
		field, ok := fields.byName[name]
		if !ok {
			return nil, missingColumn(v.Type(), name)
		}
		pointers[i] = plainPointer(field.in(v))
	}
	return pointers, nil
}
