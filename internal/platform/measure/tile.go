package measure

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Series is a measure at one place over time, the oldest first: what a tile is made from.
type Series struct {
	Values  []Value
	YearAgo *Value // the same period of the year before; nil: not shown
	Href    string // what the figure opens
}

// Tile is a figure on a page, for the block "figure-tile".
type Tile struct {
	Title, Value, Unit string
	Known              bool
	Unverified         bool
	Changes            []TileChange
	Coverage           string // empty if all have come
	Spark              template.HTML
	Href               string
}

// TileChange is how a figure differs from an earlier one.
type TileChange struct {
	Text string // +3.2 % since 2025
	Mood string // better, worse or ""
}

// TileOf makes the tile of a series.
func TileOf(r *web.Request, s Series) Tile {
	now := s.Values[len(s.Values)-1]
	t := Tile{Title: now.Definition.Title.In(r.Language), Value: now.Text(), Known: now.Known, Href: s.Href,
		Unit: now.Definition.Unit.In(r.Language), Unverified: now.Definition.Mark == pack.Unverified,
		Coverage: coverage(r, now), Spark: Sparkline(r, s.Values)}
	if len(s.Values) > 1 {
		t.add(r, now, s.Values[len(s.Values)-2])
	}
	if s.YearAgo != nil {
		t.add(r, now, *s.YearAgo)
	}
	return t
}

func (t *Tile) add(r *web.Request, now, earlier Value) {
	amount, decimals, known := now.Change(earlier)
	if !known {
		return
	}
	text := decimal.Grouped(amount, decimals)
	if amount > 0 {
		text = "+" + text
	}
	key := "measure.change"
	if now.Definition.Ratio() {
		key = "measure.change.points"
	}
	t.Changes = append(t.Changes, TileChange{r.T(key, text, earlier.Period.String()),
		map[int]string{1: "better", -1: "worse"}[now.Better(earlier)]})
}

// coverage says of how many reports a figure is made, if some are missing.
func coverage(r *web.Request, v Value) string {
	if v.Covered >= v.Expected {
		return ""
	}
	return r.T("measure.coverage", locale.Count(v.Covered), locale.Count(v.Expected))
}

// reported says of how many reports a figure is made, also if none is missing.
func reported(r *web.Request, v Value) string {
	if v.Expected == 0 {
		return ""
	}
	return r.T("measure.coverage", locale.Count(v.Covered), locale.Count(v.Expected))
}

// Size of a sparkline in its own units.
const (
	sparkWidth  = 120
	sparkHeight = 24
)

// Sparkline draws values as a line without axes; what is not known leaves a gap. It is empty with fewer
// than two known values.
func Sparkline(r *web.Request, values []Value) template.HTML {
	low, high, known := int64(0), int64(0), 0
	for _, v := range values {
		if !v.Known {
			continue
		}
		if known == 0 || v.Amount < low {
			low = v.Amount
		}
		if known == 0 || v.Amount > high {
			high = v.Amount
		}
		known++
	}
	if known < 2 {
		return ""
	}
	var path strings.Builder
	move, x, y := true, 0, int64(0)
	for i, v := range values {
		if !v.Known {
			move = true
			continue
		}
		x = 2 + i*(sparkWidth-4)/(len(values)-1)
		y = heightOf(v.Amount, low, high)
		letter := "L"
		if move {
			letter, move = "M", false
		}
		fmt.Fprintf(&path, "%s%d %d", letter, x, y)
	}
	label := r.T("measure.spark", values[0].Period.String(), values[len(values)-1].Period.String())
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 0 %d %d" role="img" aria-label="%s">`+
		`<path d="%s"/><circle cx="%d" cy="%d" r="2"/></svg>`, //nolint:gosec // numbers and an escaped text
		sparkWidth, sparkHeight, template.HTMLEscapeString(label), path.String(), x, y))
}

// heightOf is where an amount lies between the lowest and the highest; the highest is at the top.
func heightOf(amount, low, high int64) int64 {
	if low == high {
		return sparkHeight / 2
	}
	part, fits := decimal.MulDiv(amount/2-low/2, sparkHeight-4, max(high/2-low/2, 1), decimal.HalfUp)
	if !fits {
		return sparkHeight / 2
	}
	return sparkHeight - 2 - min(max(part, 0), sparkHeight-4)
}
