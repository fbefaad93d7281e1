package rule

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Explanation says why a rule holds or not.
type Explanation struct {
	Holds   bool
	Reasons []Reason // the comparisons that decided, in the order of the expression
	Values  []Named  // the variables the rule reads, with their values
}

// Reason is one comparison that decided.
type Reason struct {
	Text        string // as in the expression
	Holds       bool
	Left, Right Value // both sides, if it is a comparison of plain values
	// Row is the place in its list, from 0, of the row at which a loop was decided; -1: no loop.
	Row int
}

// Named is a value with the name under which the expression read it.
type Named struct {
	Name  string
	Value Value
}

// Explain evaluates the rule and tells what decided. It takes several times as long as Holds.
func (r *Rule) Explain(from Source, p Parameters) (Explanation, error) {
	program, err := r.environment.cel.Program(r.checked, cel.EvalOptions(cel.OptTrackState),
		cel.CostLimit(CostMax))
	if err != nil {
		return Explanation{}, fault.New(fault.Internal, "fault.internal").Because(err)
	}
	activation := r.activation(from, p)
	value, details, err := program.Eval(activation)
	if err != nil {
		return Explanation{}, r.failed(err)
	}
	e := explainer{rule: r, value: func(id int64) ref.Val {
		v, _ := details.State().Value(id)
		return v
	}}
	e.decide(r.checked.NativeRep().Expr())
	out := Explanation{Holds: value == types.True, Reasons: e.reasons}
	for _, name := range r.uses {
		out.Values = append(out.Values, Named{name, activation.source.Value(name)})
	}
	for _, key := range r.parameters {
		n, err := activation.parameters.Int(key)
		if err != nil {
			return Explanation{}, r.failed(err)
		}
		out.Values = append(out.Values, Named{key, IntOf(n)})
	}
	return out, nil
}

type explainer struct {
	rule    *Rule
	value   func(id int64) ref.Val // nil if it was not evaluated
	reasons []Reason
}

// decide goes down to the comparisons that made e what it is.
func (x *explainer) decide(e ast.Expr) {
	result := x.value(e.ID())
	if result == nil || types.IsUnknownOrError(result) {
		return // CEL stopped before it: it decided nothing
	}
	if e.Kind() == ast.CallKind && x.connective(e.AsCall(), result) {
		return
	}
	reason := Reason{Text: x.text(e), Holds: result == types.True, Row: -1}
	switch e.Kind() {
	case ast.CallKind:
		args := e.AsCall().Args()
		if e.AsCall().FunctionName() == uniqueName {
			reason.Row = repeated(x.value(args[0].ID()), x.value(args[1].ID()))
		} else if len(args) == 2 {
			reason.Left, reason.Right = fromCEL(x.value(args[0].ID())), fromCEL(x.value(args[1].ID()))
		}
	case ast.ComprehensionKind:
		reason.Row = x.row(e.AsComprehension(), result)
	}
	x.reasons = append(x.reasons, reason)
}

// connective goes into and, or, not and the conditional, and reports whether e is one of them. Of
// an "and" that is false only what is false decided, of an "or" that is true only what is true.
func (x *explainer) connective(c ast.CallExpr, result ref.Val) bool {
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalAnd, operators.LogicalOr:
		short := types.Bool(c.FunctionName() == operators.LogicalOr)
		for _, arg := range args {
			if result != short || x.value(arg.ID()) == short {
				x.decide(arg)
			}
		}
	case operators.LogicalNot:
		x.decide(args[0])
	case operators.Conditional:
		x.decide(args[0])
		if x.value(args[0].ID()) == types.True {
			x.decide(args[1])
		} else {
			x.decide(args[2])
		}
	default:
		return false
	}
	return true
}

// row is the row at which a loop was decided: for "all" the first that failed, for "exists" the
// first that did not. Any other loop, and one that ran to its end, was decided by no single row.
func (x *explainer) row(c ast.ComprehensionExpr, result ref.Val) int {
	stops := map[string]ref.Val{operators.LogicalAnd: types.False, operators.LogicalOr: types.True}
	step := c.LoopStep()
	if step.Kind() != ast.CallKind || stops[step.AsCall().FunctionName()] != result {
		return -1
	}
	if list, ok := x.value(c.IterRange().ID()).(*rowList); ok {
		return list.last
	}
	return -1
}

// text writes a piece of the expression as it was written, macros and all.
func (x *explainer) text(e ast.Expr) string {
	text, err := cel.ExprToString(e, x.rule.checked.NativeRep().SourceInfo())
	if err != nil {
		return x.rule.text
	}
	return text
}

// fromCEL takes a plain value back from CEL; anything else is blank.
func fromCEL(v ref.Val) Value {
	switch v := v.(type) {
	case types.Int:
		return IntOf(int64(v))
	case types.String:
		return TextOf(string(v))
	case types.Bool:
		return BoolOf(bool(v))
	}
	return Value{}
}
