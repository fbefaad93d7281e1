package rule

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// rowName is the hidden loop variable of sum(list, field).
const rowName = "@row"

// uniqueName is the function that unique(list, field) becomes.
const uniqueName = "@unique"

// macros are our own: given, param, sum and unique.
func (p *provider) macros() []cel.Macro {
	return []cel.Macro{
		cel.GlobalMacro("given", 1, p.given),
		cel.GlobalMacro("param", 1, parameter),
		cel.GlobalMacro("sum", 2, sumOfField),
		cel.GlobalMacro("sum", 3, sumOfExpression),
		cel.GlobalMacro("unique", 2, unique),
	}
}

// given(field) and given(row.field) become a presence test on the record.
func (p *provider) given(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	switch arg := args[0]; arg.Kind() {
	case ast.IdentKind:
		if _, ok := p.kinds[arg.AsIdent()]; ok {
			return h.NewPresenceTest(h.NewIdent(recordName), arg.AsIdent()), nil
		}
	case ast.SelectKind:
		return h.NewPresenceTest(arg.AsSelect().Operand(), arg.AsSelect().FieldName()), nil
	}
	return nil, h.NewError(args[0].ID(), "given() takes a field")
}

// param("key") becomes a field of the parameters, so that the keys can be read off the expression.
func parameter(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[0].Kind() == ast.LiteralKind {
		if key, ok := args[0].AsLiteral().(types.String); ok && key != "" {
			return h.NewSelect(h.NewIdent(parametersName), string(key)), nil
		}
	}
	return nil, h.NewError(args[0].ID(), `param() takes a key in quotes`)
}

func sumOfField(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[1].Kind() != ast.IdentKind {
		return nil, h.NewError(args[1].ID(), "sum(list, field) takes the name of a field")
	}
	return sum(h, args[0], rowName, h.NewSelect(h.NewIdent(rowName), args[1].AsIdent())), nil
}

func sumOfExpression(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[1].Kind() != ast.IdentKind {
		return nil, h.NewError(args[1].ID(), "sum(list, row, expression) takes a name for the row")
	}
	return sum(h, args[0], args[1].AsIdent(), args[2]), nil
}

// sum adds up a term of each row: a loop that begins at 0 and always goes on.
func sum(h cel.MacroExprFactory, list ast.Expr, row string, term ast.Expr) ast.Expr {
	return h.NewComprehension(list, row, h.AccuIdentName(), h.NewLiteral(types.IntZero),
		h.NewLiteral(types.True), h.NewCall(operators.Add, h.NewAccuIdent(), term), h.NewAccuIdent())
}

// unique(list, field) becomes a call with the values of the field and with whether each was given: a
// comparison of every row with every other would take the square of the rows.
func unique(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[1].Kind() != ast.IdentKind {
		return nil, h.NewError(args[1].ID(), "unique(list, field) takes the name of a field")
	}
	field := args[1].AsIdent()
	values := collect(h, args[0], h.NewSelect(h.NewIdent(rowName), field))
	given := collect(h, h.Copy(args[0]), h.NewPresenceTest(h.NewIdent(rowName), field))
	return h.NewCall(uniqueName, values, given), nil
}

// collect makes the list of a term of each row.
func collect(h cel.MacroExprFactory, list, term ast.Expr) ast.Expr {
	return h.NewComprehension(list, rowName, h.AccuIdentName(), h.NewList(), h.NewLiteral(types.True),
		h.NewCall(operators.Add, h.NewAccuIdent(), h.NewList(term)), h.NewAccuIdent())
}

// uniqueFunction declares the function to CEL.
func uniqueFunction() cel.EnvOption {
	values, given := cel.ListType(cel.TypeParamType("A")), cel.ListType(cel.BoolType)
	return cel.Function(uniqueName, cel.Overload("unique_values", []*cel.Type{values, given}, cel.BoolType,
		cel.BinaryBinding(func(values, given ref.Val) ref.Val {
			return types.Bool(repeated(values, given) < 0)
		})))
}

// repeated is the place of the first value that stood before; -1 if none did. What was not given
// repeats nothing.
func repeated(values, given ref.Val) int {
	list, ok := values.(traits.Lister)
	flags, both := given.(traits.Lister)
	if !ok || !both {
		return -1
	}
	n, _ := list.Size().(types.Int)
	seen := make(map[ref.Val]bool, int(n))
	for i := range n {
		v := list.Get(i)
		if flags.Get(i) != types.True {
			continue
		}
		if seen[v] {
			return int(i)
		}
		seen[v] = true
	}
	return -1
}
