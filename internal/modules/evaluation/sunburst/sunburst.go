// Package sunburst draws the tree of an index: every node a piece of the ring of its depth, as wide as its
// effective weight is of its siblings'.
//
// # Invariants
//
//  1. Every ring is at most a whole circle, and a piece lies within the piece of its parent.
//  2. A node whose effective weight is 0 has no piece.
//
// # Example
//
// An index of two pillars of weights 1 and 3 has two pieces on the first ring, from 12 o'clock a quarter and
// three quarters of the circle.
package sunburst

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
)

// Shades is how many shades there are: one for each node of the first ring, over and over.
const Shades = 6

// Arc is a node in the sunburst, in a box from −100 to 100.
type Arc struct {
	Node  int
	Path  template.HTMLAttr // d="…"
	Shade int               // 0 to Shades−1, of the node of the first ring that it belongs to
}

// Arcs draws what lies under the top of a result.
func Arcs(out result.Result) []Arc {
	s := &drawing{out: out, rings: out.Nodes[out.Top()].Level - 1}
	s.arcs(out.Top(), 0, 0, 1, 0)
	return s.found
}

type drawing struct {
	out   result.Result
	rings int
	found []Arc
}

// arcs draws what lies under a node between two parts of the circle.
func (s *drawing) arcs(node, depth int, from, until float64, shade int) {
	children := s.out.Children(node)
	sum := 0.0
	for _, c := range children {
		sum += math.Abs(float64(s.out.Nodes[c].Effective))
	}
	if sum == 0 {
		return
	}
	span := until - from
	for i, c := range children {
		n := s.out.Nodes[c]
		width := math.Abs(float64(n.Effective)) / sum * span
		if depth == 0 {
			shade = i % Shades
		}
		if width > 0 {
			s.found = append(s.found, Arc{c, s.ring(depth, from, from+width), shade})
			s.arcs(c, depth+1, from, from+width, shade)
		}
		from += width
	}
}

// ring is a piece of a ring between two parts of the circle, in a box from −100 to 100.
func (s *drawing) ring(depth int, from, until float64) template.HTMLAttr {
	const hole, edge = 24.0, 100.0
	step := (edge - hole) / float64(max(s.rings, 1))
	inner, outer := hole+step*float64(depth), hole+step*float64(depth+1)-1
	until = min(until, from+0.9999) // a whole circle has no arc of its own
	large := 0
	if until-from > 0.5 {
		large = 1
	}
	var b strings.Builder
	at := func(radius, part float64) (x, y float64) {
		sin, cos := math.Sincos(2 * math.Pi * part)
		return radius * sin, -radius * cos
	}
	x1, y1 := at(outer, from)
	x2, y2 := at(outer, until)
	x3, y3 := at(inner, until)
	x4, y4 := at(inner, from)
	fmt.Fprintf(&b, "M%.2f %.2fA%.2f %.2f 0 %d 1 %.2f %.2fL%.2f %.2fA%.2f %.2f 0 %d 0 %.2f %.2fZ", x1, y1,
		outer,
		outer, large, x2, y2, x3, y3, inner, inner, large, x4, y4)
	return template.HTMLAttr(`d="` + b.String() + `"`) // numbers and letters of our own only
}
