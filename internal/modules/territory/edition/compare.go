package edition

import (
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Act is what a step is called in the history of its place. The words are those of territory events.
type Act string

// The acts an edition can bring about. Quiet steps belong to the edition itself: first rows, other
// spellings, categories.
const (
	Quiet     Act = ""
	Establish Act = "establish"
	Abolish   Act = "abolish"
	Rename    Act = "rename"
	Retype    Act = "retype"
	Recode    Act = "recode"
	Transfer  Act = "transfer"
)

// Step is one place to add, change or end.
type Step struct {
	Row     int32 // of the file; NoRow: the place ends (Abolish) or loses its code (Recode)
	Place   int64 // 0: a new place
	Act     Act
	Follows int32 // index of the step whose event this one belongs to; −1: its own, or the edition's
	// KeepName says that the standing name stays: it is the same, or the row's cannot be read.
	KeepName bool
}

// Counts say what a comparison found.
type Counts struct {
	Rows        int `json:"rows"`
	Refused     int `json:"refused"`
	Same        int `json:"same"`
	Added       int `json:"added"`
	Removed     int `json:"removed"`
	Renamed     int `json:"renamed"`
	Respelled   int `json:"respelled"`
	Recoded     int `json:"recoded"`
	Along       int `json:"along"` // of the recoded: because what they lie in was
	Retyped     int `json:"retyped"`
	Transferred int `json:"transferred"`
	Categories  int `json:"categories"`
	Suggested   int `json:"suggested"`
}

// Plan is what applying an edition does.
type Plan struct {
	Places      []int64         // row → the standing place it is; 0: a new one
	Outside     map[int64]int64 // code → standing place above rows of the file
	Steps       []Step          // parents before children; ends last, children before parents
	Suggestions []Suggestion
	Findings    []fault.Finding // about what the file leaves out
	Counts      Counts
	First       bool // nothing stood where the file lies
}

// comparison is the state of matching rows with standing places.
type comparison struct {
	file  *File
	tree  *tree.Tree
	codes map[int64]tree.Node
	match []tree.Node // row → node
	taken []int32     // node → row
	ends  []int32     // row → first row behind its subtree
	plan  Plan
	steps []int32 // row → its step, NoRow if it has none
	ended map[tree.Node]bool
	kept  map[tree.Node]bool // what rows of the file hang under, and what that lies in
}

// Compare finds out which rows are which standing places and what is to change. It changes nothing.
func Compare(file *File, standing *tree.Tree) *Plan {
	c := &comparison{file: file, tree: standing, codes: map[int64]tree.Node{},
		match: make([]tree.Node, len(file.Rows)), taken: make([]int32, standing.Len()),
		ends: make([]int32, len(file.Rows)), steps: make([]int32, len(file.Rows)),
		ended: map[tree.Node]bool{}, kept: map[tree.Node]bool{}}
	c.index()
	if len(c.codes) > 0 {
		c.matchAll()
	}
	c.settle()
	c.change()
	if !c.plan.First {
		c.remove()
		c.yieldCodes()
		c.suggest()
	}
	n := &c.plan.Counts
	n.Rows, n.Refused, n.Suggested = len(file.Rows), file.Refused, len(c.plan.Suggestions)
	return &c.plan
}

// Codes are the standing places by their codes.
func Codes(standing *tree.Tree) map[int64]tree.Node {
	codes := make(map[int64]tree.Node, standing.Len())
	for n := range tree.Node(standing.Len()) {
		if code, _, f := parseCode(standing.Code(n)); f.Severity != fault.Error {
			codes[code] = n
		}
	}
	return codes
}

func (c *comparison) index() {
	if c.tree.Len() > 0 {
		c.codes = Codes(c.tree)
	}
	for i := range c.match {
		c.match[i], c.steps[i] = tree.None, NoRow
	}
	for n := range c.taken {
		c.taken[n] = NoRow
	}
	for i := len(c.file.Rows) - 1; i >= 0; i-- {
		c.ends[i] = max(c.ends[i], int32(i)+1)
		if p := c.file.Rows[i].Parent; p != NoRow {
			c.ends[p] = max(c.ends[p], c.ends[i])
		}
	}
}

// settle notes in the plan which rows are which places.
func (c *comparison) settle() {
	c.plan.Places = make([]int64, len(c.match))
	c.plan.Outside = map[int64]int64{}
	for i, n := range c.match {
		if n != tree.None {
			c.plan.Places[i] = c.tree.ID(n)
		}
		if code := c.file.Rows[i].Outside; code != 0 {
			above := c.codes[code]
			c.plan.Outside[code] = c.tree.ID(above)
			for ; above != tree.None; above = c.tree.Parent(above) {
				c.kept[above] = true
			}
		}
	}
}

func (c *comparison) pair(row int32, n tree.Node) { c.match[row], c.taken[n] = n, row }

// aboveRow and aboveNode are the names of what a row or node hangs under.
func (c *comparison) aboveRow(row int32) string {
	if p := c.file.Rows[row].Parent; p != NoRow {
		return c.file.Rows[p].Name
	}
	return ""
}

func (c *comparison) aboveNode(n tree.Node) string {
	if p := c.tree.Parent(n); p != tree.None {
		return c.tree.Name(p)
	}
	return ""
}

func (c *comparison) sameName(row int32, n tree.Node) bool {
	a, b := c.file.Rows[row].Name, c.tree.Name(n)
	return a == b || SameName(a, b, c.file.Rows[row].Level, c.aboveRow(row), c.aboveNode(n))
}

func (c *comparison) rowName(row int32) Name {
	return ParseName(c.file.Rows[row].Name, c.file.Rows[row].Level, c.aboveRow(row))
}

func (c *comparison) nodeName(n tree.Node) Name {
	return ParseName(c.tree.Name(n), c.tree.Level(n), c.aboveNode(n))
}

// parentNode is the standing place a row hangs under: None if that is new or nothing.
func (c *comparison) parentNode(row int32) tree.Node {
	r := &c.file.Rows[row]
	if r.Parent != NoRow {
		return c.match[r.Parent]
	}
	if n, ok := c.codes[r.Outside]; ok {
		return n
	}
	return tree.None
}

// scope is the place of a level or above it within which a row or a node is looked for.
func (c *comparison) scopeOfRow(row int32, l division.Level) tree.Node {
	for {
		p := c.file.Rows[row].Parent
		if p == NoRow {
			return c.scopeOfNode(c.parentNode(row), l)
		}
		if row = p; c.file.Rows[row].Level <= l {
			return c.match[row]
		}
	}
}

func (c *comparison) scopeOfNode(n tree.Node, l division.Level) tree.Node {
	for n != tree.None && c.tree.Level(n) > l {
		n = c.tree.Parent(n)
	}
	return n
}
