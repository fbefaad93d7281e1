package result

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
)

// TestAHandStandsOverAMethod: a weight by hand counts also where the parent has a method of its own, and the
// scheme that is tried on stays as it was.
func TestAHandStandsOverAMethod(t *testing.T) {
	s, _ := small()
	s.Aggregates[1].Weights = &score.Weighting{Method: score.EqualWeights}
	tried := Trial{Hand: map[string]float64{"x2": 3}}.On(s)
	if s.Aggregates[1].Weights == nil || s.Indicators[1].Weight != nil {
		t.Error("the scheme itself is changed")
	}
	if tried.Aggregates[1].Weights != nil || *tried.Indicators[1].Weight != 3 {
		t.Errorf("%+v", tried)
	}
	tried = Trial{Hand: map[string]float64{"x1": 3}}.On(s)
	if tried.Aggregates[1].Weights == nil {
		t.Error("the method of another parent is lost")
	}
}

// TestWeighed: every method of a scheme is named once, the parts of a combination too; none said is given.
func TestWeighed(t *testing.T) {
	parts := []score.Weighting{{Method: "critic"}, {Method: "ahp"}}
	s := score.Scheme{Weights: []score.Weighting{{Method: "ahp"}},
		Aggregates: []score.Aggregate{{Code: "I", Weights: &score.Weighting{Method: "combination",
			Combined: score.Combined{Of: parts}}}}}
	if found := strings.Join(Weighed(s), " "); found != "ahp combination critic" {
		t.Error(found)
	}
	if found := strings.Join(Weighed(score.Scheme{}), " "); found != score.GivenWeights {
		t.Error(found)
	}
}
