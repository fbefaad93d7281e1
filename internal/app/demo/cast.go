package demo

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Cast is the people of a city who have accounts.
type Cast struct {
	Password string
	Members  []Member
	byPost   map[post]int
}

// Member is somebody with an account.
type Member struct {
	Account           int64
	Login, Name, Role string
	Place             int64 // 0: the installation
	Example           bool  // of the chain that is printed
}

type post struct {
	role  string
	place int64
}

// Holder is who holds a role at a place.
func (c *Cast) Holder(role string, place int64) (Member, bool) {
	i, found := c.byPost[post{role, place}]
	if !found {
		return Member{}, false
	}
	return c.Members[i], true
}

// As is the person who holds a role at a place, to act in the city. The posts are those of the clock's
// day.
func (c *City) As(ctx context.Context, role string, place int64) (access.Actor, error) {
	m, found := c.Cast.Holder(role, place)
	if !found {
		return access.Actor{}, fault.New(fault.NotFound, "identity.no_account")
	}
	return c.Host.Identity.Actor(ctx, m.Account)
}

// part is a role that somebody holds at every place of a level; its login is the place's code with the
// ending, and in the chain that is printed the short one.
type part struct{ role, ending, short string }

var (
	installation = []part{{"system_administrator", "", "system.admin"},
		{"security_administrator", "", "security.admin"}, {"audit_administrator", "", "audit.admin"}}
	parts = map[division.Level][]part{
		division.Prefecture: {{"city_officer", "", "city.officer"}, {"city_leader", "", "city.leader"},
			{"city_analyst", "", "city.analyst"}},
		division.County: {{"county_officer", "officer", "county.officer"},
			{"county_leader", "leader", "county.leader"},
			{"county_auditor", "auditor", "county.auditor"}},
		division.Township: {{"township_reviewer", "reviewer", "township.reviewer"},
			{"township_leader", "leader", "township.leader"},
			{"delegated_bookkeeper", "bookkeeper", "township.bookkeeper"},
			{headOfTownship, "head", "township.head"}},
		division.Village: {{"village_accountant", "accountant", "village.accountant"},
			{"village_head", "head", "village.head"},
			{"village_supervisor", "supervisor", "village.supervisor"},
			{"reader", "representative", "village.representative"}},
		division.Group: {{"group_head", "head", "group.head"}},
	}
)

// headOfTownship is who stands at the head of a township's own collective; most townships have none.
const headOfTownship = "township_head"

// indispensable are those without whom a village cannot be checked: they are there at every scale.
var indispensable = []string{"village_accountant", "village_head"}

// casting gives parts to people.
type casting struct {
	*City
	tree  *tree.Tree
	all   []identity.Loaded
	cast  []Member
	chain map[tree.Node]bool // places whose people are printed
}

// Password is the password of everybody in the city of a scale and seed.
func Password(scale string, seed int64) string {
	random := setting.Random("password "+scale, seed)
	return password.OneTime(func(b []byte) {
		if _, err := io.ReadFull(random, b); err != nil {
			panic(err) // a cipher does not fail
		}
	})
}

// people makes the accounts: late is those at what the adjustment moves.
func (c *City) people(ctx context.Context, late bool) error {
	g := &casting{City: c, tree: c.Modules.Places.Today(), chain: map[tree.Node]bool{}}
	if !late {
		c.Cast.Password = Password(c.Scale.Name, c.Seed)
		c.Cast.byPost = map[post]int{}
		g.top()
	}
	for _, county := range g.CountiesOf(g.tree) {
		g.county(county, late)
	}
	ids, err := c.Host.Identity.Load(ctx, g.all)
	if err != nil {
		return err
	}
	for i, m := range g.cast {
		m.Account = ids[i]
		c.Cast.byPost[post{m.Role, m.Place}] = len(c.Cast.Members)
		c.Cast.Members = append(c.Cast.Members, m)
	}
	return nil
}

// stranded notes the posts at places that the adjustment has abolished: an administrator has to say what
// becomes of them.
func (c *City) stranded() {
	t := c.Modules.Places.Today()
	for _, m := range c.Cast.Members {
		if m.Place == 0 || t.Has(m.Place) {
			continue
		}
		c.Answers = append(c.Answers, Answer{Rule: "abolished_post", Place: m.Place, Name: "–",
			Page: "/posts/abolished", Facts: []any{m.Login, c.Host.Identity.Places().Name(m.Place)}})
	}
}

// top casts the city's own people, and finds the chain.
func (g *casting) top() {
	for _, p := range installation {
		g.add(p, 0, p.short)
	}
	counties := g.CountiesOf(g.tree)
	if len(counties) == 0 {
		return
	}
	city := g.tree.Parent(counties[0])
	for city != tree.None && g.tree.Kind(city) == division.Grouping {
		city = g.tree.Parent(city)
	}
	for _, p := range parts[division.Prefecture] {
		g.add(p, g.tree.ID(city), p.short)
	}
	for _, county := range counties {
		if g.steady(county) {
			g.follow(county)
			return
		}
	}
}

// steady reports whether the adjustment leaves a county as it is.
func (g *casting) steady(county tree.Node) bool {
	for child := range g.tree.Children(county) {
		if g.moved[g.tree.ID(child)] {
			return false
		}
	}
	return g.tree.ChildCount(county) > 0
}

// follow puts a county and one of each level below it into the chain: a town and a village rather than
// a sub-district and a community.
func (g *casting) follow(n tree.Node) {
	for n != tree.None {
		g.chain[n] = true
		next := tree.None
		for child := range g.tree.Children(n) {
			kind := g.tree.Kind(child)
			if next == tree.None || kind == division.Town || kind == division.VillageCommittee {
				next = child
			}
			if kind == division.Town || kind == division.VillageCommittee ||
				kind == division.VillagerGroup {
				break
			}
		}
		n = next
	}
}

// county casts the people of a county and of what lies in it.
func (g *casting) county(county tree.Node, late bool) {
	t := g.tree
	if _, there := g.Cast.Holder("county_officer", t.ID(county)); !there {
		g.at(county, false)
	}
	villages := 0
	for n := county + 1; n < t.End(county); n++ {
		if g.moved[t.ID(township(t, n))] != late {
			continue
		}
		switch t.Level(n) {
		case division.Township:
			villages = 0
			g.at(n, false)
		case division.Village:
			villages++
			g.at(n, villages > g.Scale.Accounts && !g.chain[n])
		case division.Group:
			if g.chain[n] {
				g.at(n, false)
			}
		}
	}
}

// at casts the people of a place: all, or only those who are indispensable.
func (g *casting) at(n tree.Node, few bool) {
	code := division.Trim(g.tree.Code(n), g.tree.Level(n))
	if code == "" { // Liangjiang has none yet
		code = "p" + strconv.FormatInt(g.tree.ID(n), 10)
	}
	for _, p := range parts[g.tree.Level(n)] {
		if few && !slices.Contains(indispensable, p.role) || p.role == headOfTownship && !g.has(g.tree, n) {
			continue
		}
		login := code + "." + p.ending
		if g.chain[n] {
			login = p.short
		}
		g.add(p, g.tree.ID(n), login)
	}
}

func (g *casting) add(p part, place int64, login string) {
	person := invent.NewPerson(invent.NewDraw(g.Seed, p.role, place))
	g.all = append(g.all, identity.Loaded{
		Entry:    identity.Entry{Login: login, Name: person.Name, Phone: person.Phone},
		Password: g.Cast.Password,
		Posts:    []identity.Proposal{{Role: p.role, Place: place, Since: g.Clock.Today()}},
	})
	g.cast = append(g.cast, Member{Login: login, Name: person.Name, Role: p.role, Place: place,
		Example: login == p.short})
}
