package weighting

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Judgement is a matrix of pairwise comparisons: Matrix[i][j] says how many times as important item i is
// as j.
type Judgement struct {
	Items  []string
	Matrix [][]float64
}

// itemsMax is the largest matrix for which random indices are published.
const itemsMax = 15

// JudgementOf completes the upper triangle, row by row, with ones and reciprocals.
func JudgementOf(items []string, upper []float64) (Judgement, error) {
	n := len(items)
	if len(upper) != n*(n-1)/2 {
		return Judgement{}, fault.New(fault.Invalid, "rating.ahp_shape", n, len(upper))
	}
	j := Judgement{Items: items, Matrix: make([][]float64, n)}
	for i := range j.Matrix {
		j.Matrix[i] = make([]float64, n)
		j.Matrix[i][i] = 1
	}
	for i := range n {
		for k := i + 1; k < n; k++ {
			j.Matrix[i][k] = upper[0]
			j.Matrix[k][i] = 1 / upper[0]
			upper = upper[1:]
		}
	}
	return j, j.check()
}

// check refuses a matrix that is not positive and reciprocal, and names the pair.
func (j Judgement) check() error {
	n := len(j.Items)
	if n == 0 || n > itemsMax || len(j.Matrix) != n {
		return fault.New(fault.Invalid, "rating.ahp_size", n, len(j.Matrix), itemsMax)
	}
	for i, row := range j.Matrix {
		if len(row) != n {
			return fault.New(fault.Invalid, "rating.ahp_size", n, len(row), itemsMax)
		}
		for k, a := range row[:i+1] {
			b := j.Matrix[k][i]
			if !(a > 0) || !(b > 0) || math.IsInf(a, 0) || !(math.Abs(a*b-1) <= 1e-6) {
				return fault.New(fault.Invalid, "rating.ahp_reciprocal", j.Items[k], j.Items[i], b, a)
			}
		}
	}
	return nil
}

// Derivation names how priorities come from a matrix.
type Derivation string

// The derivations.
const (
	Eigenvector   Derivation = "eigenvector" // of the largest eigenvalue
	GeometricMean Derivation = "geometric"   // of each row
	ColumnMean    Derivation = "column"      // mean of the columns, each divided by its sum
)

// Table names a table of random indices. They differ, so a consistency ratio is stated with its table.
type Table string

// The tables, of which the digits are unverified: they are quoted everywhere and were not read in the papers.
const (
	TableSaaty   Table = "saaty"       // Saaty 1980
	TableSampled Table = "1000-sample" // of 1,000 matrices, as Chinese textbooks print it
	TablePymcdm  Table = "pymcdm"      // Tummala and Ling 1998, which pymcdm takes
)

// randomIndices of matrices of 1 to 15 items. mark: unverified.
var randomIndices = map[Table][itemsMax]float64{
	TableSaaty:   {0, 0, .58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59},
	TableSampled: {0, 0, .52, .89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59},
	TablePymcdm: {0, 0, .5799, .8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356,
		1.5571,
		1.5714, 1.5831},
}

// acceptable is the consistency ratio below which a judgement is accepted.
const acceptable = 0.10

// Priorities are the weights that a judgement implies, and how consistent it is.
type Priorities struct {
	Weights
	Lambda     float64 // the largest eigenvalue, or mean (Aw)_i/w_i for the other derivations
	Index      float64 // CI = (λ−n)/(n−1)
	Random     float64 // RI of the table
	Ratio      float64 // CR = CI/RI; 0 up to two items
	Consistent bool    // CR < 0.10
}

// PrioritiesOf answers the priorities of a judgement (analytic hierarchy process, 层次分析法).
func PrioritiesOf(j Judgement, d Derivation, t Table) (Priorities, error) {
	if err := j.check(); err != nil {
		return Priorities{}, err
	}
	indices, known := randomIndices[t]
	if !known {
		return Priorities{}, fault.New(fault.Invalid, "rating.ahp_table", string(t))
	}
	var basis []float64
	switch d {
	case Eigenvector:
		basis = j.eigenvector()
	case GeometricMean:
		basis = j.geometric()
	case ColumnMean:
		basis = j.columnMean()
	default:
		return Priorities{}, fault.New(fault.Invalid, "rating.ahp_derivation", string(d))
	}
	w, err := proportional(j.Items, basis)
	p := Priorities{Weights: w, Lambda: j.lambda(basis), Random: indices[len(j.Items)-1], Consistent: true}
	if n := float64(len(j.Items)); n > 1 {
		p.Index = (p.Lambda - n) / (n - 1)
	}
	if len(j.Items) > 2 {
		p.Ratio = max(p.Index/p.Random, 0)
		p.Consistent = p.Ratio < acceptable
	}
	return p, err
}

// eigenvector iterates the matrix on equal weights until they stand; the largest eigenvalue of a positive
// matrix is simple, so they do.
func (j Judgement) eigenvector() []float64 {
	w := j.geometric()
	for range 10000 {
		next, sum := j.times(w), 0.0
		for _, x := range next {
			sum += x
		}
		moved := 0.0
		for i := range next {
			next[i] /= sum
			moved = max(moved, math.Abs(next[i]-w[i])/next[i])
		}
		w = next
		if moved < 1e-16 {
			break
		}
	}
	return w
}

func (j Judgement) times(w []float64) []float64 {
	v := make([]float64, len(w))
	for i, row := range j.Matrix {
		for k, a := range row {
			v[i] += a * w[k]
		}
	}
	return v
}

func (j Judgement) geometric() []float64 {
	w, sum := make([]float64, len(j.Items)), 0.0
	for i, row := range j.Matrix {
		for _, a := range row {
			w[i] += math.Log(a) / float64(len(row))
		}
		w[i] = math.Exp(w[i])
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

func (j Judgement) columnMean() []float64 {
	w := make([]float64, len(j.Items))
	for k := range j.Items {
		sum := 0.0
		for i := range j.Items {
			sum += j.Matrix[i][k]
		}
		for i := range j.Items {
			w[i] += j.Matrix[i][k] / sum / float64(len(w))
		}
	}
	return w
}

func (j Judgement) lambda(w []float64) float64 {
	sum := 0.0
	for i, x := range j.times(w) {
		sum += x / w[i] / float64(len(w))
	}
	return sum
}

// Doubt is the comparison that agrees least with the rest of its matrix.
type Doubt struct {
	First, Second string
	Given         float64 // how many times as important First was said to be as Second
	Implied       float64 // what all other comparisons say: geometric mean of a_ik·a_kj
	Suggested     float64 // the nearest of 1, 2 … 9 and their reciprocals
	RatioAfter    float64 // consistency ratio with Suggested in its place
}

// MostDoubtful finds the comparison farthest from what the others imply; none below three items or in a
// matrix without any contradiction. The first is the more important of the two as implied.
func MostDoubtful(j Judgement, t Table) (Doubt, bool, error) {
	if err := j.check(); err != nil {
		return Doubt{}, false, err
	}
	farthest, at := 1e-9, [2]int{-1, -1}
	for i := range j.Items {
		for k := i + 1; k < len(j.Items); k++ {
			if away := math.Abs(math.Log(j.Matrix[i][k] / j.implied(i, k))); away > farthest+1e-12 {
				farthest, at = away, [2]int{i, k}
			}
		}
	}
	if at[0] < 0 || len(j.Items) < 3 {
		return Doubt{}, false, nil
	}
	i, k := at[0], at[1]
	if j.implied(i, k) < 1 {
		i, k = k, i
	}
	d := Doubt{First: j.Items[i], Second: j.Items[k], Given: j.Matrix[i][k], Implied: j.implied(i, k)}
	d.Suggested = nearestOnScale(d.Implied)
	changed := Judgement{Items: j.Items, Matrix: make([][]float64, len(j.Matrix))}
	for r, row := range j.Matrix {
		changed.Matrix[r] = append([]float64(nil), row...)
	}
	changed.Matrix[i][k], changed.Matrix[k][i] = d.Suggested, 1/d.Suggested
	p, err := PrioritiesOf(changed, Eigenvector, t)
	d.RatioAfter = p.Ratio
	return d, err == nil, err
}

// implied is what the others say of a pair, by way of every third item.
func (j Judgement) implied(i, k int) float64 {
	sum, n := 0.0, 0
	for m := range j.Items {
		if m != i && m != k {
			sum += math.Log(j.Matrix[i][m] * j.Matrix[m][k])
			n++
		}
	}
	if n == 0 {
		return j.Matrix[i][k]
	}
	return math.Exp(sum / float64(n))
}

// nearestOnScale is the step of Saaty's scale nearest to a ratio, by their quotient.
func nearestOnScale(x float64) float64 {
	if x < 1 {
		return 1 / nearestOnScale(1/x)
	}
	best := 1.0
	for s := 2.0; s <= 9; s++ {
		if math.Abs(math.Log(x/s)) < math.Abs(math.Log(x/best)) {
			best = s
		}
	}
	return best
}
