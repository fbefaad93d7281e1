package store

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// column is one field of a row struct.
type column struct {
	name  string
	index []int
	key   bool // part of the primary key beside home
	home  bool
	count bool // the row's version
}

type columnSet struct {
	list   []column
	byName map[string]column
}

// in finds the column's field in a row.
func (c *column) in(row reflect.Value) reflect.Value {
	if len(c.index) == 1 {
		return row.Field(c.index[0])
	}
	return row.FieldByIndex(c.index)
}

var columnCache sync.Map // reflect.Type → columnSet

// columnsOf reads the db tags of a struct: `db:"name"`, `db:"id,key"`, `db:"version,version"`.
// A column called home is the row's home, unless it is `db:"home,plain"`: a reference table may speak
// of homes without having one. Embedded structs are part of the row.
func columnsOf(kind reflect.Type) (columnSet, error) {
	if cached, ok := columnCache.Load(kind); ok {
		return cached.(columnSet), nil
	}
	set := columnSet{byName: map[string]column{}}
	for _, field := range reflect.VisibleFields(kind) {
		tag, tagged := field.Tag.Lookup("db")
		if !tagged || tag == "-" {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		c := column{name: name, index: field.Index, key: option == "key",
			home: name == "home" && option != "plain", count: option == "version"}
		if option != "" && option != "plain" && !c.key && !c.count {
			return set, fmt.Errorf("store: %s.%s has an unknown option %q", kind, field.Name, option)
		}
		if !plainKind(field.Type) {
			return set, fmt.Errorf("store: %s.%s cannot be a column", kind, field.Name)
		}
		set.list = append(set.list, c)
		set.byName[name] = c
	}
	columnCache.Store(kind, set)
	return set, nil
}

func missingColumn(kind reflect.Type, name string) error {
	return fmt.Errorf("store: %s has no field for the column %q", kind, name)
}

var bytesType = reflect.TypeFor[[]byte]()

// plainKind reports whether a type is stored as a number, text, flag or blob.
func plainKind(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8,
		reflect.String, reflect.Bool, reflect.Float64:
		return true
	case reflect.Slice:
		return t.ConvertibleTo(bytesType)
	}
	return false
}

var plainTypes = map[reflect.Kind]reflect.Type{
	reflect.Int:     reflect.TypeFor[*int](),
	reflect.Int8:    reflect.TypeFor[*int8](),
	reflect.Int16:   reflect.TypeFor[*int16](),
	reflect.Int32:   reflect.TypeFor[*int32](),
	reflect.Int64:   reflect.TypeFor[*int64](),
	reflect.Uint8:   reflect.TypeFor[*uint8](),
	reflect.String:  reflect.TypeFor[*string](),
	reflect.Bool:    reflect.TypeFor[*bool](),
	reflect.Float64: reflect.TypeFor[*float64](),
	reflect.Slice:   reflect.TypeFor[*[]byte](),
}

// plainPointer gives a pointer to the value as its plain kind, so that neither driver sees our
// named types (and calls a MarshalText on them).
func plainPointer(v reflect.Value) any {
	p := v.Addr()
	if want, ok := plainTypes[v.Kind()]; ok && p.Type() != want {
		return p.Convert(want).Interface()
	}
	return p.Interface()
}

// plain gives a value as int64, string, bool, float64 or []byte.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8:
		return int64(v.Uint())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Float64:
		return v.Float()
	case reflect.Slice:
		if b := v.Bytes(); b != nil {
			return b
		}
		return []byte{} // a nil slice is an empty blob, never NULL
	}
	return v.Interface()
}

// plainArgs makes the arguments of a raw statement plain. The common types pass untouched.
func plainArgs(args []any) []any {
	for i, a := range args {
		switch a.(type) {
		case int64, string, bool, float64, []byte, nil:
			continue
		}
		out := make([]any, len(args))
		copy(out, args[:i])
		for j := i; j < len(args); j++ {
			out[j] = args[j]
			if v := reflect.ValueOf(args[j]); v.IsValid() && plainKind(v.Type()) {
				out[j] = plain(v)
			}
		}
		return out
	}
	return args
}
