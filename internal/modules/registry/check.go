package registry

import (
	"cmp"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checkAll proves invariants 1, 2, 4, 5 and 6 over the whole database. What is known of organisations
// fits into memory: a hundred thousand are a few megabytes.
func (g *Registry) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return g.host.Store.View(ctx, func(v *store.View) error {
		p := proof{registry: g, report: report, today: g.host.Today(), known: map[Ref]known{},
			active: map[int64]Ref{}, coded: map[string]Ref{}}
		for _, step := range []func(*store.View) error{p.organisations, p.codes, p.links, p.officers} {
			if err := step(v); err != nil {
				return err
			}
		}
		return nil
	})
}

// proof is one run of checkAll.
type proof struct {
	registry *Registry
	report   func(fault.Finding)
	today    period.Date
	known    map[Ref]known
	active   map[int64]Ref  // place → who is active there
	coded    map[string]Ref // credit code → who holds it
}

// known is what the other steps ask of an organisation.
type known struct {
	status Status
	ended  period.Date
}

// organisations proves each by itself, and that one is active at a place.
func (p *proof) organisations(v *store.View) error {
	for o, err := range organisations.Each(v, "") {
		if err != nil {
			return err
		}
		ref := o.Ref()
		p.known[ref] = known{o.Status, o.Ended}
		if (o.Status == Active) != (o.Ended == period.Open) || !slices.Contains(Statuses, o.Status) {
			p.report(fault.Wrong("registry.verify.ended", ref.String()))
		}
		code := o.Code
		if f := checkCode(&o); f != nil || code != o.Code {
			p.report(fault.Wrong("registry.verify.code", ref.String(), code))
		}
		if o.Code != "" && o.Status != Divided { // one that was divided gave its code up
			p.coded[o.Code] = ref
		}
		if o.Status == Active {
			p.place(o)
		}
	}
	return nil
}

func (p *proof) place(o Organisation) {
	ref := o.Ref().String()
	if other, taken := p.active[o.Place]; taken {
		p.report(fault.Wrong("registry.verify.two_active", ref, other.String()))
	}
	p.active[o.Place] = o.Ref()
	places := p.registry.places
	switch {
	case typeDigits[o.Level] == 0:
		p.report(fault.Wrong("registry.verify.place", ref, o.Name))
	case places.Name(o.Place) == "":
		p.report(fault.Doubt("registry.verify.place_gone", ref, o.Name))
	case places.Level(o.Place) != o.Level || places.Home(o.Place) != o.Home:
		p.report(fault.Wrong("registry.verify.place", ref, o.Name))
	}
}

// codes proves that the register of codes and the organisations say the same.
func (p *proof) codes(v *store.View) error {
	for row, err := range codes.Each(v, "") {
		if err != nil {
			return err
		}
		owner := Ref{row.OwnerHome, row.Organisation}
		if owner != p.coded[row.Code] {
			p.report(fault.Wrong("registry.verify.code_owner", row.Code, owner.String()))
		}
		delete(p.coded, row.Code)
	}
	for code, ref := range p.coded {
		p.report(fault.Wrong("registry.verify.code_owner", code, ref.String()))
	}
	return nil
}

// links proves that who ended has successors, with the whole of it, and nobody else.
func (p *proof) links(v *store.View) error {
	shares := map[Ref]int64{}
	for l, err := range links.Each(v, "") {
		if err != nil {
			return err
		}
		source := Ref{l.Home, l.Source}
		from, found := p.known[source]
		if _, target := p.known[Ref{l.Home, l.Target}]; !found || !target {
			p.report(fault.Wrong("registry.verify.link_lost", Ref{l.Home, l.ID}.String()))
			continue
		}
		if l.Kind != from.status || l.Happened != from.ended || l.Share <= 0 {
			p.report(fault.Wrong("registry.verify.links", source.String()))
		}
		shares[source] += l.Share
	}
	for ref, o := range p.known {
		whole := int64(0)
		if o.status == Merged || o.status == Divided {
			whole = WholeShare
		}
		if shares[ref] != whole {
			p.report(fault.Wrong("registry.verify.links", ref.String()))
		}
	}
	return nil
}

// officers proves that they open, are found, and keep their offices apart.
func (p *proof) officers(v *store.View) error {
	var of []Officer // those of one organisation
	for f, err := range officers.Each(v, "ORDER BY home, organisation, id") {
		if err != nil {
			return err
		}
		if len(of) > 0 && (of[0].Home != f.Home || of[0].Organisation != f.Organisation) {
			p.together(of)
			of = of[:0]
		}
		of = append(of, f)
		if _, found := p.known[Ref{f.Home, f.Organisation}]; !found {
			p.report(fault.Wrong("registry.verify.officer_lost", Ref{f.Home, f.ID}.String()))
		}
		keys := p.registry.host.Keys
		name, wrongName := keys.Open(nameColumn, f.Name)
		_, wrongPhone := keys.Open(phoneColumn, f.Phone)
		if cmp.Or(wrongName, wrongPhone) != nil || !slices.Equal(keys.Find(nameColumn, name), f.NameFind) {
			p.report(fault.Wrong("registry.verify.sealed", Ref{f.Home, f.ID}.String()))
		}
	}
	p.together(of)
	return p.relatives(v)
}

// relatives proves that they open, are found, and belong to an officer.
func (p *proof) relatives(v *store.View) error {
	ring := p.registry.host.Keys
	for row, err := range relatives.Each(v, "ORDER BY home, id") {
		if err != nil {
			return err
		}
		name, wrong := ring.Open(relativeColumn, row.Name)
		if wrong != nil || !slices.Equal(NameFind(ring, name), row.NameFind) {
			p.report(fault.Wrong("registry.verify.relative", Ref{row.Home, row.ID}.String()))
		}
	}
	type lost struct {
		Home int64 `db:"home"`
		ID   int64 `db:"id"`
	}
	all, err := store.All[lost](v, `SELECT r.home, r.id FROM officer_relative r
		LEFT JOIN officer f ON f.home = r.home AND f.id = r.officer
		WHERE f.id IS NULL OR f.organisation <> r.organisation ORDER BY r.home, r.id`)
	for _, one := range all {
		p.report(fault.Wrong("registry.verify.relative_lost", Ref(one).String()))
	}
	return err
}

// together proves that the officers of one organisation keep their offices apart.
func (p *proof) together(of []Officer) {
	for i, a := range of {
		for _, b := range of[:i] {
			if a.Since >= b.Until || b.Since >= a.Until {
				continue
			}
			ref := Ref{a.Home, a.Organisation}.String()
			if a.Office == Chair && b.Office == Chair {
				p.report(fault.Wrong("registry.verify.chairs", ref, b.ID, a.ID))
			}
			if slices.Equal(a.NameFind, b.NameFind) && (a.Office == b.Office || keptApart(a.Office,
				b.Office)) {
				p.report(fault.Wrong("registry.verify.apart", ref, b.ID, a.ID))
			}
		}
	}
}
