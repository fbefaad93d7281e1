package rating

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// weigherOf is a method of weights by its name; nil where there is none. Those beside the table are made of
// what the scheme says besides a name.
func weigherOf(name string) score.Weigh {
	switch name {
	case score.HierarchyWeights:
		return hierarchyWeights
	case score.BestWorstWeights:
		return func(f score.Family) ([]float64, error) {
			c, err := bestWorst(f)
			return c.Values, err
		}
	case score.OrderWeights:
		return rankOrder
	case score.CombinedWeights:
		return func(f score.Family) ([]float64, error) {
			w, _, err := combination(f)
			return w.Values, err
		}
	}
	return weighers[name]
}

// allWeighers are the methods of weights by name.
func allWeighers() map[string]score.Weigh {
	all := maps.Clone(weighers)
	for _, name := range []string{score.HierarchyWeights, score.BestWorstWeights, score.OrderWeights,
		score.CombinedWeights} {
		all[name] = weigherOf(name)
	}
	return all
}

// accounts tell how weights came about.
func accounts() map[string]func(score.Family) ([]fault.Finding, error) {
	all := map[string]func(score.Family) ([]fault.Finding, error){
		score.HierarchyWeights: hierarchyNotes, score.BestWorstWeights: bestWorstNotes,
		score.CombinedWeights: combinationNotes, componentWeights: componentNotes,
		componentsWeights: componentNotes}
	for _, name := range []string{"entropy", "entropy_raw", "entropy_shift", "sd", "cv"} {
		all[name] = fewNotes
	}
	return all
}

// fewNotes warn where fewer areas than children say what these should weigh.
func fewNotes(f score.Family) ([]fault.Finding, error) {
	if len(f.Areas) >= len(f.Children) {
		return nil, nil
	}
	return []fault.Finding{fault.Doubt("rating.note.few", about(f), f.By.Method, len(f.Areas),
		len(f.Children))}, nil
}

// checkWeights refuses what the scheme says of weights where it does not fit the children, before any figure
// is looked at.
func checkWeights(f score.Family) error {
	if err := foreign(f.By); err != nil {
		return err
	}
	var err error
	switch f.By.Method {
	case score.HierarchyWeights:
		_, err = hierarchyWeights(f)
	case score.BestWorstWeights:
		_, err = bestWorst(f)
	case score.OrderWeights:
		_, err = rankOrder(f)
	case score.CombinedWeights:
		err = checkCombination(f)
	}
	return err
}

// foreign refuses words that the method does not know: it would pass over them.
func foreign(by score.Weighting) error {
	for _, word := range []struct {
		name, method string
		said         bool
	}{
		{"judges", score.HierarchyWeights, by.Judges != nil},
		{"derivation", score.HierarchyWeights, by.Derivation != ""},
		{"table", score.HierarchyWeights, by.Table != ""},
		{"pool", score.HierarchyWeights, by.Pool != ""},
		{"limit", score.HierarchyWeights, by.Limit != 0},
		{"best", score.BestWorstWeights, by.Best != ""},
		{"worst", score.BestWorstWeights, by.Worst != ""},
		{"to_others", score.BestWorstWeights, by.ToOthers != nil},
		{"to_worst", score.BestWorstWeights, by.ToWorst != nil},
		{"order", score.OrderWeights, by.Order != ""},
		{"ranks", score.OrderWeights, by.Ranks != nil},
		{"parameters", "", by.Parameters != nil},
		{"how", score.CombinedWeights, by.How != ""},
		{"of", score.CombinedWeights, by.Of != nil},
		{"shares", score.CombinedWeights, by.Shares != nil},
	} {
		limited := word.name == "limit" && by.Method == score.BestWorstWeights
		if word.said && by.Method != word.method && !limited {
			return fault.New(fault.Invalid, "rating.weights_foreign", by.Method, word.name,
				cmp.Or(word.method, "–"))
		}
	}
	return nil
}

// known refuses codes that are not among those weighed.
func known(f score.Family, among []string, codes ...string) error {
	for _, code := range codes {
		if !slices.Contains(among, code) {
			return fault.New(fault.Invalid, "rating.compared_unknown", about(f), f.By.Method, code,
				strings.Join(among, ", "))
		}
	}
	return nil
}

// bestWorst are the weights of the best-worst method. A comparison of an end with itself may be left out, and
// of the two that say the same of both ends the one with the worst.
func bestWorst(f score.Family) (weighting.Compared, error) {
	by, items := f.By, f.Children
	codes := slices.Concat([]string{by.Best, by.Worst}, slices.Sorted(maps.Keys(by.ToOthers)),
		slices.Sorted(maps.Keys(by.ToWorst)))
	if err := known(f, items, codes...); err != nil {
		return weighting.Compared{}, err
	}
	b := weighting.BestWorst{Items: items, Best: slices.Index(items, by.Best),
		Worst: slices.Index(items, by.Worst)}
	for _, item := range items {
		others, said := by.ToOthers[item]
		if !said && item == by.Best {
			others, said = 1, true
		}
		worst, also := by.ToWorst[item]
		switch {
		case also:
		case item == by.Worst:
			worst, also = 1, true
		case item == by.Best:
			worst, also = by.ToOthers[by.Worst], true
		}
		if !said || !also {
			return weighting.Compared{}, fault.New(fault.Invalid, "rating.compared_lacking", about(f),
				by.Method, item)
		}
		b.ToOthers, b.ToWorst = append(b.ToOthers, others), append(b.ToWorst, worst)
	}
	c, err := b.Weigh()
	if err == nil {
		err = acceptBestWorst(f, c)
	}
	return c, err
}

// limitOf is the ratio up to which comparisons are accepted: what the scheme says, or the published one.
func limitOf(f score.Family, c weighting.Compared) float64 { return cmp.Or(f.By.Limit, c.Limit) }

// acceptBestWorst refuses comparisons that contradict themselves too much, and names the item.
func acceptBestWorst(f score.Family, c weighting.Compared) error {
	const rounding = 1e-9
	limit := limitOf(f, c)
	switch {
	case !(f.By.Limit >= 0 && f.By.Limit <= 1):
		return fault.New(fault.Invalid, "rating.judges_limit", about(f), f.By.Limit)
	case c.Ratio <= limit+rounding:
		return nil
	}
	by := f.By
	return fault.New(fault.Invalid, "rating.bestworst_inconsistent", about(f), shortRatio(c.Ratio),
		strconv.FormatFloat(limit, 'g', 4, 64), c.Least, shortFigure(by.ToOthers[c.Least]),
		shortFigure(by.ToWorst[c.Least]), shortFigure(by.ToOthers[by.Worst]))
}

func bestWorstNotes(f score.Family) ([]fault.Finding, error) {
	c, err := bestWorst(f)
	if err != nil {
		return nil, err
	}
	return []fault.Finding{fault.Told("rating.note.best_worst", about(f), shortFigure(c.Xi),
		shortFigure(c.Ratio), shortFigure(limitOf(f, c)), cmp.Or(c.Least, "–"))}, nil
}

// rankOrder are the weights of an order of importance.
func rankOrder(f score.Family) ([]float64, error) {
	if err := known(f, f.Level, slices.Sorted(maps.Keys(f.By.Ranks))...); err != nil {
		return nil, err
	}
	var ranks []int
	for _, item := range f.Children {
		rank, said := f.By.Ranks[item]
		if !said {
			return nil, fault.New(fault.Invalid, "rating.compared_lacking", about(f), f.By.Method, item)
		}
		ranks = append(ranks, rank)
	}
	order := weighting.Order(cmp.Or(f.By.Order, string(weighting.OrderCentroid)))
	w, err := weighting.RankOrder(f.Children, ranks, order)
	return w.Values, err
}

// The combinations.
const (
	howAdditive = "additive"
	howProduct  = "product"
	howRoot     = "root"
	howGame     = "game"
)

// checkCombination checks what needs no figures: the way, the shares and what people say in the parts.
func checkCombination(f score.Family) error {
	by := f.By
	if !slices.Contains([]string{howAdditive, howProduct, howRoot, howGame}, by.How) {
		return fault.New(fault.Invalid, "rating.combine_how", about(f), by.How)
	}
	if len(by.Of) < 2 {
		return fault.New(fault.Invalid, "rating.combine_sets", len(by.Of))
	}
	if by.Shares != nil {
		const rounding = 1e-9
		sum := 0.0
		for _, share := range by.Shares {
			sum += share
		}
		if len(by.Shares) != len(by.Of) || by.How != howAdditive || !(math.Abs(sum-1) <= rounding) ||
			slices.Min(by.Shares) < 0 {
			return fault.New(fault.Invalid, "rating.combine_sum", about(f), by.How, len(by.Of),
				len(by.Shares), shortFigure(sum))
		}
	}
	for i, part := range by.Of {
		if part.Whole {
			return fault.New(fault.Invalid, "rating.weights_foreign", part.Method, "whole", by.Method)
		}
		if err := checkWeights(partOf(f, part)); err != nil {
			return inPart(err, i, part)
		}
	}
	return nil
}

// partOf shows a part of a combination the same children.
func partOf(f score.Family, part score.Weighting) score.Family {
	f.By, f.Parameters = part, part.Parameters
	return f
}

func inPart(err error, at int, part score.Weighting) error {
	f := fault.Of(err)
	return f.With(append(slices.Clone(f.Findings), fault.Told("rating.in_part", at+1, part.Method)))
}

// combination combines the weights of its parts, each of sum 1, and answers the share of each; of products
// there are none.
func combination(f score.Family) (weighting.Weights, []float64, error) {
	if err := checkCombination(f); err != nil {
		return weighting.Weights{}, nil, err
	}
	var sets []weighting.Weights
	for i, part := range f.By.Of {
		set, err := partWeights(partOf(f, part))
		if err != nil {
			return weighting.Weights{}, nil, inPart(err, i, part)
		}
		sets = append(sets, set)
	}
	var w weighting.Weights
	var err error
	switch f.By.How {
	case howProduct:
		w, err = weighting.Product(sets)
	case howRoot:
		w, err = weighting.Root(sets)
	case howGame:
		return weighting.Game(sets)
	default:
		shares := f.By.Shares
		if shares == nil {
			shares = slices.Repeat([]float64{1 / float64(len(sets))}, len(sets))
		}
		w, err = weighting.Additive(sets, shares)
		return w, shares, err
	}
	return w, nil, err
}

func partWeights(f score.Family) (weighting.Weights, error) {
	switch f.By.Method {
	case score.EqualWeights:
		return weighting.Equal(f.Children)
	case score.GivenWeights:
		return weighting.Given(f.Children, f.Given)
	}
	found, err := weigherOf(f.By.Method)(f)
	if err != nil {
		return weighting.Weights{}, err
	}
	return weighting.Given(f.Children, found)
}

// combinationNotes tell the shares of the parts, and what these have to tell.
func combinationNotes(f score.Family) (notes []fault.Finding, err error) {
	_, shares, err := combination(f)
	if err != nil {
		return nil, err
	}
	var parts []string
	for i, part := range f.By.Of {
		said := part.Method
		if shares != nil {
			said += " " + shortFigure(shares[i])
		}
		parts = append(parts, said)
	}
	notes = append(notes, fault.Told("rating.note.combination", about(f), f.By.How,
		strings.Join(parts, ", ")))
	for _, part := range f.By.Of {
		if tell := accounts()[part.Method]; tell != nil {
			of, err := tell(partOf(f, part))
			if err != nil {
				return nil, err
			}
			notes = append(notes, of...)
		}
	}
	return notes, nil
}
