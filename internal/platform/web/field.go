package web

import (
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Field is what the block "field" is filled with.
type Field struct {
	Name, Label, Kind, Value string
	Options                  []Option
	Required                 bool
	Error, Help, Unit        string
	Numeric                  bool
	Complete, Suggest        string
}

// Refused is a refusal shown on the page of the form that led to it.
type Refused struct {
	What, Rule, Next string
	Findings         []string
}

// Refused explains an error on the page of a form; nil stays nil. What is not the person's doing is
// passed on.
func (r *Request) Refused(err error) (*Refused, error) {
	f := fault.Of(err)
	if f == nil {
		return nil, nil
	}
	if f.Code == fault.Internal {
		return nil, err
	}
	words := r.server.Dictionary.Explain(r.Language, f)
	v := &Refused{What: words.What, Rule: words.Rule, Next: words.Next}
	for _, finding := range f.Findings {
		v.Findings = append(v.Findings, r.server.Dictionary.Finding(r.Language, finding))
	}
	return v, nil
}

// ErrorsBeside puts what was found wrong beside the fields whose names it carries.
func (r *Request) ErrorsBeside(err error, fields []Field) {
	f := fault.Of(err)
	if f == nil {
		return
	}
	for _, finding := range f.Findings {
		for i := range fields {
			if fields[i].Name == finding.Column {
				fields[i].Error = r.T(finding.Key, finding.Args...)
			}
		}
	}
}

// StatusOf is the HTTP status of a page that shows an error; 0 where there is none.
func StatusOf(err error) int {
	if f := fault.Of(err); f != nil {
		return Status(f)
	}
	return 0
}
