package campaign

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// summaryView is the sum of a place, to look at and to print.
type summaryView struct {
	Place    int64
	Heading  string
	Year     int
	Years    []web.Option
	Tables   []web.TableView
	Parts    web.TableView
	Whole    bool // everything is approved
	Coverage string
	Book     string
	Page     string // where the choice of a year leads
}

// summary is the sum of a place: the summary forms, and a line for each place in it.
func (m *Campaigns) summary(r *web.Request) (web.Answer, error) {
	place, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	view := summaryView{Place: place, Heading: m.places.Name(place), Page: "/inventory/summary"}
	var whole inventory.Sum
	var parts []inventory.Sum
	err = m.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Year, view.Years, err = yearAsked(v, r); err != nil {
			return err
		}
		whole, parts, err = m.inventory.SumsOf(v, place, view.Year)
		return err
	})
	if err != nil {
		return nil, err
	}
	tables, lines := m.inventory.Summaries(whole.Figures), m.partsTable(whole, parts)
	if r.URL.Query().Get("format") == "xlsx" {
		return web.Book(r, view.Heading+" "+strconv.Itoa(view.Year), append(tables, lines))
	}
	view.Book, view.Whole = summaryAddress(place, view.Year)+"&format=xlsx", whole.Approved == whole.Of &&
		whole.Of > 0
	view.Coverage = r.T("campaign.coverage", locale.Count(whole.Approved), locale.Count(whole.Of))
	for _, t := range tables {
		view.Tables = append(view.Tables, web.TableIn(r.Language, t))
	}
	view.Parts = web.TableIn(r.Language, lines)
	for i, p := range parts {
		view.Parts.Rows[i].Cells[0].Href = summaryAddress(p.Place, view.Year)
	}
	return web.View("campaign/summary", web.Page{Title: r.T("campaign.summary", view.Heading, view.Year),
		Data: view,
		Wide: true, Place: place, Trail: []web.Crumb{{Text: r.T("campaign.menu"),
			Href: boardAddress(place, view.Year)}}}), nil
}

func both(zh, en string) words.Words { return words.Words{Chinese: zh, English: en} }

var partHeadings = []words.Words{both("地方", "Place"), both("已审定/应清查", "Approved / all"),
	both("资产核实数（元）", "Assets verified (yuan)"), both("盘盈（元）", "Gain (yuan)"), both("盘亏（元）", "Loss (yuan)"),
	both("经营性资产（元）", "Operating (yuan)"), both("资源面积（亩）", "Resources (mu)"), both("闲置（元）", "Idle (yuan)")}

// partsTable is a line for each place below and the sum, which equals them exactly together with
// what is the place's own.
func (m *Campaigns) partsTable(whole inventory.Sum, parts []inventory.Sum) words.Table {
	t := words.Table{Title: both("按下级汇总", "By place below"), Heading: partHeadings,
		Number: []bool{false, true, true, true, true, true, true, true}}
	rest := inventory.Sum{Place: whole.Place, Figures: append([]int64(nil), whole.Figures...),
		Approved: whole.Approved,
		Of:       whole.Of}
	for _, p := range parts {
		t.Rows = append(t.Rows, m.line(words.Plain(m.places.Name(p.Place)), p))
		for i := range rest.Figures {
			rest.Figures[i] -= p.Figures[i]
		}
		rest.Approved, rest.Of = rest.Approved-p.Approved, rest.Of-p.Of
	}
	if rest.Of > 0 {
		t.Rows = append(t.Rows, m.line(both("本级", "Its own"), rest))
	}
	t.Bold = []int{len(t.Rows)}
	t.Rows = append(t.Rows, m.line(both("合计", "Total"), whole))
	return t
}

func (m *Campaigns) line(name words.Words, s inventory.Sum) []words.Words {
	h := m.inventory.HeadlineOf(s.Figures)
	yuan := func(fen int64) words.Words { return words.Plain(money.Fen(fen).String()) }
	return []words.Words{name, words.Plain(fmt.Sprintf("%d / %d", s.Approved, s.Of)), yuan(h.Verified),
		yuan(h.Gain),
		yuan(h.Loss), yuan(h.Operating), words.Plain(area.Area(h.Land).Mu()), yuan(h.Idle)}
}
