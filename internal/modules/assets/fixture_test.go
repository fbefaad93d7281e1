package assets

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// today is the day tests are on.
const today period.Date = "2026-01-05"

// world is the cards of a small city.
type world struct {
	*Assets
	t     testing.TB
	ctx   context.Context // of the program itself
	place map[string]int64
	own   map[string]registry.Organisation // by the name of the place
	table []store.Sealed
}

// drafts are the places of the small city.
var drafts = []territory.Draft{
	{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"},
	{Parent: 0, Level: division.County, Name: "青山区", Code: "500102000000"},
	{Parent: 1, Level: division.Township, Name: "白涛镇", Code: "500102103000"},
	{Parent: 2, Level: division.Village, Name: "天台村", Code: "500102103201"},
	{Parent: 2, Level: division.Village, Name: "小溪村", Code: "500102103202"},
	{Parent: 0, Level: division.County, Name: "白水区", Code: "500155000000"},
	{Parent: 5, Level: division.Township, Name: "云龙镇", Code: "500155101000"},
	{Parent: 6, Level: division.Village, Name: "三清村", Code: "500155101201"},
}

func parts(h *manifest.Host) []store.Part {
	list := []store.Part{log.Part(), audit.Part(), territory.Part(), part()}
	owners := registry.New(h, nil).Module().Part
	owners.Name = "registry"
	return append(list, owners)
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*world)) {
	t.Helper()
	storetest.Each(t, parts(&manifest.Host{}), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		fn(w)
		w.verify()
	})
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, ctx: access.With(t.Context(), access.Machine), place: map[string]int64{},
		own: map[string]registry.Organisation{}}
	ring, err := keys.New(storetest.Random(7))
	w.must(err)
	h := &manifest.Host{Store: s, Keys: ring, Access: access.New(),
		Today: func() period.Date { return today }}
	h.Packs, err = pack.NewLibrary(packs.Files).Read("national")
	w.must(err)
	roles, _ := identity.ReadRoles(h.Packs)
	h.Access.SetRoles(roles)
	places := territory.New(h)
	owners := registry.New(h, places)
	w.Assets = New(h, places)
	w.table = slices.Concat(territory.Tables(), owners.Module().Tables, tables())
	s.Seal(w.table...)
	w.must(places.Start(t.Context()))
	w.must(w.Module().Start(t.Context()))
	signer, err := log.NewSigner("test.example", ring.Log())
	w.must(err)
	h.Log = log.New(s, signer)
	return w
}

// found takes the small city in, with an organisation in each village.
func (w *world) found() {
	w.t.Helper()
	places := w.places.(*territory.Service)
	ids, err := places.Load(w.ctx, "2020-01-01", "test", slices.Clone(drafts))
	w.must(err)
	owners := registry.New(w.host, places)
	for i, d := range drafts {
		w.place[d.Name] = ids[i]
		if d.Level != division.Village {
			continue
		}
		o := registry.Organisation{Place: ids[i], Level: d.Level, Name: d.Name + "股份经济合作联合社", Members: 300,
			Code: string(identifier.NewCredit('N', identifier.VillageCollective, "500102",
				fmt.Sprintf("MF%06d", i)))}
		w.own[d.Name], err = owners.Create(w.ctx, access.Machine, o)
		w.must(err)
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
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

func (w *world) verify() {
	w.t.Helper()
	for _, f := range w.findings() {
		w.t.Errorf("verify: %s", f)
	}
	w.must(w.host.Log.Sequence(w.ctx))
	report, err := w.host.Log.Verify(w.ctx, w.table, func(int, int) {})
	w.must(err)
	for _, f := range report.Findings {
		w.t.Errorf("log: %s", f)
	}
}

// actor holds a role at a place.
func (w *world) actor(role, place string) access.Actor {
	return access.Actor{Account: 7, Posts: []access.Post{{ID: 1, Role: role, Place: w.place[place]}}}
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
