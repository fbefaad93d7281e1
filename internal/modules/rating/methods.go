package rating

import (
	"github.com/terrace-project/terrace/internal/modules/rating/choice"
	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
)

// Methods are the methods of the packages of the evaluation, by the names that schemes call.
func Methods() score.Methods {
	return score.Methods{Weigh: weighers, Combine: combiners}
}

// weighers are the ways to find weights from figures. Those on figures from 0 to 1 rescale the normalised
// columns, which are oriented already; those on raw figures take the treated ones.
var weighers = map[string]score.Weigh{
	"entropy": onScores(func(f frame.Frame) (weighting.Weights, error) {
		return entropy(f,
			weighting.EntropyMinMax)
	}),
	"entropy_shift": onScores(func(f frame.Frame) (weighting.Weights, error) {
		return entropy(f,
			weighting.EntropyShift)
	}),
	"entropy_raw": onFigures(func(f frame.Frame) (weighting.Weights, error) {
		return weighting.Entropy(f, weighting.EntropyRaw)
	}),
	"critic": onScores(func(f frame.Frame) (weighting.Weights, error) {
		return rescaled(f,
			critic(false))
	}),
	"critic_abs": onScores(func(f frame.Frame) (weighting.Weights, error) {
		return rescaled(f,
			critic(true))
	}),
	"sd": onScores(func(f frame.Frame) (weighting.Weights, error) {
		return rescaled(f,
			weighting.Deviation)
	}),
	"cv":           onFigures(weighting.Variation),
	"independence": onScores(weighting.Independence),
	"pca": func(f score.Family) ([]float64, error) {
		c, err := weighting.ComponentsOf(frameOf(f, f.Columns), weighting.GapsDropped)
		if err != nil {
			return nil, err
		}
		return c.First(), nil
	},
	"pca_several": onScores(func(f frame.Frame) (weighting.Weights, error) {
		c, err := weighting.ComponentsOf(f, weighting.GapsDropped)
		if err != nil {
			return weighting.Weights{}, err
		}
		w, _, err := c.Weigh(weighting.KeepAboveOne)
		return w, err
	}),
}

func frameOf(f score.Family, columns [][]float64) frame.Frame {
	return frame.Frame{Areas: f.Areas, Columns: f.Children, Values: columns}
}

func onScores(weigh func(frame.Frame) (weighting.Weights, error)) score.Weigh {
	return func(f score.Family) ([]float64, error) {
		w, err := weigh(frameOf(f, f.Columns))
		return w.Values, err
	}
}

// onFigures weighs indicators by their treated figures, and aggregates by their scores.
func onFigures(weigh func(frame.Frame) (weighting.Weights, error)) score.Weigh {
	return func(f score.Family) ([]float64, error) {
		columns := f.Raw
		if columns == nil {
			columns = f.Columns
		}
		w, err := weigh(frameOf(f, columns))
		return w.Values, err
	}
}

// rescaled brings oriented columns to a scale from 0 to 1 first.
func rescaled(f frame.Frame, weigh func(frame.Frame) (weighting.Weights, error)) (weighting.Weights,
	error) {
	directions := make([]weighting.Direction, len(f.Columns))
	for i := range directions {
		directions[i] = weighting.More
	}
	z, err := weighting.Rescaled(f, directions)
	if err != nil {
		return weighting.Weights{}, err
	}
	return weigh(z)
}

func entropy(f frame.Frame, v weighting.Variant) (weighting.Weights, error) {
	return rescaled(f, func(z frame.Frame) (weighting.Weights, error) { return weighting.Entropy(z, v) })
}

func critic(absolute bool) func(frame.Frame) (weighting.Weights, error) {
	return func(f frame.Frame) (weighting.Weights, error) { return weighting.Critic(f, absolute) }
}

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
	"vikor": decided(func(d choice.Decision) ([]float64, error) {
		c, err := choice.Vikor(d, evenCompromise)
		for i := range c.Q {
			c.Q[i] = 1 - c.Q[i] // Q is lower for the better
		}
		return c.Q, err
	}),
	"grey": decided(func(d choice.Decision) ([]float64, error) { return choice.Grey(d, greyResolution) }),
	"mpi": decided(func(d choice.Decision) ([]float64, error) {
		p, err := choice.Mazziotta(d, choice.PenaltyDown)
		return p.Scores, err
	}),
	"bod": decided(func(d choice.Decision) ([]float64, error) {
		areas, err := choice.BenefitOfDoubt(d, nil)
		scores := make([]float64, len(areas))
		for i, a := range areas {
			scores[i] = a.Score
		}
		return scores, err
	}),
	"copeland": decided(func(d choice.Decision) ([]float64, error) {
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

// decided scores the areas of a family as a decision between them.
func decided(rank func(choice.Decision) ([]float64, error)) score.Combine {
	return func(f score.Family, weights, into []float64) error {
		scores, err := rank(choice.Decision{Frame: frameOf(f, f.Columns), Weights: weights})
		if err == nil {
			copy(into, scores)
		}
		return err
	}
}
