package study

import (
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Scale is what 0 and 1 of a subsystem are in its scores.
type Scale struct {
	Low, High float64
	Observed  bool // the least and the largest score there was, for the scheme has no ends of its own
}

// ScaleOf is the scale of a node: the ends that the scheme normalises to, where it has them and every
// indicator goes by them; else the least and the largest score of all areas and times.
func ScaleOf(out result.Result, s score.Scheme, node int) Scale {
	if low, high, known := ends(s); known {
		least, largest := statistic.Extremes(Plain(out.Nodes[node].Scores))
		if least >= low && largest <= high {
			return Scale{Low: low, High: high}
		}
	}
	least, largest := statistic.Extremes(Plain(out.Nodes[node].Scores))
	return Scale{least, largest, true}
}

// ends are from where to where a scheme's normalisation goes.
func ends(s score.Scheme) (low, high float64, known bool) {
	for _, i := range s.Indicators {
		if i.Normalise != nil {
			return 0, 0, false
		}
	}
	if s.Normalise == nil {
		return 0, 0, false
	}
	switch n := s.Normalise; n.Method {
	case score.MinMax:
		if n.Low == 0 && n.High == 0 {
			return 0, 100, true
		}
		return n.Low, n.High, n.Low < n.High
	case score.Goalposts:
		if n.Factor == 0 {
			return 0, 1, !n.Free
		}
		return 0, n.Factor, !n.Free
	case score.PercentRank, score.DistanceMax:
		return 0, 1, true
	}
	return 0, 0, false
}

// Coupled is an area with the coordination of its subsystems.
type Coupled struct {
	Row     int
	Systems []float64 // from 0 to 1
	relation.Coordination
}

// Coupling is the coordination of the areas of a time.
type Coupling struct {
	Scales []Scale
	Areas  []Coupled
	Left   []string // areas that lack a subsystem
}

// Couple takes nodes as subsystems of every area.
func Couple(out result.Result, s score.Scheme, time string, nodes []int, c relation.Choice) (Coupling,
	error) {
	var found Coupling
	if len(nodes) < 2 {
		return found, fault.New(fault.Invalid, "evaluation.subsystems")
	}
	columns := make([][]float64, len(nodes))
	for k, node := range nodes {
		scale := ScaleOf(out, s, node)
		found.Scales = append(found.Scales, scale)
		for _, x := range out.Nodes[node].Scores {
			columns[k] = append(columns[k], scale.of(float64(x)))
		}
	}
	for _, row := range out.Rows(time) {
		u, whole := make([]float64, len(nodes)), true
		for k := range nodes {
			u[k] = columns[k][row]
			whole = whole && u[k] == u[k]
		}
		if !whole {
			found.Left = append(found.Left, out.Areas[row])
			continue
		}
		answer, err := relation.Couple(u, c)
		if err != nil {
			return found, err
		}
		found.Areas = append(found.Areas, Coupled{row, u, answer})
	}
	return found, nil
}

// of puts a score on the scale.
func (s Scale) of(x float64) float64 {
	if s.High <= s.Low {
		return 0
	}
	if x != x {
		return x
	}
	return min(max((x-s.Low)/(s.High-s.Low), 0), 1) // ends reached within rounding
}
