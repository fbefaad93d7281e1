package score

import (
	"math"
	"runtime"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Plan is a scheme on prepared data, ready to be computed again and again. It never changes, and any number
// of goroutines may share it.
type Plan struct {
	scheme      Scheme
	methods     Methods
	tree        tree
	own         []Aggregate // by node; of indicators empty
	families    [][]weighed // by level of the parents, from 2
	areas       []string
	keys        []string // area, with its time in a panel: unique
	names       []string
	times       []string
	groups      map[string][]string
	prepared    [][]float64 // by indicator
	spans       []span
	normalisers []normaliser
	treats      []Treat // by indicator, whole rules
	given       []float64
	changes     []Change
	screened    []Screened
}

// Compile checks a scheme, prepares the data (denominate, impute, screen) and makes the plan of the rest.
func Compile(s Scheme, t Table, m Methods) (*Plan, error) {
	hierarchy, err := s.tree(m)
	if err != nil {
		return nil, err
	}
	if err := t.sized(); err != nil {
		return nil, err
	}
	data, err := prepare(s, hierarchy, t)
	if err != nil {
		return nil, err
	}
	p := &Plan{scheme: s, methods: m, tree: hierarchy, own: make([]Aggregate, len(hierarchy.nodes)),
		areas: data.areas, keys: keysOf(data.areas, data.times), names: data.names, times: data.times,
		groups: data.groups, prepared: data.columns, spans: data.spans, changes: data.changes,
		screened: data.screened}
	for _, a := range s.Aggregates {
		p.own[hierarchy.at[a.Code]] = a
	}
	p.families = hierarchy.families(s)
	for _, n := range hierarchy.nodes {
		p.given = append(p.given, n.Weight)
	}
	for _, i := range s.Indicators {
		p.normalisers = append(p.normalisers, normaliserOf(i, s.Normalise))
		p.treats = append(p.treats, treatOf(i, s.Treat))
	}
	return p, nil
}

// keysOf are names of rows that are unique: the code of the area, and its time in a panel.
func keysOf(areas, times []string) []string {
	if times == nil || !slices.ContainsFunc(times, func(t string) bool { return t != times[0] }) {
		return areas
	}
	keys := make([]string, len(areas))
	for i := range areas {
		keys[i] = areas[i] + " " + times[i]
	}
	return keys
}

// treatOf joins what the scheme says for all with what an indicator says for itself.
func treatOf(i Indicator, all *Treat) Treat {
	switch {
	case i.Treat != nil:
		return i.Treat.rule()
	case all != nil:
		return all.rule()
	}
	return Treat{First: NoTreatment, Second: NoTreatment}
}

// Nodes are the indicators in the order of the scheme, then the aggregates by level. The slice is the plan's.
func (p *Plan) Nodes() []Node { return p.tree.nodes }

// Indicators is the number of nodes that are indicators: the first ones.
func (p *Plan) Indicators() int { return p.tree.indicators }

// Index is the place of a code among the nodes, or -1.
func (p *Plan) Index(code string) int {
	if at, there := p.tree.at[code]; there {
		return at
	}
	return -1
}

// Top is the node of the highest level, the first of them; -1 in a scheme without aggregates.
func (p *Plan) Top() int {
	if len(p.tree.levels) == 0 {
		return -1
	}
	return p.tree.levels[len(p.tree.levels)-1][0]
}

// Areas are the codes of the rows that were not screened out, sorted by time in a panel.
func (p *Plan) Areas() []string { return p.areas }

// Keys name the rows: the codes of Areas, in a panel with the time behind. They are unique.
func (p *Plan) Keys() []string { return p.keys }

// Times are the times of the rows, nil if the data have none.
func (p *Plan) Times() []string { return p.times }

// Prepared are the figures by indicator before treatment. The slices are the plan's: do not change them.
func (p *Plan) Prepared() [][]float64 { return p.prepared }

// Weights are those the scheme gives, by node. A copy.
func (p *Plan) Weights() []float64 { return slices.Clone(p.given) }

// Variant says what differs from the scheme in one rebuild; the zero Variant is the scheme. What an
// indicator or node says for itself stays, but for WinMax, which holds for every treatment.
type Variant struct {
	Data      [][]float64 // prepared figures by indicator
	WinMax    int
	Treat     *Treat
	Normalise *Normalise
	Weights   []float64 // by node, at least 0; then no method of weights runs
	Aggregate []Aggregation
}

// Worker rebuilds; it is for one goroutine at a time, and its answers lie in its memory.
type Worker struct {
	plan       *Plan
	cores      int
	data       [][]float64
	room       [][]float64 // where treated columns go
	treated    [][]float64
	scores     [][]float64
	weights    []float64
	rules      []Aggregation
	treatments []Treatment // by indicator, then by span
	refused    []error     // by indicator or run of areas
	rooms      []room
	mixers     []*mixer
	ranks      []int
	ranker     room
	variant    Variant
}

// Worker makes a worker that uses a number of processors for one rebuild; 0 is all there are.
func (p *Plan) Worker(cores int) *Worker {
	if cores <= 0 {
		cores = runtime.GOMAXPROCS(0)
	}
	w := &Worker{plan: p, cores: cores, rooms: make([]room, cores), ranks: make([]int, len(p.areas))}
	for range cores {
		w.mixers = append(w.mixers, newMixer(len(p.areas)))
	}
	w.scores = block(len(p.tree.nodes), len(p.areas))
	w.room = block(p.tree.indicators, len(p.areas))
	w.treated = make([][]float64, p.tree.indicators)
	w.treatments = make([]Treatment, p.tree.indicators*len(p.spans))
	return w
}

// block makes columns in one piece of memory.
func block(columns, rows int) [][]float64 {
	memory, out := make([]float64, columns*rows), make([][]float64, columns)
	for c := range out {
		out[c] = memory[c*rows : (c+1)*rows : (c+1)*rows]
	}
	return out
}

// Data are columns of the worker's own to put noise on, for Variant.Data. They begin as the prepared figures.
func (w *Worker) Data() [][]float64 {
	if w.data == nil {
		w.data = block(w.plan.tree.indicators, len(w.plan.areas))
		for c, column := range w.plan.prepared {
			copy(w.data[c], column)
		}
	}
	return w.data
}

// Scores of the last rebuild: by node, indicators normalised, then by area. The worker's memory.
func (w *Worker) Scores() [][]float64 { return w.scores }

// Weights of the last rebuild, by node. The worker's memory.
func (w *Worker) Weights() []float64 { return w.weights }

// Rank is the rank of every area in a node of the last rebuild, each time of a panel by itself; 0 where the
// area has no score. The worker's memory, until the next call.
func (w *Worker) Rank(node int) []int {
	for _, s := range w.plan.spans {
		w.ranker.ranker.Rank(w.ranks[s.from:s.to], w.scores[node][s.from:s.to], 0)
	}
	return w.ranks
}

// Rebuild computes everything from treatment to the top and answers the scores by node, in the worker's
// memory until the next call.
func (w *Worker) Rebuild(v Variant) ([][]float64, error) {
	w.variant = v
	if err := w.check(); err != nil {
		return nil, err
	}
	w.rules = w.plan.rules(w.rules, w.plan.scheme.Aggregate)
	if v.Aggregate != nil {
		w.rules = w.plan.rules(w.rules, v.Aggregate)
	}
	if err := w.columns(); err != nil {
		return nil, err
	}
	w.weights = append(w.weights[:0], w.plan.given...)
	if v.Weights != nil {
		copy(w.weights, v.Weights)
	}
	for at, level := range w.plan.tree.levels {
		if err := w.weigh(w.plan.families[at]); err != nil {
			return nil, err
		}
		if err := w.level(level); err != nil {
			return nil, err
		}
	}
	return w.scores, nil
}

// check refuses a variant that does not fit the plan.
func (w *Worker) check() error {
	v := w.variant
	if v.Weights != nil && len(v.Weights) != len(w.plan.tree.nodes) {
		return fault.New(fault.Invalid, "rating.variant_weights", len(v.Weights), len(w.plan.tree.nodes))
	}
	for i, x := range v.Weights {
		if !(math.Abs(x) <= weightMax) {
			return fault.New(fault.Invalid, "rating.variant_weight", w.plan.tree.nodes[i].Code, x)
		}
	}
	if n := v.Normalise; n != nil && !slices.Contains(normalisations, n.Method) {
		return fault.New(fault.Invalid, "rating.variant_method", n.Method)
	}
	for _, a := range v.Aggregate {
		if !slices.Contains(aggregations, a.Method) && w.plan.methods.Combine[a.Method] == nil {
			return fault.New(fault.Invalid, "rating.variant_method", a.Method)
		}
	}
	if v.Data != nil && len(v.Data) != w.plan.tree.indicators {
		return fault.New(fault.Invalid, "rating.variant_weights", len(v.Data), w.plan.tree.indicators)
	}
	return nil
}
