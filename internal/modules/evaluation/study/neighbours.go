package study

import (
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating/space"
)

// Tile is where an area stands on a tile map.
type Tile struct {
	Row                int // of the result
	Line, Column, Wide int
}

// permutations are how often figures are dealt out anew for a probability.
const permutations = 999

// Pattern is whether like figures lie beside each other on a tile map.
type Pattern struct {
	space.Global
	Local []space.Local // by tile
}

// PatternOf asks for Moran's I of a node over tiles, those being neighbours that touch by a side or a corner.
// It is an approximation of the real borders, as the map itself is.
func PatternOf(out result.Result, node int, tiles []Tile, seed uint64) (Pattern, error) {
	figures := Figures(out, node)
	f := space.Figures{Indicator: out.Nodes[node].Code}
	var pairs []space.Pair
	for i, a := range tiles {
		f.Areas, f.Values = append(f.Areas, out.Areas[a.Row]), append(f.Values, figures[a.Row])
		for _, b := range tiles[:i] {
			if a.touches(b) {
				pairs = append(pairs, space.Pair{First: out.Areas[b.Row], Second: out.Areas[a.Row]})
			}
		}
	}
	m, err := space.Contiguity(f.Areas, pairs)
	if err != nil {
		return Pattern{}, err
	}
	m = m.RowStandardised()
	test := space.Test{Permutations: permutations, Seed: seed, KeepIslands: true}
	var p Pattern
	if p.Global, err = space.Moran(f, m, test); err != nil {
		return p, err
	}
	p.Local, err = space.MoranLocal(f, m, test)
	return p, err
}

// touches says that two tiles have a side or a corner in common.
func (t Tile) touches(o Tile) bool {
	return max(t.Line, o.Line)-min(t.Line, o.Line) <= 1 && t.Column <= o.Column+max(o.Wide, 1) &&
		o.Column <= t.Column+max(t.Wide, 1)
}
