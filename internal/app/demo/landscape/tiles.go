package landscape

import "github.com/terrace-project/terrace/internal/platform/pack"

// The tile map laid over the land: the middle of row 1, column 1 and the size of a tile. Chongqing is
// some 450 km wide and high.
const (
	firstLatitude, tileLatitude   = 32_000_000, 480_000
	firstLongitude, tileLongitude = 105_600_000, 400_000
)

// Tiles is about where counties lie, by their codes.
type Tiles map[string]Point

// TilesOf lays the pack's tile map over the land.
func TilesOf(p *pack.Pack) Tiles {
	tiles := Tiles{}
	for _, e := range p.Entries("tiles.yaml", "tiles") {
		var tile struct {
			Code   string `yaml:"code"`
			Row    int64  `yaml:"row"`
			Column int64  `yaml:"column"`
		}
		if e.Decode(&tile) == nil {
			tiles[tile.Code] = Point{Latitude: firstLatitude - (tile.Row-1)*tileLatitude,
				Longitude: firstLongitude + (tile.Column-1)*tileLongitude}
		}
	}
	return tiles
}

// Of is about where a county lies. One without a tile lies in the middle.
func (t Tiles) Of(county string) Point {
	if p, ok := t[county]; ok {
		return p
	}
	return Point{Latitude: firstLatitude - 4*tileLatitude, Longitude: firstLongitude + 4*tileLongitude}
}
