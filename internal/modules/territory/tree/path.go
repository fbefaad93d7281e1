package tree

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/division"
)

// Position is where a place is in a tree, as access and other modules ask for it.
type Position struct {
	Place int64
	Path  []byte // four bytes for each place from the top to itself
	Home  int64
	Level division.Level
}

// Positions are the positions of all nodes.
func (t *Tree) Positions() []Position {
	all := make([]Position, len(t.ids))
	for n := range all {
		var above *Position
		if p := t.parents[n]; p != None {
			above = &all[p]
		}
		all[n] = Below(t.ids[n], t.levels[n], above)
	}
	return all
}

// Below is the position of a place of a level under another; nil: at the top.
func Below(place int64, level division.Level, above *Position) Position {
	p := Position{Place: place, Level: level}
	if above != nil {
		p.Path = slices.Clip(above.Path)
	}
	p.Path = binary.BigEndian.AppendUint32(p.Path, uint32(place))
	switch {
	case level < division.County:
	case level == division.County || above == nil:
		p.Home = place
	case above.Home == 0:
		p.Home = above.Place
	default:
		p.Home = above.Home
	}
	return p
}

// ParentIn is the place above the last one of a path; 0 if that is at the top.
func ParentIn(path []byte) int64 {
	if len(path) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint32(path[len(path)-8:]))
}

// PathEnd is the first path behind all that begin with path.
func PathEnd(path []byte) []byte {
	end := slices.Clone(path)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return bytes.Repeat([]byte{0xff}, len(path)+1)
}
