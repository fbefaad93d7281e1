package rating

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/choice"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// combiners are the aggregations that look at all areas together. All of them answer scores of which more
// is better.
var combiners = map[string]score.Combine{
	"topsis": decided(func(d choice.Decision) ([]float64, error) {
		c, err := choice.Topsis(d, choice.ScaleMinMax, nil)
		return c.Scores, err
	}),
	"topsis_vec": decided(func(d choice.Decision) ([]float64, error) {
		c, err := choice.Topsis(d, choice.ScaleVector, nil)
		return c.Scores, err
	}),
	"vikor": asked(func(d choice.Decision, p parameters) ([]float64, error) {
		c, err := choice.Vikor(d, p.of("v", evenCompromise))
		for i := range c.Q {
			c.Q[i] = 1 - c.Q[i] // Q is lower for the better
		}
		return c.Q, err
	}, "v"),
	"grey": asked(func(d choice.Decision, p parameters) ([]float64, error) {
		return choice.Grey(d, p.of("rho", greyResolution))
	}, "rho"),
	"promethee": asked(netFlow, "p", "q"),
	"mpi": decided(func(d choice.Decision) ([]float64, error) {
		p, err := choice.Mazziotta(d, choice.PenaltyDown)
		return p.Scores, err
	}),
	"ampi": asked(adjusted, "high", "low"),
	"bod": decided(func(d choice.Decision) ([]float64, error) {
		areas, err := choice.BenefitOfDoubt(d, nil)
		scores := make([]float64, len(areas))
		for i, a := range areas {
			scores[i] = a.Score
		}
		return scores, err
	}),
	"copeland": asItStands(func(d choice.Decision) ([]float64, error) {
		o, err := choice.Outranking(d, choice.MissingPair)
		scores := make([]float64, len(o.Copeland))
		for i, wins := range o.Copeland {
			scores[i] = float64(wins)
		}
		return scores, err
	}),
}

// The usual parameters of VIKOR (v) and of grey relational grades (ρ).
const (
	evenCompromise = 0.5
	greyResolution = 0.5
)

// parameters are what a scheme says to a method.
type parameters map[string]float64

func (p parameters) of(name string, usual float64) float64 {
	if x, said := p[name]; said {
		return x
	}
	return usual
}

// netFlow is PROMETHEE II: any difference counts in full, or with p (and q) those beyond p do, those up to q
// not at all, in the unit of the children.
func netFlow(d choice.Decision, p parameters) ([]float64, error) {
	rule := choice.Criterion{Preference: choice.PreferUsual}
	if len(p) > 0 {
		rule = choice.Criterion{Preference: choice.PreferLinear, Q: p.of("q", 0), P: p.of("p", 0)}
	}
	f, err := choice.Promethee(d, slices.Repeat([]choice.Criterion{rule}, len(d.Columns)))
	return f.Net, err
}

// adjusted is the adjusted index of Mazziotta and Pareto, between posts that the scheme says for all
// children, or the least and largest figures of all times.
func adjusted(d choice.Decision, p parameters) ([]float64, error) {
	posts, err := choice.PostsOf(d)
	if err != nil {
		return nil, err
	}
	g := choice.Goalposts{Least: slices.Clone(posts.Least), Largest: slices.Clone(posts.Largest)}
	for c := range d.Columns {
		g.Least[c], g.Largest[c] = p.of("low", g.Least[c]), p.of("high", g.Largest[c])
	}
	a, err := choice.Adjusted(d, g, choice.PenaltyDown)
	return a.Scores, err
}

// asked scores the areas of a family as a decision between them, by parameters of these names alone.
func asked(rank func(choice.Decision, parameters) ([]float64, error), names ...string) score.Combine {
	return func(f score.Family, weights, into []float64) error {
		f.Columns = turned(f)
		return ranking(f, weights, into, rank, names)
	}
}

// decided is asked without parameters.
func decided(rank func(choice.Decision) ([]float64, error)) score.Combine {
	return asked(func(d choice.Decision, _ parameters) ([]float64, error) { return rank(d) })
}

// asItStands is decided on columns that are taken as they are, as means do and as outranking does in the
// reference package: without normalisation no direction is looked at.
func asItStands(rank func(choice.Decision) ([]float64, error)) score.Combine {
	return func(f score.Family, weights, into []float64) error {
		return ranking(f, weights, into,
			func(d choice.Decision, _ parameters) ([]float64, error) { return rank(d) }, nil)
	}
}

// ranking fills in the scores of a method, and refuses parameters that it does not know.
func ranking(f score.Family, weights, into []float64,
	rank func(choice.Decision, parameters) ([]float64, error), names []string) error {
	for _, name := range slices.Sorted(maps.Keys(f.Parameters)) {
		if !slices.Contains(names, name) {
			return fault.New(fault.Invalid, "rating.parameter_unknown", f.Parent, name,
				cmp.Or(strings.Join(names, ", "), "–"))
		}
	}
	scores, err := rank(choice.Decision{Frame: frameOf(f, f.Columns), Weights: weights}, f.Parameters)
	if err == nil {
		copy(into, scores)
	}
	return err
}
