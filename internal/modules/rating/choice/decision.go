package choice

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/modules/rating/weighting"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Decision is a table to be ranked: figures as they are, which way each column is better, and relative
// weights.
type Decision struct {
	frame.Frame
	Directions []weighting.Direction // nil: more is better everywhere
	Weights    []float64             // nil: equal
}

// shares are the weights divided by their sum.
func (d Decision) shares() ([]float64, error) {
	if d.Directions != nil && len(d.Directions) != len(d.Columns) {
		return nil, fault.New(fault.Invalid, "rating.choice_shape", len(d.Columns), len(d.Directions))
	}
	if len(d.Columns) == 0 || len(d.Areas) < 2 {
		return nil, fault.New(fault.Invalid, "rating.choice_areas", len(d.Areas), len(d.Columns))
	}
	if d.Weights == nil {
		w, err := weighting.Equal(d.Columns)
		return w.Values, err
	}
	w, err := weighting.Given(d.Columns, d.Weights)
	return w.Values, err
}

// complete refuses a missing cell.
func (d Decision) complete() error {
	for c, column := range d.Values {
		for a, x := range column {
			if frame.IsMissing(x) || math.IsInf(x, 0) {
				return fault.New(fault.Invalid, "rating.choice_missing", d.Columns[c], d.Areas[a])
			}
		}
	}
	return nil
}

// less tells whether a column is better with less.
func (d Decision) less(c int) bool { return d.Directions != nil && d.Directions[c] == weighting.Less }

// Posts are the least and largest figure of every column, and its length √Σx²: what a table is measured by.
// Kept from a base year they hold scores still when areas come and go.
type Posts struct {
	Columns              []string
	Least, Largest, Norm []float64
}

// PostsOf reads the posts of a complete table.
func PostsOf(d Decision) (Posts, error) {
	if err := d.complete(); err != nil {
		return Posts{}, err
	}
	p := Posts{Columns: d.Columns}
	for _, column := range d.Values {
		least, largest := statistic.Extremes(column)
		p.Least, p.Largest = append(p.Least, least), append(p.Largest, largest)
		norm := 0.0
		for _, x := range column {
			norm = math.Hypot(norm, x)
		}
		p.Norm = append(p.Norm, norm)
	}
	return p, nil
}

// posts are those given, which must be of the same columns, or the table's own.
func (d Decision) posts(given *Posts) (Posts, error) {
	if given == nil {
		return PostsOf(d)
	}
	n := len(d.Columns)
	if len(given.Columns) != n || len(given.Least) != n || len(given.Largest) != n || len(given.Norm) != n {
		return Posts{}, fault.New(fault.Invalid, "rating.choice_shape", n, len(given.Columns))
	}
	for c, code := range d.Columns {
		if given.Columns[c] != code {
			return Posts{}, fault.New(fault.Invalid, "rating.choice_posts", code)
		}
	}
	return *given, d.complete()
}

// rescaled is Z between posts: 0 to 1, 1 best; a figure beyond its post counts as the post.
func (d Decision) rescaled(p Posts) (frame.Frame, error) {
	z := frame.Like(d.Frame)
	for c, column := range d.Values {
		if !(p.Least[c] < p.Largest[c]) {
			return z, fault.New(fault.Invalid, "rating.choice_constant", d.Columns[c])
		}
		for a, x := range column {
			y := (x - p.Least[c]) / (p.Largest[c] - p.Least[c])
			if d.less(c) {
				y = (p.Largest[c] - x) / (p.Largest[c] - p.Least[c])
			}
			z.Values[c][a] = min(max(y, 0), 1)
		}
	}
	return z, nil
}
