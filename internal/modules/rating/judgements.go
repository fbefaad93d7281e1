package rating

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// acceptable is the consistency ratio from which a judgement is refused where the scheme says none.
const acceptable = 0.1

// The ways to join judges.
const (
	poolJudgements = "judgements"
	poolPriorities = "priorities"
	poolArithmetic = "priorities_arithmetic"
)

// hierarchy is the analytic hierarchy process on the children of a node.
type hierarchy struct {
	family     score.Family
	derivation weighting.Derivation
	table      weighting.Table
	limit      float64
}

// judged is one judgement with what it implies; the name is that of its judge, or empty of all together.
type judged struct {
	name string
	weighting.Priorities
	said weighting.Judgement
}

func hierarchyOf(f score.Family) hierarchy {
	by := f.By
	return hierarchy{f, weighting.Derivation(cmp.Or(by.Derivation, string(weighting.Eigenvector))),
		weighting.Table(cmp.Or(by.Table, string(weighting.TableSaaty))), cmp.Or(by.Limit, acceptable)}
}

// hierarchyWeights are the weights of the children by the judges' comparisons.
func hierarchyWeights(f score.Family) ([]float64, error) {
	w, _, err := hierarchyOf(f).weigh()
	return w.Values, err
}

// weigh joins the judges, and answers each judgement that was looked at besides.
func (h hierarchy) weigh() (weighting.Weights, []judged, error) {
	judges, pool := h.family.By.Judges, cmp.Or(h.family.By.Pool, poolJudgements)
	switch {
	case len(judges) == 0:
		return weighting.Weights{}, nil, fault.New(fault.Invalid, "rating.judges_lacking", about(h.family))
	case !(h.limit > 0 && h.limit <= 1):
		return weighting.Weights{}, nil, fault.New(fault.Invalid, "rating.judges_limit", about(h.family),
			h.limit)
	case !slices.Contains([]string{poolJudgements, poolPriorities, poolArithmetic}, pool):
		return weighting.Weights{}, nil, fault.New(fault.Invalid, "rating.judges_pool", about(h.family),
			pool)
	}
	var said []weighting.Judgement
	var voices []float64
	var found []judged
	for i, judge := range judges {
		voice, name := 1.0, cmp.Or(judge.Name, strconv.Itoa(i+1))
		if judge.Voice != nil {
			voice = *judge.Voice
		}
		j, err := h.read(judge, name)
		if err != nil {
			return weighting.Weights{}, nil, err
		}
		p, err := weighting.PrioritiesOf(j, h.derivation, h.table)
		if err == nil && (pool != poolJudgements || len(judges) == 1) {
			err = h.accept(name, j, p)
		}
		if err != nil {
			return weighting.Weights{}, nil, err
		}
		said, voices, found = append(said, j), append(voices, voice), append(found, judged{name, p, j})
	}
	if pool != poolJudgements {
		w, err := h.joined(found, voices, pool)
		return w, found, err
	}
	return h.pooled(said, voices, found)
}

// pooled makes one judgement of all; the group need be consistent, its judges need not.
func (h hierarchy) pooled(said []weighting.Judgement, voices []float64, found []judged) (weighting.Weights,
	[]judged, error) {
	all, err := weighting.PooledJudgement(said, voices)
	if err != nil {
		return weighting.Weights{}, nil, err
	}
	if len(said) == 1 {
		return found[0].Weights, found, nil
	}
	p, err := weighting.PrioritiesOf(all, h.derivation, h.table)
	if err == nil {
		err = h.accept(everyone, all, p)
	}
	return p.Weights, append(found, judged{everyone, p, all}), err
}

// everyone stands for all judges together where a judge is named.
const everyone = "Σ"

func (h hierarchy) joined(found []judged, voices []float64, pool string) (weighting.Weights, error) {
	mean := weighting.MeanGeometric
	if pool == poolArithmetic {
		mean = weighting.MeanArithmetic
	}
	var priorities []weighting.Weights
	for _, j := range found {
		priorities = append(priorities, j.Weights)
	}
	return weighting.PooledPriorities(priorities, voices, mean)
}

// accept refuses a judgement that contradicts itself too much, and says where and what it should rather be.
func (h hierarchy) accept(name string, j weighting.Judgement, p weighting.Priorities) error {
	if p.Ratio < h.limit {
		return nil
	}
	doubt, found, err := weighting.MostDoubtful(j, h.table)
	if err != nil || !found {
		return err
	}
	return fault.New(fault.Invalid, "rating.judgement_inconsistent", name, about(h.family),
		shortRatio(p.Ratio), h.limit, string(h.table), doubt.First, doubt.Second, saaty(doubt.Given),
		saaty(doubt.Suggested), shortRatio(doubt.RatioAfter))
}

// pair are two nodes that are compared.
type pair struct {
	first, second string
	times         score.Times
}

// read makes the matrix of a judge over the children of the family.
func (h hierarchy) read(judge score.Judge, name string) (weighting.Judgement, error) {
	pairs, err := pairsOf(judge, name)
	if err != nil {
		return weighting.Judgement{}, err
	}
	said := map[[2]string]float64{}
	for _, p := range pairs {
		times, err := h.compared(p, name)
		if err != nil {
			return weighting.Judgement{}, err
		}
		for _, way := range []struct {
			of    [2]string
			times float64
		}{{[2]string{p.first, p.second}, times}, {[2]string{p.second, p.first}, 1 / times}} {
			if before, twice := said[way.of]; twice && (before-way.times)/before > sameTimes ||
				twice && (way.times-before)/before > sameTimes {
				return weighting.Judgement{}, fault.New(fault.Invalid, "rating.judge_twice", name, p.first,
					p.second)
			}
			said[way.of] = way.times
		}
	}
	var upper []float64
	items := h.family.Children
	for i, first := range items {
		for _, second := range items[i+1:] {
			times, there := said[[2]string{first, second}]
			if !there {
				return weighting.Judgement{}, fault.New(fault.Invalid, "rating.judge_pair_lacking", name,
					first,
					second, about(h.family))
			}
			upper = append(upper, times)
		}
	}
	return weighting.JudgementOf(items, upper)
}

// sameTimes is how far a comparison and its reciprocal may differ by rounding.
const sameTimes = 1e-6

// pairsOf are the comparisons of a judge in a fixed order.
func pairsOf(judge score.Judge, name string) (pairs []pair, err error) {
	n := len(judge.Items)
	if len(judge.Upper) != n*(n-1)/2 {
		return nil, fault.New(fault.Invalid, "rating.judge_upper", name, n, n*(n-1)/2, len(judge.Upper))
	}
	upper := judge.Upper
	for i, first := range judge.Items {
		for k, second := range judge.Items[i+1:] {
			pairs = append(pairs, pair{first, second, upper[k]})
		}
		upper = upper[n-i-1:]
	}
	for _, first := range slices.Sorted(maps.Keys(judge.Pairs)) {
		for _, second := range slices.Sorted(maps.Keys(judge.Pairs[first])) {
			pairs = append(pairs, pair{first, second, judge.Pairs[first][second]})
		}
	}
	return pairs, nil
}

// compared checks a comparison and answers it as a number.
func (h hierarchy) compared(p pair, name string) (float64, error) {
	inside := 0
	for _, item := range []string{p.first, p.second} {
		if !slices.Contains(h.family.Level, item) {
			return 0, fault.New(fault.Invalid, "rating.judge_item_unknown", name, item,
				strings.Join(h.family.Level, ", "))
		}
		if slices.Contains(h.family.Children, item) {
			inside++
		}
	}
	if p.first == p.second {
		return 0, fault.New(fault.Invalid, "rating.judge_itself", name, p.first)
	}
	if inside == 1 {
		return 0, fault.New(fault.Invalid, "rating.judge_across", name, p.first, p.second)
	}
	times, ok := numberOf(p.times)
	if !ok {
		return 0, fault.New(fault.Invalid, "rating.judge_scale", name, p.first, p.second, string(p.times))
	}
	return times, nil
}

// numberOf reads 3, 1/3 or 2.5, from 1/9 to 9.
func numberOf(t score.Times) (float64, bool) {
	const most, rounding = 9.0, 1e-9
	over, under, fraction := strings.Cut(string(t), "/")
	x, err := strconv.ParseFloat(strings.TrimSpace(over), 64)
	if err == nil && fraction {
		var by float64
		by, err = strconv.ParseFloat(strings.TrimSpace(under), 64)
		x /= by
	}
	return x, err == nil && x >= 1/most-rounding && x <= most+rounding
}

// saaty writes a comparison as people do: 3, 1/3, 2.5.
func saaty(x float64) string {
	if x < 1 {
		return "1/" + shortRatio(1/x)
	}
	return shortRatio(x)
}

// shortRatio writes a figure with three digits behind the point at most.
func shortRatio(x float64) string {
	text := strconv.FormatFloat(x, 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// about says whose children are weighed; of a whole level, these.
func about(f score.Family) string { return cmp.Or(f.Parent, strings.Join(f.Children, ", ")) }

// hierarchyNotes tell how consistent the judges are, and of one who is not where the doubt lies.
func hierarchyNotes(f score.Family) (notes []fault.Finding, err error) {
	h := hierarchyOf(f)
	_, found, err := h.weigh()
	for _, j := range found {
		note := fault.Told("rating.note.hierarchy", about(f), j.name, shortFigure(j.Lambda),
			shortFigure(j.Index), shortFigure(j.Ratio), string(h.table))
		if j.Ratio < h.limit {
			notes = append(notes, note)
			continue
		}
		note.Severity = fault.Warning
		notes = append(notes, note)
		doubt, there, err := weighting.MostDoubtful(j.said, h.table)
		if err != nil {
			return nil, err
		}
		if there {
			notes = append(notes, fault.Told("rating.note.doubtful", j.name, about(f), doubt.First,
				doubt.Second, saaty(doubt.Given), saaty(doubt.Suggested), shortRatio(doubt.RatioAfter)))
		}
	}
	return notes, err
}
