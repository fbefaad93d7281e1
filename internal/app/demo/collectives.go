package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Of a thousand places: townships with a collective of their own, and villages and groups where another
// body still acts (Art. 64).
const (
	townshipShare = 120
	actingShare   = 40
)

// pending is a collective that is not entered yet, with what it owns.
type pending struct {
	registry.Organisation
	cards    []assets.Asset
	officers []registry.Appointment
}

// has tells whether a place has a collective.
func (c *City) has(t *tree.Tree, n tree.Node) bool {
	switch t.Level(n) {
	case division.Township:
		return invent.NewDraw(c.Seed, "township collective", t.ID(n)).PerMille(townshipShare)
	case division.Village, division.Group:
		return true
	}
	return false
}

// township is the place of that level at or above a node.
func township(t *tree.Tree, n tree.Node) tree.Node {
	for n != tree.None && t.Level(n) > division.Township {
		n = t.Parent(n)
	}
	return n
}

// expected counts the collectives there will be.
func (c *City) expected() (count int) {
	t := c.Modules.Places.Today()
	for _, county := range c.CountiesOf(t) {
		for n := county + 1; n < t.End(county); n++ {
			if c.has(t, n) {
				count++
			}
		}
	}
	return count
}

// collectives enters those of all counties: late is what the adjustment moves, else everything but it.
func (c *City) collectives(ctx context.Context, late bool) error {
	t := c.Modules.Places.Today()
	for i, county := range c.CountiesOf(t) {
		list := c.inCounty(t, county, late)
		if len(list) == 0 {
			continue
		}
		planted := c.plant(i, list)
		if err := c.enter(ctx, list); err != nil {
			return err
		}
		c.answer(planted)
		c.step(len(list))
		c.Clock.Pass(7 * time.Minute)
	}
	return nil
}

// inCounty makes up the collectives of a county, with what they own.
func (c *City) inCounty(t *tree.Tree, county tree.Node, late bool) []*pending {
	f := founding{City: c, tree: t, county: county}
	for n := county + 1; n < t.End(county); n++ {
		if c.moved[t.ID(township(t, n))] != late {
			continue
		}
		if t.Level(n) == division.Township || t.Level(n) == division.Village {
			f.stray(n)
		}
		if c.has(t, n) {
			f.found(n)
		}
	}
	return f.list
}

// founding makes up the collectives of one county.
type founding struct {
	*City
	tree     *tree.Tree
	county   tree.Node
	township landscape.Point
	village  landscape.Point
	list     []*pending
}

// found makes up the collective of a place.
func (f *founding) found(n tree.Node) {
	t, id := f.tree, f.tree.ID(n)
	d := invent.NewDraw(f.Seed, "collective", id)
	at := f.village
	if t.Level(n) == division.Township {
		at = f.township
	}
	p := &pending{Organisation: registry.Organisation{Home: t.ID(t.Home(n)), Place: id, Level: t.Level(n),
		Name: f.name(n) + "集体经济组织", Established: f.until.AddDays(-int(d.Between(200, 2600))),
		Status: registry.Active, Ended: period.Open}}
	p.cards = invent.Holding(f.Seed, id, invent.Owner{Place: id, Level: t.Level(n), Name: f.name(n),
		County: t.Name(f.county), Code: t.Code(n), Latitude: at.Latitude, Longitude: at.Longitude,
		Until: f.until})
	f.members(p, d)
	// The contract survey never fits to the yard what is on the cards; above it by more than one in a
	// hundred would be a finding.
	p.SurveyArea = area.Area(int64(invent.Arable(p.cards)) * d.Between(995, 1060) / 1000)
	p.Code = string(identifier.NewCredit('N', typeDigits[t.Level(n)], f.registrar(n),
		fmt.Sprintf("DM%06d", id)))
	if d.PerMille(actingShare) && t.Level(n) != division.Township {
		p.Acting, p.Code, p.Established = true, "", ""
		p.ActingBody = f.name(n)
		if t.Level(n) == division.Village {
			p.ActingBody += "民委员会"
			if t.Kind(n) == division.ResidentCommittee {
				p.ActingBody = f.name(n) + "居民委员会"
			}
		}
	}
	p.officers = f.officers(p, d)
	f.list = append(f.list, p)
}

var typeDigits = map[division.Level]byte{division.Group: identifier.GroupCollective,
	division.Village: identifier.VillageCollective, division.Township: identifier.TownshipCollective}

// registrar is the county that registered the collective: it stays in the code for ever. A new
// district registers under the code of the one it came from until it has its own.
func (f *founding) registrar(n tree.Node) string {
	if code := f.tree.Code(f.county); code != "" {
		return code[:6]
	}
	return f.tree.Code(n)[:6]
}

// name is what the place is called from the township down.
func (f *founding) name(n tree.Node) string {
	t := f.tree
	name := t.Name(n)
	for ; t.Level(n) > division.Township; n = t.Parent(n) {
		name = t.Name(t.Parent(n)) + name
	}
	return name
}

// members says how many a collective has.
func (f *founding) members(p *pending, d *invent.Draw) {
	switch p.Level {
	case division.Group:
		p.Members = d.Between(45, 260)
	case division.Village:
		p.Members = d.Between(620, 3_400)
		p.Representatives = max(21, p.Members/d.Between(25, 40))
	case division.Township:
		p.Members = d.Between(8_000, 30_000)
		p.Representatives = d.Between(60, 150)
	}
}

// offices by level; a group's cashier and accounts are the township's.
var offices = map[division.Level][]registry.Office{
	division.Group: {registry.Chair, registry.Supervisor},
	division.Village: {registry.Chair, registry.Council, registry.Council, registry.Supervisor,
		registry.Accountant, registry.Cashier, registry.Keeper},
	division.Township: {registry.Chair, registry.Council, registry.Council, registry.Supervisor,
		registry.Supervisor, registry.Accountant, registry.Cashier, registry.Keeper},
}

// officers are people with different names, so that nobody holds two offices.
func (f *founding) officers(p *pending, d *invent.Draw) []registry.Appointment {
	var all []registry.Appointment
	taken := map[string]bool{}
	since := max(p.Established, f.until.AddDays(-1200))
	for _, office := range offices[p.Level] {
		person := invent.NewPerson(d)
		for taken[person.Name] {
			person = invent.NewPerson(d)
		}
		taken[person.Name] = true
		all = append(all, registry.Appointment{Office: office, Name: person.Name, Phone: person.Phone,
			Since: since})
	}
	return all
}

// enter loads collectives of one county, what they own and who runs them.
func (c *City) enter(ctx context.Context, list []*pending) error {
	organisations := make([]registry.Organisation, len(list))
	for i, p := range list {
		organisations[i] = p.Organisation
	}
	refs, err := c.Modules.Registry.Load(ctx, organisations, nil)
	if err != nil {
		return err
	}
	var cards []assets.Asset
	var appointments []registry.Appointment
	for i, p := range list {
		p.Home, p.ID = refs[i].Home, refs[i].ID
		for j := range p.cards {
			p.cards[j].Home, p.cards[j].Organisation = p.Home, p.ID
		}
		for j := range p.officers {
			p.officers[j].Organisation = p.Ref()
		}
		cards = append(cards, p.cards...)
		appointments = append(appointments, p.officers...)
		c.Ledger = append(c.Ledger, Collective{p.Ref(), p.Place, p.Level, len(p.cards)})
	}
	if _, err := c.Modules.Registry.LoadOfficers(ctx, appointments, nil); err != nil {
		return err
	}
	numbers, err := c.Modules.Assets.Load(ctx, cards, nil)
	if err != nil {
		return err
	}
	for _, p := range list {
		for j := range p.cards {
			p.cards[j].ID = numbers[j]
		}
		numbers = numbers[len(p.cards):]
	}
	return nil
}
