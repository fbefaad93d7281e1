package invent

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// tract is a sort of land that collectives of a level have.
type tract struct {
	class     string // packs/national/codes/land_class.yaml
	ending    string // of its name: 石桥 with 田坝
	least     int    // so many cards,
	more      int    // and up to so many more
	low, high int64  // mu
	household int    // of a thousand: contracted to households
	let       int    // of a thousand of the others: let to a business
	fee       int64  // yuan a mu and year, about
}

var groupLand = []tract{
	{"arable", "田坝", 2, 1, 15, 190, 1000, 0, 0},
	{"arable", "坡地", 1, 1, 8, 120, 930, 600, 350},
	{"garden", "果园", 0, 1, 5, 110, 300, 700, 500},
	{"forest", "山林", 1, 1, 30, 1400, 700, 120, 40},
	{"other_farm", "堰塘", 1, 1, 1, 14, 0, 600, 600},
	{"homestead", "院子", 1, 0, 6, 60, 0, 0, 0},
	{"unused", "荒坡", 0, 1, 2, 80, 0, 0, 0},
}

var villageLand = []tract{
	{"arable", "机动地", 0, 2, 4, 90, 0, 650, 450},
	{"garden", "果园", 0, 2, 10, 260, 0, 700, 550},
	{"forest", "林场", 0, 2, 60, 2400, 0, 250, 40},
	{"grass", "草坡", 0, 1, 10, 300, 0, 200, 30},
	{"other_farm", "水库", 0, 2, 3, 60, 0, 700, 500},
	{"public", "公共服务用地", 1, 1, 1, 12, 0, 0, 0},
	{"transport_water", "道路用地", 1, 1, 2, 40, 0, 0, 0},
	{"industrial", "场地", 0, 1, 1, 18, 0, 600, 2600},
	{"commercial", "市场用地", 0, 1, 1, 6, 0, 700, 5200},
	{"other_construction", "建设用地", 0, 1, 1, 20, 0, 300, 900},
	{"unused", "河滩", 0, 1, 3, 120, 0, 0, 0},
}

var townshipLand = []tract{
	{"forest", "林场", 1, 2, 200, 6000, 0, 200, 40},
	{"commercial", "市场用地", 0, 2, 2, 15, 0, 700, 6000},
	{"industrial", "老厂地块", 0, 2, 2, 30, 0, 600, 3000},
}

// land makes up all land of an owner.
func (h *holding) land(tracts []tract) {
	for _, t := range tracts {
		for range t.least + h.draw.Below(t.more+1) {
			h.cards = append(h.cards, h.tract(t))
		}
	}
}

func (h *holding) tract(t tract) assets.Asset {
	d := h.draw
	a := h.card("resource", h.names.Next(t.ending))
	a.Category, a.Kind, a.Class, a.Unit = "land", t.class, assets.Resource, "亩"
	a.Area = h.mu(t.low, t.high)
	a.Quantity = a.Area.HundredthsOfMu()
	a.Parcel = fmt.Sprintf("%s%05d", h.issuer(), h.counts["resource"])
	a.Boundary = "东至" + h.names.Next("") + "，南至水沟，西至机耕道，北至" + h.names.Next("")
	a.LandUse = "retained"
	switch {
	case d.PerMille(t.household):
		a.UseState, a.LandUse = "contracted", "contracted"
		a.Certificate = fmt.Sprintf("渝（%d）%s农地承包权第%s号", 2009+d.Below(9), h.County, a.Parcel)
		a.Contract = h.issuer() + "J"                     // family contracts
		a.TermFrom, a.TermTo = "1998-07-01", "2028-06-30" // their second round
	case d.PerMille(t.let):
		state := "contracted"
		if d.PerMille(550) {
			state = "leased"
		}
		h.let(&a, state, money.Fen(a.Quantity*t.fee*d.Between(60, 140)/100))
	case t.class == "unused" || d.PerMille(90):
		a.UseState = "idle"
	}
	if d.PerMille(9) { // 待界定
		a.Title, a.LandUse, a.UseState, a.Certificate = assets.Unsettled, "disputed", "occupied", ""
		a.User, a.Contract, a.TermFrom, a.TermTo, a.AnnualFee, a.Arrears = "", "", "", "", 0, 0
	}
	return a
}

// issuer is the code under which parcels are numbered: fourteen digits, a village's own end in 00
// (GB/T 35958-2018).
func (h *holding) issuer() string {
	const digits = 14
	code := h.Code
	for len(code) < digits {
		code += "0"
	}
	return code[:digits]
}
