package registry

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// levels are those at which organisations stand.
var levels = []division.Level{division.Township, division.Village, division.Group}

func (g *Registry) list(r *web.Request) (web.Answer, error) {
	var heights, statuses []web.Option
	for _, l := range levels {
		heights = append(heights, web.Option{Value: l.String(), Text: r.T("registry.level." + l.String())})
	}
	for _, s := range Statuses {
		statuses = append(statuses, web.Option{Value: string(s), Text: r.T("registry.status." + string(s))})
	}
	acting := []web.Option{{Value: "1", Text: r.T("registry.only_acting")}}
	list := web.List[Organisation]{
		Name:    "registry.list",
		Columns: g.columns(r),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "level", Kind: web.Choice, Options: heights},
			{Key: "status", Kind: web.Choice, Options: statuses},
			{Key: "acting", Kind: web.Choice, Options: acting}},
		AboveView: "registry/above",
		Above:     !r.Scope(Change).Empty(),
	}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[Organisation], error) {
		return g.load(ctx, r, q)
	}
	return list.Answer(r)
}

func (g *Registry) columns(r *web.Request) []web.Column[Organisation] {
	type cell = web.Cell
	return []web.Column[Organisation]{
		{Key: "name", Cell: func(o Organisation) cell {
			return cell{Text: o.Name,
				Href: Address(o.Ref())}
		}},
		{Key: "level", Cell: func(o Organisation) cell {
			return cell{Text: r.T("registry.level." + o.Level.String())}
		}},
		{Key: "place", Cell: func(o Organisation) cell {
			return cell{Text: g.places.Name(o.Place), Href: placeAddress(o.Place)}
		}},
		{Key: "code", Cell: func(o Organisation) cell { return cell{Text: o.Code} }},
		{Key: "acting", Cell: func(o Organisation) cell { return cell{Text: o.ActingBody} }},
		{Key: "status", Cell: func(o Organisation) cell {
			return cell{Text: r.T("registry.status." + string(o.Status)), Status: tone(o.Status)}
		}},
		{Key: "members", Number: true, Cell: func(o Organisation) cell {
			return cell{Text: locale.Count(o.Members).String(), Value: o.Members}
		}},
		{Key: "survey_area", Number: true, Hidden: true, Cell: func(o Organisation) cell {
			return cell{Text: o.SurveyArea.Mu()}
		}},
		{Key: "established", Hidden: true, Cell: func(o Organisation) cell {
			return cell{Text: string(o.Established)}
		}},
		{Key: "number", Hidden: true,
			Cell: func(o Organisation) cell { return cell{Text: o.Ref().String()} }},
	}
}

// tone is the mark of a status.
func tone(s Status) string {
	if s == Active {
		return "done"
	}
	return "stopped"
}

// load reads one page of the list. The first page counts; its total travels with the cursor.
func (g *Registry) load(ctx context.Context, r *web.Request, q web.Query) (web.Rows[Organisation], error) {
	var rows web.Rows[Organisation]
	query, err := g.query(ctx, r.Scope(Read), q.Filter)
	if err != nil {
		return rows, err
	}
	query.Limit = q.Limit
	var total int64
	if query.After, total, err = parseCursor(q.After); err != nil {
		return rows, err
	}
	query.Count = q.After == ""
	found, err := store.Read(ctx, g.host.Store, func(v *store.View) (Found, error) {
		return Search(v,
			query)
	})
	if err != nil {
		return rows, err
	}
	if query.Count {
		total = found.Number
	}
	rows.Items = found.Rows
	rows.Total = web.Total{N: min(total, CountMax), AtLeast: total > CountMax}
	if found.Next != (Ref{}) {
		rows.Next = cursor(found.Next, total)
	}
	return rows, nil
}

// query reads the filters of the page and of the API.
func (g *Registry) query(ctx context.Context, scope access.Scope, filter map[string]string) (Query, error) {
	q := Query{Status: Status(filter["status"]), Acting: filter["acting"] != "", Text: filter["q"]}
	if text := filter["level"]; text != "" {
		level, err := division.ParseLevel(text)
		if err != nil {
			return q, fault.New(fault.Invalid, "registry.level_unknown", text).Because(err)
		}
		q.Level = level
	}
	if text := filter["place"]; text != "" {
		place, err := g.places.Find(ctx, text)
		if err != nil {
			return q, err
		}
		scope = scope.Within(g.host.Access.Path(place))
	}
	q.Reach = ReachOf(g.places, scope)
	return q, nil
}

// cursor is where a page ended and how many there are in all.
func cursor(at Ref, total int64) string { return fmt.Sprint(at.Home, " ", at.ID, " ", total) }

// parseCursor reads what cursor writes; "" is before everything.
func parseCursor(text string) (at Ref, total int64, err error) {
	if text == "" {
		return Ref{-1, 0}, 0, nil
	}
	if n, err := fmt.Sscan(text, &at.Home, &at.ID, &total); n != 3 || err != nil {
		return at, 0, fault.New(fault.Invalid, "web.cursor")
	}
	return at, total, nil
}
