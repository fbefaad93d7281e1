package score

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rules finds the aggregation of each node: its own, else its level's, the last of the list holding above.
func (p *Plan) rules(into []Aggregation, byLevel []Aggregation) []Aggregation {
	into = append(into[:0], make([]Aggregation, len(p.tree.nodes))...)
	for i := p.tree.indicators; i < len(into); i++ {
		if own := p.own[i].Aggregate; own != nil {
			into[i] = *own
			continue
		}
		if len(byLevel) > 0 {
			into[i] = byLevel[min(p.tree.nodes[i].Level-2, len(byLevel)-1)]
		}
	}
	return into
}

// mixer makes nodes of their children for a run of areas, in memory of its own.
type mixer struct {
	above, below []float64 // Σ of the numerator and Σ of the weights, by area of the run
	rest         []float64 // what rounding took from above
	there        []int     // children that are there
	middle       []float64 // figures of one area, for the median
}

// chunkAreas is the length of a run: its sums stay in the nearest cache.
const chunkAreas = 2048

func newMixer(areas int) *mixer {
	n := min(areas, chunkAreas)
	return &mixer{above: make([]float64, n), below: make([]float64, n), rest: make([]float64, n),
		there: make([]int, n)}
}

// mix fills the scores of a node for the areas from, up to but not with to, at most chunkAreas.
func (m *mixer) mix(w *Worker, node, from, to int) error {
	rule := w.rules[node]
	switch rule.Method {
	case "":
		for a := from; a < to; a++ {
			w.scores[node][a] = math.NaN()
		}
		return nil
	case Median:
		m.median(w, node, from, to)
		return nil
	}
	n := to - from
	clear(m.above[:n])
	clear(m.below[:n])
	clear(m.rest[:n])
	clear(m.there[:n])
	children := w.plan.tree.nodes[node].Children
	for _, child := range children {
		m.count(w.weights[child], w.scores[child][from:to])
	}
	for _, child := range children {
		weight, x := w.weights[child], w.scores[child][from:to]
		if at := m.add(rule, weight, x); at >= 0 {
			nodes := w.plan.tree.nodes
			return fault.New(fault.Invalid, "rating.mean_not_positive", nodes[node].Code, nodes[child].Code,
				w.plan.keys[from+at], x[at], rule.Method)
		}
	}
	m.finish(rule, w.scores[node][from:to], len(children))
	return w.outOfPower(node, from, to)
}

// count takes one child into the weights of the children that are there.
func (m *mixer) count(weight float64, x []float64) {
	below, there := m.below[:len(x)], m.there[:len(x)]
	for a, v := range x {
		if v == v {
			there[a]++
			below[a] += weight
		}
	}
}

// sum adds a term to the sum of an area and keeps what rounding takes, so that areas with the same figures in
// another order have the same score and share their rank. The terms themselves are rounded as the reference
// package rounds them, which adds them in a wider number.
func (m *mixer) sum(a int, term float64) {
	before := m.above[a]
	after := before + term
	part := after - before
	m.rest[a] += (before - (after - part)) + (term - part)
	m.above[a] = after
}

// add takes one child into the sums; it answers the first area whose figure the mean cannot take, or -1.
func (m *mixer) add(rule Aggregation, weight float64, x []float64) int {
	if weight == 0 && (rule.Method == Arithmetic || rule.Method == Total) {
		return -1
	}
	below := m.below[:len(x)]
	switch rule.Method {
	case Arithmetic:
		share, of := math.NaN(), math.NaN()
		for a, v := range x {
			if v == v {
				if below[a] != of { // mostly nothing is missing, and the share stays
					of = below[a]
					share = weight / of
				}
				m.sum(a, float64(share*v))
			}
		}
		return -1
	case Total:
		for a, v := range x {
			if v == v {
				m.sum(a, float64(weight*v))
			}
		}
		return -1
	}
	if weight == 0 {
		return -1
	}
	term := termOf(rule, weight)
	for a, v := range x {
		if v != v {
			continue
		}
		y := term(v)
		if y != y {
			return a
		}
		m.sum(a, y)
	}
	return -1
}

// termOf is what a mean sums of a figure with a weight; NaN where the mean cannot take it.
func termOf(rule Aggregation, weight float64) func(v float64) float64 {
	power := rule.Power
	switch {
	case rule.Method == Geometric || rule.Method == Generalised && power == 0:
		return func(v float64) float64 {
			if v <= 0 {
				return math.NaN()
			}
			return float64(weight * math.Log(v))
		}
	case rule.Method == Harmonic:
		return func(v float64) float64 {
			if v <= 0 {
				return math.NaN()
			}
			return weight / v
		}
	}
	return func(v float64) float64 {
		if v < 0 && power != 1 || v == 0 && power < 0 {
			return math.NaN()
		}
		return float64(weight * math.Pow(v, power))
	}
}

// finish turns the sums into scores.
func (m *mixer) finish(rule Aggregation, out []float64, children int) {
	least := 1
	if rule.Method == Generalised {
		least = children
	}
	for a := range out {
		above, below, there := m.above[a]+m.rest[a], m.below[a], m.there[a]
		if above != above {
			above = m.above[a] // an infinite sum has no rest
		}
		if there < least || float64(there)/float64(children) < rule.Threshold {
			out[a] = math.NaN()
			continue
		}
		switch rule.Method {
		case Arithmetic:
			out[a] = above
			if below == 0 {
				out[a] = math.NaN()
			}
		case Total:
			out[a] = above
		case Geometric:
			out[a] = math.Exp(above / below)
		case Harmonic:
			out[a] = below / above
		case Generalised:
			out[a] = math.Exp(above / below)
			if rule.Power != 0 {
				out[a] = math.Pow(above/below, 1/rule.Power)
			}
		}
	}
}

// median is the middle of the children that have a weight.
func (m *mixer) median(w *Worker, node, from, to int) {
	children := w.plan.tree.nodes[node].Children
	for a := from; a < to; a++ {
		m.middle = m.middle[:0]
		there := 0
		for _, child := range children {
			if x := w.scores[child][a]; x == x {
				there++
				if w.weights[child] != 0 {
					m.middle = append(m.middle, x)
				}
			}
		}
		w.scores[node][a] = math.NaN()
		if len(m.middle) == 0 || float64(there)/float64(len(children)) < w.rules[node].Threshold {
			continue
		}
		slices.Sort(m.middle)
		half := len(m.middle) / 2
		w.scores[node][a] = m.middle[half]
		if len(m.middle)%2 == 0 {
			w.scores[node][a] = (m.middle[half-1] + m.middle[half]) / 2
		}
	}
}
