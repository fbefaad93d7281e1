package campaign

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func (m *Campaigns) pages() []web.Route {
	read := web.Permitted(inventory.MayRead)
	return []web.Route{
		{Pattern: "GET /inventory", Access: read, Handle: m.board},
		{Pattern: "GET /inventory/summary", Access: read, Handle: m.summary},
		{Pattern: "GET /inventory/open", Access: web.Permitted(inventory.MayOpen), Handle: m.openForm},
		{Pattern: "POST /inventory/open", Access: web.Permitted(inventory.MayOpen), Handle: m.openPosted},
		{Pattern: "GET /inventory/{home}/{year}", Access: read, Handle: m.campaignPage},
		{Pattern: "POST /inventory/{home}/{year}/checks", Access: web.Permitted(inventory.MayOpen),
			Handle: m.openMore},
		{Pattern: "POST /inventory/{home}/{year}/sample", Access: web.Permitted(inventory.MaySample),
			Handle: m.samplePosted},
		{Pattern: "POST /inventory/{home}/{year}/roll-up", Access: web.Permitted(inventory.MayRollUp),
			Handle: m.rollUpPosted},
	}
}

// addressed reads the home and year of a campaign's address.
func addressed(r *web.Request) (home int64, year int, err error) {
	if home, err = r.ID("home"); err != nil {
		return 0, 0, err
	}
	y, err := r.ID("year")
	return home, int(min(y, 9999)), err
}

// asked is the place a page is about: asked for, or the reader's own.
func (m *Campaigns) asked(r *web.Request) (int64, error) {
	place, err := r.Number("place")
	if err != nil {
		return 0, err
	}
	for _, post := range r.Actor.Posts {
		if place == 0 && post.Place != 0 && r.Can(inventory.MayRead, post.Place) {
			place = post.Place
		}
	}
	if place == 0 {
		return 0, fault.New(fault.Invalid, "campaign.which_place")
	}
	return place, r.Require(inventory.MayRead, place)
}

// yearAsked is the year a page is asked for, or the latest there is a campaign of.
func yearAsked(v *store.View, r *web.Request) (int, []web.Option, error) {
	all, err := years(v)
	if err != nil {
		return 0, nil, err
	}
	var options []web.Option
	for _, y := range all {
		options = append(options, web.Option{Value: strconv.Itoa(y), Text: strconv.Itoa(y)})
	}
	if r.Field("year") != "" {
		year, err := r.Number("year")
		return int(min(year, 9999)), options, err
	}
	if len(all) > 0 {
		return all[0], options, nil
	}
	return r.Today().Year() - 1, options, nil
}

// boardView is the board of coverage and timeliness.
type boardView struct {
	Year    int
	Years   []web.Option
	Place   int64
	Name    string
	Whole   inventory.Progress
	Parts   []partView
	Stages  []stageView
	Map     template.HTML
	Up      int64 // the place above, if the reader may see it
	County  bool
	Begun   bool // the county has a campaign
	Open    bool // a campaign can be opened here
	Address string
	Page    string // of this board
}

type partView struct {
	inventory.Progress
	Name   string
	Href   string
	Counts []int64 // by stage, as the board's stages stand
}

type stageView struct {
	Stage inventory.Stage
	Text  string
	N     int64
	Tone  string
	Href  string
}

// shown are the stages that a board counts: what was withdrawn is no part of it.
var shown = slices.DeleteFunc(slices.Clone(inventory.Stages),
	func(s inventory.Stage) bool { return s == inventory.Ended })

func stagesOf(r *web.Request, p inventory.Progress, year int) []stageView {
	var all []stageView
	for _, s := range shown {
		all = append(all, stageView{s, r.T("inventory.stage." + string(s)), p.ByStage[s], s.Tone(),
			fmt.Sprintf("/checks?stage=%s&year=%d&place=%d", s, year, p.Place)})
	}
	return all
}

func boardAddress(place int64, year int) string {
	return fmt.Sprintf("/inventory?place=%d&year=%d", place, year)
}

func summaryAddress(place int64, year int) string {
	return fmt.Sprintf("/inventory/summary?place=%d&year=%d", place, year)
}

func (m *Campaigns) board(r *web.Request) (web.Answer, error) {
	place, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	view := boardView{Place: place, Name: m.places.Name(place),
		County: m.places.Level(place) == division.County}
	var parts []inventory.Progress
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Year, view.Years, err = yearAsked(v, r); err != nil {
			return err
		}
		if view.County {
			_, err := Get(v, place, view.Year)
			view.Begun = err == nil
		}
		view.Whole, parts, err = m.inventory.ProgressOf(v, place, view.Year)
		return err
	})
	if err != nil {
		return nil, err
	}
	view.Open = view.County && !view.Begun && r.Can(inventory.MayOpen, place)
	view.Address, view.Page = address(place, view.Year), boardAddress(place, view.Year)
	if up := m.places.Parent(place); up != 0 && r.Can(inventory.MayRead, up) {
		view.Up = up
	}
	for _, p := range parts {
		part := partView{Progress: p, Name: m.places.Name(p.Place), Href: boardAddress(p.Place, view.Year)}
		for _, s := range shown {
			part.Counts = append(part.Counts, p.ByStage[s])
		}
		view.Parts = append(view.Parts, part)
	}
	view.Stages = stagesOf(r, view.Whole, view.Year)
	if view.Map, err = m.tileMap(r, view); err != nil {
		return nil, err
	}
	return web.View("campaign/board", web.Page{Title: r.T("campaign.board", view.Name, view.Year),
		Data: view, Wide: true,
		Place: place}), nil
}

// approvedShare is what the map of the city shows.
var approvedShare = measure.Definition{Key: "inventory.approved_share",
	Title: words.Words{Chinese: "清查审定率", English: "Checks approved"}, Unit: words.Words{Chinese: "%",
		English: "%"},
	Nature: measure.Stock, Direction: measure.More, Missing: measure.Partial, Source: "inventory",
	Basis: basis,
	Mark:  pack.Verified, Parts: true, Scale: 100}

// tileMap is the map of the city, a tile a county, coloured by the approved share; only for a place
// whose parts are counties.
func (m *Campaigns) tileMap(r *web.Request, view boardView) (template.HTML, error) {
	spots := measure.Spots(m.host.Packs)
	if len(view.Parts) == 0 || m.places.Level(view.Parts[0].Place) != division.County || len(spots) == 0 {
		return "", nil
	}
	var items []measure.Item
	for _, p := range view.Parts {
		item := measure.Item{Place: p.Place, Name: p.Name, Href: p.Href,
			Value: measure.Of(approvedShare, period.OfYear(view.Year), p.Approved(), p.Of)}
		for i, spot := range spots {
			known := spot.Code != "" && strings.HasPrefix(m.code(p.Place), string(spot.Code))
			if known || spot.Name == p.Name {
				item.Spot = &spots[i]
			}
		}
		items = append(items, item)
	}
	return r.Piece("campaign/map", measure.BoardOf(r, approvedShare, strconv.Itoa(view.Year), items, ""))
}
