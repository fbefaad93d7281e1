package score

// Methods are those of other packages, by the names under which schemes call them.
type Methods struct {
	Weigh   map[string]Weigh
	Combine map[string]Combine
}

// Family is what a method sees: the children of a node, or all nodes of a level.
type Family struct {
	Parent   string
	Children []string
	Areas    []string    // keys of the rows: unique
	Columns  [][]float64 // by child: normalised figures or scores; missing is NaN
	Raw      [][]float64 // by child: treated figures before normalising; nil above the indicators
	// Costs are, by child, those whose columns are not oriented, since nothing normalises them, and of which
	// less is better; nil where there are none.
	Costs      []bool
	Parameters map[string]float64
}

// Weigh answers one weight a child. It may be called by several goroutines at once, and changes nothing.
type Weigh func(Family) ([]float64, error)

// Combine fills into, a cell an area, with the scores of the parent, missing where it has none. It may be
// called by several goroutines at once, and changes nothing but into.
type Combine func(f Family, weights, into []float64) error
