package score

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// each runs do for 0 to n−1 on the worker's processors, and answers the first refusal in that order.
func (w *Worker) each(n int, do func(core, i int) error) error {
	if w.cores == 1 || n == 1 {
		for i := range n {
			if err := do(0, i); err != nil {
				return err
			}
		}
		return nil
	}
	w.refused = append(w.refused[:0], make([]error, n)...)
	var next atomic.Int64
	var all sync.WaitGroup
	for core := range min(w.cores, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				w.refused[i] = do(core, i)
			}
		})
	}
	all.Wait()
	for _, err := range w.refused {
		if err != nil {
			return err
		}
	}
	return nil
}

// columns treats and normalises every indicator.
func (w *Worker) columns() error {
	return w.each(w.plan.tree.indicators, func(core, c int) error {
		source := w.plan.prepared[c]
		if w.variant.Data != nil {
			source = w.variant.Data[c]
		}
		w.treated[c] = w.treat(c, source)
		return w.normalise(c, &w.rooms[core])
	})
}

// treat answers the treated column: the source itself where there is nothing to do.
func (w *Worker) treat(c int, source []float64) []float64 {
	rule := w.plan.treats[c]
	if w.variant.Treat != nil && w.plan.scheme.Indicators[c].Treat == nil {
		rule = w.variant.Treat.rule()
	}
	if w.variant.WinMax > 0 {
		rule.WinMax = w.variant.WinMax
	}
	spans := w.plan.spans
	if rule.First == NoTreatment && rule.Second == NoTreatment {
		for k := range spans {
			w.treatments[c*len(spans)+k] = Treatment{Passed: true, Defined: true}
		}
		return source
	}
	for k, s := range spans {
		w.treatments[c*len(spans)+k] = rule.apply(w.room[c][s.from:s.to], source[s.from:s.to])
	}
	return w.room[c]
}

// normalise fills the score of an indicator.
func (w *Worker) normalise(c int, r *room) error {
	n := w.plan.normalisers[c]
	if i := &w.plan.scheme.Indicators[c]; w.variant.Normalise != nil && i.Normalise == nil {
		n = normaliserOf(*i, w.variant.Normalise)
	}
	if err := n.needs(); err != nil {
		return err
	}
	if n.By != ByTime {
		return n.apply(w.scores[c], w.treated[c], w.plan.areas, r)
	}
	for _, s := range w.plan.spans {
		err := n.apply(w.scores[c][s.from:s.to], w.treated[c][s.from:s.to], w.plan.areas[s.from:s.to], r)
		if err != nil {
			return err
		}
	}
	return nil
}

// level makes the nodes of a level.
func (w *Worker) level(level []int) error {
	areas := len(w.plan.areas)
	chunks := (areas + chunkAreas - 1) / chunkAreas
	err := w.each(chunks, func(core, i int) error {
		for _, node := range level {
			if w.plan.methods.Combine[w.rules[node].Method] != nil {
				continue
			}
			if err := w.mixers[core].mix(w, node, i*chunkAreas, min((i+1)*chunkAreas, areas)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.combine(level)
}

// combine makes the nodes of a level whose method looks at all areas together.
func (w *Worker) combine(level []int) error {
	return w.each(len(level), func(_, i int) error {
		node := level[i]
		method := w.plan.methods.Combine[w.rules[node].Method]
		if method == nil {
			return nil
		}
		children := w.plan.tree.nodes[node].Children
		weights := make([]float64, len(children))
		for k, child := range children {
			weights[k] = w.weights[child]
		}
		f := w.family(node, children, w.rules[node].Parameters)
		if err := method(f, weights, w.scores[node]); err != nil {
			return w.explained(err, node, children, w.rules[node].Method)
		}
		return nil
	})
}

// family shows nodes to a method of another package.
func (w *Worker) family(parent int, children []int, parameters map[string]float64) Family {
	f := Family{Areas: w.plan.keys, Parameters: parameters}
	if parent >= 0 {
		f.Parent = w.plan.tree.nodes[parent].Code
	}
	for _, c := range children {
		f.Children = append(f.Children, w.plan.tree.nodes[c].Code)
		f.Columns = append(f.Columns, w.scores[c])
		if c < w.plan.tree.indicators {
			f.Raw = append(f.Raw, w.treated[c])
		}
	}
	for k, c := range children {
		if c < w.plan.tree.indicators && w.unturnedCost(c) {
			if f.Costs == nil {
				f.Costs = make([]bool, len(children))
			}
			f.Costs[k] = true
		}
	}
	return f
}

// unturnedCost says that an indicator is a cost and enters its parent as it is.
func (w *Worker) unturnedCost(indicator int) bool {
	i, n := &w.plan.scheme.Indicators[indicator], &w.plan.normalisers[indicator].Normalise
	if w.variant.Normalise != nil && i.Normalise == nil {
		n = w.variant.Normalise
	}
	return i.Direction == Cost && n.Method == NotNormalised
}

// weigh finds the weights of the children of a level's nodes.
func (w *Worker) weigh(families []weighed) error {
	if w.variant.Weights != nil {
		return nil
	}
	return w.each(len(families), func(_, i int) error { return w.weighFamily(&families[i]) })
}

// weighFamily weighs nodes against each other.
func (w *Worker) weighFamily(of *weighed) error {
	method, name := w.plan.methods.Weigh[of.by.Method], of.by.Method
	switch {
	case name == EqualWeights:
		for _, c := range of.children {
			w.weights[c] = 1
		}
	case method != nil:
		weights, err := method(w.weighing(of))
		if err != nil {
			return w.explained(err, of.parent, of.children, name)
		}
		if cancelled(weights) {
			return w.explained(fault.New(fault.Invalid, "rating.weights_cancel", w.named(of.parent), name),
				of.parent, of.children, name)
		}
		for k, c := range of.children {
			w.weights[c] = weights[k]
		}
	}
	return nil
}

// weighing shows nodes to a method of weights.
func (w *Worker) weighing(of *weighed) Family {
	f := w.family(of.parent, of.children, of.by.Parameters)
	f.Level, f.By = of.level, of.by
	for _, c := range of.children {
		f.Given = append(f.Given, w.plan.given[c])
	}
	return f
}

// cancelled says that weights of both signs add up to nothing, so that no share of them is defined.
func cancelled(weights []float64) bool {
	const relative = 1e-9
	sum, size := 0.0, 0.0
	for _, x := range weights {
		sum, size = sum+x, size+math.Abs(x)
	}
	return size > 0 && math.Abs(sum) <= relative*size
}

// named is the code of a node; of none it is the scheme's key.
func (w *Worker) named(node int) string {
	if node < 0 {
		return w.plan.scheme.Key
	}
	return w.plan.tree.nodes[node].Code
}
