package pack

import (
	"slices"
	"strings"
	"sync"
	"weak"

	"github.com/goccy/go-yaml/ast"
)

// source is a file of a pack. Its tree takes some fifty times the room of its text and is read when the
// program starts and hardly ever after: the text is kept, and the tree only until the memory is wanted.
type source struct {
	name string
	text []byte

	mutex sync.Mutex
	tree  weak.Pointer[[]part]
}

// part is what may be an entry: an item of a keyed list, or a whole file.
type part struct {
	list, key string // key is "" where an item of a keyed list has none
	node      ast.Node
}

func newSource(name string, text []byte, body ast.Node) (*source, []part) {
	all := partsOf(name, body)
	return &source{name: name, text: text, tree: weak.Make(&all)}, all
}

// parts are those that the file had when it was read: the text is the same.
func (s *source) parts() []part {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if all := s.tree.Value(); all != nil {
		return *all
	}
	body, err := parse(s.text)
	if err != nil {
		panic("pack: " + s.name + " was read once and cannot be read again: " + err.Error())
	}
	all := partsOf(s.name, body)
	s.tree = weak.Make(&all)
	return all
}

// partsOf finds the items of a file's keyed lists, or the file as one.
func partsOf(name string, body ast.Node) []part {
	switch body := body.(type) {
	case *ast.SequenceNode:
		if keyed(body) {
			return items("", body)
		}
	case *ast.MappingNode:
		if key, ok := keyOf(body); ok {
			return []part{{"", key, body}}
		}
		if lists, ok := keyedLists(body); ok {
			var all []part
			for _, v := range lists {
				all = append(all, items(v.Key.String(), v.Value.(*ast.SequenceNode))...)
			}
			return all
		}
	case nil:
		return nil
	}
	return []part{{"", strings.TrimSuffix(name, ".yaml"), body}}
}

// keyedLists gives the lists of a file that consists of keyed lists only.
func keyedLists(body *ast.MappingNode) ([]*ast.MappingValueNode, bool) {
	for _, v := range body.Values {
		list, ok := v.Value.(*ast.SequenceNode)
		if !ok || !keyed(list) {
			return nil, false
		}
	}
	return body.Values, len(body.Values) > 0
}

// keyed reports whether a list is one of entries: an item of it has a key. Items without one are
// then found out one by one.
func keyed(list *ast.SequenceNode) bool {
	return slices.ContainsFunc(list.Values, func(n ast.Node) bool {
		_, ok := keyOf(n)
		return ok
	})
}

func items(list string, sequence *ast.SequenceNode) []part {
	all := make([]part, len(sequence.Values))
	for i, item := range sequence.Values {
		key, _ := keyOf(item)
		all[i] = part{list, key, item}
	}
	return all
}

// keyOf is the key of a mapping, if it has one.
func keyOf(node ast.Node) (string, bool) {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		return "", false
	}
	for _, v := range mapping.Values {
		if v.Key.String() != "key" {
			continue
		}
		var key Scalar
		if err := key.UnmarshalYAML(v.Value); err != nil || key == "" {
			return "", false
		}
		return string(key), true
	}
	return "", false
}
