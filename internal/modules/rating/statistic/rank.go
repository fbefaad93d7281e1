package statistic

import (
	"math"
	"slices"
)

// Order says which figure comes first.
type Order int

// The orders.
const (
	Descending Order = iota // 1 is the largest figure: the rank of a score
	Ascending               // 1 is the least
)

// Rank gives each figure its place, from 1; equal figures share the least place; missing cells have 0.
func Rank(x []float64, o Order) []int {
	ranks := make([]int, len(x))
	new(Ranker).Rank(ranks, x, o)
	return ranks
}

// AverageRank is Rank in which equal figures share the mean of their places; missing cells stay NaN.
func AverageRank(x []float64, o Order) []float64 {
	ranks := make([]float64, len(x))
	new(Ranker).Average(ranks, x, o)
	return ranks
}

// Ranker ranks again and again in memory of its own. The zero Ranker is ready; it is not for two at once.
type Ranker struct{ places []place }

type place struct {
	figure float64
	at     int32
}

// sort puts the figures in order, equal ones by their position.
func (r *Ranker) sort(x []float64, o Order) []place {
	r.places = r.places[:0]
	sign := -1.0
	if o == Ascending {
		sign = 1
	}
	for i, v := range x {
		if v == v {
			r.places = append(r.places, place{sign * v, int32(i)})
		}
	}
	slices.SortFunc(r.places, func(a, b place) int {
		switch {
		case a.figure < b.figure:
			return -1
		case a.figure > b.figure:
			return 1
		}
		return int(a.at - b.at)
	})
	return r.places
}

// Rank fills ranks, as long as x, with the places of x; equal figures share the least; missing: 0.
func (r *Ranker) Rank(ranks []int, x []float64, o Order) {
	clear(ranks)
	places := r.sort(x, o)
	for i, p := range places {
		if i > 0 && p.figure == places[i-1].figure {
			ranks[p.at] = ranks[places[i-1].at]
			continue
		}
		ranks[p.at] = i + 1
	}
}

// Average fills ranks, as long as x or x itself, with the places of x; equal figures share the mean of
// theirs; missing: NaN.
func (r *Ranker) Average(ranks []float64, x []float64, o Order) {
	places := r.sort(x, o) // before ranks is touched: it may be x itself
	for i := range ranks {
		ranks[i] = math.NaN()
	}
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && places[to].figure == places[from].figure {
			to++
		}
		mean := float64(from+1+to) / 2
		for _, p := range places[from:to] {
			ranks[p.at] = mean
		}
		from = to
	}
}
