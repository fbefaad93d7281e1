package campaign

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// campaignView is the page of a county's campaign.
type campaignView struct {
	Campaign
	Name     string
	Whole    inventory.Progress
	Stages   []stageView
	Drawn    []inventory.Check
	Panel    *procedure.Panel // of the roll-up; nil: not begun
	MayOpen  bool
	MayDraw  bool
	MayRoll  bool
	Missing  int64 // organisations without a check
	ShareOf  string
	SumsPage string
}

func (m *Campaigns) campaignPage(r *web.Request) (web.Answer, error) {
	home, year, err := addressed(r)
	if err != nil {
		return nil, err
	}
	var view campaignView
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Campaign, err = Get(v, home, year); err != nil {
			return err
		}
		if err := r.Require(inventory.MayRead, view.Place); err != nil {
			return err
		}
		return m.fill(v, r, &view)
	})
	if err != nil {
		return nil, err
	}
	return web.View("campaign/campaign", web.Page{Title: r.T("campaign.title", view.Name, year), Data: view,
		Place: view.Place,
		Trail: []web.Crumb{{Text: r.T("campaign.menu"), Href: boardAddress(view.Place, year)}}}), nil
}

func (m *Campaigns) fill(v *store.View, r *web.Request, view *campaignView) (err error) {
	view.Name, view.ShareOf = m.places.Name(view.Place), decimal.Format(view.SampleShare, 2)+"%"
	view.SumsPage = summaryAddress(view.Place, view.Year)
	if view.Whole, _, err = m.inventory.ProgressOf(v, view.Place, view.Year); err != nil {
		return err
	}
	view.Stages = stagesOf(r, view.Whole, view.Year)
	from, err := inventory.Concerned(v, view.Home, view.Year)
	if err != nil {
		return err
	}
	for _, c := range from {
		if c.Sample == inventory.Drawn {
			view.Drawn = append(view.Drawn, c)
		}
	}
	if view.Missing, err = missing(v, view.Home, view.Year); err != nil {
		return err
	}
	view.MayOpen = r.Can(inventory.MayOpen, view.Place) && (view.State == Opening || view.State == Open)
	view.MayDraw = r.Can(inventory.MaySample, view.Place) && view.Sampled == "" && view.State == Open
	view.MayRoll = r.Can(inventory.MayRollUp, view.Place) && view.State == Open
	if view.Case == 0 {
		return nil
	}
	file, err := m.host.Procedures.Load(v, procedure.Ref{Home: view.Home, ID: view.Case})
	if err != nil {
		return err
	}
	panel, err := m.host.Procedures.Panel(v, r.Actor, file)
	panel.Back, view.Panel = view.Address(), &panel
	return err
}

// openView is the form in which a county opens its check.
type openView struct {
	Place     int64
	Name      string
	Year      int
	Years     []web.Option
	Reference period.Date
	Share     string
	Steps     []flow.Step
}

func (m *Campaigns) openForm(r *web.Request) (web.Answer, error) {
	place, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	if err := r.Require(inventory.MayOpen, place); err != nil {
		return nil, err
	}
	this := r.Today().Year()
	year := this
	if r.Today().Month() < 12 { // the day of reference is at the end of a year
		year--
	}
	c, err := m.prepare(place, year, "")
	if err != nil {
		return nil, err
	}
	view := openView{Place: place, Name: m.places.Name(place), Year: year, Reference: c.Reference,
		Share: decimal.Format(c.SampleShare, 2) + "%"}
	for y := this; y >= this-2; y-- {
		view.Years = append(view.Years, web.Option{Value: strconv.Itoa(y), Text: strconv.Itoa(y)})
	}
	definition, err := m.host.Procedures.Definition(inventory.Procedure)
	if err != nil {
		return nil, err
	}
	view.Steps = definition.Steps
	return web.View("campaign/open", web.Page{Title: r.T("campaign.open"), Data: view, Place: place,
		Trail: []web.Crumb{{Text: r.T("campaign.menu"), Href: boardAddress(place, year)}}}), nil
}

func (m *Campaigns) openPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	year, err := r.Number("year")
	if err != nil {
		return nil, err
	}
	c, err := m.Begin(r.Context(), r.Actor, place, int(min(year, 9999)), r.Field("note"))
	if err != nil {
		return nil, err
	}
	return m.order(r, c.Home, c.Year)
}

// order asks for the job that opens the checks, and shows it.
func (m *Campaigns) order(r *web.Request, home int64, year int) (web.Answer, error) {
	job, err := m.Order(r.Context(), r.Actor, home, year)
	if err != nil {
		return nil, err
	}
	return web.Redirect(fmt.Sprintf("/jobs/%d/%d", home, job)), nil
}

func (m *Campaigns) openMore(r *web.Request) (web.Answer, error) {
	home, year, err := addressed(r)
	if err != nil {
		return nil, err
	}
	return m.order(r, home, year)
}

func (m *Campaigns) samplePosted(r *web.Request) (web.Answer, error) {
	home, year, err := addressed(r)
	if err != nil {
		return nil, err
	}
	if _, err := m.DrawSample(r.Context(), r.Actor, home, year); err != nil {
		return nil, err
	}
	return web.Redirect(address(home, year) + "?" + web.DoneField + "=campaign.sampled"), nil
}

func (m *Campaigns) rollUpPosted(r *web.Request) (web.Answer, error) {
	home, year, err := addressed(r)
	if err != nil {
		return nil, err
	}
	if err := m.BeginRollUp(r.Context(), r.Actor, home, year); err != nil {
		return nil, err
	}
	return web.Redirect(address(home, year) + "?" + web.DoneField + "=campaign.rolling_up"), nil
}
