package score

import "strings"

// Normalisation is what puts an indicator on the scale, given what the scheme says for all; nil where nothing
// does. Where the scheme names a method without figures, the indicator's own Scales of that method hold.
func (i Indicator) Normalisation(all *Normalise) *Normalise {
	if i.Normalise != nil {
		return i.Normalise
	}
	if all == nil || !all.bare() {
		return all
	}
	for _, own := range i.Scales {
		if own.Method != all.Method {
			continue
		}
		own.Constant, own.By = all.Constant, all.By
		if own.Method == Scaled && i.Direction == Cost {
			own.Low, own.High = -own.High, -own.Low // the figures are turned too
		}
		return &own
	}
	return all
}

// bare says that a normalisation is a name without figures.
func (n Normalise) bare() bool {
	return n.Low == 0 && n.High == 0 && n.Mean == 0 && n.Deviation == 0 && n.Factor == 0 && !n.Cap
}

// The columns of iMeta that hold figures of a normalisation, as the reference package has them.
const (
	metaMinMaxLow  = "minmax_lower"
	metaMinMaxHigh = "minmax_upper"
	metaScaledLow  = "scaled_lower"
	metaScaledHigh = "scaled_upper"
	metaFactor     = "scale_factor"
	metaMean       = "zscore_mean"
	metaDeviation  = "zscore_sd"
	metaCap        = "dist2targ_cap_max"
	metaPostLow    = "goalpost_lower"
	metaPostHigh   = "goalpost_upper"
	metaPostScale  = "goalpost_scale"
	metaPostCut    = "goalpost_trunc2posts"
)

// scales reads an indicator's own figures of normalisations.
func (m *metaReader) scales(row int, i *Indicator) {
	if low, high, there := m.pair(row, metaPostLow, metaPostHigh); there {
		scale, _ := m.positive(row, metaPostScale)
		cut, said := m.truth(row, metaPostCut)
		i.Goalposts = &Posts{Low: low, High: high, Scale: scale, Free: said && !cut}
	}
	if low, high, there := m.pair(row, metaMinMaxLow, metaMinMaxHigh); there {
		i.Scales = append(i.Scales, Normalise{Method: MinMax, Low: low, High: high})
	}
	if low, high, there := m.pair(row, metaScaledLow, metaScaledHigh); there {
		factor, _ := m.positive(row, metaFactor)
		i.Scales = append(i.Scales, Normalise{Method: Scaled, Low: low, High: high, Factor: factor})
	}
	if deviation, there := m.positive(row, metaDeviation); there {
		mean, _ := m.number(row, metaMean)
		if mean != mean {
			mean = 0
		}
		i.Scales = append(i.Scales, Normalise{Method: ZScore, Mean: mean, Deviation: deviation})
	}
	if capped, _ := m.truth(row, metaCap); capped {
		i.Scales = append(i.Scales, Normalise{Method: DistanceTarget, Cap: true})
	}
}

// pair reads two figures that go together, the first below the second.
func (m *metaReader) pair(row int, lower, upper string) (low, high float64, there bool) {
	low, hasLow := m.number(row, lower)
	high, hasHigh := m.number(row, upper)
	switch {
	case hasLow != hasHigh && m.cell(row, lower) != "" != (m.cell(row, upper) != ""):
		m.wrong(row+1, lower, "rating.sheet_half", lower, upper)
	case hasLow && hasHigh && !(low < high):
		m.wrong(row+1, lower, "rating.scheme_posts", m.cell(row, metaCode), low, high)
	}
	return low, high, hasLow && hasHigh && low < high
}

// positive reads a figure above 0; 0 where there is none.
func (m *metaReader) positive(row int, heading string) (x float64, there bool) {
	x, there = m.number(row, heading)
	if there && !(x > 0) {
		m.wrong(row+1, heading, "rating.sheet_not_positive", heading, x)
	}
	if !there || !(x > 0) {
		return 0, false
	}
	return x, true
}

// truth reads TRUE or FALSE, as R, Python and spreadsheets write them.
func (m *metaReader) truth(row int, heading string) (yes, there bool) {
	switch text := m.cell(row, heading); strings.ToUpper(text) {
	case "":
		return false, false
	case "TRUE", "T", "1":
		return true, true
	case "FALSE", "F", "0":
		return false, true
	default:
		f := "rating.sheet_no_truth"
		m.wrong(row+1, heading, f, heading, text)
		return false, false
	}
}
