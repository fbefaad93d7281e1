package evaluation

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// weightsView is the tree of weights: as a sunburst and as a table.
type weightsView struct {
	scene
	Arcs []arcView
	Rows []treeView
}

// arcView is a node in the sunburst.
type arcView struct {
	Path  template.HTMLAttr // d="…"
	Text  string            // what it is, for the pointer and for readers of the screen
	Shade int               // 0 to 5, by the part it belongs to
}

// treeView is a node in the table, indented by its depth.
type treeView struct {
	Name, Within, Whole string // per cent
	Depth               int
	Href                string
}

func (e *Evaluation) weights(r *web.Request) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	v := weightsView{scene: sceneOf(r, run, out, weightsTab)}
	s := sunburst{out: out, view: &v, rings: out.Nodes[out.Top()].Level - 1}
	s.rows(out.Top(), 0, 1)
	s.arcs(out.Top(), 0, 0, 1, 0)
	return web.View("evaluation/weights", web.Page{Title: r.T("evaluation.weights"), Place: run.Place,
		Data: v, Trail: trail(r, run)}), nil
}

// sunburst draws a tree: every node a piece of the ring of its depth, as wide as its effective weight.
type sunburst struct {
	out   result.Result
	view  *weightsView
	rings int
}

// rows lists a node and what lies under it.
func (s sunburst) rows(node, depth int, within float64) {
	n := s.out.Nodes[node]
	s.view.Rows = append(s.view.Rows, treeView{Name: title(n), Within: percent(within),
		Whole: percent(float64(n.Effective)), Depth: depth, Href: s.view.Self + "?node=" + n.Code})
	sum := 0.0
	children := s.out.Children(node)
	for _, c := range children {
		sum += math.Abs(float64(s.out.Nodes[c].Weight))
	}
	for _, c := range children {
		s.rows(c, depth+1, math.Abs(float64(s.out.Nodes[c].Weight))/max(sum, math.SmallestNonzeroFloat64))
	}
}

// arcs draws what lies under a node between two parts of the circle.
func (s sunburst) arcs(node, depth int, from, until float64, shade int) {
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
			shade = i % 6
		}
		if width > 0 {
			s.view.Arcs = append(s.view.Arcs, arcView{s.ring(depth, from, from+width),
				title(n) + " " + percent(float64(n.Effective)) + " %", shade})
			s.arcs(c, depth+1, from, from+width, shade)
		}
		from += width
	}
}

// ring is a piece of a ring between two parts of the circle, in a box from −100 to 100.
func (s sunburst) ring(depth int, from, until float64) template.HTMLAttr {
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
