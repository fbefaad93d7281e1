package rule

import (
	"errors"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Rule is a compiled expression. It is safe for concurrent use.
type Rule struct {
	text        string
	environment *Environment
	checked     *cel.Ast
	program     cel.Program
	uses        []string
	parameters  []string
}

// Text is the expression as it was written.
func (r *Rule) Text() string { return r.text }

// Uses are the variables the expression reads, in order of first use.
func (r *Rule) Uses() []string { return r.uses }

// Parameters are the keys the expression asks for with param.
func (r *Rule) Parameters() []string { return r.parameters }

// Holds evaluates the rule on a record. An expression without param needs no parameters (nil). A sum
// that does not fit, a division by zero and a parameter that is not set are refused with
// rule.evaluate; a list that takes more than CostMax steps likewise.
func (r *Rule) Holds(from Source, p Parameters) (bool, error) {
	value, _, err := r.program.Eval(r.activation(from, p))
	if err != nil {
		return false, r.failed(err)
	}
	return value == types.True, nil
}

func (r *Rule) activation(from Source, p Parameters) *activation {
	if from == nil {
		from = nothing{}
	}
	if p == nil {
		p = unset{}
	}
	return &activation{provider: r.environment.provider, source: from, parameters: p}
}

// failed is the refusal for an evaluation that ended in an error. A fault of the parameters passes.
func (r *Rule) failed(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f
	}
	return fault.New(fault.Invalid, "rule.evaluate", r.text).Because(err)
}
