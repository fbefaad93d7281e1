package demo

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Amounts of what is planted in books.
const (
	cashPaid    money.Fen = 240_000   // 2,400 yuan at once in cash
	splitPaid   money.Fen = 6_600_000 // 66,000 yuan in three parts
	creditPaid  money.Fen = 3_000_000 // 30,000 yuan of earmarked money to members
	feastsPaid  money.Fen = 1_560_000 // 15,600 yuan of entertainment
	thingBought money.Fen = 4_800_000 // 48,000 yuan for a thing without a card
)

// offence is something that the rules should find in books: one of them in each county.
type offence struct {
	rule  string
	plant func(c *City, r store.Reader, one Collective, m *invent.Means) error
}

// does makes an offence that needs nothing of the collective.
func does(set func(*invent.Means)) func(*City, store.Reader, Collective, *invent.Means) error {
	return func(_ *City, _ store.Reader, _ Collective, m *invent.Means) error {
		set(m)
		return nil
	}
}

var offences = []offence{
	{"debt_ratio", does(func(m *invent.Means) { m.Borrowed = true })},
	{"earmarked_distributed", does(func(m *invent.Means) { m.Earmarked = creditPaid })},
	{"entertainment", does(func(m *invent.Means) { m.Feasts = feastsPaid })},
	{"no_card", does(func(m *invent.Means) { m.Uncarded = thingBought })},
	{"over_worn", does(func(m *invent.Means) { m.OverWorn = true })},
	{"no_depreciation", does(func(m *invent.Means) { m.Wear = nil })},
	{"paid_insider", func(c *City, r store.Reader, one Collective, m *invent.Means) (err error) {
		m.Insider, err = c.inOffice(r, one.Ref)
		return err
	}},
}

// inOffice is the name of somebody in office in a collective.
func (c *City) inOffice(r store.Reader, ref registry.Ref) (string, error) {
	people, err := c.Modules.Registry.Officers(r, ref)
	if err != nil || len(people) == 0 {
		return "", err
	}
	return people[0].ClearName, nil
}

// insiders are the names of those in office who rent something under a name of their own.
func (c *City) insiders(ctx context.Context, lettings []letting) (map[registry.Ref]string, error) {
	names := map[registry.Ref]string{}
	return names, c.Host.Store.View(ctx, func(v *store.View) (err error) {
		for _, l := range lettings {
			if l.fault == "contract_insider" && err == nil {
				names[l.owner.Ref], err = c.inOffice(v, l.owner.Ref)
			}
		}
		return err
	})
}

// offences plants what the rules should find in books: in a few collectives of a county, one of the offences
// in its first group. number is the collective's within the county, county that of the county.
func (c *City) offences(r store.Reader, list []Collective, number, county int, m *invent.Means) error {
	rule, one := "", list[number]
	first := slices.IndexFunc(list, func(o Collective) bool { return o.Level == division.Group })
	switch {
	case number == first:
		planted := offences[county%len(offences)]
		if err := planted.plant(c, r, one, m); err != nil {
			return err
		}
		rule = planted.rule
	case number%97 == 5:
		m.Cash, rule = cashPaid, "cash_payment"
	case number%89 == 11:
		m.Split, rule = splitPaid, "split_purchase"
	default:
		return nil
	}
	return c.answerOf(r, rule, one, "/organisations/"+one.String(), string(bookedOn))
}

// bookedOn is about when they happened.
const bookedOn period.Date = "2025-12-10"
