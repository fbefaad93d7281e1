package form

import (
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// state says whether there is a value.
type state byte

const (
	blank state = iota
	given
	wrong // something was entered that could not be read; text holds it
)

// value is the content of one field: a number in the kind's smallest unit, a flag as 0 or 1, or text.
type value struct {
	state  state
	number int64
	text   string
}

// Record is what a form was filled in with. The zero Record is of no form and blank.
type Record struct {
	form   *Definition
	values []value
}

// Blank is a record of the form with nothing in it.
func (d *Definition) Blank() Record { return Record{d, make([]value, len(d.Fields))} }

// Form is the form the record belongs to.
func (r Record) Form() *Definition { return r.form }

// at finds a field's value. A key the form does not have is a blank value: packs may drop a field,
// and whoever cannot do without it asks Offers when it starts.
func (r Record) at(key string) (value, *Field) {
	if r.form == nil {
		return value{}, nil
	}
	i, ok := r.form.index[key]
	if !ok {
		return value{}, nil
	}
	return r.values[i], &r.form.Fields[i]
}

// Given reports whether the field was filled in with something that could be read.
func (r Record) Given(key string) bool {
	v, _ := r.at(key)
	return v.state == given
}

// number is the value of a field whose kind is one of those asked for.
func (r Record) number(key string, of ...Kind) int64 {
	v, f := r.at(key)
	if v.state != given {
		return 0
	}
	for _, k := range of {
		if f.Kind == k {
			return v.number
		}
	}
	panic("form: the field " + key + " is of kind " + string(f.Kind)) // a bug, or a form Offers refuses
}

// Money is the amount of a money field in fen; 0 if blank.
func (r Record) Money(key string) money.Fen { return money.Fen(r.number(key, Money)) }

// Area is the area of a field in mu or m², in 0.01 m²; 0 if blank.
func (r Record) Area(key string) area.Area { return area.Area(r.number(key, AreaMu, AreaM2)) }

// Int is a count; 0 if blank.
func (r Record) Int(key string) int64 { return r.number(key, Integer) }

// Hundredths is a quantity in hundredths, or a percentage in hundredths of a percent; 0 if blank.
func (r Record) Hundredths(key string) int64 { return r.number(key, Quantity, Percent) }

// Flag is a yes; false if blank.
func (r Record) Flag(key string) bool { return r.number(key, Flag) == 1 }

// Text is the content of a field of text, a code or a choice (its code); "" if blank.
func (r Record) Text(key string) string {
	v, _ := r.at(key)
	if v.state != given {
		return ""
	}
	return v.text
}

// Date is a civil day; "" if blank.
func (r Record) Date(key string) period.Date { return period.Date(r.Text(key)) }

// Plain is the value as files and input fields hold it: 1234.50, 2026-01-31, a code. What could not
// be read comes back as it was entered, so that it can be mended.
func (r Record) Plain(key string) string {
	v, f := r.at(key)
	return plainOf(f, v)
}

func plainOf(f *Field, v value) string {
	switch v.state {
	case given:
		return f.kind.plain(v)
	case wrong:
		return v.text
	}
	return ""
}

// Cells are the plain values of all fields in the order of the form.
func (r Record) Cells() []string {
	cells := make([]string, len(r.values))
	for i, v := range r.values {
		cells[i] = plainOf(&r.form.Fields[i], v)
	}
	return cells
}

// Shown is the value as people read it: 1,234.50, the meaning of a code. The unit is not part of it.
func (r Record) Shown(key string, l locale.Language) string {
	v, f := r.at(key)
	if v.state != given {
		return ""
	}
	return f.shown(v, l)
}

func (f *Field) shown(v value, l locale.Language) string {
	switch {
	case f.codes != nil:
		if e, ok := f.codes.Entry(v.text, ""); ok {
			return e.Words().In(l)
		}
		return v.text
	case f.Kind == Flag:
		return word([2]string{"form.no", "form.yes"}[v.number&1]).In(l)
	case f.kind.shown != nil:
		return f.kind.shown(v)
	}
	return f.kind.plain(v)
}

// Value gives the record to expressions.
func (r Record) Value(name string) rule.Value {
	v, f := r.at(name)
	if v.state != given {
		return rule.Value{}
	}
	switch f.kind.rule {
	case rule.Int:
		return rule.IntOf(v.number)
	case rule.Bool:
		return rule.BoolOf(v.number == 1)
	default:
		return rule.TextOf(v.text)
	}
}

// IsBlank reports whether nothing at all was entered.
func (r Record) IsBlank() bool {
	for _, v := range r.values {
		if v.state != blank {
			return false
		}
	}
	return true
}

// Equal reports whether two records of a form hold the same.
func (r Record) Equal(other Record) bool {
	if r.form != other.form || len(r.values) != len(other.values) {
		return false
	}
	for i := range r.values {
		if r.values[i] != other.values[i] {
			return false
		}
	}
	return true
}
