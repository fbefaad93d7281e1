package indicators

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// yearsMax is the largest number of years of a run.
const yearsMax = 60

// bound is an indicator of a scheme with its series, or drawn from measures.
type bound struct {
	Item
	Indicator Indicator
	Series    string // empty: of measures
}

// held parts the indicators of a scheme into those of which there is any figure and the others.
func (l *Library) held(s Scheme, t statistics.Table, drawn func(code string) bool) (held []bound,
	absent []string) {
	for _, item := range s.Indicators {
		one, _ := l.Indicator(item.Code)
		key, measures := l.source(item)
		if key != "" && t.Any(key) || measures != nil && drawn(item.Code) {
			held = append(held, bound{item, one, key})
			continue
		}
		absent = append(absent, item.Code)
	}
	return held, absent
}

// wanted are the series of a scheme, and its indicators that are drawn from measures.
func (l *Library) wanted(s Scheme) (keys []string, drawn []Indicator) {
	for _, item := range s.Indicators {
		key, measures := l.source(item)
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		if measures != nil {
			one, _ := l.Indicator(item.Code)
			drawn = append(drawn, one)
		}
	}
	return keys, drawn
}

// FromPack computes the runs of a scheme of the pack and has them kept as drafts of who asks: one,
// or one for each side of a break.
func (n *Indicators) FromPack(ctx context.Context, actor access.Actor,
	o evaluation.PackOrder) ([]evaluation.Run,
	error) {
	if err := n.host.Access.Require(actor, evaluation.Compute, n.figures.City()); err != nil {
		return nil, err
	}
	orders, err := n.orders(ctx, o)
	if err != nil {
		return nil, err
	}
	var runs []evaluation.Run
	for _, order := range orders {
		run, err := n.evaluations.Make(ctx, actor, order)
		if err != nil {
			return runs, err
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// orders are what a scheme asks to be computed.
func (n *Indicators) orders(ctx context.Context, o evaluation.PackOrder) ([]evaluation.Order, error) {
	s, err := n.library().Scheme(o.Scheme)
	if err != nil {
		return nil, err
	}
	if o.From > o.To || o.To-o.From >= yearsMax || o.From < series.YearMin || o.To > series.YearMax {
		return nil, fault.New(fault.Invalid, "indicators.span", o.From, o.To, yearsMax)
	}
	d := drawing{scheme: s, library: n.library()}
	if d.edition, err = n.figures.Edition(ctx, min(period.OfYear(o.To).Last(),
		n.host.Today())); err != nil {
		return nil, err
	}
	codes := map[int64]string{}
	for _, u := range d.edition.Units {
		codes[u.Place] = u.Code
	}
	keys, drawn := d.library.wanted(s)
	err = n.host.Store.View(ctx, func(v *store.View) error {
		if d.table, err = n.figures.Read(v, statistics.Ask{Series: keys, Codes: codes}); err != nil {
			return err
		}
		d.own, err = n.draw(v, drawn, d.edition, o.From, o.To)
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.held, d.absent = d.library.held(s, d.table, func(code string) bool {
		return d.own.known(code, o.From, o.To)
	}); len(d.held) == 0 {
		return nil, fault.New(fault.Conflict, "indicators.none_held", s.Title)
	}
	return n.spans(d, o)
}

// drawing is a scheme on its way to runs.
type drawing struct {
	scheme  Scheme
	library *Library
	edition statistics.Edition
	table   statistics.Table
	own     own
	held    []bound
	absent  []string
}

// spans parts the years at breaks, as the scheme says.
func (n *Indicators) spans(d drawing, o evaluation.PackOrder) ([]evaluation.Order, error) {
	breaks := n.breaks(d, o.From, o.To)
	if len(breaks) > 0 && d.scheme.Breaks == Refuse {
		first := breaks[0]
		return nil, fault.New(fault.Conflict, "indicators.break", first.From, first.Title, first.From-1)
	}
	if d.scheme.Breaks == Declared || len(breaks) == 0 {
		note := ""
		if len(breaks) > 0 {
			note = "; " + d.scheme.Reading.Chinese + " / " + d.scheme.Reading.English
		}
		order, err := n.order(d, o, o.From, o.To, note)
		return []evaluation.Order{order}, err
	}
	var orders []evaluation.Order
	from := o.From
	for _, b := range append(breaks, series.Break{From: o.To + 1}) {
		if b.From <= from {
			continue
		}
		order, err := n.order(d, o, from, b.From-1, "")
		if err != nil {
			return nil, err
		}
		orders, from = append(orders, order), b.From
	}
	return orders, nil
}

// breaks are those of any series in use at any unit within the years, the earliest first.
func (n *Indicators) breaks(d drawing, from, to int) []series.Break {
	var all []series.Break
	for _, b := range d.held {
		if b.Series == "" {
			continue // measures have no breaks: their definition is the program's
		}
		for _, u := range d.edition.Units {
			for _, one := range series.Within(n.figures.Book().Breaks(b.Series, u.Code), from, to) {
				if !slices.ContainsFunc(all, func(o series.Break) bool {
					return o.From == one.From && o.Title == one.Title
				}) {
					all = append(all, one)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b series.Break) int { return a.From - b.From })
	return all
}

// within leaves out the indicators drawn from measures that have no figure in some years: of one side of
// a break, say.
func (d drawing) within(from, to int) drawing {
	var held []bound
	for _, b := range d.held {
		if b.Series == "" && !d.own.known(b.Code, from, to) {
			d.absent = append(slices.Clone(d.absent), b.Code)
			continue
		}
		held = append(held, b)
	}
	d.held = held
	return d
}

// order is a run of some years.
func (n *Indicators) order(d drawing, o evaluation.PackOrder, from, to int, note string) (evaluation.Order,
	error) {
	if d = d.within(from, to); len(d.held) == 0 {
		return evaluation.Order{}, fault.New(fault.Conflict, "indicators.none_held", d.scheme.Title)
	}
	scheme, err := n.compiled(d)
	if err != nil {
		return evaluation.Order{}, err
	}
	text, err := yaml.Marshal(scheme)
	if err != nil {
		return evaluation.Order{}, err
	}
	figures, left := n.sheet(d, from, to)
	title := o.Title
	if title == "" {
		title = d.scheme.Title.Chinese
	}
	source := "统计数据 / statistics" + d.sources(from, to)
	if len(d.absent) > 0 {
		source += "; 尚无数据 / not held: " + strings.Join(d.absent, " ")
	}
	if left > 0 {
		source += "; 无数据单元 / units without figures: " + strconv.Itoa(left)
	}
	return evaluation.Order{Place: n.figures.City(), Title: title + " " + spanOf(from, to),
		Scheme:  string(text),
		Figures: figures, Source: source + note, Edition: d.edition.On, Seed: o.Seed,
		Replications: o.Replications}, nil
}

func spanOf(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}

// compiled is the scheme of the arithmetic: indicators that are held, and aggregates that have children.
func (n *Indicators) compiled(d drawing) (score.Scheme, error) {
	s := score.Scheme{Key: d.scheme.Key, Title: d.scheme.Title, Source: d.scheme.Basis,
		Impute: d.scheme.Impute,
		Screen: d.scheme.Screen, Treat: d.scheme.Treat, Normalise: d.scheme.Normalise,
		Weights:   d.scheme.Weights,
		Aggregate: d.scheme.Aggregate}
	parents := map[string]bool{}
	for _, b := range d.held {
		s.Indicators = append(s.Indicators, score.Indicator{Code: b.Code, Name: b.Indicator.Title.Chinese,
			Unit: b.Indicator.Unit.Chinese, Parent: b.Parent, Direction: b.Indicator.Direction,
			Weight:    b.Weight,
			Goalposts: b.Goalposts})
		parents[b.Parent] = true
		if b.Series == "" {
			origin, err := n.origin(b.Indicator, d.own)
			if err != nil {
				return s, err
			}
			s.Indicators[len(s.Indicators)-1].Origin = origin
		}
	}
	for more := true; more; {
		more = false
		for _, a := range d.scheme.Aggregates {
			if parents[a.Code] && a.Parent != "" && !parents[a.Parent] {
				parents[a.Parent], more = true, true
			}
		}
	}
	for _, a := range d.scheme.Aggregates {
		if parents[a.Code] {
			s.Aggregates = append(s.Aggregates, a)
		}
	}
	return s, nil
}

// sheet is the figures of the units over years, beside each that is drawn from measures its parts; a unit
// without any is left out and counted.
func (n *Indicators) sheet(d drawing, from, to int) (score.Sheet, int) {
	head := []string{"uCode", "uName", "Time"}
	for _, b := range d.held {
		head = append(head, b.Code)
		if b.Series == "" {
			parts := score.OriginColumns(b.Code)
			head = append(head, parts[:]...)
		}
	}
	sheet, left := score.Sheet{Name: d.scheme.Key, Rows: [][]string{head}}, 0
	for _, u := range d.edition.Units {
		var rows [][]string
		any := false
		for year := from; year <= to; year++ {
			row, known := n.row(d, u, year)
			rows, any = append(rows, row), any || known
		}
		if !any {
			left++
			continue
		}
		sheet.Rows = append(sheet.Rows, rows...)
	}
	return sheet, left
}

// row is the figures of a unit in a year.
func (n *Indicators) row(d drawing, u statistics.Unit, year int) (row []string, any bool) {
	row = []string{u.Code, u.Name, strconv.Itoa(year)}
	for _, b := range d.held {
		if b.Series == "" {
			p := d.own[b.Code][ownCell{u.Place, year}]
			row, any = append(row, p.cells(b.Indicator.Decimals)...), any || p.Known
			continue
		}
		text := ""
		if v := d.table.Value(b.Series, u.Place, year); v.Known {
			text, any = decimal.Format(v.Amount, n.figures.Book()[b.Series].Decimals), true
		}
		row = append(row, text)
	}
	return row, any
}
