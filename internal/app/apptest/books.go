package apptest

import (
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Must ends the test with an error, if there is one.
func (c *City) Must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Owner is the organisation at a place of the city.
func (c *City) Owner(index int) registry.Organisation {
	c.t.Helper()
	o, err := store.Read(c.t.Context(), c.Host.Store, func(v *store.View) (registry.Organisation, error) {
		o, _, err := registry.At(v, c.IDs[index])
		return o, err
	})
	c.Must(err)
	return o
}

// OpenBooks opens books of the organisation at a place, from 2025 on.
func (c *City) OpenBooks(index int) ledger.Book {
	c.t.Helper()
	b, err := c.Ledger.OpenBook(c.t.Context(), access.Machine, ledger.Opening{
		Organisation: c.Owner(index).Ref(), Chart: "2024", From: "2025-01-01"})
	c.Must(err)
	return b
}
