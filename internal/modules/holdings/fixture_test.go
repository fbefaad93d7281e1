package holdings

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// site is the holdings over a small city, with a server.
type site struct {
	*Holdings
	*hosttest.Site
	t     testing.TB
	ctx   context.Context // of the program itself
	gaz   *territory.Service
	place map[string]int64 // by name
	own   map[string]registry.Organisation
	must  func(error)
	actor func(role, place string) access.Actor

	owners *registry.Registry
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.gaz = territory.New(h)
	x.owners = registry.New(h, x.gaz)
	cards := assets.New(h, x.gaz)
	x.Holdings = New(h, x.gaz, cards)
	return []manifest.Module{x.gaz.Module(), x.owners.Module(), cards.Module(), x.Module()}
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
	x.t, x.ctx, x.place, x.must, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Actor
	return x
}

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := open(t, s)
	moduletest.Settle(x.Site, x.gaz, moduletest.Places)
	x.own = moduletest.Owners(x.Site, func(place int64, name, code string) (registry.Organisation, error) {
		return x.owners.Create(x.ctx, access.Machine, registry.Organisation{Place: place,
			Level: division.Village, Name: name, Members: 300, Code: code})
	})
	x.Serve()
	return x
}

// pump is a machine as somebody would enter it.
func (x *site) pump(village string) assets.Asset {
	o := x.own[village]
	return assets.Asset{Home: o.Home, Organisation: o.ID, Place: o.Place, Name: "抽水泵",
		Form: assets.FormFixed,
		Kind: "machine", Category: "production", Class: assets.Operating, Origin: "own",
		Title:    assets.Clear,
		UseState: "self", Acquired: "2025-03-31", Cost: 100_000}
}

func (x *site) acquire(a assets.Asset) assets.Asset {
	x.t.Helper()
	made, err := x.assets.Acquire(x.ctx, access.Machine, assets.Acquisition{Card: a, Document: "凭证1号"})
	x.must(err)
	return made
}

func (x *site) get(ref assets.Ref) assets.Asset {
	x.t.Helper()
	a, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (assets.Asset, error) {
		return assets.Get(v, ref)
	})
	x.must(err)
	return a
}

var accessMachine = access.Machine

func orderOf(in intake.Intake) intake.Order {
	return intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID, Explanation: "列不全"}
}

// numberAtEnd is the number an address ends with.
func numberAtEnd(address string) int64 {
	n, err := strconv.ParseInt(address[strings.LastIndexByte(address, '/')+1:], 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
