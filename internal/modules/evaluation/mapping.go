package evaluation

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/evaluation/study"
	"github.com/terrace-project/terrace/internal/modules/rating/space"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// mapView is a run on the tile map of the city.
type mapView struct {
	scene
	Time, Node pickView
	Panel      bool
	Caption    string
	Tiles      []measure.BoardTile
	Classes    []measure.BoardClass
	Rows       []tileView
	Off        []string // areas without a tile
	Pattern    []factView
	Words      string
	Unasked    *web.Refused
}

// tileView is an area in the table beside the map.
type tileView struct {
	Rank, Heat              int
	Name, Href, Score, Kind string
}

// heats is how many classes the map has.
const heats = 5

func (e *Evaluation) onMap(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, mapTab)
	if err != nil {
		return nil, err
	}
	if s.Run.Edition == "" {
		return nil, fault.New(fault.NotFound, "evaluation.no_map")
	}
	time, node := chosen(r, out)
	v := mapView{scene: s, Time: timePick(r, out, time), Node: nodePick(r, out, "node", node),
		Panel: out.Times != nil, Caption: r.T("evaluation.caption", title(out.Nodes[node]), time)}
	tiles := v.tiles(out, node, time, e.spots(out))
	if len(tiles) > 0 {
		p, err := study.PatternOf(out, node, tiles, uint64(s.Run.Seed))
		if err != nil {
			v.Unasked, err = r.Refused(err)
			if err != nil {
				return nil, err
			}
		} else {
			v.pattern(r, out, p)
		}
	}
	return web.View("evaluation/map", web.Page{Title: r.T("evaluation.map"), Place: s.Run.Place, Data: v,
		Wide: true, Trail: trail(r, s.Run)}), nil
}

// spots finds where the areas of a result stand on the map: by their code or name, or by those of the place
// whose number their code is.
func (e *Evaluation) spots(out result.Result) map[string]measure.Spot {
	all := measure.Spots(e.host.Packs)
	found := map[string]measure.Spot{}
	for _, code := range study.Areas(out) {
		codes, name := []string{code}, namesOf(out, []string{code})[0]
		if place, err := strconv.ParseInt(code, 10, 64); err == nil {
			codes = append(codes, e.places.Codes(place)...)
		}
		for _, spot := range all {
			known := spot.Code != "" && strings.HasPrefix(codes[0], string(spot.Code)) ||
				spot.Code != "" && len(codes) > 1 && strings.HasPrefix(codes[1], string(spot.Code))
			if known || spot.Name != "" && spot.Name == name {
				found[code] = spot
			}
		}
	}
	return found
}

// tiles puts the areas of a time on the map and into the table, the best first.
func (v *mapView) tiles(out result.Result, node int, time string,
	spots map[string]measure.Spot) []study.Tile {
	rows := ranked(out, node, time)
	var tiles []study.Tile
	for i, row := range rows {
		code, n := out.Areas[row], out.Nodes[node]
		line := tileView{Rank: n.Ranks[row], Heat: heats - i*heats/len(rows), Name: out.Name(row),
			Href: areaHref(v.Self, code, time), Score: display.Short(n.Scores[row])}
		v.Rows = append(v.Rows, line)
		spot, there := spots[code]
		if !there {
			v.Off = append(v.Off, line.Name)
			continue
		}
		wide := max(spot.Wide, 1)
		v.Tiles = append(v.Tiles, measure.BoardTile{Name: line.Name, Text: line.Score, Href: line.Href,
			Heat: line.Heat, Where: template.CSS(fmt.Sprintf("grid-row:%d;grid-column:%d/span %d",
				//nolint:gosec // numbers
				spot.Row, spot.Column, wide))})
		tiles = append(tiles, study.Tile{Row: row, Line: spot.Row, Column: spot.Column, Wide: wide})
	}
	for from := 0; from < len(v.Rows); {
		to := from
		for to+1 < len(v.Rows) && v.Rows[to+1].Heat == v.Rows[from].Heat {
			to++
		}
		v.Classes = append(v.Classes, measure.BoardClass{Heat: v.Rows[from].Heat,
			Text: v.Rows[to].Score + " – " + v.Rows[from].Score})
		from = to + 1
	}
	return tiles
}

// pattern says whether like areas lie beside each other, and marks those that do.
func (v *mapView) pattern(r *web.Request, out result.Result, p study.Pattern) {
	v.Pattern = []factView{{r.T("evaluation.moran"), display.Fixed(p.I, 4)},
		{r.T("evaluation.moran.expected"), display.Fixed(p.Expectation, 4)}, {"p",
			display.Probability(p.P)},
		{r.T("evaluation.runs.column.areas"), strconv.Itoa(p.Areas)}}
	key := "evaluation.moran.none"
	switch {
	case p.P < significant && p.I > p.Expectation:
		key = "evaluation.moran.clustered"
	case p.P < significant:
		key = "evaluation.moran.dispersed"
	}
	v.Words = r.T(key)
	for _, l := range p.Local {
		if !(l.P < significant) || l.Kind == space.Isolated {
			continue
		}
		name := namesOf(out, []string{l.Area})[0]
		i := slices.IndexFunc(v.Rows, func(t tileView) bool { return t.Name == name })
		if i >= 0 {
			v.Rows[i].Kind = r.T("evaluation.kind."+string(l.Kind)) + " (p " + display.Probability(l.P) +
				")"
		}
	}
}
