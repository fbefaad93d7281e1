package evaluation

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/sunburst"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// weightsView is the tree of weights: as a sunburst and as a table.
type weightsView struct {
	scene
	Arcs  []arcView
	Rows  []treeView
	Notes []string // how the weights came about
}

// arcView is a node in the sunburst.
type arcView struct {
	sunburst.Arc
	Text string // what it is, for the pointer and for readers of the screen
}

// treeView is a node in the table, indented by its depth.
type treeView struct {
	Name, Within, Whole string // per cent
	Depth, Shade        int    // the colour of its piece
	Href                string
}

func (e *Evaluation) weights(r *web.Request) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	v := weightsView{scene: sceneOf(r, run, out, weightsTab)}
	shades := map[int]int{}
	for _, a := range sunburst.Arcs(out) {
		n := out.Nodes[a.Node]
		shades[a.Node] = a.Shade
		v.Arcs = append(v.Arcs, arcView{a, title(n) + " " + percent(float64(n.Effective)) + " %"})
	}
	v.rows(out, shades, out.Top(), 0, 1)
	scheme, table, err := e.madeOf(r, run)
	if err != nil {
		return nil, err
	}
	again, err := result.Compute(scheme, table, result.Options{Methods: rating.Methods()})
	if v.Refused, err = r.Refused(err); err != nil {
		return nil, err
	}
	v.Notes = notes(r, again)
	return web.View("evaluation/weights", web.Page{Title: r.T("evaluation.weights"), Place: run.Place,
		Data: v, Trail: trail(r, run)}), nil
}

// notes are what a computation has to tell of its weights: consistency, the pair in doubt, fitness.
func notes(r *web.Request, of result.Result) (all []string) {
	for _, n := range of.Notes {
		all = append(all, r.T(n.Key, n.Args...))
	}
	return all
}

// rows lists a node and what lies under it.
func (v *weightsView) rows(out result.Result, shades map[int]int, node, depth int, within float64) {
	n := out.Nodes[node]
	v.Rows = append(v.Rows, treeView{Name: title(n), Within: percent(within),
		Whole: percent(float64(n.Effective)), Depth: depth, Shade: shades[node],
		Href: v.Self + "?node=" + n.Code})
	sum := 0.0
	children := out.Children(node)
	for _, c := range children {
		sum += math.Abs(float64(out.Nodes[c].Weight))
	}
	for _, c := range children {
		v.rows(out, shades, c, depth+1,
			math.Abs(float64(out.Nodes[c].Weight))/max(sum, math.SmallestNonzeroFloat64))
	}
}
