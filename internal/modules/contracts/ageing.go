package contracts

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/contracts/ageing"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Aged is what is owed under one contract, by its age.
type Aged struct {
	ageing.Row
	Contract Contract
	Owner    string
}

// Ageing asks for what is owed under contracts, the most first.
type Ageing struct {
	ageing.Query
	Reach        registry.Reach
	Organisation registry.Ref // ID 0: any
	Text         string       // part of the counterparty's name, the number or the name
}

// AgedFound is a page of an ageing with what all of the filter come to.
type AgedFound struct {
	Rows  []Aged
	Next  string
	Total ageing.Total
}

// within says whose contracts are asked for.
func (q *Ageing) within() {
	and := func(term string, args ...any) {
		q.Where, q.Args = q.Where+" AND "+term, append(q.Args, args...)
	}
	switch {
	case q.Organisation.ID != 0:
		q.From = "contract c CROSS JOIN contract_unpaid d"
		and("c.home = ? AND c.organisation = ? AND d.home = c.home AND d.contract = c.id",
			q.Organisation.Home, q.Organisation.ID)
	case q.Reach.All:
	case q.Reach.Within():
		var homes []any
		for _, home := range q.Reach.Homes {
			homes = append(homes, home)
		}
		and("d.home IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(homes)), ", ")+")", homes...)
	default:
		inside, args := q.Reach.Below.SQL("p.path")
		q.From = "place_path p CROSS JOIN contract c CROSS JOIN contract_unpaid d" // in this order
		and("c.place = p.place AND d.home = c.home AND d.contract = c.id AND "+inside, args...)
	}
	if q.Text != "" {
		like := store.Like(q.Text)
		and(`EXISTS (SELECT 1 FROM contract t WHERE t.home = d.home AND t.id = d.contract
			AND (lower(t.party) LIKE ? ESCAPE '\' OR lower(t.number) LIKE ? ESCAPE '\'
			OR lower(t.name) LIKE ? ESCAPE '\'))`, like, like, like)
	}
}

// AgeingOf reads a page of what is owed, with names, and what all of it comes to.
func AgeingOf(r store.Reader, q Ageing) (found AgedFound, err error) {
	q.within()
	text, args, ok := q.Page()
	if !ok {
		return found, fault.New(fault.Invalid, "web.cursor")
	}
	rows, err := store.All[ageing.Counted](r, text, args...)
	if err != nil {
		return found, err
	}
	if len(rows) > 0 {
		found.Total = rows[0].Total()
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		found.Next = rows[q.Limit-1].Cursor()
	}
	names := map[registry.Ref]string{}
	for _, row := range rows {
		c, err := Get(r, Ref{row.Home, row.Contract})
		if err != nil {
			return found, err
		}
		if names[c.Owner()] == "" {
			o, err := registry.Get(r, c.Owner())
			if err != nil {
				return found, err
			}
			names[c.Owner()] = o.Name
		}
		found.Rows = append(found.Rows, Aged{row.Row, c, names[c.Owner()]})
	}
	return found, nil
}

// bandKeys are the bands a filter offers: what is not due yet is not owed.
var bandKeys = []string{"1", "2", "3", "4"}

// ageing is the page of what is owed by its age.
func (s *Contracts) ageing(r *web.Request) (web.Answer, error) {
	choice := func(key string, values []string, text string) web.Filter {
		f := web.Filter{Key: key, Kind: web.Choice}
		for _, v := range values {
			f.Options = append(f.Options, web.Option{Value: v, Text: r.T(text + "." + v)})
		}
		return f
	}
	list := web.List[Aged]{Name: "contracts.ageing", Columns: agedColumns(r),
		Trail: []web.Crumb{{Text: r.T("contracts.menu"), Href: "/contracts"}},
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			choice("band", bandKeys, "contracts.band"), choice("side", []string{"owing"},
				"contracts.ageing.side"),
			{Key: "organisation", Kind: web.TextFilter}}}
	list.Load = func(ctx context.Context, q web.Query) (rows web.Rows[Aged], err error) {
		asked, err := s.aged(ctx, r.Scope(Read), r.Actor, q.Filter)
		if err != nil {
			return rows, err
		}
		asked.After, asked.Limit = q.After, q.Limit
		found, err := store.Read(ctx, s.host.Store, func(v *store.View) (AgedFound, error) {
			return AgeingOf(v, asked)
		})
		rows.Items, rows.Next, rows.Total = found.Rows, found.Next, web.Total{N: found.Total.Number}
		rows.Sums = []web.Sum{{Label: r.T("contracts.ageing.column.owed"), Text: found.Total.Owed.String()}}
		for _, band := range bandKeys {
			n := int(band[0] - '0')
			rows.Sums = append(rows.Sums, web.Sum{Label: r.T("contracts.band." + band),
				Text: found.Total.Bands()[n].String()})
		}
		return rows, err
	}
	return list.Answer(r)
}

func agedColumns(r *web.Request) []web.Column[Aged] {
	text := func(key string, get func(Aged) string) web.Column[Aged] {
		return web.Column[Aged]{Key: key, Cell: func(a Aged) web.Cell { return web.Cell{Text: get(a)} }}
	}
	columns := []web.Column[Aged]{
		{Key: "party", Cell: func(a Aged) web.Cell {
			return web.Cell{Text: a.Contract.Party, Href: Address(a.Contract.Ref())}
		}},
		text("name", func(a Aged) string { return a.Contract.Name }),
		text("number", func(a Aged) string { return a.Contract.Number }),
		text("owner", func(a Aged) string { return a.Owner }),
		{Key: "owed", Number: true, Cell: func(a Aged) web.Cell { return moneyCell(a.Owed) }},
		text("since", func(a Aged) string { return string(a.Since) }),
		{Key: "days", Number: true, Cell: func(a Aged) web.Cell {
			n := int64(a.Since.Until(r.Today()))
			return web.Cell{Text: whole(n), Value: n}
		}},
	}
	for _, band := range bandKeys {
		n := int(band[0] - '0')
		columns = append(columns, web.Column[Aged]{Key: "band_" + band, Number: true,
			Cell: func(a Aged) web.Cell {
				if a.Bands()[n] == 0 {
					return web.Cell{}
				}
				return moneyCell(a.Bands()[n])
			}})
	}
	return columns
}

// aged reads the filters of the page and of the API.
func (s *Contracts) aged(ctx context.Context, scope access.Scope, actor access.Actor,
	filter map[string]string) (Ageing, error) {
	q, err := s.query(ctx, scope, actor, filter)
	a := Ageing{Query: ageing.Query{Today: s.host.Today(), Owing: filter["side"] == "owing"},
		Reach:        q.Reach,
		Organisation: q.Organisation, Text: q.Text}
	if slices.Contains(bandKeys, filter["band"]) {
		a.Band = schedule.Band(filter["band"][0] - '0')
	}
	return a, err
}

// agedBody is what is owed under a contract as programs see it.
type agedBody struct {
	ageing.Row
	Number string `json:"number"`
	Party  string `json:"party"`
	Owner  string `json:"owner"`
}

func (s *Contracts) ageingEndpoint(a *api.API) {
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/receivables", ID: "ageReceivables",
		Tag:     "contracts",
		Summary: "What is owed under contracts by its age, the most first; fen.",
		Access:  web.Permitted(Read)}, s.apiAgeing)
}

func (s *Contracts) apiAgeing(ctx context.Context, in *struct {
	api.Paged
	Place        string `query:"place" maxLength:"100"`
	Organisation string `query:"organisation" maxLength:"50" doc:"500102/37"`
	Side         string `query:"side" enum:"owing" doc:"owing: what the collectives owe."`
	Text         string `query:"text" maxLength:"100"`
}) (*api.List[agedBody], error) {
	actor := access.From(ctx)
	q, err := s.aged(ctx, s.host.Access.Scope(actor, Read), actor, map[string]string{"place": in.Place,
		"organisation": in.Organisation, "side": in.Side, "q": in.Text})
	if err != nil {
		return nil, err
	}
	if q.After, err = web.DecodeCursor(in.After); err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	found, err := store.Read(ctx, s.host.Store, func(v *store.View) (AgedFound, error) {
		return AgeingOf(v, q)
	})
	if err != nil {
		return nil, err
	}
	rows := []agedBody{}
	for _, a := range found.Rows {
		rows = append(rows, agedBody{a.Row, a.Contract.Number, a.Contract.Party, a.Owner})
	}
	return api.Listed(in.Paged, rows, found.Next), nil
}
