package rule

import "strconv"

// Kind is the kind of a value.
type Kind byte

// The kinds. Dates are Text; money, areas and quantities are Int in their smallest unit.
const (
	Int    Kind = 'i'
	Text   Kind = 's'
	Bool   Kind = 'b'
	Record Kind = 'r'
	List   Kind = 'l' // of records
)

// Source is a record as an expression reads it. A name it does not know gives the zero Value.
type Source interface {
	Value(name string) Value
}

// Value is one value. The zero Value is blank: nothing was entered.
type Value struct {
	kind   Kind
	number int64
	text   string
	record Source
	list   []Source
}

// IntOf is a number.
func IntOf(n int64) Value { return Value{kind: Int, number: n} }

// TextOf is a text, a code or a date.
func TextOf(s string) Value { return Value{kind: Text, text: s} }

// BoolOf is a flag.
func BoolOf(b bool) Value {
	v := Value{kind: Bool}
	if b {
		v.number = 1
	}
	return v
}

// RecordOf is a record within the record.
func RecordOf(s Source) Value { return Value{kind: Record, record: s} }

// ListOf is a list of records.
func ListOf(rows []Source) Value { return Value{kind: List, list: rows} }

// Given reports whether there is a value at all.
func (v Value) Given() bool { return v.kind != 0 }

// Kind is the value's kind; 0 if nothing was entered.
func (v Value) Kind() Kind { return v.kind }

// Int is the number; 0 if it is none.
func (v Value) Int() int64 {
	if v.kind != Int {
		return 0
	}
	return v.number
}

// Text is the text; "" if it is none.
func (v Value) Text() string { return v.text }

// Bool is the flag; false if it is none.
func (v Value) Bool() bool { return v.kind == Bool && v.number == 1 }

// String is for logs and tests: forms show values with their units.
func (v Value) String() string {
	switch v.kind {
	case Int:
		return strconv.FormatInt(v.number, 10)
	case Text:
		return strconv.Quote(v.text)
	case Bool:
		return strconv.FormatBool(v.Bool())
	case Record:
		return "{…}"
	case List:
		return "[" + strconv.Itoa(len(v.list)) + "]"
	}
	return "–"
}

// Parameters answers param("key"): the value as it holds on the day and in the region for which
// the rule is evaluated. A key that is not set is an error, never a default.
type Parameters interface {
	Int(key string) (int64, error)
}
