package supervision

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (m *Supervision) list(r *web.Request) (web.Answer, error) {
	var rules, colours, states []web.Option
	for _, d := range m.library.All {
		rules = append(rules, web.Option{Value: d.Key, Text: d.Key + " " + d.Title.In(r.Language)})
	}
	for _, s := range rule.Severities {
		colours = append(colours, web.Option{Value: string(s), Text: r.T("supervision.colour." +
			string(s))})
	}
	for _, s := range States {
		states = append(states, web.Option{Value: string(s), Text: r.T("supervision.state." + string(s))})
	}
	gone := []web.Option{{Value: "1", Text: r.T("supervision.only_gone")}}
	list := web.List[Finding]{Name: "supervision.list", Columns: m.columns(r),
		Filters: []web.Filter{{Key: "place", Kind: web.PlaceFilter},
			{Key: "rule", Kind: web.Choice, Options: rules}, {Key: "colour", Kind: web.Choice,
				Options: colours},
			{Key: "state", Kind: web.Choice, Options: states}, {Key: "gone", Kind: web.Choice,
				Options: gone}},
	}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[Finding], error) {
		var rows web.Rows[Finding]
		query, err := m.query(ctx, r.Scope(MayRead), q.Filter)
		if err != nil {
			return rows, err
		}
		query.Limit = q.Limit
		if query.After.Home, query.After.ID, err = web.ParseKeyCursor(q.After); err != nil {
			return rows, err
		}
		found, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]Finding,
			error) {
			return Search(v, query)
		})
		rows.Total.Unknown = true
		if len(found) > q.Limit {
			found = found[:q.Limit]
			rows.Next = web.KeyCursor(found[q.Limit-1].Home, found[q.Limit-1].ID)
		}
		rows.Items = found
		return rows, err
	}
	return list.Answer(r)
}

func (m *Supervision) columns(r *web.Request) []web.Column[Finding] {
	return []web.Column[Finding]{
		{Key: "colour", Cell: func(f Finding) web.Cell {
			return web.Cell{Text: r.T("supervision.colour." + string(f.Severity)),
				Status: tones[f.Severity]}
		}},
		{Key: "rule", Cell: func(f Finding) web.Cell {
			return web.Cell{Text: f.Rule + " " + m.item(f).Title.In(r.Language), Href: Address(f.Ref())}
		}},
		{Key: "place", Cell: func(f Finding) web.Cell {
			return web.Cell{Text: m.places.Name(f.Place), Href: registry.Address(registry.Ref{Home: f.Home,
				ID: f.Organisation})}
		}},
		{Key: "text", Cell: func(f Finding) web.Cell { return web.Cell{Text: f.Text().In(r.Language)} }},
		{Key: "state", Cell: func(f Finding) web.Cell {
			return web.Cell{Text: r.T("supervision.state." + string(f.State)), Status: f.State.Tone()}
		}},
		{Key: "first_hit", Cell: func(f Finding) web.Cell { return web.Cell{Text: string(f.FirstHit)} }},
		{Key: "gone", Cell: func(f Finding) web.Cell { return web.Cell{Text: string(f.Gone)} }},
		{Key: "times", Number: true, Cell: func(f Finding) web.Cell {
			return web.Cell{Text: number(f.Times), Value: f.Times}
		}},
		{Key: "closed", Hidden: true,
			Cell: func(f Finding) web.Cell { return web.Cell{Text: string(f.Closed)} }},
		{Key: "outcome", Hidden: true, Cell: func(f Finding) web.Cell {
			if f.Outcome == "" {
				return web.Cell{}
			}
			return web.Cell{Text: r.T("supervision.outcome." + string(f.Outcome))}
		}},
	}
}

// Query asks for findings. Zero fields do not narrow.
type Query struct {
	Scope    access.Scope
	Homes    []int64 // the whole counties that the scope is, ascending; none: ask by places
	Rule     string
	Severity rule.Severity
	State    State
	Gone     bool
	After    Ref
	Limit    int // one more is read, to know whether there are more
}

// query reads the filters of the page and of the API.
func (m *Supervision) query(ctx context.Context, scope access.Scope, filter map[string]string) (Query,
	error) {
	q := Query{Scope: scope, Rule: filter["rule"], Severity: rule.Severity(filter["colour"]),
		State: State(filter["state"]), Gone: filter["gone"] != ""}
	if q.Severity != "" && q.Severity.Rank() == 0 || q.State != "" && !slices.Contains(States, q.State) {
		return q, fault.New(fault.Invalid, "supervision.filter")
	}
	if text := filter["place"]; text != "" {
		place, err := m.places.Find(ctx, text)
		if err != nil {
			return q, err
		}
		q.Scope = scope.Within(m.host.Access.Path(place))
	}
	q.Homes = registry.ReachOf(m.places, q.Scope).Homes
	return q, nil
}

// Search reads a page of findings by number, county by county where whole counties are asked for.
func Search(r store.Reader, q Query) (found []Finding, err error) {
	var where store.Where
	if q.Rule != "" {
		where.And("rule = ?", q.Rule)
	}
	if q.Severity != "" {
		where.And("severity = ?", string(q.Severity))
	}
	if q.State != "" {
		where.And("state = ?", string(q.State))
	}
	if q.Gone {
		where.And("gone <> ''")
	}
	if len(q.Homes) == 0 {
		inside, args := q.Scope.Places("place")
		where.And(inside, args...)
		where.And("(home, id) > (?, ?)", q.After.Home, q.After.ID)
		return findings.All(r, where.SQL()+" ORDER BY home, id LIMIT ?", where.Args(q.Limit+1)...)
	}
	for _, home := range q.Homes {
		if home < q.After.Home || len(found) > q.Limit {
			continue
		}
		one := where
		one.And("home = ?", home)
		if home == q.After.Home {
			one.And("id > ?", q.After.ID)
		}
		some, err := findings.All(r, one.SQL()+" ORDER BY id LIMIT ?", one.Args(q.Limit+1-len(found))...)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}
