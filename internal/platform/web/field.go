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
