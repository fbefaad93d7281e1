package apptest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/app"
	"github.com/terrace-project/terrace/internal/modules"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/identifier"
)

// Password is everybody's.
const Password = "Cloud-terrace-2025"

// City is a program with a small city in it.
type City struct {
	*app.Program
	modules.Services
	Host  *manifest.Host
	Clock *Clock
	// Groups is how many villager groups Populate gives each village, two at least.
	Groups int

	Top      int64   // 重庆市
	Counties []int64 // 东岭区, 西江县
	Drafts   []territory.Draft
	IDs      []int64 // of Drafts
	Accounts map[string]int64

	t      testing.TB
	server *httptest.Server
}

// Machine is the context in which the program itself acts.
func Machine(ctx context.Context) context.Context { return access.With(ctx, access.Machine) }

// Populate builds places, organisations, cards and accounts.
func (c *City) Populate() *City {
	c.t.Helper()
	c.makePlaces()
	c.makeOrganisations()
	c.makeAccounts()
	return c
}

// levelsBelow are how many children a place of each level has, and how they are called.
var levelsBelow = []struct {
	level division.Level
	kind  division.Kind
	names []string
}{
	{division.County, division.District, []string{"东岭区", "西江县"}},
	{division.Township, division.Town, []string{"青石镇", "白杨镇"}},
	{division.Village, division.VillageCommittee, []string{"上湾村", "下湾村"}},
	{division.Group, division.VillagerGroup, []string{"一组", "二组"}},
}

func (c *City) makePlaces() {
	c.t.Helper()
	c.Drafts = []territory.Draft{{Parent: -1, Level: division.Province, Kind: division.Municipality,
		Name: "重庆市",
		Code: "500000000000"}}
	from, to := 0, 1
	for depth, level := range levelsBelow {
		if level.level == division.Group {
			for n := len(level.names); n < c.Groups; n++ {
				level.names = append(level.names[:n:n], strconv.Itoa(n+1)+"组")
			}
		}
		for parent := from; parent < to; parent++ {
			for i, name := range level.names {
				c.Drafts = append(c.Drafts, territory.Draft{Parent: parent, Level: level.level,
					Kind: level.kind, Name: name,
					Code: childCode(c.Drafts[parent].Code, depth, i)})
			}
		}
		from, to = to, len(c.Drafts)
	}
	ids, err := c.Places.Load(Machine(c.t.Context()), "2024-01-01", "apptest", c.Drafts)
	c.Must(err)
	c.IDs, c.Top, c.Counties = ids, ids[0], ids[1:3]
	c.Must(c.Places.Start(c.t.Context()))
}

// childCode is the statistical code of the n-th child: 500101 for a county, 001 for a township, 001
// for a village. Groups have none.
func childCode(parent string, depth, n int) string {
	switch depth {
	case 0:
		return fmt.Sprintf("5001%02d000000", 1+n)
	case 1:
		return parent[:6] + fmt.Sprintf("%03d000", 100+n)
	case 2:
		return parent[:9] + fmt.Sprintf("%03d", 200+n)
	}
	return ""
}

func (c *City) makeOrganisations() {
	c.t.Helper()
	kinds := map[division.Level]byte{division.Village: identifier.VillageCollective,
		division.Group: identifier.GroupCollective}
	for i, d := range c.Drafts {
		if d.Level < division.Village {
			continue
		}
		name := c.FullName(i) + "股份经济合作联合社"
		if d.Level == division.Group {
			name = c.FullName(i) + "股份经济合作社"
		}
		code := identifier.NewCredit('N', kinds[d.Level], "500101", fmt.Sprintf("MA%06d", i))
		o, err := c.Registry.Create(c.t.Context(), access.Machine, registry.Organisation{Place: c.IDs[i],
			Level: d.Level,
			Name:  name, Code: string(code), Members: 120, Representatives: 30, Established: "2020-05-01"})
		c.Must(err)
		_, err = c.Assets.Load(Machine(c.t.Context()), cardsOf(o), nil)
		c.Must(err)
	}
}

// FullName is the name of a place with those it lies in, from the county on: 东岭区青石镇上湾村.
func (c *City) FullName(index int) string {
	name := ""
	for ; c.Drafts[index].Level >= division.County; index = c.Drafts[index].Parent {
		name = c.Drafts[index].Name + name
	}
	return name
}

// cardsOf are four cards of an organisation: an operating house, a road, arable land and a pond.
func cardsOf(o registry.Organisation) []assets.Asset {
	card := assets.Asset{Home: o.Home, Organisation: o.ID, Place: o.Place, Origin: "own",
		Title:    assets.Clear,
		Acquired: "2018-06-01", UseState: "self", Method: "none", State: assets.Live}
	with := func(change func(*assets.Asset)) assets.Asset {
		a := card
		change(&a)
		return a
	}
	return []assets.Asset{
		with(func(a *assets.Asset) {
			a.Number, a.Name, a.Form, a.Kind, a.Class, a.Category = "001", "仓库", "fixed", "house",
				assets.Operating, "production"
			a.Cost, a.FloorArea, a.Quantity, a.Unit = 250_000_00, 320_00, 1_00, "幢"
		}),
		with(func(a *assets.Asset) {
			a.Number, a.Name, a.Form, a.Kind, a.Class, a.Category = "002", "村道", "fixed", "road",
				assets.NonOperating, "public_service"
			a.Cost, a.Quantity, a.Unit = 480_000_00, 1_00, "条"
		}),
		with(func(a *assets.Asset) {
			a.Number, a.Name, a.Form, a.Kind, a.Class, a.Category = "003", "河坝田", "resource", "arable",
				assets.Resource, "land"
			a.Area, a.LandUse, a.UseState = 66_667_00, "contracted", "contracted"
		}),
		with(func(a *assets.Asset) {
			a.Number, a.Name, a.Form, a.Kind, a.Class, a.Category = "004", "水塘", "resource", "other_farm",
				assets.Resource, "land"
			a.Area, a.LandUse = 2_000_00, "retained"
		}),
	}
}

// offices are who there is at each level: login and role.
var offices = map[division.Level][][2]string{
	division.Province: {{"city-officer", "city_officer"}, {"city-leader", "city_leader"}, {"city-analyst",
		"city_analyst"}},
	division.County: {{"county-officer", "county_officer"}, {"county-leader", "county_leader"},
		{"county-auditor", "county_auditor"}},
	division.Township: {{"reviewer", "township_reviewer"}, {"leader", "township_leader"}},
	division.Village:  {{"accountant", "village_accountant"}, {"head", "village_head"}},
	division.Group:    {{"group", "group_head"}},
}

// Login is the login of an office at the place of an index in Drafts: accountant-7.
func Login(office string, index int) string { return fmt.Sprintf("%s-%d", office, index) }

func (c *City) makeAccounts() {
	c.t.Helper()
	var all []identity.Loaded
	for i, d := range c.Drafts {
		for n, office := range offices[d.Level] {
			all = append(all, identity.Loaded{Entry: identity.Entry{Login: Login(office[0], i),
				Name: fmt.Sprintf("%s%s%d", []string{"甲", "乙", "丙"}[n], "某", i), Place: c.IDs[i]},
				Password: Password,
				Posts: []identity.Proposal{{Role: office[1], Place: c.IDs[i], Since: "2024-01-01",
					Document: "apptest"}}})
		}
	}
	ids, err := c.Host.Identity.Load(c.t.Context(), all)
	c.Must(err)
	c.Accounts = map[string]int64{}
	for i, l := range all {
		c.Accounts[l.Login] = ids[i]
	}
}

// As is the actor of an office at the place of an index in Drafts.
func (c *City) As(office string, index int) access.Actor {
	c.t.Helper()
	id, known := c.Accounts[Login(office, index)]
	if !known {
		c.t.Fatalf("nobody is %s", Login(office, index))
	}
	actor, err := c.Host.Identity.Actor(c.t.Context(), id)
	c.Must(err)
	return actor
}

// Proven demands that everything terrace verify proves holds.
func (c *City) Proven() {
	c.t.Helper()
	report, err := c.Verify(c.t.Context(), func(int, int) {})
	c.Must(err)
	for _, f := range report.Findings {
		c.t.Errorf("verify finds %s %v at %s", f.Key, f.Args, f.Column)
	}
	if report.Events == 0 || report.Rows == 0 {
		c.t.Error("verify looked at nothing")
	}
}
