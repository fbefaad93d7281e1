package score

import (
	"math"
	"slices"
)

// Contribution is what an indicator adds to an area's score in a node.
type Contribution struct {
	Node         int     // the indicator
	Score        float64 // normalised; NaN is missing
	Rank         int     // of the area in the indicator; 0 is none
	Share        float64 // weight in the node, rescaled for what is missing
	Contribution float64 // in points of the score; they add up to it
}

// Contributions decompose the score of a row in a node into its indicators, in the order of the scheme. All
// means but those of other packages grow in proportion to their children, so that by Euler's theorem
// child × how much the score moves with it adds up to the score. Of an arithmetic mean that is weight ×
// child; of a geometric one weight × score. nil where the area has no score, or a node on the way is
// made by a method without such parts.
func (o *Outcome) Contributions(node, row int) []Contribution {
	if x := o.Scores[node][row]; x != x {
		return nil
	}
	parts := map[int][2]float64{} // how much the score moves with the indicator, share of weight
	if !o.part(node, row, [2]float64{1, 1}, parts) {
		return nil
	}
	var out []Contribution
	for _, i := range o.plan.tree.under(node) {
		c := Contribution{Node: i, Score: o.Scores[i][row], Rank: o.Ranks[i][row], Share: parts[i][1]}
		if c.Score == c.Score {
			c.Contribution = parts[i][0] * c.Score
		}
		out = append(out, c)
	}
	return out
}

// part divides how much the score moves with a node, and the node's share of weight, among its children.
func (o *Outcome) part(node, row int, whole [2]float64, parts map[int][2]float64) bool {
	if o.Nodes[node].Children == nil {
		parts[node] = whole
		return true
	}
	if !slices.Contains(aggregations, o.Rules[node].Method) {
		return false
	}
	sum := 0.0
	for _, child := range o.Nodes[node].Children {
		if x := o.Scores[child][row]; x == x {
			sum += o.Weights[child]
		}
	}
	for _, child := range o.Nodes[node].Children {
		if x := o.Scores[child][row]; x != x {
			continue
		}
		share := o.Weights[child] / sum
		below := [2]float64{whole[0] * o.slope(node, child, row, share), whole[1] * share}
		if !o.part(child, row, below, parts) {
			return false
		}
	}
	return true
}

// slope is how much a node's score moves with a child, by the derivative of its mean.
func (o *Outcome) slope(node, child, row int, share float64) float64 {
	rule, score, x := o.Rules[node], o.Scores[node][row], o.Scores[child][row]
	switch {
	case rule.Method == Total:
		return o.Weights[child]
	case rule.Method == Median:
		return o.middleShare(node, child, row)
	case x == score || share == 0:
		return share
	case rule.Method == Geometric || rule.Method == Generalised && rule.Power == 0:
		return share * score / x
	case rule.Method == Harmonic:
		return share * (score / x) * (score / x)
	case rule.Method == Generalised && x == 0:
		return 0
	case rule.Method == Generalised:
		return share * math.Pow(x/score, rule.Power-1)
	}
	return share
}

// middleShare is how much of the median a child is: 1 in the middle alone, 1/2 as one of two, shared with
// those equal to it.
func (o *Outcome) middleShare(node, child, row int) float64 {
	var figures []float64
	for _, c := range o.Nodes[node].Children {
		if x := o.Scores[c][row]; x == x && o.Weights[c] != 0 {
			figures = append(figures, x)
		}
	}
	slices.Sort(figures)
	own, share, same := o.Scores[child][row], 0.0, 0
	for i, x := range figures {
		if x != own {
			continue
		}
		same++
		if n := len(figures); i == n/2 || i == (n-1)/2 {
			share += 1 / float64(2-n%2)
		}
	}
	if same == 0 || o.Weights[child] == 0 {
		return 0
	}
	return share / float64(same)
}

// Strengths are the indicators under a node in which a row ranks best, and those in which it ranks worst, at
// most n each; indicators without a figure are left out. Ties go by the order of the scheme.
func (o *Outcome) Strengths(node, row, n int) (best, worst []int) {
	var ranked []int
	for _, i := range o.plan.tree.under(node) {
		if o.Ranks[i][row] > 0 {
			ranked = append(ranked, i)
		}
	}
	slices.SortStableFunc(ranked, func(a, b int) int { return o.Ranks[a][row] - o.Ranks[b][row] })
	n = min(n, len(ranked))
	best, worst = ranked[:n:n], slices.Clone(ranked[len(ranked)-n:])
	slices.Reverse(worst)
	return best, worst
}

// Row is the first row of an area, at a time if one is said; -1 where there is none.
func (o *Outcome) Row(area, time string) int {
	for row, a := range o.Areas {
		if a == area && (time == "" || o.Times != nil && o.Times[row] == time) {
			return row
		}
	}
	return -1
}
