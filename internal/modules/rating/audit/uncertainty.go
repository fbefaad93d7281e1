package audit

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Spread is how the rank of an area moves over the runs.
type Spread struct {
	Nominal     int // 0: no score
	Mean        float64
	Median      float64
	Low, High   float64 // 5 and 95 per cent, linear between ranks (type 7)
	Best, Worst int
	Runs        int // in which the area had a score
}

// Spreads is the answer of an uncertainty analysis.
type Spreads struct {
	Areas    []Spread
	Runs     int
	Failures []Failure
	// Shift is the mean over areas of |rank − nominal rank|, for every run; NaN for one that failed.
	Shift []float64
	// Stopped tells that the precision was reached before all runs.
	Stopped bool
}

// Uncertainty builds the index under drawn choices and answers how the ranks spread. nominal are the
// scores without any other choice, NaN for none.
func Uncertainty(m Model, nominal []float64, o Options) (Spreads, error) {
	if err := m.check(); err != nil {
		return Spreads{}, err
	}
	if len(nominal) != m.Areas {
		return Spreads{}, fault.New(fault.Invalid, "rating.audit_nominal", len(nominal), m.Areas)
	}
	if o.Runs < 1 || o.Runs > RunsMax || o.Runs > cellsMax/m.Areas {
		return Spreads{}, fault.New(fault.Invalid, "rating.audit_runs", o.Runs, min(RunsMax,
			cellsMax/m.Areas))
	}
	sequence, err := NewSequence(m.numbers(), o.Seed)
	if err != nil {
		return Spreads{}, err
	}
	u := &uncertainty{model: m, options: o, sequence: sequence,
		nominal: m.nominal(nominal),
		ranks:   make([]int32, o.Runs*m.Areas), failed: make([]error, o.Runs)}
	done := 0
	for done < o.Runs && !u.precise(done) {
		next := min(max(2*done, firstRuns), o.Runs)
		each(done, next, o.Workers, u.worker)
		done = next
		if o.Progress != nil {
			o.Progress(done, o.Runs)
		}
	}
	return u.answer(done)
}

// firstRuns is after how many runs it is first asked whether they are enough; then after twice as many.
const firstRuns = 128

type uncertainty struct {
	model    Model
	options  Options
	sequence Sequence
	nominal  []int
	ranks    []int32 // run by run
	failed   []error
}

func (u *uncertainty) worker() func(n int) {
	r := u.model.ranking()
	draw := make([]float64, u.model.numbers())
	return func(n int) {
		u.sequence.At(uint32(n), draw)
		places, err := r.ranks(n, draw)
		if err != nil {
			u.failed[n] = err
			return
		}
		row := u.ranks[n*u.model.Areas : (n+1)*u.model.Areas]
		for a, p := range places {
			row[a] = int32(p)
		}
	}
}

// precise tells whether no area's mean rank has a standard error above the precision asked for.
func (u *uncertainty) precise(runs int) bool {
	if u.options.Precision <= 0 || runs == 0 {
		return false
	}
	for a := range u.model.Areas {
		var n, sum, squares float64
		for run := range runs {
			if p := float64(u.ranks[run*u.model.Areas+a]); p > 0 {
				n, sum, squares = n+1, sum+p, squares+p*p
			}
		}
		if n < 2 {
			continue
		}
		if variance := (squares - sum*sum/n) / (n - 1); math.Sqrt(max(variance,
			0)/n) > u.options.Precision {
			return false
		}
	}
	return true
}

func (u *uncertainty) answer(runs int) (Spreads, error) {
	s := Spreads{Runs: runs, Stopped: runs < u.options.Runs, Areas: make([]Spread, u.model.Areas),
		Shift: make([]float64, runs)}
	for run := range runs {
		if err := u.failed[run]; err != nil {
			draw := make([]float64, u.model.numbers())
			u.sequence.At(uint32(run), draw)
			s.Failures = append(s.Failures, Failure{run, draw, err})
			s.Shift[run] = math.NaN()
			continue
		}
		s.Shift[run] = shift(u.nominal, u.ranks[run*u.model.Areas:(run+1)*u.model.Areas])
	}
	if err := refused(s.Failures, runs, u.options.Failures); err != nil {
		return Spreads{}, err
	}
	spread := func() func(a int) {
		counts := make([]int, u.model.Areas+1)
		return func(a int) { s.Areas[a] = u.spread(a, runs, counts) }
	}
	each(0, u.model.Areas, u.options.Workers, spread)
	return s, nil
}

// spread counts how often an area had each rank: ranks are few, so that no run need be sorted.
func (u *uncertainty) spread(area, runs int, counts []int) Spread {
	clear(counts)
	s := Spread{Nominal: u.nominal[area], Mean: math.NaN(), Median: math.NaN(), Low: math.NaN(),
		High: math.NaN()}
	sum := 0
	for run := range runs {
		if p := int(u.ranks[run*u.model.Areas+area]); p > 0 {
			counts[p]++
			sum += p
			s.Runs++
			if s.Best == 0 || p < s.Best {
				s.Best = p
			}
			s.Worst = max(s.Worst, p)
		}
	}
	if s.Runs == 0 {
		return s
	}
	s.Mean = float64(sum) / float64(s.Runs)
	s.Low = counted(counts, s.Runs, 0.05)
	s.Median = counted(counts, s.Runs, 0.5)
	s.High = counted(counts, s.Runs, 0.95)
	return s
}

// counted is the quantile of type 7 of ranks of which it is known how often each stood.
func counted(counts []int, n int, p float64) float64 {
	at := float64(n-1) * p
	below := int(at)
	lower, upper := nth(counts, below), nth(counts, min(below+1, n-1))
	return float64(lower) + (at-float64(below))*float64(upper-lower)
}

// nth is the rank that stands at a position, from 0, when all are in order.
func nth(counts []int, position int) int {
	for p, c := range counts {
		if position < c {
			return p
		}
		position -= c
	}
	return 0
}

// shift is the mean over areas of how far the rank is from the nominal one; areas without either rank
// are left out.
func shift[P int | int32](nominal []int, ranks []P) float64 {
	sum, n := 0, 0
	for a, p := range ranks {
		if p == 0 || nominal[a] == 0 {
			continue
		}
		d := int(p) - nominal[a]
		sum += max(d, -d)
		n++
	}
	if n == 0 {
		return math.NaN()
	}
	return float64(sum) / float64(n)
}

// shiftIn is shift over the areas of a part.
func shiftIn(part, nominal, ranks []int) float64 {
	sum, n := 0, 0
	for _, a := range part {
		if ranks[a] == 0 || nominal[a] == 0 {
			continue
		}
		sum += max(ranks[a]-nominal[a], nominal[a]-ranks[a])
		n++
	}
	if n == 0 {
		return math.NaN()
	}
	return float64(sum) / float64(n)
}
