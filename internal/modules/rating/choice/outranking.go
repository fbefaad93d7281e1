package choice

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Missing says how outranking takes a pair of which one lacks a figure.
type Missing string

// The rules.
const (
	MissingRefused   Missing = "refused"
	MissingPair      Missing = "pair"      // left out of that pair, the other weights rescaled
	MissingReference Missing = "reference" // as the reference package: it credits the later area of the pair
)

// outrankingMax bounds the areas of a matrix, which has a cell for each pair.
const outrankingMax = 5000

// tieWithin is how near to ½ a pair is a tie; weights are decimals that binary fractions only approach.
const tieWithin = 1e-9

// Outranked are the pairs of areas.
type Outranked struct {
	Matrix    [][]float64 // o_ij: weight of what speaks for i against j; diagonal 0
	Copeland  []int       // wins less defeats of each area
	Dominated int         // pairs in which one is better or equal everywhere and better somewhere: o = 1
}

// Outranking compares every area with every other.
func Outranking(d Decision, m Missing) (Outranked, error) {
	w, err := d.shares()
	if err != nil {
		return Outranked{}, err
	}
	n := len(d.Areas)
	switch {
	case n > outrankingMax:
		return Outranked{}, fault.New(fault.TooLarge, "rating.choice_too_many", n, outrankingMax)
	case m == MissingRefused:
		err = d.complete()
	case m != MissingPair && m != MissingReference:
		err = fault.New(fault.Invalid, "rating.choice_rule", string(m))
	}
	if err != nil {
		return Outranked{}, err
	}
	r := Outranked{Matrix: make([][]float64, n), Copeland: make([]int, n)}
	for i := range n {
		r.Matrix[i] = make([]float64, n)
	}
	rows := d.byArea()
	for i := range n {
		for j := i + 1; j < n; j++ {
			o := speaksFor(rows[i], rows[j], w, m)
			r.Matrix[i][j], r.Matrix[j][i] = o, 1-o
			switch {
			case o > 0.5+tieWithin:
				r.Copeland[i]++
				r.Copeland[j]--
			case o < 0.5-tieWithin:
				r.Copeland[i]--
				r.Copeland[j]++
			}
			if o >= 1-tieWithin || o <= tieWithin {
				r.Dominated++
			}
		}
	}
	return r, nil
}

// byArea copies the table row by row, turned so that more is better.
func (d Decision) byArea() [][]float64 {
	rows := make([][]float64, len(d.Areas))
	for a := range rows {
		rows[a] = d.Row(a)
		for c := range rows[a] {
			if d.less(c) {
				rows[a][c] = -rows[a][c]
			}
		}
	}
	return rows
}

// speaksFor is o of a pair.
func speaksFor(x, y, w []float64, m Missing) float64 {
	sum, of := 0.0, 0.0
	for c, weight := range w {
		if frame.IsMissing(x[c]) || frame.IsMissing(y[c]) {
			continue
		}
		of += weight
		switch {
		case x[c] > y[c]:
			sum += weight
		case x[c] == y[c]:
			sum += weight / 2
		}
	}
	switch {
	case m == MissingReference:
		return sum
	case of == 0:
		return 0.5
	}
	return sum / of
}

// Preference names how PROMETHEE turns a difference into a preference of 0 to 1.
type Preference string

// The preferences.
const (
	PreferUsual    Preference = "usual"    // 1 for any difference
	PreferLinear   Preference = "linear"   // 0 up to q, 1 from p on, straight between; q = 0 is the V shape
	PreferGaussian Preference = "gaussian" // 1 − exp(−d²/2p²)
)

// Criterion is the preference of one column, in its unit.
type Criterion struct {
	Preference Preference
	Q, P       float64 // indifference and strict preference, 0 ≤ q < p; p is the inflection of the Gaussian
}

// Flows are the answer of PROMETHEE, by area.
type Flows struct {
	Leaving, Entering, Net []float64 // φ⁺, φ⁻ and their difference, −1 to 1; more net flow is better
}

// Promethee ranks by net flows (PROMETHEE II); criteria[c] is that of column c.
func Promethee(d Decision, criteria []Criterion) (Flows, error) {
	w, err := d.shares()
	if err != nil {
		return Flows{}, err
	}
	if err := d.complete(); err != nil {
		return Flows{}, err
	}
	if len(criteria) != len(d.Columns) {
		return Flows{}, fault.New(fault.Invalid, "rating.choice_shape", len(d.Columns), len(criteria))
	}
	n := len(d.Areas)
	if n > outrankingMax {
		return Flows{}, fault.New(fault.TooLarge, "rating.choice_too_many", n, outrankingMax)
	}
	for c, k := range criteria {
		if !k.valid() {
			return Flows{}, fault.New(fault.Invalid, "rating.choice_criterion", d.Columns[c],
				string(k.Preference), k.Q, k.P)
		}
	}
	f := Flows{Leaving: make([]float64, n), Entering: make([]float64, n), Net: make([]float64, n)}
	rows := d.byArea()
	for i, x := range rows {
		for j, y := range rows {
			if i == j {
				continue
			}
			preferred := 0.0
			for c, k := range criteria {
				preferred += w[c] * k.of(x[c]-y[c])
			}
			f.Leaving[i] += preferred / float64(n-1)
			f.Entering[j] += preferred / float64(n-1)
		}
	}
	for a := range f.Net {
		f.Net[a] = f.Leaving[a] - f.Entering[a]
	}
	return f, nil
}

func (k Criterion) valid() bool {
	switch k.Preference {
	case PreferUsual:
		return true
	case PreferLinear:
		return k.Q >= 0 && k.Q < k.P && !math.IsInf(k.P, 0)
	case PreferGaussian:
		return k.P > 0 && !math.IsInf(k.P, 0)
	}
	return false
}

// of is the preference of a difference.
func (k Criterion) of(difference float64) float64 {
	switch {
	case difference <= 0:
		return 0
	case k.Preference == PreferUsual:
		return 1
	case k.Preference == PreferGaussian:
		return 1 - math.Exp(-difference*difference/(2*k.P*k.P))
	}
	return min(max((difference-k.Q)/(k.P-k.Q), 0), 1)
}
