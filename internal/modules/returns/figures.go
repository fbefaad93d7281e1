package returns

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// figuresView is the catalogue of measures with their downloads.
type figuresView struct {
	Tabs     []tab
	Place    int64
	Name     string
	Period   string
	Measures []measure.Definition
}

// figures lists all measures; each can be taken away for a place, its parts and a period.
func (m *Returns) figures(r *web.Request) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	at := r.Field("period")
	if at == "" {
		at = period.OfYear(r.Today().Year() - 1).String()
	}
	if _, err := periodOf(at); err != nil {
		return nil, err
	}
	return web.View("returns/figures", web.Page{Title: r.T("returns.figures"), Wide: true, Place: place,
		Data:  figuresView{m.tabs(r, ""), place, m.places.Name(place), at, m.host.Measures.Catalogue()},
		Trail: m.trail(r)}), nil
}

// sdmxQuery is which figures are taken away.
type sdmxQuery struct {
	Measures []string // all if none is named
	Place    int64    // with the places right below it
	Periods  []period.Period
}

// observations reads the figures of a place and of those right below it.
func (m *Returns) observations(ctx context.Context, q sdmxQuery) ([]measure.Observation, error) {
	if len(q.Measures) == 0 {
		for _, d := range m.host.Measures.Catalogue() {
			q.Measures = append(q.Measures, d.Key)
		}
	}
	places := append([]int64{q.Place}, m.places.Children(q.Place)...)
	table, err := store.Read(ctx, m.host.Store, func(v *store.View) (measure.Table, error) {
		return m.host.Measures.Read(v, measure.Ask{Measures: q.Measures, Places: places,
			Periods: q.Periods})
	})
	if err != nil {
		return nil, err
	}
	today := m.places.Today()
	var all []measure.Observation
	for _, key := range q.Measures {
		for _, place := range places {
			code := ""
			if today.Has(place) {
				code = today.Code(today.Find(place))
			}
			for _, p := range q.Periods {
				v := table.Value(key, place, p)
				if !v.Known && v.Expected == 0 {
					continue // nothing is due there
				}
				all = append(all, measure.Observation{Code: measure.PlaceID(code, place),
					Name:  m.places.Name(place),
					Value: v})
			}
		}
	}
	return all, nil
}

// seriesMax is the largest number of periods of a download.
const seriesMax = measure.SeriesMax

// sdmxPeriods are the periods from one to another, of the same length.
func sdmxPeriods(from, to string) ([]period.Period, error) {
	first, err := periodOf(from)
	if err != nil {
		return nil, err
	}
	last := first
	if to != "" {
		if last, err = periodOf(to); err != nil {
			return nil, err
		}
	}
	if first.Kind() != last.Kind() || first.First() > last.First() {
		return nil, fault.New(fault.Invalid, "returns.period", to)
	}
	var all []period.Period
	for p := first; p.First() <= last.First(); p = p.Next() {
		if all = append(all, p); len(all) > seriesMax {
			return nil, fault.New(fault.TooLarge, "returns.periods", seriesMax)
		}
	}
	return all, nil
}

// write writes observations in a format: csv or json.
func (m *Returns) write(w io.Writer, format string, all []measure.Observation) (int, error) {
	if format == "json" {
		at := m.host.Store.Now()
		return measure.WriteSDMXJSON(w, fmt.Sprintf("FIGURES-%d", at), at.Time().Format(time.RFC3339), all)
	}
	return measure.WriteSDMXCSV(w, all)
}

// sdmx answers with figures as SDMX-CSV or SDMX-JSON.
func (m *Returns) sdmx(r *web.Request) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	q := sdmxQuery{Place: place}
	if text := r.Field("measure"); text != "" {
		q.Measures = strings.Split(text, ",")
	}
	from := r.Field("from")
	if from == "" {
		from = period.OfYear(r.Today().Year() - 1).String()
	}
	if q.Periods, err = sdmxPeriods(from, r.Field("to")); err != nil {
		return nil, err
	}
	if err := r.Require(reporting.MayRead, place); err != nil {
		return nil, err
	}
	all, err := m.observations(r.Context(), q)
	if err != nil {
		return nil, err
	}
	format, kind := "csv", measure.SDMXCSV
	if strings.HasSuffix(r.URL.Path, ".json") {
		format, kind = "json", measure.SDMXJSON
	}
	b, err := writeTo(func(w io.Writer) error {
		_, err := m.write(w, format, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.File(sdmxName("."+format), kind, b), nil
}
