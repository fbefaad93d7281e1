package commitments

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// row is a row of a list with its owner's name.
type row[T any] struct {
	Row   T
	Owner string
}

// aboveView is what stands over both lists.
type aboveView struct {
	Transfers              bool // this is the list of transfers
	MayChange, MayAnnounce bool
	Kinds                  []Kind
}

func (s *Commitments) above(r *web.Request, transfers bool) aboveView {
	return aboveView{transfers, !r.Scope(MayChange).Empty(), !r.Scope(MayAnnounce).Empty(), record.Kinds}
}

func (s *Commitments) list(r *web.Request) (web.Answer, error) {
	list := web.List[row[Commitment]]{Name: "commitments.list", Columns: s.columns(r),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "kind", Kind: web.Choice, Options: told(r, "commitments.kind.", record.Kinds)},
			{Key: "state", Kind: web.Choice, Options: told(r, "commitments.state.", record.States)},
			{Key: "look", Kind: web.Choice, Options: told(r, "commitments.look.", Looks)},
			{Key: "organisation", Kind: web.TextFilter}},
		Sorts: sortKeys, AboveView: "commitments/above", Above: s.above(r, false)}
	list.Load = func(ctx context.Context, q web.Query) (rows web.Rows[row[Commitment]], err error) {
		p, err := s.paged(ctx, r.Scope(MayRead), r.Actor, q)
		if err != nil {
			return rows, err
		}
		f := q.Filter
		return load(ctx, s, p, func(v *store.View, p page) (Found[Commitment], error) {
			return Search(v, Query{page: p, Kind: Kind(f["kind"]), State: State(f["state"]),
				Look: Look(f["look"]), Text: f["q"], Today: s.host.Today()})
		}, ownerOf)
	}
	return list.Answer(r)
}

// told are options whose words are dictionary entries.
func told[T ~string](r *web.Request, prefix string, values []T) []web.Option {
	var options []web.Option
	for _, v := range values {
		options = append(options, web.Option{Value: string(v), Text: r.T(prefix + string(v))})
	}
	return options
}

func plain(text string) web.Cell { return web.Cell{Text: text} }

func moneyCell(f money.Fen) web.Cell {
	return web.Cell{Text: f.String(), Value: sheet.Number{Text: f.Plain(), Places: 2}}
}

// percent writes parts of 10,000: 4.35%.
func percent(rate int64) string {
	if rate == 0 {
		return ""
	}
	return decimal.Format(rate, 2) + "%"
}

func (s *Commitments) columns(r *web.Request) []web.Column[row[Commitment]] {
	c := s.codes.Load()
	return []web.Column[row[Commitment]]{
		{Key: "party", Cell: func(a row[Commitment]) web.Cell {
			return web.Cell{Text: a.Row.Party, Href: Address(refOf(a.Row))}
		}},
		{Key: "kind", Cell: func(a row[Commitment]) web.Cell {
			return plain(r.T("commitments.kind." + string(a.Row.Kind)))
		}},
		{Key: "number", Hidden: true,
			Cell: func(a row[Commitment]) web.Cell { return plain(a.Row.Number) }},
		{Key: "owner", Cell: func(a row[Commitment]) web.Cell {
			return web.Cell{Text: a.Owner, Href: registry.Address(ownerOf(a.Row))}
		}},
		{Key: "purpose", Hidden: true, Cell: func(a row[Commitment]) web.Cell {
			return plain(c.Word(r.Language, record.Purposes, a.Row.Purpose))
		}},
		{Key: "amount", Number: true, Cell: func(a row[Commitment]) web.Cell {
			return moneyCell(a.Row.Amount)
		}},
		{Key: "outstanding", Number: true, Cell: func(a row[Commitment]) web.Cell {
			return moneyCell(a.Row.Outstanding())
		}},
		{Key: "rate", Hidden: true,
			Cell: func(a row[Commitment]) web.Cell { return plain(percent(a.Row.Rate)) }},
		{Key: "day", Cell: func(a row[Commitment]) web.Cell { return plain(string(a.Row.Day)) }},
		{Key: "due", Cell: func(a row[Commitment]) web.Cell {
			cell := plain(string(record.Ending(a.Row.Due)))
			if a.Row.State == Standing && a.Row.Due < r.Today() {
				cell.Status = "overdue"
			}
			return cell
		}},
		{Key: "vote", Cell: func(a row[Commitment]) web.Cell { return voteCell(r, a.Row) }},
		{Key: "related", Cell: func(a row[Commitment]) web.Cell {
			if !a.Row.Related {
				return plain("")
			}
			return web.Cell{Text: r.T("commitments.related"), Status: "due"}
		}},
		{Key: "state", Cell: func(a row[Commitment]) web.Cell {
			return web.Cell{Text: r.T("commitments.state." + string(a.Row.State)), Status: tone(a.Row)}
		}},
	}
}

// voteCell says whether members decided in time.
func voteCell(r *web.Request, c Commitment) web.Cell {
	switch {
	case c.Voted():
		return web.Cell{Text: string(c.Decided)}
	case c.Kind == Guarantee:
		return plain("") // no vote makes it valid
	}
	return web.Cell{Text: r.T("commitments.no_vote"), Status: "due"}
}

// tone is the mark of a state: a guarantee that stands is never well.
func tone(c Commitment) string {
	switch {
	case c.State == Withdrawn:
		return "stopped"
	case c.State == Settled:
		return "done"
	case c.Kind == Guarantee:
		return "overdue"
	}
	return "waiting"
}

// paged reads what every list asks: reach, order, where it goes on.
func (s *Commitments) paged(ctx context.Context, scope access.Scope, actor access.Actor,
	q web.Query) (p page, err error) {
	p = page{Sort: q.Sort, Limit: q.Limit, Count: q.After == "", After: q.After}
	p.Reach, p.Organisation, err = s.chooser.Filter(ctx, actor, scope, q.Filter)
	// A text over whole counties is looked for, not counted.
	p.Uncounted = q.Filter["q"] != "" && !p.Reach.Narrow() && p.Organisation.ID == 0
	p.Count = p.Count && !p.Uncounted
	return p, err
}

// load reads one page of a list with the names of the owners. The first page counts; its total travels
// with the cursor.
func load[T any](ctx context.Context, s *Commitments, p page,
	search func(*store.View, page) (Found[T], error),
	owner func(T) registry.Ref) (rows web.Rows[row[T]], err error) {
	var total int64
	if text, rest, found := strings.Cut(p.After, "|"); found {
		if total, err = strconv.ParseInt(text, 10, 64); err != nil {
			return rows, err
		}
		p.After = rest
	}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		found, err := search(v, p)
		if err != nil {
			return err
		}
		if p.Count {
			total = found.Number
		}
		rows.Items, rows.Next = nil, ""
		names := map[registry.Ref]string{}
		for _, one := range found.Rows {
			ref := owner(one)
			if _, known := names[ref]; !known {
				o, err := registry.Get(v, ref)
				if err != nil {
					return err
				}
				names[ref] = o.Name
			}
			rows.Items = append(rows.Items, row[T]{one, names[ref]})
		}
		if found.Next != "" {
			rows.Next = fmt.Sprint(total, "|", found.Next)
		}
		return nil
	})
	rows.Total = web.Total{N: min(total, CountMax), AtLeast: total > CountMax, Unknown: p.Uncounted}
	return rows, err
}
