package tree

// Change is how a place differs between two days.
type Change struct {
	Before, After Node // None: it does not stand that day
	Added         bool
	Removed       bool
	Renamed       bool
	Recoded       bool
	Retyped       bool // another kind or level
	Moved         bool // under another place
	Category      bool
}

// Any reports whether anything differs.
func (c Change) Any() bool {
	return c.Added || c.Removed || c.Renamed || c.Recoded || c.Retyped || c.Moved || c.Category
}

// Diff walks the places that differ between two trees: those of the later one in its order, then
// those that stand no longer in the order of the earlier one.
func Diff(before, after *Tree, visit func(Change)) {
	for n := range Node(after.Len()) {
		old := before.Find(after.ID(n))
		if old == None {
			visit(Change{Before: None, After: n, Added: true})
			continue
		}
		if c := compareNodes(before, after, old, n); c.Any() {
			visit(c)
		}
	}
	for n := range Node(before.Len()) {
		if !after.Has(before.ID(n)) {
			visit(Change{Before: n, After: None, Removed: true})
		}
	}
}

func compareNodes(before, after *Tree, old, n Node) Change {
	return Change{Before: old, After: n, Renamed: before.Name(old) != after.Name(n),
		Recoded:  before.Code(old) != after.Code(n),
		Retyped:  before.Kind(old) != after.Kind(n) || before.Level(old) != after.Level(n),
		Moved:    before.idAt(before.Parent(old)) != after.idAt(after.Parent(n)),
		Category: before.Category(old) != after.Category(n)}
}

// idAt is the place at a node; 0 of None.
func (t *Tree) idAt(n Node) int64 {
	if n == None {
		return 0
	}
	return t.ids[n]
}
