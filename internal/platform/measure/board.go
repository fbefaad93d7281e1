package measure

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

const tilesFile = "tiles.yaml"

// Spot is where a place stands on the tile map of a city, counted from 1.
type Spot struct {
	Key    string      `yaml:"key"`
	Code   pack.Scalar `yaml:"code"` // of the place; or
	Name   string      `yaml:"name"` // its name, where the code is not published yet
	Row    int         `yaml:"row"`
	Column int         `yaml:"column"`
	Wide   int         `yaml:"wide"` // columns; 0: 1
}

// spotMax is the largest row or column of a map.
const spotMax = 40

// Spots are the places of the tile map of a pack.
func Spots(p *pack.Pack) []Spot {
	spots, _ := pack.Decode[Spot](p, tilesFile, "tiles")
	return spots
}

// Section is the tile map as a file of a pack.
func Section() pack.Section {
	return pack.Section{Path: tilesFile, Check: func(p *pack.Pack) []fault.Finding {
		var findings []fault.Finding
		for _, e := range p.Entries(tilesFile, "tiles") {
			var s Spot
			if err := e.Decode(&s); err != nil {
				findings = append(findings, e.Problem(err))
				continue
			}
			if s.Row < 1 || s.Row > spotMax || s.Column < 1 || s.Column > spotMax || s.Wide < 0 ||
				s.Wide > spotMax || (s.Code == "") == (s.Name == "") {
				findings = append(findings, e.At(fault.Wrong("pack.tile", s.Key)))
			}
		}
		return findings
	}}
}

// Item is a place on a board with its value. Spot is nil for a place that is not on the map.
type Item struct {
	Place int64
	Name  string
	Href  string
	Spot  *Spot
	Value Value
}

// Board is a measure over the places of a city, for the block "figure-board": the map, the ranked table,
// the source and the download.
type Board struct {
	Title, Unit, Period string
	Unverified          bool
	Tiles               []BoardTile
	Rows                []BoardRow
	Classes             []BoardClass
	Source, Coverage    string
	CSV                 string // address of the download
}

// BoardTile is a place on the map.
type BoardTile struct {
	Name, Text, Href string
	Heat             int // 1 to 5; 0: not known
	Where            template.CSS
}

// BoardRow is a place in the table.
type BoardRow struct {
	Item
	Rank     string // empty: not known
	Heat     int
	Text     string
	Coverage string
}

// BoardClass is a step of the map's scale, with the values it stands for.
type BoardClass struct {
	Heat int
	Text string
}

// classes is how many steps the scale of the map has.
const classes = 5

// BoardOf makes the board of a measure in a period. csv is the address of its download.
func BoardOf(r *web.Request, d Definition, period string, items []Item, csv string) Board {
	b := Board{Title: d.Title.In(r.Language), Unit: d.Unit.In(r.Language), Period: period, CSV: csv,
		Unverified: d.Mark == pack.Unverified, Source: r.T("measure.source", d.Source, d.Basis)}
	var all Sum
	ranked := Ranked(d, items)
	for i, row := range ranked {
		row.Coverage = reported(r, row.Value)
		all, _ = all.add(row.Value.Sum)
		ranked[i] = row
		b.Rows = append(b.Rows, row)
		b.add(row)
	}
	b.Classes = scale(ranked)
	b.Coverage = coverage(r, Value{Sum: all})
	return b
}

// Ranked orders places by their value, the best first, and gives each its rank and its step on the scale
// of five: equal values have equal ranks. What is not known comes last, by name, without either.
func Ranked(d Definition, items []Item) []BoardRow {
	ordered := order(d, items)
	known := slices.IndexFunc(ordered, func(i Item) bool { return !i.Value.Known })
	if known < 0 {
		known = len(ordered)
	}
	rows := make([]BoardRow, len(ordered))
	place := 0
	for i, item := range ordered {
		rows[i] = BoardRow{Item: item, Text: item.Value.Text()}
		if !item.Value.Known {
			continue
		}
		if i == 0 || item.Value.Amount != ordered[i-1].Value.Amount {
			place = i + 1
		}
		rows[i].Rank, rows[i].Heat = strconv.Itoa(place), classes-(place-1)*classes/known
	}
	return rows
}

func order(d Definition, items []Item) []Item {
	ordered := slices.Clone(items)
	slices.SortStableFunc(ordered, func(a, b Item) int {
		switch {
		case a.Value.Known && !b.Value.Known:
			return -1
		case !a.Value.Known && b.Value.Known:
			return 1
		case !a.Value.Known || a.Value.Amount == b.Value.Amount:
			return cmp.Compare(a.Name, b.Name)
		case d.Direction == Less:
			return cmp.Compare(a.Value.Amount, b.Value.Amount)
		}
		return cmp.Compare(b.Value.Amount, a.Value.Amount)
	})
	return ordered
}

// add puts a place on the map, if it has a spot.
func (b *Board) add(row BoardRow) {
	if row.Spot == nil {
		return
	}
	b.Tiles = append(b.Tiles, BoardTile{Name: row.Name, Text: row.Text, Href: row.Href, Heat: row.Heat,
		Where: template.CSS(fmt.Sprintf("grid-row:%d;grid-column:%d/span %d", //nolint:gosec // numbers
			row.Spot.Row, row.Spot.Column, max(row.Spot.Wide, 1)))})
}

// scale says which values each step stands for.
func scale(rows []BoardRow) []BoardClass {
	var steps []BoardClass
	for from := 0; from < len(rows) && rows[from].Heat > 0; {
		to := from
		for to+1 < len(rows) && rows[to+1].Heat == rows[from].Heat {
			to++
		}
		text := rows[from].Text
		if rows[to].Text != text {
			text = rows[to].Text + " – " + text
		}
		steps = append(steps, BoardClass{rows[from].Heat, text})
		from = to + 1
	}
	return steps
}

// WriteCSV writes what the board shows as a file: every place with its value, its parts and coverage.
func WriteCSV(w io.Writer, r *web.Request, items []Item) error {
	heading := []string{r.T("measure.place"), r.T("measure.value"), r.T("measure.unit"),
		r.T("measure.period"),
		r.T("measure.numerator"), r.T("measure.denominator"), r.T("measure.covered"),
		r.T("measure.expected")}
	_, err := sheet.WriteCSV(w, sheet.Table{Heading: heading, Rows: csvRows(r, items)})
	return err
}

func csvRows(r *web.Request, items []Item) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, i := range items {
			v := i.Value
			if !yield([]any{i.Name, v.Plain(), v.Definition.Unit.In(r.Language), v.Period.String(),
				v.Numerator,
				v.Denominator, v.Covered, v.Expected}, nil) {
				return
			}
		}
	}
}
