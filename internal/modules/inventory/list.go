package inventory

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
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

// from is what a list is read from: cases only where they are needed, and the order in which the tables
// are walked (SQLite keeps that of a CROSS JOIN). A reader of whole counties is answered by home; what
// lies below a county by its places.
func (n *Inventory) from(q listQuery, cases bool) (string, []any) {
	reach := registry.ReachOf(n.places, q.scope)
	text, where, args := "inventory_check c", "1 = 1", []any(nil)
	switch {
	case reach.Within() && q.returned: // few: begin with the cases
		text, args = q.running(reach.Homes, n.host.Today())
		narrow, more := q.where(n.host.Today())
		return strings.Replace(text, " FROM procedure_case k WHERE ", " FROM procedure_case k CROSS JOIN "+
				"inventory_check c WHERE c.home = k.home AND c.procedure_case = k.id AND ", 1) + narrow,
			append(args, more...)
	case reach.Within():
		first, last := reach.Homes[0], reach.Homes[len(reach.Homes)-1]
		where = "c.home >= ? AND c.home <= ? AND +c.home IN (?" + strings.Repeat(", ?",
			len(reach.Homes)-1) + ")"
		args = append(args, first, last)
		for _, home := range reach.Homes {
			args = append(args, home)
		}
	case !reach.All:
		inside, more := q.scope.SQL("p.path")
		text, where, args = "place_path p CROSS JOIN "+text, "c.place = p.place AND "+inside, more
	}
	if cases || q.late || q.returned {
		text += " CROSS JOIN procedure_case k"
		where += " AND k.home = c.home AND k.id = c.procedure_case"
	}
	narrow, more := q.where(n.host.Today())
	return " FROM " + text + " WHERE " + where + narrow, append(args, more...)
}

// where is what the filters ask. What is late or was returned is running: the others are not looked up.
func (q listQuery) where(today period.Date) (text string, args []any) {
	add := func(condition string, values ...any) {
		text, args = text+" AND "+condition, append(args,
			values...)
	}
	if q.year != 0 {
		add("+c.year = ?", q.year) // the plus: it hardly filters, and no index should begin with it
	}
	if q.stage != "" {
		add("c.stage = ?", q.stage)
	}
	if q.late || q.returned {
		add("c.stage NOT IN (?, ?, ?)", Approved, Locked, Ended)
	}
	if q.late {
		add("k.status = 'running' AND k.due < ?", today)
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
	return text, args
}

// search reads a page of the list.
func (n *Inventory) search(r store.Reader, q listQuery) ([]listRow, error) {
	from, args := n.from(q, true)
	columns := "c." + strings.Join(checks.Columns(), ", c.")
	return store.All[listRow](r, "SELECT "+columns+`, k.due AS due, k.round AS round,
		k.status = 'running' AND k.due < ? AS late`+from+
		" AND c.home >= ? AND (c.home > ? OR c.id > ?) ORDER BY c.home, c.id LIMIT ?",
		append(append([]any{n.host.Today()}, args...), q.after.Home, q.after.Home, q.after.ID,
			q.limit)...)
}

// found counts the whole list, up to countMax. Over whole counties what is late or was returned is counted
// from the cases alone, and everything else by the index of the board.
func (n *Inventory) found(r store.Reader, q listQuery) (int64, error) {
	from, args := n.from(q, false)
	if reach := registry.ReachOf(n.places, q.scope); reach.Within() && q.text == "" {
		if (q.late || q.returned) && q.stage == "" && !q.sampled {
			from, args = q.running(reach.Homes, n.host.Today())
		}
		from = strings.Replace(from, "+c.year", "c.year", 1)
	}
	return store.Count(r, "SELECT count(*) FROM (SELECT 1"+from+" LIMIT ?) AS found", append(args,
		countMax)...)
}

// running is what is late or was returned, as the cases know it.
func (q listQuery) running(homes []int64, today period.Date) (string, []any) {
	text := " FROM procedure_case k WHERE k.home IN (?" + strings.Repeat(", ?", len(homes)-1) +
		") AND k.procedure = ? AND k.status = 'running'"
	var args []any
	for _, home := range homes {
		args = append(args, home)
	}
	args = append(args, Procedure)
	if q.year != 0 {
		text, args = text+" AND k.year = ?", append(args, q.year)
	}
	if q.late {
		text, args = text+" AND k.due < ?", append(args, today)
	}
	if q.returned {
		text += " AND k.round > 1"
	}
	return text, args
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
		// Names are looked through, not counted, where there are too many.
		rows.Total.Unknown = query.text != "" && registry.ReachOf(n.places, query.scope).Within()
		if !rows.Total.Unknown {
			if rows.Total.N, err = n.found(v, query); err != nil {
				return err
			}
		}
		rows.Items, err = n.search(v, query)
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
