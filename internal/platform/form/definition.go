package form

import (
	"regexp"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Mark says how far the content of a form is to be trusted.
type Mark string

// The marks. What is unverified is shown as such.
const (
	Verified   Mark = "verified"   // read in the source it names
	Unverified Mark = "unverified" // from memory; to be checked before it is relied on
	Config     Mark = "config"     // a choice the source leaves open
)

// Definition is a form. It can be used once it is part of a Library.
type Definition struct {
	Key         string       `yaml:"key"`
	Version     int          `yaml:"version"`
	Title       locale.Words `yaml:"title"`
	Basis       string       `yaml:"basis"`
	Mark        Mark         `yaml:"mark"`
	Fields      []Field      `yaml:"fields"`
	Checks      []Check      `yaml:"checks,omitempty"`
	CrossChecks []CrossCheck `yaml:"cross_checks,omitempty"`
	Examples    []Example    `yaml:"examples,omitempty"`

	File string `yaml:"-"` // where it was read, for findings

	index       map[string]int // field key → position
	environment *rule.Environment
}

// Field is one thing a form asks.
type Field struct {
	Key      string       `yaml:"key"`
	Label    locale.Words `yaml:"label"`
	Also     []string     `yaml:"also,omitempty"` // other headings that stand above its column in files
	Kind     Kind         `yaml:"kind"`
	Unit     locale.Words `yaml:"unit,omitempty"`  // instead of the kind's own
	Codes    string       `yaml:"codes,omitempty"` // key of the code list of a choice
	Required bool         `yaml:"required,omitempty"`
	// Min and Max are bounds, written as the field's values are.
	Min       Scalar       `yaml:"min,omitempty"`
	Max       Scalar       `yaml:"max,omitempty"`
	MaxLength int          `yaml:"max_length,omitempty"` // characters; 0: the kind's own limit
	Pattern   string       `yaml:"pattern,omitempty"`    // the whole text matches it
	ReadOnly  bool         `yaml:"read_only,omitempty"`  // prefilled and locked
	Help      locale.Words `yaml:"help,omitempty"`
	DataClass string       `yaml:"data_class,omitempty"` // S0 public … S4 secret; S1 if not said

	line     int
	kind     *kindOf
	codes    *CodeList
	pattern  *regexp.Regexp
	min, max *value
}

// Check is a rule over one record of the form.
type Check struct {
	Key      string         `yaml:"key"`
	When     string         `yaml:"when,omitempty"` // the check is asked only where this holds
	Expr     string         `yaml:"expr"`           // must hold
	Severity fault.Severity `yaml:"severity,omitempty"`
	Fields   []string       `yaml:"fields,omitempty"` // beside which the finding stands
	Text     locale.Words   `yaml:"text"`
	Basis    string         `yaml:"basis,omitempty"`

	line       int
	when, expr *rule.Rule
}

// CrossCheck is a rule over many records: rows are those of the form itself, and each name in Forms
// stands for another form with its rows.
type CrossCheck struct {
	Check `yaml:",inline"`
	Forms map[string]string `yaml:"forms,omitempty"` // name in the expression → key of the form
}

// Example is a record and what the form finds in it: keys of checks, and FIELD.PROBLEM for what is
// wrong with a single field (name.required, verified.number).
type Example struct {
	Name   string            `yaml:"name,omitempty"`
	On     Scalar            `yaml:"on,omitempty"` // the day for dated code lists; today's lists if not said
	Given  map[string]Scalar `yaml:"given"`
	Expect []string          `yaml:"expect"`

	line int
}

// Field finds a field.
func (d *Definition) Field(key string) (*Field, bool) {
	i, ok := d.index[key]
	if !ok {
		return nil, false
	}
	return &d.Fields[i], true
}

// Position is the place of a field among the fields; -1 if there is none.
func (d *Definition) Position(key string) int {
	if i, ok := d.index[key]; ok {
		return i
	}
	return -1
}

// UnitIn is the field's unit in a language; "" if it has none.
func (f *Field) UnitIn(l locale.Language) string { return f.unit().In(l) }

func (f *Field) unit() locale.Words {
	if f.Unit.Whole() || f.kind.unit == "" {
		return f.Unit
	}
	return word(f.kind.unit)
}

// CodeList is the list a choice chooses from; nil for other kinds.
func (f *Field) CodeList() *CodeList { return f.codes }

// Numeric reports whether the field holds a number.
func (f *Field) Numeric() bool { return f.kind.rule == rule.Int }

// Places is the number of decimal places people see.
func (f *Field) Places() int { return f.kind.places }

// LengthMax is the number of characters the field takes.
func (f *Field) LengthMax() int {
	if f.MaxLength > 0 {
		return f.MaxLength
	}
	return f.kind.length
}

// Variables declares the form's fields to expressions.
func (d *Definition) variables() []rule.Variable {
	all := make([]rule.Variable, len(d.Fields))
	for i, f := range d.Fields {
		all[i] = rule.Variable{Name: f.Key, Kind: f.kind.rule}
	}
	return all
}
