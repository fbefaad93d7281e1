package result

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
)

// Trial is what a scheme is changed to for a try: a method for each step that is another, and weights put in
// by hand. An empty method leaves its step as the scheme has it.
type Trial struct {
	Treat, Normalise, Weights, Aggregate string
	Hand                                 map[string]float64 // weights by node
}

// The scales a trial normalises to: above 0, so that a geometric mean can follow.
const (
	trialLow, trialHigh       = 1, 100
	trialMean, trialDeviation = 100, 10
)

// On is a scheme under the trial. The scheme itself stays as it is.
func (t Trial) On(s score.Scheme) score.Scheme {
	s.Indicators, s.Aggregates = slices.Clone(s.Indicators), slices.Clone(s.Aggregates)
	if t.Normalise != "" {
		n := score.Normalise{Method: t.Normalise, Constant: score.ConstantBest}
		switch t.Normalise {
		case score.MinMax:
			n.Low, n.High = trialLow, trialHigh
		case score.ZScore:
			n.Mean, n.Deviation = trialMean, trialDeviation
		}
		s.Normalise = &n
		for i := range s.Indicators {
			s.Indicators[i].Normalise = nil
		}
	}
	switch t.Treat {
	case "":
	case score.NoTreatment:
		s.Treat = nil
	default:
		s.Treat = &score.Treat{First: t.Treat}
	}
	if t.Aggregate != "" {
		s.Aggregate = []score.Aggregation{{Method: t.Aggregate}}
		for i := range s.Aggregates {
			s.Aggregates[i].Aggregate = nil
		}
	}
	t.weigh(&s)
	return s
}

// weigh changes the weights: by a method, and by hand over it.
func (t Trial) weigh(s *score.Scheme) {
	if t.Weights != "" {
		s.Weights = []score.Weighting{{Method: t.Weights}}
		for i := range s.Aggregates {
			s.Aggregates[i].Weights = nil
		}
	}
	if len(t.Hand) == 0 {
		return
	}
	s.Weights = []score.Weighting{{Method: score.GivenWeights}}
	parents := map[string]bool{} // whose own method would pass over the hand
	for i := range s.Indicators {
		if w, changed := t.Hand[s.Indicators[i].Code]; changed {
			s.Indicators[i].Weight, parents[s.Indicators[i].Parent] = &w, true
		}
	}
	for i := range s.Aggregates {
		if w, changed := t.Hand[s.Aggregates[i].Code]; changed {
			s.Aggregates[i].Weight, parents[s.Aggregates[i].Parent] = &w, true
		}
	}
	for i := range s.Aggregates {
		if parents[s.Aggregates[i].Code] {
			s.Aggregates[i].Weights = nil
		}
	}
}

// Weighed are the methods by which a scheme finds its weights, each once: those of its levels, then those of
// single nodes, and behind a combination its parts.
func Weighed(s score.Scheme) []string {
	var all []string
	var add func(w score.Weighting)
	add = func(w score.Weighting) {
		if !slices.Contains(all, w.Method) {
			all = append(all, w.Method)
		}
		for _, part := range w.Of {
			add(part)
		}
	}
	for _, w := range s.Weights {
		add(w)
	}
	for _, a := range s.Aggregates {
		if a.Weights != nil {
			add(*a.Weights)
		}
	}
	if all == nil {
		return []string{score.GivenWeights}
	}
	return all
}
