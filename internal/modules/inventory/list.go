package inventory

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// listRow is a check in the list, with where its case stands.
type listRow struct {
	Check
	Due   string `db:"due"`
	Round int    `db:"round"`
	Late  bool   `db:"late"`
}

// listQuery narrows the list of checks.
type listQuery struct {
	scope    access.Scope
	year     int
	stage    string
	late     bool
	returned bool
	sampled  bool
	text     string
	after    Ref
	limit    int
}

// countMax is where counting a list stops.
const countMax = 10_000

func (q listQuery) where() (string, []any) {
	inside, args := q.scope.SQL("p.path")
	where := "WHERE " + inside
	add := func(text string, values ...any) { where, args = where+" AND "+text, append(args, values...) }
	if q.year != 0 {
		add("c.year = ?", q.year)
	}
	if q.stage != "" {
		add("c.stage = ?", q.stage)
	}
	if q.returned {
		add("k.round > 1")
	}
	if q.sampled {
		add("c.sample = 'drawn'")
	}
	if q.text != "" {
		like := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q.text)
		add("c.name LIKE ? ESCAPE '!'", "%"+like+"%")
	}
	return where, args
}

const listFrom = ` FROM inventory_check c JOIN procedure_case k ON k.home = c.home AND k.id = c.procedure_case
	JOIN place_path p ON p.place = c.place `

// narrowed is the condition with the deadline, which depends on today.
func (n *Inventory) narrowed(q listQuery) (string, []any) {
	where, args := q.where()
	if q.late {
		where, args = where+" AND k.status = 'running' AND k.due < ?", append(args, n.host.Today())
	}
	return where, args
}

// search reads a page of the list.
func (n *Inventory) search(r store.Reader, q listQuery) ([]listRow, error) {
	where, args := n.narrowed(q)
	columns := "c." + strings.Join(checks.Columns(), ", c.")
	return store.All[listRow](r, "SELECT "+columns+`, k.due AS due, k.round AS round,
		k.status = 'running' AND k.due < ? AS late`+listFrom+where+
		" AND (c.home > ? OR c.home = ? AND c.id > ?) ORDER BY c.home, c.id LIMIT ?",
		append(append([]any{n.host.Today()}, args...), q.after.Home, q.after.Home, q.after.ID, q.limit)...)
}

// found counts the whole list, up to countMax.
func (n *Inventory) found(r store.Reader, q listQuery) (int64, error) {
	where, args := n.narrowed(q)
	return store.Count(r, `SELECT count(*) FROM (SELECT 1`+listFrom+where+` LIMIT ?) AS found`,
		append(args, countMax)...)
}

// list is the list of checks within the reader's places.
func (n *Inventory) list(r *web.Request) (web.Answer, error) {
	var stages []web.Option
	for _, s := range Stages {
		stages = append(stages, web.Option{Value: string(s), Text: r.T("inventory.stage." + string(s))})
	}
	only := func(key string) []web.Option { return []web.Option{{Value: "1", Text: r.T(key)}} }
	return web.List[listRow]{
		Name: "inventory.list",
		Columns: []web.Column[listRow]{
			{Key: "name", Cell: func(c listRow) web.Cell {
				return web.Cell{Text: c.Name,
					Href: c.Address()}
			}},
			{Key: "place",
				Cell: func(c listRow) web.Cell { return web.Cell{Text: n.places.Name(c.Place)} }},
			{Key: "level", Hidden: true,
				Cell: func(c listRow) web.Cell { return web.Cell{Text: r.T("level." + c.Level.String())} }},
			{Key: "year", Number: true,
				Cell: func(c listRow) web.Cell { return web.Cell{Text: yearText(c.Year)} }},
			{Key: "stage", Cell: func(c listRow) web.Cell {
				tone := c.Stage.Tone()
				if c.Late {
					tone = "overdue"
				}
				return web.Cell{Text: r.T("inventory.stage." + string(c.Stage)), Status: tone}
			}},
			{Key: "due", Cell: func(c listRow) web.Cell { return web.Cell{Text: untilText(c.Due)} }},
			{Key: "counted", Number: true, Cell: func(c listRow) web.Cell {
				return web.Cell{Text: fmt.Sprintf("%d / %d", c.Counted, c.Rows)}
			}},
			{Key: "round", Number: true,
				Cell: func(c listRow) web.Cell { return web.Cell{Text: strconv.Itoa(c.Round)} }},
			{Key: "sampled", Cell: func(c listRow) web.Cell {
				if c.Sample != Drawn {
					return web.Cell{}
				}
				return web.Cell{Text: r.T("inventory.recheck." + recheckKey(c.Recheck))}
			}},
		},
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "year", Kind: web.TextFilter},
			{Key: "stage", Kind: web.Choice, Options: stages}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "late", Kind: web.Choice, Options: only("inventory.only_late")},
			{Key: "returned", Kind: web.Choice, Options: only("inventory.only_returned")},
			{Key: "sampled", Kind: web.Choice, Options: only("inventory.only_sampled")}},
		Load: func(ctx context.Context, q web.Query) (web.Rows[listRow], error) {
			return n.loadList(ctx, r,
				q)
		},
	}.Answer(r)
}

func recheckKey(result string) string {
	if result == "" {
		return "open"
	}
	return result
}

func untilText(due string) string {
	if due == "9999-12-31" {
		return ""
	}
	return due
}

func (n *Inventory) loadList(ctx context.Context, r *web.Request, q web.Query) (rows web.Rows[listRow],
	err error) {
	query := listQuery{scope: r.Scope(MayRead), stage: q.Filter["stage"], late: q.Filter["late"] != "",
		returned: q.Filter["returned"] != "", sampled: q.Filter["sampled"] != "", text: q.Filter["q"],
		limit: q.Limit + 1}
	if text := q.Filter["year"]; text != "" {
		if query.year, err = strconv.Atoi(text); err != nil {
			return rows, fault.New(fault.Invalid, "web.number", r.T("inventory.list.filter.year"))
		}
	}
	if text := q.Filter["place"]; text != "" {
		place, err := n.places.Find(ctx, text)
		if err != nil {
			return rows, err
		}
		query.scope = query.scope.Within(n.host.Access.Path(place))
	}
	if query.after.Home, query.after.ID, err = web.ParseKeyCursor(q.After); err != nil {
		return rows, err
	}
	err = n.host.Store.View(ctx, func(v *store.View) error {
		if rows.Total.N, err = n.found(v, query); err == nil {
			rows.Items, err = n.search(v, query)
		}
		return err
	})
	rows.Total.AtLeast = rows.Total.N >= countMax
	if len(rows.Items) > q.Limit {
		rows.Items = rows.Items[:q.Limit]
		last := rows.Items[q.Limit-1]
		rows.Next = web.KeyCursor(last.Home, last.ID)
	}
	return rows, err
}
