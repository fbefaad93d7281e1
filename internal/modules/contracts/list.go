package contracts

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// row is a contract in a list, with its owner's name and what is owed.
type row struct {
	Contract
	Owner   string
	Arrears Arrears
}

func (s *Contracts) list(r *web.Request) (web.Answer, error) {
	var states, looks []web.Option
	for _, state := range record.States {
		states = append(states, web.Option{Value: string(state), Text: r.T("contracts.state." +
			string(state))})
	}
	for _, look := range Looks {
		looks = append(looks, web.Option{Value: string(look), Text: r.T("contracts.look." + string(look))})
	}
	list := web.List[row]{Name: "contracts.list", Columns: s.columns(r),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "look", Kind: web.Choice, Options: looks},
			{Key: "kind", Kind: web.Choice, Options: s.options(r, "contract_kind")},
			{Key: "state", Kind: web.Choice, Options: states},
			{Key: "organisation", Kind: web.TextFilter}, {Key: "object", Kind: web.TextFilter}},
		AboveView: "contracts/above", Above: !r.Scope(Change).Empty()}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[row], error) { return s.load(ctx, r, q) }
	return list.Answer(r)
}

func (s *Contracts) options(r *web.Request, list string) []web.Option {
	return formpage.Options(r, s.codes.Load().Lists[list])
}

func moneyCell(f money.Fen) web.Cell {
	return web.Cell{Text: f.String(), Value: sheet.Number{Text: f.Plain(), Places: 2}}
}

func (s *Contracts) columns(r *web.Request) []web.Column[row] {
	c := s.codes.Load()
	text := func(text string) web.Cell { return web.Cell{Text: text} }
	return []web.Column[row]{
		{Key: "name", Cell: func(a row) web.Cell { return web.Cell{Text: a.Name, Href: Address(a.Ref())} }},
		{Key: "number", Cell: func(a row) web.Cell { return text(a.Number) }},
		{Key: "owner", Cell: func(a row) web.Cell {
			return web.Cell{Text: a.Owner, Href: registry.Address(a.Contract.Owner())}
		}},
		{Key: "kind", Cell: func(a row) web.Cell {
			return text(c.Word(r.Language, "contract_kind", a.Kind))
		}},
		{Key: "party", Cell: func(a row) web.Cell { return text(a.Party) }},
		{Key: "begins", Hidden: true, Cell: func(a row) web.Cell { return text(string(a.Begins)) }},
		{Key: "ends", Cell: func(a row) web.Cell { return text(string(a.Ends)) }},
		{Key: "yearly", Number: true, Cell: func(a row) web.Cell { return moneyCell(a.Yearly) }},
		{Key: "next_due", Cell: func(a row) web.Cell { return text(day(a.NextDue)) }},
		{Key: "overdue", Number: true, Cell: func(a row) web.Cell {
			cell := moneyCell(a.Arrears.Open)
			switch {
			case a.Arrears.Open > 0 && s.pays(a.Kind):
				cell.Text, cell.Status = r.T("contracts.list.owing", a.Arrears.Open.String()), "due"
			case a.Arrears.Open > 0:
				cell.Status = "overdue"
			}
			return cell
		}},
		{Key: "since", Hidden: true, Cell: func(a row) web.Cell { return text(string(a.Arrears.Since)) }},
		{Key: "area", Number: true, Hidden: true, Cell: func(a row) web.Cell { return text(a.Area.Mu()) }},
		{Key: "state", Cell: func(a row) web.Cell {
			return web.Cell{Text: r.T("contracts.state." + string(a.State)), Status: a.State.Tone()}
		}},
	}
}

// day is a date as a cell shows it: none stands for what never comes.
func day(d period.Date) string {
	if d == period.Open {
		return ""
	}
	return string(d)
}

// load reads one page of the list. The first page counts; its total travels with the cursor.
func (s *Contracts) load(ctx context.Context, r *web.Request, q web.Query) (web.Rows[row], error) {
	var rows web.Rows[row]
	query, err := s.query(ctx, r.Scope(Read), r.Actor, q.Filter)
	if err != nil {
		return rows, err
	}
	// A text over whole counties is looked for, not counted: it may be in none of their contracts.
	wide := query.Text != "" && !query.Reach.Narrow() && query.Organisation.ID == 0
	query.Limit, query.Count = q.Limit, q.After == "" && !wide
	var total int64
	if query.After, total, err = parseCursor(q.After); err != nil {
		return rows, err
	}
	found, items, err := s.find(ctx, query)
	if err != nil {
		return rows, err
	}
	if query.Count {
		total = found.Number
	}
	rows.Items = items
	rows.Total = web.Total{N: min(total, CountMax), AtLeast: total > CountMax, Unknown: wide}
	if found.Next != (Ref{}) {
		rows.Next = cursor(found.Next, total)
	}
	return rows, nil
}

// find reads a page with the names of the owners and what is owed.
func (s *Contracts) find(ctx context.Context, q Query) (found Found, items []row, err error) {
	names := map[registry.Ref]string{}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		items = nil
		if found, err = Search(v, q); err != nil {
			return err
		}
		for _, c := range found.Rows {
			ref := c.Owner()
			if _, known := names[ref]; !known {
				o, err := registry.Get(v, ref)
				if err != nil {
					return err
				}
				names[ref] = o.Name
			}
			dues, err := DuesOf(v, c.Ref())
			if err != nil {
				return err
			}
			items = append(items, row{c, names[ref], record.ArrearsOf(dues, q.Today)})
		}
		return nil
	})
	return found, items, err
}

// query reads the filters of the page and of the API.
func (s *Contracts) query(ctx context.Context, scope access.Scope, actor access.Actor,
	filter map[string]string) (Query, error) {
	q := Query{Kind: filter["kind"], State: State(filter["state"]), Look: Look(filter["look"]),
		Text: filter["q"], Object: filter["object"], Today: s.host.Today()}
	var err error
	q.Reach, q.Organisation, err = s.chooser.Filter(ctx, actor, scope, filter)
	return q, err
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
