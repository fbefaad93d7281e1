package disparity

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Distribution is a figure of areas – income, beds, product a head – with the people it stands for. The
// slices are read, never changed.
type Distribution struct {
	Indicator string    // its code, for refusals
	Areas     []string  // codes of the areas
	Values    []float64 // the figure of each area, a head
	Weights   []float64 // people of each area; nil: every area counts one
}

// Present answers the distribution of the areas that have both a figure and a weight, and the codes of those
// left out: a gap is left out by choice and named, never by silence.
func (d Distribution) Present() (Distribution, []string) {
	kept, left := Distribution{Indicator: d.Indicator}, []string(nil)
	for i, area := range d.Areas {
		if math.IsNaN(d.Values[i]) || d.Weights != nil && math.IsNaN(d.Weights[i]) {
			left = append(left, area)
			continue
		}
		kept.Areas = append(kept.Areas, area)
		kept.Values = append(kept.Values, d.Values[i])
		if d.Weights != nil {
			kept.Weights = append(kept.Weights, d.Weights[i])
		}
	}
	return kept, left
}

// read is a distribution that was checked: shares of people and figures relative to the mean.
type read struct {
	mean  float64
	share []float64 // v: weight of the area beside all; sums to 1
	ratio []float64 // r: figure beside the mean
	zero  int       // an area whose figure is 0 and who counts, or -1
}

// read checks a distribution (invariants 1 and 2) and takes out its mean.
func (d Distribution) read() (read, error) {
	if len(d.Areas) == 0 || len(d.Values) != len(d.Areas) || d.Weights != nil &&
		len(d.Weights) != len(d.Areas) {
		return read{}, fault.New(fault.Invalid, "rating.disparity_shape", d.Indicator, len(d.Areas),
			len(d.Values),
			len(d.Weights))
	}
	r := read{share: make([]float64, len(d.Areas)), ratio: make([]float64, len(d.Areas)), zero: -1}
	people, all := 0.0, 0.0
	for i, x := range d.Values {
		w := 1.0
		if d.Weights != nil {
			w = d.Weights[i]
		}
		if err := d.cell(i, x, w); err != nil {
			return read{}, err
		}
		if x == 0 && w > 0 && r.zero < 0 {
			r.zero = i
		}
		r.share[i] = w
		people += w
		all += w * x
	}
	if people == 0 || all == 0 {
		return read{}, fault.New(fault.Invalid, "rating.disparity_nothing", d.Indicator)
	}
	r.mean = all / people
	for i, x := range d.Values {
		r.share[i] /= people
		r.ratio[i] = x / r.mean
	}
	return r, nil
}

// cell refuses a figure or weight that no measure of disparity can take.
func (d Distribution) cell(i int, x, w float64) error {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return fault.New(fault.Invalid, "rating.disparity_missing", d.Indicator, d.Areas[i])
	case x < 0:
		return fault.New(fault.Invalid, "rating.disparity_negative", d.Indicator, d.Areas[i], x)
	case math.IsNaN(w) || math.IsInf(w, 0) || w < 0:
		return fault.New(fault.Invalid, "rating.disparity_weight", d.Indicator, d.Areas[i])
	}
	return nil
}
