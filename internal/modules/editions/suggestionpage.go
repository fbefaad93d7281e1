package editions

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Proposed is a suggestion with the places it speaks of.
type Proposed struct {
	Suggestion
	Parts []ProposedPart
}

// ProposedPart says which share of a place would go where.
type ProposedPart struct {
	From, To         int64
	FromName, ToName string
	Where            string // the way to where it lies or lay
	Basis            string
	Share            int32 // 0.0001
}

// SuggestionQuery is which suggestions are asked for.
type SuggestionQuery struct {
	State   string // "" all
	Edition int64  // 0 all
	After   int64
	Limit   int
}

const suggestionWhere = `WHERE (? = '' OR state = ?) AND (? = 0 OR edition = ?)`

// Suggestions are what editions made likely, in the order of their numbers, and how many there are.
func (g *Editions) Suggestions(ctx context.Context, q SuggestionQuery) (list []Proposed, total int64,
	err error) {
	args := []any{q.State, q.State, q.Edition, q.Edition}
	err = g.host.Store.View(ctx, func(v *store.View) error {
		rows, err := suggestions.All(v, suggestionWhere+` AND id > ? ORDER BY id LIMIT ?`,
			append(args, q.After, q.Limit)...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			parts, err := suggestionParts.All(v, "WHERE suggestion = ? ORDER BY number", row.ID)
			if err != nil {
				return err
			}
			list = append(list, Proposed{Suggestion: row, Parts: partsOf(parts)})
		}
		total, err = store.Count(v, `SELECT count(*) FROM place_suggestion `+suggestionWhere, args...)
		return err
	})
	for i := range list {
		if err == nil {
			err = g.nameParts(ctx, &list[i])
		}
	}
	return list, total, err
}

func partsOf(rows []suggestionPartRow) []ProposedPart {
	var all []ProposedPart
	for _, p := range rows {
		all = append(all, ProposedPart{From: p.From, To: p.To, Basis: p.Basis, Share: int32(p.Share)})
	}
	return all
}

// nameParts names what ended by what it was called last, and the others by the edition's day.
func (g *Editions) nameParts(ctx context.Context, p *Proposed) error {
	t, err := g.places.At(ctx, p.Effective)
	if err != nil {
		return err
	}
	for i := range p.Parts {
		part := &p.Parts[i]
		from, err := g.places.Place(ctx, part.From, p.Effective.AddDays(-1))
		if err != nil {
			return err
		}
		to, err := g.places.Place(ctx, part.To, p.Effective)
		if err != nil {
			return err
		}
		part.FromName, part.ToName = from.Name, to.Name
		if n := t.Find(part.To); n >= 0 {
			part.Where = territory.Above(t, n)
		}
	}
	return nil
}

// from and to are the places on both sides, each once.
func (p Proposed) from() []ProposedPart {
	return once(p.Parts, func(p ProposedPart) int64 { return p.From })
}
func (p Proposed) to() []ProposedPart {
	return once(p.Parts, func(p ProposedPart) int64 { return p.To })
}

func once(parts []ProposedPart, of func(ProposedPart) int64) []ProposedPart {
	seen := map[int64]bool{}
	var all []ProposedPart
	for _, p := range parts {
		if !seen[of(p)] {
			seen[of(p)] = true
			all = append(all, p)
		}
	}
	return all
}

func (p Proposed) fromNames() string {
	var names []string
	for _, part := range p.from() {
		names = append(names, part.FromName)
	}
	return strings.Join(names, "、")
}

// toNames are the names of those that would follow, with their shares if there are several.
func (p Proposed) toNames() string {
	list := p.to()
	var names []string
	for _, part := range list {
		text := part.ToName
		if len(list) > 1 {
			text += " " + territory.Percent(part.Share)
		}
		names = append(names, text)
	}
	return strings.Join(names, "、")
}

func (p Proposed) where() string {
	if len(p.Parts) == 0 {
		return ""
	}
	return p.Parts[0].Where
}

// suggestions lists what is to be confirmed or rejected.
func (g *Editions) suggestions(r *web.Request) (web.Answer, error) {
	var states []web.Option
	for _, s := range []string{Waiting, Confirmed, Rejected} {
		states = append(states, web.Option{Value: s, Text: r.T("editions.suggestion.state." + s)})
	}
	list := web.List[Proposed]{
		Name: "editions.suggestions",
		Columns: []web.Column[Proposed]{
			{Key: "number", Number: true, Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: strconv.FormatInt(p.ID, 10), Value: p.ID}
			}},
			{Key: "effective", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: string(p.Effective), Href: Address(p.Edition)}
			}},
			{Key: "act", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: r.T("territory.act.kind." + string(p.Act))}
			}},
			{Key: "from", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: p.fromNames(),
					Href: g.addressOf(p, func(q ProposedPart) int64 { return q.From },
						p.Effective.AddDays(-1))}
			}},
			{Key: "to", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: p.toNames(),
					Href: g.addressOf(p, func(q ProposedPart) int64 { return q.To }, p.Effective)}
			}},
			{Key: "where", Cell: func(p Proposed) web.Cell { return web.Cell{Text: p.where()} }},
			{Key: "reason", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: r.T("editions.reason." + p.Reason)}
			}},
			{Key: "state", Cell: func(p Proposed) web.Cell {
				return web.Cell{Text: r.T("editions.suggestion.state." + p.State),
					Status: stateTones[p.State]}
			}},
			{Key: "remark", Hidden: true,
				Cell: func(p Proposed) web.Cell { return web.Cell{Text: p.Remark} }},
		},
		Filters: []web.Filter{{Key: "state", Kind: web.Choice, Options: states},
			{Key: "edition", Kind: web.TextFilter}},
		AboveView: "editions/suggestions-above",
		Load:      g.loadSuggestions,
	}
	if !r.Scope(territory.PermitChange).Empty() {
		list.RowID = func(p Proposed) string { return strconv.FormatInt(p.ID, 10) }
		list.Bulk = []web.Bulk{{Key: "editions.confirm", Action: "/suggestions/confirm"},
			{Key: "editions.reject", Action: "/suggestions/reject", Reason: true}}
	}
	return list.Answer(r)
}

func (g *Editions) addressOf(p Proposed, of func(ProposedPart) int64, on period.Date) string {
	if len(p.Parts) == 0 {
		return ""
	}
	return g.places.Address(of(p.Parts[0]), on)
}

func (g *Editions) loadSuggestions(ctx context.Context, q web.Query) (web.Rows[Proposed], error) {
	var rows web.Rows[Proposed]
	ask := SuggestionQuery{State: q.Filter["state"], Limit: q.Limit + 1}
	var err error
	if ask.Edition, err = web.Number("edition", q.Filter["edition"]); err != nil {
		return rows, err
	}
	if ask.After, err = web.Number("after", q.After); err != nil {
		return rows, err
	}
	list, total, err := g.Suggestions(ctx, ask)
	if len(list) > q.Limit {
		list = list[:q.Limit]
		rows.Next = strconv.FormatInt(list[q.Limit-1].ID, 10)
	}
	rows.Items, rows.Total.N = list, total
	return rows, err
}

// outcomeView is what became of a decision about many.
type outcomeView struct {
	Done    int
	Refused []outcome
	Back    string
}

type outcome struct {
	Suggestion int64
	Why        string
}

func (g *Editions) confirmMany(r *web.Request) (web.Answer, error) { return g.decideMany(r, true) }
func (g *Editions) rejectMany(r *web.Request) (web.Answer, error)  { return g.decideMany(r, false) }

// decideMany decides the chosen suggestions one after the other; what is refused stands in the
// answer. What is entered as the reason is the document of what is confirmed.
func (g *Editions) decideMany(r *web.Request, confirm bool) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	if len(r.PostForm["row"]) == 0 {
		return nil, fault.New(fault.Invalid, "editions.none_chosen")
	}
	v := outcomeView{Back: web.LocalPath(r.Field("back"))}
	for _, row := range r.PostForm["row"] {
		id, err := web.Number("row", row)
		if err != nil {
			return nil, err
		}
		d := Decision{Suggestion: id, Confirm: confirm}
		if confirm {
			d.Document = r.Field("reason")
		} else {
			d.Remark = r.Field("reason")
		}
		if _, err = g.Decide(r.Context(), d); err == nil {
			v.Done++
			continue
		}
		f := fault.Of(err)
		if f.Code == fault.Internal {
			return nil, err
		}
		v.Refused = append(v.Refused, outcome{id, r.Explain(f)})
	}
	return web.View("editions/outcome", web.Page{Title: r.T("editions.menu.suggestions"), Data: v,
		Trail: []web.Crumb{{Text: r.T("editions.menu.suggestions"), Href: v.Back}}}), nil
}
