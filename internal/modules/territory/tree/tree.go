package tree

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Place is what a tree is built from.
type Place struct {
	ID       int64 // 1 to 2³²−1
	Parent   int64 // 0: none
	Level    division.Level
	Kind     division.Kind
	Name     string
	Code     string // statistical code; "" if it has none
	Category division.Category
}

// Tree is the places of one day. It never changes and is safe for concurrent use.
type Tree struct {
	on       period.Date
	ids      []int64
	parents  []Node
	ends     []Node
	homes    []Node
	levels   []division.Level
	kinds    []uint8
	category []division.Category
	names    texts
	codes    texts
	kindList []division.Kind
	nodes    index
}

// Build makes the tree of a day. places may stand in any order and are not kept.
func Build(on period.Date, places []Place) (*Tree, error) {
	n := len(places)
	t := &Tree{on: on, ids: make([]int64, n), parents: make([]Node, n), ends: make([]Node, n),
		homes: make([]Node, n), levels: make([]division.Level, n), kinds: make([]uint8, n),
		category: make([]division.Category, n)}
	given, err := newIndex(n, func(i Node) int64 { return places[i].ID })
	if err != nil {
		return nil, err
	}
	parents := make([]Node, n)
	for i := range places {
		parents[i] = given.find(places[i].Parent)
	}
	order := Order(parents, func(a, b Node) int { return compare(&places[a], &places[b]) })
	if lost := Circles(parents, order); lost != nil {
		return nil, fmt.Errorf("tree: %d places hang in a circle, among them %d (%s)", len(lost),
			places[lost[0]].ID, places[lost[0]].Name)
	}
	t.fill(places, parents, order)
	t.nodes, err = newIndex(n, func(i Node) int64 { return t.ids[i] })
	return t, err
}

func compare(a, b *Place) int {
	if (a.Code == "") != (b.Code == "") {
		if a.Code == "" {
			return 1
		}
		return -1
	}
	if c := strings.Compare(a.Code, b.Code); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

func (t *Tree) fill(places []Place, parents, order []Node) {
	at := make([]Node, len(order)) // index of a place → its node
	for node, i := range order {
		at[i] = Node(node)
	}
	names, codes := newWriter(len(order), 24), newWriter(len(order), 12)
	kindNumbers := map[division.Kind]uint8{}
	for node, i := range order {
		p := &places[i]
		t.ids[node], t.levels[node], t.category[node] = p.ID, p.Level, p.Category
		number, ok := kindNumbers[p.Kind]
		if !ok {
			number = uint8(len(t.kindList))
			kindNumbers[p.Kind] = number
			t.kindList = append(t.kindList, p.Kind)
		}
		t.kinds[node] = number
		t.parents[node] = None
		if parents[i] != None {
			t.parents[node] = at[parents[i]]
		}
		names.add(p.Name)
		codes.add(p.Code)
		t.homes[node] = t.homeOf(Node(node))
	}
	t.names, t.codes = names.done(), codes.done()
	for node := len(order) - 1; node >= 0; node-- {
		t.ends[node] = max(t.ends[node], Node(node)+1)
		if p := t.parents[node]; p != None {
			t.ends[p] = max(t.ends[p], t.ends[node])
		}
	}
}

// homeOf needs the parent's home to be known.
func (t *Tree) homeOf(n Node) Node {
	p := t.parents[n]
	switch {
	case t.levels[n] < division.County:
		return None
	case t.levels[n] == division.County || p == None:
		return n
	case t.homes[p] == None:
		return p
	}
	return t.homes[p]
}

// On is the day the tree is of.
func (t *Tree) On() period.Date { return t.on }

// Len is the number of places.
func (t *Tree) Len() int { return len(t.ids) }

// Find gives the node of a place, or None.
func (t *Tree) Find(place int64) Node { return t.nodes.find(place) }

// Has reports whether the place stands that day.
func (t *Tree) Has(place int64) bool { return t.nodes.find(place) != None }

// ID is the place at a node.
func (t *Tree) ID(n Node) int64 { return t.ids[n] }

// Parent is the node above, or None.
func (t *Tree) Parent(n Node) Node { return t.parents[n] }

// End is the first node after the subtree of n.
func (t *Tree) End(n Node) Node { return t.ends[n] }

// Inside reports whether n lies in the subtree of root.
func (t *Tree) Inside(n, root Node) bool { return n >= root && n < t.ends[root] }

// Level, Kind, Name, Code and Category are the place's as of the day.
func (t *Tree) Level(n Node) division.Level       { return t.levels[n] }
func (t *Tree) Kind(n Node) division.Kind         { return t.kindList[t.kinds[n]] }
func (t *Tree) Name(n Node) string                { return t.names.at(n) }
func (t *Tree) Code(n Node) string                { return t.codes.at(n) }
func (t *Tree) Category(n Node) division.Category { return t.category[n] }

// Home is the node where matters of n are at home: its county; None for what lies above.
func (t *Tree) Home(n Node) Node { return t.homes[n] }

// HomeOf is Home by place: 0 for what lies above a county or does not stand.
func (t *Tree) HomeOf(place int64) int64 {
	if n := t.Find(place); n != None && t.homes[n] != None {
		return t.ids[t.homes[n]]
	}
	return 0
}

// Children walks the nodes directly below n; of None, the roots.
func (t *Tree) Children(n Node) iter.Seq[Node] {
	from, to := Node(0), Node(len(t.ids))
	if n != None {
		from, to = n+1, t.ends[n]
	}
	return func(yield func(Node) bool) {
		for c := from; c < to; c = t.ends[c] {
			if !yield(c) {
				return
			}
		}
	}
}

// ChildCount counts the nodes directly below n.
func (t *Tree) ChildCount(n Node) int {
	count := 0
	for range t.Children(n) {
		count++
	}
	return count
}

// Trail is the way from the top to n, n included.
func (t *Tree) Trail(n Node) []Node {
	var trail []Node
	for ; n != None; n = t.parents[n] {
		trail = append(trail, n)
	}
	slices.Reverse(trail)
	return trail
}

// Path is the place's position as access and place_path keep it: four bytes for each place from the
// top to itself; nil if it does not stand.
func (t *Tree) Path(place int64) []byte {
	n := t.Find(place)
	if n == None {
		return nil
	}
	trail := t.Trail(n)
	path := make([]byte, 0, 4*len(trail))
	for _, a := range trail {
		path = binary.BigEndian.AppendUint32(path, uint32(t.ids[a]))
	}
	return path
}

// Leaves counts the places of a level in the subtree of n.
func (t *Tree) Leaves(n Node, level division.Level) int {
	count := 0
	for _, l := range t.levels[n:t.ends[n]] {
		if l == level {
			count++
		}
	}
	return count
}
