package edition

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// remove plans the end of standing places that the file covers and does not name.
func (c *comparison) remove() {
	for i := range c.file.Rows {
		if n := c.match[i]; n != tree.None {
			c.removeUnder(int32(i), n)
		}
	}
	ended := make([]tree.Node, 0, len(c.ended))
	for n := range c.ended {
		ended = append(ended, n)
	}
	slices.Sort(ended)
	for _, n := range slices.Backward(ended) {
		c.plan.Counts.Removed++
		c.step(Step{Row: NoRow, Place: c.tree.ID(n), Act: Abolish, Follows: -1})
	}
}

// yieldCodes takes the code from places that stay, are no row's match, and whose code a row has for
// another place: a code means one place at a time.
func (c *comparison) yieldCodes() {
	for i := range c.file.Rows {
		r := &c.file.Rows[i]
		n, ok := c.codes[r.Code]
		if !ok || c.taken[n] != NoRow || c.ended[n] {
			continue
		}
		c.plan.Findings = append(c.plan.Findings, fault.Doubt("territory.anomaly.code_lost",
			c.tree.Name(n), r.Name).At("", int(r.Line), "code").Saw(CodeText(r.Code)))
		c.step(Step{Row: NoRow, Place: c.tree.ID(n), Act: Recode, Follows: -1})
	}
}

// removeUnder ends the children of n that the file covers and does not name.
func (c *comparison) removeUnder(row int32, n tree.Node) {
	known, all := 0, 0
	for child := range c.tree.Children(n) {
		if c.tree.Code(child) == "" {
			continue
		}
		all++
		if c.taken[child] != NoRow {
			known++
		}
	}
	if known == all {
		return
	}
	left := 0
	for child := range c.tree.Children(n) {
		switch {
		case c.taken[child] != NoRow || c.tree.Code(child) == "":
		case c.covers(row, child, known*3 >= all*2):
			c.end(child, int(c.file.Rows[row].Line))
		default:
			left++
		}
	}
	if left > 0 && c.ends[row] > row+1 {
		c.plan.Findings = append(c.plan.Findings, fault.Told("territory.anomaly.partial",
			c.tree.Code(n)+" "+c.tree.Name(n), known, all, left).At("", int(c.file.Rows[row].Line), ""))
	}
}

// covers reports whether a standing place that the file does not name is gone, rather than not spoken
// of. Under a township with rows it is. A township is gone if most of its neighbours are named, or
// most of its villages are found elsewhere. A county or more is gone only if what lay in it is found
// elsewhere; without anything in it, if most of its neighbours are named.
func (c *comparison) covers(row int32, child tree.Node, most bool) bool {
	level := c.file.Rows[row].Level
	if c.ends[row] == row+1 {
		return level >= division.Township && level < c.file.Deepest && c.neighboursFilled(row)
	}
	if level >= division.Township {
		return true
	}
	found, held := c.lowest(child)
	if held > 0 && (level < division.County || found*2 >= held) {
		return found*2 >= held
	}
	return most
}

// lowest counts the places of the lowest level in a subtree that the file could speak of, and those of
// them it names.
func (c *comparison) lowest(root tree.Node) (found, held int) {
	lowest := c.tree.Level(root)
	for n := root + 1; n < c.tree.End(root); n++ {
		l := c.tree.Level(n)
		if l <= lowest && (l < lowest || held == 0) || l > c.file.Deepest || c.tree.Code(n) == "" {
			continue
		}
		if l > lowest {
			lowest, found, held = l, 0, 0
		}
		held++
		if c.taken[n] != NoRow {
			found++
		}
	}
	return found, held
}

// neighboursFilled reports whether most rows beside a row have rows under them.
func (c *comparison) neighboursFilled(row int32) bool {
	p := c.file.Rows[row].Parent
	if p == NoRow {
		return false
	}
	filled, all := 0, 0
	for i := p + 1; i < c.ends[p]; i = c.ends[i] {
		all++
		if c.ends[i] > i+1 {
			filled++
		}
	}
	return filled*2 > all
}

// end plans the end of a place and what lies in it. A place that still holds something the file does
// not speak of (villager groups, places without a code) stays, and is named.
func (c *comparison) end(root tree.Node, line int) {
	for n := c.tree.End(root) - 1; n >= root; n-- {
		if c.taken[n] != NoRow {
			continue
		}
		held := 0
		for child := range c.tree.Children(n) {
			if c.taken[child] == NoRow && !c.ended[child] {
				held++
			}
		}
		switch {
		case c.tree.Code(n) == "" || c.tree.Level(n) > c.file.Deepest || c.kept[n]:
		case held > 0:
			c.plan.Findings = append(c.plan.Findings, fault.Doubt("territory.anomaly.still_holds",
				c.tree.Code(n)+" "+c.tree.Name(n), held).At("", line, ""))
		default:
			c.ended[n] = true
		}
	}
}
