package invent

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// thing is a sort of asset that collectives of a level have.
type thing struct {
	form, kind string // forms.yaml, codes/fixed_kind.yaml
	name, unit string
	earns      bool  // operating
	chance     int   // of a thousand collectives
	more       int   // those that have it may have so many more
	low, high  int64 // yuan
	years      int   // of depreciation; 0: none
	floor      int64 // m² of floor, about; 0: it has none
	let        int   // of a thousand: let to a business
}

var groupThings = []thing{
	{"fixed", "house", "组集体仓库", "栋", true, 380, 0, 12_000, 190_000, 20, 120, 330},
	{"fixed", "building", "晒坝", "处", true, 640, 1, 3_000, 60_000, 20, 0, 0},
	{"fixed", "machine", "微耕机", "台", true, 430, 1, 2_600, 8_800, 10, 0, 0},
	{"fixed", "machine", "抽水机", "台", true, 420, 1, 900, 9_000, 10, 0, 0},
	{"fixed", "tool", "喷雾器具", "套", true, 260, 0, 300, 3_000, 5, 0, 0},
	{"fixed", "road", "机耕道", "条", false, 820, 2, 20_000, 480_000, 20, 0, 0},
	{"fixed", "road", "便民桥", "座", false, 210, 0, 30_000, 380_000, 20, 0, 0},
	{"fixed", "water", "山坪塘", "口", true, 690, 1, 9_000, 180_000, 20, 0, 150},
	{"fixed", "water", "蓄水池", "口", false, 600, 1, 4_000, 70_000, 20, 0, 0},
	{"fixed", "water", "灌溉渠", "条", false, 400, 1, 8_000, 150_000, 20, 0, 0},
	{"fixed", "other", "太阳能路灯", "批", false, 330, 0, 4_000, 48_000, 10, 0, 0},
	{"livestock", "", "黄牛", "头", true, 70, 0, 6_000, 90_000, 0, 0, 0},
	{"livestock", "", "山羊", "只", true, 80, 0, 2_000, 40_000, 0, 0, 0},
	{"productive", "", "脆李林", "株", true, 120, 0, 8_000, 120_000, 10, 0, 500},
}

var villageThings = []thing{
	{"fixed", "house", "村便民服务中心", "栋", false, 970, 0, 180_000, 1_900_000, 20, 480, 0},
	{"fixed", "house", "冷藏保鲜库", "座", true, 330, 1, 120_000, 1_600_000, 20, 300, 640},
	{"fixed", "house", "标准厂房", "栋", true, 190, 1, 260_000, 3_800_000, 20, 900, 820},
	{"fixed", "house", "原村小学校舍", "栋", true, 410, 0, 40_000, 460_000, 20, 420, 480},
	{"fixed", "building", "烘干房", "座", true, 380, 1, 36_000, 320_000, 20, 160, 240},
	{"fixed", "building", "垃圾收集点", "处", false, 700, 3, 2_000, 26_000, 20, 0, 0},
	{"fixed", "machine", "谷物烘干机", "台", true, 420, 2, 28_000, 190_000, 10, 0, 120},
	{"fixed", "machine", "榨油机组", "套", true, 260, 0, 18_000, 120_000, 10, 0, 300},
	{"fixed", "machine", "旋耕机", "台", true, 610, 2, 6_000, 68_000, 10, 0, 0},
	{"fixed", "machine", "光伏电站", "座", true, 300, 0, 140_000, 1_200_000, 10, 0, 0},
	{"fixed", "vehicle", "垃圾清运三轮车", "辆", false, 720, 1, 9_000, 36_000, 4, 0, 0},
	{"fixed", "tool", "会议桌椅", "套", false, 880, 1, 2_000, 32_000, 5, 0, 0},
	{"fixed", "electronic", "台式计算机", "台", false, 960, 4, 3_200, 5_900, 3, 0, 0},
	{"fixed", "electronic", "打印复印一体机", "台", false, 860, 1, 1_600, 9_800, 3, 0, 0},
	{"fixed", "electronic", "公共区域监控系统", "套", false, 520, 0, 12_000, 120_000, 3, 0, 0},
	{"fixed", "road", "村道硬化路", "条", false, 960, 2, 220_000, 4_600_000, 20, 0, 0},
	{"fixed", "road", "产业路", "条", false, 780, 2, 90_000, 1_400_000, 20, 0, 0},
	{"fixed", "water", "提灌站", "座", false, 560, 1, 40_000, 420_000, 20, 0, 0},
	{"fixed", "water", "人畜饮水工程", "处", false, 820, 1, 60_000, 980_000, 20, 0, 0},
	{"fixed", "culture", "文化广场", "处", false, 830, 0, 40_000, 620_000, 20, 0, 0},
	{"fixed", "culture", "健身器材", "批", false, 810, 1, 8_000, 60_000, 5, 0, 0},
	{"fixed", "education_health", "村卫生室", "栋", false, 760, 0, 60_000, 380_000, 20, 110, 0},
	{"livestock", "", "能繁母牛", "头", true, 90, 0, 12_000, 260_000, 0, 0, 300},
	{"productive", "", "柑橘园", "株", true, 420, 1, 40_000, 680_000, 10, 0, 560},
	{"productive", "", "花椒林", "株", true, 230, 0, 20_000, 360_000, 10, 0, 500},
	{"long_investment", "", "农民专业合作社出资", "项", true, 310, 1, 50_000, 900_000, 0, 0, 0},
	{"intangible", "", "农产品注册商标", "件", true, 90, 0, 2_000, 30_000, 10, 0, 0},
	{"construction", "", "在建产业配套设施", "项", true, 60, 0, 80_000, 1_200_000, 0, 0, 0},
}

var townshipThings = []thing{
	{"fixed", "house", "农贸市场", "栋", true, 800, 0, 900_000, 8_000_000, 20, 2600, 850},
	{"fixed", "house", "老供销门市", "栋", true, 700, 3, 90_000, 900_000, 20, 180, 800},
	{"fixed", "water", "场镇供水站", "座", true, 500, 0, 400_000, 5_000_000, 20, 0, 0},
	{"long_investment", "", "联合公司出资", "项", true, 900, 1, 200_000, 6_000_000, 0, 0, 0},
}

// things makes up everything else an owner has.
func (h *holding) things(all []thing) {
	for _, t := range all {
		if !h.draw.PerMille(t.chance) {
			continue
		}
		for range 1 + h.draw.Below(t.more+1) {
			h.cards = append(h.cards, h.thing(t))
		}
	}
}

var origins = []string{"own", "fiscal_subsidy", "donation", "poverty_alleviation_project",
	"requisition_compensation", "demolition_replacement"}

func (h *holding) thing(t thing) assets.Asset {
	d := h.draw
	a := h.card(t.form, h.called(t))
	a.Kind, a.Unit, a.Class, a.Category = t.kind, t.unit, assets.NonOperating, category(t)
	if t.earns {
		a.Class = assets.Operating
	}
	a.Origin = origins[d.Weighted(420, 330, 40, 150, 40, 20)]
	a.Acquired = h.day(16)
	a.Cost = h.yuan(t.low, t.high)
	if t.unit == "头" || t.unit == "只" || t.unit == "株" {
		a.Quantity = 100 * max(1, int64(a.Cost)/100/map[string]int64{"头": 9_000, "只": 900, "株": 60}[t.unit])
	}
	h.writeOff(&a, t)
	if t.floor > 0 {
		a.FloorArea = area.Area(d.Skewed(t.floor*40, t.floor*180)) // 40 to 180 % of it, in 0.01 m²
		if d.PerMille(450) {
			a.Certificate = fmt.Sprintf("渝（%d）%s不动产权第%s%03d号", a.Acquired.Year(), h.County, h.Code,
				len(h.cards)+1)
		}
	}
	switch {
	case d.PerMille(t.let):
		h.let(&a, "leased", money.Fen(int64(a.Cost)*d.Between(30, 90)/1000))
	case t.form == "fixed" && d.PerMille(45):
		a.UseState = "idle"
	case t.form == "fixed" && d.PerMille(8):
		a.UseState = "occupied"
	}
	if t.form == "fixed" && d.PerMille(5) {
		a.Title = assets.Unsettled
	}
	return a
}

// called names a thing: what stands somewhere after its place, what can be carried by a number.
func (h *holding) called(t thing) string {
	switch t.kind {
	case "road", "water", "building":
		return h.names.Next("") + t.name
	case "":
		if t.unit == "株" || t.form == "intangible" || t.form == "long_investment" {
			return h.names.Next("") + t.name
		}
	}
	h.counts[t.name]++
	if n := h.counts[t.name]; n > 1 {
		return fmt.Sprintf("%s（%d号）", t.name, n)
	}
	return t.name
}

// category is the kind of property in the sense of Art. 36.
func category(t thing) string {
	switch {
	case t.form == "long_investment":
		return "equity"
	case t.form == "intangible":
		return "intangible"
	case t.earns || t.kind == "water":
		return "production"
	}
	return "public_service"
}

// writeOff gives a card its plan of depreciation: straight line to five hundredths.
func (h *holding) writeOff(a *assets.Asset, t thing) {
	if t.years == 0 {
		return
	}
	a.Method, a.Months, a.InUse = depreciation.StraightLine, 12*t.years, a.Acquired
	if t.form != "intangible" {
		a.Salvage = a.Cost / 20
	}
}
