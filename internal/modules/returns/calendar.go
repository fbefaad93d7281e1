package returns

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// calendarView is what opens, is due and locks around today.
type calendarView struct {
	Tabs      []tab
	Place     int64
	Name      string
	Own       []ownLine // what the reader has to fill in
	Lines     []calendarLine
	MayOrder  bool
	County    bool
	Approvers []web.Option // who may say yes to an emergency
}

// ownLine is a report that waits to be filled in.
type ownLine struct {
	reporting.Report
	Title words.Words
	Tone  string
}

// ownMax is how many of them the calendar shows; the list has all.
const ownMax = 30

type calendarLine struct {
	Title      words.Words
	Key        string
	Period     string
	On         form.Dates
	Stage      string // ahead, open, due (within five days), over, locked; unordered: nobody was asked
	Tone       string
	Round      *reporting.Round
	Board      string
	Asked      string
	MayBegin   bool
	Unverified bool
}

// calendarDays is how far the calendar looks ahead, and monthsBack how far back.
const calendarDays = 100

func (m *Returns) calendar(r *web.Request) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	view := calendarView{Tabs: m.tabs(r, fmt.Sprintf("place=%d", place)), Place: place,
		Name:     m.places.Name(place),
		County:   m.places.Level(place) == division.County,
		MayOrder: r.Can(reporting.MayOrder, place)}
	err = m.host.Store.View(r.Context(), func(v *store.View) error {
		all, err := m.reporting.Forms(v)
		if err != nil {
			return err
		}
		rounds, err := reporting.Rounds(v, m.places.Home(place), 300)
		if err != nil {
			return err
		}
		calendar := m.host.Procedures.Calendar()
		for _, f := range all {
			list, err := f.Occasions(r.Today(), r.Today().AddDays(calendarDays), calendar)
			if err != nil {
				return err
			}
			for _, one := range list {
				view.Lines = append(view.Lines, m.line(r, f, one, rounds, view))
			}
		}
		return m.waiting(v, r, all, &view)
	})
	slices.SortFunc(view.Lines, func(a, b calendarLine) int {
		return cmp.Or(cmp.Compare(a.On.Due, b.On.Due), cmp.Compare(a.Key, b.Key))
	})
	return web.View("returns/calendar", web.Page{Title: r.T("returns.calendar", view.Name), Data: view,
		Wide:  true,
		Place: place}), err
}

// waiting reads what the reader has to fill in, and who may approve an emergency.
func (m *Returns) waiting(v *store.View, r *web.Request, all []*reporting.Form, view *calendarView) error {
	if r.Can(reporting.MayFill, view.Place) {
		list, err := m.reporting.Search(v, reporting.Query{Stage: string(reporting.Filling), Limit: ownMax,
			Scope: r.Scope(reporting.MayFill).Within(m.host.Access.Path(view.Place))})
		if err != nil {
			return err
		}
		for _, p := range list {
			line := ownLine{Report: p, Title: words.Plain(p.Form), Tone: "waiting"}
			if p.Late(r.Today()) {
				line.Tone = "overdue"
			}
			if at := slices.IndexFunc(all,
				func(f *reporting.Form) bool { return f.Key == p.Form }); at >= 0 {
				line.Title = all[at].Title
			}
			view.Own = append(view.Own, line)
		}
	}
	if !view.MayOrder || !view.County {
		return nil
	}
	people, err := m.host.Identity.Colleagues(v, reporting.MayHurry, view.Place, r.Today())
	if err != nil {
		return err
	}
	ids := make([]int64, len(people))
	for i, one := range people {
		ids[i] = one.Account
	}
	names, err := m.host.Identity.Names(r.Context(), ids)
	for _, id := range ids {
		if id != r.Actor.Account {
			view.Approvers = append(view.Approvers, web.Option{Value: strconv.FormatInt(id, 10),
				Text: names[id].Name})
		}
	}
	return err
}

func (m *Returns) line(r *web.Request, f *reporting.Form, one form.Occasion, rounds []reporting.Round,
	view calendarView) calendarLine {
	line := calendarLine{Title: f.Title, Key: f.Key, Period: one.Period.String(), On: one.Dates,
		Asked: ratioText(m.reporting.BurdenOf(f)), Unverified: f.Mark == "unverified",
		Board: fmt.Sprintf("/reports/board?form=%s&period=%s&place=%d", f.Key, one.Period, view.Place)}
	at := slices.IndexFunc(rounds, func(o reporting.Round) bool {
		return o.Form == f.Key &&
			o.Period == line.Period
	})
	if at >= 0 {
		line.Round = &rounds[at]
		line.On = form.Dates{Opens: rounds[at].Opens, Due: rounds[at].Due, Locks: rounds[at].Locks}
	}
	today := r.Today()
	switch {
	case today < line.On.Opens:
		line.Stage, line.Tone = "ahead", "draft"
	case line.Round == nil:
		line.Stage, line.Tone = "unordered", "draft"
	case today > line.On.Locks:
		line.Stage, line.Tone = "locked", "stopped"
	case today > line.On.Due:
		line.Stage, line.Tone = "over", "overdue"
	case m.host.Procedures.Calendar().WorkingDaysBetween(today, line.On.Due) <= 5:
		line.Stage, line.Tone = "due", "due"
	default:
		line.Stage, line.Tone = "open", "waiting"
	}
	line.MayBegin = view.MayOrder && view.County && line.Round == nil && today >= line.On.Opens &&
		today <= line.On.Locks
	return line
}

func (m *Returns) roundPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	o := reporting.Order{County: place, Form: r.Field("form"), Period: r.Field("period"),
		Emergency: r.Field("emergency") == "1", Reason: r.Field("reason")}
	if o.Approver, err = r.Number("approver"); err != nil {
		return nil, err
	}
	if o.Due, err = r.Date("due"); err != nil {
		return nil, err
	}
	round, err := m.reporting.Begin(r.Context(), r.Actor, o)
	if err != nil {
		return nil, err
	}
	return boardOf(round, "returns.ordered"), nil
}

func boardOf(round reporting.Round, what string) web.Answer {
	return web.Redirect(fmt.Sprintf("/reports/board?form=%s&period=%s&place=%d&%s=%s", round.Form,
		round.Period,
		round.Place, web.DoneField, what))
}

// onRound does something to the round of the address and leads to its board.
func (m *Returns) onRound(r *web.Request, what string, fn func(reporting.Ref) error) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	if err := fn(ref); err != nil {
		return nil, err
	}
	round, err := store.Read(r.Context(), m.host.Store, func(v *store.View) (reporting.Round, error) {
		return reporting.RoundOf(v, ref)
	})
	return boardOf(round, what), err
}

func (m *Returns) morePosted(r *web.Request) (web.Answer, error) {
	return m.onRound(r, "returns.ordered", func(ref reporting.Ref) error {
		return m.reporting.More(r.Context(), r.Actor, ref)
	})
}

func (m *Returns) approvePosted(r *web.Request) (web.Answer, error) {
	return m.onRound(r, "returns.approved", func(ref reporting.Ref) error {
		return m.reporting.Approve(r.Context(), r.Actor, ref)
	})
}

func (m *Returns) compilePosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	key, at := r.Field("form"), r.Field("period")
	if err := m.reporting.Compile(r.Context(), r.Actor, key, at, place); err != nil {
		return nil, err
	}
	one, err := store.Read(r.Context(), m.host.Store, func(v *store.View) (reporting.RollUp, error) {
		one, _, err := reporting.RollUpOf(v, m.places.Home(place), key, at, place)
		return one, err
	})
	return done(fmt.Sprintf("/report-roll-ups/%d/%d", one.Home, one.ID), "returns.compiling"), err
}

// formsView is the catalogue of forms with what each costs, and the proposals.
type formsView struct {
	Tabs       []tab
	Forms      []formLine
	Proposals  []reporting.Proposal
	MayPropose bool
	Place      int64
	Alive      int
	Definition string       // of the form that is proposed
	Refused    *web.Refused // why it was not taken
}

type formLine struct {
	*reporting.Form
	Asked   string
	Minutes int
	Ended   bool
	Count   int
}

func (m *Returns) lineOf(r *web.Request, f *reporting.Form) formLine {
	burden := m.reporting.BurdenOf(f)
	return formLine{f, ratioText(burden), burden.Minutes(), r.Today() >= f.Sunset, len(f.Cells)}
}

func (m *Returns) forms(r *web.Request) (web.Answer, error) { return m.catalogue(r, "", nil) }

// catalogue shows the forms, and a proposal that was refused as it was typed with what speaks against it.
func (m *Returns) catalogue(r *web.Request, definition string, refused error) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	view := formsView{Tabs: m.tabs(r, ""), Place: place, MayPropose: r.Can(reporting.MayPropose, place),
		Definition: definition}
	page := web.Page{Title: r.T("returns.forms"), Wide: true, Place: place, Trail: m.trail(r)}
	if refused != nil {
		if view.Refused, err = r.Refused(refused); err != nil {
			return nil, err
		}
		page.Status = web.Status(fault.Of(refused))
	} else if view.MayPropose {
		view.Definition = skeleton(r.Today())
	}
	err = m.host.Store.View(r.Context(), func(v *store.View) error {
		all, err := m.reporting.Forms(v)
		if err != nil {
			return err
		}
		for _, f := range all {
			line := m.lineOf(r, f)
			if !line.Ended {
				view.Alive++
			}
			view.Forms = append(view.Forms, line)
		}
		view.Proposals, err = reporting.Proposals(v, r.Scope(reporting.MayRead))
		return err
	})
	page.Data = view
	return web.View("returns/forms", page), err
}

// skeleton is a form to begin with: a yearly one of villages with one thing to type.
func skeleton(today period.Date) string {
	from := period.NewDate(today.Year(), 1, 1)
	return fmt.Sprintf(skeletonText, from, from.AddMonths(24))
}

const skeletonText = `key: my-form
version: 1
title: {zh: 报表名称, en: Title}
purpose: {zh: 用途, en: What it is for}
owner: {zh: 负责部门, en: Who answers for it}
basis: 文号
mark: config
every: year
unit: place
levels: [village]
from: %s
sunset: %s
procedure: report-year
opens: {working_days: 5}
due: {day: "02-28", year: 1}
locks: {day: "03-31", year: 1}
cells:
  - {key: first, element: own.first, title: {zh: 指标, en: Cell}, kind: count, nature: stock,
     tag: asked, seconds: 60, min: 0}
`

// formView is one form: where each cell comes from, and each rule, in words.
type formView struct {
	formLine
	Sources   []string
	RuleTexts []string
}

// sourceOf is where a cell comes from: other cells by their titles, a statement's line, a measure.
func sourceOf(r *web.Request, f *reporting.Form, c form.Cell) string {
	title := func(key string) string { return f.Cells[f.Index(key)].Title.In(r.Language) }
	switch {
	case c.Measure != "":
		return c.Measure
	case c.Statement != "":
		return c.Statement + "/" + c.Line
	case c.Register != "":
		return r.T("returns.register")
	case c.Band != nil:
		return title(c.Band.Of)
	case c.Numerator != "":
		return title(c.Numerator) + " / " + title(c.Denominator)
	}
	var text string
	for i, term := range c.Terms {
		key, minus := strings.CutPrefix(term, "-")
		switch {
		case minus:
			text += " − "
		case i > 0:
			text += " + "
		}
		text += title(key)
	}
	return strings.TrimSpace(text)
}

// formPage is one form: its cells with tags, sources, units and marks, and its rules.
func (m *Returns) formPage(r *web.Request) (web.Answer, error) {
	f, err := store.Read(r.Context(), m.host.Store, func(v *store.View) (*reporting.Form, error) {
		return m.reporting.Form(v, r.PathValue("key"))
	})
	if err != nil {
		return nil, err
	}
	view := formView{formLine: m.lineOf(r, f)}
	for _, c := range f.Cells {
		view.Sources = append(view.Sources, sourceOf(r, f, c))
	}
	for _, one := range f.Rules {
		text := one.Text.In(r.Language)
		for _, cell := range f.Cells {
			text = strings.ReplaceAll(text, "{"+cell.Key+"}", "“"+cell.Title.In(r.Language)+"”")
		}
		view.RuleTexts = append(view.RuleTexts, text)
	}
	return web.View("returns/form", web.Page{Title: f.Title.In(r.Language), Data: view,
		Trail: append(
			m.trail(r), web.Crumb{Text: r.T("returns.forms"), Href: "/reports/forms"})}), nil
}

func (m *Returns) proposePosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	p, err := m.reporting.Propose(r.Context(), r.Actor, place, r.Field("definition"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.catalogue(r, r.Field("definition"), err)
	}
	if err != nil {
		return nil, err
	}
	return done(fmt.Sprintf("/report-proposals/%d/%d", p.Home, p.ID), "returns.proposed"), nil
}

// proposalView is a proposed form.
type proposalView struct {
	reporting.Proposal
	Panel    procedure.Panel
	Findings []string
}

func (m *Returns) proposal(r *web.Request) (web.Answer, error) {
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	var view proposalView
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Proposal, err = reporting.ProposalOf(v, ref); err != nil {
			return err
		}
		if err := r.Require(reporting.MayRead, view.Place); err != nil {
			return err
		}
		var found []fault.Finding
		if view.State == "proposed" {
			if _, found, err = m.reporting.Assess(v, view.Definition, view.Place); err != nil {
				return err
			}
		}
		for _, f := range found {
			view.Findings = append(view.Findings, m.host.Dictionary.Finding(r.Language, f))
		}
		file, err := m.host.Procedures.Load(v, procedure.Ref{Home: view.Home, ID: view.Case})
		if err != nil {
			return err
		}
		view.Panel, err = m.host.Procedures.Panel(v, r.Actor, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	view.Panel.Back = r.URL.Path
	return web.View("returns/proposal", web.Page{Title: r.T("returns.proposal", view.Name), Data: view,
		Place: view.Place, Trail: append(m.trail(r), web.Crumb{Text: r.T("returns.forms"),
			Href: "/reports/forms"})}), nil
}
