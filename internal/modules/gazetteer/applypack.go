package gazetteer

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Applied says what applying a pack did.
type Applied struct {
	Places, Acts, Areas int
	Skipped             []string // keys of members and acts whose places are not entered yet
}

// ApplyInstalled applies the places of the installation's pack.
func (g *Gazetteer) ApplyInstalled(ctx context.Context) (Applied, error) {
	read, wrong := ReadPack(g.host.Packs)
	if fault.Stops(wrong) {
		return Applied{}, fault.New(fault.Invalid, "pack.broken", g.host.Packs.Key()).With(wrong)
	}
	return g.ApplyPack(ctx, read)
}

// ApplyPack enters a pack's places, acts and areas. Whatever is there already stays as it is: a place
// whose code stands on its day, an act of the same key, an area of the same label. So it may be run
// again, after an edition has brought the places that a first run had to skip.
func (g *Gazetteer) ApplyPack(ctx context.Context, p Pack) (Applied, error) {
	a := applying{Service: g.places, ctx: ctx, pack: p, places: map[string]int64{}}
	for _, step := range []func() error{a.enterPlaces, a.enterActs, a.enterAreas} {
		if err := step(); err != nil {
			return a.done, err
		}
	}
	return a.done, nil
}

type applying struct {
	*territory.Service
	ctx    context.Context
	pack   Pack
	places map[string]int64 // key → place
	done   Applied
}

func (a *applying) skip(key string) {
	if !slices.Contains(a.done.Skipped, key) {
		a.done.Skipped = append(a.done.Skipped, key)
	}
}

func (a *applying) enterPlaces() error {
	for _, p := range a.pack.Places {
		_, entered, err := a.enter(p, territory.Order{On: p.Since, Mark: p.Mark, Origin: a.pack.Key + "/" +
			p.Key})
		if err != nil {
			return err
		}
		if entered {
			a.done.Places++
		}
	}
	return nil
}

// enter establishes a place unless its code or its act is known.
func (a *applying) enter(p PackPlace, o territory.Order) (place int64, entered bool, err error) {
	if p.Code != "" {
		found, err := a.ByCode(a.ctx, territory.Statistical, string(p.Code), o.On)
		if err == nil && (found.Stands || found.Since > o.On) {
			a.places[p.Key] = found.ID
			return found.ID, false, nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return 0, false, err
		}
	}
	if place, err = a.Origin(a.ctx, o.Origin); err != nil || place != 0 {
		a.places[p.Key] = place
		return place, false, err
	}
	full, _ := division.FullCode(string(p.Code))
	place, err = a.Establish(a.ctx, territory.Establishment{Order: o, Parent: a.places[p.Parent],
		Level: p.Level,
		Kind:  p.Kind, Name: p.Name, Code: full})
	a.places[p.Key] = place
	return place, err == nil, err
}

// place is what a key or code of the pack means on a day; 0 if it is not entered.
func (a *applying) place(named pack.Scalar, on period.Date) (int64, error) {
	if id, ok := a.places[string(named)]; ok {
		return id, nil
	}
	found, err := a.ByCode(a.ctx, territory.Statistical, string(named), on)
	if fault.Is(err, fault.NotFound) || err == nil && !found.Stands && found.Since <= on {
		return 0, nil
	}
	return found.ID, err
}

func (a *applying) enterActs() error {
	for _, act := range a.pack.Acts {
		o := territory.Order{On: act.On, Document: act.Document, Note: act.Note, Mark: act.Mark,
			Origin: a.pack.Key + "/" + act.Key}
		before, err := a.Origin(a.ctx, o.Origin)
		if err != nil {
			return err
		}
		if before != 0 {
			if act.Place != nil {
				a.places[act.Place.Key] = before
			}
			continue
		}
		entered, err := a.enterAct(act, o)
		if err != nil {
			return err
		}
		if entered {
			a.done.Acts++
		}
	}
	return nil
}

func (a *applying) enterAct(act PackAct, o territory.Order) (entered bool, err error) {
	switch act.Kind {
	case territory.Establishing:
		_, entered, err = a.enter(*act.Place, o)
		return entered, err
	case territory.Transferring:
		return a.transferAll(act, o)
	}
	from, err := a.place(act.From, o.On)
	if err != nil || from == 0 {
		a.skip(act.Key)
		return false, err
	}
	b := territory.Abolition{Order: o, Place: from, None: act.To == ""}
	if act.To != "" {
		to, err := a.place(act.To, o.On)
		if err != nil {
			return false, err
		}
		b.Successors = []territory.Succession{{To: to, Basis: restate.All, Share: restate.Whole}}
	}
	return true, a.Abolish(a.ctx, b)
}

// transferAll moves those of an act's places that are entered and not there already.
func (a *applying) transferAll(act PackAct, o territory.Order) (bool, error) {
	t, err := a.At(a.ctx, o.On)
	if err != nil {
		return false, err
	}
	to, err := a.place(act.To, o.On)
	if err != nil {
		return false, err
	}
	var moving []int64
	if act.AllOf != "" {
		from, err := a.place(act.AllOf, o.On)
		if err != nil {
			return false, err
		}
		if n := t.Find(from); n >= 0 {
			for c := range t.Children(n) {
				moving = append(moving, t.ID(c))
			}
		}
	}
	for _, named := range act.Places {
		place, err := a.place(named, o.On)
		if err != nil {
			return false, err
		}
		if n := t.Find(place); n >= 0 && t.Parent(n) != t.Find(to) {
			moving = append(moving, place)
		}
	}
	if len(moving) == 0 || to == 0 {
		a.skip(act.Key)
		return false, nil
	}
	return true, a.Transfer(a.ctx, territory.Transfer{Order: o, Places: moving, Parent: to})
}

func (a *applying) enterAreas() error {
	for _, area := range a.pack.Areas {
		if err := a.enterArea(area); err != nil {
			return err
		}
	}
	return nil
}

// enterArea creates an area, or finds it, and enters those of its members that are missing.
func (a *applying) enterArea(p PackArea) error {
	row, found, err := a.AreaLabelled(a.ctx, p.Key)
	if err != nil {
		return err
	}
	if !found {
		row = territory.Area{Label: p.Key, Chinese: p.Title.Chinese, English: p.Title.English, Kind: p.Kind,
			Since: p.Since, Until: p.Until, Note: p.Basis, Mark: p.Mark}
		if row.ID, err = a.CreateArea(a.ctx, row); err != nil {
			return err
		}
		a.done.Areas++
	}
	if err := a.move(row.ID, p, p.Members, p.Since, false); err != nil {
		return err
	}
	for _, m := range p.Joins {
		if err := a.move(row.ID, p, []pack.Scalar{m.Place}, m.On, false); err != nil {
			return err
		}
	}
	for _, m := range p.Leaves {
		if err := a.move(row.ID, p, []pack.Scalar{m.Place}, m.On, true); err != nil {
			return err
		}
	}
	return nil
}

// move lets members join or leave who have not done so yet. A place that stands only later joins on
// its first day.
func (a *applying) move(area int64, p PackArea, named []pack.Scalar, on period.Date, leaving bool) error {
	joining := map[period.Date][]int64{}
	for _, n := range named {
		place, err := a.place(n, on)
		if err != nil {
			return err
		}
		if place == 0 {
			a.skip(p.Key + ": " + string(n))
			continue
		}
		day, err := a.joinsOn(area, place, on, leaving)
		if err != nil {
			return err
		}
		if day != "" {
			joining[day] = append(joining[day], place)
		}
	}
	for day, list := range joining {
		if err := a.SetMembers(a.ctx, territory.Membership{Area: area, Places: list, On: day,
			Leaving: leaving,
			Mark:    p.Mark}); err != nil {
			return err
		}
	}
	return nil
}

// joinsOn is the day a place joins or leaves; "" if it has been entered before.
func (a *applying) joinsOn(area, place int64, on period.Date, leaving bool) (period.Date, error) {
	if leaving {
		return on, nil
	}
	known, err := a.EverMember(a.ctx, area, place)
	if err != nil || known {
		return "", err
	}
	found, err := a.Place(a.ctx, place, on)
	if err != nil || !found.Stands && found.Since <= on {
		return "", err
	}
	return max(on, found.Since), nil
}
