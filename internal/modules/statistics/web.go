package statistics

import (
	"context"
	"fmt"
	"html/template"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (s *Statistics) pages() []web.Route {
	const figure = "/statistics/{series}/{place}/{year}"
	return []web.Route{
		{Pattern: "GET /statistics", Access: web.Permitted(MayRead), Handle: s.index},
		{Pattern: "GET /statistics/import", Access: web.Permitted(MayEnter), Handle: s.blank},
		{Pattern: "POST /statistics/import", Access: web.Permitted(MayEnter), BodyMax: FileMax,
			Handle: s.sent},
		{Pattern: "GET /statistics/{series}", Access: web.Permitted(MayRead), Handle: s.show},
		{Pattern: "GET " + figure, Access: web.Permitted(MayRead), Handle: s.figure},
		{Pattern: "POST " + figure, Access: web.Permitted(MayEnter), Handle: s.correct},
	}
}

// held is a series with what there is of it.
type held struct {
	series.Definition
	first, last, places int
}

func plain(text string) web.Cell { return web.Cell{Text: text} }

func whole(n int) web.Cell {
	if n == 0 {
		return plain("")
	}
	return web.Cell{Text: strconv.Itoa(n), Value: int64(n)}
}

// index lists the series.
func (s *Statistics) index(r *web.Request) (web.Answer, error) {
	list := web.List[held]{Name: "statistics.index", Place: s.places.City(),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter},
			{Key: "held", Kind: web.Choice, Options: []web.Option{{Value: "yes",
				Text: r.T("statistics.held")},
				{Value: "no", Text: r.T("statistics.not_held")}}}},
		AboveView: "statistics/above", Above: r.Can(MayEnter, s.places.City()),
		Columns: []web.Column[held]{
			{Key: "title", Cell: func(h held) web.Cell {
				return web.Cell{Text: h.Title.In(r.Language), Href: "/statistics/" + h.Key}
			}},
			{Key: "unit", Cell: func(h held) web.Cell { return plain(h.Unit.In(r.Language)) }},
			{Key: "years", Cell: func(h held) web.Cell {
				if h.first == 0 {
					return web.Cell{Text: r.T("statistics.not_held"), Status: "draft"}
				}
				return plain(fmt.Sprintf("%d–%d", h.first, h.last))
			}},
			{Key: "places", Number: true, Cell: func(h held) web.Cell { return whole(h.places) }},
			{Key: "breaks", Cell: func(h held) web.Cell {
				return plain(yearsOf(s.Book().Breaks(h.Key,
					"")))
			}},
			{Key: "formula", Cell: func(h held) web.Cell { return plain(s.formula(r, h.Definition)) }},
			{Key: "basis", Hidden: true, Cell: func(h held) web.Cell { return plain(h.Basis) }},
			{Key: "mark", Cell: func(h held) web.Cell { return plain(r.T("statistics.mark." + h.Mark)) }},
		},
		Load: func(ctx context.Context, q web.Query) (web.Rows[held], error) {
			all, err := s.held(ctx, r.Language, q)
			return pageOf(all, q), err
		}}
	return list.Answer(r)
}

// pageOf is a page of rows that are all at hand; the cursor is the number of those before it.
func pageOf[T any](all []T, q web.Query) web.Rows[T] {
	from, _ := strconv.Atoi(q.After)
	from = max(0, min(from, len(all)))
	to := min(len(all), from+q.Limit)
	rows := web.Rows[T]{Items: all[from:to], Total: web.Total{N: int64(len(all))}}
	if to < len(all) {
		rows.Next = strconv.Itoa(to)
	}
	return rows
}

// formula says what a derived series follows from.
func (s *Statistics) formula(r *web.Request, d series.Definition) string {
	if !d.Derived() {
		return ""
	}
	args := make([]any, 4)
	for i := range args {
		args[i] = ""
		if i < len(d.Of) {
			args[i] = s.Book()[d.Of[i]].Title.In(r.Language)
		}
	}
	return r.T("statistics.formula."+d.Formula, args...)
}

// show is the page of a series: chart, breaks, table.
func (s *Statistics) show(r *web.Request) (web.Answer, error) {
	d, err := s.Definition(r.PathValue("series"))
	if err != nil {
		return nil, err
	}
	list := s.seriesList(r, d)
	var page seriesPage
	err = s.host.Store.View(r.Context(), func(v *store.View) (err error) {
		page, err = s.seriesPage(v, r, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	list.Above = page
	list.Load = func(_ context.Context, q web.Query) (web.Rows[line], error) {
		return pageOf(sorted(page.lines, q.Sort), q), nil
	}
	return list.Answer(r)
}

// seriesList is the table of a series without its rows.
func (s *Statistics) seriesList(r *web.Request, d series.Definition) web.List[line] {
	columns := []web.Column[line]{
		{Key: "place", Cell: func(l line) web.Cell {
			return web.Cell{Text: l.Name,
				Href: l.address(d.Key)}
		}},
		{Key: "year", Number: true, Cell: func(l line) web.Cell {
			return web.Cell{Text: strconv.Itoa(l.Year), Value: int64(l.Year)}
		}},
		{Key: "value", Number: true, Cell: func(l line) web.Cell {
			if !l.Value.Known {
				return plain(r.T("statistics.why." + l.Value.Why))
			}
			return amountCell(l.Value.Amount, d.Decimals)
		}},
		{Key: "unit", Hidden: true, Cell: func(line) web.Cell { return plain(d.Unit.In(r.Language)) }},
		{Key: "code", Hidden: true, Cell: func(l line) web.Cell { return plain(l.Code) }},
	}
	for i, part := range partsOf(d) {
		columns = append(columns, web.Column[line]{Key: fmt.Sprintf("part%d", i+1), Number: true,
			Title: s.partTitle(r, d, i),
			Cell:  func(l line) web.Cell { return s.partCell(l, part, i) }})
	}
	columns = append(columns,
		web.Column[line]{Key: "revision", Number: true, Hidden: d.Derived(),
			Cell: func(l line) web.Cell { return whole(int(l.Revision)) }},
		web.Column[line]{Key: "break", Cell: func(l line) web.Cell { return plain(l.Break) }})
	return web.List[line]{Name: "statistics.series", Title: d.Title.In(r.Language), Columns: columns,
		Filters: []web.Filter{{Key: "place", Kind: web.PlaceFilter}, {Key: "from", Kind: web.TextFilter},
			{Key: "to", Kind: web.TextFilter}},
		Sorts: []string{"place", "year", "value"}, AboveView: "statistics/series", Place: s.places.City(),
		Trail: []web.Crumb{{Text: r.T("statistics.menu"), Href: "/statistics"}}}
}

// partsOf are the columns of the parts of a derived series: numerator and denominator.
func partsOf(d series.Definition) []string {
	if d.Formula == series.Growth {
		return []string{d.Of[0], d.Of[0]}
	}
	return d.Of[:min(len(d.Of), 4)]
}

// partTitle names a part by its series; both parts of growth are the same one, so the former has its year.
func (s *Statistics) partTitle(r *web.Request, d series.Definition, i int) string {
	if d.Formula != series.Growth {
		return s.Book()[d.Of[i]].Title.In(r.Language)
	}
	title := s.Book()[d.Of[0]].Title.In(r.Language)
	if i > 0 {
		return r.T("statistics.year_before", title)
	}
	return title
}

// partCell shows a part of a derived figure, if it is an own figure.
func (s *Statistics) partCell(l line, key string, i int) web.Cell {
	d := s.Book()[key]
	if d.Derived() {
		if i < len(l.Nested) && l.Nested[i].Known {
			return amountCell(l.Nested[i].Amount, d.Decimals)
		}
		return plain("")
	}
	if i < len(l.Value.Parts) && l.Value.Parts[i].Known {
		return amountCell(l.Value.Parts[i].Amount, d.Decimals)
	}
	return plain("")
}

func amountCell(amount int64, decimals int) web.Cell {
	return web.Cell{Text: decimal.Grouped(amount, decimals),
		Value: sheet.Number{Text: decimal.Format(amount, decimals), Places: decimals}}
}

// seriesPage is what stands over the table of a series.
type seriesPage struct {
	Definition series.Definition
	Formula    string
	Breaks     []series.Break
	Chart      template.HTML
	Legend     []string
	More       int  // places that the chart leaves out
	Empty      bool // there is no figure anywhere
	Enter      bool
	lines      []line
}

// level is the level of a place today; of one that stands no longer, a county's.
func (s *Statistics) level(place int64) division.Level {
	t := s.places.Today()
	if n := t.Find(place); n != tree.None {
		return t.Level(n)
	}
	return division.County
}

func (s *Statistics) placeOf(r *web.Request) (int64, error) {
	text := r.Field("place")
	if text == "" {
		return 0, nil
	}
	p, err := s.places.Resolve(r.Context(), text, s.host.Today())
	if fault.Is(err, fault.NotFound) {
		return -1, nil // a place without figures: the table is empty
	}
	return p.ID, err
}
