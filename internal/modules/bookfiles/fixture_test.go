package bookfiles

import (
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookstest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// site is the files of books over a small city, with a server.
type site struct {
	*Bookfiles
	*bookstest.City
	t       testing.TB
	ctx     context.Context // of the program itself
	books   *ledger.Ledger
	place   map[string]int64 // by name
	own     map[string]registry.Organisation
	must    func(error)
	refused func(err error, key string)
	actor   func(role, place string) access.Actor
}

// accounts are the people: one for each role.
var accounts = map[string]int64{"delegated_bookkeeper": 7, "township_reviewer": 8, "village_accountant": 9,
	"village_head": 10, "county_officer": 11}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.City = &bookstest.City{}
	base := x.Modules(h)
	x.books = x.Books
	x.Bookfiles = New(h, x.Books)
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
	x.Accounts = accounts
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	x.Settle()
	x.own = x.Own
	return x
}
