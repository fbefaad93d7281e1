package choice

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Scale names how TOPSIS measures distance.
type Scale string

// The scales; their results are never compared with each other.
const (
	ScaleVector  Scale = "vec"   // x/√Σx², times weight
	ScaleMinMax  Scale = "mm"    // Z times weight
	ScaleOutside Scale = "mm_wd" // Z, the weight outside the square: √Σ w(z−z*)²
)

// Closeness is the answer of TOPSIS, by area.
type Closeness struct {
	Scores  []float64 // D⁻/(D⁺+D⁻), 0 to 1, more is better
	ToIdeal []float64 // D⁺
	ToWorst []float64 // D⁻
}

// Topsis ranks by closeness to the ideal. posts fixes the ideal points; nil takes those of the table.
func Topsis(d Decision, s Scale, posts *Posts) (Closeness, error) {
	w, err := d.shares()
	if err != nil {
		return Closeness{}, err
	}
	p, err := d.posts(posts)
	if err != nil {
		return Closeness{}, err
	}
	n := len(d.Areas)
	r := Closeness{Scores: make([]float64, n), ToIdeal: make([]float64, n), ToWorst: make([]float64, n)}
	switch s {
	case ScaleVector:
		err = d.distancesOfVectors(r, w, p)
	case ScaleMinMax, ScaleOutside:
		err = d.distancesOnZ(r, w, p, s == ScaleOutside)
	default:
		err = fault.New(fault.Invalid, "rating.choice_scale", string(s))
	}
	if err != nil {
		return Closeness{}, err
	}
	for a := range r.Scores {
		r.ToIdeal[a], r.ToWorst[a] = math.Sqrt(r.ToIdeal[a]), math.Sqrt(r.ToWorst[a])
		whole := r.ToIdeal[a] + r.ToWorst[a]
		if whole == 0 {
			return Closeness{}, fault.New(fault.Invalid, "rating.choice_alike", d.Areas[a])
		}
		r.Scores[a] = r.ToWorst[a] / whole
	}
	return r, nil
}

// distancesOfVectors adds squares of distances of weighted vectors.
func (d Decision) distancesOfVectors(r Closeness, w []float64, p Posts) error {
	for c, column := range d.Values {
		if !(p.Norm[c] > 0) {
			return fault.New(fault.Invalid, "rating.choice_zero_column", d.Columns[c])
		}
		best, worst := p.Largest[c], p.Least[c]
		if d.less(c) {
			best, worst = worst, best
		}
		for a, x := range column {
			x = min(max(x, p.Least[c]), p.Largest[c])
			up, down := w[c]*(best-x)/p.Norm[c], w[c]*(x-worst)/p.Norm[c]
			r.ToIdeal[a] += up * up
			r.ToWorst[a] += down * down
		}
	}
	return nil
}

// distancesOnZ adds squares of distances on Z.
func (d Decision) distancesOnZ(r Closeness, w []float64, p Posts, outside bool) error {
	z, err := d.rescaled(p)
	if err != nil {
		return err
	}
	for c, column := range z.Values {
		factor := w[c] * w[c]
		if outside {
			factor = w[c]
		}
		for a, x := range column {
			r.ToIdeal[a] += factor * (1 - x) * (1 - x)
			r.ToWorst[a] += factor * x * x
		}
	}
	return nil
}

// Compromise is the answer of VIKOR, by area; lower is better.
type Compromise struct {
	Utility    []float64 // S = Σ w(1−z)
	Regret     []float64 // R = max w(1−z)
	Q          []float64
	Advantage  bool  // the best leads the second by 1/(n−1) at least
	Stable     bool  // the best by Q is also best by S or R
	Candidates []int // positions of the compromise set, best first
}

// Vikor ranks by a compromise between the utility of most (v) and the regret of the worst (1−v).
func Vikor(d Decision, v float64) (Compromise, error) {
	if !(v >= 0 && v <= 1) {
		return Compromise{}, fault.New(fault.Invalid, "rating.choice_share", v)
	}
	w, err := d.shares()
	if err != nil {
		return Compromise{}, err
	}
	p, err := d.posts(nil)
	if err != nil {
		return Compromise{}, err
	}
	z, err := d.rescaled(p)
	if err != nil {
		return Compromise{}, err
	}
	n := len(d.Areas)
	r := Compromise{Utility: make([]float64, n), Regret: make([]float64, n), Q: make([]float64, n)}
	for c, column := range z.Values {
		for a, x := range column {
			r.Utility[a] += w[c] * (1 - x)
			r.Regret[a] = max(r.Regret[a], w[c]*(1-x))
		}
	}
	for _, part := range []struct {
		of    []float64
		share float64
	}{{r.Utility, v}, {r.Regret, 1 - v}} {
		least, largest := statistic.Extremes(part.of)
		for a, x := range part.of {
			if largest > least {
				r.Q[a] += part.share * (x - least) / (largest - least)
			}
		}
	}
	r.compromise()
	return r, nil
}

// compromise applies Opricovic's two conditions.
func (r *Compromise) compromise() {
	order := make([]int, len(r.Q))
	for a := range order {
		order[a] = a
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case r.Q[a] < r.Q[b]:
			return -1
		case r.Q[a] > r.Q[b]:
			return 1
		}
		return 0
	})
	first := order[0]
	step := 1 / float64(len(order)-1)
	r.Advantage = r.Q[order[1]]-r.Q[first] >= step
	r.Stable = r.Utility[first] == slices.Min(r.Utility) || r.Regret[first] == slices.Min(r.Regret)
	r.Candidates = order[:1]
	switch {
	case !r.Advantage:
		for k := 1; k < len(order) && r.Q[order[k]]-r.Q[first] < step; k++ {
			r.Candidates = order[:k+1]
		}
	case !r.Stable:
		r.Candidates = order[:2]
	}
}

// Grey answers grey relational grades with the best of every column as reference; ρ in (0,1], usually 0.5.
func Grey(d Decision, rho float64) ([]float64, error) {
	if !(rho > 0 && rho <= 1) {
		return nil, fault.New(fault.Invalid, "rating.choice_share", rho)
	}
	w, err := d.shares()
	if err != nil {
		return nil, err
	}
	p, err := d.posts(nil)
	if err != nil {
		return nil, err
	}
	z, err := d.rescaled(p)
	if err != nil {
		return nil, err
	}
	least, largest := math.Inf(1), math.Inf(-1)
	for _, column := range z.Values {
		for _, x := range column {
			least, largest = min(least, 1-x), max(largest, 1-x)
		}
	}
	grades := make([]float64, len(d.Areas))
	for c, column := range z.Values {
		for a, x := range column {
			grades[a] += w[c] * (least + rho*largest) / (1 - x + rho*largest)
		}
	}
	return grades, nil
}
