package tree

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// texts keeps many short texts in one string.
type texts struct {
	all     string
	offsets []uint32 // n+1 of them
}

func (t texts) at(n Node) string { return t.all[t.offsets[n]:t.offsets[n+1]] }

type textWriter struct {
	all     strings.Builder
	offsets []uint32
}

func newWriter(n, width int) *textWriter {
	w := &textWriter{offsets: make([]uint32, 1, n+1)}
	w.all.Grow(n * width)
	return w
}

func (w *textWriter) add(text string) {
	w.all.WriteString(text)
	w.offsets = append(w.offsets, uint32(w.all.Len()))
}

func (w *textWriter) done() texts { return texts{w.all.String(), w.offsets} }

// index finds a node by the id of its place. Ids are given in blocks and lie close together: a
// slice serves; where they do not, a sorted list does.
type index struct {
	direct []Node // id → node
	ids    []int64
	nodes  []Node
}

const sparseFactor = 8 // up to so many ids for one place a slice is the smaller

func newIndex(n int, id func(Node) int64) (index, error) {
	largest := int64(0)
	for i := range n {
		v := id(Node(i))
		if v < 1 || v > math.MaxUint32 {
			return index{}, fmt.Errorf("tree: %d cannot be the id of a place", v)
		}
		largest = max(largest, v)
	}
	if largest > int64(n)*sparseFactor+1024 {
		return sparseIndex(n, id)
	}
	x := index{direct: make([]Node, largest+1)}
	for i := range x.direct {
		x.direct[i] = None
	}
	for i := range n {
		v := id(Node(i))
		if x.direct[v] != None {
			return index{}, fmt.Errorf("tree: the place %d is given twice", v)
		}
		x.direct[v] = Node(i)
	}
	return x, nil
}

func sparseIndex(n int, id func(Node) int64) (index, error) {
	x := index{ids: make([]int64, n), nodes: make([]Node, n)}
	for i := range n {
		x.nodes[i] = Node(i)
	}
	slices.SortFunc(x.nodes, func(a, b Node) int { return cmp.Compare(id(a), id(b)) })
	for at, i := range x.nodes {
		x.ids[at] = id(i)
		if at > 0 && x.ids[at-1] == x.ids[at] {
			return index{}, fmt.Errorf("tree: the place %d is given twice", x.ids[at])
		}
	}
	return x, nil
}

func (x index) find(id int64) Node {
	if x.direct != nil {
		if id <= 0 || id >= int64(len(x.direct)) {
			return None
		}
		return x.direct[id]
	}
	if at, ok := slices.BinarySearch(x.ids, id); ok {
		return x.nodes[at]
	}
	return None
}
