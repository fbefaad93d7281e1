package returns

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// calendarView is what opens, is due and locks around today.
type calendarView struct {
	Place    int64
	Name     string
	Lines    []calendarLine
	MayOrder bool
	County   bool
}

type calendarLine struct {
	Title      words.Words
	Key        string
	Period     string
	On         form.Dates
	Stage      string // ahead, open, due (within five days), over, locked
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
	view := calendarView{Place: place, Name: m.places.Name(place),
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
		return nil
	})
	slices.SortFunc(view.Lines, func(a, b calendarLine) int {
		return cmp.Or(cmp.Compare(a.On.Due, b.On.Due), cmp.Compare(a.Key, b.Key))
	})
	return web.View("returns/calendar", web.Page{Title: r.T("returns.calendar", view.Name), Data: view,
		Wide:  true,
		Place: place}), err
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
	Forms      []formLine
	Proposals  []reporting.Proposal
	MayPropose bool
	Place      int64
	Alive      int
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

func (m *Returns) forms(r *web.Request) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	view := formsView{Place: place, MayPropose: r.Can(reporting.MayPropose, place)}
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
	return web.View("returns/forms", web.Page{Title: r.T("returns.forms"), Data: view, Wide: true,
		Place: place,
		Trail: m.trail(r)}), err
}

// formPage is one form: its cells with tags, sources, units and marks, and its rules.
func (m *Returns) formPage(r *web.Request) (web.Answer, error) {
	f, err := store.Read(r.Context(), m.host.Store, func(v *store.View) (*reporting.Form, error) {
		return m.reporting.Form(v, r.PathValue("key"))
	})
	if err != nil {
		return nil, err
	}
	return web.View("returns/form", web.Page{Title: f.Title.In(r.Language), Data: m.lineOf(r, f),
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
