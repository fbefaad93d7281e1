package score

import (
	"math"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// figureMax is the largest figure that is computed with: squares and products of larger ones would overflow
// into infinity somewhere, without anybody being told where.
const figureMax = 1e100

// sized refuses a figure that is too large to be computed with, or infinite.
func (t Table) sized() error {
	for c, column := range t.Values {
		for row, x := range column {
			if math.Abs(x) > figureMax {
				area := t.Areas[row]
				if t.Times != nil {
					area = strings.TrimSpace(area + " " + t.Times[row])
				}
				return fault.New(fault.Invalid, "rating.figure_large", t.Columns[c], area, x)
			}
		}
	}
	return nil
}

// outOfPower refuses a generalised mean of figures whose powers are too large or too small to be added.
func (w *Worker) outOfPower(node, from, to int) error {
	rule := w.rules[node]
	if rule.Method != Generalised {
		return nil
	}
	for row := from; row < to; row++ {
		x, largest := w.scores[node][row], 0.0
		if !math.IsInf(x, 0) && x != 0 {
			continue
		}
		for _, child := range w.plan.tree.nodes[node].Children {
			if w.weights[child] != 0 {
				largest = max(largest, w.scores[child][row])
			}
		}
		if largest > 0 && !math.IsInf(largest, 0) {
			return fault.New(fault.Invalid, "rating.power_overflow", w.plan.tree.nodes[node].Code,
				rule.Power,
				w.plan.keys[row])
		}
	}
	return nil
}

// explained says more of why a method of weights or of aggregation refused the children of a node: an
// indicator that is empty or the same everywhere is named as that, and what was computed together in any
// case.
func (w *Worker) explained(err error, parent int, children []int, method string) error {
	f := fault.Of(err)
	for _, c := range children {
		if lacking := w.lacking(c); lacking != nil {
			f = lacking.Because(err)
			break
		}
	}
	var codes []string
	for _, c := range children {
		codes = append(codes, w.plan.tree.nodes[c].Code)
	}
	found := append(slices.Clone(f.Findings),
		fault.Told("rating.in_family", w.named(parent), method, strings.Join(codes, ", ")))
	const few = 3
	if areas := w.plan.keys; len(areas) <= few {
		found = append(found, fault.Told("rating.few_areas", strings.Join(areas, ", ")))
	}
	return f.With(found)
}

// lacking says why an indicator has no score anywhere.
func (w *Worker) lacking(node int) *fault.Fault {
	if node >= w.plan.tree.indicators {
		return nil
	}
	all := w.plan.scheme.Normalise
	if w.variant.Normalise != nil {
		all = w.variant.Normalise
	}
	return w.plan.lacking(node, w.treated[node], w.scores[node], all)
}

// lacking says why an indicator has no score anywhere: no figure, or the same one everywhere, of which its
// normalisation makes nothing; nil if it has one.
func (p *Plan) lacking(indicator int, treated, scores []float64, all *Normalise) *fault.Fault {
	if slices.ContainsFunc(scores, known) {
		return nil
	}
	i := p.scheme.Indicators[indicator]
	row := slices.IndexFunc(treated, known)
	if row < 0 {
		return fault.New(fault.Invalid, "rating.indicator_empty", i.Code, p.keys[0])
	}
	return fault.New(fault.Invalid, "rating.indicator_constant", i.Code, p.keys[row], treated[row],
		normaliserOf(i, all).Method)
}

func known(x float64) bool { return !frame.IsMissing(x) }

// Scored refuses an index of which no area has a score because an indicator has none: nobody would see from
// the empty column why.
func (o *Outcome) Scored() error {
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" || slices.ContainsFunc(o.Scores[top], known) {
		return nil
	}
	for c := range o.Indicators {
		if f := o.plan.lacking(c, o.Treated[c], o.Scores[c], o.plan.scheme.Normalise); f != nil {
			return f
		}
	}
	return nil
}
