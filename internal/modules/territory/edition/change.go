package edition

import (
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// change makes the steps for rows: new places, and matched ones that are not as they were.
func (c *comparison) change() {
	c.plan.First = true
	for _, n := range c.match {
		if n != tree.None {
			c.plan.First = false
			break
		}
	}
	if c.plan.First {
		c.plan.Steps = make([]Step, 0, len(c.file.Rows))
	}
	for i := range c.file.Rows {
		if c.match[i] == tree.None {
			c.add(int32(i))
		} else {
			c.alter(int32(i))
		}
	}
}

func (c *comparison) step(s Step) {
	if s.Row != NoRow {
		c.steps[s.Row] = int32(len(c.plan.Steps))
	}
	c.plan.Steps = append(c.plan.Steps, s)
}

// add plans a new place. What is new inside something new belongs to its event.
func (c *comparison) add(row int32) {
	c.plan.Counts.Added++
	s := Step{Row: row, Act: Establish, Follows: -1}
	if c.plan.First {
		s.Act = Quiet
	} else if p := c.file.Rows[row].Parent; p != NoRow && c.match[p] == tree.None {
		s.Act, s.Follows = Quiet, c.root(c.steps[p])
	}
	c.step(s)
}

// root is the step that carries the event of a step.
func (c *comparison) root(step int32) int32 {
	if step == NoRow {
		return -1
	}
	if f := c.plan.Steps[step].Follows; f >= 0 {
		return f
	}
	return step
}

// alter plans what changed about a matched place.
func (c *comparison) alter(row int32) {
	r, n, counts := &c.file.Rows[row], c.match[row], &c.plan.Counts
	s := Step{Row: row, Place: c.tree.ID(n), Follows: -1}
	changed := false
	note := func(count *int, act Act) {
		*count++
		changed = true
		if act != Quiet {
			s.Act = act
		}
	}
	if c.category(r, n) {
		note(&counts.Categories, Quiet)
	}
	naming := c.naming(row)
	switch naming {
	case respelled:
		note(&counts.Respelled, Quiet)
	case renamed:
		note(&counts.Renamed, Rename)
	}
	if CodeText(r.Code) != c.tree.Code(n) {
		if follows := c.along(row); follows >= 0 {
			note(&counts.Recoded, Quiet)
			counts.Along++
			s.Follows = follows
		} else {
			note(&counts.Recoded, Recode)
		}
	}
	if r.Kind != division.KindUnknown && r.Kind != c.tree.Kind(n) || r.Level != c.tree.Level(n) {
		note(&counts.Retyped, Retype)
	}
	if moved, transferred := c.moved(row); transferred {
		note(&counts.Transferred, Transfer)
	} else if moved {
		changed = true
	}
	if !changed {
		counts.Same++
		return
	}
	if s.Act != Quiet {
		s.Follows = -1
	}
	s.KeepName = naming == named
	c.step(s)
}

// category reports whether the urban-rural class differs. A file without one says nothing.
func (c *comparison) category(r *Row, n tree.Node) bool {
	return r.Category != 0 && r.Category != c.tree.Category(n)
}

// naming is how a row's name differs from the standing one.
type naming int

const (
	named naming = iota
	respelled
	renamed
)

func (c *comparison) naming(row int32) naming {
	a, b := c.file.Rows[row].Name, c.tree.Name(c.match[row])
	switch {
	case a == b:
		return named
	case !c.sameName(row, c.match[row]):
		return renamed
	case Unreadable(a) && !Unreadable(b):
		return named // the readable spelling is kept
	}
	return respelled
}

// along tells which step's event a recoded row belongs to: that of the place it lies in, if that was
// recoded too and still is what it lay in; −1 if none.
func (c *comparison) along(row int32) int32 {
	p := c.file.Rows[row].Parent
	if p == NoRow || c.match[p] == tree.None || c.tree.Parent(c.match[row]) != c.match[p] {
		return -1
	}
	if CodeText(c.file.Rows[p].Code) == c.tree.Code(c.match[p]) {
		return -1
	}
	return c.root(c.steps[p])
}

// moved reports whether a matched row hangs elsewhere than before, and whether that is a transfer:
// a new place above, groupings left aside, and not merely a place above that was unknown before.
func (c *comparison) moved(row int32) (moved, transferred bool) {
	n, r := c.match[row], &c.file.Rows[row]
	above, before := c.parentNode(row), c.tree.Parent(n)
	if above == before && (above != tree.None || r.Parent == NoRow) {
		return false, false
	}
	if before == tree.None || above == tree.None && r.Parent == NoRow {
		return r.Parent != NoRow || above != tree.None, false
	}
	return true, c.government(row) != c.governmentOf(before)
}

// government is the nearest standing place above a row that is no grouping; None if that is new.
func (c *comparison) government(row int32) tree.Node {
	for {
		p := c.file.Rows[row].Parent
		if p == NoRow {
			return c.governmentOf(c.parentNode(row))
		}
		if c.file.Rows[p].Kind != division.Grouping {
			return c.match[p]
		}
		row = p
	}
}

func (c *comparison) governmentOf(n tree.Node) tree.Node {
	for n != tree.None && c.tree.Kind(n) == division.Grouping {
		n = c.tree.Parent(n)
	}
	return n
}
