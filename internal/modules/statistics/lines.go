package statistics

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/chart"
)

// line is a row of the table of a series.
type line struct {
	Place    int64
	Name     string
	Code     string
	Year     int
	Value    series.Value
	Nested   []series.Value // of parts that are derived themselves
	Revision int64          // of an own figure
	Break    string         // what begins in the year
}

func (l line) address(key string) string { return cell{key, l.Place, int64(l.Year)}.address() }

// Named are the names and codes of places, as they were last.
func (s *Statistics) Named(ctx context.Context, places []int64) (names, codes map[int64]string, err error) {
	names, codes = map[int64]string{}, map[int64]string{}
	for _, id := range places {
		p, err := s.places.Place(ctx, id, s.host.Today())
		if err != nil {
			return nil, nil, err
		}
		names[id], codes[id] = p.Name, p.Code
	}
	return names, codes, nil
}

// seriesPage reads a series for its page.
func (s *Statistics) seriesPage(v *store.View, r *web.Request, d series.Definition) (p seriesPage,
	err error) {
	p = seriesPage{Definition: d, Formula: s.formula(r, d), Enter: r.Can(MayEnter, s.places.City())}
	t, err := s.Read(v, Ask{Series: []string{d.Key}})
	if err != nil {
		return p, err
	}
	only, err := s.placeOf(r)
	if err != nil {
		return p, err
	}
	places := slices.DeleteFunc(t.Places(d.Key), func(id int64) bool { return only != 0 && id != only })
	names, codes, err := s.Named(r.Context(), places)
	if err != nil {
		return p, err
	}
	t.codes = codes
	first, last := bounded(r, t, d.Key)
	p.Empty = !t.Any(d.Key)
	slices.SortFunc(places, func(a, b int64) int { return cmp.Compare(codes[a], codes[b]) })
	for _, place := range places {
		for year := first; year <= last && year > 0; year++ {
			if l := s.line(r, t, d, place, year); l.Value.Known || l.Value.Why == series.AtBreak {
				l.Name, l.Code = names[place], codes[place]
				p.lines = append(p.lines, l)
			}
		}
		p.Breaks = joined(p.Breaks, series.Within(t.book.Breaks(d.Key, codes[place]), first, last))
	}
	s.draw(r, &p, t, drawing{places, names, first, last})
	return p, nil
}

// joined adds breaks that are not there yet.
func joined(all, more []series.Break) []series.Break {
	for _, b := range more {
		if !slices.ContainsFunc(all, func(o series.Break) bool {
			return o.From == b.From &&
				o.Title == b.Title
		}) {
			all = append(all, b)
		}
	}
	return all
}

// bounded are the years asked for, within those there are.
func bounded(r *web.Request, t Table, key string) (first, last int) {
	first, last = t.Years(key)
	if from, err := strconv.Atoi(r.Field("from")); err == nil {
		first = max(first, from)
	}
	if to, err := strconv.Atoi(r.Field("to")); err == nil {
		last = min(last, to)
	}
	return first, last
}

func (s *Statistics) line(r *web.Request, t Table, d series.Definition, place int64, year int) line {
	l := line{Place: place, Year: year, Value: t.Value(d.Key, place, year)}
	for _, part := range d.Of {
		if t.book[part].Derived() {
			l.Nested = append(l.Nested, t.Value(part, place, year))
		} else {
			l.Nested = append(l.Nested, series.Value{})
		}
	}
	if f, known := t.Figure(d.Key, place, year); known && !d.Derived() {
		l.Revision = f.Revision
	}
	var words []string
	for _, b := range t.book.Breaks(d.Key, t.codes[place]) {
		if b.From == year {
			words = append(words, b.Title.In(r.Language))
		}
	}
	l.Break = strings.Join(words, "; ")
	return l
}

// linesMax is how many places a chart shows: more cannot be told apart.
const linesMax = chart.Shades

// drawing is what a chart is made of.
type drawing struct {
	places      []int64
	names       map[int64]string
	first, last int
}

// draw puts the highest places into the chart: the city first, then counties by number.
func (s *Statistics) draw(r *web.Request, p *seriesPage, t Table, d drawing) {
	order := slices.Clone(d.places)
	slices.SortStableFunc(order, func(a, b int64) int { return cmp.Compare(s.level(a), s.level(b)) })
	var breaks []chart.Break
	for _, b := range p.Breaks {
		breaks = append(breaks, chart.Break{At: b.From - d.first, Label: b.Title.In(r.Language)})
	}
	var lines []chart.Line
	for _, place := range order[:min(linesMax, len(order))] {
		points := map[int]float64{}
		for year := d.first; year <= d.last && year > 0; year++ {
			if v := t.Value(p.Definition.Key, place, year); v.Known {
				points[year] = Float(v.Amount, p.Definition.Decimals)
			}
		}
		lines = append(lines, chart.Line{Name: d.names[place], Values: chart.Over(d.first, d.last, points)})
		p.Legend = append(p.Legend, d.names[place])
	}
	title, unit := p.Definition.Title.In(r.Language), p.Definition.Unit.In(r.Language)
	p.Chart = chart.Lines(chart.Axes{Label: title, Y: unit}, chart.Years(d.first, d.last), lines, breaks...)
	p.More = max(0, len(order)-linesMax)
}

// Float is an amount as a number for charts and indices; it is never computed back.
func Float(amount int64, decimals int) float64 {
	f := float64(amount)
	for range decimals {
		f /= 10
	}
	return f
}

// sorted orders rows as they were asked for.
func sorted(all []line, by string) []line {
	all = slices.Clone(all)
	switch by {
	case "year":
		slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.Year, a.Year) })
	case "value":
		slices.SortStableFunc(all, func(a, b line) int {
			return cmp.Compare(b.Value.Amount,
				a.Value.Amount)
		})
	}
	return all
}

// Span is what there is of a series.
type Span struct {
	Series string `db:"series"`
	First  int64  `db:"first_year"`
	Last   int64  `db:"last_year"`
	Places int64  `db:"places"`
}

// spans reads what there is of the series with own figures.
func spans(r store.Reader) (map[string]Span, error) {
	all := map[string]Span{}
	for one, err := range store.Each[Span](r, `SELECT series, MIN(year) AS first_year, MAX(year) AS last_year,
		COUNT(DISTINCT place) AS places FROM statistic_figure WHERE home = ? AND known = ? GROUP BY series`,
		store.City, true) {
		if err != nil {
			return nil, err
		}
		all[one.Series] = one
	}
	return all, nil
}

// held tells what there is of each series; a derived one has what all its parts have.
func (s *Statistics) held(ctx context.Context, language locale.Language, q web.Query) ([]held, error) {
	own, err := store.Read(ctx, s.host.Store, func(v *store.View) (map[string]Span,
		error) {
		return spans(v)
	})
	if err != nil {
		return nil, err
	}
	var all []held
	for _, key := range s.library().Order {
		h := held{Definition: s.Book()[key]}
		for i, leaf := range s.Book().Leaves(key) {
			span, there := own[leaf]
			if !there {
				h.first, h.last, h.places = 0, 0, 0
				break
			}
			if i == 0 {
				h.first, h.last, h.places = int(span.First), int(span.Last), int(span.Places)
				continue
			}
			h.first, h.last = max(h.first, int(span.First)), min(h.last, int(span.Last))
			h.places = min(h.places, int(span.Places))
		}
		fits := q.Filter["q"] == "" || strings.Contains(strings.ToLower(h.Title.In(language)+key),
			strings.ToLower(q.Filter["q"]))
		if fits && (q.Filter["held"] == "" || (q.Filter["held"] == "yes") == (h.first > 0)) {
			all = append(all, h)
		}
	}
	return all, nil
}

func yearsOf(breaks []series.Break) string {
	var all []string
	for _, b := range breaks {
		if year := strconv.Itoa(b.From); !slices.Contains(all, year) {
			all = append(all, year)
		}
	}
	return strings.Join(all, ", ")
}
