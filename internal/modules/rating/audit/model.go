package audit

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Input is something that could have been chosen otherwise. Numbers is how many numbers of a draw belong
// to it.
type Input struct {
	Name    string
	Numbers int
}

// Option answers which of n options a number of a draw means, all equally likely.
func Option(u float64, n int) int { return min(int(u*float64(n)), n-1) }

// Run builds the index under a draw and writes the scores of the areas; NaN is no score. It is used by one
// goroutine at a time and keeps its own memory. run is the number of the draw, for what is drawn besides.
type Run func(run int, draw, scores []float64) error

// Model is an index whose inputs are uncertain.
type Model struct {
	Areas  int
	Inputs []Input
	// Parts are the areas that rank among themselves, as those of each time of a panel do; nil: all do. Every
	// area stands in one of them.
	Parts  [][]int
	Worker func() Run
}

// numbers is how many numbers one draw has.
func (m Model) numbers() int {
	n := 0
	for _, i := range m.Inputs {
		n += i.Numbers
	}
	return n
}

// Only is the model asked for some of its areas: those of one time of a panel, which rank among
// themselves. Where all times are asked for, Parts builds the index once for all of them.
func (m Model) Only(areas []int) Model {
	return Model{Areas: len(areas), Inputs: m.Inputs, Worker: func() Run {
		run, all := m.Worker(), make([]float64, m.Areas)
		return func(n int, draw, scores []float64) error {
			if err := run(n, draw, all); err != nil {
				return err
			}
			for i, a := range areas {
				scores[i] = all[a]
			}
			return nil
		}
	}}
}

// check refuses a model that cannot be audited.
func (m Model) check() error {
	if m.Areas < 2 {
		return fault.New(fault.Invalid, "rating.audit_areas", m.Areas)
	}
	if len(m.Inputs) == 0 {
		return fault.New(fault.Invalid, "rating.audit_inputs")
	}
	for _, i := range m.Inputs {
		if i.Numbers < 1 {
			return fault.New(fault.Invalid, "rating.audit_numbers", i.Name)
		}
	}
	return m.parted()
}

// parted refuses parts that do not hold every area once.
func (m Model) parted() error {
	if m.Parts == nil {
		return nil
	}
	times := make([]int, m.Areas)
	for _, part := range m.Parts {
		for _, a := range part {
			if a < 0 || a >= m.Areas {
				return fault.New(fault.Invalid, "rating.audit_parts", a, 0)
			}
			times[a]++
		}
	}
	for a, n := range times {
		if n != 1 {
			return fault.New(fault.Invalid, "rating.audit_parts", a, n)
		}
	}
	return nil
}

// parts are those of the model, or all areas as one.
func (m Model) parts() [][]int {
	if m.Parts != nil {
		return m.Parts
	}
	all := make([]int, m.Areas)
	for a := range all {
		all[a] = a
	}
	return [][]int{all}
}

// Options say how an audit runs.
type Options struct {
	Seed uint64
	// Runs is how many replications of an uncertainty analysis, or rows N of a sensitivity analysis.
	Runs int
	// Precision ends an audit early when the error of its answer is at most this: of mean ranks in places,
	// of total orders as half the width of their bounds. 0: all runs.
	Precision float64
	// Failures is the share of runs that may be refused; 0: none.
	Failures float64
	// Workers is how many goroutines share the runs; 0: one for each processor.
	Workers int
	// Progress is told how many runs are done, from any goroutine; nil: nobody.
	Progress func(done, of int)
}

// RunsMax bounds the runs of an uncertainty analysis, RowsMax the rows of a sensitivity analysis, and
// cellsMax the ranks that are kept.
const (
	RunsMax  = 1_000_000
	RowsMax  = 1 << 20
	cellsMax = 200_000_000
)

// Failure is a run that was refused.
type Failure struct {
	Run  int
	Draw []float64
	Err  error
}

// each runs work for every number from..until-1 on some goroutines, each with a worker of its own, in
// small portions. Which goroutine does what is left to chance; what is done is not.
func each(from, until, workers int, worker func() func(n int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, until-from)
	if workers <= 1 {
		work := worker()
		for n := from; n < until; n++ {
			work(n)
		}
		return
	}
	const portion = 4
	var next atomic.Int64
	next.Store(int64(from))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			work := worker()
			for {
				first := int(next.Add(portion)) - portion
				if first >= until {
					return
				}
				for n := first; n < min(first+portion, until); n++ {
					work(n)
				}
			}
		})
	}
	all.Wait()
}

// ranking is a run of the model that answers ranks: 1 the best, ties the least place, 0 no score.
type ranking struct {
	run    Run
	parts  [][]int // nil: all areas are one
	scores []float64
	ranker statistic.Ranker
	places []int
	own    []float64 // scores of a part
	within []int     // its ranks
}

func (m Model) ranking() *ranking {
	r := &ranking{run: m.Worker(), parts: m.Parts}
	r.scores, r.places = make([]float64, m.Areas), make([]int, m.Areas)
	return r
}

func (r *ranking) ranks(run int, draw []float64) ([]int, error) {
	if err := r.run(run, draw, r.scores); err != nil {
		return nil, err
	}
	r.rank(r.scores)
	return r.places, nil
}

// rank fills the places of scores, in each part by itself.
func (r *ranking) rank(scores []float64) {
	if r.parts == nil {
		r.ranker.Rank(r.places, scores, statistic.Descending)
		return
	}
	for _, part := range r.parts {
		r.own = r.own[:0]
		for _, a := range part {
			r.own = append(r.own, scores[a])
		}
		r.within = slices.Grow(r.within[:0], len(part))[:len(part)]
		r.ranker.Rank(r.within, r.own, statistic.Descending)
		for i, a := range part {
			r.places[a] = r.within[i]
		}
	}
}

// nominal are the ranks of scores, in each part by itself.
func (m Model) nominal(scores []float64) []int {
	r := &ranking{parts: m.Parts, places: make([]int, m.Areas)}
	r.rank(scores)
	return r.places
}

// refused decides about failed runs, of which no share or too large a one is allowed: the first one's
// refusal says what was wrong, and which run it was.
func refused(failures []Failure, runs int, share float64) error {
	if len(failures) == 0 || float64(len(failures)) <= share*float64(runs) {
		return nil
	}
	first := failures[0]
	return fault.New(fault.Invalid, "rating.audit_failed", first.Run+1, len(failures), runs).
		With(findings(first.Err)).Because(first.Err)
}

// findings puts a refusal behind another as a finding, so that its words are not lost.
func findings(err error) []fault.Finding {
	f := fault.Of(err)
	return append([]fault.Finding{fault.Wrong(f.Key, f.Args...)}, f.Findings...)
}
