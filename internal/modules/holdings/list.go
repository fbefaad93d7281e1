package holdings

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// row is a card in a list, with the name of its owner.
type row struct {
	assets.Asset
	Owner string
}

// choices are the filters that choose from a code list.
var choices = []struct{ key, list string }{{"form", "card_form"}, {"class", "asset_class"},
	{"use", "use_state"}, {"title", "title_state"}, {"origin", "asset_origin"}}

// states lists the states for filters.
var states = []assets.State{assets.Live, assets.Disposed, assets.Transferred, assets.StateSplit}

func (s *Holdings) list(r *web.Request) (web.Answer, error) {
	filters := []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter}}
	for _, c := range choices {
		filters = append(filters, web.Filter{Key: c.key, Kind: web.Choice, Options: s.options(r, c.list)})
	}
	kinds := append(s.options(r, "fixed_kind"), s.options(r, "land_class")...)
	filters = slices.Insert(filters, 4, web.Filter{Key: "kind", Kind: web.Choice, Options: kinds})
	filters = append(filters, web.Filter{Key: "state", Kind: web.Choice, Options: stateOptions(r)},
		web.Filter{Key: "organisation", Kind: web.TextFilter})
	labels := url.URL{Path: "/assets/labels", RawQuery: r.URL.Query().Encode()}
	above := &aboveView{May: !r.Scope(assets.Change).Empty(), Labels: labels.String()}
	list := web.List[row]{Name: "assets.list", Columns: s.columns(r), Filters: filters,
		Sorts: []string{string(assets.ByNumber), string(assets.ByValue)}, AboveView: "holdings/above",
		Above: above}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[row], error) {
		return s.load(ctx, r, q, above)
	}
	return list.Answer(r)
}

// aboveView is what stands over the list.
type aboveView struct {
	May    bool
	Labels string // where the labels of what the list shows are printed
	Part   bool   // only a part was looked through
	Next   string // goes on, where the part had no rows
}

func (s *Holdings) options(r *web.Request, list string) []web.Option {
	return formpage.Options(r, s.assets.Codes().List(list))
}

func stateOptions(r *web.Request) []web.Option {
	var options []web.Option
	for _, state := range states {
		options = append(options, web.Option{Value: string(state), Text: r.T("assets.state." +
			string(state))})
	}
	return options
}

func (s *Holdings) columns(r *web.Request) []web.Column[row] {
	c := s.assets.Codes()
	word := func(list, code string) web.Cell { return web.Cell{Text: c.Word(r.Language, list, code)} }
	text := func(text string) web.Cell { return web.Cell{Text: text} }
	return []web.Column[row]{
		{Key: "name", Cell: func(a row) web.Cell { return web.Cell{Text: a.Name, Href: Address(a.Ref())} }},
		{Key: "number", Cell: func(a row) web.Cell { return text(a.Number) }},
		{Key: "owner", Cell: func(a row) web.Cell {
			return web.Cell{Text: a.Owner, Href: registry.Address(registry.Ref{Home: a.Home,
				ID: a.Organisation})}
		}},
		{Key: "form", Hidden: true, Cell: func(a row) web.Cell { return word("card_form", a.Form) }},
		{Key: "kind", Cell: func(a row) web.Cell { return text(s.whatIs(r.Language, a.Asset)) }},
		{Key: "class", Cell: func(a row) web.Cell { return word("asset_class", string(a.Class)) }},
		{Key: "use", Cell: func(a row) web.Cell { return word("use_state", a.UseState) }},
		{Key: "title", Hidden: true, Cell: func(a row) web.Cell {
			return word("title_state",
				string(a.Title))
		}},
		{Key: "origin", Hidden: true, Cell: func(a row) web.Cell { return word("asset_origin", a.Origin) }},
		{Key: "cost", Number: true, Cell: func(a row) web.Cell {
			return web.Cell{Text: a.Cost.String(), Value: sheet.Number{Text: a.Cost.Plain(), Places: 2}}
		}},
		{Key: "book", Number: true, Cell: func(a row) web.Cell {
			book := a.Book(r.Today())
			return web.Cell{Text: book.String(), Value: sheet.Number{Text: book.Plain(), Places: 2}}
		}},
		{Key: "area", Number: true, Cell: func(a row) web.Cell { return areaCell(a.Asset) }},
		{Key: "state", Cell: func(a row) web.Cell {
			return web.Cell{Text: stateText(r, a.Asset),
				Status: tone(a.Asset)}
		}},
		{Key: "acquired", Hidden: true, Cell: func(a row) web.Cell { return text(string(a.Acquired)) }},
		{Key: "certificate", Hidden: true, Cell: func(a row) web.Cell { return text(a.Certificate) }},
		{Key: "parcel", Hidden: true, Cell: func(a row) web.Cell { return text(a.Parcel) }},
		{Key: "location", Hidden: true, Cell: func(a row) web.Cell { return text(a.Location) }},
		{Key: "contract", Hidden: true, Cell: func(a row) web.Cell { return text(a.Contract) }},
		{Key: "term_to", Hidden: true, Cell: func(a row) web.Cell { return text(string(a.TermTo)) }},
	}
}

func areaCell(a assets.Asset) web.Cell {
	if a.Area == 0 {
		return web.Cell{}
	}
	return web.Cell{Text: a.Area.Mu(), Value: sheet.Number{Text: a.Area.PlainMu(), Places: 2}}
}

// whatIs is the kind of an asset in words, or its form where the form has no kinds.
func (s *Holdings) whatIs(l locale.Language, a assets.Asset) string {
	if a.Kind == "" {
		return s.assets.Codes().Word(l, "card_form", a.Form)
	}
	return s.assets.Codes().KindWord(l, a)
}

// tone is the status mark of a card, and stateText its word: a live card in dispute says so.
func tone(a assets.Asset) string {
	switch {
	case a.State != assets.Live:
		return "stopped"
	case a.Title == assets.Unsettled:
		return "due"
	}
	return "done"
}

func stateText(r *web.Request, a assets.Asset) string {
	if a.State == assets.Live && a.Title == assets.Unsettled {
		return r.T("assets.unsettled")
	}
	return r.T("assets.state." + string(a.State))
}

// load reads one page of the list.
func (s *Holdings) load(ctx context.Context, r *web.Request, q web.Query, above *aboveView) (web.Rows[row],
	error) {
	var rows web.Rows[row]
	query, err := s.query(ctx, r.Scope(assets.Read), r.Actor, q.Filter)
	if err != nil {
		return rows, err
	}
	query.Order, query.Limit, query.Count = assets.Order(q.Sort), q.Limit, true
	if query.After, err = readKey(q.After); err != nil {
		return rows, err
	}
	found, items, err := s.find(ctx, query)
	if err != nil {
		return rows, err
	}
	rows.Items, rows.Next = items, writeKey(found.Next)
	rows.Total = web.Total{N: found.Totals.Number, Unknown: !found.Known}
	if found.Known {
		rows.Sums = []web.Sum{{Label: r.T("assets.sum.cost"), Text: found.Totals.Cost.String()},
			{Label: r.T("assets.sum.area"), Text: found.Totals.Area.Mu()}}
	}
	if above.Part = found.Part; found.Part {
		values := r.URL.Query()
		values.Set("after", web.EncodeCursor(rows.Next))
		above.Next = "/assets?" + values.Encode()
	}
	return rows, nil
}

// find reads a page with the names of the owners.
func (s *Holdings) find(ctx context.Context, q assets.Query) (found assets.Found, items []row, err error) {
	names := map[registry.Ref]string{}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		if found, err = assets.Search(v, q); err != nil {
			return err
		}
		for _, a := range found.Rows {
			ref := registry.Ref{Home: a.Home, ID: a.Organisation}
			if _, known := names[ref]; !known {
				o, err := registry.Get(v, ref)
				if err != nil {
					return err
				}
				names[ref] = o.Name
			}
			items = append(items, row{a, names[ref]})
		}
		return nil
	})
	return found, items, err
}

// query reads the filters of the page and of the API.
func (s *Holdings) query(ctx context.Context, scope access.Scope, actor access.Actor,
	filter map[string]string) (assets.Query, error) {
	q := assets.Query{Form: filter["form"], Kind: filter["kind"], Class: assets.Class(filter["class"]),
		Origin: filter["origin"], Title: assets.Title(filter["title"]), UseState: filter["use"],
		State: assets.State(filter["state"]), Text: filter["q"]}
	var err error
	q.Reach, q.Organisation, err = s.chooser.Filter(ctx, actor, scope, filter)
	return q, err
}

// writeKey and readKey carry where a page ended.
func writeKey(k assets.Key) string {
	if !k.Begun {
		return ""
	}
	text, err := json.Marshal(k)
	if err != nil {
		panic(err) // numbers and a text
	}
	return string(text)
}

func readKey(text string) (k assets.Key, err error) {
	if text == "" {
		return k, nil
	}
	if json.Unmarshal([]byte(text), &k) != nil {
		return k, fault.New(fault.Invalid, "web.cursor")
	}
	k.Begun = true
	return k, nil
}
