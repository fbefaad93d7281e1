package invent

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Owner is a collective for which property is made up.
type Owner struct {
	Place     int64
	Level     division.Level
	Name      string // of its place
	County    string // name of the county, as certificates say it
	Code      string // of its place, digits; parcels and certificates are numbered under it
	Latitude  int64  // micro-degrees, of the middle of the place
	Longitude int64
	Until     period.Date // what is made up happened before this day
}

// holding is the property of an owner as it grows.
type holding struct {
	Owner
	draw   *Draw
	names  *Names
	keeper string
	cards  []assets.Asset
	counts map[string]int // cards of a form so far
}

// Holding makes up everything a collective owns. The number tells owners apart.
func Holding(seed, number int64, o Owner) []assets.Asset {
	d := NewDraw(seed, "holding", number)
	h := &holding{Owner: o, draw: d, names: NewNames(d), keeper: NewPerson(d).Name,
		cards: make([]assets.Asset, 0, 40), counts: map[string]int{}}
	switch o.Level {
	case division.Group:
		h.land(groupLand)
		h.things(groupThings)
	case division.Village:
		h.land(villageLand)
		h.things(villageThings)
	default:
		h.land(townshipLand)
		h.things(townshipThings)
	}
	return h.cards
}

// Arable is the arable land among cards whose title is clear, in 0.01 m².
func Arable(cards []assets.Asset) area.Area {
	var sum area.Area
	for _, c := range cards {
		if c.Form == "resource" && c.Kind == "arable" && c.Title == assets.Clear {
			sum += c.Area
		}
	}
	return sum
}

// formNumbers begin the numbers of cards, as the forms of the annual check are numbered.
var formNumbers = map[string]string{"livestock": "05", "productive": "06", "long_investment": "07",
	"fixed": "08", "construction": "09", "intangible": "10", "resource": "20"}

// card begins a card with what all have in common.
func (h *holding) card(form, name string) assets.Asset {
	h.counts[form]++
	a := assets.Asset{Place: h.Place, Number: fmt.Sprintf("%s-%03d", formNumbers[form], h.counts[form]),
		Name: name, Form: form, Title: assets.Clear, Origin: "own", Custodian: h.keeper,
		Quantity: 100, UseState: "self", Method: depreciation.None, State: assets.Live, Ended: period.Open}
	if form != "long_investment" && form != "intangible" {
		a.Latitude = h.Latitude + h.draw.Between(-6_000, 6_000) // some 600 m
		a.Longitude = h.Longitude + h.draw.Between(-6_000, 6_000)
		a.Location = h.Name
	}
	return a
}

// day draws a day in the years before Until, the nearer years more often.
func (h *holding) day(years int64) period.Date {
	days := min(h.draw.Between(30, years*365), h.draw.Between(30, years*365))
	return h.Until.AddDays(-int(days))
}

// yuan draws an amount between so many yuan, in whole ten yuan.
func (h *holding) yuan(low, high int64) money.Fen {
	return money.Fen(Round(h.draw.Skewed(low, high), 10) * 100)
}

// mu draws an area between so many mu, to 0.01 mu.
func (h *holding) mu(low, high int64) area.Area {
	hundredths := h.draw.Skewed(low*100, high*100)
	return area.Area((hundredths*20_000 + 15) / 30) // package area: 0.01 mu = 20000/30 of 0.01 m²
}

// let leases a card out: to whom, from when to when, for how much a year.
func (h *holding) let(a *assets.Asset, state string, fee money.Fen) {
	d := h.draw
	a.UseState, a.User = state, h.tenant()
	begun := h.Until.AddDays(-int(d.Between(40, 1700)))
	a.TermFrom, a.TermTo = begun, begun.AddMonths(12*int(d.Between(5, 15)))
	a.Contract = fmt.Sprintf("%s-%d-%03d", h.Code, begun.Year(), d.Between(1, 400))
	a.AnnualFee = max(fee, 10_000)
	if d.PerMille(60) {
		a.Arrears = money.Fen(Round(int64(a.AnnualFee)*d.Between(2, 12)/12, 1000))
	}
}

var trades = []string{"农业开发有限公司", "种植专业合作社", "家庭农场", "生态农业有限公司", "养殖专业合作社",
	"农产品加工厂", "果业有限公司", "林业专业合作社"}

// tenant is a business that does not exist.
func (h *holding) tenant() string { return h.names.Next("") + Pick(h.draw, trades) }
