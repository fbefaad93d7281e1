package study

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Shift is an area in two runs.
type Shift struct {
	Area, Name string
	Ranks      [2]int // 0: none, or not there
	Scores     [2]float64
	Up, Down   int // places won or lost from the first to the second
	Only       int // 1 or 2: only that run has the area; 0: both
}

// Comparison is how the ranks of a second run differ from those of a first.
type Comparison struct {
	Time     string
	Areas    int // that both rank
	Moved    int
	Mean     float64 // of the places moved
	Largest  int
	Spearman float64
	Shifts   []Shift     // by the ranks of the second
	Nodes    [2][]string // codes that only one of both has
}

// Compare lays two results side by side at the last time that both have, by their tops.
func Compare(first, second result.Result) (Comparison, error) {
	time, shared := common(first, second)
	if !shared {
		return Comparison{}, fault.New(fault.Invalid, "evaluation.no_common_time")
	}
	c := Comparison{Time: time}
	both := [2]result.Result{first, second}
	var codes []string
	for _, out := range both {
		for _, row := range out.Rows(timeIn(out, time)) {
			if code := out.Areas[row]; !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	var ranks [2][]float64
	for _, code := range codes {
		s := shiftOf(both, code, time)
		c.add(&s)
		for k, rank := range s.Ranks {
			if rank == 0 {
				ranks[k] = append(ranks[k], math.NaN())
			} else {
				ranks[k] = append(ranks[k], float64(rank))
			}
		}
		c.Shifts = append(c.Shifts, s)
	}
	c.Mean /= float64(max(c.Areas, 1))
	c.Spearman = statistic.Spearman(ranks[0], ranks[1])
	slices.SortStableFunc(c.Shifts, func(a, b Shift) int { return last(a.Ranks[1]) - last(b.Ranks[1]) })
	c.Nodes = [2][]string{lacking(first, second), lacking(second, first)}
	return c, nil
}

// common is the last time that two results have; one without times goes with the last of the other.
func common(a, b result.Result) (string, bool) {
	periods, others := a.Periods(), b.Periods()
	switch {
	case periods == nil:
		return b.LastTime(), true
	case others == nil:
		return a.LastTime(), true
	}
	for _, time := range slices.Backward(periods) {
		if slices.Contains(others, time) {
			return time, true
		}
	}
	return "", false
}

// timeIn is a time as a result has it: none, where it has none.
func timeIn(out result.Result, time string) string {
	if out.Times == nil {
		return ""
	}
	return time
}

func shiftOf(both [2]result.Result, code, time string) Shift {
	s := Shift{Area: code, Name: code, Scores: [2]float64{math.NaN(), math.NaN()}}
	var there [2]bool
	for k, out := range both {
		row := out.Row(code, timeIn(out, time))
		if there[k] = row >= 0; !there[k] {
			continue
		}
		top := out.Nodes[out.Top()]
		s.Name, s.Ranks[k], s.Scores[k] = out.Name(row), top.Ranks[row], float64(top.Scores[row])
	}
	switch {
	case !there[1]:
		s.Only = 1
	case !there[0]:
		s.Only = 2
	}
	return s
}

// add counts an area that both rank.
func (c *Comparison) add(s *Shift) {
	if s.Ranks[0] == 0 || s.Ranks[1] == 0 {
		return
	}
	s.Up, s.Down = max(s.Ranks[0]-s.Ranks[1], 0), max(s.Ranks[1]-s.Ranks[0], 0)
	c.Areas++
	if s.Up+s.Down > 0 {
		c.Moved++
	}
	c.Mean += float64(s.Up + s.Down)
	c.Largest = max(c.Largest, s.Up+s.Down)
}

// last puts areas without a rank behind all others.
func last(rank int) int {
	if rank == 0 {
		return math.MaxInt32
	}
	return rank
}

// lacking are the nodes of one result that another does not have.
func lacking(a, b result.Result) (codes []string) {
	for _, n := range a.Nodes {
		if b.Find(n.Code) < 0 {
			codes = append(codes, n.Code)
		}
	}
	return codes
}
