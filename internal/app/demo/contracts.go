package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/contracts"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// letting is a card that another uses, on its way to a contract.
type letting struct {
	card  assets.Asset
	owner Collective
	draw  *invent.Draw
	fault string // what is planted; "" nothing
	again bool   // a second contract on the same thing
}

// breach is a way in which a contract breaks a rule of supervision.
type breach struct {
	key   string
	every int // contract of a county: each such-and-such one, so that even small counties have some
	fits  func(*letting) bool
	spoil func(*contracts.Loaded)
}

func anything(*letting) bool { return true }
func ofLand(l *letting) bool { return l.card.Form == assets.FormResource }
func longOwed(l *letting) bool {
	return l.card.TermFrom < "2025-11-20" && l.card.TermFrom[5:] < "11-20"
}
func isLarge(l *letting) bool      { return 5*l.card.AnnualFee > 15_000_000 }
func signedOrally(l *letting) bool { return !isLarge(l) }

// breaches are all that are planted in contracts.
var breaches = []breach{
	{"contract_free", 41, ofLand, nil},
	{"contract_prepaid", 43, anything, func(e *contracts.Loaded) { e.Schedule[0].Fee.Prepaid = 5 }},
	{"contract_undecided", 47, isLarge, func(e *contracts.Loaded) {
		e.Decision, e.Decided, e.DecisionValid, e.DecisionShare = "", "", false, 0
		e.PartyKind = "member"
	}},
	{"contract_off_market", 53, isLarge, func(e *contracts.Loaded) {
		e.Manner, e.Project = "negotiation",
			""
	}},
	{"contract_unapproved", 37, ofLand, func(e *contracts.Loaded) { e.Approval, e.Approved = "", "" }},
	{"contract_related", 59, anything, func(e *contracts.Loaded) { e.Related = true }},
	{"contract_buy_back", 61, anything, func(e *contracts.Loaded) { e.BuyBack = true }},
	{"contract_oral", 67, signedOrally, func(e *contracts.Loaded) { e.Paper, e.Attachments = false, 0 }},
	{"contract_overdue", 31, longOwed, func(e *contracts.Loaded) { e.Payments = nil }},
	{"contract_twice", 71, anything, nil},
	{"contract_insider", 29, anything, nil},
}

// signContracts gives everything that is let a contract of its own, and plants what rules should find.
// What is let without one, or for nothing, was planted on the card.
func (c *City) signContracts(ctx context.Context, lettings []letting) error {
	all := make([]contracts.Loaded, 0, len(lettings))
	type numbered struct {
		registry.Ref
		number string
	}
	taken := map[numbered]bool{}
	insiders, err := c.insiders(ctx, lettings)
	if err != nil {
		return err
	}
	for i := range lettings {
		l := &lettings[i]
		one := l.contract()
		if l.fault == "contract_insider" {
			one.Party, one.PartyKind, one.Related = insiders[l.owner.Ref], "outsider", false
		}
		for _, b := range breaches {
			if l.fault == b.key && b.spoil != nil {
				b.spoil(&one)
			}
		}
		if number := (numbered{l.owner.Ref, one.Number}); taken[number] {
			one.Number = "" // two cards under one number: this contract gets one of its own
		} else {
			taken[number] = true
		}
		all = append(all, one)
	}
	ids, err := c.Modules.Contracts.Load(ctx, all, nil)
	if err != nil {
		return err
	}
	return c.Host.Store.View(ctx, func(v *store.View) error {
		for i, l := range lettings {
			if l.fault == "" || l.again {
				continue
			}
			err := c.answerOf(v, l.fault, l.owner, fmt.Sprintf("/contracts/%d/%d", l.owner.Home, ids[i]),
				l.card.Name)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// answerOf adds what was planted in the affairs of a collective to the answer key.
func (c *City) answerOf(r store.Reader, rule string, one Collective, page string, facts ...any) error {
	o, err := registry.Get(r, one.Ref)
	c.Answers = append(c.Answers, Answer{Rule: rule, Place: one.Place, Organisation: one.Ref, Name: o.Name,
		Page: page, Facts: facts})
	return err
}

// signable tells a card that another uses for a fee under a contract.
func signable(a assets.Asset) bool {
	return a.AnnualFee > 0 && a.User != "" && a.Contract != "" && a.TermFrom.Valid() &&
		a.TermTo > a.TermFrom && a.Title == assets.Clear
}

// plantBreaches spreads the breaches over contracts: every so-and-so many that lend themselves, the
// first of them included.
func plantBreaches(all []letting) []letting {
	for _, b := range breaches {
		seen := 0
		for i := range all {
			l := &all[i]
			if l.fault != "" || l.card.TermTo < booksOn || !b.fits(l) {
				continue
			}
			if seen++; seen%b.every == 1 {
				l.fault = b.key
			}
		}
	}
	for _, l := range all {
		if l.fault == "contract_twice" {
			l.again = true
			all = append(all, l)
		}
	}
	return all
}

// contract is the contract as it should be: decided, on the market, approved, signed and paid.
func (l *letting) contract() contracts.Loaded {
	a := l.card
	signed := a.TermFrom.AddDays(-int(l.draw.Between(3, 20)))
	fee := schedule.Fee{Amount: a.AnnualFee, Every: schedule.Year}
	if l.fault == "contract_free" {
		fee.Amount = 0
	}
	e := contracts.Loaded{Entry: contracts.Entry{Contract: contracts.Contract{Home: l.owner.Home,
		Organisation: l.owner.ID, Place: l.owner.Place, Number: a.Contract, Name: a.Name, Kind: kindOf(a),
		Party: a.User, PartyKind: partyOf(a.User), Begins: a.TermFrom, Ends: a.TermTo, Signed: signed,
		Area: a.Area, PriceClass: priceClass(a), Manner: "market",
		Project:      fmt.Sprintf("CQ-%d-%04d", signed.Year(), l.draw.Below(10_000)),
		Decision:     fmt.Sprintf("成员代表大会决议〔%d〕%d号", signed.Year(), l.draw.Between(1, 30)),
		DecisionBody: "representatives",
		Decided:      signed.AddDays(-20), DecisionValid: true, DecisionShare: l.draw.Between(7_000, 9_900),
		Approval: fmt.Sprintf("镇批〔%d〕%d号", signed.Year(), l.draw.Between(1, 200)),
		Approved: signed.AddDays(-8),
		Paper:    true, Attachments: 1, ClaimsFrom: yearBegan},
		Schedule: []schedule.Phase{{From: a.TermFrom, To: a.TermTo, Fee: fee}},
		Objects:  []contracts.Object{{Object: registry.Ref(a.Ref()).String()}}}}
	if l.again {
		e.Number, e.Party = e.Number+"-2", "某养殖户"
	}
	e.Payments = l.paid(e.Schedule)
	return e
}

// paid is what was paid: everything due, less what the card has as arrears.
func (l *letting) paid(phases []schedule.Phase) []contracts.LoadedPayment {
	plan, err := schedule.Plan(phases)
	if err != nil {
		return nil
	}
	var all []contracts.LoadedPayment
	owed := l.card.Arrears
	for i := len(plan) - 1; i >= 0; i-- {
		d := plan[i]
		day := d.Day.AddDays(int(l.draw.Between(0, 25)))
		if d.Day < yearBegan || day > booksOn {
			continue
		}
		kept := min(owed, d.Amount)
		owed -= kept
		if d.Amount > kept {
			all = append(all, contracts.LoadedPayment{Day: day, Amount: d.Amount - kept})
		}
	}
	return all
}

// kindOf is the kind of contract that a card is let by.
func kindOf(a assets.Asset) string {
	switch {
	case a.Form == assets.FormResource && a.Kind == "forest":
		return "forest"
	case a.Form == assets.FormResource && strings.Contains(a.Name, "水库"):
		return "water"
	case a.Form == assets.FormResource:
		return "other_form"
	case a.Kind == "house" || a.Kind == "building":
		return "building_lease"
	}
	return "equipment_lease"
}

// priceClass is the class of things whose rents are compared.
func priceClass(a assets.Asset) string {
	if a.Form != assets.FormResource {
		return map[bool]string{true: "warehouse", false: "equipment"}[a.Kind == "house" ||
			a.Kind == "building"]
	}
	classes := map[string]string{"arable": "arable", "garden": "garden", "forest": "forest",
		"grass":      "grass",
		"commercial": "shop", "industrial": "warehouse", "other_farm": "water"}
	if class, known := classes[a.Kind]; known {
		return class
	}
	return "other"
}

// partyOf is what kind of party a tenant is, by its name.
func partyOf(name string) string {
	switch {
	case strings.HasSuffix(name, "公司") || strings.HasSuffix(name, "厂"):
		return "enterprise"
	case strings.HasSuffix(name, "合作社"):
		return "cooperative"
	}
	return "outsider"
}
