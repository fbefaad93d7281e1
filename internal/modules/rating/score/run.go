package score

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Outcome is a whole run: the figures after each step, weights, ranks, and what was changed. Columns stand by
// node or indicator, cells by row.
type Outcome struct {
	Areas, Names, Times []string // Names and Times nil where the data have none
	Keys                []string // area, with its time in a panel: unique
	Groups              map[string][]string
	Nodes               []Node
	Indicators          int         // nodes that are indicators: the first ones
	Prepared, Treated   [][]float64 // by indicator
	Scores              [][]float64 // by node: indicators normalised
	Ranks               [][]int     // by node; 0 is no rank
	Weights, Effective  []float64   // by node
	Rules               []Aggregation
	Changes             []Change
	Screened            []Screened      // all areas, also those dropped; nil without screening
	Treatments          []Treatment     // nil without treatment
	Notes               []fault.Finding // how weights came about, of methods that tell
	plan                *Plan
}

// Run computes everything on all processors and keeps it.
func (p *Plan) Run() (*Outcome, error) {
	w := p.Worker(0)
	scores, err := w.Rebuild(Variant{})
	if err != nil {
		return nil, err
	}
	o := &Outcome{Areas: p.areas, Keys: p.keys, Names: p.names, Times: p.times, Groups: p.groups,
		Nodes:      p.tree.nodes,
		Indicators: p.tree.indicators, Prepared: p.prepared, Treated: w.treated, Scores: scores,
		Weights: slices.Clone(w.weights), Rules: slices.Clone(w.rules), Changes: slices.Clone(p.changes),
		Screened: p.screened, plan: p}
	o.Effective = p.tree.effective(o.Weights)
	for node := range p.tree.nodes {
		o.Ranks = append(o.Ranks, slices.Clone(w.Rank(node)))
	}
	o.tell(w)
	o.Notes, err = w.account()
	return o, err
}

// tell records what treatment and goalposts changed.
func (o *Outcome) tell(w *Worker) {
	p := o.plan
	for c, indicator := range p.scheme.Indicators {
		for k, s := range p.spans {
			done := w.treatments[c*len(p.spans)+k]
			done.Indicator, done.Time = indicator.Code, s.time
			if done.Skewness[0] == done.Skewness[0] || !done.Passed {
				o.Treatments = append(o.Treatments, done)
			}
			for row := s.from; row < s.to; row++ {
				from, to := p.prepared[c][row], w.treated[c][row]
				if from != to && from == from {
					o.change(row, indicator.Code, Treating, [2]float64{from, to}, done.reason(from, to))
				}
			}
		}
		o.cuts(c, p.normalisers[c])
	}
}

func (o *Outcome) change(row int, indicator string, step Step, cells [2]float64, why string) {
	change := Change{Area: o.Areas[row], Indicator: indicator, Step: step, From: cells[0], To: cells[1],
		Why: why}
	if o.Times != nil {
		change.Time = o.Times[row]
	}
	o.Changes = append(o.Changes, change)
}

// reason says in a word what treatment did to a cell.
func (t Treatment) reason(from, to float64) string {
	switch {
	case t.Done != Winsorise:
		return t.Done
	case to < from:
		return "winhi"
	}
	return "winlo"
}

// cuts records figures outside the goalposts.
func (o *Outcome) cuts(c int, n normaliser) {
	if n.Method != Goalposts || n.Free {
		return
	}
	for row, x := range o.Treated[c] {
		x = n.turned(x)
		low, high := n.posts.Low, n.posts.High
		if n.direction == Cost {
			low, high = -high, -low
		}
		if n.direction != Interval && (x < low || x > high) {
			o.change(row, o.Nodes[c].Code, Normalising, [2]float64{o.Treated[c][row], o.Scores[c][row]},
				"cut")
		}
	}
}

// Top is the node of the highest level; -1 without aggregates.
func (o *Outcome) Top() int { return o.plan.Top() }

// Frame is the table of some nodes' scores by Keys, for methods that take frames.
func (o *Outcome) Frame(nodes []int) frame.Frame {
	f := frame.Frame{Areas: o.Keys}
	for _, n := range nodes {
		f.Columns = append(f.Columns, o.Nodes[n].Code)
		f.Values = append(f.Values, o.Scores[n])
	}
	return f
}

// RankWithin is the rank of every row in a node among the rows of the same group and time; 0 where the area
// has no score or no group.
func (o *Outcome) RankWithin(node int, group string) []int {
	ranks, of := make([]int, len(o.Areas)), o.Groups[group]
	if of == nil {
		return ranks
	}
	families := map[[2]string][]int{}
	for row, name := range of {
		family := [2]string{name}
		if o.Times != nil {
			family[1] = o.Times[row]
		}
		if name != "" {
			families[family] = append(families[family], row)
		}
	}
	for _, rows := range families {
		for k, rank := range statistic.Rank(chosen(o.Scores[node], rows), statistic.Descending) {
			ranks[rows[k]] = rank
		}
	}
	return ranks
}
