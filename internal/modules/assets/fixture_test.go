package assets

import (
	"context"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
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

// world is the cards of a small city.
type world struct {
	*Assets
	*hosttest.Site
	t      testing.TB
	ctx    context.Context // of the program itself
	gaz    *territory.Service
	owners *registry.Registry
	place  map[string]int64
	own    map[string]registry.Organisation // by the name of the place
	must   func(error)
	actor  func(role, place string) access.Actor
}

func (w *world) build(h *manifest.Host) []manifest.Module {
	w.gaz = territory.New(h)
	w.owners = registry.New(h, w.gaz)
	w.Assets = New(h, w.gaz)
	return []manifest.Module{w.gaz.Module(), w.owners.Module(), w.Assets.Module()}
}

func parts() []store.Part { return hosttest.Parts((&world{}).build) }

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*world)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		fn(w)
		w.Verify()
	})
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{}
	w.Site = hosttest.Open(t, s, w.build)
	w.t, w.ctx, w.place, w.must, w.actor = w.T, w.Ctx, w.Place, w.Must, w.Actor
	return w
}

// found takes the small city in, with organisations in its villages.
func (w *world) found() {
	w.t.Helper()
	moduletest.Settle(w.Site, w.gaz, moduletest.Places)
	w.own = moduletest.Owners(w.Site, func(place int64, name, code string) (registry.Organisation, error) {
		return w.owners.Create(w.ctx, access.Machine, registry.Organisation{Place: place,
			Level: division.Village, Name: name, Members: 300, Code: code})
	})
}

// refused checks that an act was refused for a reason, beside a field if one is named.
func (w *world) refused(err error, key, field string) {
	w.t.Helper()
	if !fault.HasKey(err, key) {
		w.t.Errorf("got %v, want the refusal %s", err, key)
		return
	}
	if field != "" && !slices.ContainsFunc(fault.Of(err).Findings, func(f fault.Finding) bool {
		return f.Column == field
	}) {
		w.t.Errorf("got %v, want a finding beside %s", err, field)
	}
}

// findings are what the module's checks say.
func (w *world) findings() []string {
	w.t.Helper()
	var all []string
	for _, c := range w.Module().Checks {
		w.must(c.Run(w.ctx, func(f fault.Finding) { all = append(all, f.Key) }))
	}
	return all
}

func (w *world) accountant() access.Actor { return w.actor("village_accountant", "天台村") }

// keeper may do everything at both places: the acts' own rules are under test.
func (w *world) keeper() access.Actor { return access.Machine }

// pump is a machine as somebody would enter it.
func (w *world) pump(village string) Asset {
	o := w.own[village]
	return Asset{Home: o.Home, Organisation: o.ID, Name: "抽水泵", Form: FormFixed, Kind: "machine",
		Category: "production", Class: Operating, Origin: "fiscal_subsidy", Title: Clear, UseState: "self",
		Acquired: "2025-03-31", Cost: 100_000, Quantity: 300, Unit: "台"}
}

// pond is land as somebody would enter it.
func (w *world) pond(village string) Asset {
	o := w.own[village]
	return Asset{Home: o.Home, Organisation: o.ID, Name: "鱼塘", Form: FormResource, Kind: "other_farm",
		Category: categoryLand, Class: Resource, Origin: "own", Title: Clear, UseState: "self",
		Area:   1_000_001,
		Method: depreciation.None}
}

func (w *world) acquire(a Asset) Asset {
	w.t.Helper()
	made, err := w.Acquire(w.ctx, w.keeper(), Acquisition{a, "凭证1号"})
	w.must(err)
	return made
}

// now is an act on a card as it stands.
func now(a Asset) Act {
	return Act{Ref: a.Ref(), Version: a.Version, On: today, Document: "文件1号"}
}

func (w *world) get(ref Ref) Asset {
	w.t.Helper()
	a, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Asset, error) { return Get(v, ref) })
	w.must(err)
	return a
}

func (w *world) history(ref Ref) []ChangeRow {
	w.t.Helper()
	h, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]ChangeRow, error) {
		return History(v,
			ref)
	})
	w.must(err)
	return h
}
