package rating

import (
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Methods are the methods of the packages of the evaluation, by the names that schemes call.
func Methods() score.Methods {
	return score.Methods{Weigh: allWeighers(), Combine: combiners, Check: checkWeights, Account: accounts()}
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
	componentWeights: func(f score.Family) ([]float64, error) {
		c, err := weighting.ComponentsOf(frameOf(f, f.Columns), weighting.GapsDropped)
		if err != nil {
			return nil, err
		}
		return c.First(), nil
	},
	componentsWeights: onScores(func(f frame.Frame) (weighting.Weights, error) {
		c, err := weighting.ComponentsOf(f, weighting.GapsDropped)
		if err != nil {
			return weighting.Weights{}, err
		}
		w, _, err := c.Weigh(weighting.KeepAboveOne)
		return w, err
	}),
}

// The methods by principal components: the first alone, and those of more than average variance.
const (
	componentWeights  = "pca"
	componentsWeights = "pca_several"
)

// shortChance is a p as it is told: small ones as below the least that is.
func shortChance(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return shortRatio(p)
}

// componentNotes tell whether the children are fit for principal components.
func componentNotes(f score.Family) ([]fault.Finding, error) {
	const (
		sampling = 0.6  // least KMO, by usage
		chance   = 0.05 // most p of Bartlett's test
	)
	if len(f.Children) < 2 {
		return nil, nil
	}
	c, err := weighting.ComponentsOf(frameOf(f, f.Columns), weighting.GapsDropped)
	if err != nil {
		return nil, err
	}
	notes := []fault.Finding{fault.Told("rating.note.components", about(f), c.Areas,
		strconv.FormatFloat(100*c.Proportion[0], 'f', 1, 64), shortRatio(c.KMO), shortChance(c.Chance))}
	if !(c.KMO >= sampling) || !(c.Chance < chance) {
		notes = append(notes, fault.Doubt("rating.note.components_unfit", about(f)))
	}
	return notes, nil
}

func frameOf(f score.Family, columns [][]float64) frame.Frame {
	return frame.Frame{Areas: f.Areas, Columns: f.Children, Values: columns}
}

// turned are the columns of a family with more being better in each: costs that nothing has oriented change
// their sign, which on Z and on vectors of length 1 is the definition for costs.
func turned(f score.Family) [][]float64 {
	if f.Costs == nil {
		return f.Columns
	}
	columns := slices.Clone(f.Columns)
	for c, cost := range f.Costs {
		if !cost {
			continue
		}
		columns[c] = make([]float64, len(f.Columns[c]))
		for a, x := range f.Columns[c] {
			columns[c][a] = -x
		}
	}
	return columns
}

func onScores(weigh func(frame.Frame) (weighting.Weights, error)) score.Weigh {
	return func(f score.Family) ([]float64, error) {
		w, err := weigh(frameOf(f, turned(f)))
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

// entropy weighs by entropy on Z. Each column has an entropy of its own, so that columns are shared among the
// processors; the weights are what 1−e is of its sum, in the order of the columns.
func entropy(f frame.Frame, v weighting.Variant) (weighting.Weights, error) {
	basis, refused := make([]float64, len(f.Columns)), make([]error, len(f.Columns))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(f.Columns)) {
		all.Go(func() {
			for c := int(next.Add(1)) - 1; c < len(basis); c = int(next.Add(1)) - 1 {
				basis[c], refused[c] = entropyBasis(f, c, v)
			}
		})
	}
	all.Wait()
	for _, err := range refused {
		if err != nil {
			return weighting.Weights{}, err
		}
	}
	if w, err := weighting.Given(f.Columns, basis); err == nil {
		w.Basis = basis
		return w, nil
	}
	// All columns are the same everywhere: the package itself says what that means.
	return rescaled(f, func(z frame.Frame) (weighting.Weights, error) { return weighting.Entropy(z, v) })
}

// entropyBasis is 1−e of a column. One that begins at 0 is Z but for its unit, which entropy does not see.
func entropyBasis(f frame.Frame, c int, v weighting.Variant) (float64, error) {
	own := frame.Frame{Areas: f.Areas, Columns: f.Columns[c : c+1], Values: f.Values[c : c+1]}
	weigh := func(z frame.Frame) (weighting.Weights, error) {
		if least, largest := statistic.Extremes(z.Values[0]); least == largest {
			return weighting.Weights{Basis: []float64{0}}, nil
		}
		return weighting.Entropy(z, v)
	}
	var w weighting.Weights
	var err error
	least, largest := statistic.Extremes(f.Values[c])
	if v == weighting.EntropyMinMax && least == 0 && largest > 0 {
		w, err = weigh(own)
	} else {
		w, err = rescaled(own, weigh)
	}
	if err != nil {
		return 0, err
	}
	return w.Basis[0], nil
}

func critic(absolute bool) func(frame.Frame) (weighting.Weights, error) {
	return func(f frame.Frame) (weighting.Weights, error) { return weighting.Critic(f, absolute) }
}
