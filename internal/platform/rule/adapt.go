package rule

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// toCEL hands a value to CEL; a blank one becomes the nothing of its kind.
func (p *provider) toCEL(v Value, kind Kind, typeName string) ref.Val {
	switch kind {
	case Int:
		return types.Int(v.Int())
	case Text:
		return types.String(v.text)
	case Bool:
		return types.Bool(v.Bool())
	case List:
		rows := make([]ref.Val, len(v.list))
		rowType := types.NewObjectType(typeName)
		for i, row := range v.list {
			rows[i] = &object{value: row, kind: rowType, index: i}
		}
		return &rowList{types.NewRefValList(p, rows), rows, -1}
	}
	record := v.record
	if record == nil {
		record = nothing{}
	}
	return &object{value: record, kind: types.NewObjectType(typeName)}
}

// nothing is the record whose every field is blank.
type nothing struct{}

func (nothing) Value(string) Value { return Value{} }

// object is a record, or the parameters, as CEL carries it about. CEL reads its fields through the
// provider; nothing else can be done with it.
type object struct {
	value any
	kind  *types.Type
	index int // of a row in its list
}

var errNoConversion = errors.New("rule: a record is not converted")

func (o *object) ConvertToNative(reflect.Type) (any, error) { return nil, errNoConversion }
func (o *object) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errNoConversion) }
func (o *object) Type() ref.Type                            { return o.kind }
func (o *object) Value() any                                { return o.value }

// Equal reports whether both are the same record, not merely one with equal fields.
func (o *object) Equal(other ref.Val) ref.Val {
	same, ok := other.(*object)
	return types.Bool(ok && same == o)
}

// rowList is a list that remembers the last row a loop dealt with, so that Explain can name the row
// at which it stopped. It lives for one evaluation.
type rowList struct {
	traits.Lister
	rows []ref.Val
	last int
}

// Fold runs a loop over the rows until it stops. CEL asks whether to stop before the next row.
func (l *rowList) Fold(loop traits.Folder) {
	l.last = -1
	for i, row := range l.rows {
		if !loop.FoldEntry(types.Int(i), row) {
			return
		}
		l.last = i
	}
}

// activation gives CEL the variables of one record.
type activation struct {
	provider   *provider
	source     Source
	parameters Parameters
}

func (a *activation) Parent() cel.Activation { return nil }

func (a *activation) ResolveName(name string) (any, bool) {
	if kind, ok := a.provider.kinds[name]; ok {
		return a.provider.toCEL(a.source.Value(name), kind, topType+"."+name), true
	}
	switch name {
	case recordName:
		return &object{value: a.source, kind: types.NewObjectType(topType)}, true
	case parametersName:
		return &object{value: a.parameters, kind: types.NewObjectType(parametersType)}, true
	}
	return nil, false
}

// unset is Parameters where there are none.
type unset struct{}

var errNoParameters = errors.New("rule: evaluated without parameters")

func (unset) Int(string) (int64, error) { return 0, errNoParameters }
