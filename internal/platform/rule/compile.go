package rule

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Compile reads an expression that must yield a bool. What is wrong with it comes back as one fault
// (rule.compile) with a finding for each place; Row and Column of a finding are the line and the
// column in the expression, counted from 1.
func (e *Environment) Compile(text string) (*Rule, error) {
	text = strings.TrimSpace(text)
	tree, issues := e.cel.Parse(text)
	if findings := told(issues, func(*cel.Error) string { return "rule.syntax" }); len(findings) > 0 {
		return nil, refusal(text, findings)
	}
	reader := &reader{tree: tree.NativeRep(), provider: e.provider}
	reader.read(tree.NativeRep().Expr(), nil)
	if len(reader.findings) > 0 {
		return nil, refusal(text, reader.findings)
	}
	checked, issues := e.cel.Check(tree)
	kinds := kindsOf(tree.NativeRep())
	if findings := told(issues, func(err *cel.Error) string {
		return typeProblem(kinds[err.ExprID])
	}); len(findings) > 0 {
		return nil, refusal(text, findings)
	}
	if checked.OutputType() != types.BoolType {
		finding := fault.Wrong("rule.result", checked.OutputType().String()).At("", 1, "1")
		return nil, refusal(text, []fault.Finding{finding})
	}
	return e.plan(text, checked, reader)
}

// plan makes the program. Its cost is counted only if it loops: without a loop it is bounded by the
// length of the expression, and counting would double the time.
func (e *Environment) plan(text string, checked *cel.Ast, reader *reader) (*Rule, error) {
	var options []cel.ProgramOption
	if reader.loops {
		options = append(options, cel.CostLimit(CostMax))
	}
	program, err := e.cel.Program(checked, options...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "rule.compile", text).Because(err)
	}
	return &Rule{text: text, environment: e, checked: checked, program: program, uses: reader.uses,
		parameters: reader.parameters}, nil
}

func refusal(text string, findings []fault.Finding) error {
	return fault.New(fault.Invalid, "rule.compile", text).With(findings)
}

// told turns CEL's issues into findings. The wording of CEL goes along as a technical detail.
func told(issues *cel.Issues, key func(*cel.Error) string) []fault.Finding {
	if issues == nil || issues.Err() == nil {
		return nil
	}
	var findings []fault.Finding
	for _, err := range issues.Errors() {
		finding := fault.Finding{Severity: fault.Error, Key: key(err), Args: []any{err.Message}}
		line, column := max(1, err.Location.Line()), max(1, err.Location.Column()+1)
		findings = append(findings, finding.At("", line, strconv.Itoa(column)))
	}
	return findings
}

// typeProblem names what the checker found, by the kind of expression it found it in.
func typeProblem(kind ast.ExprKind) string {
	if kind == ast.SelectKind {
		return "rule.field"
	}
	return "rule.types"
}

func kindsOf(tree *ast.AST) map[int64]ast.ExprKind {
	kinds := map[int64]ast.ExprKind{}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) { kinds[e.ID()] = e.Kind() }))
	return kinds
}

// reader walks a parsed expression: it notes what is used and finds names, functions and literals
// that are not ours, which it can say more plainly than the type checker.
type reader struct {
	tree       *ast.AST
	provider   *provider
	uses       []string // top variables, in order of first use
	parameters []string
	loops      bool
	findings   []fault.Finding
}

func (r *reader) wrong(e ast.Expr, key string, args ...any) {
	at := r.tree.SourceInfo().GetStartLocation(e.ID())
	r.findings = append(r.findings, fault.Finding{Severity: fault.Error, Key: key, Args: args}.
		At("", at.Line(), strconv.Itoa(at.Column()+1)))
}

// read visits e; local are the names of the loops around it.
func (r *reader) read(e ast.Expr, local []string) {
	switch e.Kind() {
	case ast.IdentKind:
		r.name(e, local)
	case ast.LiteralKind:
		r.literal(e)
	case ast.SelectKind:
		r.selection(e.AsSelect(), local)
	case ast.CallKind:
		r.call(e, local)
	case ast.ListKind:
		for _, element := range e.AsList().Elements() {
			r.read(element, local)
		}
	case ast.ComprehensionKind:
		r.loop(e.AsComprehension(), local)
	case ast.MapKind, ast.StructKind, ast.UnspecifiedExprKind:
		r.wrong(e, "rule.not_offered")
	}
}

func (r *reader) name(e ast.Expr, local []string) {
	name := e.AsIdent()
	_, known := r.provider.kinds[name]
	switch {
	case slices.Contains(local, name), name == recordName, name == parametersName:
	case !known:
		r.wrong(e, "rule.unknown", name)
	default:
		r.use(name)
	}
}

func (r *reader) use(name string) {
	if !slices.Contains(r.uses, name) {
		r.uses = append(r.uses, name)
	}
}

func (r *reader) selection(s ast.SelectExpr, local []string) {
	if operand := s.Operand(); operand.Kind() == ast.IdentKind {
		switch operand.AsIdent() {
		case parametersName:
			r.parameters = append(r.parameters, s.FieldName())
		case recordName:
			r.use(s.FieldName())
		}
	}
	r.read(s.Operand(), local)
}

func (r *reader) literal(e ast.Expr) {
	switch e.AsLiteral().(type) {
	case types.Int, types.String, types.Bool:
	case types.Double:
		r.wrong(e, "rule.float")
	default:
		r.wrong(e, "rule.not_offered")
	}
}

func (r *reader) call(e ast.Expr, local []string) {
	call := e.AsCall()
	if !slices.Contains(allowed, call.FunctionName()) {
		r.wrong(e, "rule.function", call.FunctionName())
	}
	if call.IsMemberFunction() {
		r.read(call.Target(), local)
	}
	for _, arg := range call.Args() {
		r.read(arg, local)
	}
}

func (r *reader) loop(c ast.ComprehensionExpr, local []string) {
	r.loops = true
	r.read(c.IterRange(), local)
	inner := append(slices.Clone(local), c.IterVar(), c.AccuVar())
	r.read(c.AccuInit(), local)
	r.read(c.LoopCondition(), inner)
	r.read(c.LoopStep(), inner)
	r.read(c.Result(), inner)
}
