package gazetteer

import (
	"iter"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// pages are the addresses. The names of places are public inside the government: whoever has an
// account may look for them. What is kept about them needs territory.read.
func (g *Gazetteer) pages() []web.Route {
	read, change := web.Permitted(territory.PermitRead), web.Permitted(territory.PermitChange)
	return []web.Route{
		{Pattern: "GET /places", Access: web.SignedIn(), Handle: g.browse},
		{Pattern: "GET /places/suggest", Access: web.SignedIn(), Handle: g.suggest},
		{Pattern: "GET /places/code/{scheme}/{code}", Access: web.SignedIn(), Handle: g.byCode},
		{Pattern: "GET /places/{id}", Access: read, Handle: g.place},
		{Pattern: "GET /places/{id}/children.json", Access: web.SignedIn(), Handle: g.children},
		{Pattern: "GET /places/{id}/act", Access: change, Handle: g.actForm},
		{Pattern: "POST /places/{id}/act", Access: change, Handle: g.act},
		{Pattern: "GET /areas", Access: read, Handle: g.areas},
		{Pattern: "GET /areas/new", Access: change, Handle: g.newArea},
		{Pattern: "POST /areas", Access: change, Handle: g.createArea},
		{Pattern: "GET /areas/{id}", Access: read, Handle: g.area},
		{Pattern: "POST /areas/{id}/members", Access: change, Handle: g.setMembers},
	}
}

func menu() []web.MenuEntry {
	return []web.MenuEntry{
		{Key: "gazetteer.menu.places", Href: "/places", Order: 20},
		{Key: "gazetteer.menu.areas", Href: "/areas", Permit: territory.PermitRead, Order: 21},
	}
}

// day reads the day a page is asked for; without one it is today.
func (g *Gazetteer) day(r *web.Request) (period.Date, error) {
	on, err := r.Date("on")
	if err == nil && on == "" {
		on = g.host.Today()
	}
	return on, err
}

// kindText is a kind of place in words.
func kindText(r *web.Request, k division.Kind) string {
	if k == division.KindUnknown {
		return r.T("territory.kind.unknown")
	}
	return r.T("territory.kind." + string(k))
}

// browseView is the tree, one level at a time, or what a search found.
type browseView struct {
	Query    string
	Found    []territory.Found
	Cut      bool // there may be more
	Linked   bool // the reader may open a place's page
	Day      dayView
	Top      string // address of the top
	Here     *childView
	Trail    []web.Crumb
	Children []childView
	Next     string
	Tops     bool
	Empty    bool
}

// childView is a place in a list of places.
type childView struct {
	ID       int64  `json:"id"`
	Code     string `json:"code,omitempty"`
	Name     string `json:"name"`
	Kind     string `json:"kind,omitempty"`
	Level    string `json:"level"`
	Children int    `json:"children"`
	Villages int    `json:"villages"`
	KindText string `json:"-"`
	Open     string `json:"-"`    // address of its level of the tree
	Href     string `json:"href"` // empty: the reader may not open it
}

// childrenMax is how many children are given at a time: some 20 KB.
const childrenMax = 100

// browse shows the places below one, beginning with one's city; or finds places.
func (g *Gazetteer) browse(r *web.Request) (web.Answer, error) {
	v := browseView{Query: r.Field("q"), Linked: !r.Scope(territory.PermitRead).Empty()}
	page := web.Page{Title: r.T("gazetteer.places"), Wide: true}
	if v.Query != "" {
		v.Found = g.places.Search(v.Query, territory.FoundMax)
		v.Cut = len(v.Found) == territory.FoundMax
		page.Data = v
		return web.View("gazetteer/places", page), nil
	}
	on, err := g.day(r)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(r.Context(), on)
	if err != nil {
		return nil, err
	}
	v.Empty, v.Top = t.Len() == 0, g.level(0, on)
	n, err := g.start(r, t)
	if err != nil {
		return nil, err
	}
	after, err := strconv.Atoi("0" + r.Field("after"))
	if err != nil {
		return nil, fault.New(fault.Invalid, "web.cursor")
	}
	list := g.childrenOf(t, below(t, n), after, childrenMax)
	for i := range list.Children {
		list.Children[i].KindText = kindText(r, division.Kind(list.Children[i].Kind))
		list.Children[i].Open = g.level(list.Children[i].ID, on)
		if !v.Linked {
			list.Children[i].Href = ""
		}
	}
	v.Children = list.Children
	if list.Next > 0 {
		v.Next = g.level(idOf(t, n), on) + "&after=" + strconv.Itoa(list.Next)
	}
	if v.Tops = n == tree.None; !v.Tops {
		here := g.child(t, n)
		here.KindText = kindText(r, t.Kind(n))
		v.Here = &here
		page.Place, page.Trail = here.ID, g.crumbs(t, n, on, g.level)
	}
	v.Day = g.dayForm(on, g.level(idOf(t, n), g.host.Today()))
	v.Day.Keep = []hidden{{"in", strconv.FormatInt(idOf(t, n), 10)}}
	page.Data = v
	return web.View("gazetteer/places", page), nil
}

// dayView is the form that asks for another day.
type dayView struct {
	On, Today period.Date
	Here      string // the same page of today
	Keep      []hidden
	Tools     bool // the page can be printed
}

type hidden struct{ Name, Value string }

func (g *Gazetteer) dayForm(on period.Date, here string) dayView {
	return dayView{On: on, Today: g.host.Today(), Here: here}
}

// level is the address of the tree's level below a place; 0 is the top.
func (g *Gazetteer) level(place int64, on period.Date) string {
	a := "/places?in=" + strconv.FormatInt(place, 10)
	if on != g.host.Today() {
		a += "&on=" + string(on)
	}
	return a
}

func idOf(t *tree.Tree, n tree.Node) int64 {
	if n == tree.None {
		return 0
	}
	return t.ID(n)
}

// start is the place whose level is shown: the one asked for, else the city of the installation.
func (g *Gazetteer) start(r *web.Request, t *tree.Tree) (tree.Node, error) {
	if r.Field("in") != "" {
		in, err := r.Number("in")
		if err != nil || in == 0 {
			return tree.None, err
		}
		if n := t.Find(in); n != tree.None {
			return n, nil
		}
		return tree.None, fault.New(fault.NotFound, "territory.absent", "#"+r.Field("in"), string(t.On()))
	}
	return g.places.CityIn(t), nil
}

// crumbs are the way to a node, groupings left out.
func (g *Gazetteer) crumbs(t *tree.Tree, n tree.Node, on period.Date,
	address func(int64, period.Date) string) []web.Crumb {
	var all []web.Crumb
	for _, a := range t.Trail(n) {
		if t.Kind(a) == division.Grouping && a != n {
			continue
		}
		c := web.Crumb{Text: t.Name(a), Href: address(t.ID(a), on)}
		if a == n {
			c.Href = ""
		}
		all = append(all, c)
	}
	return all
}

func (g *Gazetteer) child(t *tree.Tree, n tree.Node) childView {
	c := childView{ID: t.ID(n), Code: t.Code(n), Name: t.Name(n), Kind: string(t.Kind(n)),
		Level: t.Level(n).String(), Children: countBelow(t, n), Href: g.places.Address(t.ID(n), t.On())}
	if t.Level(n) < division.Village {
		c.Villages = t.Leaves(n, division.Village)
	}
	return c
}

// childList is a part of the children of a place.
type childList struct {
	Children []childView `json:"children"`
	Next     int         `json:"next,omitempty"` // give it as after for the rest; absent at the end
}

// childrenOf are up to limit places behind so many of those given.
func (g *Gazetteer) childrenOf(t *tree.Tree, all iter.Seq[tree.Node], after, limit int) childList {
	list := childList{Children: []childView{}}
	at := 0
	for c := range all {
		at++
		if at <= after {
			continue
		}
		if len(list.Children) == limit {
			list.Next = at - 1
			break
		}
		list.Children = append(list.Children, g.child(t, c))
	}
	return list
}

// below walks the places directly below a node as people see them: what lies in a grouping stands in
// its place.
func below(t *tree.Tree, n tree.Node) iter.Seq[tree.Node] {
	return func(yield func(tree.Node) bool) {
		for c := range t.Children(n) {
			if t.Kind(c) != division.Grouping {
				if !yield(c) {
					return
				}
				continue
			}
			for inner := range below(t, c) {
				if !yield(inner) {
					return
				}
			}
		}
	}
}

func countBelow(t *tree.Tree, n tree.Node) int {
	count := 0
	for range below(t, n) {
		count++
	}
	return count
}

// children answers with the children of a place; 0 is the top.
func (g *Gazetteer) children(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	on, err := g.day(r)
	if err != nil {
		return nil, err
	}
	after, err := r.Number("after")
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(r.Context(), on)
	if err != nil {
		return nil, err
	}
	n := t.Find(id)
	if id != 0 && n == tree.None {
		return nil, fault.New(fault.NotFound, "territory.absent", "#"+r.PathValue("id"), string(on))
	}
	return web.JSON(g.childrenOf(t, t.Children(n), int(after), childrenMax)), nil
}

// offer is what the field of a place offers while somebody types.
type offer struct {
	ID   int64  `json:"id"`
	Code string `json:"code"` // what is put into the field: the code, or #id of a place without one
	Name string `json:"name"`
	Path string `json:"path"`
	Href string `json:"href"`
}

type offers struct {
	Places []offer `json:"places"`
}

// suggest finds places while somebody types.
func (g *Gazetteer) suggest(r *web.Request) (web.Answer, error) {
	all := offers{Places: []offer{}}
	for _, f := range g.places.Search(r.Field("q"), territory.FoundMax) {
		o := offer{ID: f.ID, Code: f.Code, Name: f.Name, Path: f.Path, Href: g.places.Address(f.ID, "")}
		if o.Code == "" {
			o.Code = "#" + strconv.FormatInt(f.ID, 10)
		}
		all.Places = append(all.Places, o)
	}
	return web.JSON(all), nil
}

// byCode leads to the place a code means on a day, or meant last.
func (g *Gazetteer) byCode(r *web.Request) (web.Answer, error) {
	on, err := r.Date("on")
	if err != nil {
		return nil, err
	}
	p, err := g.places.ByCode(r.Context(), territory.Scheme(r.PathValue("scheme")), r.PathValue("code"), on)
	if err != nil {
		return nil, err
	}
	if on == "" && !p.Stands {
		on = p.Until.AddDays(-1)
	}
	return web.Redirect(g.places.Address(p.ID, on)), nil
}
