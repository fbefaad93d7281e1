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

// Sensitivity says which input moves the ranks of a model without parts. Options.Runs is N, the rows of the
// design.
func Sensitivity(m Model, nominal []float64, o Options) (Influences, error) {
	m.Parts = nil
	found, err := Sensitivities(m, nominal, o)
	if err != nil {
		return Influences{}, err
	}
	return found[0], nil
}

// Sensitivities says of each part of a model which input moves its ranks; the index is built once for all of
// them. A precision ends the analysis when it is reached in every part. The spreads of a part are in the
// order of its areas.
func Sensitivities(m Model, nominal []float64, o Options) ([]Influences, error) {
	s, err := designed(m, nominal, o)
	if err != nil {
		return nil, err
	}
	var found []Influences
	stopped := false
	for rows := 0; rows < o.Runs && !stopped; {
		next := min(max(2*rows, firstRows), o.Runs)
		each(rows, next, o.Workers, s.worker)
		rows = next
		if o.Progress != nil {
			o.Progress(rows*s.blocks, o.Runs*s.blocks)
		}
		if rows < o.Runs && o.Precision <= 0 {
			continue
		}
		if found, err = s.estimates(rows); err != nil {
			return nil, err
		}
		stopped = rows < o.Runs && s.precise(found)
	}
	spreads := s.spreads(found[0].Rows)
	for p, part := range s.parts {
		found[p].Stopped = stopped
		for _, a := range part {
			found[p].Spreads = append(found[p].Spreads, spreads[a])
		}
	}
	return found, nil
}

// designed makes room for an analysis, or refuses it.
func designed(m Model, nominal []float64, o Options) (*sensitivity, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if len(nominal) != m.Areas {
		return nil, fault.New(fault.Invalid, "rating.audit_nominal", len(nominal), m.Areas)
	}
	if most := min(RowsMax, cellsMax/(2*m.Areas)); o.Runs < 2 || o.Runs > most {
		return nil, fault.New(fault.Invalid, "rating.audit_rows", o.Runs, most)
	}
	sequence, err := NewSequence(2*m.numbers(), o.Seed)
	if err != nil {
		return nil, err
	}
	s := &sensitivity{model: m, options: o, sequence: sequence, nominal: m.nominal(nominal),
		parts: m.parts(), blocks: len(m.Inputs) + 2}
	for range s.parts {
		s.answers = append(s.answers, make([]float64, o.Runs*s.blocks))
	}
	s.ranks = make([]int32, 2*o.Runs*m.Areas)
	s.failed = make([]*Failure, o.Runs)
	return s, nil
}

// sensitivity is an analysis under way. answers are, for each part, those of a row of the design one after
// the other: that of A, of B, and of A with each input of B.
type sensitivity struct {
	model    Model
	options  Options
	sequence Sequence
	nominal  []int
	parts    [][]int
	blocks   int
	answers  [][]float64
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
	for p, part := range s.parts {
		s.answers[p][row*s.blocks+block] = shiftIn(part, s.nominal, places)
	}
	if block < 2 {
		into := s.ranks[(2*row+block)*s.model.Areas:]
		for a, p := range places {
			into[a] = int32(p)
		}
	}
}

// estimates computes the indices of the first rows, part by part.
func (s *sensitivity) estimates(rows int) ([]Influences, error) {
	var failures []Failure
	var kept []int
	for row := range rows {
		if f := s.failed[row]; f != nil {
			failures = append(failures, *f)
			continue
		}
		kept = append(kept, row)
	}
	if err := refused(failures, rows, s.options.Failures); err != nil {
		return nil, err
	}
	if len(kept) < 2 {
		return nil, fault.New(fault.Invalid, "rating.audit_rows", len(kept), RowsMax)
	}
	all := make([]Influences, len(s.parts))
	for p := range s.parts {
		found := Influences{Rows: rows, Runs: rows * s.blocks, Failures: failures}
		found.Mean, found.Variance = s.moments(p, kept)
		first, total := s.indices(p, kept)
		bounds := s.bootstrap(p, kept)
		for i, input := range s.model.Inputs {
			found.Inputs = append(found.Inputs, Influence{Name: input.Name,
				First: bounds.of(2*i, first[i]), Total: bounds.of(2*i+1, total[i])})
		}
		all[p] = found
	}
	return all, nil
}

// moments are mean and variance of a part's answers of A and B.
func (s *sensitivity) moments(part int, rows []int) (mean, variance float64) {
	n, answers := float64(2*len(rows)), s.answers[part]
	for _, row := range rows {
		mean += answers[row*s.blocks] + answers[row*s.blocks+1]
	}
	mean /= n
	for _, row := range rows {
		a, b := answers[row*s.blocks]-mean, answers[row*s.blocks+1]-mean
		variance += a*a + b*b
	}
	return mean, variance / (n - 1)
}

// indices are first and total order of every input; 0 where no draw moves any rank.
func (s *sensitivity) indices(part int, rows []int) (first, total []float64) {
	d := len(s.model.Inputs)
	first, total = make([]float64, d), make([]float64, d)
	_, variance := s.moments(part, rows)
	if variance == 0 {
		return first, total
	}
	for _, row := range rows {
		y := s.answers[part][row*s.blocks : (row+1)*s.blocks]
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
func (s *sensitivity) bootstrap(part int, rows []int) drawn {
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
			first, total := s.indices(part, again)
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

// precise tells whether the bounds of every total order are narrow enough, in every part.
func (s *sensitivity) precise(found []Influences) bool {
	if s.options.Precision <= 0 {
		return false
	}
	for _, part := range found {
		for _, i := range part.Inputs {
			if half := (i.Total.High - i.Total.Low) / 2; math.IsNaN(half) || half > s.options.Precision {
				return false
			}
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
