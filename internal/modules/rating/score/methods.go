package score

import "github.com/terrace-project/terrace/internal/pure/fault"

// Methods are those of other packages, by the names under which schemes call them.
type Methods struct {
	Weigh   map[string]Weigh
	Combine map[string]Combine
	// Check refuses a method of weights that does not fit the children it is for; nil asks nothing. The
	// columns of the family are nil.
	Check func(f Family) error
	// Account tells, by method of weights, how they came about: consistency, shares.
	Account map[string]func(f Family) ([]fault.Finding, error)
}

// Family is what a method sees: the children of a node, or all nodes of a level.
type Family struct {
	Parent   string // empty for a whole level
	Children []string
	Level    []string    // all nodes that By weighs, also those under other parents; of weights only
	Areas    []string    // keys of the rows: unique
	Columns  [][]float64 // by child: normalised figures or scores; missing is NaN
	Raw      [][]float64 // by child: treated figures before normalising; nil above the indicators
	// Costs are, by child, those whose columns are not oriented, since nothing normalises them, and of which
	// less is better; nil where there are none.
	Costs      []bool
	Parameters map[string]float64
	By         Weighting // of weights: how
	Given      []float64 // of weights: by child, those that the scheme writes
}

// Weigh answers one weight a child. It may be called by several goroutines at once, and changes nothing.
type Weigh func(Family) ([]float64, error)

// Combine fills into, a cell an area, with the scores of the parent, missing where it has none. It may be
// called by several goroutines at once, and changes nothing but into.
type Combine func(f Family, weights, into []float64) error
