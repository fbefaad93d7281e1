package registry

import (
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// today is the day tests are on.
const today = hosttest.Day

// site is the registry over a small city, with a server.
type site struct {
	*Registry
	*hosttest.Site
	t       testing.TB
	ctx     context.Context // of the program itself
	places  *territory.Service
	place   map[string]int64 // by name
	must    func(error)
	refused func(err error, key string)
	actor   func(role, place string) access.Actor
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.places = territory.New(h)
	x.Registry = New(h, x.places)
	return []manifest.Module{x.places.Module(), x.Module()}
}

func parts() []store.Part { return hosttest.Parts((&site{}).build) }

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		x := build(t, s)
		fn(x)
		x.Verify()
	})
}

func open(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := &site{}
	x.Site = hosttest.Open(t, s, x.build)
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	return x
}

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := open(t, s)
	x.city(moduletest.Places)
	x.Serve()
	x.Client = x.Following()
	return x
}

func (x *site) city(drafts []territory.Draft) []int64 {
	x.t.Helper()
	return moduletest.Settle(x.Site, x.places, drafts)
}

// findings are what the module's check and the log's say.
func (x *site) findings() []string {
	x.t.Helper()
	var all []string
	x.must(x.checkAll(x.ctx, func(f fault.Finding) { all = append(all, f.String()) }))
	return all
}

// officer is the county officer of most tests.
func (x *site) officer() access.Actor { return x.actor("county_officer", "青山区") }

// entry is an organisation as a form would give it.
func (x *site) entry(place, name, code string) Organisation {
	id := x.place[place]
	return Organisation{Place: id, Level: x.places.Level(id), Name: name, Code: code, Members: 300}
}

// enter creates an organisation at a place with the nth code of its level.
func (x *site) enter(place string, n int) Organisation {
	x.t.Helper()
	o := x.entry(place, place+"股份经济合作联合社", "")
	o.Code = credit(o.Level, n)
	made, err := x.Create(x.ctx, access.Machine, o)
	x.must(err)
	return made
}

// get reads an organisation.
func (x *site) get(ref Ref) Organisation {
	x.t.Helper()
	o, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Organisation, error) {
		return Get(v,
			ref)
	})
	x.must(err)
	return o
}

// credit makes the nth code of a level.
func credit(l division.Level, n int) string { return moduletest.Credit(l, n) }
