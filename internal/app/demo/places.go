package demo

import (
	"cmp"
	"context"

	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/modules/gazetteer"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// placesSince is the day from which the made-up places stand.
const placesSince period.Date = "2021-01-01"

// readPack reads the places of the pack in force.
func (c *City) readPack() (gazetteer.Pack, error) {
	p, wrong := gazetteer.ReadPack(c.Host.Packs)
	if fault.Stops(wrong) {
		return p, fault.New(fault.Invalid, "pack.broken", c.Host.Packs.Key()).With(wrong)
	}
	return p, nil
}

// found enters the counties of the pack and whatever lies in them.
func (c *City) found(ctx context.Context) error {
	p, err := c.readPack()
	if err != nil {
		return err
	}
	book := gazetteer.New(c.Host, c.Modules.Places)
	if _, err := book.ApplyPack(ctx, gazetteer.Pack{Key: p.Key, Places: p.Places}); err != nil {
		return err
	}
	drafts := c.drafts(c.Modules.Places.Today())
	note := c.Host.Dictionary.Text(locale.Chinese, "demo.note") // the same on every console
	if _, err := c.Modules.Places.Load(ctx, placesSince, note, drafts); err != nil {
		return err
	}
	now := gazetteer.Pack{Key: p.Key, Places: p.Places}
	for _, a := range p.Areas { // who joins and leaves later does so with the adjustment
		a.Joins, a.Leaves = nil, nil
		now.Areas = append(now.Areas, a)
	}
	_, err = book.ApplyPack(ctx, now)
	return err
}

// adjust enters the acts of the pack, some time before they take effect.
func (c *City) adjust(ctx context.Context) error {
	p, err := c.readPack()
	if err != nil {
		return err
	}
	_, err = gazetteer.New(c.Host, c.Modules.Places).ApplyPack(ctx, p)
	return err
}

// adjustment is the first day on which acts of the pack take effect; Open if it has none.
func (c *City) adjustment() (period.Date, error) {
	p, err := c.readPack()
	day := period.Open
	for _, a := range p.Acts {
		day = min(day, a.On)
	}
	return day, err
}

// moving are the places that acts of the pack will put under another county.
func (c *City) moving(ctx context.Context) (map[int64]bool, error) {
	p, err := c.readPack()
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for _, place := range p.Places {
		codes[place.Key] = string(place.Code)
	}
	t, moving := c.Modules.Places.Today(), map[int64]bool{}
	mark := func(key string, below bool) error {
		place, err := c.Modules.Places.ByCode(ctx, territory.Statistical, cmp.Or(codes[key], key), t.On())
		if err != nil {
			return err
		}
		n := t.Find(place.ID)
		if !below {
			moving[place.ID] = true
			return nil
		}
		for child := range t.Children(n) {
			moving[t.ID(child)] = true
		}
		return nil
	}
	for _, a := range p.Acts {
		if a.Kind != territory.Transferring {
			continue
		}
		for _, key := range a.Places {
			if err := mark(string(key), false); err != nil {
				return nil, err
			}
		}
		if a.AllOf != "" {
			if err := mark(string(a.AllOf), true); err != nil {
				return nil, err
			}
		}
	}
	return moving, nil
}

// CountiesOf are the county units inside the pack's city, in the order of the tree.
func (c *City) CountiesOf(t *tree.Tree) []tree.Node {
	root := tree.None
	for n := range tree.Node(t.Len()) {
		if t.Code(n) == division.Pad(c.Host.Packs.City()) {
			root = n
		}
	}
	var all []tree.Node
	for n := range tree.Node(t.Len()) {
		if root != tree.None && t.Inside(n, root) && t.Level(n) == division.County {
			all = append(all, n)
		}
	}
	return all
}

func (c *City) drafts(t *tree.Tree) []territory.Draft {
	return landscape.Drafts(c.Scale, c.Seed, t, c.CountiesOf(t))
}
