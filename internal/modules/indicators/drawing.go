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

// bound is an indicator of a scheme with its series.
type bound struct {
	Item
	Indicator Indicator
	Series    string
}

// held parts the indicators of a scheme into those of which there is any figure and the others.
func (l *Library) held(s Scheme, t statistics.Table) (held []bound, absent []string) {
	for _, item := range s.Indicators {
		one, _ := l.Indicator(item.Code)
		key := l.series(item)
		if key == "" || !t.Any(key) {
			absent = append(absent, item.Code)
			continue
		}
		held = append(held, bound{item, one, key})
	}
	return held, absent
}

// wanted are the series of a scheme.
func (l *Library) wanted(s Scheme) []string {
	var keys []string
	for _, item := range s.Indicators {
		if key := l.series(item); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
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
	d := drawing{scheme: s, edition: min(period.OfYear(o.To).Last(), n.host.Today())}
	if d.units, d.edition, err = n.figures.Units(ctx, d.edition); err != nil {
		return nil, err
	}
	codes := map[int64]string{}
	for _, u := range d.units {
		codes[u.Place] = u.Code
	}
	err = n.host.Store.View(ctx, func(v *store.View) error {
		d.table, err = n.figures.Read(v, statistics.Ask{Series: n.library().wanted(s), Codes: codes})
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.held, d.absent = n.library().held(s, d.table); len(d.held) == 0 {
		return nil, fault.New(fault.Conflict, "indicators.none_held", s.Title)
	}
	return n.spans(d, o)
}

// drawing is a scheme on its way to runs.
type drawing struct {
	scheme  Scheme
	units   []statistics.Unit
	edition period.Date
	table   statistics.Table
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
		for _, u := range d.units {
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

// order is a run of some years.
func (n *Indicators) order(d drawing, o evaluation.PackOrder, from, to int, note string) (evaluation.Order,
	error) {
	text, err := yaml.Marshal(d.compiled())
	if err != nil {
		return evaluation.Order{}, err
	}
	figures, left := n.sheet(d, from, to)
	title := o.Title
	if title == "" {
		title = d.scheme.Title.Chinese
	}
	source := "统计数据 / statistics"
	if len(d.absent) > 0 {
		source += "; 尚无数据 / not held: " + strings.Join(d.absent, " ")
	}
	if left > 0 {
		source += "; 无数据单元 / units without figures: " + strconv.Itoa(left)
	}
	return evaluation.Order{Place: n.figures.City(), Title: title + " " + spanOf(from, to),
		Scheme:  string(text),
		Figures: figures, Source: source + note, Edition: d.edition, Seed: o.Seed,
		Replications: o.Replications}, nil
}

func spanOf(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}

// compiled is the scheme of the arithmetic: indicators that are held, and aggregates that have children.
func (d drawing) compiled() score.Scheme {
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
	return s
}

// sheet is the figures of the units over years; a unit without any is left out and counted.
func (n *Indicators) sheet(d drawing, from, to int) (score.Sheet, int) {
	head := []string{"uCode", "uName", "Time"}
	for _, b := range d.held {
		head = append(head, b.Code)
	}
	sheet, left := score.Sheet{Name: d.scheme.Key, Rows: [][]string{head}}, 0
	for _, u := range d.units {
		var rows [][]string
		any := false
		for year := from; year <= to; year++ {
			row := []string{u.Code, u.Name, strconv.Itoa(year)}
			for _, b := range d.held {
				text := ""
				if v := d.table.Value(b.Series, u.Place, year); v.Known {
					text, any = decimal.Format(v.Amount, n.figures.Book()[b.Series].Decimals), true
				}
				row = append(row, text)
			}
			rows = append(rows, row)
		}
		if !any {
			left++
			continue
		}
		sheet.Rows = append(sheet.Rows, rows...)
	}
	return sheet, left
}
