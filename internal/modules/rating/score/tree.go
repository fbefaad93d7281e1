package score

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Node is an indicator or an aggregate in a compiled scheme.
type Node struct {
	Code, Name string
	Level      int   // 1 for indicators
	Parent     int   // -1 at the top
	Children   []int // nodes, in the order of the scheme; nil for indicators
	Weight     float64
}

// tree is the hierarchy: indicators in the order of the scheme, then aggregates by level.
type tree struct {
	nodes      []Node
	indicators int
	levels     [][]int // aggregates from level 2 on
	at         map[string]int
}

// weightOf is a weight, 1 where none is written.
func weightOf(w *float64) float64 {
	if w == nil {
		return 1
	}
	return *w
}

// grow builds the hierarchy of a scheme and tells everything that keeps it from being one.
func grow(s Scheme) (tree, []fault.Finding) {
	g := grower{scheme: s, at: map[string]int{}}
	g.name()
	g.link()
	if fault.Stops(g.findings) {
		return tree{}, g.findings
	}
	g.climb()
	g.weigh()
	if fault.Stops(g.findings) {
		return tree{}, g.findings
	}
	return g.sorted(), g.findings
}

// grower is a hierarchy being built: nodes in the order of the scheme.
type grower struct {
	scheme   Scheme
	nodes    []Node
	parents  []string
	at       map[string]int
	findings []fault.Finding
}

func (g *grower) wrong(key string, args ...any) {
	g.findings = append(g.findings, fault.Wrong(key, args...))
}

// name takes all nodes and refuses codes that are empty or stand twice.
func (g *grower) name() {
	add := func(n Node, parent string) {
		if _, twice := g.at[n.Code]; twice || n.Code == "" {
			g.wrong("rating.scheme_code_repeated", n.Code)
			return
		}
		g.at[n.Code] = len(g.nodes)
		g.nodes = append(g.nodes, n)
		g.parents = append(g.parents, parent)
	}
	for _, i := range g.scheme.Indicators {
		add(Node{Code: i.Code, Name: i.Name, Level: 1, Parent: -1, Weight: weightOf(i.Weight)}, i.Parent)
	}
	for _, a := range g.scheme.Aggregates {
		add(Node{Code: a.Code, Name: a.Name, Level: a.Level, Parent: -1, Weight: weightOf(a.Weight),
			Children: []int{}}, a.Parent)
	}
	if len(g.scheme.Indicators) == 0 {
		g.wrong("rating.scheme_empty")
	}
}

// link finds parents and refuses those unknown, and cycles.
func (g *grower) link() {
	for i, parent := range g.parents {
		if parent == "" {
			continue
		}
		p, known := g.at[parent]
		if !known || g.nodes[p].Children == nil {
			g.wrong("rating.scheme_parent_unknown", g.nodes[i].Code, parent)
			continue
		}
		g.nodes[i].Parent = p
		g.nodes[p].Children = append(g.nodes[p].Children, i)
	}
	for i, n := range g.nodes {
		steps := 0
		for p := n.Parent; p >= 0 && steps <= len(g.nodes); p = g.nodes[p].Parent {
			if p == i {
				g.wrong("rating.scheme_cycle", n.Code)
				break
			}
			steps++
		}
		if n.Children != nil && len(n.Children) == 0 {
			g.wrong("rating.scheme_childless", n.Code)
		}
	}
}

// climb gives every aggregate its level and refuses a child that does not stand just below its parent.
func (g *grower) climb() {
	var level func(i int) int
	level = func(i int) int {
		n := &g.nodes[i]
		if n.Level > 0 {
			return n.Level
		}
		highest := 0
		for _, c := range n.Children {
			highest = max(highest, level(c))
		}
		n.Level = highest + 1
		return n.Level
	}
	for i := range g.nodes {
		level(i)
	}
	for _, n := range g.nodes {
		if n.Parent >= 0 && g.nodes[n.Parent].Level != n.Level+1 {
			g.wrong("rating.scheme_level_skipped", n.Code, n.Level, g.nodes[n.Parent].Code,
				g.nodes[n.Parent].Level)
		}
	}
}

// weigh refuses weights that are negative or no numbers, and groups in which all are 0.
func (g *grower) weigh() {
	for _, n := range g.nodes {
		if !(n.Weight >= 0 && n.Weight <= weightMax) {
			g.wrong("rating.scheme_weight_negative", n.Code, n.Weight)
		}
		if n.Children != nil && !slices.ContainsFunc(n.Children,
			func(c int) bool { return g.nodes[c].Weight != 0 }) {
			g.wrong("rating.scheme_weights_zero", n.Code)
		}
	}
}

// weightMax bounds a weight, so that sums stay finite.
const weightMax = 1e100

// sorted puts indicators first and aggregates by level, and renumbers.
func (g *grower) sorted() tree {
	order := make([]int, len(g.nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return g.nodes[a].Level - g.nodes[b].Level })
	place := make([]int, len(order))
	for now, before := range order {
		place[before] = now
	}
	t := tree{indicators: len(g.scheme.Indicators), at: map[string]int{}}
	for now, before := range order {
		n := g.nodes[before]
		if n.Parent >= 0 {
			n.Parent = place[n.Parent]
		}
		children := n.Children
		if children != nil {
			n.Children = make([]int, len(children))
			for i, c := range children {
				n.Children[i] = place[c]
			}
			for len(t.levels) < n.Level-1 {
				t.levels = append(t.levels, nil)
			}
			t.levels[n.Level-2] = append(t.levels[n.Level-2], now)
		}
		t.nodes = append(t.nodes, n)
		t.at[n.Code] = now
	}
	return t
}

// effective is the weight of each node in its root: its share among its siblings times its parent's; 1 at
// the top.
func (t tree) effective(weights []float64) []float64 {
	out := make([]float64, len(t.nodes))
	for i := len(t.nodes) - 1; i >= 0; i-- {
		n := t.nodes[i]
		if n.Parent < 0 {
			out[i] = 1
		}
		sum := 0.0
		for _, c := range n.Children {
			sum += weights[c]
		}
		for _, c := range n.Children {
			out[c] = weights[c] / sum * out[i]
		}
	}
	return out
}

// under lists the indicators below a node, in the order of the scheme.
func (t tree) under(node int) []int {
	if t.nodes[node].Children == nil {
		return []int{node}
	}
	var found []int
	for _, c := range t.nodes[node].Children {
		found = append(found, t.under(c)...)
	}
	slices.Sort(found)
	return found
}

// above is the ancestor of a node at a level, the node itself at its own; -1 where there is none.
func (t tree) above(node, level int) int {
	for node >= 0 && t.nodes[node].Level < level {
		node = t.nodes[node].Parent
	}
	return node
}
