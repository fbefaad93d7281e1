package edition

import (
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// matchAll pairs rows with standing places, level by level from the top: by code where the names
// agree, then by name within the place above, then by code alone.
func (c *comparison) matchAll() {
	doubtful := c.matchByCode()
	for l := division.Nation; l <= division.Group; l++ {
		near, far := scopes(l)
		c.matchByName(l, near, true)
		c.matchByName(l, near, false)
		c.pairAgain(doubtful[l])
		if far != near {
			c.matchByName(l, far, true)
		}
	}
}

// scopes say how far a place of a level is looked for by its name: a village within its township,
// then its county; a town within its county, then its province.
func scopes(l division.Level) (near, far division.Level) {
	switch l {
	case division.Township:
		return division.County, division.Province
	case division.Village:
		return division.Township, division.County
	case division.Group:
		return division.Village, division.Village
	}
	return division.Province, division.Province
}

// codePair is a row and the place that has its code under another name.
type codePair struct {
	row  int32
	node tree.Node
}

// matchByCode pairs equal codes with equal names. It returns the pairs whose names differ, by level:
// the place was renamed, or the code means another one now.
func (c *comparison) matchByCode() map[division.Level][]codePair {
	doubtful := map[division.Level][]codePair{}
	for i := range c.file.Rows {
		r := &c.file.Rows[i]
		n, ok := c.codes[r.Code]
		if !ok {
			continue
		}
		same := c.sameName(int32(i), n)
		switch {
		case same:
			c.pair(int32(i), n)
		case c.tree.Level(n) == r.Level:
			doubtful[r.Level] = append(doubtful[r.Level], codePair{int32(i), n})
		}
	}
	return doubtful
}

// pairAgain gives rows that no name explained back to the place with their code, unless what lies
// in the two says that they are not the same.
func (c *comparison) pairAgain(pairs []codePair) {
	for _, p := range pairs {
		if c.match[p.row] != tree.None || c.taken[p.node] != NoRow {
			continue
		}
		if shared, enough := c.shared(p.row, p.node); enough && shared < strangersShare {
			continue
		}
		c.pair(p.row, p.node)
	}
}

// Shares of children that two bodies have in common, in hundredths.
const (
	strangersShare = 34 // below: another body took over the code
	kinShare       = 34 // from here: the same body under another class of name
	movedShare     = 50 // from here: the same body in another county
	childrenFew    = 3  // fewer say nothing
)

// nameKey is what a place is looked for by.
type nameKey struct {
	scope tree.Node
	name  Name
}

// candidates are the free rows and places of one key.
type candidates struct {
	rows  []int32
	nodes []tree.Node
}

// matchByName pairs free rows and free places of a level that are the only ones of their name within
// their scope. strict asks for the class of body too; without it 歇马镇 may be 歇马街道.
func (c *comparison) matchByName(l, scope division.Level, strict bool) {
	found := map[nameKey]*candidates{}
	at := func(k nameKey) *candidates {
		if !strict {
			k.name.Class = ""
		}
		if found[k] == nil {
			found[k] = &candidates{}
		}
		return found[k]
	}
	for i := range c.file.Rows {
		if c.match[i] == tree.None && c.file.Rows[i].Level == l {
			if s := c.scopeOfRow(int32(i), scope); s != tree.None || l <= division.County {
				k := at(nameKey{s, c.rowName(int32(i))})
				k.rows = append(k.rows, int32(i))
			}
		}
	}
	if len(found) == 0 {
		return
	}
	for n := range tree.Node(c.tree.Len()) {
		if c.taken[n] == NoRow && c.tree.Level(n) == l {
			k := nameKey{c.scopeOfNode(c.tree.Parent(n), scope), c.nodeName(n)}
			if !strict {
				k.name.Class = ""
			}
			if group := found[k]; group != nil {
				group.nodes = append(group.nodes, n)
			}
		}
	}
	near, _ := scopes(l)
	for _, k := range found {
		if len(k.rows) == 1 && len(k.nodes) == 1 && c.kin(k.rows[0], k.nodes[0], strict, scope == near) {
			c.pair(k.rows[0], k.nodes[0])
		}
	}
}

// kin decides whether a row and a place of one name are one body, by what lies in them.
func (c *comparison) kin(row int32, n tree.Node, strict, near bool) bool {
	shared, enough := c.shared(row, n)
	switch {
	case near && strict:
		return true
	case near:
		return !enough || shared >= kinShare
	case c.file.Rows[row].Level >= division.Village:
		return true
	}
	return enough && shared >= movedShare
}

// shared is the share of children, in hundredths of the larger number, that a row and a place have
// in common by name; enough is false if either has too few to tell.
func (c *comparison) shared(row int32, n tree.Node) (share int, enough bool) {
	names := map[string]int{}
	rows, nodes, common := 0, 0, 0
	for i := row + 1; i < c.ends[row]; i = c.ends[i] {
		names[c.rowName(i).Base]++
		rows++
	}
	if rows < childrenFew {
		return 0, false
	}
	for child := range c.tree.Children(n) {
		nodes++
		if base := c.nodeName(child).Base; names[base] > 0 {
			names[base]--
			common++
		}
	}
	return common * 100 / max(rows, nodes), nodes >= childrenFew
}
