package space

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Test says how probabilities are found.
type Test struct {
	Permutations int    // usually 999
	Seed         uint64 // the same seed gives the same probabilities
	KeepIslands  bool   // areas without neighbours are taken as they are, not refused
}

// permutationsMax bounds the work.
const permutationsMax = 99_999

// Figures are what is tested: a column with its areas.
type Figures struct {
	Indicator string
	Areas     []string
	Values    []float64
}

// Global is Moran's I of a whole.
type Global struct {
	I           float64
	Expectation float64 // −1/(n−1)
	P           float64 // two-sided, by permutation
	Mean, SD    float64 // of I over the permutations
	Areas       int
	Seed        uint64
	Islands     []string
}

// Kind says how an area and its neighbours lie about the mean.
type Kind string

// The kinds.
const (
	HighHigh Kind = "high_high" // a high figure among high ones: a hot spot
	LowLow   Kind = "low_low"
	HighLow  Kind = "high_low" // a high figure among low ones: an outlier
	LowHigh  Kind = "low_high"
	Isolated Kind = "isolated" // no neighbours
)

// Local is Moran's I of one area.
type Local struct {
	Area        string
	I           float64 // NaN for an island
	Expectation float64
	P           float64 // two-sided, the area held and the others permuted; NaN for an island
	Q           float64 // P after the false discovery rate
	Lag         float64 // weighted mean (row-standardised) of the neighbours' deviations
	Kind        Kind
}

// deviations checks figures, matrix and test, and answers the matrix in the order of the data, z and Σz².
func (f Figures) deviations(m Matrix, t Test) (Matrix, []float64, float64, error) {
	m, err := m.Of(f.Areas)
	if err != nil {
		return m, nil, 0, err
	}
	if len(f.Values) != len(f.Areas) {
		return m, nil, 0, fault.New(fault.Invalid, "rating.space_points", len(f.Areas), len(f.Values))
	}
	if len(f.Areas) < 3 {
		return m, nil, 0, fault.New(fault.Invalid, "rating.space_few", f.Indicator, len(f.Areas))
	}
	if t.Permutations < 1 || t.Permutations > permutationsMax {
		return m, nil, 0, fault.New(fault.Invalid, "rating.space_permutations", t.Permutations,
			permutationsMax)
	}
	for a, x := range f.Values {
		if frame.IsMissing(x) || math.IsInf(x, 0) {
			return m, nil, 0, fault.New(fault.Invalid, "rating.space_missing", f.Indicator, f.Areas[a])
		}
	}
	islands := m.Islands()
	if len(islands) > 0 && !t.KeepIslands || len(islands) == len(f.Areas) {
		return m, nil, 0, fault.New(fault.Invalid, "rating.space_islands", named(islands))
	}
	moments := statistic.MomentsOf(f.Values)
	if moments.Constant() {
		return m, nil, 0, fault.New(fault.Invalid, "rating.space_constant", f.Indicator)
	}
	z, squares := make([]float64, len(f.Values)), 0.0
	for a, x := range f.Values {
		z[a] = x - moments.Mean
		squares += z[a] * z[a]
	}
	return m, z, squares, nil
}

// cross is ΣΣ w_ij z_i z_j with z read through an order.
func (m Matrix) cross(z []float64, order []int) float64 {
	sum := 0.0
	for i, row := range m.Rows {
		lag := 0.0
		for _, l := range row {
			lag += l.Weight * z[order[l.To]]
		}
		sum += lag * z[order[i]]
	}
	return sum
}

// Moran answers the global I. The matrix is taken as it is; RowStandardised is usual.
func Moran(f Figures, m Matrix, t Test) (Global, error) {
	m, z, squares, err := f.deviations(m, t)
	if err != nil {
		return Global{}, err
	}
	n, whole := len(z), 0.0
	for _, row := range m.Rows {
		for _, l := range row {
			whole += l.Weight
		}
	}
	factor := float64(n) / whole / squares
	plain := make([]int, n)
	for a := range plain {
		plain[a] = a
	}
	g := Global{I: factor * m.cross(z, plain), Expectation: -1 / float64(n-1), Areas: n, Seed: t.Seed,
		Islands: m.Islands()}
	drawn := make([]float64, t.Permutations)
	lot := statistic.NewStream(t.Seed, 0)
	side(t.Permutations, func(next func() int) {
		order := make([]int, n)
		for r := next(); r < t.Permutations; r = next() {
			lot.Permute(uint64(r), order)
			drawn[r] = factor * m.cross(z, order)
		}
	})
	g.Mean, g.SD = statistic.Mean(drawn), statistic.Deviation(drawn)
	g.P = probability(drawn, g.I, g.Expectation)
	return g, nil
}

// probability is the two-sided p of a figure among permuted ones. What is equal but for rounding counts
// as equal.
func probability(drawn []float64, found, expected float64) float64 {
	far, count := math.Abs(found-expected), 1
	for _, x := range drawn {
		if math.Abs(x-expected) >= far*(1-1e-9) {
			count++
		}
	}
	return float64(count) / float64(len(drawn)+1)
}

// side runs work on every processor; each asks for the next of count until there is none.
func side(count int, work func(next func() int)) {
	var given atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), count) {
		all.Go(func() { work(func() int { return int(given.Add(1)) - 1 }) })
	}
	all.Wait()
}

// MoranLocal answers the local I of every area, in the order of the figures.
func MoranLocal(f Figures, m Matrix, t Test) ([]Local, error) {
	m, z, squares, err := f.deviations(m, t)
	if err != nil {
		return nil, err
	}
	n := len(z)
	m2 := squares / float64(n)
	locals := make([]Local, n)
	lot := statistic.NewStream(t.Seed, 1)
	side(n, func(next func() int) {
		drawn, others := make([]float64, t.Permutations), make([]int, n-1)
		for i := next(); i < n; i = next() {
			locals[i] = m.local(i, z, m2)
			locals[i].Area = f.Areas[i]
			if locals[i].Kind == Isolated {
				continue
			}
			m.permuted(i, z, drawn, others, lot.Sub(uint64(i)))
			for r := range drawn {
				drawn[r] *= z[i] / m2
			}
			locals[i].P = probability(drawn, locals[i].I, locals[i].Expectation)
		}
	})
	discover(locals)
	return locals, nil
}

// local is one area's figure and kind, without its probability.
func (m Matrix) local(i int, z []float64, m2 float64) Local {
	l := Local{I: math.NaN(), Expectation: math.NaN(), P: math.NaN(), Q: math.NaN(), Lag: math.NaN(),
		Kind: Isolated}
	if len(m.Rows[i]) == 0 {
		return l
	}
	lag, weights := 0.0, 0.0
	for _, link := range m.Rows[i] {
		lag += link.Weight * z[link.To]
		weights += link.Weight
	}
	l.I = z[i] / m2 * lag
	l.Expectation = -z[i] * z[i] / m2 * weights / float64(len(z)-1)
	l.Lag = lag / weights
	switch {
	case z[i] >= 0 && lag >= 0:
		l.Kind = HighHigh
	case z[i] >= 0:
		l.Kind = HighLow
	case lag >= 0:
		l.Kind = LowHigh
	default:
		l.Kind = LowLow
	}
	return l
}

// permuted fills drawn with lags of area i, its neighbours drawn from all others without putting back.
func (m Matrix) permuted(i int, z, drawn []float64, others []int, lot statistic.Stream) {
	for k := range others {
		others[k] = k
		if k >= i {
			others[k] = k + 1
		}
	}
	row := m.Rows[i]
	swapped := make([]int, len(row))
	for r := range drawn {
		own, lag := lot.Sub(uint64(r)), 0.0
		for k, link := range row {
			j := k + own.Below(uint64(k), len(others)-k)
			swapped[k] = j
			others[k], others[j] = others[j], others[k]
			lag += link.Weight * z[others[k]]
		}
		// Undone, so that replication r is the same whichever came before.
		for k := len(row) - 1; k >= 0; k-- {
			others[k], others[swapped[k]] = others[swapped[k]], others[k]
		}
		drawn[r] = lag
	}
}

// discover sets Q by the false discovery rate.
func discover(locals []Local) {
	p := make([]float64, len(locals))
	for i, l := range locals {
		p[i] = l.P
	}
	for i, q := range FalseDiscovery(p) {
		locals[i].Q = q
	}
}

// FalseDiscovery answers p-values adjusted by Benjamini and Hochberg; missing ones stay missing and do
// not count.
func FalseDiscovery(p []float64) []float64 {
	var order []int
	q := make([]float64, len(p))
	for i, x := range p {
		if q[i] = math.NaN(); !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		least = min(least, p[order[k]]*(float64(len(order))/float64(k+1)))
		q[order[k]] = least
	}
	return q
}
