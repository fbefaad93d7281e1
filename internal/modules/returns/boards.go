package returns

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// placeAsked is the place a page is about: asked for, or the reader's own.
func (m *Returns) placeAsked(r *web.Request) (int64, error) {
	place, err := r.Number("place")
	if err != nil {
		return 0, err
	}
	for _, post := range r.Actor.Posts {
		if place == 0 && post.Place != 0 && r.Can(reporting.MayRead, post.Place) {
			place = post.Place
		}
	}
	if place == 0 {
		place = m.places.City()
	}
	return place, r.Require(reporting.MayRead, place)
}

// tab leads to a page of the reports.
type tab struct {
	Text, Href string
	Current    bool
}

// tabs are the pages of the reports, with what they are about carried along.
func (m *Returns) tabs(r *web.Request, query string) []tab {
	var all []tab
	for _, one := range [][2]string{{"/reports/calendar", "to_calendar"}, {"/reports", "to_list"},
		{"/reports/board", "to_board"}, {"/reports/sums", "to_sums"}, {"/reports/published",
			"to_published"},
		{"/reports/asks", "to_asks"}, {"/reports/forms", "forms"}, {"/figures", "figures"}} {
		t := tab{r.T("returns." + one[1]), one[0], r.URL.Path == one[0]}
		if query != "" && one[0] != "/reports/asks" && one[0] != "/reports/forms" && one[0] != "/figures" {
			t.Href += "?" + query
		}
		all = append(all, t)
	}
	return all
}

// scene is what boards and sums are about: a form, a period and a place.
type scene struct {
	Tabs    []tab
	Place   int64
	Name    string
	Form    *reporting.Form
	Period  string
	Forms   []web.Option
	Periods []web.Option
	Page    string
	Up      int64
}

// Query is the scene as an address has it.
func (s scene) Query() string {
	return fmt.Sprintf("form=%s&period=%s&place=%d", s.Form.Key, s.Period, s.Place)
}

// At is the address of the page for another place.
func (s scene) At(place int64) string {
	return fmt.Sprintf("%s?form=%s&period=%s&place=%d", s.Page, s.Form.Key, s.Period, place)
}

func (m *Returns) sceneOf(v *store.View, r *web.Request) (s scene, err error) {
	s.Page = r.URL.Path
	if s.Place, err = m.placeAsked(r); err != nil {
		return s, err
	}
	s.Name = m.places.Name(s.Place)
	if up := m.places.Parent(s.Place); up != 0 && r.Can(reporting.MayRead, up) {
		s.Up = up
	}
	all, err := m.reporting.Forms(v)
	if err != nil {
		return s, err
	}
	for _, f := range all {
		s.Forms = append(s.Forms, web.Option{Value: f.Key, Text: f.Title.In(r.Language)})
		if f.Key == r.Field("form") || s.Form == nil && r.Field("form") == "" {
			s.Form = f
		}
	}
	if s.Form == nil {
		return s, fault.New(fault.NotFound, "reporting.no_form", r.Field("form"))
	}
	had, err := reporting.Periods(v, s.Form.Key)
	if err != nil {
		return s, err
	}
	for _, p := range had {
		s.Periods = append(s.Periods, web.Option{Value: p, Text: p})
	}
	s.Period = r.Field("period")
	if at, err := period.Parse(s.Period); err != nil || at.Kind() != s.Form.Frequency() {
		s.Period = period.Containing(r.Today(), s.Form.Frequency()).Previous().String()
		if len(had) > 0 {
			s.Period = had[0]
		}
	}
	s.Tabs = m.tabs(r, s.Query())
	return s, nil
}

func (m *Returns) trail(r *web.Request) []web.Crumb {
	return []web.Crumb{{Text: r.T("returns.menu"), Href: "/reports/calendar"}}
}

// boardView is how complete and timely the reports of a place are.
type boardView struct {
	scene
	Whole      reporting.Progress
	Stages     []stageCount
	Parts      []partView
	Round      *reporting.Round
	MayOrder   bool
	MayHurry   bool
	MayCompile bool
	RollUp     *reporting.RollUp
}

// stageCount is how many reports of a place stand somewhere, with the list of them.
type stageCount struct {
	Text, Tone, Href string
	N                int64
}

func (v *boardView) count(r *web.Request) {
	for _, s := range reporting.Stages {
		if n := v.Whole.ByStage[s]; n > 0 {
			v.Stages = append(v.Stages, stageCount{r.T("returns.stage." + string(s)), tones[s],
				"/reports?" + v.Query() + "&stage=" + string(s), n})
		}
	}
}

type partView struct {
	reporting.Progress
	Name, Href string
}

func (m *Returns) board(r *web.Request) (web.Answer, error) {
	var view boardView
	err := m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.scene, err = m.sceneOf(v, r); err != nil {
			return err
		}
		var parts []reporting.Progress
		if view.Whole, parts, err = m.reporting.ProgressOf(v, view.Form, view.Period,
			view.Place); err != nil {
			return err
		}
		for _, p := range parts {
			view.Parts = append(view.Parts, partView{p, m.places.Name(p.Place), view.At(p.Place)})
		}
		view.count(r)
		return m.around(v, r, &view)
	})
	if err != nil {
		return nil, err
	}
	return web.View("returns/board", web.Page{Title: r.T("returns.board", view.Name), Data: view,
		Wide:  true,
		Place: view.Place, Trail: m.trail(r)}), nil
}

// around reads the round and the roll-up of the place.
func (m *Returns) around(v *store.View, r *web.Request, view *boardView) error {
	level := m.places.Level(view.Place)
	if level == division.County {
		list, err := reporting.Rounds(v, view.Place, 200)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(one reporting.Round) bool {
			return one.Form == view.Form.Key && one.Period == view.Period
		})
		if at >= 0 {
			view.Round = &list[at]
		}
		view.MayOrder = r.Can(reporting.MayOrder, view.Place)
		view.MayHurry = view.Round != nil && view.Round.State == reporting.Waiting && view.Round.Approver ==
			r.Actor.Account
	}
	if level != division.County && level != division.Township {
		return nil
	}
	one, found, err := reporting.RollUpOf(v, m.places.Home(view.Place), view.Form.Key, view.Period,
		view.Place)
	if found {
		view.RollUp = &one
	}
	view.MayCompile = (!found || one.Stage == reporting.Ended) && view.Whole.Of > 0 &&
		r.Can(reporting.MayCompile, view.Place)
	return err
}

// sumsView is what the approved reports of a place add up to.
type sumsView struct {
	scene
	Whole    reporting.Sum
	Tables   []web.TableView
	Book     string
	Coverage string
}

func both(zh, en string) words.Words { return words.Words{Chinese: zh, English: en} }

// sums is the total of a place, cell by cell, and a column for each place in it.
func (m *Returns) sums(r *web.Request) (web.Answer, error) {
	var view sumsView
	var parts []reporting.Sum
	err := m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.scene, err = m.sceneOf(v, r); err != nil {
			return err
		}
		view.Whole, parts, err = m.reporting.SumsOf(v, view.Form, view.Period, view.Place)
		return err
	})
	if err != nil {
		return nil, err
	}
	table := m.sumsTable(view, parts)
	if r.URL.Query().Get("format") == "xlsx" {
		return web.Book(r, view.Name+" "+view.Period, []words.Table{table})
	}
	view.Tables = []web.TableView{web.TableIn(r.Language, table)}
	view.Book = "/reports/sums?" + view.Query() + "&format=xlsx"
	view.Coverage = r.T("returns.coverage", view.Whole.Approved, view.Whole.Of)
	return web.View("returns/sums", web.Page{Title: r.T("returns.sums", view.Name), Data: view, Wide: true,
		Place: view.Place, Trail: m.trail(r)}), nil
}

// sumsTable has a row for each cell; a ratio shows its parts beside it.
func (m *Returns) sumsTable(view sumsView, parts []reporting.Sum) words.Table {
	parts = slices.DeleteFunc(parts, func(p reporting.Sum) bool { return p.Of == 0 })
	t := words.Table{Title: words.Words{Chinese: view.Form.Title.Chinese + " " + view.Period,
		English: view.Form.Title.English + " " + view.Period},
		Heading: []words.Words{both("指标", "Cell"), both("合计", "Total"), both("已报数", "Of reports")},
		Number:  []bool{false, true, true}}
	for _, p := range parts {
		t.Heading, t.Number = append(t.Heading, words.Plain(m.places.Name(p.Place))), append(t.Number, true)
	}
	for i, c := range view.Form.Cells {
		total := view.Whole.Total
		row := []words.Words{c.Title, words.Plain(cellText(view.Form, i, total)),
			words.Plain(fmt.Sprintf("%d / %d", total.Cells[i].Covered, view.Whole.Of))}
		for _, p := range parts {
			row = append(row, words.Plain(cellText(view.Form, i, p.Total)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func cellText(f *reporting.Form, i int, t form.Total) string {
	text := f.Text(i, t.Value(i))
	if c := f.Cells[i]; c.Kind == form.Ratio && text != "" {
		n, d := f.Index(c.Numerator), f.Index(c.Denominator)
		text += " (" + f.Text(n, form.Value{Known: true, Amount: t.Cells[i].Amount}) + " / " +
			f.Text(d, form.Value{Known: true, Amount: t.Cells[i].Per}) + ")"
	}
	return text
}

// publishedView is the table of counts that may be shown to anybody.
type publishedView struct {
	scene
	Tables []web.TableView
	Safe   bool
	Least  int64
	Book   string
}

// published is the table of counts with small ones suppressed, on the page and in the file alike.
func (m *Returns) published(r *web.Request) (web.Answer, error) {
	var view publishedView
	var t reporting.Published
	err := m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.scene, err = m.sceneOf(v, r); err != nil {
			return err
		}
		t, err = m.reporting.Publish(v, view.Form, view.Period, view.Place)
		return err
	})
	if err != nil {
		return nil, err
	}
	view.Safe, view.Least = t.Safe, t.Least
	table := m.publishedTable(view, shownTable{t})
	if r.URL.Query().Get("format") == "xlsx" {
		return web.Book(r, view.Name+" "+view.Period, []words.Table{table})
	}
	view.Tables = []web.TableView{web.TableIn(r.Language, table)}
	view.Book = "/reports/published?" + view.Query() + "&format=xlsx"
	return web.View("returns/published", web.Page{Title: r.T("returns.published", view.Name), Data: view,
		Wide:  true,
		Place: view.Place, Trail: m.trail(r)}), nil
}

// suppressed stands for a count that is not shown.
const suppressed = "*"

// publishedTable has a row for each count and a column for each part of the place, as the sums have.
func (m *Returns) publishedTable(view publishedView, t shownTable) words.Table {
	table := words.Table{Title: words.Words{Chinese: view.Form.Title.Chinese + " " + view.Period,
		English: view.Form.Title.English + " " + view.Period},
		Heading: []words.Words{both("指标", "Cell"), both("合计", "Total")}, Number: []bool{false, true}}
	rows := []words.Words{both("已审定报表数", "Approved reports"), words.Plain(grouped(t.Whole.Total.Rows))}
	for _, s := range t.Parts {
		name := words.Plain(m.places.Name(s.Place))
		if s.Place == view.Place {
			name = both("本级", "Its own")
		}
		table.Heading, table.Number = append(table.Heading, name), append(table.Number, true)
		rows = append(rows, words.Plain(grouped(s.Total.Rows)))
	}
	table.Rows = append(table.Rows, rows)
	for c, i := range t.Cells {
		row := []words.Words{view.Form.Cells[i].Title, words.Plain(t.text(len(t.Parts), c))}
		for n := range t.Parts {
			row = append(row, words.Plain(t.text(n, c)))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// shownTable is a table of counts as it may be shown.
type shownTable struct{ reporting.Published }

// text is a count of a part, the last of which is the whole; one that is not shown is a mark.
func (t shownTable) text(part, c int) string {
	if !t.Safe || t.Hidden[part][c+1] {
		return suppressed
	}
	total := t.Whole.Total
	if part < len(t.Parts) {
		total = t.Parts[part].Total
	}
	return grouped(total.Cells[t.Cells[c]].Amount)
}

func grouped(n int64) string { return decimal.Grouped(n, 0) }

// asksView is the counter board: how often villages were asked in a month.
type asksView struct {
	Tabs    []tab
	Place   int64
	Name    string
	Month   string
	Max     int64
	Lines   []askLine
	Average string
}

type askLine struct {
	reporting.Asks
	Name    string
	Minutes int64
	Full    bool
	Href    string // of its reports
}

func (m *Returns) asks(r *web.Request) (web.Answer, error) {
	place, err := m.placeAsked(r)
	if err != nil {
		return nil, err
	}
	month := period.Containing(r.Today(), period.Month)
	if text := r.Field("month"); text != "" {
		if month, err = periodOf(text); err != nil {
			return nil, err
		}
	}
	view := asksView{Tabs: m.tabs(r, ""), Place: place, Name: m.places.Name(place), Month: month.String()}
	if view.Max, err = m.reporting.AsksMax(place); err != nil {
		return nil, err
	}
	list, err := store.Read(r.Context(), m.host.Store, func(v *store.View) ([]reporting.Asks, error) {
		return m.reporting.AsksOf(v, place, month)
	})
	for _, a := range list {
		view.Lines = append(view.Lines, askLine{a, m.places.Name(a.Village), (a.Seconds + 59) / 60,
			a.Forms >= view.Max, fmt.Sprintf("/reports?place=%d", a.Village)})
	}
	return web.View("returns/asks", web.Page{Title: r.T("returns.asks", view.Name), Data: view, Wide: true,
		Place: place, Trail: m.trail(r)}), err
}

// rollUpView is the page of a roll-up.
type rollUpView struct {
	reporting.RollUp
	Name  string
	Title words.Words
	Panel procedure.Panel
	Sums  string
}

func (m *Returns) rollUp(r *web.Request) (web.Answer, error) {
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	var view rollUpView
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.RollUp, err = reporting.RollUpByRef(v, ref); err != nil {
			return err
		}
		if err := r.Require(reporting.MayRead, view.Place); err != nil {
			return err
		}
		f, err := m.reporting.Form(v, view.Form)
		if err != nil {
			return err
		}
		view.Title = f.Title
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
	view.Name, view.Panel.Back = m.places.Name(view.Place), r.URL.Path
	view.Sums = fmt.Sprintf("/reports/sums?form=%s&period=%s&place=%d", view.Form, view.Period, view.Place)
	return web.View("returns/roll_up", web.Page{Title: r.T("returns.roll_up", view.Name), Data: view,
		Place: view.Place, Trail: m.trail(r)}), nil
}
