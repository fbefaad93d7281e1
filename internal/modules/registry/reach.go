package registry

import (
	"encoding/binary"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Heights is what Reach needs of the territory.
type Heights interface {
	Home(place int64) int64
	Level(place int64) division.Level
	Children(place int64) []int64
}

// Reach is how far a scope goes, in the terms of a query: everything, whole homes, or else the
// subtrees of the scope itself.
type Reach struct {
	All   bool
	Homes []int64 // ascending
	Below access.Scope
}

// ReachOf tells how far a scope goes. Homes are asked first in every key, so a reader of whole
// counties is answered without looking at places; a row's home is the county of its place.
func ReachOf(heights Heights, scope access.Scope) Reach {
	if scope.All() {
		return Reach{All: true}
	}
	var homes []int64
	for _, root := range scope.Roots() {
		place := placeAt(root)
		if heights.Level(place) > division.County {
			return Reach{Below: scope}
		}
		homes = homesUnder(heights, place, homes)
	}
	slices.Sort(homes)
	return Reach{Homes: slices.Compact(homes)}
}

// placeAt is the place a path leads to: its last four bytes.
func placeAt(path access.Path) int64 {
	if len(path) < 4 {
		return 0
	}
	return int64(binary.BigEndian.Uint32(path[len(path)-4:]))
}

// homesUnder adds the homes of a place's subtree. What hangs under a prefecture without counties is at
// home in the prefecture.
func homesUnder(heights Heights, place int64, homes []int64) []int64 {
	if heights.Level(place) >= division.County {
		return append(homes, heights.Home(place))
	}
	for _, child := range heights.Children(place) {
		homes = homesUnder(heights, child, homes)
	}
	return homes
}

// Within reports whether whole homes are asked for, and not everything.
func (r Reach) Within() bool { return !r.All && len(r.Homes) > 0 }

// Narrow reports whether the reach must be asked by the paths of places.
func (r Reach) Narrow() bool { return !r.All && len(r.Homes) == 0 && !r.Below.Empty() }
