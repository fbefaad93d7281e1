package contracts

import (
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookstest"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// today is the day tests are on.
const today = hosttest.Day

// site is the holdings over a small city, with a server.
type site struct {
	*Contracts
	*bookstest.City
	t       testing.TB
	ctx     context.Context // of the program itself
	ledger  *ledger.Ledger
	place   map[string]int64 // by name
	own     map[string]registry.Organisation
	must    func(error)
	refused func(err error, key string)
	actor   func(role, place string) access.Actor
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.City = &bookstest.City{}
	base := x.Modules(h)
	x.ledger = x.Books
	x.Contracts = New(h, x.Territory, x.Books)
	return append(base, x.Module())
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

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := &site{}
	opened := hosttest.Open(t, s, x.build)
	x.Site = opened
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	x.Settle()
	x.own = x.Own
	return x
}

// shop is a lease as somebody would enter it: 12,000.00 a year from 2025-03-01, for three years.
func shop() Entry {
	return Entry{Contract: Contract{Name: "商铺一号", Kind: "building_lease", Party: "张三",
		PartyKind: "outsider", Signed: "2025-02-20", Manner: "public_tender", Paper: true},
		Schedule: []schedule.Phase{{From: "2025-03-01", To: "2028-02-29",
			Fee: schedule.Fee{Amount: 12_000_00, Every: schedule.Year}}},
		Objects: []Object{{Object: "500102/37"}}}
}

func (x *site) enter(village string, e Entry) Contract {
	x.t.Helper()
	c, err := x.Enter(x.ctx, access.Machine, x.own[village].Ref(), e)
	x.must(err)
	return c
}

func (x *site) get(ref Ref) Contract {
	x.t.Helper()
	c, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Contract, error) { return Get(v, ref) })
	x.must(err)
	return c
}

func (x *site) dues(ref Ref) []DueRow {
	x.t.Helper()
	list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]DueRow, error) {
		return DuesOf(v, ref)
	})
	x.must(err)
	return list
}

func orderOf(in intake.Intake) intake.Order {
	return intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID, Explanation: "列不全"}
}
