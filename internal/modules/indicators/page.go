package indicators

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// indicatorView is an indicator with everything that is declared of it, and where its figures come from.
type indicatorView struct {
	Indicator
	Kind, Way         string // level or gap; which way is good
	SeriesTitle       words.Words
	Parts             []measurePart
	Formula           string
	Year              int
	Years             []web.Option
	Edition           period.Date
	Units             []unitView
	Reported, Missing int
}

// measurePart is a measure that an indicator is made of.
type measurePart struct {
	measure.Definition
	Of string // numerator or denominator
}

// unitView is an indicator at a county unit.
type unitView struct {
	Name, Href                    string
	Value, Numerator, Denominator string
	Covered, Expected             int64
	At                            string
	Why                           string // key of a text; of a figure that is not known
}

// figuresOf is an indicator that is drawn from measures, at the units that somebody may read.
type figuresOf struct {
	edition statistics.Edition
	units   []statistics.Unit
	parts   map[int64]Part
}

// figuresIn draws an indicator in a year, for whoever asks.
func (n *Indicators) figuresIn(ctx context.Context, actor access.Actor, one Indicator,
	year int) (f figuresOf, err error) {
	on := min(period.OfYear(year).Last(), n.host.Today())
	if f.edition, err = n.figures.Edition(ctx, on); err != nil {
		return f, err
	}
	f.parts = map[int64]Part{}
	all, err := store.Read(ctx, n.host.Store, func(v *store.View) (own, error) {
		return n.draw(v, []Indicator{one}, f.edition, year, year)
	})
	if err != nil {
		return f, err
	}
	whole := n.host.Access.Can(actor, measure.ReadPermit, n.figures.City()) // also units abolished since
	for _, u := range f.edition.Units {
		if whole || n.host.Access.Can(actor, measure.ReadPermit, u.Place) {
			f.units = append(f.units, u)
			f.parts[u.Place] = all[one.Key][ownCell{u.Place, year}]
		}
	}
	return f, nil
}

// known finds an indicator by its key.
func (n *Indicators) known(key string) (Indicator, error) {
	one, is := n.library().Indicator(key)
	if !is {
		return one, fault.New(fault.NotFound, "indicators.no_indicator", key)
	}
	return one, nil
}

// indicator shows an indicator: what it means, and where its figures come from.
func (n *Indicators) indicator(r *web.Request) (web.Answer, error) {
	one, err := n.known(r.PathValue("key"))
	if err != nil {
		return nil, err
	}
	view := indicatorView{Indicator: one, Kind: r.T("indicators.family." + one.Family),
		Way: r.T("indicators.direction." + string(one.Direction))}
	switch {
	case one.Series != "":
		view.SeriesTitle = n.figures.Book()[one.Series].Title
	case one.Measures != nil:
		if err := n.drawnView(r, &view); err != nil {
			return nil, err
		}
	}
	return web.View("indicators/indicator", web.Page{Title: one.Key + " " + one.Title.In(r.Language),
		Wide: true, Place: n.figures.City(), Data: view,
		Trail: []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"},
			{Text: r.T("indicators.list.title"), Href: "/evaluations/indicators"}}}), nil
}

// drawnView adds the measures of an indicator, and what it is at the units in a year.
func (n *Indicators) drawnView(r *web.Request, view *indicatorView) error {
	for i, key := range view.Measures.keys() {
		d, err := n.host.Measures.Definition(key)
		if err != nil {
			return err
		}
		view.Parts = append(view.Parts, measurePart{d, r.T("indicators.part." + strconv.Itoa(i))})
	}
	view.Formula = formulaOf(*view.Measures, view.Parts, r.Language)
	years, err := store.Read(r.Context(), n.host.Store, func(v *store.View) ([]int, error) {
		return n.reported(v, view.Indicator)
	})
	if err != nil {
		return err
	}
	asked, err := r.Number("year")
	if err != nil {
		return err
	}
	for _, year := range years {
		text := strconv.Itoa(year)
		view.Years = append(view.Years, web.Option{Value: text, Text: text})
		if view.Year == 0 || year <= int(asked) || asked == 0 {
			view.Year = year
		}
	}
	if view.Year == 0 {
		return nil
	}
	f, err := n.figuresIn(r.Context(), r.Actor, view.Indicator, view.Year)
	if err != nil {
		return err
	}
	today, _, err := n.figures.Units(r.Context(), n.host.Today())
	if err != nil {
		return err
	}
	stands := map[int64]bool{}
	for _, u := range today {
		stands[u.Place] = true
	}
	view.Edition = f.edition.On
	for _, u := range f.units {
		one := unitOf(u, f.parts[u.Place], view.Decimals)
		if page := view.Parts[0].Page; page.Address != "" && one.Expected > 0 && stands[u.Place] &&
			r.Can(page.Permit,
				u.Place) {
			one.Href = page.Of(u.Place, period.OfYear(view.Year))
		}
		if one.Why == "" {
			view.Reported++
		} else {
			view.Missing++
		}
		view.Units = append(view.Units, one)
	}
	return nil
}

// unitOf is what the page shows of an indicator at a unit.
func unitOf(u statistics.Unit, p Part, decimals int) unitView {
	one := unitView{Name: u.Name, Covered: p.Covered, Expected: p.Expected}
	switch {
	case p.Known:
		one.Value, one.Numerator = decimal.Grouped(p.Amount, decimals), p.Numerator.Text()
		one.At = string(p.At.Date())
		if p.Denominator.Known {
			one.Denominator = p.Denominator.Text()
		}
	case p.Expected > 0:
		one.Why = "indicators.not_accepted"
	default:
		one.Why = "indicators.not_reported"
	}
	return one
}

// formulaOf writes how an indicator is computed from its measures.
func formulaOf(d Drawn, parts []measurePart, l words.Language) string {
	text := parts[0].Title.In(l)
	if d.Times > 1 {
		text += " × " + strconv.FormatInt(d.Times, 10)
	}
	if len(parts) > 1 {
		text += " ÷ " + parts[1].Title.In(l)
	}
	if d.Over > 1 {
		text += " ÷ " + decimal.Grouped(d.Over, 0)
	}
	return text
}
