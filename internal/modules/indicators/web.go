package indicators

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// list is the table of indicators with their metadata.
func (n *Indicators) list(r *web.Request) (web.Answer, error) {
	text := func(get func(Indicator) string) func(Indicator) web.Cell {
		return func(one Indicator) web.Cell { return web.Cell{Text: get(one)} }
	}
	l := r.Language
	list := web.List[Indicator]{Name: "indicators.list", Place: n.figures.City(),
		Trail: []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"}},
		Filters: []web.Filter{{Key: "family", Kind: web.Choice, Options: []web.Option{
			{Value: Level, Text: r.T("indicators.family.level")}, {Value: Gap,
				Text: r.T("indicators.family.gap")}}},
			{Key: "held", Kind: web.Choice, Options: []web.Option{{Value: "yes",
				Text: r.T("indicators.bound")},
				{Value: "no", Text: r.T("indicators.unbound")}}}},
		Columns: []web.Column[Indicator]{
			{Key: "key", Cell: text(func(one Indicator) string { return one.Key })},
			{Key: "title", Cell: func(one Indicator) web.Cell {
				return web.Cell{Text: one.Title.In(l), Href: "/evaluations/indicators/" + one.Key}
			}},
			{Key: "family", Cell: text(func(one Indicator) string {
				return r.T("indicators.family." +
					one.Family)
			})},
			{Key: "dimension", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Dimension })},
			{Key: "unit", Cell: text(func(one Indicator) string { return one.Unit.In(l) })},
			{Key: "direction", Cell: text(func(one Indicator) string {
				return r.T("indicators.direction." + string(one.Direction))
			})},
			{Key: "series", Cell: func(one Indicator) web.Cell {
				return n.sourceCell(r, one)
			}},
			{Key: "department", Cell: text(func(one Indicator) string { return one.Department.In(l) })},
			{Key: "formula", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Formula.In(l) })},
			{Key: "missing", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Missing.In(l) })},
			{Key: "numerator", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Numerator })},
			{Key: "denominator", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Denominator })},
			{Key: "revision", Hidden: true,
				Cell: text(func(one Indicator) string { return one.Revision.In(l) })},
			{Key: "mark", Cell: text(func(one Indicator) string {
				return r.T("statistics.mark." +
					one.Mark)
			})},
		},
		Load: func(_ context.Context, q web.Query) (web.Rows[Indicator], error) {
			return n.found(q), nil
		}}
	return list.Answer(r)
}

// sourceCell is where an indicator has its figures from.
func (n *Indicators) sourceCell(r *web.Request, one Indicator) web.Cell {
	switch {
	case one.Series != "":
		return web.Cell{Text: n.figures.Book()[one.Series].Title.In(r.Language),
			Href: "/statistics/" + one.Series}
	case one.Measures != nil:
		return web.Cell{Text: r.T("indicators.drawn"), Href: "/evaluations/indicators/" + one.Key}
	}
	return web.Cell{Text: r.T("indicators.unbound"), Status: "draft"}
}

// found are the indicators of a filter; they are few, so that one page has all.
func (n *Indicators) found(q web.Query) web.Rows[Indicator] {
	rows := web.Rows[Indicator]{}
	for _, one := range n.library().Indicators {
		family, held := q.Filter["family"], q.Filter["held"]
		if (family == "" || family == one.Family) && (held == "" || (held == "yes") == one.Bound()) {
			rows.Items = append(rows.Items, one)
		}
	}
	rows.Total.N = int64(len(rows.Items))
	return rows
}

// packView is the form of runs from the pack.
type packView struct {
	Schemes                                  []schemeView
	Scheme, Years, Title, Seed, Replications web.Field
	Refused                                  *web.Refused
}

// schemeView is a scheme with what of it is held.
type schemeView struct {
	Scheme
	Held, Absent []string
	First, Last  int
	Breaking     []int
}

func (n *Indicators) page(r *web.Request) (web.Answer, error) { return n.form(r, nil) }

func (n *Indicators) form(r *web.Request, refused error) (web.Answer, error) {
	var view packView
	var err error
	if view.Refused, err = r.Refused(refused); err != nil {
		return nil, err
	}
	if view.Schemes, err = n.schemes(r); err != nil {
		return nil, err
	}
	field := func(name, kind, usual string, required bool) web.Field {
		value := r.Field(name)
		if value == "" {
			value = usual
		}
		return web.Field{Name: name, Label: r.T("indicators." + name), Kind: kind, Value: value,
			Required: required, Help: r.T("indicators." + name + ".help")}
	}
	view.Scheme = field("scheme", "choice", "", true)
	for _, s := range n.library().Schemes {
		view.Scheme.Options = append(view.Scheme.Options, web.Option{Value: s.Key,
			Text: s.Title.In(r.Language)})
	}
	view.Years = field("years", "text", "", true)
	view.Title = field("title", "text", "", false)
	view.Seed = field("seed", "number", "1", true)
	view.Replications = field("replications", "number", "1000", true)
	page := web.Page{Title: r.T("indicators.pack_runs"), Place: n.figures.City(), Data: view,
		Trail: []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"}}}
	if refused != nil {
		page.Status = web.StatusOf(refused)
	}
	return web.View("indicators/pack", page), nil
}

// schemes tells of each scheme what is held, over which years, and where definitions break.
func (n *Indicators) schemes(r *web.Request) ([]schemeView, error) {
	var all []schemeView
	err := n.host.Store.View(r.Context(), func(v *store.View) error {
		all = nil
		for _, s := range n.library().Schemes {
			one, err := n.schemeOf(v, r, s)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	return all, err
}

func (n *Indicators) schemeOf(v *store.View, r *web.Request, s Scheme) (one schemeView, err error) {
	one.Scheme = s
	keys, drawn := n.library().wanted(s)
	t, err := n.figures.Read(v, statistics.Ask{Series: keys})
	if err != nil {
		return one, err
	}
	years := map[string][]int{}
	for _, i := range drawn {
		if years[i.Key], err = n.reported(v, i); err != nil {
			return one, err
		}
	}
	held, absent := n.library().held(s, t, func(code string) bool { return len(years[code]) > 0 })
	for _, b := range held {
		one.Held = append(one.Held, b.Code+" "+b.Indicator.Title.In(r.Language))
		if b.Series == "" {
			of := years[b.Code]
			one.span(of[0], of[len(of)-1])
			continue
		}
		one.span(t.Years(b.Series))
		for _, k := range n.figures.Book().Breaks(b.Series, "") {
			one.Breaking = joined(one.Breaking, k.From)
		}
	}
	for _, code := range absent {
		indicator, _ := n.library().Indicator(code)
		one.Absent = append(one.Absent, code+" "+indicator.Title.In(r.Language))
	}
	return one, nil
}

// span widens the years of a scheme.
func (s *schemeView) span(first, last int) {
	if s.First == 0 || first < s.First {
		s.First = first
	}
	s.Last = max(s.Last, last)
}

// reported are the years of which the measures of an indicator have any figure.
func (n *Indicators) reported(r store.Reader, one Indicator) (years []int, err error) {
	all, err := n.host.Measures.Reported(r, one.Measures.Numerator)
	for _, p := range all {
		if p.Kind() == period.Year {
			years = append(years, p.Year())
		}
	}
	return years, err
}

// joined adds a year in order, once.
func joined(years []int, year int) []int {
	for i, y := range years {
		if y == year {
			return years
		}
		if y > year {
			return append(years[:i:i], append([]int{year}, years[i:]...)...)
		}
	}
	return append(years, year)
}

// sent computes the runs of a scheme.
func (n *Indicators) sent(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o := evaluation.PackOrder{Scheme: r.Field("scheme"), Title: strings.TrimSpace(r.Field("title"))}
	var err error
	if o.From, o.To, err = evaluation.ParseYears(r.Field("years")); err != nil {
		return n.form(r, err)
	}
	if o.Seed, err = r.Number("seed"); err != nil {
		return n.form(r, err)
	}
	if o.Replications, err = strconv.Atoi(r.Field("replications")); err != nil {
		o.Replications = 0
	}
	runs, err := n.FromPack(r.Context(), r.Actor, o)
	switch {
	case err != nil:
		return n.form(r, err)
	case len(runs) == 1:
		return web.Redirect(runs[0].Ref().Address()), nil
	}
	return web.Redirect("/evaluations"), nil
}
