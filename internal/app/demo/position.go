package demo

import (
	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// point is a position in micro-degrees.
type point struct{ latitude, longitude int64 }

// The tile map laid over the land: the middle of row 1, column 1 and the size of a tile. Chongqing is
// some 450 km wide and high.
const (
	firstLatitude, tileLatitude   = 32_000_000, 480_000
	firstLongitude, tileLongitude = 105_600_000, 400_000
)

// position is about where a county lies, after the pack's tile map. A county without a tile lies in
// the middle.
func (c *City) position(county string) point {
	if c.tiles == nil {
		c.tiles = map[string]point{}
		for _, e := range c.Host.Packs.Entries("tiles.yaml", "tiles") {
			var tile struct {
				Code   string `yaml:"code"`
				Row    int64  `yaml:"row"`
				Column int64  `yaml:"column"`
			}
			if e.Decode(&tile) == nil {
				c.tiles[tile.Code] = point{firstLatitude - (tile.Row-1)*tileLatitude,
					firstLongitude + (tile.Column-1)*tileLongitude}
			}
		}
	}
	if p, ok := c.tiles[county]; ok {
		return p
	}
	return point{firstLatitude - 4*tileLatitude, firstLongitude + 4*tileLongitude}
}

// stray puts a township into its county and a village into its township.
func (f *founding) stray(n tree.Node) {
	d := invent.NewDraw(f.Seed, "position", f.tree.ID(n))
	if f.tree.Level(n) == division.Township {
		f.township = f.City.position(f.tree.Code(n)[:6]).near(d, 160_000)
		f.village = f.township
		return
	}
	f.village = f.township.near(d, 30_000)
}

// near is a point at most so far away in each direction.
func (p point) near(d *invent.Draw, by int64) point {
	return point{p.latitude + d.Between(-by, by), p.longitude + d.Between(-by, by)}
}
