package bookkeeping

import (
	"context"
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// row is an organisation with the books that run for it today, if there are any.
type row struct {
	registry.Organisation
	ledger.Book
	Has    bool
	Drafts int64 // that wait
}

// aboveView is what stands over the list of books.
type aboveView struct {
	MayOpen bool
	Charts  []web.Option
	Today   period.Date
	Year    period.Date // its first day
	Waiting *waitingView
}

// list shows the organisations of the reader's places with their books.
func (s *Bookkeeping) list(r *web.Request) (web.Answer, error) {
	levels := make([]web.Option, 0, 2)
	for _, l := range []division.Level{division.Village, division.Group} {
		levels = append(levels, web.Option{Value: l.String(), Text: r.T("books.level." + l.String())})
	}
	waiting, err := s.waitingFor(r, r.Scope(ledger.MayCheck))
	if err != nil {
		return nil, err
	}
	list := web.List[row]{Name: "books.list", Columns: s.columns(r), Filters: []web.Filter{
		{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
		{Key: "level", Kind: web.Choice, Options: levels}},
		AboveView: "bookkeeping/above",
		Above: aboveView{!r.Scope(ledger.MayOpen).Empty(), s.chartOptions(r), r.Today(),
			yearOf(r.Today()), waiting}}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[row], error) {
		return s.load(ctx, r.Scope(ledger.MayRead), r.Today(), q)
	}
	return list.Answer(r)
}

// chartOptions are the charts that may be booked under today, the newest first.
func (s *Bookkeeping) chartOptions(r *web.Request) []web.Option {
	var list []web.Option
	for _, c := range s.ledger.Charts().All() {
		list = append([]web.Option{{Value: c.Key, Text: c.Title.In(r.Language)}}, list...)
	}
	return list
}

func (s *Bookkeeping) columns(r *web.Request) []web.Column[row] {
	return []web.Column[row]{
		{Key: "organisation", Cell: func(o row) web.Cell {
			if !o.Has {
				return web.Cell{Text: o.Name}
			}
			return web.Cell{Text: o.Name, Href: Address(o.Book.Ref())}
		}},
		{Key: "code", Hidden: true, Cell: func(o row) web.Cell { return web.Cell{Text: o.Code} }},
		{Key: "place", Cell: func(o row) web.Cell {
			return web.Cell{Text: s.places.Name(o.Organisation.Place),
				Href: fmt.Sprintf("/places/%d", o.Organisation.Place)}
		}},
		{Key: "chart", Cell: func(o row) web.Cell { return web.Cell{Text: s.chartTitle(r, o.Chart)} }},
		{Key: "from", Cell: func(o row) web.Cell { return web.Cell{Text: string(o.From)} }},
		{Key: "closed", Cell: func(o row) web.Cell {
			return web.Cell{Text: o.Closed}
		}},
		{Key: "drafts", Number: true, Cell: func(o row) web.Cell {
			if o.Drafts == 0 {
				return web.Cell{}
			}
			return web.Cell{Text: strconv.FormatInt(o.Drafts, 10), Value: o.Drafts,
				Href: Address(o.Book.Ref()) + "#drafts"}
		}},
		{Key: "state", Cell: func(o row) web.Cell { return s.stateCell(r, o) }},
	}
}

func (s *Bookkeeping) chartTitle(r *web.Request, key string) string {
	chart, known := s.ledger.Charts().Get(key)
	if !known {
		return key
	}
	return chart.Title.In(r.Language)
}

// stateCell says whether there are books, and whether they are closed as far as they can be.
func (s *Bookkeeping) stateCell(r *web.Request, o row) web.Cell {
	before := period.Containing(r.Today(), period.Month).Previous()
	switch {
	case !o.Has:
		return web.Cell{Status: "draft", Text: r.T("books.state.none")}
	case o.Closed >= before.String() || before.Last() < o.From:
		return web.Cell{Status: "done", Text: r.T("books.state.current")}
	case o.Closed >= before.Previous().String() || before.Previous().Last() < o.From:
		return web.Cell{Status: "waiting", Text: r.T("books.state.open")}
	}
	return web.Cell{Status: "due", Text: r.T("books.state.late")}
}

// load reads a page of organisations with their books.
func (s *Bookkeeping) load(ctx context.Context, scope access.Scope, today period.Date,
	q web.Query) (rows web.Rows[row], err error) {
	query := registry.Query{Status: registry.Active, Text: q.Filter["q"], Limit: q.Limit, Count: true}
	if text := q.Filter["level"]; text != "" {
		if query.Level, err = division.ParseLevel(text); err != nil {
			return rows, fault.New(fault.Invalid, "registry.level_unknown", text).Because(err)
		}
	}
	if text := q.Filter["place"]; text != "" {
		place, err := s.places.Find(ctx, text)
		if err != nil {
			return rows, err
		}
		scope = scope.Within(s.host.Access.Path(place))
	}
	query.Reach = registry.ReachOf(s.places, scope)
	query.Count = q.After == ""
	total := int64(-1)
	query.After, total, err = readListCursor(q.After)
	if err != nil {
		return rows, err
	}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		found, err := registry.Search(v, query)
		if err != nil {
			return err
		}
		if query.Count {
			total = found.Number
		}
		if found.Next.ID != 0 {
			rows.Next = fmt.Sprint(found.Next.Home, " ", found.Next.ID, " ", total)
		}
		for _, o := range found.Rows {
			one := row{Organisation: o}
			if one.Book, one.Has, err = ledger.Of(v, o.Ref(), today); err != nil {
				return err
			}
			if one.Has {
				if one.Drafts, err = store.Count(v, `SELECT count(*) FROM ledger_voucher WHERE home = ?
					AND book = ? AND status <> 'posted'`, one.Book.Home, one.Book.ID); err != nil {
					return err
				}
			}
			rows.Items = append(rows.Items, one)
		}
		return nil
	})
	rows.Total = web.Total{N: min(total, registry.CountMax), AtLeast: total > registry.CountMax}
	return rows, err
}

// readListCursor reads where a page ended and how many there are in all.
func readListCursor(text string) (after registry.Ref, total int64, err error) {
	if text == "" {
		return registry.Ref{Home: -1}, 0, nil
	}
	if n, err := fmt.Sscan(text, &after.Home, &after.ID, &total); n != 3 || err != nil {
		return after, 0, fault.New(fault.Invalid, "web.cursor")
	}
	return after, total, nil
}

// open opens the books of an organisation.
func (s *Bookkeeping) open(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.organisation(r.Context(), r.Actor, r.Field("organisation"))
	if err != nil {
		return nil, err
	}
	from, err := r.Date("from")
	if err != nil {
		return nil, err
	}
	made, err := s.ledger.OpenBook(r.Context(), r.Actor, ledger.Opening{Organisation: o.Ref(),
		Chart: r.Field("chart"), From: from})
	if err != nil {
		return nil, err
	}
	return done(Address(made.Ref()), "opened"), nil
}

// organisation reads which organisation somebody means. What the actor may not read is not found.
func (s *Bookkeeping) organisation(ctx context.Context, actor access.Actor,
	text string) (registry.Organisation, error) {
	return registry.Chooser{Host: s.host, Places: s.places, Read: ledger.MayRead}.Find(ctx, actor, text)
}

// named finds the books somebody means: those of the number 500102/37, or those that run today for an
// organisation.
func (s *Bookkeeping) named(ctx context.Context, actor access.Actor, text string) (ledger.Book, error) {
	o, err := s.organisation(ctx, actor, text)
	if err != nil {
		return ledger.Book{}, err
	}
	return store.Read(ctx, s.host.Store, func(v *store.View) (ledger.Book, error) {
		b, found, err := ledger.Of(v, o.Ref(), s.host.Today())
		if err == nil && !found {
			err = fault.New(fault.NotFound, "books.none", o.Name)
		}
		return b, err
	})
}
