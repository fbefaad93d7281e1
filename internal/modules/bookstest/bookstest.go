// Package bookstest is what the tests of modules that work with books share: the small city of moduletest
// with its villages' organisations, a ledger, and books in it.
package bookstest

import (
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// City is a small city in which every village has an organisation that can keep books.
type City struct {
	*hosttest.Site
	Territory *territory.Service
	Registry  *registry.Registry
	Books     *ledger.Ledger
	Own       map[string]registry.Organisation // by the name of the village
}

// Modules makes what a module with books stands on.
func (c *City) Modules(h *manifest.Host) []manifest.Module {
	c.Territory = territory.New(h)
	c.Registry = registry.New(h, c.Territory)
	c.Books = ledger.New(h, c.Territory)
	return []manifest.Module{c.Territory.Module(), c.Registry.Module(), c.Books.Module()}
}

// Settle makes the places and the organisations, and serves the city.
func (c *City) Settle() {
	c.T.Helper()
	moduletest.Settle(c.Site, c.Territory, moduletest.Places)
	c.Own = moduletest.Owners(c.Site, func(place int64, name, code string) (registry.Organisation, error) {
		return c.Registry.Create(c.Ctx, access.Machine, registry.Organisation{Place: place,
			Level: division.Village, Name: name, Members: 300, Code: code})
	})
	c.Serve()
}

// Open opens the books of a village under a chart from a day.
func (c *City) Open(village, chart string, from period.Date) ledger.Book {
	c.T.Helper()
	b, err := c.Books.OpenBook(c.Ctx, access.Machine, ledger.Opening{Organisation: c.Own[village].Ref(),
		Chart: chart, From: from})
	c.Must(err)
	return b
}

// Balances are what stands on the accounts of a book today, by account and counterparty, without those with
// nothing.
func (c *City) Balances(b ledger.Book) map[string]money.Fen {
	c.T.Helper()
	all := map[string]money.Fen{}
	c.Must(c.Host.Store.View(c.Ctx, func(v *store.View) error {
		list, err := ledger.Balances(v, b.Ref(), c.Today)
		clear(all)
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
