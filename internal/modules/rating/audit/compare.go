package audit

import (
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// Moved is what one other way to build the index does to the ranks.
type Moved struct {
	Name     string
	Ranks    []int
	Mean     float64 // of |rank − nominal rank| over areas
	Largest  int     // of the same
	Spearman float64 // of the ranks with the nominal ones, over areas that have both
	Err      error   // the way that was refused; then there are no ranks
}

// Way is another way to build the index.
type Way struct {
	Name   string
	Scores []float64 // NaN: none
	Err    error
}

// Compare lays the ranks of other ways beside the nominal ones: a removed indicator, another method.
func Compare(nominal []float64, ways []Way) []Moved {
	base := statistic.Rank(nominal, statistic.Descending)
	all := make([]Moved, len(ways))
	for i, w := range ways {
		m := Moved{Name: w.Name, Err: w.Err}
		if w.Err == nil {
			m.Ranks = statistic.Rank(w.Scores, statistic.Descending)
			m.Mean, m.Spearman = shift(base, m.Ranks), statistic.Spearman(nominal, w.Scores)
			for a, p := range m.Ranks {
				if p > 0 && base[a] > 0 {
					m.Largest = max(m.Largest, p-base[a], base[a]-p)
				}
			}
		}
		all[i] = m
	}
	return all
}

// Reversal is a pair of areas whose order changed although neither did: only another area was left out.
type Reversal struct{ Removed, Before, After int } // areas; Before stood before After with the removed one

// Reversals finds the pairs that change their order when one area at a time is left out. without answers
// the scores of all areas but one, in their order, the left-out one NaN. Ties on either side are none.
func Reversals(nominal []float64, without func(area int) ([]float64, error)) ([]Reversal, error) {
	var found []Reversal
	for removed := range nominal {
		scores, err := without(removed)
		if err != nil {
			return nil, err
		}
		for a := range nominal {
			for b := range nominal {
				if a != removed && b != removed && nominal[a] > nominal[b] && scores[a] < scores[b] {
					found = append(found, Reversal{removed, a, b})
				}
			}
		}
	}
	return found, nil
}
