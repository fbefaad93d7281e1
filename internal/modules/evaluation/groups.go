package evaluation

import (
	"maps"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// groupsView is the page of ranks within groups.
type groupsView struct {
	scene
	Time, Node, Group pickView
	Groups            []groupView
	Caption           string
	Panel             bool
}

// groupView is a group with its areas, the best first.
type groupView struct {
	Name, Mean string
	Areas      []memberView
}

type memberView struct {
	Name, Href, Score string
	Within, Of, Whole int
}

// groupNames are the columns of groups, in order.
func groupNames(out result.Result) []string { return slices.Sorted(maps.Keys(out.Groups)) }

func (e *Evaluation) groups(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, groupsTab)
	if err != nil {
		return nil, err
	}
	names := groupNames(out)
	if len(names) == 0 {
		return nil, fault.New(fault.NotFound, "evaluation.no_groups")
	}
	time, node := chosen(r, out)
	group := names[0]
	if slices.Contains(names, r.Field("group")) {
		group = r.Field("group")
	}
	v := groupsView{scene: s, Time: timePick(r, out, time), Node: nodePick(r, out, "node", node),
		Group: pickView{Name: "group", Label: r.T("evaluation.pick.group")}, Panel: out.Times != nil,
		Caption: r.T("evaluation.caption", title(out.Nodes[node]), time)}
	scheme, _, err := e.madeOf(r, s.Run)
	if err != nil {
		return nil, err
	}
	for _, code := range names {
		v.Group.Options = append(v.Group.Options, choiceView{code, scheme.GroupTitle(code), code == group})
	}
	sum := 0.0
	for _, m := range study.Within(out, node, group, time) {
		if len(v.Groups) == 0 || v.Groups[len(v.Groups)-1].Name != m.Group {
			v.Groups, sum = append(v.Groups, groupView{Name: m.Group}), 0
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Areas = append(g.Areas, memberView{out.Name(m.Row), areaHref(s.Self, out.Areas[m.Row], time),
			display.Short(out.Nodes[node].Scores[m.Row]), m.Within, m.Of, out.Nodes[node].Ranks[m.Row]})
		sum += float64(out.Nodes[node].Scores[m.Row])
		g.Mean = display.Short(result.Number(sum / float64(len(g.Areas))))
	}
	return web.View("evaluation/groups", web.Page{Title: r.T("evaluation.groups"), Place: s.Run.Place,
		Data: v, Trail: trail(r, s.Run)}), nil
}

// Share is how far down its group an area is, in words: 2 / 9.
func (m memberView) Share() string { return strconv.Itoa(m.Within) + " / " + strconv.Itoa(m.Of) }
