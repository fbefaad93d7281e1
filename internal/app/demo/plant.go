package demo

import (
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Answer is a planted fault. Its texts are demo.fault.RULE (what is wrong), demo.fault.RULE.rule (by
// which rule) and demo.fault.RULE.found (where it is found).
type Answer struct {
	Rule         string
	Place        int64
	Organisation registry.Ref
	Name         string // of the organisation
	Page         string // address of what is wrong
	Facts        []any  // arguments of the first text
}

// planted is a fault on its way into the database. What it is about is known by number once entered.
type planted struct {
	rule  string
	at    *pending
	card  int // of at; −1: the organisation itself
	facts []any
}

// spoiling is a way to spoil collectives of a county. It returns false if they do not lend themselves to it.
type spoiling struct {
	rule  string
	every int // county: each such-and-such one has it
	spoil func(s *spoiler) (planted, bool)
}

// spoilings are all faults in books that are planted. Those of checks are planted by the checks.
var spoilings = []spoiling{
	{"twin_parcel", 5, (*spoiler).twinParcel},
	{"twin_certificate", 6, (*spoiler).twinCertificate},
	{"same_place", 7, (*spoiler).samePlace},
	{"survey_exceeded", 4, (*spoiler).surveyExceeded},
	{"contract_over", 3, (*spoiler).contractOver},
	{"lease_too_long", 5, (*spoiler).leaseTooLong},
	{"no_contract", 4, (*spoiler).noContract},
	{"free_of_charge", 6, (*spoiler).freeOfCharge},
	{"arrears", 3, (*spoiler).arrears},
	{"few_representatives", 9, (*spoiler).fewRepresentatives},
}

// spoiler walks the collectives of a county: each is spoilt once at most.
type spoiler struct {
	list []*pending
	next int
}

// plant spoils some collectives of a county. number is the county's among all.
func (c *City) plant(number int, list []*pending) []planted {
	s := &spoiler{list: list}
	var all []planted
	for i, one := range spoilings {
		if (number+i)%one.every != 0 {
			continue
		}
		if p, ok := one.spoil(s); ok {
			p.rule = one.rule
			all = append(all, p)
		}
	}
	return all
}

// find goes on to the next collective of a level that has a card of its own that fits.
func (s *spoiler) find(level division.Level, fits func(*assets.Asset) bool) (*pending, int, bool) {
	for s.next < len(s.list) {
		p := s.list[s.next]
		s.next++
		if p.Level != level || p.Acting {
			continue
		}
		for i := range p.cards {
			if p.cards[i].Title == assets.Clear && fits(&p.cards[i]) {
				return p, i, true
			}
		}
	}
	return nil, 0, false
}

func household(a *assets.Asset) bool { return a.Kind == "arable" && a.LandUse == "contracted" }

func certified(a *assets.Asset) bool { return a.Form == "fixed" && a.Certificate != "" }

func let(a *assets.Asset) bool { return a.UseState == "leased" && a.AnnualFee > 0 && a.Arrears == 0 }

// twin finds two collectives with cards that fit.
func (s *spoiler) twin(level division.Level, fits func(*assets.Asset) bool) (one, other planted, ok bool) {
	if one.at, one.card, ok = s.find(level, fits); !ok {
		return
	}
	other.at, other.card, ok = s.find(level, fits)
	return
}

func (p planted) asset() *assets.Asset { return &p.at.cards[p.card] }

func (s *spoiler) twinParcel() (planted, bool) {
	one, other, ok := s.twin(division.Group, household)
	if ok {
		other.asset().Parcel = one.asset().Parcel
		other.facts = []any{one.asset().Parcel, one.at.Name}
	}
	return other, ok
}

func (s *spoiler) twinCertificate() (planted, bool) {
	one, other, ok := s.twin(division.Village, certified)
	if ok {
		other.asset().Certificate = one.asset().Certificate
		other.facts = []any{one.asset().Certificate, one.at.Name}
	}
	return other, ok
}

func (s *spoiler) samePlace() (planted, bool) {
	one, other, ok := s.twin(division.Village, func(a *assets.Asset) bool { return a.Kind == "house" })
	if ok {
		a, b := one.asset(), other.asset()
		b.Name, b.Latitude, b.Longitude = a.Name, a.Latitude, a.Longitude
		other.facts = []any{a.Name, one.at.Name}
	}
	return other, ok
}

// surveyExceeded lets the cards show an eighth more arable land than the contract survey.
func (s *spoiler) surveyExceeded() (planted, bool) {
	p, _, ok := s.find(division.Group, household)
	if !ok {
		return planted{}, false
	}
	var arable area.Area
	for _, a := range p.cards {
		if a.Kind == "arable" && a.Title == assets.Clear {
			arable += a.Area
		}
	}
	p.SurveyArea = arable * 8 / 9
	return planted{at: p, card: -1, facts: []any{arable.Mu(), p.SurveyArea.Mu()}}, true
}

// change spoils one let card of a village.
func (s *spoiler) change(fits func(*assets.Asset) bool, spoil func(*assets.Asset)) (planted, bool) {
	p, i, ok := s.find(division.Village, fits)
	if !ok {
		return planted{}, false
	}
	spoil(&p.cards[i])
	return planted{at: p, card: i, facts: []any{p.cards[i].Name}}, true
}

func (s *spoiler) contractOver() (planted, bool) {
	return s.change(let, func(a *assets.Asset) { a.TermFrom, a.TermTo = "2016-03-01", "2022-02-28" })
}

func (s *spoiler) leaseTooLong() (planted, bool) {
	built := func(a *assets.Asset) bool { return let(a) && a.Kind == "house" }
	return s.change(built, func(a *assets.Asset) { a.TermTo = a.TermFrom.AddMonths(12 * 30) })
}

func (s *spoiler) noContract() (planted, bool) {
	return s.change(let, func(a *assets.Asset) { a.Contract, a.TermFrom, a.TermTo = "", "", "" })
}

func (s *spoiler) freeOfCharge() (planted, bool) {
	return s.change(let, func(a *assets.Asset) { a.AnnualFee = 0 })
}

func (s *spoiler) arrears() (planted, bool) {
	var owed money.Fen
	p, ok := s.change(let, func(a *assets.Asset) {
		a.TermFrom, a.TermTo = "2019-01-01", "2029-12-31"
		a.Arrears = 3 * a.AnnualFee
		owed = a.Arrears
	})
	p.facts = append(p.facts, owed.String())
	return p, ok
}

func (s *spoiler) fewRepresentatives() (planted, bool) {
	p, _, ok := s.find(division.Village, func(*assets.Asset) bool { return true })
	if !ok {
		return planted{}, false
	}
	p.Representatives = 15
	return planted{at: p, card: -1, facts: []any{p.Representatives}}, true
}

// answer notes where what was planted now stands.
func (c *City) answer(all []planted) {
	for _, p := range all {
		a := Answer{Rule: p.rule, Place: p.at.Place, Organisation: p.at.Ref(), Name: p.at.Name,
			Page: "/organisations/" + p.at.Ref().String(), Facts: p.facts}
		if p.card >= 0 {
			a.Page = "/assets/" + registry.Ref{Home: p.at.Home, ID: p.asset().ID}.String()
		}
		c.Answers = append(c.Answers, a)
	}
}
