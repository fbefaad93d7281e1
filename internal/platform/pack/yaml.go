package pack

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Scalar is a single value exactly as it is written: 007 stays 007, 2024-01-01 is no timestamp.
type Scalar string

// UnmarshalYAML takes the text of the value itself.
func (s *Scalar) UnmarshalYAML(node ast.Node) error {
	scalar, ok := node.(ast.ScalarNode)
	if !ok || node.Type() == ast.NullType {
		return positioned{node, errNotScalar}
	}
	if text, ok := node.(*ast.StringNode); ok {
		*s = Scalar(text.Value)
		return nil
	}
	*s = Scalar(scalar.GetToken().Value)
	return nil
}

var (
	errNotScalar = errors.New("a single value is expected")
	errAlias     = errors.New("anchors and aliases are not used in packs")
	errDocuments = errors.New("a file holds one document")
)

// positioned is an error at a node.
type positioned struct {
	node ast.Node
	err  error
}

func (p positioned) Error() string { return p.err.Error() }

// parse reads a file that holds one document, or none if it is empty.
func parse(text []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			return nil, positioned{doc.Body, errDocuments}
		}
		body = doc.Body
	}
	if body == nil {
		return nil, nil
	}
	plain := plainness{}
	ast.Walk(&plain, body)
	if plain.found != nil {
		return nil, positioned{plain.found, errAlias}
	}
	ast.Walk(written{}, body)
	return body, nil
}

// written makes numbers whose spelling says more than their value texts, as they are written: the account
// 1001.10 is not 1001.1, and 0101 is not 65. Where a number is asked for, it is read from the text.
type written struct{}

// Visit is called for every node.
func (w written) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.MappingValueNode:
		if key, ok := asWritten(node.Key).(ast.MapKeyNode); ok {
			node.Key = key
		}
		node.Value = asWritten(node.Value)
	case *ast.SequenceNode:
		for i, value := range node.Values {
			node.Values[i] = asWritten(value)
		}
	}
	return w
}

func asWritten(node ast.Node) ast.Node {
	scalar, ok := node.(ast.ScalarNode)
	if !ok || node.Type() != ast.FloatType && node.Type() != ast.IntegerType ||
		scalar.GetToken().Value == fmt.Sprint(scalar.GetValue()) {
		return node
	}
	return ast.String(scalar.GetToken())
}

// plainness looks for anchors and aliases: a line of a pack says what it says.
type plainness struct{ found ast.Node }

// Visit is called for every node.
func (p *plainness) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		if p.found == nil {
			p.found = node
		}
	}
	return p
}

// decode fills a value from a node; a field that the value does not have is an error.
func decode(node ast.Node, into any) error { return yaml.NodeToValue(node, into, yaml.Strict()) }

func decodeText(text []byte, into any) error {
	node, err := parse(text)
	if err != nil || node == nil {
		return err
	}
	return decode(node, into)
}

// lineOf is the line an error of reading stands at; 0 if it has none.
func lineOf(err error) int {
	var at positioned
	if errors.As(err, &at) {
		return line(at.node)
	}
	var known yaml.Error
	if errors.As(err, &known) && known.GetToken() != nil && known.GetToken().Position != nil {
		return known.GetToken().Position.Line
	}
	return 0
}

func line(node ast.Node) int {
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 0
}

// finding puts an error of reading into words.
func finding(err error) fault.Finding {
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		return fault.Wrong("pack.field", unknown.GetToken().Value)
	}
	var known yaml.Error
	if errors.As(err, &known) {
		return fault.Wrong("pack.syntax", known.GetMessage())
	}
	return fault.Wrong("pack.syntax", err.Error())
}
