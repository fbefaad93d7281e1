package desk

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (d *Desk) pages() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Access: web.Public(), Handle: d.home},
		{Pattern: "GET /inbox", Access: web.SignedIn(), Handle: d.inbox},
		{Pattern: "POST /inbox/decide", Access: web.SignedIn(), Handle: d.decideMany},
		{Pattern: "GET /cases", Access: web.Permitted(ReadCases), Handle: d.cases},
		{Pattern: "GET /cases/{home}/{id}", Access: web.SignedIn(), Handle: d.showCase},
		{Pattern: "POST /cases/{home}/{id}/act", Access: web.SignedIn(), Handle: d.act},
		{Pattern: "POST /cases/{home}/{id}/answer", Access: web.SignedIn(), Handle: d.answer},
		{Pattern: "GET /notices", Access: web.Public(), Handle: d.notices},
		{Pattern: "GET /notices/{home}/{id}", Access: web.Public(), Handle: d.notice},
		{Pattern: "POST /notices/{home}/{id}/object", Access: web.Public(), Handle: d.object},
		{Pattern: "GET /absence", Access: web.SignedIn(), Handle: d.absence},
		{Pattern: "POST /absence", Access: web.SignedIn(), Handle: d.delegate},
		{Pattern: "POST /absence/{id}/end", Access: web.SignedIn(), Handle: d.endAbsence},
		{Pattern: "GET /verify", Access: web.Public(), Handle: d.verify},
		{Pattern: "POST /verify", Access: web.Public(), Handle: d.verify},
		{Pattern: "GET /api", Access: web.Public(), Handle: d.apiPage},
	}
}

// homeView is the home page of somebody signed in.
type homeView struct {
	Items  []itemView
	More   bool
	Pulse  []template.HTML // figures of my place
	Places []homePlace
	Posts  int
}

type homePlace struct {
	ID    int64
	Cards []template.HTML
}

// homeItems is how many cases the home page shows.
const homeItems = 12

// home is the inbox and the pulse of one's place; for the public, the notice board.
func (d *Desk) home(r *web.Request) (web.Answer, error) {
	if !r.Actor.SignedIn() {
		return web.Redirect("/notices"), nil
	}
	v := homeView{Posts: len(r.Actor.Posts)}
	items, err := store.Read(r.Context(), d.host.Store, func(s *store.View) ([]procedure.Item, error) {
		return d.host.Procedures.Inbox(s, r.Actor, procedure.InboxQuery{Limit: homeItems + 1})
	})
	if err != nil {
		return nil, err
	}
	if v.More = len(items) > homeItems; v.More {
		items = items[:homeItems]
	}
	for _, item := range items {
		v.Items = append(v.Items, d.item(r, item))
	}
	seen := map[int64]bool{}
	for _, post := range r.Actor.Posts {
		if post.Place == 0 || seen[post.Place] {
			continue
		}
		seen[post.Place] = true
		cards, err := r.Cards("pulse", web.CardSubject{ID: post.Place, Place: post.Place, On: r.Today()})
		if err != nil {
			return nil, err
		}
		v.Places = append(v.Places, homePlace{post.Place, cards})
	}
	return web.View("desk/home", web.Page{Title: r.T("desk.home"), Data: v, Wide: true}), nil
}

// itemView is a line of the inbox.
type itemView struct {
	procedure.Item
	Title   string
	Address string
	Step    string
	Tone    string
	Left    string
}

func (d *Desk) item(r *web.Request, i procedure.Item) itemView {
	tone, left, dated := d.host.Procedures.Tone(i.Row, r.Today())
	v := itemView{Item: i, Title: inLanguage(r, i.TitleZh, i.TitleEn),
		Address: d.host.Procedures.Address(i.Row), Tone: tone,
		Step: d.stepName(r, i.Row)}
	switch {
	case !dated:
		v.Left = r.T("desk.no_deadline")
	case left >= 0:
		v.Left = r.T("desk.days_left", left)
	default:
		v.Left = r.T("desk.days_over", -left)
	}
	return v
}

func inLanguage(r *web.Request, zh, en string) string {
	if r.Language == locale.English {
		return en
	}
	return zh
}

// stepName is the current step in words. A running case may have a step the definition no longer
// has; its key is better than nothing.
func (d *Desk) stepName(r *web.Request, row procedure.Row) string {
	definition, err := d.host.Procedures.Definition(row.Procedure)
	if err == nil {
		for _, s := range definition.Steps {
			if s.Key == row.Step {
				return s.Title.In(r.Language)
			}
		}
	}
	return row.Step
}

func (d *Desk) procedureName(r *web.Request, key string) string {
	if definition, err := d.host.Procedures.Definition(key); err == nil {
		return definition.Title.In(r.Language)
	}
	return key
}

func (d *Desk) procedureOptions(r *web.Request) []web.Option {
	var options []web.Option
	for _, definition := range d.host.Procedures.Definitions() {
		options = append(options, web.Option{Value: definition.Key,
			Text: definition.Title.In(r.Language)})
	}
	return options
}

// inbox lists what waits for the reader.
func (d *Desk) inbox(r *web.Request) (web.Answer, error) {
	list := web.List[procedure.Item]{
		Name: "desk.inbox",
		Columns: []web.Column[procedure.Item]{
			{Key: "title", Cell: func(i procedure.Item) web.Cell {
				return web.Cell{Text: inLanguage(r, i.TitleZh, i.TitleEn),
					Href: d.host.Procedures.Address(i.Row)}
			}},
			{Key: "procedure", Cell: func(i procedure.Item) web.Cell {
				return web.Cell{Text: d.procedureName(r, i.Procedure)}
			}},
			{Key: "step", Cell: func(i procedure.Item) web.Cell {
				return web.Cell{Text: d.stepName(r,
					i.Row)}
			}},
			{Key: "due", Cell: func(i procedure.Item) web.Cell { return d.dueCell(r, i.Row) }},
			{Key: "left", Cell: func(i procedure.Item) web.Cell {
				v := d.item(r, i)
				return web.Cell{Text: v.Left, Status: v.Tone}
			}},
			{Key: "why", Cell: func(i procedure.Item) web.Cell {
				return web.Cell{Text: r.T("desk.why." +
					string(i.Why))}
			}},
			{Key: "entered", Hidden: true,
				Cell: func(i procedure.Item) web.Cell { return web.Cell{Text: i.Entered.String()} }},
			{Key: "round", Hidden: true, Number: true, Cell: func(i procedure.Item) web.Cell {
				return web.Cell{Text: strconv.Itoa(i.Round), Value: int64(i.Round)}
			}},
		},
		Filters: []web.Filter{{Key: "procedure", Kind: web.Choice, Options: d.procedureOptions(r)}},
		RowID: func(i procedure.Item) string {
			return fmt.Sprintf("%d-%d-%d", i.Home, i.ID, i.Version)
		},
		Bulk: []web.Bulk{
			{Key: "desk.bulk.approve", Action: "/inbox/decide?verb=approve"},
			{Key: "desk.bulk.return", Action: "/inbox/decide?verb=return", Reason: true},
		},
	}
	list.Load = d.loadInbox(r)
	return list.Answer(r)
}

func (d *Desk) dueCell(r *web.Request, row procedure.Row) web.Cell {
	if row.Due == period.Open {
		return web.Cell{Text: r.T("desk.no_deadline"), Value: ""}
	}
	return web.Cell{Text: string(row.Due)}
}

// caseRef reads the case a page is about.
func caseRef(r *web.Request) (procedure.Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return procedure.Ref{}, err
	}
	id, err := r.ID("id")
	return procedure.Ref{Home: home, ID: id}, err
}

// parseRow reads "home-id-version" as the boxes of the inbox carry it.
func parseRow(text string) (ref procedure.Ref, version int64, err error) {
	parts := strings.Split(text, "-")
	bad := fault.New(fault.Invalid, "desk.row", text)
	if len(parts) != 3 {
		return ref, 0, bad
	}
	var numbers [3]int64
	for i, p := range parts {
		if numbers[i], err = strconv.ParseInt(p, 10, 64); err != nil || numbers[i] < 0 {
			return ref, 0, bad
		}
	}
	return procedure.Ref{Home: numbers[0], ID: numbers[1]}, numbers[2], nil
}
