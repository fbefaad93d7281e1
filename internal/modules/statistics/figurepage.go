package statistics

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// figureView is the page of a figure: its revisions, or what it was computed from.
type figureView struct {
	Definition series.Definition
	Place      string
	Year       int
	Value      string
	Why        string
	Formula    string
	Parts      []partView
	Revisions  []revisionView
	Breaks     []series.Break
	Enter      bool
	Seen       int64
	Text       string
	Refused    *web.Refused
}

type partView struct {
	Title, Value, Unit, Href string
	Year                     int
}

type revisionView struct {
	Figure
	Value, Source, Hash string
}

func (s *Statistics) figure(r *web.Request) (web.Answer, error) { return s.figurePage(r, nil) }

// named is the cell of the address.
func (s *Statistics) asked(r *web.Request) (d series.Definition, c cell, err error) {
	if d, err = s.Definition(r.PathValue("series")); err != nil {
		return d, c, err
	}
	if c.place, err = r.ID("place"); err != nil {
		return d, c, err
	}
	c.series = d.Key
	c.year, err = r.ID("year")
	return d, c, err
}

func (s *Statistics) figurePage(r *web.Request, refused error) (web.Answer, error) {
	d, c, err := s.asked(r)
	if err != nil {
		return nil, err
	}
	place, err := s.places.Place(r.Context(), c.place, s.host.Today())
	if err != nil {
		return nil, err
	}
	view := figureView{Definition: d, Place: place.Name, Year: int(c.year), Formula: s.formula(r, d),
		Enter: !d.Derived() && r.Can(MayEnter, s.places.City())}
	if view.Refused, err = r.Refused(refused); err != nil {
		return nil, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		return s.fill(v, r, &view, c, place.Code)
	})
	if err != nil {
		return nil, err
	}
	page := web.Page{Title: d.Title.In(r.Language), Place: c.place, Data: view,
		Trail: []web.Crumb{{Text: r.T("statistics.menu"), Href: "/statistics"},
			{Text: d.Title.In(r.Language), Href: "/statistics/" + d.Key}}}
	if refused != nil {
		page.Status = web.StatusOf(refused)
	}
	return web.View("statistics/figure", page), nil
}

// fill reads what a page of a figure shows.
func (s *Statistics) fill(v *store.View, r *web.Request, view *figureView, c cell, code string) error {
	d := view.Definition
	t, err := s.Read(v, Ask{Series: []string{d.Key}, Codes: map[int64]string{c.place: code}})
	if err != nil {
		return err
	}
	value := t.Value(d.Key, c.place, int(c.year))
	if value.Known {
		view.Value, view.Text = decimal.Grouped(value.Amount, d.Decimals), decimal.Format(value.Amount,
			d.Decimals)
	} else {
		view.Why = r.T("statistics.why." + value.Why)
	}
	for _, b := range t.book.Breaks(d.Key, code) {
		if b.From == int(c.year) {
			view.Breaks = append(view.Breaks, b)
		}
	}
	if d.Derived() {
		for _, p := range value.Parts {
			of := t.book[p.Key]
			one := partView{Title: of.Title.In(r.Language), Unit: of.Unit.In(r.Language), Year: p.Year,
				Value: r.T("statistics.why." + series.Missing), Href: cell{p.Key, c.place,
					int64(p.Year)}.address()}
			if p.Known {
				one.Value = decimal.Grouped(p.Amount, of.Decimals)
			}
			view.Parts = append(view.Parts, one)
		}
		return nil
	}
	return s.history(v, r, view, c)
}

// history lists the revisions of a figure with where they came from.
func (s *Statistics) history(v *store.View, r *web.Request, view *figureView, c cell) error {
	all, err := Revisions(v, c.series, c.place, c.year)
	if err != nil {
		return err
	}
	view.Seen = int64(len(all))
	for _, f := range all {
		one := revisionView{Figure: f, Value: s.shownFigure(f), Source: r.T("statistics.by_hand")}
		if f.Import != 0 {
			file, found, err := imports.First(v, "WHERE home = ? AND id = ?", store.City, f.Import)
			if err != nil {
				return err
			}
			if found {
				one.Source, one.Hash = file.Name, file.Hash
			}
		}
		view.Revisions = append(view.Revisions, one)
	}
	return nil
}

// correct keeps what somebody entered.
func (s *Statistics) correct(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	_, c, err := s.asked(r)
	if err != nil {
		return nil, err
	}
	seen, err := r.Number("seen")
	if err != nil {
		return nil, err
	}
	text := r.Field("text")
	if r.Field("act") == "withdraw" {
		text = ""
	} else if text == "" {
		return s.figurePage(r, fault.New(fault.Invalid, "statistics.number", "",
			s.Book()[c.series].Decimals))
	}
	_, err = s.Enter(r.Context(), r.Actor, Entry{Series: c.series, Place: c.place, Year: int(c.year),
		Text:   text,
		Reason: r.Field("reason"), Revision: seen})
	if err != nil {
		return s.figurePage(r, err)
	}
	return web.Redirect(c.address()), nil
}

// importView is the form of a file, and what came of the last one.
type importView struct {
	Mapping, Reason, Trial web.Field
	Refused                *web.Refused
	Outcome                *Outcome
	Findings               []string
	More                   int
	Files                  []Import
}

// findingsShown is how many findings the page of a file shows.
const findingsShown = 200

// filesShown is how many former files the page shows.
const filesShown = 20

func (s *Statistics) blank(r *web.Request) (web.Answer, error) { return s.form(r, nil, nil) }

func (s *Statistics) form(r *web.Request, out *Outcome, refused error) (web.Answer, error) {
	view := importView{Outcome: out}
	var err error
	if view.Refused, err = r.Refused(refused); err != nil {
		return nil, err
	}
	var options []web.Option
	for _, m := range s.library().Mappings {
		options = append(options, web.Option{Value: m.Key, Text: m.Title.In(r.Language)})
	}
	view.Mapping = web.Field{Name: "mapping", Label: r.T("statistics.import.mapping"), Kind: "choice",
		Options: options, Value: r.Field("mapping"), Required: true,
		Help: r.T("statistics.import.mapping.help")}
	view.Reason = web.Field{Name: "reason", Label: r.T("statistics.reason.label"), Kind: "text",
		Value: r.Field("reason"), Help: r.T("statistics.import.reason.help")}
	view.Trial = web.Field{Name: "trial", Label: r.T("statistics.import.trial"), Kind: "boolean"}
	if out != nil {
		for i, f := range out.Findings {
			if i == findingsShown {
				view.More = len(out.Findings) - findingsShown
				break
			}
			view.Findings = append(view.Findings, s.host.Dictionary.Finding(r.Language, f))
		}
	}
	view.Files, err = store.Read(r.Context(), s.host.Store, func(v *store.View) ([]Import, error) {
		return Imports(v, filesShown)
	})
	for i, f := range view.Files {
		if m, err := s.library().Mapping(f.Mapping); err == nil {
			view.Files[i].Mapping = m.Title.In(r.Language)
		}
	}
	page := web.Page{Title: r.T("statistics.import"), Place: s.places.City(), Data: view,
		Trail: []web.Crumb{{Text: r.T("statistics.menu"), Href: "/statistics"}}}
	if refused != nil {
		page.Status = web.StatusOf(refused)
	}
	return web.View("statistics/import", page), err
}

func (s *Statistics) sent(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	file, head, err := r.RequireUpload("file")
	if err != nil {
		return s.form(r, nil, err)
	}
	defer file.Close()
	trial, _ := strconv.ParseBool(r.Field("trial"))
	out, err := s.Import(r.Context(), r.Actor, Order{File: uploadOf(head.Filename, file, head.Size),
		Mapping: r.Field("mapping"), Reason: r.Field("reason"), Trial: trial})
	if err != nil {
		return s.form(r, nil, err)
	}
	return s.form(r, &out, nil)
}
