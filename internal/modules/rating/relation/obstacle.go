package relation

import (
	"cmp"
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Obstacles answers the obstacle degree of each indicator for each area: O_j = w_j(1−z_j) ÷ Σ w(1−z). z
// is the normalised frame, every cell in [0,1], 1 best; weights are those on the index, relative.
func Obstacles(z frame.Frame, weights []float64) (frame.Frame, error) {
	shares, err := sharesOf(weights, z.Columns)
	if err != nil {
		return frame.Frame{}, err
	}
	o, sums := frame.Like(z), make([]float64, len(z.Areas))
	for c, column := range z.Values {
		for a, x := range column {
			switch {
			case frame.IsMissing(x):
				o.Values[c][a] = frame.Missing()
			case x < 0 || x > 1:
				return frame.Frame{}, fault.New(fault.Invalid, "rating.relation_outside", z.Columns[c],
					z.Areas[a], x)
			default:
				o.Values[c][a] = shares[c] * (1 - x)
				sums[a] += o.Values[c][a]
			}
		}
	}
	for c := range o.Values {
		for a, sum := range sums {
			if sum > 0 {
				o.Values[c][a] /= sum
			}
		}
	}
	return o, nil
}

// ByDimension adds the obstacle degrees of the indicators of a dimension; dimensions[c] is that of column
// c. Dimensions stand in the order in which they first occur. One without any figure for an area is
// missing there.
func ByDimension(obstacles frame.Frame, dimensions []string) (frame.Frame, error) {
	if len(dimensions) != len(obstacles.Columns) {
		return frame.Frame{}, fault.New(fault.Invalid, "rating.relation_weights", len(obstacles.Columns),
			len(dimensions))
	}
	var names []string
	for _, d := range dimensions {
		if !slices.Contains(names, d) {
			names = append(names, d)
		}
	}
	f := frame.Sized(obstacles.Areas, names)
	for d, name := range names {
		for a := range f.Areas {
			sum, any := 0.0, false
			for c, column := range obstacles.Values {
				if dimensions[c] == name && !frame.IsMissing(column[a]) {
					sum, any = sum+column[a], true
				}
			}
			if f.Values[d][a] = sum; !any {
				f.Values[d][a] = frame.Missing()
			}
		}
	}
	return f, nil
}

// Obstacle is one indicator's degree for an area.
type Obstacle struct {
	Code   string
	Degree float64
}

// Largest answers the largest obstacles of an area, at most count; equal ones stand in the order of the
// columns.
func Largest(obstacles frame.Frame, area, count int) []Obstacle {
	var all []Obstacle
	for c, column := range obstacles.Values {
		if x := column[area]; x > 0 {
			all = append(all, Obstacle{obstacles.Columns[c], x})
		}
	}
	slices.SortStableFunc(all, func(a, b Obstacle) int { return cmp.Compare(b.Degree, a.Degree) })
	return all[:min(max(count, 0), len(all))]
}

// Sectors are the primary sector (agriculture) and all others of a place: value added in one unit, people
// employed in one unit.
type Sectors struct{ PrimaryValue, OtherValue, PrimaryLabour, OtherLabour float64 }

func (s Sectors) check(place string) error {
	for i, x := range [4]float64{s.PrimaryValue, s.OtherValue, s.PrimaryLabour, s.OtherLabour} {
		if !(x >= 0) || math.IsInf(x, 0) || x == 0 && i > 0 {
			name := [4]string{"primary value", "other value", "primary labour", "other labour"}[i]
			return fault.New(fault.Invalid, "rating.relation_sector", place, name, x)
		}
	}
	return nil
}

// Contrast is the binary contrast (二元对比系数): the productivity of the primary sector beside that of the
// others, (G1/L1) ÷ (G2/L2). 1 is best; developing economies are commonly at .3 to .5.
func Contrast(place string, s Sectors) (float64, error) {
	if err := s.check(place); err != nil {
		return 0, err
	}
	return s.PrimaryValue / s.PrimaryLabour / (s.OtherValue / s.OtherLabour), nil
}

// DualContrast is the dual contrast (二元反差指数): |G2/G − L2/L|, how far the others' share of value is from
// their share of labour. 0 is best.
func DualContrast(place string, s Sectors) (float64, error) {
	if err := s.check(place); err != nil {
		return 0, err
	}
	value, labour := s.PrimaryValue+s.OtherValue, s.PrimaryLabour+s.OtherLabour
	return math.Abs(s.OtherValue/value - s.OtherLabour/labour), nil
}
