package statistic

import "math"

// Method names a correlation.
type Method string

// The correlations.
const (
	MethodPearson  Method = "pearson"
	MethodSpearman Method = "spearman"
	MethodKendall  Method = "kendall"
)

// pair is what two columns have in common.
type pair struct {
	n          int
	xx, yy, xy float64 // sums of squares and products of deviations; exactly 0 for a constant column
}

// pairOf reads two columns over the rows that have both.
func pairOf(x, y []float64) pair {
	var p pair
	sx, sy := 0.0, 0.0
	for i, v := range x {
		if w := y[i]; v == v && w == w {
			sx += v
			sy += w
			p.n++
		}
	}
	if p.n == 0 {
		return p
	}
	mx, my := sx/float64(p.n), sy/float64(p.n)
	first, sameX, sameY, x0, y0 := true, true, true, 0.0, 0.0
	rx, ry := 0.0, 0.0
	for i, v := range x {
		w := y[i]
		if v != v || w != w {
			continue
		}
		if first {
			x0, y0, first = v, w, false
		}
		sameX, sameY = sameX && v == x0, sameY && w == y0
		dx, dy := v-mx, w-my
		rx += dx
		ry += dy
		p.xx += dx * dx
		p.yy += dy * dy
		p.xy += dx * dy
	}
	n := float64(p.n) // the sums are taken about the true mean: what rounding left in mx and my goes out
	p.xx, p.yy, p.xy = p.xx-rx*rx/n, p.yy-ry*ry/n, p.xy-rx*ry/n
	if sameX {
		p.xx, p.xy = 0, 0
	}
	if sameY {
		p.yy, p.xy = 0, 0
	}
	return p
}

// Pearson correlates two columns over the rows that have both; NaN under 2 rows or without spread.
func Pearson(x, y []float64) float64 {
	p := pairOf(x, y)
	if p.n < 2 || p.xx == 0 || p.yy == 0 {
		return math.NaN()
	}
	root := math.Sqrt(p.xx * p.yy)
	if root == 0 || math.IsInf(root, 0) {
		root = math.Sqrt(p.xx) * math.Sqrt(p.yy)
	}
	return min(max(p.xy/root, -1), 1)
}

// Complete counts the rows that have both figures.
func Complete(x, y []float64) int {
	n := 0
	for i, v := range x {
		if v == v && y[i] == y[i] {
			n++
		}
	}
	return n
}

// together copies the rows that have both figures.
func together(x, y []float64) (u, v []float64) {
	for i := range x {
		if x[i] == x[i] && y[i] == y[i] {
			u, v = append(u, x[i]), append(v, y[i])
		}
	}
	return u, v
}

// Spearman is Pearson of the average ranks, which are taken inside the rows that have both.
func Spearman(x, y []float64) float64 {
	u, v := together(x, y)
	return Pearson(AverageRank(u, Ascending), AverageRank(v, Ascending))
}

// Kendall is tau-b over the rows that have both; NaN under 2 rows or without spread.
func Kendall(x, y []float64) float64 {
	u, v := together(x, y)
	agree, tiedX, tiedY, pairs := 0, 0, 0, len(u)*(len(u)-1)/2
	for i := range u {
		for j := range i {
			a, b := sign(u[i]-u[j]), sign(v[i]-v[j])
			agree += a * b
			if a == 0 {
				tiedX++
			}
			if b == 0 {
				tiedY++
			}
		}
	}
	if pairs == tiedX || pairs == tiedY {
		return math.NaN()
	}
	return float64(agree) / (math.Sqrt(float64(pairs-tiedX)) * math.Sqrt(float64(pairs-tiedY)))
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Correlate is the correlation of two columns by a method; NaN for a method that is none.
func Correlate(x, y []float64, m Method) float64 {
	switch m {
	case MethodPearson:
		return Pearson(x, y)
	case MethodSpearman:
		return Spearman(x, y)
	case MethodKendall:
		return Kendall(x, y)
	}
	return math.NaN()
}

// Correlations is the symmetric matrix of all columns with each other; a column without spread has NaN,
// also with itself.
func Correlations(columns [][]float64, m Method) [][]float64 {
	return symmetric(columns, func(x, y []float64) float64 { return Correlate(x, y, m) })
}

// Covariances is the symmetric matrix with n−1, each cell over the rows that have both.
func Covariances(columns [][]float64) [][]float64 { return symmetric(columns, Covariance) }

func symmetric(columns [][]float64, of func(x, y []float64) float64) [][]float64 {
	matrix := make([][]float64, len(columns))
	for i := range columns {
		matrix[i] = make([]float64, len(columns))
		for j := range i + 1 {
			matrix[i][j] = of(columns[i], columns[j])
			matrix[j][i] = matrix[i][j]
		}
	}
	return matrix
}

// PearsonProbability is the two-sided p of a Pearson correlation of n rows under no correlation, by the
// t distribution with n−2; NaN under 3 rows.
func PearsonProbability(r float64, n int) float64 {
	if n < 3 || r != r {
		return math.NaN()
	}
	freedom := float64(n - 2)
	return StudentProbability(r*math.Sqrt(freedom/(1-r*r)), freedom)
}

// Cronbach's alpha of the columns of a scale; NaN under 2 columns, or where the covariances are not defined
// or add up to 0.
func Cronbach(columns [][]float64) float64 {
	k, all, own := float64(len(columns)), 0.0, 0.0
	for i, row := range Covariances(columns) {
		for _, c := range row {
			all += c
		}
		own += row[i]
	}
	if k < 2 || all == 0 {
		return math.NaN()
	}
	return k / (k - 1) * (1 - own/all)
}
