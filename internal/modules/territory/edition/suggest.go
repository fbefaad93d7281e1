package edition

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Suggestion is a merge or split that an edition makes likely. An officer confirms or rejects it.
type Suggestion struct {
	Act    Act    // Merge, Split or Boundary
	Reason string // dictionary key territory.reason.REASON
	Parts  []Part
}

// The acts that are only suggested.
const (
	Merge    Act = "merge"
	Split    Act = "split"
	Boundary Act = "boundary"
)

// Part says which share of a place went where. Shares are in 0.0001 and sum to 10,000 for each place
// and basis.
type Part struct {
	From  int64
	To    int64 // 0: the new place of ToRow
	ToRow int32
	Basis string
	Share int32
}

// Whole is the share of everything, and BasisAll the basis of what passes on undivided.
const (
	Whole         int32 = 10_000
	BasisAll            = "all"
	BasisVillages       = "villages"
	BasisEqual          = "equal"
)

// suggest looks for successors of what has ended and for origins of what is new.
func (c *comparison) suggest() {
	if len(c.plan.Steps) == 0 {
		return
	}
	c.followVillages()
	c.pairVillages()
}

// unit is the row of a level that a row lies in, itself included; NoRow if there is none.
func (c *comparison) unit(row int32, l division.Level) int32 {
	for row != NoRow && c.file.Rows[row].Level > l {
		row = c.file.Rows[row].Parent
	}
	if row != NoRow && c.file.Rows[row].Level == l {
		return row
	}
	return NoRow
}

// followVillages asks of every standing county and township where its villages are now.
func (c *comparison) followVillages() {
	for n := range tree.Node(c.tree.Len()) {
		l := c.tree.Level(n)
		if l != division.County && l != division.Township || c.taken[n] == NoRow && !c.ended[n] {
			continue
		}
		if went, total := c.went(n); len(went) > 0 && (len(went) > 1 || went[0].row != c.taken[n]) {
			c.propose(n, went, total)
		}
	}
}

// arrival is how many villages of a place are now in the unit of a row.
type arrival struct {
	row   int32
	count int64
}

// went counts the villages of a place that are still there by the unit they lie in now.
func (c *comparison) went(n tree.Node) (went []arrival, total int64) {
	l := c.tree.Level(n)
	for v := n + 1; v < c.tree.End(n); v++ {
		if c.tree.Level(v) != division.Village || c.taken[v] == NoRow {
			continue
		}
		unit := c.unit(c.taken[v], l)
		if unit == NoRow {
			continue
		}
		at := slices.IndexFunc(went, func(a arrival) bool { return a.row == unit })
		if at < 0 {
			at = len(went)
			went = append(went, arrival{row: unit})
		}
		went[at].count++
		total++
	}
	slices.SortFunc(went, func(a, b arrival) int { return int(a.row) - int(b.row) })
	return went, total
}

// propose suggests what became of a place whose villages lie in other units now.
func (c *comparison) propose(n tree.Node, went []arrival, total int64) {
	s := Suggestion{Act: Split, Reason: "villages_moved"}
	weights := make([]int64, len(went))
	stays, onlyOld := false, true
	for i, a := range went {
		weights[i] = a.count
		stays = stays || a.row == c.taken[n]
		onlyOld = onlyOld && c.match[a.row] != tree.None
	}
	switch {
	case len(went) == 1:
		s.Act = Merge
		s.Parts = []Part{c.part(n, went[0].row, BasisAll, Whole)}
	case stays && onlyOld:
		s.Act = Boundary
		fallthrough
	default:
		for i, share := range Shares(weights) {
			s.Parts = append(s.Parts, c.part(n, went[i].row, BasisVillages, share))
		}
	}
	c.plan.Suggestions = append(c.plan.Suggestions, s)
}

func (c *comparison) part(from tree.Node, to int32, basis string, share int32) Part {
	p := Part{From: c.tree.ID(from), ToRow: to, Basis: basis, Share: share}
	if c.match[to] != tree.None {
		p.To = c.tree.ID(c.match[to])
	}
	return p
}

// Shares divides a whole by weights, in 0.0001, by the largest remainder; the sum is exact. Without
// any weight the shares are equal.
func Shares(weights []int64) []int32 {
	total := int64(0)
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		weights = slices.Repeat([]int64{1}, len(weights))
		total = int64(len(weights))
	}
	shares := make([]int32, len(weights))
	order := make([]int, len(weights))
	left := int64(Whole)
	for i, w := range weights {
		order[i] = i
		shares[i] = int32(w * int64(Whole) / total)
		left -= int64(shares[i])
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(weights[b]*int64(Whole)%total - weights[a]*int64(Whole)%total)
	})
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

// pairVillages looks, township by township, for what became of villages that ended.
func (c *comparison) pairVillages() {
	for n := range tree.Node(c.tree.Len()) {
		if c.tree.Level(n) != division.Township || c.taken[n] == NoRow {
			continue
		}
		var ended []tree.Node
		for v := range c.tree.Children(n) {
			if c.ended[v] && c.tree.Level(v) == division.Village && !placeholder(c.tree.Name(v)) {
				ended = append(ended, v)
			}
		}
		if len(ended) > 0 {
			c.pairIn(c.taken[n], ended)
		}
	}
}

// pairIn suggests successors within one township: a body of the same name, a new body whose name is
// put together from theirs, the only new one; or the new ones that only one can have become.
func (c *comparison) pairIn(township int32, ended []tree.Node) {
	var fresh []int32
	byBase := map[string]int32{}
	for i := township + 1; i < c.ends[township]; i = c.ends[i] {
		byBase[c.rowName(i).Base] = i
		if c.match[i] == tree.None {
			fresh = append(fresh, i)
		}
	}
	ended = slices.DeleteFunc(ended, func(v tree.Node) bool {
		row, ok := byBase[c.nodeName(v).Base]
		if ok {
			c.merge("same_name", row, v)
			fresh = slices.DeleteFunc(fresh, func(i int32) bool { return i == row })
		}
		return ok
	})
	fresh = slices.DeleteFunc(fresh, func(row int32) bool {
		from := c.composed(row, ended)
		if len(from) > 1 {
			c.merge("composed_name", row, from...)
			ended = slices.DeleteFunc(ended, func(v tree.Node) bool { return slices.Contains(from, v) })
		}
		return len(from) > 1
	})
	switch {
	case len(ended) > 0 && len(fresh) == 1:
		c.merge("only_new", fresh[0], ended...)
	case len(ended) == 1 && len(fresh) > 1:
		s := Suggestion{Act: Split, Reason: "only_ended"}
		for i, share := range Shares(make([]int64, len(fresh))) {
			s.Parts = append(s.Parts, c.part(ended[0], fresh[i], BasisEqual, share))
		}
		c.plan.Suggestions = append(c.plan.Suggestions, s)
	}
}

func (c *comparison) merge(reason string, row int32, from ...tree.Node) {
	s := Suggestion{Act: Merge, Reason: reason}
	for _, v := range from {
		s.Parts = append(s.Parts, c.part(v, row, BasisAll, Whole))
	}
	c.plan.Suggestions = append(c.plan.Suggestions, s)
}

// composed are the ended villages from whose names a new name is put together: 龙凤 from 龙泉 and 凤山.
func (c *comparison) composed(row int32, ended []tree.Node) []tree.Node {
	var from []tree.Node
	for _, r := range c.rowName(row).Base {
		at := slices.IndexFunc(ended, func(v tree.Node) bool {
			return strings.ContainsRune(c.nodeName(v).Base, r) && !slices.Contains(from, v)
		})
		if at < 0 {
			return nil
		}
		from = append(from, ended[at])
	}
	return from
}
