package demo

import (
	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// position is about where a county lies.
func (c *City) position(county string) landscape.Point {
	if c.tiles == nil {
		c.tiles = landscape.TilesOf(c.Host.Packs)
	}
	return c.tiles.Of(county)
}

// stray puts a township into its county and a village into its township.
func (f *founding) stray(n tree.Node) {
	d := invent.NewDraw(f.Seed, "position", f.tree.ID(n))
	if f.tree.Level(n) == division.Township {
		f.township = f.City.position(f.tree.Code(n)[:6]).Near(d, 160_000)
		f.village = f.township
		return
	}
	f.village = f.township.Near(d, 30_000)
}
