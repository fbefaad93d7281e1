package form

import (
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Scalar is a single value exactly as it is written: 007 stays 007, 2026-01-01 is no timestamp.
type Scalar string

// UnmarshalYAML takes the text of the value itself. Nothing written is nothing given.
func (s *Scalar) UnmarshalYAML(node ast.Node) error {
	switch node := node.(type) {
	case *ast.NullNode:
		*s = ""
	case *ast.StringNode:
		*s = Scalar(node.Value)
	case *ast.LiteralNode:
		*s = Scalar(node.Value.Value)
	case ast.ScalarNode:
		*s = Scalar(node.GetToken().Value)
	default:
		return &yaml.SyntaxError{Message: "a single value is expected here", Token: node.GetToken()}
	}
	return nil
}

// The parts of a form note their lines, so that a finding can name them.

// UnmarshalYAML reads a field and notes its line.
func (f *Field) UnmarshalYAML(node ast.Node) error {
	type plain Field
	f.line = lineOf(node)
	return yaml.NodeToValue(node, (*plain)(f), yaml.Strict())
}

// UnmarshalYAML reads a check and notes its line.
func (c *Check) UnmarshalYAML(node ast.Node) error {
	type plain Check
	c.line = lineOf(node)
	return yaml.NodeToValue(node, (*plain)(c), yaml.Strict())
}

// UnmarshalYAML reads a cross-check and notes its line.
func (c *CrossCheck) UnmarshalYAML(node ast.Node) error {
	type Plain Check
	var plain struct {
		Plain `yaml:",inline"`
		Forms map[string]string `yaml:"forms,omitempty"`
	}
	err := yaml.NodeToValue(node, &plain, yaml.Strict())
	c.Check, c.Forms = Check(plain.Plain), plain.Forms
	c.line = lineOf(node)
	return err
}

// UnmarshalYAML reads an example and notes its line.
func (e *Example) UnmarshalYAML(node ast.Node) error {
	type plain Example
	e.line = lineOf(node)
	return yaml.NodeToValue(node, (*plain)(e), yaml.Strict())
}

// lineOf is the line a node begins at. The token of a mapping is the colon after its first key,
// which stands on the same line.
func lineOf(node ast.Node) int {
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 0
}
