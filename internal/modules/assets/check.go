package assets

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Limits of a card.
const (
	costMax     money.Fen = 1e14 // fen: a million million yuan
	areaMax     area.Area = 1e12 // 0.01 m²: ten thousand square kilometres
	quantityMax           = 1e13 // hundredths of the unit
	NameMax               = 100  // characters
	TextMax               = 200
	noteMax               = 1000
)

// FormResource is the form of land; FormFixed that of fixed assets. Both have kinds of their own.
const (
	FormFixed    = "fixed"
	FormResource = "resource"
)

// categoryLand is land and natural resources of Art. 36.
const categoryLand = "land"

// Bounds of a position in micro-degrees: the country's.
const (
	southMost, northMost = 3_000_000, 54_000_000
	westMost, eastMost   = 73_000_000, 136_000_000
)

// checker gathers what is wrong with a card. The columns are the fields of the form assets.card.
type checker struct {
	*Asset
	findings []fault.Finding
}

func (c *checker) wrong(field string, f fault.Finding) {
	c.findings = append(c.findings, f.At("", 0, field))
}

// Check normalises a card and finds everything wrong with it that can be seen on the card alone.
func (s *Assets) Check(a *Asset) []fault.Finding {
	c := &checker{Asset: a}
	a.trim()
	c.lengths()
	c.coded(s.codes.Load())
	c.amounts()
	c.days(s)
	c.position()
	if f, wrong := planFinding(a); wrong {
		c.wrong(f.Column, f)
	}
	return c.findings
}

func (a *Asset) trim() {
	for _, text := range []*string{&a.Number, &a.Name, &a.Certificate, &a.Parcel, &a.Custodian, &a.Location,
		&a.Unit, &a.Boundary, &a.User, &a.Contract, &a.Note} {
		*text = strings.TrimSpace(*text)
	}
}

func (c *checker) lengths() {
	if c.Name == "" {
		c.wrong("name", fault.Wrong("assets.name_missing"))
	}
	for _, t := range []struct {
		field, text string
		most        int
	}{{"number", c.Number, 64}, {"name", c.Name, NameMax}, {"certificate", c.Certificate, 64},
		{"parcel", c.Parcel, 64}, {"custodian", c.Custodian, 50}, {"location", c.Location, TextMax},
		{"unit", c.Unit, 20}, {"boundary", c.Boundary, TextMax}, {"user", c.User, NameMax},
		{"contract", c.Contract, 64}, {"note", c.Note, noteMax}} {
		if utf8.RuneCountInString(t.text) > t.most {
			c.wrong(t.field, fault.Wrong("assets.too_long", t.most))
		}
	}
}

// coded holds the codes against the lists of the pack, and against one another (invariant 2).
func (c *checker) coded(known *Codes) {
	for _, t := range []struct{ field, list, code string }{{"form", "card_form", c.Form},
		{"class", "asset_class", string(c.Class)}, {"category", "asset_category", c.Category},
		{"origin", "asset_origin", c.Origin}, {"title", "title_state", string(c.Title)},
		{"use_state", "use_state", c.UseState}} {
		if !known.Has(t.list, t.code) {
			c.wrong(t.field, fault.Wrong("assets.code").Saw(t.code))
		}
	}
	land := c.Form == FormResource
	switch {
	case land != (c.Class == Resource):
		c.wrong("class", fault.Wrong("assets.class_form"))
	case land != (c.Category == categoryLand):
		c.wrong("category", fault.Wrong("assets.category_form"))
	}
	switch {
	case land && !known.Has("land_class", c.Kind):
		c.wrong("land_class", fault.Wrong("assets.land_class"))
	case c.Form == FormFixed && !known.Has("fixed_kind", c.Kind):
		c.wrong("fixed_kind", fault.Wrong("assets.fixed_kind"))
	case !land && c.Form != FormFixed && c.Kind != "":
		c.wrong("fixed_kind", fault.Wrong("assets.no_kind"))
	}
	if c.LandUse != "" && (!land || !known.Has("land_use", c.LandUse)) {
		c.wrong("land_use", fault.Wrong("assets.land_use"))
	}
}

func (c *checker) amounts() {
	for _, m := range []struct {
		field  string
		amount money.Fen
	}{{"cost", c.Cost}, {"annual_fee", c.AnnualFee}, {"arrears", c.Arrears}} {
		if m.amount < 0 || m.amount > costMax {
			c.wrong(m.field, fault.Wrong("assets.amount"))
		}
	}
	if c.Area < 0 || c.Area > areaMax || c.Form == FormResource && c.Area == 0 {
		c.wrong("area", fault.Wrong("assets.area_wrong"))
	}
	if c.FloorArea < 0 || c.FloorArea > areaMax {
		c.wrong("floor_area", fault.Wrong("assets.area_wrong"))
	}
	if c.Quantity < 0 || c.Quantity > quantityMax {
		c.wrong("quantity", fault.Wrong("assets.quantity_wrong"))
	}
}

// rented are the states of use in which somebody else uses the asset under a contract.
var rented = []string{"contracted", "leased", "lent"}

func (c *checker) days(s *Assets) {
	today := s.host.Today()
	if c.Acquired != "" && (!c.Acquired.Valid() || c.Acquired > today) {
		c.wrong("acquired", fault.Wrong("assets.acquired_day"))
	}
	if c.InUse != "" && !c.InUse.Valid() {
		c.wrong("in_use", fault.Wrong("assets.plan.since"))
	}
	if c.TermFrom != "" && !c.TermFrom.Valid() || c.TermTo != "" && !c.TermTo.Valid() ||
		c.TermTo != "" && c.TermTo < c.TermFrom {
		c.wrong("term_to", fault.Wrong("assets.term"))
	}
	if !slices.Contains(rented, c.UseState) {
		return
	}
	switch {
	case c.Contract == "":
		c.wrong("contract", fault.Doubt("assets.no_contract"))
	case c.TermTo != "" && c.TermTo < today:
		c.wrong("term_to", fault.Doubt("assets.term_over"))
	}
}

func (c *checker) position() {
	if c.Latitude == 0 && c.Longitude == 0 {
		return
	}
	if c.Latitude < southMost || c.Latitude > northMost || c.Longitude < westMost ||
		c.Longitude > eastMost {
		c.wrong("latitude", fault.Wrong("assets.position"))
	}
}

// planFinding says what is wrong with the depreciation of a card (invariant 3).
func planFinding(a *Asset) (fault.Finding, bool) {
	if a.Method == "" {
		a.Method = depreciation.None
	}
	if a.Form == FormResource && a.Method != depreciation.None {
		return fault.Wrong("assets.land_wears").At("", 0, "method"), true
	}
	if a.Method != depreciation.None && a.Method != depreciation.StraightLine &&
		a.Method != depreciation.Units {
		return fault.Wrong("assets.code").At("", 0, "method"), true
	}
	plan := a.Plan()
	switch plan.Check() {
	case nil:
		return fault.Finding{}, false
	case depreciation.ErrCost:
		return fault.Wrong("assets.plan.cost").At("", 0, "salvage"), true
	case depreciation.ErrBase:
		return fault.Wrong("assets.plan.base").At("", 0, "written_off"), true
	case depreciation.ErrSince:
		return fault.Wrong("assets.plan.since").At("", 0, "in_use"), true
	}
	return fault.Wrong("assets.plan.life", depreciation.MonthsMax).At("", 0, "life_months"), true
}
