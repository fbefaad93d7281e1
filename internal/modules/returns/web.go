package returns

import (
	"context"
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	fields "github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func (m *Returns) pages() []web.Route {
	read, fill, order := web.Permitted(reporting.MayRead), web.Permitted(reporting.MayFill),
		web.Permitted(reporting.MayOrder)
	return []web.Route{
		{Pattern: "GET /reports", Access: read, Handle: m.list},
		{Pattern: "GET /reports/calendar", Access: read, Handle: m.calendar},
		{Pattern: "GET /reports/board", Access: read, Handle: m.board},
		{Pattern: "GET /reports/sums", Access: read, Handle: m.sums},
		{Pattern: "GET /reports/published", Access: read, Handle: m.published},
		{Pattern: "GET /reports/asks", Access: read, Handle: m.asks},
		{Pattern: "GET /reports/forms", Access: read, Handle: m.forms},
		{Pattern: "GET /reports/forms/{key}", Access: read, Handle: m.formPage},
		{Pattern: "POST /reports/forms", Access: web.Permitted(reporting.MayPropose), BodyMax: 256 << 10,
			Handle: m.proposePosted},
		{Pattern: "GET /report-proposals/{home}/{id}", Access: read, Handle: m.proposal},
		{Pattern: "POST /report-rounds", Access: order, Handle: m.roundPosted},
		{Pattern: "POST /report-rounds/{home}/{id}/more", Access: order, Handle: m.morePosted},
		{Pattern: "POST /report-rounds/{home}/{id}/approve", Access: web.Permitted(reporting.MayHurry),
			Handle: m.approvePosted},
		{Pattern: "POST /report-roll-ups", Access: web.Permitted(reporting.MayCompile),
			Handle: m.compilePosted},
		{Pattern: "GET /report-roll-ups/{home}/{id}", Access: read, Handle: m.rollUp},
		{Pattern: "GET /reports/{home}/{id}", Access: read, Handle: m.page},
		{Pattern: "GET /reports/{home}/{id}/sheet.xlsx", Access: read, Handle: m.workbook},
		{Pattern: "GET /reports/{home}/{id}/sheet.csv", Access: read, Handle: m.workbook},
		{Pattern: "POST /reports/{home}/{id}/sheet", Access: fill, BodyMax: bookMax,
			Handle: m.workbookPosted},
		{Pattern: "POST /reports/{home}/{id}", Access: fill, Handle: m.savePosted},
		{Pattern: "POST /reports/{home}/{id}/findings/{number}", Access: read, Handle: m.explainPosted},
		{Pattern: "POST /reports/{home}/{id}/except", Access: order, Handle: m.exceptPosted},
		{Pattern: "POST /reports/{home}/{id}/reopen", Access: web.Permitted(reporting.MayReview),
			Handle: m.reopenPosted},
		{Pattern: "GET /figures", Access: read, Handle: m.figures},
		{Pattern: "GET /figures/sdmx.csv", Access: read, Handle: m.sdmx},
		{Pattern: "GET /figures/sdmx.json", Access: read, Handle: m.sdmx},
	}
}

func done(address, what string) web.Answer {
	return web.Redirect(address + "?" + web.DoneField + "=" + what)
}

func refOf(r *web.Request) (ref reporting.Ref, err error) {
	if ref.Home, err = r.ID("home"); err != nil {
		return ref, err
	}
	ref.ID, err = r.ID("id")
	return ref, err
}

// readable reads the report of the address with its values, within the reader's places.
func (m *Returns) readable(r *web.Request) (reporting.Filled, error) {
	return store.Read(r.Context(), m.host.Store, func(v *store.View) (reporting.Filled, error) {
		return m.readableIn(v, r)
	})
}

func (m *Returns) readableIn(v *store.View, r *web.Request) (f reporting.Filled, err error) {
	ref, err := refOf(r)
	if err != nil {
		return f, err
	}
	p, err := reporting.Get(v, ref)
	if err != nil {
		return f, err
	}
	if err := r.Require(reporting.MayRead, p.Place); err != nil {
		return f, err
	}
	return m.reporting.Fill(v, p)
}

// cellView is a cell of a report on its page.
type cellView struct {
	Title  words.Words
	Text   string
	Unit   string
	Tag    form.Tag
	Origin reporting.Origin
	Mark   string
}

// findingView is a finding in words.
type findingView struct {
	reporting.Finding
	Text, Tone string
}

// pageView is the page of a report.
type pageView struct {
	reporting.Filled
	Panel      procedure.Panel
	PlaceName  string
	Cells      []cellView
	Entry      fields.View
	Findings   []findingView
	Now        []string // what the checks find in the values as they are now
	Exceptions []reporting.Exception
	PerMille   string
	Minutes    int
	MayFill    bool
	MayExplain bool
	MayExcept  bool
	MayReopen  bool
	Late       bool
}

func (m *Returns) page(r *web.Request) (web.Answer, error) { return m.show(r, nil) }

// show shows a report; record is what was posted and could not be saved, with what is wrong beside it.
func (m *Returns) show(r *web.Request, posted func(*fields.Definition, fields.Record) (fields.Record,
	[]fields.Finding)) (web.Answer, error) {
	var view pageView
	err := m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Filled, err = m.readableIn(v, r); err != nil {
			return err
		}
		file, err := m.host.Procedures.Load(v, procedure.Ref{Home: view.Home, ID: view.Case})
		if err != nil {
			return err
		}
		if view.Panel, err = m.host.Procedures.Panel(v, r.Actor, file); err != nil {
			return err
		}
		view.Panel.Back = view.Address()
		return m.fill(v, r, &view)
	})
	if err != nil {
		return nil, err
	}
	page := web.Page{Title: view.Name + " " + view.Period, Data: view, Place: view.Place,
		Trail: []web.Crumb{
			{Text: r.T("returns.menu"), Href: "/reports/calendar"}, {Text: r.T("returns.list.title"),
				Href: "/reports"}}}
	if view.MayFill {
		d, err := sheetOf(view.Filled)
		if err != nil {
			return nil, err
		}
		record, _ := d.Parse(cellsOf(view.Filled, d), m.context(r))
		var found []fields.Finding
		if posted != nil {
			record, found = posted(d, record)
			page.Status = web.Status(fault.New(fault.Invalid, "web.form"))
		}
		view.Entry = fields.Viewer{Dictionary: m.host.Dictionary, Language: r.Language,
			On: r.Today()}.View(record, found)
		view.Entry.Facts = nil // they stand in the table
		page.Data = view
	}
	return web.View("returns/report", page), nil
}

func (m *Returns) fill(v *store.View, r *web.Request, view *pageView) (err error) {
	view.PlaceName, view.Late = m.places.Name(view.Place), view.Report.Late(r.Today())
	for i, c := range view.Form.Cells {
		view.Cells = append(view.Cells, cellView{c.Title, view.Form.Text(i, view.Row[i]), unitOf(r,
			view.Form, c),
			c.Tag,
			view.Origins[i], c.Mark})
	}
	burden := view.Burden()
	view.PerMille, view.Minutes = ratioText(burden), burden.Minutes()
	found, err := reporting.FindingsOf(v, view.Ref())
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Round == view.Round && view.Stage != reporting.Filling {
			view.Findings = append(view.Findings, inWords(r, view.Form, f))
		}
	}
	if view.Exceptions, err = reporting.ExceptionsOf(v, view.Ref()); err != nil {
		return err
	}
	open := view.Stage == reporting.Filling
	view.MayFill = open && r.Can(reporting.MayFill, view.Place) && r.Today() <= view.Locks
	view.MayExplain = view.Stage == reporting.InReview && (r.Can(reporting.MayFill, view.Place) ||
		r.Can(reporting.MayReview, view.Place))
	view.MayExcept = open && r.Can(reporting.MayOrder, view.Home)
	view.MayReopen = view.Stage == reporting.Approved && r.Can(reporting.MayReview, view.Place)
	if !open {
		return nil
	}
	now, err := m.reporting.Validate(v, view.Filled)
	for _, f := range m.reporting.Told(view.Filled, now) {
		f.Column = "" // the text names the cell
		view.Now = append(view.Now, m.host.Dictionary.Finding(r.Language, f))
	}
	return err
}

// unitOf is what a cell is counted in; a count says so in its title.
func unitOf(r *web.Request, f *reporting.Form, c form.Cell) string {
	switch {
	case c.Kind == form.Count:
		return ""
	case c.Kind == form.Ratio && c.Scale == 100:
		return "%"
	case c.Kind == form.Ratio:
		return unitOf(r, f, f.Cells[f.Index(c.Numerator)])
	}
	return r.T("returns.unit." + string(c.Kind))
}

// ratioText is the asked ratio in per cent with one decimal.
func ratioText(b form.Burden) string {
	return fmt.Sprintf("%d.%d %%", b.PerMille()/10, b.PerMille()%10)
}

func inWords(r *web.Request, f *reporting.Form, one reporting.Finding) findingView {
	cell, rule := f.TextOf(one)
	args := append([]any{cell}, reporting.FactsOf(one)...)
	key := "reporting.found." + one.Rule
	if one.Layer == form.AcrossOf {
		key, args = "reporting.found.cross", []any{rule}
	}
	view := findingView{Finding: one, Text: r.T(key, args...), Tone: "due"}
	if one.Explained != 0 || one.Severity == fault.Note {
		view.Tone = "done"
	}
	return view
}

func (m *Returns) savePosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	f, err := m.readable(r)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	d, err := sheetOf(f)
	if err != nil {
		return nil, err
	}
	known, _ := d.Parse(cellsOf(f, d), m.context(r))
	record, found := d.ParseForm(r.Field, known, m.context(r))
	for _, one := range found {
		if len(one.Fields) > 0 && one.Severity == fault.Error && !record.Given(one.Fields[0]) &&
			r.Field(one.Fields[0]) != "" { // it cannot be read: nothing is saved
			return m.show(r, func(*fields.Definition, fields.Record) (fields.Record, []fields.Finding) {
				return record, found
			})
		}
	}
	if err := m.reporting.Save(r.Context(), r.Actor, f.Ref(), version, valuesOf(f, record)); err != nil {
		return nil, err
	}
	return done(f.Address(), "returns.saved"), nil
}

func (m *Returns) explainPosted(r *web.Request) (web.Answer, error) {
	return m.act(r, "returns.explained", func(ctx context.Context, ref reporting.Ref) error {
		number, err := r.ID("number")
		if err != nil {
			return err
		}
		return m.reporting.Explain(ctx, r.Actor, ref, number, r.Field("explanation"))
	})
}

func (m *Returns) exceptPosted(r *web.Request) (web.Answer, error) {
	return m.act(r, "returns.excepted", func(ctx context.Context, ref reporting.Ref) error {
		e := reporting.Exception{Excused: r.Field("excused") == "1", Reason: r.Field("reason"),
			Document: r.Field("document")}
		var err error
		if e.Due, err = r.Date("due"); err != nil {
			return err
		}
		if e.Locks, err = r.Date("locks"); err != nil {
			return err
		}
		return m.reporting.Except(ctx, r.Actor, ref, e)
	})
}

func (m *Returns) reopenPosted(r *web.Request) (web.Answer, error) {
	return m.act(r, "returns.reopened", func(ctx context.Context, ref reporting.Ref) error {
		return m.reporting.Reopen(ctx, r.Actor, ref, r.Field("reason"))
	})
}

// act does something posted to a report and leads back to it.
func (m *Returns) act(r *web.Request, what string, fn func(context.Context,
	reporting.Ref) error) (web.Answer,
	error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	f, err := m.readable(r)
	if err != nil {
		return nil, err
	}
	if err := fn(r.Context(), f.Ref()); err != nil {
		return nil, err
	}
	return done(f.Address(), what), nil
}

// cards are the reports of a place on its page.
func (m *Returns) cards() []web.Card {
	return []web.Card{{On: "place", Order: 50, Permit: reporting.MayRead, View: "returns/card",
		Render: func(r *web.Request, on web.CardSubject) (any, error) {
			list, err := store.Read(r.Context(), m.host.Store, func(v *store.View) ([]reporting.Report,
				error) {
				return reporting.OfPlace(v, on.ID, 6)
			})
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return list, nil
		}}}
}

var tones = map[reporting.Stage]string{reporting.Filling: "draft", reporting.InReview: "waiting",
	reporting.Approved: "done", reporting.Locked: "done", reporting.Excused: "stopped"}

// list is the list of reports within the reader's places.
func (m *Returns) list(r *web.Request) (web.Answer, error) {
	all, err := store.Read(r.Context(), m.host.Store, m.reportingForms)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	var choices, stages []web.Option
	for _, f := range all {
		titles[f.Key] = f.Title.In(r.Language)
		choices = append(choices, web.Option{Value: f.Key, Text: titles[f.Key]})
	}
	for _, s := range reporting.Stages {
		stages = append(stages, web.Option{Value: string(s), Text: r.T("returns.stage." + string(s))})
	}
	text := func(key string, cell func(reporting.Report) string) web.Column[reporting.Report] {
		return web.Column[reporting.Report]{Key: key, Cell: func(p reporting.Report) web.Cell {
			return web.Cell{Text: cell(p)}
		}}
	}
	return web.List[reporting.Report]{
		Name: "returns.list",
		Columns: []web.Column[reporting.Report]{
			{Key: "name", Cell: func(p reporting.Report) web.Cell {
				return web.Cell{Text: p.Name,
					Href: p.Address()}
			}},
			text("form", func(p reporting.Report) string { return titles[p.Form] }),
			text("period", func(p reporting.Report) string { return p.Period }),
			{Key: "stage", Cell: func(p reporting.Report) web.Cell {
				tone, text := tones[p.Stage], r.T("returns.stage."+string(p.Stage))
				if p.Late(r.Today()) && !p.Stage.Final() {
					tone, text = "overdue", text+" · "+r.T("returns.late")
				}
				return web.Cell{Text: text, Status: tone}
			}},
			text("due", func(p reporting.Report) string { return string(p.Due) }),
			text("submitted", func(p reporting.Report) string { return string(p.Submitted) }),
			{Key: "asked", Number: true, Cell: func(p reporting.Report) web.Cell {
				return web.Cell{Text: strconv.Itoa(p.Asked), Value: int64(p.Asked)}
			}},
		},
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "form", Kind: web.Choice,
			Options: choices},
			{Key: "period", Kind: web.TextFilter}, {Key: "stage", Kind: web.Choice, Options: stages},
			{Key: "place", Kind: web.PlaceFilter},
			{Key: "late", Kind: web.Choice, Options: []web.Option{{Value: "1",
				Text: r.T("returns.only_late")}}}},
		AboveView: "returns/tabs", Above: m.tabs(r, ""),
		Load: func(ctx context.Context, q web.Query) (web.Rows[reporting.Report],
			error) {
			return m.load(ctx, r, q)
		},
	}.Answer(r)
}

func (m *Returns) reportingForms(v *store.View) ([]*reporting.Form, error) {
	return m.reporting.Forms(v)
}

// countMax is where counting a list stops.
const countMax = 10_000

func (m *Returns) load(ctx context.Context, r *web.Request, q web.Query) (rows web.Rows[reporting.Report],
	err error) {
	query := reporting.Query{Scope: r.Scope(reporting.MayRead), Form: q.Filter["form"],
		Period: q.Filter["period"],
		Stage:  q.Filter["stage"], Text: q.Filter["q"], Limit: q.Limit + 1}
	if q.Filter["late"] != "" {
		query.Late = r.Today()
	}
	if text := q.Filter["place"]; text != "" {
		place, err := m.places.Find(ctx, text)
		if err != nil {
			return rows, err
		}
		query.Scope = query.Scope.Within(m.host.Access.Path(place))
	}
	if query.After.Home, query.After.ID, err = web.ParseKeyCursor(q.After); err != nil {
		return rows, err
	}
	err = m.host.Store.View(ctx, func(v *store.View) error {
		if rows.Total.N, err = m.reporting.Count(v, query, countMax); err != nil {
			return err
		}
		rows.Items, err = m.reporting.Search(v, query)
		return err
	})
	rows.Total.AtLeast = rows.Total.N >= countMax
	if len(rows.Items) > q.Limit {
		rows.Items = rows.Items[:q.Limit]
		last := rows.Items[q.Limit-1]
		rows.Next = web.KeyCursor(last.Home, last.ID)
	}
	return rows, err
}

// periodOf reads a period of the address.
func periodOf(text string) (period.Period, error) {
	p, err := period.Parse(text)
	if err != nil {
		err = fault.New(fault.Invalid, "returns.period", text)
	}
	return p, err
}
