package evaluation

import (
	"html/template"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/chart"
)

// relationsView is the page of how nodes go together: a scatter of two, the coordination of several, and how
// unequal areas are in one.
type relationsView struct {
	scene
	Time      pickView
	X, Y      pickView
	Scatter   template.HTML
	Pairs     []pairView // what is drawn
	Together  string
	Systems   []choiceView
	Form      pickView
	Coupling  *couplingView
	Node      pickView
	Group     pickView
	Unequal   []unequalView
	Groups    bool // within and between are shown
	ShowsTime bool
	scheme    score.Scheme
}

type pairView struct{ Name, X, Y string }

// couplingView is the coordination of subsystems.
type couplingView struct {
	Plane   template.HTML
	Caption string
	Names   []string
	Scales  []string
	Rows    []coupledView
	Left    []string
	Typed   bool // of two subsystems: which lags
	Refused *web.Refused
}

type coupledView struct {
	Name, Href                    string
	Systems                       []string
	Coupling, Level, Coordination string
	Grade, Type                   string
}

type unequalView struct {
	Time                                    string
	Areas                                   int
	Gini, TheilT, TheilL, Hoover, Variation string
	Within, Between                         string
	Refused                                 string
}

func (e *Evaluation) relations(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, relationsTab)
	if err != nil {
		return nil, err
	}
	time, node := chosen(r, out)
	v := relationsView{scene: s, Time: timePick(r, out, time), Node: nodePick(r, out, "node", node),
		ShowsTime: out.Times != nil}
	v.scatter(r, out, time)
	if err := e.couple(r, &v, out, time); err != nil {
		return nil, err
	}
	v.unequal(r, out, node)
	return web.View("evaluation/relations", web.Page{Title: r.T("evaluation.relations"), Place: s.Run.Place,
		Data: v, Trail: trail(r, s.Run)}), nil
}

// upper are the nodes right under the top: the subsystems of an index, if it has more than one.
func upper(out result.Result) []int { return out.Children(out.Top()) }

// scatter draws two nodes against each other and states the correlation.
func (v *relationsView) scatter(r *web.Request, out result.Result, time string) {
	x, y := out.Top(), 0
	if children := upper(out); len(children) > 1 {
		x, y = children[0], children[1]
	}
	x, y = nodeAsked(r, out, "x", x), nodeAsked(r, out, "y", y)
	v.X, v.Y = nodePick(r, out, "x", x), nodePick(r, out, "y", y)
	xs, ys := study.Figures(out, x), study.Figures(out, y)
	var points []chart.Point
	for _, row := range out.Rows(time) {
		points = append(points, chart.Point{X: xs[row], Y: ys[row], Name: out.Name(row)})
		v.Pairs = append(v.Pairs, pairView{out.Name(row), display.Figure(result.Number(xs[row])),
			display.Figure(result.Number(ys[row]))})
	}
	v.Scatter = chart.Points(chart.Axes{Label: title(out.Nodes[x]) + " × " + title(out.Nodes[y]),
		X: title(out.Nodes[x]), Y: title(out.Nodes[y])}, points)
	c := study.Correlate(out, time, x, y)
	key := "evaluation.correlated"
	if !(c.P < significant) {
		key = "evaluation.uncorrelated"
	}
	v.Together = r.T(key, c.Areas, display.Fixed(c.Pearson, 3), display.Fixed(c.Spearman, 3),
		display.Probability(c.P))
}

// couplingForms are the formulas that can be chosen.
var couplingForms = []relation.Form{relation.Geometric, relation.Wang}

// couple fills the coordination of the chosen nodes.
func (e *Evaluation) couple(r *web.Request, v *relationsView, out result.Result, time string) error {
	form := relation.Geometric
	v.Form = pickView{Name: "form", Label: r.T("evaluation.pick.form")}
	for _, f := range couplingForms {
		if r.Field("form") == string(f) {
			form = f
		}
	}
	for _, f := range couplingForms {
		v.Form.Options = append(v.Form.Options, choiceView{string(f), r.T("evaluation.form." + string(f)),
			f == form})
	}
	systems := systemsAsked(r, out)
	for i := out.Top() - 1; i >= 0; i-- {
		n := out.Nodes[i]
		chosen := false
		for _, s := range systems {
			chosen = chosen || s == i
		}
		if n.Level > 1 || chosen {
			v.Systems = append(v.Systems, choiceView{n.Code, title(n), chosen})
		}
	}
	scheme, _, err := e.madeOf(r, v.Run)
	if err != nil {
		return err
	}
	c := &couplingView{Typed: len(systems) == 2}
	v.Coupling, v.scheme = c, scheme
	found, err := study.Couple(out, scheme, time, systems, relation.Choice{Form: form})
	if err != nil {
		c.Refused, err = r.Refused(err)
		return err
	}
	c.fill(r, out, systems, found)
	for i := range c.Rows {
		c.Rows[i].Href = areaHref(v.Self, out.Areas[found.Areas[i].Row], time)
	}
	return nil
}

// systemsAsked are the nodes taken as subsystems.
func systemsAsked(r *web.Request, out result.Result) (nodes []int) {
	asked := r.URL.Query()["system"]
	if len(asked) == 0 {
		return upper(out)
	}
	for i, n := range out.Nodes {
		for _, code := range asked {
			if n.Code == code {
				nodes = append(nodes, i)
			}
		}
	}
	return nodes
}

// fill draws the plane and writes the table. Two subsystems are the plane's axes; of more, their level and
// their coupling are.
func (c *couplingView) fill(r *web.Request, out result.Result, systems []int, found study.Coupling) {
	for k, node := range systems {
		c.Names = append(c.Names, title(out.Nodes[node]))
		key := "evaluation.scale.scheme"
		if found.Scales[k].Observed {
			key = "evaluation.scale.observed"
		}
		c.Scales = append(c.Scales, r.T(key, title(out.Nodes[node]),
			display.Short(result.Number(found.Scales[k].Low)),
			display.Short(result.Number(found.Scales[k].High))))
	}
	axes := chart.Axes{Label: r.T("evaluation.plane"), X: r.T("evaluation.level_t"),
		Y: r.T("evaluation.coupling_c"), Until: 1}
	if c.Typed {
		axes.X, axes.Y = c.Names[0], c.Names[1]
	}
	var points []chart.Point
	for _, a := range found.Areas {
		row := coupledView{Name: out.Name(a.Row), Coupling: display.Fixed(a.Coupling, 3),
			Level:        display.Fixed(a.Level, 3),
			Coordination: display.Fixed(a.Coordination.Coordination, 3)}
		if a.Grade > 0 {
			row.Grade = strconv.Itoa(a.Grade) + " " + r.T("evaluation.grade."+strconv.Itoa(a.Grade))
		}
		for _, u := range a.Systems {
			row.Systems = append(row.Systems, display.Fixed(u, 3))
		}
		p := chart.Point{X: a.Level, Y: a.Coupling, Name: row.Name, Shade: gradeShade(a.Grade)}
		if c.Typed {
			p.X, p.Y = a.Systems[0], a.Systems[1]
			row.Type = c.lags(r, a.Type)
		}
		points = append(points, p)
		c.Rows = append(c.Rows, row)
	}
	c.Plane, c.Caption = chart.Points(axes, points), axes.Label
	c.Left = namesOf(out, found.Left)
}

// gradeShade colours a point by its coordination: out of balance, in between, in balance.
func gradeShade(grade int) int {
	switch {
	case grade <= 4:
		return 5
	case grade <= 6:
		return 2
	}
	return 0
}

// lags says which of two subsystems is behind.
func (c *couplingView) lags(r *web.Request, t relation.Type) string {
	switch t {
	case relation.RuralLags:
		return r.T("evaluation.lags", c.Names[1])
	case relation.UrbanLags:
		return r.T("evaluation.lags", c.Names[0])
	}
	return r.T("evaluation.synchronous")
}

// unequal fills how unequal areas are in a node, over the times there are.
func (v *relationsView) unequal(r *web.Request, out result.Result, node int) {
	group := ""
	v.Group = pickView{Name: "group", Label: r.T("evaluation.pick.group"),
		Options: []choiceView{{"", r.T("evaluation.no_group"), true}}}
	for _, name := range groupNames(out) {
		chosen := name == r.Field("group")
		if chosen {
			group, v.Group.Options[0].Chosen = name, false
		}
		v.Group.Options = append(v.Group.Options, choiceView{name, v.scheme.GroupTitle(name), chosen})
	}
	v.Groups = group != ""
	for _, u := range study.Unequal(out, node, group) {
		line := unequalView{Time: u.Time, Areas: u.Areas, Gini: display.Fixed(u.Gini, 4),
			TheilT: display.Fixed(u.TheilT, 4),
			TheilL: display.Fixed(u.TheilL, 4), Hoover: display.Fixed(u.Hoover, 4),
			Variation: display.Fixed(u.Variation, 4)}
		if u.Refused != nil {
			why, err := r.Refused(u.Refused)
			line.Refused = r.T("evaluation.unequal.refused")
			if err == nil && why != nil {
				line.Refused = why.What
			}
		}
		if u.Split != nil {
			line.Within, line.Between = display.Fixed(u.Split.Within, 4), display.Fixed(u.Split.Between, 4)
		}
		v.Unequal = append(v.Unequal, line)
	}
}
