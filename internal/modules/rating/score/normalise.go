package score

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// normaliser puts one indicator on the scale: what it needs is found when the plan is made.
type normaliser struct {
	Normalise
	code      string
	direction Direction
	posts     *Posts  // goalposts, in the unit of the indicator
	ideal     *Posts  // of an interval
	target    float64 // NaN where there is none
}

// normaliserOf joins what the scheme says for all with what an indicator says for itself. Without a
// normalisation the figure stays.
func normaliserOf(i Indicator, all *Normalise) normaliser {
	n := normaliser{Normalise: Normalise{Method: NotNormalised}, code: i.Code, direction: i.Direction,
		posts: i.Goalposts, ideal: i.Ideal, target: math.NaN()}
	if own := i.Normalisation(all); own != nil {
		n.Normalise = *own
	}
	if i.Target != nil {
		n.target = *i.Target
	}
	if n.Low == 0 && n.High == 0 {
		n.High = 100
	}
	if n.Deviation == 0 {
		n.Deviation = 1
	}
	if p := n.posts; p != nil && n.Method == Goalposts {
		n.Free = n.Free || p.Free
		if p.Scale != 0 {
			n.Factor = p.Scale
		}
	}
	if n.Factor == 0 {
		n.Factor = 1
		if n.Method == Scaled {
			n.Factor = 100
		}
	}
	return n
}

// room is the memory a normalisation works in.
type room struct {
	ranker statistic.Ranker
	ranks  []int
}

// needs says what a normaliser asks of a plan before it can work: refusals that depend on no figure.
func (n normaliser) needs() error {
	switch {
	case n.Method == Goalposts && n.posts == nil:
		return fault.New(fault.Invalid, "rating.goalposts_lacking", n.code)
	case n.Method == DistanceTarget && n.target != n.target:
		return fault.New(fault.Invalid, "rating.target_lacking", n.code)
	}
	return nil
}

// apply normalises the rows of a column together from source into target, which are as long. areas name
// the rows.
func (n normaliser) apply(target, source []float64, areas []string, r *room) error {
	if n.Method == NotNormalised {
		copy(target, source)
		return nil
	}
	if err := n.orient(target, source, areas); err != nil {
		return err
	}
	switch n.Method {
	case Ranked, RankedAverage, Borda, PercentRank:
		n.rank(target, r)
		return nil
	case Scaled:
		n.stretch(target, n.Low, n.High-n.Low, n.Factor, 0)
		return nil
	case Goalposts:
		n.betweenPosts(target)
		return nil
	}
	low, high := statistic.Extremes(target)
	if low == high && n.Constant == ConstantBest {
		n.fill(target, n.best())
		return nil
	}
	switch n.Method {
	case ZScore:
		m := statistic.MomentsOf(target)
		n.stretch(target, m.Mean, m.Deviation(), n.Deviation, n.Mean)
	case MinMax:
		n.stretch(target, low, high-low, n.High-n.Low, n.Low)
	case DistanceMax:
		n.distance(target, high, low)
	case DistanceRef:
		at, err := n.reference(areas)
		if err != nil {
			return err
		}
		n.distance(target, target[at], low)
	case DistanceTarget:
		n.stretch(target, low, n.turned(n.target)-low, 1, 0)
		n.cap(target)
	case FractionMax:
		for i, x := range target {
			target[i] = x / high
		}
	}
	return nil
}

// turned is a figure as orient makes it, for the directions that have a sign.
func (n normaliser) turned(x float64) float64 {
	switch {
	case n.direction == Cost:
		return -x
	case n.direction == Parity && x > 0:
		return min(x, 1/x)
	}
	return x
}

// orient turns figures so that more is better.
func (n normaliser) orient(target, source []float64, areas []string) error {
	switch n.direction {
	case Cost:
		for i, x := range source {
			target[i] = -x
		}
	case Parity:
		for i, x := range source {
			if x <= 0 {
				return fault.New(fault.Invalid, "rating.parity_not_positive", n.code, areas[i], x)
			}
			target[i] = min(x, 1/x)
		}
	case Interval:
		low, high := statistic.Extremes(source)
		worst := max(n.ideal.Low-low, high-n.ideal.High)
		for i, x := range source {
			target[i] = 1
			if off := max(n.ideal.Low-x, x-n.ideal.High, 0); off != 0 {
				target[i] = 1 - off/worst
			}
		}
	default:
		copy(target, source)
	}
	return nil
}

// stretch is (x−from)/by·factor+plus.
func (n normaliser) stretch(x []float64, from, by, factor, plus float64) {
	for i, v := range x {
		x[i] = (v-from)/by*factor + plus
	}
}

// best is what a column without spread becomes under ConstantBest.
func (n normaliser) best() float64 {
	switch n.Method {
	case MinMax:
		return n.High
	case ZScore:
		return n.Mean
	}
	return 1
}

// fill gives every cell that is there the same figure.
func (n normaliser) fill(x []float64, figure float64) {
	for i, v := range x {
		if v == v {
			x[i] = figure
		}
	}
}

// distance is 1−(to−x)/(to−from).
func (n normaliser) distance(x []float64, to, from float64) {
	for i, v := range x {
		x[i] = 1 - (to-v)/(to-from)
	}
	n.cap(x)
}

func (n normaliser) cap(x []float64) {
	for i, v := range x {
		if n.Cap && v > 1 {
			x[i] = 1
		}
	}
}

// reference is the row of the area that others are measured by: its code, or its place in the codes sorted.
func (n normaliser) reference(areas []string) (int, error) {
	if at := slices.Index(areas, n.Reference); at >= 0 {
		return at, nil
	}
	if place, err := strconv.Atoi(n.Reference); err == nil && place >= 1 && place <= len(areas) {
		return slices.Index(areas, slices.Sorted(slices.Values(areas))[place-1]), nil
	}
	return 0, fault.New(fault.Invalid, "rating.reference_unknown", n.Reference)
}

// betweenPosts measures from the lower to the upper post; of a cost, which is turned, from −upper to −lower.
func (n normaliser) betweenPosts(x []float64) {
	low, high := n.posts.Low, n.posts.High
	if n.direction == Cost {
		low, high = -high, -low
	}
	for i, v := range x {
		z := (v - low) / (high - low)
		if !n.Free {
			z = min(max(z, 0), 1)
		}
		x[i] = z * n.Factor
	}
}

// rank replaces figures by their places, the best having the largest.
func (n normaliser) rank(x []float64, r *room) {
	if n.Method == RankedAverage {
		r.ranker.Average(x, x, statistic.Ascending)
		return
	}
	r.ranks = append(r.ranks[:0], make([]int, len(x))...)
	r.ranker.Rank(r.ranks, x, statistic.Ascending)
	there := 0
	for _, v := range x {
		if v == v {
			there++
		}
	}
	for i, place := range r.ranks {
		switch {
		case place == 0:
			x[i] = math.NaN()
		case n.Method == Borda:
			x[i] = float64(place - 1)
		case n.Method == PercentRank:
			x[i] = float64(place-1) / float64(there-1)
		default:
			x[i] = float64(place)
		}
	}
}
