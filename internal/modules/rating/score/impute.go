package score

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// impute fills missing cells by each indicator's rule. All rules look at the figures as they were before,
// with only those given by hand put in.
func (p *preparation) impute() error {
	if err := p.give(); err != nil {
		return err
	}
	before := make([][]float64, len(p.columns))
	for c := range p.columns {
		before[c] = append([]float64(nil), p.columns[c]...)
	}
	for c, i := range p.scheme.Indicators {
		rule := i.Impute
		if rule == nil {
			rule = p.scheme.Impute
		}
		if rule == nil {
			continue
		}
		switch rule.Method {
		case ImputeMean, ImputeMedian:
			if err := p.imputeGroup(c, *rule); err != nil {
				return err
			}
		case ImputeRow:
			p.imputeRow(c, *rule, before)
		case ImputePrevious, ImputeConstant, ImputeLinear:
			if p.times == nil {
				return fault.New(fault.Invalid, "rating.impute_no_time", i.Code, rule.Method)
			}
			p.imputeTime(c, *rule, before[c])
		}
	}
	return nil
}

// give puts in the figures given by hand.
func (p *preparation) give() error {
	var all []Given
	if p.scheme.Impute != nil {
		all = append(all, p.scheme.Impute.Given...)
	}
	for _, i := range p.scheme.Indicators {
		if i.Impute != nil {
			all = append(all, i.Impute.Given...)
		}
	}
	for _, g := range all {
		c, known := p.tree.at[g.Indicator]
		found := false
		for row, area := range p.areas {
			if area != g.Area || g.Time != "" && p.time(row) != g.Time || !known || c >= p.tree.indicators {
				continue
			}
			found = true
			if x := p.columns[c][row]; x != x {
				p.set(Imputing, c, row, g.Value, [2]string{"given", g.Source})
			}
		}
		if !found {
			return fault.New(fault.Invalid, "rating.impute_given_unknown", g.Indicator, g.Area)
		}
	}
	return nil
}

// imputeGroup fills with the mean or median of the column, or of the areas of the same group, at the time.
func (p *preparation) imputeGroup(c int, rule Impute) error {
	of := p.groups[rule.Group]
	if rule.Group != "" && of == nil {
		return fault.New(fault.Invalid, "rating.impute_group_unknown", p.scheme.Indicators[c].Code,
			rule.Group)
	}
	middle := statistic.Mean
	if rule.Method == ImputeMedian {
		middle = statistic.Median
	}
	for _, s := range p.spans {
		parts := map[string][]float64{}
		for row := s.from; row < s.to; row++ {
			name := ""
			if of != nil {
				name = of[row]
			}
			parts[name] = append(parts[name], p.columns[c][row])
		}
		fill := map[string]float64{}
		for name, part := range parts {
			fill[name] = middle(part)
		}
		for row := s.from; row < s.to; row++ {
			name := ""
			if of != nil {
				name = of[row]
			}
			if x := p.columns[c][row]; x != x && (of == nil || name != "") {
				p.set(Imputing, c, row, fill[name], [2]string{rule.Method, name})
			}
		}
	}
	return nil
}

// imputeRow fills with the mean of the area's other indicators, each turned by its direction and put on a
// scale from 0 to 1 at that time, and turned back.
func (p *preparation) imputeRow(c int, rule Impute, before [][]float64) {
	about := ""
	family := p.tree.above(c, rule.Level)
	if rule.Level > 0 && family >= 0 {
		about = p.tree.nodes[family].Code
	}
	for _, s := range p.spans {
		scales := make([][3]float64, len(before)) // sign, least, largest
		for k := range before {
			sign := 1.0
			if p.scheme.Indicators[k].Direction == Cost {
				sign = -1
			}
			low, high := statistic.Extremes(before[k][s.from:s.to])
			if sign < 0 {
				low, high = -high, -low
			}
			scales[k] = [3]float64{sign, low, high}
		}
		for row := s.from; row < s.to; row++ {
			if x := p.columns[c][row]; x == x {
				continue
			}
			sum, n := 0.0, 0
			for k := range before {
				x, z := before[k][row], scales[k]
				if x != x || z[1] == z[2] || rule.Level > 0 && p.tree.above(k, rule.Level) != family {
					continue
				}
				sum += (x*z[0] - z[1]) / (z[2] - z[1])
				n++
			}
			z := scales[c]
			if n > 0 && z[1] == z[1] {
				p.set(Imputing, c, row, (sum/float64(n)*(z[2]-z[1])+z[1])*z[0], [2]string{ImputeRow, about})
			}
		}
	}
}

// moment is a figure of an area at a time.
type moment struct {
	row  int
	year float64
	x    float64
}

// imputeTime fills from the same area's figures at other times.
func (p *preparation) imputeTime(c int, rule Impute, before []float64) {
	series, order := map[string][]moment{}, []string{}
	for place, s := range p.spans {
		year, err := strconv.ParseFloat(s.time, 64)
		if err != nil {
			year = float64(place)
		}
		for row := s.from; row < s.to; row++ {
			area := p.areas[row]
			if series[area] == nil {
				order = append(order, area)
			}
			series[area] = append(series[area], moment{row, year, before[row]})
		}
	}
	for _, area := range order {
		for k, m := range series[area] {
			if m.x == m.x {
				continue
			}
			left, right := neighbours(series[area], k)
			if x, from, found := rule.between(m.year, left, right); found {
				p.set(Imputing, c, m.row, x, [2]string{rule.Method, p.time(from)})
			}
		}
	}
}

// neighbours are the nearest figures before and after a gap; nil where there is none.
func neighbours(series []moment, k int) (left, right *moment) {
	for i := k - 1; i >= 0 && left == nil; i-- {
		if series[i].x == series[i].x {
			left = &series[i]
		}
	}
	for i := k + 1; i < len(series) && right == nil; i++ {
		if series[i].x == series[i].x {
			right = &series[i]
		}
	}
	return left, right
}

// between is what fills a gap, and the row of the figure it comes from.
func (i Impute) between(year float64, left, right *moment) (x float64, row int, found bool) {
	switch {
	case i.Method == ImputePrevious:
		if left == nil || i.Years > 0 && year-left.year > float64(i.Years) {
			return 0, 0, false
		}
		return left.x, left.row, true
	case left == nil && right == nil:
		return 0, 0, false
	case left == nil:
		return right.x, right.row, true
	case right == nil || i.Method == ImputeConstant:
		return left.x, left.row, true
	}
	share := (year - left.year) / (right.year - left.year)
	return left.x + share*(right.x-left.x), left.row, true
}
