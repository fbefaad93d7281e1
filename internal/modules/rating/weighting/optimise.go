package weighting

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Aim says what optimised weights are to reach.
type Aim string

// The aims.
const (
	AimBalance Aim = "balance" // every column's share of the correlations with the index is its target
	AimInfomax Aim = "infomax" // the correlations with the index sum to the most
)

// Problem is a search for weights.
type Problem struct {
	Elements frame.Frame // what is weighted; each column is correlated with the index
	Aim      Aim
	Targets  map[string]float64 // relative importance by code, for AimBalance; nil: equal
	Negative bool               // weights below 0 are allowed, as the reference package does
	Groups   []string           // parents: only weights of one parent compete, and sum to 1; nil: all do

	// Index answers the index of every area for weights in the order of the columns; nil is the weighted
	// mean of the figures that are there. It is called from one goroutine.
	Index func(weights []float64) ([]float64, error)
}

// Optimum is what was found.
type Optimum struct {
	Weights
	Objective    float64   // ln mean (t−s)² for balance, −Σr for infomax; the less the better
	Correlations []float64 // r of each column with the index
	Shares       []float64 // r ÷ Σr
	Targets      []float64 // divided by their sum
	Evaluations  int
}

const (
	evaluationsMax = 20000
	missLeast      = 1e-30 // a mean square below which shares are the targets in all digits
)

// search is a problem under way.
type search struct {
	Problem
	targets []float64
	group   []int // of each column
	groups  int
	calls   int
	err     error
}

// startsMax is the number of beginnings that are drawn, always the same ones.
const startsMax = 6

// Optimise finds weights by Levenberg–Marquardt from equal weights, from a first approximation and from drawn
// beginnings, and then Nelder–Mead with restarts until nothing is gained. Weights are squares of what is
// searched, so that none is below 0.
func Optimise(p Problem) (Optimum, error) {
	s := &search{Problem: p}
	if err := s.check(); err != nil {
		return Optimum{}, err
	}
	best := s.start(slices.Repeat([]float64{1}, len(s.targets)))
	begin := best
	if s.Aim == AimBalance {
		for k := range 2 + startsMax {
			found := s.descend(s.begin(k, begin))
			if s.cost(found) < s.cost(best) {
				best = found
			}
			if s.cost(best) < missLeast {
				break
			}
		}
	} else {
		inverse := make([]float64, len(s.targets))
		for i, column := range p.Elements.Values {
			inverse[i] = 1 / statistic.Deviation(column)
		}
		if from := s.start(inverse); s.cost(from) < s.cost(best) {
			best = from
		}
	}
	best = s.tidy(s.polish(best))
	if s.cost(begin) <= s.cost(best) {
		best = begin
	}
	if s.err != nil {
		return Optimum{}, s.err
	}
	return s.answer(best)
}

// negligible is a weight that is as good as 0.
const negligible = 1e-9

// tidy sets negligible weights to 0 where that costs nothing that can be seen.
func (s *search) tidy(point []float64) []float64 {
	clean := slices.Clone(point)
	for i, w := range s.weights(point) {
		if math.Abs(w) < negligible {
			clean[i] = 0
		}
	}
	if s.cost(clean) <= s.cost(point)+negligible*math.Abs(s.cost(point)) {
		return clean
	}
	return point
}

// check refuses what cannot be searched and pairs targets with columns by their codes.
func (s *search) check() error {
	f := s.Elements
	if len(f.Columns) == 0 || len(f.Areas) < 3 {
		return fault.New(fault.Invalid, "rating.weighting_areas", len(f.Areas), len(f.Columns), 3)
	}
	if s.Aim != AimBalance && s.Aim != AimInfomax {
		return fault.New(fault.Invalid, "rating.optimise_aim", string(s.Aim))
	}
	for c, column := range f.Values {
		if m := statistic.MomentsOf(column); m.N < 3 || m.Constant() {
			return constant(f, c)
		}
	}
	if s.Groups != nil && len(s.Groups) != len(f.Columns) {
		return fault.New(fault.Invalid, "rating.weighting_shape", len(f.Columns), len(s.Groups))
	}
	s.number()
	s.targets = slices.Repeat([]float64{1}, len(f.Columns))
	if s.Targets != nil {
		for code := range s.Targets {
			if f.Index(code) < 0 {
				return fault.New(fault.Invalid, "rating.optimise_target", code)
			}
		}
		for c, code := range f.Columns {
			t, given := s.Targets[code]
			if !given || !(t >= 0) || math.IsInf(t, 0) {
				return fault.New(fault.Invalid, "rating.optimise_target", code)
			}
			s.targets[c] = t
		}
	}
	sum := statistic.Sum(s.targets)
	if sum == 0 {
		return fault.New(fault.Invalid, "rating.optimise_target", f.Columns[0])
	}
	for c := range s.targets {
		s.targets[c] /= sum
	}
	if s.Index == nil {
		s.Index = s.mean
	}
	return nil
}

// mean is the weighted mean of the figures that are there.
func (s *search) mean(weights []float64) ([]float64, error) {
	index := make([]float64, len(s.Elements.Areas))
	for a := range index {
		sum, of := 0.0, 0.0
		for c, column := range s.Elements.Values {
			if x := column[a]; x == x {
				sum += weights[c] * x
				of += weights[c]
			}
		}
		index[a] = sum / of
	}
	return index, nil
}

// number gives the groups numbers; without groups all columns are one.
func (s *search) number() {
	s.group, s.groups = make([]int, len(s.Elements.Columns)), 1
	var names []string
	for c, name := range s.Groups {
		if s.group[c] = slices.Index(names, name); s.group[c] < 0 {
			s.group[c] = len(names)
			names = append(names, name)
		}
		s.groups = len(names)
	}
}

// begin is a beginning: equal weights, the first approximation, or drawn.
func (s *search) begin(k int, equal []float64) []float64 {
	switch k {
	case 0:
		return equal
	case 1:
		return s.approximate(equal)
	}
	drawn, lot := make([]float64, len(equal)), statistic.NewStream(1, uint64(k))
	for i := range drawn {
		drawn[i] = lot.Uniform(uint64(i))
	}
	return s.start(drawn)
}

// weights are those of a point of the search.
func (s *search) weights(point []float64) []float64 {
	w := make([]float64, len(point))
	for i, x := range point {
		if w[i] = x * x; s.Negative {
			w[i] = x
		}
	}
	return s.shares(w)
}

// shares divides weights in place by the sum of their group.
func (s *search) shares(w []float64) []float64 {
	sums := make([]float64, s.groups)
	for i, x := range w {
		sums[s.group[i]] += x
	}
	for i := range w {
		w[i] /= sums[s.group[i]]
	}
	return w
}

// start is the point of weights.
func (s *search) start(weights []float64) []float64 {
	point := s.shares(slices.Clone(weights))
	for i, w := range point {
		if !s.Negative {
			point[i] = math.Sqrt(w)
		}
	}
	return point
}

// correlations are those of every column with the index at a point.
func (s *search) correlations(point []float64) []float64 {
	s.calls++
	r := make([]float64, len(point))
	index, err := s.Index(s.weights(point))
	if err != nil {
		s.err = err
	}
	if err != nil || len(index) != len(s.Elements.Areas) {
		for i := range r {
			r[i] = math.NaN()
		}
		return r
	}
	for i, column := range s.Elements.Values {
		r[i] = statistic.Pearson(column, index)
	}
	return r
}

// misses are t − s at a point.
func (s *search) misses(point []float64) []float64 {
	r := s.correlations(point)
	sum := total(r)
	for i := range r {
		r[i] = s.targets[i] - r[i]/sum
	}
	return r
}

// total adds, and a missing figure makes it missing.
func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// cost is the mean square of the misses, or −Σr; infinite where a correlation is not defined.
func (s *search) cost(point []float64) float64 {
	cost := 0.0
	if s.Aim == AimInfomax {
		cost = -total(s.correlations(point))
	} else {
		misses := s.misses(point)
		cost = product(misses, misses) / float64(len(misses))
	}
	if math.IsNaN(cost) {
		return math.Inf(1)
	}
	return cost
}

// answer reads the correlations at the best point.
func (s *search) answer(best []float64) (Optimum, error) {
	cost := s.cost(best)
	if math.IsInf(cost, 0) {
		return Optimum{}, fault.New(fault.Invalid, "rating.optimise_undefined", len(s.targets))
	}
	o := Optimum{Objective: cost, Correlations: s.correlations(best), Targets: s.targets,
		Evaluations: s.calls}
	o.Columns, o.Values = s.Elements.Columns, s.weights(best)
	o.Few = len(s.Elements.Areas) < len(s.Elements.Columns)
	if s.Aim == AimBalance {
		o.Objective = math.Log(max(cost, missLeast))
	}
	sum := total(o.Correlations)
	for _, r := range o.Correlations {
		o.Shares = append(o.Shares, r/sum)
	}
	return o, nil
}
