package audit

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Index is an estimate with its bounds.
type Index struct{ Value, Low, High float64 }

// Influence is what an input does to the answer: by itself, and together with the others.
type Influence struct {
	Name         string
	First, Total Index
}

// Influences is the answer of a sensitivity analysis of the mean shift of ranks.
type Influences struct {
	Inputs   []Influence
	Rows     int // N
	Runs     int // N·(d+2)
	Mean     float64
	Variance float64 // of the mean shift over A and B, n−1
	Failures []Failure
	Stopped  bool
	Spreads  []Spread // of the runs of A and B
}

// How many resamples a bootstrap has: bootstrapMax, in a large design fewer, so that it costs no more than
// bootstrapWork sums, but never less than bootstrapMin.
const (
	bootstrapMax  = 1000
	bootstrapMin  = 200
	bootstrapWork = 50_000_000
)

// firstRows is after how many rows it is first asked whether they are enough; then after twice as many.
const firstRows = 64

// Sensitivity says which input moves the ranks. Options.Runs is N, the rows of the design.
func Sensitivity(m Model, nominal []float64, o Options) (Influences, error) {
	if err := m.check(); err != nil {
		return Influences{}, err
	}
	if len(nominal) != m.Areas {
		return Influences{}, fault.New(fault.Invalid, "rating.audit_nominal", len(nominal), m.Areas)
	}
	if o.Runs < 2 || o.Runs > RowsMax || o.Runs > cellsMax/(2*m.Areas) {
		return Influences{}, fault.New(fault.Invalid, "rating.audit_rows", o.Runs, min(RowsMax,
			cellsMax/(2*m.Areas)))
	}
	sequence, err := NewSequence(2*m.numbers(), o.Seed)
	if err != nil {
		return Influences{}, err
	}
	s := &sensitivity{model: m, options: o, sequence: sequence,
		nominal: statistic.Rank(nominal, statistic.Descending), blocks: len(m.Inputs) + 2}
	s.answers = make([]float64, o.Runs*s.blocks)
	s.ranks = make([]int32, 2*o.Runs*m.Areas)
	s.failed = make([]*Failure, o.Runs)
	var found Influences
	for rows := 0; rows < o.Runs; {
		next := min(max(2*rows, firstRows), o.Runs)
		each(rows, next, o.Workers, s.worker)
		rows = next
		if o.Progress != nil {
			o.Progress(rows*s.blocks, o.Runs*s.blocks)
		}
		if rows < o.Runs && o.Precision <= 0 {
			continue
		}
		if found, err = s.estimate(rows); err != nil {
			return Influences{}, err
		}
		if rows < o.Runs && s.precise(found) {
			found.Stopped = true
			break
		}
	}
	found.Spreads = s.spreads(found.Rows)
	return found, nil
}

// sensitivity is an analysis under way. answers are those of a row of the design one after the other:
// that of A, of B, and of A with each input of B.
type sensitivity struct {
	model    Model
	options  Options
	sequence Sequence
	nominal  []int
	blocks   int
	answers  []float64
	ranks    []int32 // of A and B, row by row
	failed   []*Failure
}

// worker runs all the draws of a row.
func (s *sensitivity) worker() func(row int) {
	r := s.model.ranking()
	d := s.model.numbers()
	point, mixed := make([]float64, 2*d), make([]float64, d)
	return func(row int) {
		s.sequence.At(uint32(row), point)
		a, b := point[:d], point[d:]
		s.run(r, row, 0, a)
		s.run(r, row, 1, b)
		first := 0
		for i, input := range s.model.Inputs {
			copy(mixed, a)
			copy(mixed[first:first+input.Numbers], b[first:])
			s.run(r, row, 2+i, mixed)
			first += input.Numbers
		}
	}
}

// run makes one run of a row. What is drawn besides the numbers is the same in the whole row: else an
// input that does nothing would seem to move ranks.
func (s *sensitivity) run(r *ranking, row, block int, draw []float64) {
	if s.failed[row] != nil {
		return
	}
	places, err := r.ranks(row, draw)
	if err != nil {
		s.failed[row] = &Failure{row*s.blocks + block, slices.Clone(draw), err}
		return
	}
	s.answers[row*s.blocks+block] = shift(s.nominal, places)
	if block < 2 {
		into := s.ranks[(2*row+block)*s.model.Areas:]
		for a, p := range places {
			into[a] = int32(p)
		}
	}
}

// estimate computes the indices of the first rows.
func (s *sensitivity) estimate(rows int) (Influences, error) {
	found := Influences{Rows: rows, Runs: rows * s.blocks}
	var kept []int
	for row := range rows {
		if f := s.failed[row]; f != nil {
			found.Failures = append(found.Failures, *f)
			continue
		}
		kept = append(kept, row)
	}
	if err := refused(found.Failures, rows, s.options.Failures); err != nil {
		return found, err
	}
	if len(kept) < 2 {
		return found, fault.New(fault.Invalid, "rating.audit_rows", len(kept), RowsMax)
	}
	found.Mean, found.Variance = s.moments(kept)
	first, total := s.indices(kept)
	bounds := s.bootstrap(kept)
	for i, input := range s.model.Inputs {
		found.Inputs = append(found.Inputs, Influence{Name: input.Name,
			First: bounds.of(2*i, first[i]), Total: bounds.of(2*i+1, total[i])})
	}
	return found, nil
}

// moments are mean and variance of the answers of A and B.
func (s *sensitivity) moments(rows []int) (mean, variance float64) {
	n := float64(2 * len(rows))
	for _, row := range rows {
		mean += s.answers[row*s.blocks] + s.answers[row*s.blocks+1]
	}
	mean /= n
	for _, row := range rows {
		a, b := s.answers[row*s.blocks]-mean, s.answers[row*s.blocks+1]-mean
		variance += a*a + b*b
	}
	return mean, variance / (n - 1)
}

// indices are first and total order of every input; 0 where no draw moves any rank.
func (s *sensitivity) indices(rows []int) (first, total []float64) {
	d := len(s.model.Inputs)
	first, total = make([]float64, d), make([]float64, d)
	_, variance := s.moments(rows)
	if variance == 0 {
		return first, total
	}
	for _, row := range rows {
		y := s.answers[row*s.blocks : (row+1)*s.blocks]
		for i, mixed := range y[2:] {
			first[i] += y[1] * (mixed - y[0])
			total[i] += (y[0] - mixed) * (y[0] - mixed)
		}
	}
	n := float64(len(rows))
	for i := range first {
		first[i] /= n * variance
		total[i] /= 2 * n * variance
	}
	return first, total
}

// drawn are the estimates of every resample: of each input first and total order, one list each.
type drawn [][]float64

func (d drawn) of(i int, value float64) Index {
	return Index{value, statistic.QuantileSorted(d[i], 0.05), statistic.QuantileSorted(d[i], 0.95)}
}

// bootstrap estimates from rows drawn with replacement.
func (s *sensitivity) bootstrap(rows []int) drawn {
	all := make(drawn, 2*len(s.model.Inputs))
	resamples := max(bootstrapMin, min(bootstrapMax, bootstrapWork/(len(rows)*len(s.model.Inputs))))
	for i := range all {
		all[i] = make([]float64, resamples)
	}
	stream := statistic.NewStream(s.options.Seed, bootstrapStream)
	each(0, resamples, s.options.Workers, func() func(n int) {
		again := make([]int, len(rows))
		return func(n int) {
			own := stream.Sub(uint64(n))
			for i := range again {
				again[i] = rows[own.Below(uint64(i), len(rows))]
			}
			first, total := s.indices(again)
			for i := range first {
				all[2*i][n], all[2*i+1][n] = first[i], total[i]
			}
		}
	})
	for i := range all {
		slices.Sort(all[i])
	}
	return all
}

// precise tells whether the bounds of every total order are narrow enough.
func (s *sensitivity) precise(found Influences) bool {
	if s.options.Precision <= 0 {
		return false
	}
	for _, i := range found.Inputs {
		if half := (i.Total.High - i.Total.Low) / 2; math.IsNaN(half) || half > s.options.Precision {
			return false
		}
	}
	return true
}

// spreads are those of the runs of A and B.
func (s *sensitivity) spreads(rows int) []Spread {
	u := &uncertainty{model: s.model, options: s.options, nominal: s.nominal, ranks: s.ranks}
	for row, f := range s.failed[:rows] {
		if f != nil { // of a row that failed no run counts
			clear(s.ranks[2*row*s.model.Areas : 2*(row+1)*s.model.Areas])
		}
	}
	all := make([]Spread, s.model.Areas)
	each(0, s.model.Areas, s.options.Workers, func() func(a int) {
		counts := make([]int, s.model.Areas+1)
		return func(a int) { all[a] = u.spread(a, 2*rows, counts) }
	})
	return all
}
