package bookfiles

import (
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// site is the files of books over a small city, with a server.
type site struct {
	*Bookfiles
	*hosttest.Site
	t       testing.TB
	ctx     context.Context // of the program itself
	gaz     *territory.Service
	owners  *registry.Registry
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
	x.gaz = territory.New(h)
	x.owners = registry.New(h, x.gaz)
	x.books = ledger.New(h, x.gaz)
	x.Bookfiles = New(h, x.books)
	return []manifest.Module{x.gaz.Module(), x.owners.Module(), x.books.Module(), x.Module()}
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
	x.Site = hosttest.Open(t, s, x.build)
	x.Accounts = accounts
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	moduletest.Settle(x.Site, x.gaz, moduletest.Places)
	x.own = moduletest.Owners(x.Site, func(place int64, name, code string) (registry.Organisation, error) {
		return x.owners.Create(x.ctx, access.Machine, registry.Organisation{Place: place,
			Level: division.Village, Name: name, Members: 300, Code: code})
	})
	x.Serve()
	return x
}

// openBook opens the books of a village under a chart from a day.
func (x *site) openBook(village, chart string, from period.Date) ledger.Book {
	x.t.Helper()
	b, err := x.ledger.OpenBook(x.ctx, access.Machine, ledger.Opening{Organisation: x.own[village].Ref(),
		Chart: chart, From: from})
	x.must(err)
	return b
}

// balances are what stands on the accounts of a book, by account and counterparty.
func (x *site) balances(b ledger.Book) map[string]money.Fen {
	x.t.Helper()
	all := map[string]money.Fen{}
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		list, err := ledger.Balances(v, b.Ref(), x.Today)
		for _, one := range list {
			all[one.Account+one.Counterparty] += one.Amount
		}
		return err
	}))
	for key, amount := range all {
		if amount == 0 {
			delete(all, key)
		}
	}
	return all
}
