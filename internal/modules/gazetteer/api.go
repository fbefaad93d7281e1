package gazetteer

import (
	"context"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// endpoints are the operations on places, areas, editions and suggestions.
func (g *Gazetteer) endpoints(a *api.API) {
	mine, read, change := web.SignedIn(), web.Permitted(territory.PermitRead),
		web.Permitted(territory.PermitChange)
	op := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "places",
			Access: need}
	}
	get, post := http.MethodGet, http.MethodPost
	api.Add(a, op(get, "/places", "searchPlaces", "Places of today by name, code or pinyin.", mine),
		g.apiSearch)
	api.Add(a, op(get, "/places/{id}", "getPlace", "A place as of a day.", mine), g.apiPlace)
	api.Add(a, op(get, "/places/{id}/children", "listChildren",
		"What lies directly in a place; 0 is the top.",
		mine), g.apiChildren)
	api.Add(a, op(get, "/places/{id}/history", "getPlaceHistory", "Everything kept about a place.", read),
		g.apiHistory)
	api.Add(a, op(get, "/places/code/{scheme}/{code}", "getPlaceByCode",
		"The place a code means on a day, or meant last.", mine), g.apiByCode)
	api.Add(a, op(post, "/places/{id}/acts", "enterAct", "Enter an act about a place read with its ETag.",
		change), g.apiEnter)
	api.Add(a, op(get, "/areas", "listAreas", "The areas in force on a day.", read), g.apiAreas)
	api.Add(a, op(get, "/areas/{id}", "getArea", "An area and its members on a day.", read), g.apiArea)
}

// Dated is part of the input of what is asked as of a day.
type Dated struct {
	On string `query:"on" maxLength:"10" doc:"2026-11-23; today if absent."`
}

func (d Dated) day(g *Gazetteer) (period.Date, error) {
	if d.On == "" {
		return g.host.Today(), nil
	}
	on, err := period.ParseDate(d.On)
	if err != nil {
		return "", fault.New(fault.Invalid, "web.date", d.On)
	}
	return on, nil
}

// Numbered is part of the input of what is about one thing.
type Numbered struct {
	ID int64 `path:"id" minimum:"0"`
}

// placeBody is a place as of a day.
type placeBody struct {
	ID       int64       `json:"id"`
	On       period.Date `json:"on"`
	Stands   bool        `json:"stands" doc:"If not, the facts are those of its nearest state."`
	Name     string      `json:"name"`
	Code     string      `json:"code,omitempty" doc:"Of the statistics office; absent if it has none."`
	Level    string      `json:"level"`
	Kind     string      `json:"kind,omitempty"`
	Category int         `json:"category,omitempty" doc:"Urban-rural class."`
	Parent   int64       `json:"parent,omitempty"`
	Home     int64       `json:"home,omitempty" doc:"Its county; absent for what lies above."`
	Path     string      `json:"path,omitempty" doc:"The way to it in words."`
	Since    period.Date `json:"since"`
	Until    period.Date `json:"until,omitempty" doc:"The first day it no longer holds."`
}

func ending(d period.Date) period.Date {
	if d == period.Open {
		return ""
	}
	return d
}

func placeBodyOf(p territory.Place, t *tree.Tree) placeBody {
	b := placeBody{ID: p.ID, On: p.On, Stands: p.Stands, Name: p.Name, Code: p.Code,
		Level: p.Level.String(),
		Kind:  string(p.Kind), Category: int(p.Category), Parent: p.Parent, Since: p.Since,
		Until: ending(p.Until)}
	if n := t.Find(p.ID); n != tree.None {
		b.Home, b.Path = t.HomeOf(p.ID), territory.TrailText(t, n)
	}
	return b
}

type placeOutput struct {
	ETag string `header:"ETag"`
	Body placeBody
}

func (g *Gazetteer) placeOutput(ctx context.Context, p territory.Place) (*placeOutput, error) {
	t, err := g.places.At(ctx, p.On)
	if err != nil {
		return nil, err
	}
	r, err := g.places.Record(ctx, p.ID, p.On)
	if err != nil {
		return nil, err
	}
	return &placeOutput{api.ETag(r.Changed), placeBodyOf(p, t)}, nil
}

type foundBody struct {
	ID   int64  `json:"id"`
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
	Path string `json:"path,omitempty" doc:"The way to it in words."`
}

func (g *Gazetteer) apiSearch(_ context.Context, in *struct {
	Query string `query:"q" maxLength:"100" required:"true" doc:"Part of a name, a code, pinyin or initials."`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"20"`
}) (*api.List[foundBody], error) {
	var rows []foundBody
	for _, f := range g.places.Search(in.Query, in.Limit) {
		rows = append(rows, foundBody(f))
	}
	return api.Listed(api.Paged{}, rows, ""), nil
}

func (g *Gazetteer) apiPlace(ctx context.Context, in *struct {
	Numbered
	Dated
}) (*placeOutput, error) {
	on, err := in.day(g)
	if err != nil {
		return nil, err
	}
	p, err := g.places.Place(ctx, in.ID, on)
	if err != nil {
		return nil, err
	}
	return g.placeOutput(ctx, p)
}

func (g *Gazetteer) apiByCode(ctx context.Context, in *struct {
	Dated
	Scheme string `path:"scheme" enum:"nbs,mca,agri"`
	Code   string `path:"code" maxLength:"30"`
}) (*placeOutput, error) {
	on := period.Date("")
	if in.On != "" {
		day, err := in.day(g)
		if err != nil {
			return nil, err
		}
		on = day
	}
	p, err := g.places.ByCode(ctx, territory.Scheme(in.Scheme), in.Code, on)
	if err != nil {
		return nil, err
	}
	return g.placeOutput(ctx, p)
}

type childBody struct {
	ID       int64  `json:"id"`
	Code     string `json:"code,omitempty"`
	Name     string `json:"name"`
	Level    string `json:"level"`
	Kind     string `json:"kind,omitempty"`
	Children int    `json:"children"`
	Villages int    `json:"villages"`
}

func (g *Gazetteer) apiChildren(ctx context.Context, in *struct {
	Numbered
	Dated
	api.Paged
}) (*api.List[childBody], error) {
	on, err := in.day(g)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(ctx, on)
	if err != nil {
		return nil, err
	}
	n := t.Find(in.ID)
	if in.ID != 0 && n == tree.None {
		return nil, fault.New(fault.NotFound, "territory.absent", "#"+strconv.FormatInt(in.ID, 10),
			string(on))
	}
	cursor, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	after, err := web.Number("after", cursor)
	if err != nil {
		return nil, err
	}
	list := g.childrenOf(t, t.Children(n), int(after), in.Limit)
	var rows []childBody
	for _, c := range list.Children {
		rows = append(rows, childBody{c.ID, c.Code, c.Name, c.Level, c.Kind, c.Children, c.Villages})
	}
	next := ""
	if list.Next > 0 {
		next = strconv.Itoa(list.Next)
	}
	return api.Listed(in.Paged, rows, next), nil
}

// historyBody is everything kept about a place.
type historyBody struct {
	Place  int64          `json:"place"`
	States []stateBody    `json:"states"`
	Codes  []codeBody     `json:"codes" doc:"Of other schemes."`
	Acts   []actBody      `json:"acts"`
	Areas  []areaNameBody `json:"areas"`
}

type stateBody struct {
	Since    period.Date `json:"since"`
	Until    period.Date `json:"until,omitempty"`
	Name     string      `json:"name"`
	Code     string      `json:"code,omitempty"`
	Level    string      `json:"level"`
	Kind     string      `json:"kind,omitempty"`
	Category int         `json:"category,omitempty"`
	Parent   int64       `json:"parent,omitempty"`
	Act      int64       `json:"act"`
}

type codeBody struct {
	Scheme string      `json:"scheme"`
	Code   string      `json:"code"`
	Since  period.Date `json:"since"`
	Until  period.Date `json:"until,omitempty"`
}

type actBody struct {
	ID         int64       `json:"id"`
	Kind       string      `json:"kind"`
	Place      int64       `json:"place,omitempty"`
	On         period.Date `json:"on"`
	Document   string      `json:"document,omitempty"`
	Note       string      `json:"note,omitempty"`
	Unverified bool        `json:"unverified,omitempty"`
	Edition    int64       `json:"edition,omitempty"`
	Parts      []partBody  `json:"parts,omitempty"`
}

type partBody struct {
	From  int64  `json:"from"`
	To    int64  `json:"to,omitempty"`
	Basis string `json:"basis"`
	Share int32  `json:"share" doc:"In 0.0001."`
}

type areaNameBody struct {
	ID    int64       `json:"id"`
	Label string      `json:"label"`
	Title words.Words `json:"title"`
}

type historyOutput struct {
	ETag string `header:"ETag"`
	Body historyBody
}

func (g *Gazetteer) apiHistory(ctx context.Context, in *struct {
	Numbered
	Dated
}) (*historyOutput, error) {
	on, err := in.day(g)
	if err != nil {
		return nil, err
	}
	r, err := g.places.Record(ctx, in.ID, on)
	if err != nil {
		return nil, err
	}
	b := historyBody{Place: in.ID, States: statesBody(r.States), Codes: []codeBody{}, Acts: []actBody{},
		Areas: []areaNameBody{}}
	for _, c := range r.Codes {
		b.Codes = append(b.Codes, codeBody{string(c.Scheme), c.Code, c.Since, ending(c.Until)})
	}
	for _, e := range r.Events {
		act := actBody{ID: e.ID, Kind: string(e.Kind), Place: e.Place, On: e.Effective,
			Document: e.Document,
			Note:     e.Note, Unverified: e.Mark == territory.Unverified, Edition: e.Edition}
		for _, p := range r.Parts[e.ID] {
			act.Parts = append(act.Parts, partBody{p.From, p.To, p.Basis, p.Share})
		}
		b.Acts = append(b.Acts, act)
	}
	for _, a := range r.Areas {
		b.Areas = append(b.Areas, areaNameBody{a.ID, a.Label, titleOf(a)})
	}
	return &historyOutput{api.ETag(r.Changed), b}, nil
}

func titleOf(a territory.Area) words.Words {
	return words.Words{Chinese: a.Chinese, English: a.English}
}

func statesBody(states []history.State) []stateBody {
	all := []stateBody{}
	for _, s := range states {
		all = append(all, stateBody{s.Since, ending(s.Until), s.Name, s.Code, s.Level.String(),
			string(s.Kind),
			int(s.Category), s.Parent, s.Event})
	}
	return all
}

// enterBody is an act to enter. Which fields count depends on its kind.
type enterBody struct {
	Kind        string       `json:"kind" maxLength:"20" doc:"establish, abolish, rename, retype, recode …"`
	On          string       `json:"on" maxLength:"10" doc:"Effective from this day."`
	Document    string       `json:"document,omitempty" maxLength:"100"`
	Note        string       `json:"note,omitempty" maxLength:"1000"`
	Level       string       `json:"level,omitempty" enum:"province,prefecture,county,township,village,group"`
	Type        string       `json:"type,omitempty" maxLength:"30" doc:"Kind of body: town, district …"`
	Name        string       `json:"name,omitempty" maxLength:"200"`
	Code        string       `json:"code,omitempty" maxLength:"30"`
	Scheme      string       `json:"scheme,omitempty" enum:"nbs,mca,agri"`
	Category    int          `json:"category,omitempty" minimum:"0" maximum:"999"`
	Descendants bool         `json:"descendants,omitempty" doc:"recode: what lies in it follows."`
	None        bool         `json:"none,omitempty" doc:"abolish: nothing succeeds it."`
	Parent      int64        `json:"parent,omitempty" minimum:"0"`
	Places      []int64      `json:"places,omitempty" maxItems:"1000"`
	Into        []targetBody `json:"into,omitempty" maxItems:"20"`
	Basis       string       `json:"basis,omitempty" enum:"area,population,households,villages,equal"`
}

type targetBody struct {
	Place    int64   `json:"place,omitempty" minimum:"0" doc:"0: the new place described here."`
	Name     string  `json:"name,omitempty" maxLength:"200"`
	Type     string  `json:"type,omitempty" maxLength:"30"`
	Code     string  `json:"code,omitempty" maxLength:"30"`
	Children []int64 `json:"children,omitempty" maxItems:"5000"`
	Share    int32   `json:"share,omitempty" minimum:"0" maximum:"10000" doc:"In 0.0001."`
}

func (b enterBody) entry(place int64) (Entry, error) {
	e := Entry{Kind: territory.Kind(b.Kind), Place: place, Type: division.Kind(b.Type), Name: b.Name,
		Code: b.Code, Scheme: territory.Scheme(b.Scheme), Category: division.Category(b.Category),
		Descendants: b.Descendants, None: b.None, Parent: b.Parent, Places: b.Places, Basis: b.Basis}
	e.On, e.Document, e.Note = period.Date(b.On), b.Document, b.Note
	if b.Level != "" {
		l, err := division.ParseLevel(b.Level)
		if err != nil {
			return e, fault.New(fault.Invalid, "gazetteer.act.type_wrong", b.Level)
		}
		e.Level = l
	}
	for _, t := range b.Into {
		e.Into = append(e.Into, Target{Place: t.Place, New: territory.NewPlace{Name: t.Name,
			Kind: division.Kind(t.Type), Code: t.Code}, Children: t.Children, Share: t.Share})
	}
	return e, nil
}

func (g *Gazetteer) apiEnter(ctx context.Context, in *struct {
	Numbered
	api.Matching
	Body enterBody
}) (*placeOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	e, err := in.Body.entry(in.ID)
	if err != nil {
		return nil, err
	}
	record, err := g.places.Record(ctx, in.ID, g.host.Today())
	if err != nil {
		return nil, err
	}
	if record.Changed != version {
		return nil, fault.New(fault.Stale, "store.stale")
	}
	place, err := g.Enter(ctx, e)
	if err != nil {
		return nil, err
	}
	p, err := g.places.Place(ctx, place, e.On)
	if err != nil {
		return nil, err
	}
	return g.placeOutput(ctx, p)
}
