package policy

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// cardView is what the home page and the page of a place say of targets.
type cardView struct{ Targets []cardLine }

type cardLine struct{ Title, Href, Light, Tone, Text string }

// cards are contributed to the home page and to the page of a place.
func (p *Policy) cards() []web.Card {
	var all []web.Card
	for _, on := range []string{"pulse", "place"} {
		all = append(all, web.Card{On: on, Order: 5, Permit: MayRead, View: "policy/card", Render: p.card})
	}
	return all
}

// card shows a place its own targets, and a county what it does to the city's.
func (p *Policy) card(r *web.Request, on web.CardSubject) (any, error) {
	if len(*p.targets.Load()) == 0 || p.figures.City() == 0 {
		return nil, nil
	}
	if on.Place != p.figures.City() {
		units, _, err := p.figures.Units(r.Context(), p.host.Today())
		if err != nil || !slices.ContainsFunc(units, func(u statistics.Unit) bool {
			return u.Place == on.Place
		}) {
			return nil, err
		}
	}
	all, err := p.studies(r.Context())
	if err != nil {
		return nil, err
	}
	v := cardView{}
	for _, s := range all {
		line := cardLine{Title: s.Title.In(r.Language), Href: s.address()}
		switch county, moves := s.countyAt(on.Place); {
		case s.PlaceID == on.Place:
			line.Text = s.standing(r.T)
			line.Light, line.Tone = s.light(r.T)
		case moves:
			line.Text = r.T("policy.card.county", s.Moving.Since, s.Moving.Till, signed(county.Effect.Sum))
		default:
			continue
		}
		v.Targets = append(v.Targets, line)
	}
	if len(v.Targets) == 0 {
		return nil, nil
	}
	return v, nil
}

// countyAt is what a county does to the ratio between two years.
func (s *Study) countyAt(place int64) (Moving, bool) {
	if s.Moving == nil || s.Moving.Since == 0 {
		return Moving{}, false
	}
	i := slices.IndexFunc(s.Moving.Counties, func(c Moving) bool { return c.PlaceID == place })
	if i < 0 {
		return Moving{}, false
	}
	return s.Moving.Counties[i], true
}
