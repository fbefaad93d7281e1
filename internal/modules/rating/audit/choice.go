package audit

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// Choice is an input of a scheme: how the numbers of a draw change what is built.
type Choice struct {
	Input
	// Told are the words of the options, where there are some: for reports.
	Told  []string
	apply func(t *trial, u []float64)
}

// trial is the variant of one run in the making, with memory that its worker keeps.
type trial struct {
	plan    *score.Plan
	worker  *score.Worker
	variant score.Variant
	given   []float64 // of the scheme, by node
	weights []float64
}

// own answers the trial's weights, which begin as those of the scheme.
func (t *trial) own() []float64 {
	if t.variant.Weights == nil {
		t.weights = append(t.weights[:0], t.given...)
		t.variant.Weights = t.weights
	}
	return t.variant.Weights
}

// oneOf is an input whose number picks one of n options.
func oneOf(name string, n int, pick func(t *trial, option int)) Choice {
	return Choice{Input: Input{name, 1}, apply: func(t *trial, u []float64) { pick(t, Option(u[0], n)) }}
}

// WinMaxes lets the limit of winsorising be any of some numbers of cells.
func WinMaxes(name string, cells ...int) Choice {
	c := oneOf(name, len(cells), func(t *trial, option int) { t.variant.WinMax = cells[option] })
	for _, n := range cells {
		c.Told = append(c.Told, strconv.Itoa(n))
	}
	return c
}

// Treatments lets the rule of treatment be any of some.
func Treatments(name string, rules ...score.Treat) Choice {
	c := oneOf(name, len(rules), func(t *trial, option int) { t.variant.Treat = &rules[option] })
	for _, r := range rules {
		c.Told = append(c.Told, r.First+", "+r.Second)
	}
	return c
}

// Normalisations lets the normalisation be any of some.
func Normalisations(name string, methods ...score.Normalise) Choice {
	c := oneOf(name, len(methods), func(t *trial, option int) { t.variant.Normalise = &methods[option] })
	for _, m := range methods {
		c.Told = append(c.Told, m.Method)
	}
	return c
}

// Aggregations lets the rules of aggregation be any of some, each by level as in a scheme.
func Aggregations(name string, rules ...[]score.Aggregation) Choice {
	c := oneOf(name, len(rules), func(t *trial, option int) { t.variant.Aggregate = rules[option] })
	for _, r := range rules {
		told := ""
		for i, a := range r {
			if i > 0 {
				told += ", "
			}
			told += a.Method
		}
		c.Told = append(c.Told, told)
	}
	return c
}

// WeightSets lets the weights be any of some sets, each by node of the plan.
func WeightSets(name string, sets ...[]float64) Choice {
	return oneOf(name, len(sets), func(t *trial, option int) {
		copy(t.own(), sets[option])
	})
}

// WeightNoise multiplies the weight of every node by 1 + share·(2u − 1), each by a number of its own. A
// method of weights does not run beside it: noise is on the weights the scheme gives.
func WeightNoise(name string, nodes []int, share float64) Choice {
	return NoiseOn(name, nil, nodes, share)
}

// NoiseOn is WeightNoise on other weights than those of the scheme, by node: those a method found.
func NoiseOn(name string, weights []float64, nodes []int, share float64) Choice {
	return Choice{Input: Input{name, len(nodes)}, apply: func(t *trial, u []float64) {
		own := t.own()
		if weights != nil {
			copy(own, weights)
		}
		for k, node := range nodes {
			own[node] *= 1 + share*(2*u[k]-1)
		}
	}}
}

// DataNoise adds to every figure a normal error whose standard deviation is a share of its column's. One
// number of the draw stands for all the errors of a run.
func DataNoise(name string, plan *score.Plan, share float64, seed uint64) Choice {
	prepared := plan.Prepared()
	deviations := make([]float64, len(prepared))
	for c, column := range prepared {
		if d := statistic.Deviation(column); !math.IsNaN(d) {
			deviations[c] = share * d
		}
	}
	stream := statistic.NewStream(seed, dataStream)
	return Choice{Input: Input{name, 1}, apply: func(t *trial, u []float64) {
		own := stream.Sub(math.Float64bits(u[0]))
		data := t.worker.Data()
		cell := uint64(0)
		for c, column := range prepared {
			for a, x := range column {
				data[c][a] = x + deviations[c]*own.Normal(cell)
				cell++
			}
		}
		t.variant.Data = data
	}}
}

// Of is the model of a plan whose inputs are some choices, asked for the scores of one node.
func Of(plan *score.Plan, node int, choices []Choice) Model {
	m := Model{Areas: len(plan.Areas())}
	for _, c := range choices {
		m.Inputs = append(m.Inputs, c.Input)
	}
	m.Worker = func() Run {
		t := &trial{plan: plan, worker: plan.Worker(1), given: plan.Weights()}
		return func(_ int, draw, scores []float64) error {
			t.variant = score.Variant{}
			for _, c := range choices {
				c.apply(t, draw[:c.Numbers])
				draw = draw[c.Numbers:]
			}
			built, err := t.worker.Rebuild(t.variant)
			if err != nil {
				return err
			}
			copy(scores, built[node])
			return nil
		}
	}
	return m
}

// Without builds the index once for each of some nodes, with its weight 0, and answers the scores of one
// node. A node that is the only child of its parent leaves that parent without a score.
func Without(plan *score.Plan, node int, removed []int) []Way {
	ways := make([]Way, len(removed))
	each(0, len(removed), 0, func() func(i int) {
		worker := plan.Worker(1)
		return func(i int) {
			weights := plan.Weights()
			weights[removed[i]] = 0
			ways[i].Name = plan.Nodes()[removed[i]].Code
			built, err := worker.Rebuild(score.Variant{Weights: weights})
			if ways[i].Err = err; err == nil {
				ways[i].Scores = slices.Clone(built[node])
			}
		}
	})
	return ways
}
