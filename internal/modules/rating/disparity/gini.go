package disparity

import (
	"cmp"
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// point is a figure with the share that has it.
type point struct{ x, v float64 }

// sorted are the points of areas by rising figure.
func (r read) sorted(areas []int) []point {
	points := make([]point, len(areas))
	for i, a := range areas {
		points[i] = point{r.ratio[a], r.share[a]}
	}
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.v,
			b.v))
	})
	return points
}

func every(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// giniOf sums gaps between neighbours, each weighted by the shares below and above it: ∫ F(1−F) dx ÷ mean. No
// term is negative, so nothing cancels.
func giniOf(r read) float64 { return areaBetween(r.sorted(every(len(r.ratio)))) }

// areaBetween is Σ over neighbours of the gap × share below × share above, shares and mean being those of the
// points themselves.
func areaBetween(points []point) float64 {
	total, mean := 0.0, 0.0
	for _, p := range points {
		total += p.v
		mean += p.v * p.x
	}
	if total == 0 || mean == 0 {
		return 0
	}
	mean /= total
	below, sum := 0.0, 0.0
	for i := 1; i < len(points); i++ {
		below += points[i-1].v
		f := min(below/total, 1)
		sum += (points[i].x - points[i-1].x) * f * (1 - f)
	}
	return sum / mean
}

// Sundrum splits the Gini of a place into its rural and urban parts: G = P_u²·(μ_u/μ)·G_u + P_r²·(μ_r/μ)·G_r
// + P_u·P_r·|μ_u−μ_r|/μ + Residual. The residual is 0 exactly when the two distributions do not overlap.
type Sundrum struct {
	Gini                     float64
	Urban, Rural             float64 // parts within
	UrbanGini, RuralGini     float64
	Between                  float64
	Residual                 float64 // at least 0: what overlapping adds
	UrbanPeople, RuralPeople float64 // shares of people
}

// rounding is what is left of a difference of shares whose terms are the same.
const rounding = 1e-14

// SplitSundrum splits the Gini of urban and rural areas; urban[i] tells which area i is.
func SplitSundrum(d Distribution, urban []bool) (Sundrum, error) {
	groups := make([]string, len(urban))
	for i, is := range urban {
		groups[i] = "rural"
		if is {
			groups[i] = "urban"
		}
	}
	g, err := SplitDagum(d, groups)
	if err != nil {
		return Sundrum{}, err
	}
	if len(g.Groups) != 2 {
		return Sundrum{}, fault.New(fault.Invalid, "rating.disparity_one_group", d.Indicator)
	}
	rural, town := g.Groups[0], g.Groups[1]
	s := Sundrum{Gini: g.Gini, UrbanGini: town.Gini, RuralGini: rural.Gini, UrbanPeople: town.People,
		RuralPeople: rural.People}
	s.Urban = town.People * town.Value * town.Gini // P_u²·μ_u/μ is the share of people times that of value
	s.Rural = rural.People * rural.Value * rural.Gini
	s.Between = math.Abs(town.Value*rural.People - rural.Value*town.People)
	if s.Residual = s.Gini - s.Urban - s.Rural - s.Between; s.Residual < rounding {
		s.Residual = 0
	}
	return s, nil
}

// DagumGroup is one group of a split.
type DagumGroup struct {
	Name   string
	Areas  int
	People float64 // share of people (of areas, where every area counts one)
	Value  float64 // share of the whole
	Mean   float64
	Gini   float64 // within the group
}

// DagumPair is the comparison of two groups.
type DagumPair struct {
	First, Second string  // the group with the higher mean stands first
	Gini          float64 // mean |y−y'| ÷ (sum of the means)
	Distance      float64 // D = (d−p)/(d+p): 1 without overlapping, 0 for equal distributions
	Between       float64 // its part of G_nb
	Overlap       float64 // its part of G_t
}

// Dagum splits the Gini of any number of groups: Gini = Within + Between + Overlap.
type Dagum struct {
	Gini                     float64
	Within, Between, Overlap float64 // G_w, G_nb (net, between groups), G_t (transvariation)
	Groups                   []DagumGroup
	Pairs                    []DagumPair
}

// SplitDagum splits the Gini by Dagum 1997; groups[i] is the group of area i. Groups stand in the order of
// their names.
func SplitDagum(d Distribution, groups []string) (Dagum, error) {
	r, names, members, err := d.grouped(groups)
	if err != nil {
		return Dagum{}, err
	}
	result := Dagum{Gini: giniOf(r), Groups: make([]DagumGroup, len(names))}
	points := make([][]point, len(names))
	for g, name := range names {
		points[g] = r.sorted(members[g])
		group := DagumGroup{Name: name, Areas: len(members[g]), Gini: areaBetween(points[g])}
		for _, a := range members[g] {
			group.People += r.share[a]
			group.Value += r.share[a] * r.ratio[a]
		}
		group.Mean = group.Value / group.People * r.mean
		result.Within += group.Gini * group.People * group.Value
		result.Groups[g] = group
	}
	for j := range names {
		for h := range j {
			pair := result.pair(j, h, points)
			result.Between += pair.Between
			result.Overlap += pair.Overlap
			result.Pairs = append(result.Pairs, pair)
		}
	}
	return result, nil
}

// pair compares two groups.
func (d Dagum) pair(j, h int, points [][]point) DagumPair {
	if d.Groups[j].Mean < d.Groups[h].Mean {
		j, h = h, j
	}
	high, low := d.Groups[j], d.Groups[h]
	gain := exceeds(points[j], points[h]) / (high.People * low.People)
	loss := exceeds(points[h], points[j]) / (high.People * low.People)
	p := DagumPair{First: high.Name, Second: low.Name}
	means := high.Value/high.People + low.Value/low.People
	if means == 0 || gain+loss == 0 {
		return p
	}
	p.Gini = (gain + loss) / means
	p.Distance = (gain - loss) / (gain + loss)
	weight := high.People*low.Value + low.People*high.Value
	p.Between = p.Gini * weight * p.Distance
	p.Overlap = p.Gini * weight * (1 - p.Distance)
	return p
}

// exceeds is Σ v v' (x − x') over all pairs in which x of the first is above x' of the second, in one merge.
func exceeds(first, second []point) float64 {
	sum, k := 0.0, 0
	weight, mean := 0.0, 0.0 // of what of the second lies below
	for _, p := range first {
		for k < len(second) && second[k].x < p.x {
			if weight += second[k].v; weight > 0 {
				mean += (second[k].x - mean) * second[k].v / weight
			}
			k++
		}
		sum += p.v * weight * (p.x - mean)
	}
	return sum
}
