package rule

import (
	"fmt"
	"regexp"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/terrace-project/terrace/internal/pure/words"
)

// The limits of an expression.
const (
	CharactersMax  = 4000
	NodesMax       = 5000
	LoopNestingMax = 2       // a loop within a loop
	RegexNodesMax  = 500     // of a compiled regular expression
	CostMax        = 5 << 20 // steps of one evaluation that loops over rows
	recursionMax   = 100
	recoveryMax    = 20
	parametersName = "@parameters"
	recordName     = "@record"
	topType        = "record"
	parametersType = "parameters"
)

// Variable is a name an expression may use. Fields are those of a Record, or of a List's rows. Title and
// Unit are for people who read why a rule hit; forms have their own.
type Variable struct {
	Name   string
	Kind   Kind
	Fields []Variable
	Title  words.Words
	Unit   Unit
}

// Unit is what a value counts, so that it can be written for people and dates can be told from texts.
type Unit string

// The units. A plain number or text has none.
const (
	Plain Unit = ""
	Fen   Unit = "fen"  // money, whole fen
	Area  Unit = "area" // whole 0.01 m²
	Day   Unit = "day"  // a text 2026-01-31, or "" if there is none; only these compare with < in SQL
)

// Environment is what expressions may speak of. It is safe for concurrent use.
type Environment struct {
	cel      *cel.Env
	provider *provider
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// reserved are the words of CEL that cannot be names, and those of its types.
var reserved = []string{"true", "false", "null", "in", "as", "break", "const", "continue", "else", "for",
	"function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
	"int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type", "dyn"}

// ValidName reports whether a field may be called so in expressions.
func ValidName(name string) bool {
	return namePattern.MatchString(name) && !slices.Contains(reserved, name)
}

// allowed are the functions that expressions may use, by CEL's names of them.
var allowed = []string{operators.Conditional, operators.LogicalAnd, operators.LogicalOr,
	operators.LogicalNot, operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals,
	operators.Greater, operators.GreaterEquals, operators.Add, operators.Subtract, operators.Multiply,
	operators.Divide, operators.Modulo, operators.Negate, operators.Index, operators.In,
	operators.NotStrictlyFalse, uniqueName, addDays, addMonths, addYears, "size", "contains", "startsWith",
	"endsWith", "matches"}

// own are the functions that are ours and not CEL's.
var own = []string{uniqueName, addDays, addMonths, addYears}

// NewEnvironment declares the variables.
func NewEnvironment(variables []Variable) (*Environment, error) {
	p, err := newProvider(variables)
	if err != nil {
		return nil, err
	}
	subset := env.NewLibrarySubset().AddIncludedMacros(operators.All, operators.Exists,
		operators.ExistsOne, operators.Filter, operators.Map)
	for _, name := range allowed {
		if !slices.Contains(own, name) {
			subset.AddIncludedFunctions(env.NewFunction(name))
		}
	}
	options := []cel.EnvOption{cel.StdLib(cel.StdLibSubset(subset)), cel.CustomTypeProvider(p),
		cel.CustomTypeAdapter(p), cel.Macros(p.macros()...), cel.EnableMacroCallTracking(),
		cel.EnableHiddenAccumulatorName(true), uniqueFunction(),
		cel.ParserExpressionSizeLimit(CharactersMax),
		cel.ExpressionNodeLimit(NodesMax), cel.ParserRecursionLimit(recursionMax),
		cel.ParserErrorRecoveryLimit(recoveryMax), cel.RegexProgramSizeLimit(RegexNodesMax),
		cel.ASTValidators(cel.ValidateRegexLiterals(),
			cel.ValidateComprehensionNestingLimit(LoopNestingMax)),
		cel.Variable(parametersName, cel.ObjectType(parametersType)),
		cel.Variable(recordName, cel.ObjectType(topType))}
	options = append(options, dayFunctions()...)
	for _, v := range variables {
		options = append(options, cel.Variable(v.Name, p.typeOf(topType, v)))
	}
	e, err := cel.NewCustomEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("rule: the environment cannot be declared: %w", err)
	}
	return &Environment{cel: e, provider: p}, nil
}

// provider tells CEL the types of records. It knows no other types.
type provider struct {
	*types.Registry
	fields map[string]map[string]*types.FieldType // type → field
	kinds  map[string]Kind                        // of the top variables
}

func newProvider(variables []Variable) (*provider, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	p := &provider{Registry: registry, fields: map[string]map[string]*types.FieldType{},
		kinds: map[string]Kind{}}
	for _, v := range variables {
		p.kinds[v.Name] = v.Kind
	}
	return p, p.declare(topType, variables)
}

// declare notes the fields of a record type and of the records within it.
func (p *provider) declare(name string, fields []Variable) error {
	p.fields[name] = map[string]*types.FieldType{}
	for _, f := range fields {
		if !ValidName(f.Name) {
			return fmt.Errorf("rule: %q cannot be the name of a field", f.Name)
		}
		if _, twice := p.fields[name][f.Name]; twice {
			return fmt.Errorf("rule: the field %s stands twice", f.Name)
		}
		p.fields[name][f.Name] = p.field(name, f)
		if f.Kind == Record || f.Kind == List {
			if err := p.declare(name+"."+f.Name, f.Fields); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *provider) field(parent string, f Variable) *types.FieldType {
	blank := f.Kind
	inner := parent + "." + f.Name
	return &types.FieldType{
		Type:  p.typeOf(parent, f),
		IsSet: func(target any) bool { return target.(Source).Value(f.Name).Given() },
		GetFrom: func(target any) (any, error) {
			return p.toCEL(target.(Source).Value(f.Name), blank, inner), nil
		},
	}
}

func (p *provider) typeOf(parent string, f Variable) *types.Type {
	switch f.Kind {
	case Int:
		return types.IntType
	case Text:
		return types.StringType
	case Bool:
		return types.BoolType
	case List:
		return types.NewListType(types.NewObjectType(parent + "." + f.Name))
	default:
		return types.NewObjectType(parent + "." + f.Name)
	}
}

// FindStructType tells CEL that a record type exists.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if p.fields[name] == nil && name != parametersType {
		return nil, false
	}
	return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
}

// FindStructFieldType tells CEL of which type a field is. Every key may be a parameter.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if name == parametersType {
		return &types.FieldType{Type: types.IntType,
			IsSet: func(any) bool { return true },
			GetFrom: func(target any) (any, error) {
				n, err := target.(Parameters).Int(field)
				return types.Int(n), err
			}}, true
	}
	f, ok := p.fields[name][field]
	return f, ok
}
