package rule

import (
	"errors"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// predicateMax is how long the SQL of one rule may become: guards against overflow repeat their
// operands. What is longer is asked record by record.
const predicateMax = 20_000

// errNotPushed says that an expression is outside the subset of the SQL evaluator.
var errNotPushed = errors.New("rule: not within the subset of SQL")

// term is a piece of SQL and what is bound to it. An error of the expression – overflow, division by
// zero – is NULL: SQL's three-valued logic is then CEL's, where false && error is false.
type term struct {
	text string
	args []any
	kind Kind
	day  bool // a text that is a day or ""
	// fixed: the value is known before any record is read. An error that is known has no value.
	fixed  bool
	value  Value
	failed bool
}

// sql joins texts and terms.
func sql(kind Kind, parts ...any) term {
	out := term{kind: kind}
	var text strings.Builder
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			text.WriteString(part)
		case term:
			t := part.written()
			text.WriteString("(" + t.text + ")")
			out.args = append(out.args, t.args...)
		}
	}
	out.text = text.String()
	return out
}

// written is a term as SQL, a fixed one bound.
func (t term) written() term {
	if !t.fixed {
		return t
	}
	name := map[Kind]string{Int: "BIGINT", Text: "TEXT", Bool: "BOOLEAN"}[t.kind]
	switch {
	case t.failed:
		return term{text: "CAST(NULL AS " + name + ")", kind: t.kind}
	case t.kind == Bool && t.value.Bool():
		return term{text: "TRUE", kind: Bool}
	case t.kind == Bool:
		return term{text: "FALSE", kind: Bool}
	case t.kind == Int:
		return term{text: "CAST(? AS BIGINT)", args: []any{t.value.Int()}, kind: Int}
	}
	return term{text: "CAST(? AS TEXT)", args: []any{t.value.Text()}, kind: Text, day: t.day}
}

func fixedInt(n int64, ok bool) term {
	return term{kind: Int, fixed: true, value: IntOf(n), failed: !ok}
}

// pusher makes SQL of one rule.
type pusher struct {
	rule       *Rule
	variables  map[string]Variable
	today      period.Date
	parameters Parameters
}

// predicate is the rule as SQL, or errNotPushed. The texts are ours: what comes from pack and records
// is bound.
func (p *pusher) predicate() (term, error) {
	t, err := p.of(p.rule.checked.NativeRep().Expr())
	if err != nil {
		return t, err
	}
	t = t.written()
	if t.kind != Bool || len(t.text) > predicateMax {
		return t, errNotPushed
	}
	return t, nil
}

func (p *pusher) of(e ast.Expr) (term, error) {
	switch e.Kind() {
	case ast.LiteralKind:
		return literalTerm(e.AsLiteral())
	case ast.IdentKind:
		return p.variable(e.AsIdent())
	case ast.SelectKind:
		return p.selected(e.AsSelect())
	case ast.CallKind:
		t, err := p.call(e.AsCall())
		if err == nil && len(t.text) > predicateMax {
			err = errNotPushed
		}
		return t, err
	}
	return term{}, errNotPushed
}

func literalTerm(v ref.Val) (term, error) {
	switch v := v.(type) {
	case types.Int:
		return fixedInt(int64(v), true), nil
	case types.String:
		day := v == "" || period.Date(v).Valid()
		return term{kind: Text, fixed: true, value: TextOf(string(v)), day: day}, nil
	case types.Bool:
		return term{kind: Bool, fixed: true, value: BoolOf(bool(v))}, nil
	}
	return term{}, errNotPushed
}

func (p *pusher) variable(name string) (term, error) {
	if name == todayName {
		return term{kind: Text, fixed: true, value: TextOf(string(p.today)), day: true}, nil
	}
	v, ok := p.variables[name]
	if !ok {
		return term{}, errNotPushed
	}
	return term{text: quoted(v), kind: v.Kind, day: v.Unit == Day}, nil
}

// selected is param("key"), which is fixed, or given(field).
func (p *pusher) selected(s ast.SelectExpr) (term, error) {
	operand := s.Operand()
	if operand.Kind() != ast.IdentKind {
		return term{}, errNotPushed
	}
	switch {
	case operand.AsIdent() == parametersName && !s.IsTestOnly():
		n, err := p.parameters.Int(s.FieldName())
		if err != nil {
			return term{}, err
		}
		return fixedInt(n, true), nil
	case operand.AsIdent() == recordName && s.IsTestOnly():
		v, err := p.variable(s.FieldName())
		if err != nil || v.fixed {
			return v, errors.Join(err, errNotPushed)
		}
		switch v.kind {
		case Int:
			return sql(Bool, v, " <> 0"), nil
		case Text:
			return sql(Bool, v, " <> ''"), nil
		}
		return v, nil
	}
	return term{}, errNotPushed
}

func (p *pusher) call(c ast.CallExpr) (term, error) {
	if c.FunctionName() == operators.In {
		return p.in(c.Args()[0], c.Args()[1])
	}
	var args []term
	exprs := c.Args()
	if c.IsMemberFunction() {
		exprs = append([]ast.Expr{c.Target()}, exprs...)
	}
	for _, e := range exprs {
		t, err := p.of(e)
		if err != nil {
			return t, err
		}
		args = append(args, t)
	}
	switch c.FunctionName() {
	case operators.LogicalAnd:
		return sql(Bool, args[0], " AND ", args[1]), nil
	case operators.LogicalOr:
		return sql(Bool, args[0], " OR ", args[1]), nil
	case operators.LogicalNot:
		return sql(Bool, "NOT ", args[0]), nil
	case operators.Conditional:
		t := sql(args[1].kind, "CASE ", args[0], " WHEN TRUE THEN ", args[1], " WHEN FALSE THEN ", args[2],
			" END")
		t.day = args[1].day && args[2].day
		return t, nil
	case operators.Negate:
		return arithmetic(operators.Subtract, fixedInt(0, true), args[0])
	case operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Modulo:
		return arithmetic(c.FunctionName(), args[0], args[1])
	}
	return p.other(c.FunctionName(), args)
}

var comparisons = map[string]string{operators.Equals: " = ", operators.NotEquals: " <> ",
	operators.Less: " < ", operators.LessEquals: " <= ", operators.Greater: " > ",
	operators.GreaterEquals: " >= "}

// other are comparisons and functions.
func (p *pusher) other(name string, args []term) (term, error) {
	if sign, ok := comparisons[name]; ok {
		return compared(name, sign, args[0], args[1])
	}
	switch name {
	case "startsWith", "contains":
		return searched(name, args[0], args[1])
	case addDays, addMonths, addYears:
		return moved(name, args[0], args[1])
	}
	return term{}, errNotPushed
}

// compared: texts are ordered by the database's collation, which need not be that of the bytes; only
// days are certain to come out the same.
func compared(name, sign string, a, b term) (term, error) {
	equality := name == operators.Equals || name == operators.NotEquals
	switch {
	case a.kind != b.kind, !equality && a.kind == Bool:
		return term{}, errNotPushed
	case !equality && a.kind == Text && !(a.day && b.day):
		return term{}, errNotPushed
	}
	return sql(Bool, a, sign, b), nil
}

// searched looks for a fixed text.
func searched(name string, in, what term) (term, error) {
	if !what.fixed || what.failed || in.kind != Text {
		return term{}, errNotPushed
	}
	if what.value.Text() == "" {
		return term{kind: Bool, fixed: true, value: BoolOf(true)}, nil
	}
	if name == "startsWith" {
		return sql(Bool, "substr(", in, ", 1, length(", what, ")) = ", what), nil
	}
	return sql(Bool, "replace(", in, ", ", what, ", '') <> ", in), nil
}

// moved moves a day. One that is fixed is moved here, one that is a column by years only.
func moved(name string, day, by term) (term, error) {
	if !by.fixed {
		return term{}, errNotPushed
	}
	n := by.value.Int()
	if by.failed || day.failed || n > ShiftMax || n < -ShiftMax {
		return term{kind: Text, fixed: true, failed: true}, nil
	}
	if day.fixed {
		to := shift(day.value.Text(), n, shiftUnits[name])
		return term{kind: Text, fixed: true, value: TextOf(to), day: true}, nil
	}
	if name != addYears || !day.day {
		return term{}, errNotPushed
	}
	edge := term{kind: Text, fixed: true, value: TextOf(edge(n))}
	year := sql(Int, "CAST(substr(", day, ", 1, 4) AS BIGINT) + ", by)
	t := sql(Text, "CASE WHEN length(", day, ") <> 10 THEN '' ELSE CASE WHEN ", year,
		" BETWEEN 1000 AND 9999",
		" THEN CAST(", year, " AS TEXT) || substr(", day, ", 5) ELSE ", edge, " END END")
	t.day = true
	return t, nil
}

// in is membership of a list that is written out.
func (p *pusher) in(what, list ast.Expr) (term, error) {
	element, err := p.of(what)
	if err != nil {
		return element, err
	}
	if list.Kind() != ast.ListKind || list.AsList().Size() == 0 {
		return term{}, errNotPushed
	}
	parts := []any{element, " IN ("}
	for i, e := range list.AsList().Elements() {
		t, err := p.of(e)
		if err != nil {
			return t, err
		}
		if !t.fixed || t.failed || t.kind != element.kind {
			return term{}, errNotPushed
		}
		if i > 0 {
			parts = append(parts, ", ")
		}
		parts = append(parts, t)
	}
	return sql(Bool, append(parts, ")")...), nil
}

// Pushed reports whether SQL can answer the rule for a subject: the parameters do not matter.
func (s *Subjects) Pushed(subject string, r *Rule) bool {
	p := s.pusher(subject, Question{Rule: r, Parameters: anything{}}, "2025-01-01")
	_, err := p.predicate()
	return err == nil
}

// anything is parameters that are all one.
type anything struct{}

func (anything) Int(string) (int64, error) { return 1, nil }

func (s *Subjects) pusher(subject string, q Question, today period.Date) *pusher {
	p := &pusher{rule: q.Rule, variables: map[string]Variable{}, today: today, parameters: q.Parameters}
	if p.parameters == nil {
		p.parameters = unset{}
	}
	for _, v := range s.byName[subject].Variables {
		p.variables[v.Name] = v
	}
	return p
}

// used are the variables of a subject that rules read, in its order.
func (s *Subject) used(read []string) []Variable {
	var used []Variable
	for _, v := range s.Variables {
		if slices.Contains(read, v.Name) {
			used = append(used, v)
		}
	}
	return used
}
