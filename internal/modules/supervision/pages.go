package supervision

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func (m *Supervision) pages() []web.Route {
	read, run := web.Permitted(MayRead), web.Permitted(MayRun)
	return []web.Route{
		{Pattern: "GET /supervision", Access: read, Handle: m.boardPage},
		{Pattern: "POST /supervision/run", Access: run, Handle: m.runPosted},
		{Pattern: "GET /supervision/rules", Access: read, Handle: m.rulesPage},
		{Pattern: "GET /supervision/rules/{key}", Access: read, Handle: m.rulePage},
		{Pattern: "GET /findings", Access: read, Handle: m.list},
		{Pattern: "GET /findings/{home}/{id}", Access: read, Handle: m.findingPage},
		{Pattern: "POST /findings/{home}/{id}/answer", Access: web.Permitted(MayAnswer),
			Handle: m.answerPosted},
		{Pattern: "POST /findings/{home}/{id}/evidence", Access: web.Permitted(MayAnswer),
			BodyMax: evidenceBytes, Handle: m.evidencePosted},
	}
}

// asked is the place a page is about: asked for, or the reader's own.
func (m *Supervision) asked(r *web.Request) (int64, error) {
	place, err := r.Number("place")
	if err != nil {
		return 0, err
	}
	for _, post := range r.Actor.Posts {
		if place == 0 && post.Place != 0 && r.Can(MayRead, post.Place) {
			place = post.Place
		}
	}
	if place == 0 {
		return 0, fault.New(fault.Invalid, "supervision.which_place")
	}
	return place, r.Require(MayRead, place)
}

func boardAddress(place int64) string { return fmt.Sprintf("/supervision?place=%d", place) }

func listAddress(place int64, more string) string {
	return fmt.Sprintf("/findings?place=%%23%d%s", place, more)
}

// tones are the marks of the colours: the shape tells them apart where the colour does not.
var tones = map[rule.Severity]string{rule.Blue: "waiting", rule.Yellow: "due", rule.Orange: "due",
	rule.Red: "overdue"}

// boardView is the board of a place.
type boardView struct {
	Board
	Name    string
	Up      string
	List    string
	MayRun  bool
	Home    int64
	Run     Run
	Colours []colourView
	Rows    []partView
	ByRule  []ruleView
	Months  []Month
	Trend   template.HTML // what was raised and ended a month
	Share   template.HTML // what was confirmed of it
	Map     template.HTML
}

type colourView struct {
	Severity rule.Severity
	Tone     string
	N        int64
}

type partView struct {
	Colours
	Name string
	Href string
	List string
}

type ruleView struct {
	RuleCount
	Title    words.Words
	Severity rule.Severity
	Tone     string
	Href     string
	Page     string
}

func (m *Supervision) boardPage(r *web.Request) (web.Answer, error) {
	place, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	view := boardView{Name: m.places.Name(place), List: listAddress(place, "&state=open"),
		Home:   m.places.Home(place),
		MayRun: m.places.Level(place) == division.County && r.Can(MayRun, place)}
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Board, err = m.boardOf(v, place); err != nil {
			return err
		}
		if view.Months, err = m.trendOf(v, place, r.Today()); err != nil {
			return err
		}
		view.Run, err = runOf(v, view.Home)
		return err
	})
	if err != nil {
		return nil, err
	}
	m.fill(r, &view, place)
	if view.Map, err = m.tileMap(r, view); err != nil {
		return nil, err
	}
	return web.View("supervision/board", web.Page{Title: r.T("supervision.board", view.Name), Data: view,
		Wide:  true,
		Place: place}), nil
}

func (m *Supervision) fill(r *web.Request, view *boardView, place int64) {
	if up := m.places.Parent(place); up != 0 && r.Can(MayRead, up) {
		view.Up = boardAddress(up)
	}
	for i, s := range rule.Severities {
		view.Colours = append(view.Colours, colourView{s, tones[s], view.Whole.By[i]})
	}
	for _, part := range view.Parts {
		view.Rows = append(view.Rows, partView{part, m.places.Name(part.Place), boardAddress(part.Place),
			listAddress(part.Place, "&state=open")})
	}
	for _, count := range view.Rules {
		one := ruleView{RuleCount: count, Severity: rule.Severities[max(count.Rank, 1)-1],
			Href: listAddress(place, "&state=open&rule="+count.Rule), Page: ruleAddress(count.Rule)}
		one.Tone = tones[one.Severity]
		if d := m.library.Find(count.Rule); d != nil {
			one.Title = d.Title
		}
		view.ByRule = append(view.ByRule, one)
	}
	view.Trend, view.Share = trendChart(r, view.Months), precisionChart(r, view.Months)
}

// colouredShare is what the map of the city shows.
var colouredShare = measure.Definition{Key: "supervision.coloured_share",
	Title:  words.Words{Chinese: "有未销号线索的集体占比", English: "Collectives with an open finding"},
	Unit:   words.Words{Chinese: "%", English: "%"},
	Nature: measure.Stock, Direction: measure.Less, Missing: measure.Partial, Source: "supervision",
	Basis: "监管规则包", Mark: pack.Config, Parts: true, Scale: 100}

// tileMap is the map of the city, a tile a county.
func (m *Supervision) tileMap(r *web.Request, view boardView) (template.HTML, error) {
	spots := measure.Spots(m.host.Packs)
	if len(view.Rows) == 0 || m.places.Level(view.Rows[0].Place) != division.County || len(spots) == 0 {
		return "", nil
	}
	var items []measure.Item
	for _, p := range view.Rows {
		item := measure.Item{Place: p.Place, Name: p.Name, Href: p.Href, Value: measure.Of(colouredShare,
			period.OfYear(r.Today().Year()), p.Coloured(), p.Organisations)}
		codes := m.places.Codes(p.Place)
		for i, spot := range spots {
			known := spot.Code != "" && len(codes) > 0 && strings.HasPrefix(codes[0], string(spot.Code))
			if known || spot.Name == p.Name {
				item.Spot = &spots[i]
			}
		}
		items = append(items, item)
	}
	return r.Piece("supervision/map", measure.BoardOf(r, colouredShare, string(r.Today()), items, ""))
}

func (m *Supervision) runPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	home, err := r.Number("home")
	if err != nil {
		return nil, err
	}
	job, err := m.Order(r.Context(), r.Actor, home)
	if err != nil {
		return nil, err
	}
	return web.Redirect(fmt.Sprintf("/jobs/%d/%d", home, job)), nil
}

// cards are the colour on the pages of places and organisations.
func (m *Supervision) cards() []web.Card {
	return []web.Card{
		{On: "pulse", Order: 20, Permit: MayRead, View: "supervision/card", Render: m.placeCard},
		{On: "place", Order: 45, Permit: MayRead, View: "supervision/card", Render: m.placeCard},
		{On: "organisation", Order: 50, Permit: MayRead, View: "supervision/colour", Render: m.colourCard},
	}
}

// placeCard shows nothing where nothing is open.
func (m *Supervision) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	var view boardView
	err := m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		view.Board, err = m.boardOf(v, on.Place)
		return err
	})
	if err != nil || view.Whole.Open == 0 {
		return nil, err
	}
	view.Name, view.List, view.Up = m.places.Name(on.Place), listAddress(on.Place, "&state=open"),
		boardAddress(on.Place)
	for i, s := range rule.Severities {
		view.Colours = append(view.Colours, colourView{s, tones[s], view.Whole.By[i]})
	}
	return view, nil
}

// colourCard is the colour of an organisation with its open findings.
type colourCard struct {
	Severity rule.Severity
	Tone     string
	Open     []itemView
}

type itemView struct {
	Finding
	Title   words.Words
	Address string
	Tone    string
}

// cardMax is how many findings a card names.
const cardMax = 10

func (m *Supervision) colourCard(r *web.Request, on web.CardSubject) (any, error) {
	var card colourCard
	err := m.host.Store.View(r.Context(), func(v *store.View) error {
		var err error
		if card.Severity, _, err = ColourOf(v, on.Home, on.ID); err != nil || card.Severity == "" {
			return err
		}
		list, err := findings.All(v, `WHERE home = ? AND state = 'open' AND organisation = ?
			ORDER BY severity_rank DESC, id LIMIT ?`, on.Home, on.ID, cardMax)
		for _, f := range list {
			card.Open = append(card.Open, m.item(f))
		}
		return err
	})
	if err != nil || card.Severity == "" {
		return nil, err
	}
	card.Tone = tones[card.Severity]
	return card, nil
}

func (m *Supervision) item(f Finding) itemView {
	one := itemView{Finding: f, Address: Address(f.Ref()), Tone: tones[f.Severity]}
	if d := m.library.Find(f.Rule); d != nil {
		one.Title = d.Title
	}
	return one
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
