package demo

import (
	"context"

	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// mark records in the city's log that it is made up, and at the end that it is whole.
func (c *City) mark(ctx context.Context, kind string) error {
	return c.Host.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Record(store.Event{Home: store.City, Kind: kind, Subject: "demo", Body: c.markOf()})
		return err
	})
}

func (c *City) markOf() setting.Mark {
	return setting.Wanted(c.Scale, c.Seed, c.Host.Packs.Key())
}
