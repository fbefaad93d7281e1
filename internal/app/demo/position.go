package demo

import (
	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// The tile map laid over the land: the middle of row 1, column 1 and the size of a tile. Chongqing is
// some 450 km wide and high.
const (
	firstLatitude, tileLatitude   = 32_000_000, 480_000
	firstLongitude, tileLongitude = 105_600_000, 400_000
)

// position is about where a county lies, after the pack's tile map. A county without a tile lies in
// the middle.
func (c *City) position(county string) landscape.Point {
	if c.tiles == nil {
		c.tiles = map[string]landscape.Point{}
		for _, e := range c.Host.Packs.Entries("tiles.yaml", "tiles") {
			var tile struct {
				Code   string `yaml:"code"`
				Row    int64  `yaml:"row"`
				Column int64  `yaml:"column"`
			}
			if e.Decode(&tile) == nil {
				c.tiles[tile.Code] = landscape.Point{Latitude: firstLatitude - (tile.Row-1)*tileLatitude,
					Longitude: firstLongitude + (tile.Column-1)*tileLongitude}
			}
		}
	}
	if p, ok := c.tiles[county]; ok {
		return p
	}
	return landscape.Point{Latitude: firstLatitude - 4*tileLatitude,
		Longitude: firstLongitude + 4*tileLongitude}
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
