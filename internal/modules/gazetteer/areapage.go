package gazetteer

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func areaAddress(id int64) string { return "/areas/" + strconv.FormatInt(id, 10) }

// areaRow is a line of the list of areas.
type areaRow struct {
	territory.Area
	members int
}

// areas lists the areas in force on a day; there are few, so they come at once.
func (g *Gazetteer) areas(r *web.Request) (web.Answer, error) {
	var options []web.Option
	for _, k := range territory.AreaKinds {
		options = append(options, web.Option{Value: string(k), Text: r.T("territory.area.kind." +
			string(k))})
	}
	list := web.List[areaRow]{
		Name: "gazetteer.areas",
		Columns: []web.Column[areaRow]{
			{Key: "name", Cell: func(a areaRow) web.Cell {
				return web.Cell{Text: a.Name(r.Language), Href: areaAddress(a.ID)}
			}},
			{Key: "kind", Cell: func(a areaRow) web.Cell {
				return web.Cell{Text: r.T("territory.area.kind." + string(a.Kind))}
			}},
			{Key: "members", Number: true, Cell: func(a areaRow) web.Cell {
				return web.Cell{Text: strconv.Itoa(a.members), Value: int64(a.members)}
			}},
			{Key: "since", Cell: func(a areaRow) web.Cell { return web.Cell{Text: string(a.Since)} }},
			{Key: "until", Cell: func(a areaRow) web.Cell { return web.Cell{Text: shownEnd(r, a.Until)} }},
			{Key: "mark", Cell: func(a areaRow) web.Cell { return markCell(r, a.Mark) }},
			{Key: "label", Hidden: true, Cell: func(a areaRow) web.Cell { return web.Cell{Text: a.Label} }},
		},
		Filters: []web.Filter{{Key: "on", Kind: web.DateFilter}, {Key: "kind", Kind: web.Choice,
			Options: options}},
		AboveView: "gazetteer/areas-above",
		Above:     g.places.MayTop(r.Context()) == nil,
		Load:      g.loadAreas,
	}
	return list.Answer(r)
}

func (g *Gazetteer) loadAreas(ctx context.Context, q web.Query) (web.Rows[areaRow], error) {
	var rows web.Rows[areaRow]
	on := g.host.Today()
	if text := q.Filter["on"]; text != "" {
		day, err := period.ParseDate(text)
		if err != nil {
			return rows, fault.New(fault.Invalid, "web.date", text)
		}
		on = day
	}
	list, err := g.places.Areas(ctx, on)
	if err != nil {
		return rows, err
	}
	counts, err := g.places.MemberCounts(ctx, on)
	for _, a := range list {
		if kind := q.Filter["kind"]; kind == "" || kind == string(a.Kind) {
			rows.Items = append(rows.Items, areaRow{a, counts[a.ID]})
		}
	}
	rows.Total.N = int64(len(rows.Items))
	return rows, err
}

// shownEnd is the last day of what ends, in words if it does not.
func shownEnd(r *web.Request, until period.Date) string {
	if until == period.Open {
		return r.T("gazetteer.open")
	}
	return string(until.AddDays(-1))
}

func markCell(r *web.Request, mark string) web.Cell {
	if mark == territory.Unverified {
		return web.Cell{Text: r.T("mark.unverified"), Status: "due"}
	}
	return web.Cell{}
}

// areaView is the page of an area on a day.
type areaView struct {
	territory.Area
	Heading string
	Kind    string
	On      period.Date
	Day     dayView
	Last    string
	Mark    bool
	Members []memberView
	Form    []web.Field
	Refusal *web.Refused
}

type memberView struct {
	childView
	Path        string
	Since, Last string
	Mark        bool
	Outside     bool // of the city
}

func (g *Gazetteer) area(r *web.Request) (web.Answer, error) { return g.showArea(r, nil) }

func (g *Gazetteer) showArea(r *web.Request, refused error) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	on, err := g.day(r)
	if err != nil {
		return nil, err
	}
	a, list, err := g.places.Area(r.Context(), id, on)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(r.Context(), on)
	if err != nil {
		return nil, err
	}
	v := areaView{Area: a, Heading: a.Name(r.Language), Kind: r.T("territory.area.kind." + string(a.Kind)),
		On: on, Day: g.dayForm(on, areaAddress(id)), Last: shownEnd(r, a.Until),
		Mark: a.Mark == territory.Unverified}
	top, err := g.start(r, t)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		v.Members = append(v.Members, g.member(r, t, top, m))
	}
	if g.places.MayTop(r.Context()) == nil {
		v.Form = g.memberFields(r)
	}
	if v.Refusal, err = refusal(r, refused); err != nil {
		return nil, err
	}
	r.ErrorsBeside(refused, v.Form)
	return web.View("gazetteer/area", web.Page{Title: v.Heading, Data: v, Wide: true,
		Status: web.StatusOf(refused), Trail: []web.Crumb{{Text: r.T("gazetteer.menu.areas"), Href: "/areas"},
			{Text: v.Heading}}}), nil
}

func (g *Gazetteer) member(r *web.Request, t *tree.Tree, top tree.Node, m territory.Member) memberView {
	v := memberView{Since: string(m.Since), Last: shownEnd(r, m.Until),
		Mark: m.Mark == territory.Unverified}
	n := t.Find(m.Place)
	if n == tree.None { // its own end has been entered, that of its membership has not
		v.ID, v.Name, v.Href = m.Place, "#"+strconv.FormatInt(m.Place, 10), g.places.Address(m.Place,
			t.On())
		return v
	}
	v.childView = g.child(t, n)
	v.KindText = kindText(r, t.Kind(n))
	v.Path = territory.Above(t, n)
	v.Outside = top != tree.None && !t.Inside(n, top)
	return v
}

func (g *Gazetteer) memberFields(r *web.Request) []web.Field {
	return []web.Field{
		{Name: "places", Label: r.T("gazetteer.member.places"), Kind: "long", Value: r.Field("places"),
			Required: true, Help: r.T("gazetteer.places.help")},
		{Name: "since", Label: r.T("gazetteer.member.since"), Kind: "date", Required: true,
			Value: orToday(r, "since")},
		{Name: "leaving", Label: r.T("gazetteer.member.leaving"), Kind: "check", Value: r.Field("leaving")},
	}
}

// orToday is a field's value, or today if nothing was entered.
func orToday(r *web.Request, name string) string {
	if v := r.Field(name); v != "" {
		return v
	}
	return string(r.Today())
}

// setMembers lets places join or leave.
func (g *Gazetteer) setMembers(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	m := territory.Membership{Area: id, Leaving: r.Field("leaving") == "1"}
	m.On, err = r.Date("since")
	if err == nil {
		m.Places, err = g.named(r.Context(), m.On, strings.Split(r.Field("places"), "\n"))
	}
	if err == nil {
		err = g.places.SetMembers(r.Context(), m)
	}
	if mendable(err) {
		return g.showArea(r, err)
	}
	if err != nil {
		return nil, err
	}
	return withDone(areaAddress(id), "members"), nil
}

// areaFormView is the page on which an area is entered.
type areaFormView struct {
	Fields  []web.Field
	Refusal *web.Refused
}

func (g *Gazetteer) newArea(r *web.Request) (web.Answer, error) { return g.areaForm(r, nil) }

func (g *Gazetteer) areaForm(r *web.Request, refused error) (web.Answer, error) {
	if err := g.places.MayTop(r.Context()); err != nil {
		return nil, err
	}
	refusal, err := refusal(r, refused)
	if err != nil {
		return nil, err
	}
	var kinds []web.Option
	for _, k := range territory.AreaKinds {
		kinds = append(kinds, web.Option{Value: string(k), Text: r.T("territory.area.kind." + string(k))})
	}
	text := func(name, kind string, required bool) web.Field {
		return web.Field{Name: name, Label: r.T("gazetteer.area." + name), Kind: kind, Value: r.Field(name),
			Required: required}
	}
	v := areaFormView{Refusal: refusal, Fields: []web.Field{text("zh", "text", true), text("en", "text",
		true),
		text("label", "text", true), text("kind", "choice", true), text("since", "date", true),
		text("last", "date", false), text("document", "text", false), text("note", "long", false)}}
	v.Fields[2].Help, v.Fields[3].Options = r.T("gazetteer.area.label.help"), kinds
	v.Fields[4].Value = orToday(r, "since")
	return web.View("gazetteer/area-new", web.Page{Title: r.T("gazetteer.area.new"), Data: v,
		Status: web.StatusOf(refused), Trail: []web.Crumb{{Text: r.T("gazetteer.menu.areas"), Href: "/areas"},
			{Text: r.T("gazetteer.area.new")}}}), nil
}

func (g *Gazetteer) createArea(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	a := territory.Area{Chinese: r.Field("zh"), English: r.Field("en"), Label: r.Field("label"),
		Kind: territory.AreaKind(r.Field("kind")), Document: r.Field("document"), Note: r.Field("note")}
	var last period.Date
	var err error
	if a.Since, err = r.Date("since"); err == nil {
		last, err = r.Date("last")
	}
	if last != "" {
		a.Until = last.AddDays(1)
	}
	var id int64
	if err == nil {
		id, err = g.places.CreateArea(r.Context(), a)
	}
	if mendable(err) {
		return g.areaForm(r, err)
	}
	if err != nil {
		return nil, err
	}
	return withDone(areaAddress(id), "area"), nil
}
