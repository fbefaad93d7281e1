package gazetteer

import (
	"context"
	"html/template"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// placeView is the page of a place on a day.
type placeView struct {
	ID       int64
	Name     string
	On       period.Date
	Day      dayView
	Stands   bool
	Kind     string
	Level    string
	Code     string
	Category string
	Since    period.Date
	Until    period.Date
	Last     string
	Home     *link
	Mark     bool
	Villages int
	Codes    []codeView
	States   []stateView
	Timeline []actView
	Children []childView
	More     string
	All      int
	Areas    []link
	Cards    []template.HTML
	Heirs    []heirView
	Acts     []link
	Tree     string
}

type link struct{ Text, Href string }

type codeView struct {
	Scheme, Code string
	Since, until period.Date
	Last         string
}

// stateView is one state of the place, with what changed when it began.
type stateView struct {
	Since      period.Date
	Last       string
	Name, Code string
	Kind       string
	Parent     link
	Now        bool
}

// actView is one act in the history of the place.
type actView struct {
	On       period.Date
	Kind     string
	What     []string // what changed
	Cut      int      // further changes that are not told
	Document string
	Note     string
	Mark     bool
	Edition  string
	Ahead    bool
}

type heirView struct {
	link
	Share string
}

// shownChildren is how many children the page of a place shows.
const shownChildren = 50

// place shows who a place is on a day: the front door of all data about it.
func (g *Gazetteer) place(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	on, err := g.day(r)
	if err != nil {
		return nil, err
	}
	record, err := g.places.Record(r.Context(), id, on)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(r.Context(), on)
	if err != nil {
		return nil, err
	}
	w := writer{g, r, record, t, on}
	v := w.view()
	if err := w.around(&v); err != nil {
		return nil, err
	}
	page := web.Page{Title: v.Name, Place: id, Data: v, Wide: true}
	if n := t.Find(id); n != tree.None {
		page.Trail = g.crumbs(t, n, on, g.places.Address)
	}
	return web.View("gazetteer/place", page), nil
}

// writer fills the page of a place.
type writer struct {
	*Gazetteer
	r      *web.Request
	record territory.Record
	tree   *tree.Tree
	on     period.Date
}

func (w writer) view() placeView {
	s, stands := w.record.At(w.on)
	v := placeView{ID: w.record.Place, Name: s.Name, On: w.on, Stands: stands, Last: shownEnd(w.r, s.Until),
		Kind: kindText(w.r, s.Kind), Level: w.r.T("territory.level." + s.Level.String()), Code: s.Code,
		Since: s.Since, Until: s.Until, Tree: w.level(w.record.Place, w.on)}
	v.Day = w.dayForm(w.on, w.places.Address(v.ID, ""))
	v.Day.Tools = true
	if s.Category != 0 {
		v.Category = w.r.T("territory.category." + decimal.Format(int64(s.Category), 0))
	}
	for _, state := range w.record.States {
		v.States = append(v.States, stateView{Since: state.Since, Last: shownEnd(w.r, state.Until),
			Name: state.Name,
			Code: state.Code, Kind: kindText(w.r, state.Kind), Parent: w.parent(state),
			Now: state.Since <= w.on && w.on < state.Until})
	}
	v.Codes = w.codes()
	slices.Reverse(v.States)
	for _, e := range slices.Backward(w.record.Events) {
		v.Timeline = append(v.Timeline, w.told(e))
		v.Mark = v.Mark || e.Mark == territory.Unverified
	}
	for _, a := range w.record.Areas {
		v.Areas = append(v.Areas, link{a.Name(w.r.Language), areaAddress(a.ID)})
	}
	return v
}

// codes are the codes of all schemes, each with the days it held.
func (w writer) codes() []codeView {
	var all []codeView
	add := func(scheme territory.Scheme, code string, since, until period.Date) {
		if n := len(all); n > 0 && all[n-1].Code == code && all[n-1].until == since {
			all[n-1].until, all[n-1].Last = until, shownEnd(w.r, until)
			return
		}
		all = append(all, codeView{w.r.T("territory.scheme." + string(scheme)), code, since, until,
			shownEnd(w.r, until)})
	}
	for _, s := range w.record.States {
		add(territory.Statistical, s.Code, s.Since, s.Until)
	}
	all = slices.DeleteFunc(all, func(c codeView) bool { return c.Code == "" })
	for _, c := range w.record.Codes {
		add(c.Scheme, c.Code, c.Since, c.Until)
	}
	return all
}

// parent is what a state hangs under, as it was called then.
func (w writer) parent(s history.State) link {
	if s.Parent == 0 {
		return link{}
	}
	p, err := w.places.Place(w.r.Context(), s.Parent, s.Since)
	if err != nil {
		return link{Text: "#" + decimal.Format(s.Parent, 0)}
	}
	return link{p.Name, w.places.Address(p.ID, s.Since)}
}

// told puts an act into words.
func (w writer) told(e territory.Event) actView {
	a := actView{On: e.Effective, Kind: w.r.T("territory.act.kind." + string(e.Kind)), Document: e.Document,
		Note: e.Note, Mark: e.Mark == territory.Unverified, Ahead: e.Effective > w.host.Today()}
	if e.Edition != 0 {
		a.Edition = editions.Address(e.Edition)
	}
	for i, s := range w.record.States {
		if s.Event != e.ID {
			continue
		}
		if i == 0 || w.record.States[i-1].Until != s.Since {
			a.What = append(a.What, w.r.T("gazetteer.change.begins", s.Name))
			continue
		}
		a.What = append(a.What, w.differences(w.record.States[i-1], s)...)
	}
	for _, p := range w.record.Parts[e.ID] {
		switch {
		case p.From != w.record.Place && p.To != w.record.Place:
		case len(a.What) >= toldMax:
			a.Cut++
		default:
			a.What = append(a.What, w.passed(w.r.Context(), w.r.T, p, e.Effective))
		}
	}
	return a
}

// toldMax is how many changes an act tells of; a province passes on hundreds of shares.
const toldMax = 12

// differences are what changed between two states that follow each other.
func (w writer) differences(before, after history.State) []string {
	var all []string
	add := func(key, from, to string) {
		if from != to {
			all = append(all, w.r.T(key, nothing(w.r, from), nothing(w.r, to)))
		}
	}
	add("gazetteer.change.name", before.Name, after.Name)
	add("gazetteer.change.code", before.Code, after.Code)
	add("gazetteer.change.kind", kindText(w.r, before.Kind), kindText(w.r, after.Kind))
	if before.Parent != after.Parent {
		add("gazetteer.change.parent", w.parent(before).Text, w.parent(after).Text)
	}
	add("gazetteer.change.category", decimal.Format(int64(before.Category), 0),
		decimal.Format(int64(after.Category), 0))
	return all
}

func nothing(r *web.Request, text string) string {
	if text == "" || text == "0" {
		return r.T("gazetteer.none")
	}
	return text
}

// passed says which share of what went where.
func (g *Gazetteer) passed(ctx context.Context, t func(string, ...any) string, p restate.Part,
	on period.Date) string {
	name := func(place int64, on period.Date) string {
		if place == 0 {
			return t("gazetteer.nowhere")
		}
		found, err := g.places.Place(ctx, place, on)
		if err != nil {
			return "#" + decimal.Format(place, 0)
		}
		return found.Name
	}
	return t("gazetteer.change.passed", name(p.From, on.AddDays(-1)), name(p.To, on),
		territory.Percent(p.Share),
		t("territory.basis."+p.Basis))
}

// around fills in what stands around the place: its home, children, heirs, cards and acts.
func (w writer) around(v *placeView) error {
	home := int64(0)
	if n := w.tree.Find(v.ID); n != tree.None {
		if h := w.tree.Home(n); h != tree.None && h != n {
			home = w.tree.ID(h)
			v.Home = &link{w.tree.Name(h), w.places.Address(home, w.on)}
		}
		v.All, v.Villages = countBelow(w.tree, n), w.tree.Leaves(n, division.Village)
		for _, c := range w.childrenOf(w.tree, below(w.tree, n), 0, shownChildren).Children {
			c.KindText = kindText(w.r, division.Kind(c.Kind))
			v.Children = append(v.Children, c)
		}
		if v.All > shownChildren {
			v.More = v.Tree
		}
	}
	if !v.Stands {
		heirs, err := w.places.Successors(w.r.Context(), v.ID, w.on)
		if err != nil {
			return err
		}
		for _, h := range heirs {
			v.Heirs = append(v.Heirs, heirView{link{h.Name, w.places.Address(h.Place, w.on)},
				territory.Percent(h.Share)})
		}
	}
	var err error
	v.Cards, err = w.r.Cards("place", web.CardSubject{Home: home, ID: v.ID, Place: v.ID, On: w.on})
	if err != nil || !w.r.Can(territory.PermitChange, v.ID) {
		return err
	}
	for _, k := range territory.Kinds {
		v.Acts = append(v.Acts, link{w.r.T("territory.act.kind." + string(k)),
			"/places/" + decimal.Format(v.ID, 0) + "/act?kind=" + string(k)})
	}
	return nil
}
