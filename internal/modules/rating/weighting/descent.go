package weighting

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// approximate multiplies each weight by the root of target ÷ share again and again: near to the optimum where
// every share can be reached, and quick.
func (s *search) approximate(point []float64) []float64 {
	w := s.weights(point)
	best, least := point, s.cost(point)
	for range 200 {
		misses := s.misses(s.start(w))
		for i := range w {
			factor := 2.0
			if share := s.targets[i] - misses[i]; share > 0 {
				factor = min(max(math.Sqrt(s.targets[i]/share), 0.5), 2)
			}
			w[i] *= factor
		}
		if cost := s.cost(s.start(w)); cost < least {
			best, least = s.start(w), cost
		}
		if least < missLeast {
			break
		}
	}
	return best
}

// descend is Levenberg–Marquardt on the misses, with differences for derivatives.
func (s *search) descend(point []float64) []float64 {
	damping, cost := 1e-3, s.cost(point)
	for range 60 {
		if cost < missLeast || math.IsInf(cost, 0) || s.calls > evaluationsMax {
			break
		}
		if next, ok := s.step(point, damping); ok {
			if reached := s.cost(next); reached < cost {
				point, cost, damping = next, reached, damping/5
				continue
			}
		}
		if damping *= 4; damping > 1e8 {
			break
		}
	}
	return point
}

// step solves (JᵀJ + damping·diag)·δ = −Jᵀe.
func (s *search) step(point []float64, damping float64) ([]float64, bool) {
	n := len(point)
	misses := s.misses(point)
	slopes := make([][]float64, n) // slopes[i][k]: of miss k by coordinate i
	for i := range point {
		h := 1e-6 * max(math.Abs(point[i]), 0.1)
		up, down := slices.Clone(point), slices.Clone(point)
		up[i] += h
		down[i] -= h
		above, below := s.misses(up), s.misses(down)
		for k := range above {
			above[k] = (above[k] - below[k]) / (2 * h)
		}
		slopes[i] = above
	}
	normal, right := make([][]float64, n), make([]float64, n)
	for i := range n {
		for k := range n {
			normal[i] = append(normal[i], product(slopes[i], slopes[k]))
		}
		normal[i][i] += damping * max(normal[i][i], 1e-9)
		right[i] = -product(slopes[i], misses)
	}
	move, err := statistic.Solve(normal, right, nil)
	if err != nil {
		return nil, false
	}
	for i := range move {
		move[i] += point[i]
	}
	return move, true
}

// corner is a corner of the simplex of Nelder and Mead.
type corner struct {
	at   []float64
	cost float64
}

// polish is Nelder–Mead, started anew at its own answer until it gains less than a billionth.
func (s *search) polish(point []float64) []float64 {
	cost := s.cost(point)
	for _, size := range []float64{.2, .05, .2, .02, .2, .05, .01, .2, .05, .002} {
		if s.Aim == AimBalance && cost < missLeast {
			break
		}
		for {
			found := s.nelderMead(point, size)
			gained := cost - found.cost
			if gained > 0 {
				point, cost = found.at, found.cost
			}
			if !(gained > 1e-9*math.Abs(cost)) || s.calls > evaluationsMax {
				break
			}
		}
	}
	return point
}

// nelderMead is the simplex search of Nelder and Mead 1965 with the usual coefficients.
func (s *search) nelderMead(point []float64, size float64) corner {
	corners := []corner{{slices.Clone(point), s.cost(point)}}
	for i := range point {
		at := slices.Clone(point)
		at[i] += size * max(math.Abs(at[i]), 0.1)
		corners = append(corners, corner{at, s.cost(at)})
	}
	last := len(corners) - 1
	for range 200 * len(corners) {
		slices.SortStableFunc(corners, func(a, b corner) int {
			if a.cost < b.cost {
				return -1
			} else if a.cost > b.cost {
				return 1
			}
			return 0
		})
		if spread := corners[last].cost - corners[0].cost; spread <= 1e-13*math.Abs(corners[0].cost) ||
			s.calls > evaluationsMax {
			break
		}
		s.turn(corners)
	}
	return corners[0]
}

// turn replaces the worst corner, or draws all towards the best.
func (s *search) turn(corners []corner) {
	last := len(corners) - 1
	middle := make([]float64, len(corners[0].at))
	for _, c := range corners[:last] {
		for i, x := range c.at {
			middle[i] += x / float64(last)
		}
	}
	toward := func(factor float64) corner {
		at := make([]float64, len(middle))
		for i := range at {
			at[i] = middle[i] + factor*(corners[last].at[i]-middle[i])
		}
		return corner{at, s.cost(at)}
	}
	reflected := toward(-1)
	switch {
	case reflected.cost < corners[0].cost:
		if farther := toward(-2); farther.cost < reflected.cost {
			reflected = farther
		}
		corners[last] = reflected
		return
	case reflected.cost < corners[last-1].cost:
		corners[last] = reflected
		return
	}
	factor := 0.5
	if reflected.cost < corners[last].cost {
		factor = -0.5
	}
	if nearer := toward(factor); nearer.cost < min(reflected.cost, corners[last].cost) {
		corners[last] = nearer
		return
	}
	for k := 1; k <= last; k++ {
		for i := range corners[k].at {
			corners[k].at[i] = (corners[k].at[i] + corners[0].at[i]) / 2
		}
		corners[k].cost = s.cost(corners[k].at)
	}
}
