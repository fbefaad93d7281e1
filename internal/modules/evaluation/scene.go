package evaluation

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// scene is what all pages of a run have: the run, and the way to the others.
type scene struct {
	Run     Run
	Self    string
	Tabs    []tabView
	Refused *web.Refused // on this page
}

type tabView struct {
	Text, Href string
	Current    bool
}

// choiceView is an option of a field.
type choiceView struct {
	Value, Text string
	Chosen      bool
}

// pickView is a field to choose from.
type pickView struct {
	Name, Label string
	Options     []choiceView
}

// The pages of a run, by the end of their address.
const (
	rankingTab    = ""
	trendTab      = "/trend"
	groupsTab     = "/groups"
	mapTab        = "/map"
	weightsTab    = "/weights"
	relationsTab  = "/relations"
	auditTab      = "/audit"
	laboratoryTab = "/laboratory"
	changesTab    = "/changes"
	compareTab    = "/compare"
)

// tabWords are the keys of what the pages are called.
var tabWords = map[string]string{rankingTab: "evaluation.ranking", trendTab: "evaluation.trend",
	groupsTab: "evaluation.groups", mapTab: "evaluation.map", weightsTab: "evaluation.weights",
	relationsTab: "evaluation.relations", auditTab: "evaluation.audit",
	laboratoryTab: "evaluation.laboratory", changesTab: "evaluation.changes_all",
	compareTab: "evaluation.compare"}

// sceneOf leads to the pages that a run has: groups where its figures have some, a map where its areas are
// places of the city.
func sceneOf(r *web.Request, run Run, out result.Result, current string) scene {
	s := scene{Run: run, Self: run.Ref().Address()}
	for _, tab := range []string{rankingTab, trendTab, groupsTab, mapTab, weightsTab, relationsTab,
		auditTab, laboratoryTab, changesTab, compareTab} {
		if tab == groupsTab && len(out.Groups) == 0 || tab == mapTab && run.Edition == "" {
			continue
		}
		s.Tabs = append(s.Tabs, tabView{r.T(tabWords[tab]), s.Self + tab, tab == current})
	}
	return s
}

// scened is the run of the address with its result, for a page of it.
func (e *Evaluation) scened(r *web.Request, current string) (scene, result.Result, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return scene{}, out, err
	}
	return sceneOf(r, run, out, current), out, nil
}

// timePick and nodePick let somebody choose what a page is about.
func timePick(r *web.Request, out result.Result, time string) pickView {
	p := pickView{Name: "time", Label: r.T("evaluation.time")}
	for _, t := range out.Periods() {
		p.Options = append(p.Options, choiceView{t, t, t == time})
	}
	return p
}

func nodePick(r *web.Request, out result.Result, name string, node int) pickView {
	p := pickView{Name: name, Label: r.T("evaluation.pick." + name)}
	for i, n := range slices.Backward(out.Nodes) {
		p.Options = append(p.Options, choiceView{n.Code, title(n), i == node})
	}
	return p
}

// nodeAsked is the node that a field names, or another.
func nodeAsked(r *web.Request, out result.Result, name string, usual int) int {
	if asked := out.Find(r.Field(name)); asked >= 0 {
		return asked
	}
	return usual
}

// significant is the p under which a figure is taken for more than chance.
const significant = 0.05
