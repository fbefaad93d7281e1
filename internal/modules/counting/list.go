package counting

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// list lists the rows of a check by number.
func (g *Counting) list(r *web.Request) (web.Answer, error) {
	c, err := store.Read(r.Context(), g.host.Store, func(v *store.View) (inventory.Check, error) {
		return g.inventory.Readable(v, r)
	})
	if err != nil {
		return nil, err
	}
	verdicts := append([]web.Option{{Value: openRows, Text: r.T("counting.open")},
		{Value: bareRows, Text: r.T("counting.bare")}}, g.inventory.Options(r, "verdict")...)
	return web.List[inventory.Row]{
		Name: "counting.rows", Title: r.T("counting.rows.of", c.Name), Place: c.Place,
		Trail:   g.inventory.Trail(r, c),
		Columns: g.columns(r, c),
		Filters: []web.Filter{{Key: "form", Kind: web.Choice, Options: g.formOptions(r)},
			{Key: "verdict", Kind: web.Choice, Options: verdicts}},
		Load: func(ctx context.Context, q web.Query) (web.Rows[inventory.Row], error) {
			return g.load(ctx,
				c, q)
		},
	}.Answer(r)
}

func amount(key string, of func(inventory.Row) money.Fen) web.Column[inventory.Row] {
	return web.Column[inventory.Row]{Key: key, Number: true, Cell: func(w inventory.Row) web.Cell {
		if w.Verdict == count.Uncounted && key != "book" {
			return web.Cell{} // nothing is known yet
		}
		value := sheet.Number{Text: of(w).Plain(), Places: money.Places}
		return web.Cell{Text: of(w).String(), Value: value}
	}}
}

func (g *Counting) columns(r *web.Request, c inventory.Check) []web.Column[inventory.Row] {
	text := func(key string, hidden bool, of func(inventory.Row) string) web.Column[inventory.Row] {
		return web.Column[inventory.Row]{Key: key, Hidden: hidden,
			Cell: func(w inventory.Row) web.Cell { return web.Cell{Text: of(w)} }}
	}
	in := func(list, code string) string { return g.inventory.CodeText(list, code).In(r.Language) }
	return []web.Column[inventory.Row]{
		{Key: "number", Number: true, Cell: func(w inventory.Row) web.Cell {
			return web.Cell{Text: strconv.FormatInt(w.Number, 10), Value: w.Number}
		}},
		{Key: "name", Cell: func(w inventory.Row) web.Cell {
			return web.Cell{Text: w.Name, Href: rowAddress(c.Ref(), w.Number)}
		}},
		text("form", false, func(w inventory.Row) string {
			if f, ok := g.inventory.Forms().Form(w.Form); ok {
				return f.Title.In(r.Language)
			}
			return w.Form
		}),
		text("kind", true, func(w inventory.Row) string { return g.kindText(w, r.Language) }),
		{Key: "verdict", Cell: func(w inventory.Row) web.Cell {
			return web.Cell{Text: g.verdictText(r, w.Verdict), Status: tone(w.Verdict)}
		}},
		amount("book", func(w inventory.Row) money.Fen { return w.Book }),
		amount("verified", func(w inventory.Row) money.Fen { return w.Verified }),
		amount("gain", func(w inventory.Row) money.Fen { return w.Gain }),
		amount("loss", func(w inventory.Row) money.Fen { return w.Loss }),
		{Key: "book_area", Number: true, Hidden: true, Cell: func(w inventory.Row) web.Cell {
			return land(w,
				w.BookArea)
		}},
		{Key: "area", Number: true, Cell: func(w inventory.Row) web.Cell {
			if w.Verdict == count.Uncounted {
				return web.Cell{}
			}
			return land(w, w.VerifiedArea)
		}},
		text("use", false, func(w inventory.Row) string { return in("use_state", w.UseState) }),
		text("keeper", true, func(w inventory.Row) string { return w.Keeper }),
		text("counted_on", true, func(w inventory.Row) string { return string(w.CountedOn) }),
		text("remark", true, func(w inventory.Row) string { return w.Remark }),
	}
}

func land(w inventory.Row, a area.Area) web.Cell {
	if w.VerifiedArea == 0 && w.BookArea == 0 {
		return web.Cell{}
	}
	return web.Cell{Text: a.Mu(), Value: sheet.Number{Text: a.PlainMu(), Places: 2}}
}

func (g *Counting) verdictText(r *web.Request, v count.Verdict) string {
	if v == count.Uncounted {
		return r.T("counting.open")
	}
	return g.inventory.CodeText("verdict", string(v)).In(r.Language)
}

// tone is the status mark of a verdict.
func tone(v count.Verdict) string {
	switch v {
	case count.Uncounted:
		return "draft"
	case count.Match:
		return "done"
	case count.Gain, count.Loss, count.Damaged:
		return "overdue"
	}
	return "due"
}

// load reads a page of a check's rows.
func (g *Counting) load(ctx context.Context, c inventory.Check, q web.Query) (page web.Rows[inventory.Row],
	err error) {
	query := rowQuery{check: c.Ref(), form: q.Filter["form"], verdict: q.Filter["verdict"],
		asked: g.asked(c),
		limit: q.Limit + 1}
	if query.after, err = afterRow(q.After); err != nil {
		return page, err
	}
	err = g.host.Store.View(ctx, func(v *store.View) (err error) {
		if page.Total.N, err = query.count(v); err == nil {
			page.Items, err = query.search(v)
		}
		return err
	})
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = strconv.FormatInt(page.Items[q.Limit-1].Number, 10)
	}
	return page, err
}

// afterRow reads the number a page ended at; "" is before the first.
func afterRow(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "web.cursor")
	}
	return n, nil
}
