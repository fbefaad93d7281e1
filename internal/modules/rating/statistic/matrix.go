package statistic

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sweepsMax bounds Jacobi's method, which needs about ten sweeps.
const sweepsMax = 100

// Eigen answers the eigenvalues of a symmetric matrix in falling order and their unit vectors, vectors[k]
// for values[k], signed by invariant 5. The matrix is not changed; a cell that is NaN makes everything NaN.
func Eigen(symmetric [][]float64) (values []float64, vectors [][]float64) {
	a, v := copied(symmetric), identity(len(symmetric))
	for range sweepsMax {
		if offDiagonal(a) == 0 {
			break
		}
		for p := range a {
			for q := p + 1; q < len(a); q++ {
				rotate(a, v, p, q)
			}
		}
	}
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return sign(a[j][j] - a[i][i]) })
	for _, k := range order {
		values = append(values, a[k][k])
		vector := make([]float64, len(a))
		for i := range v {
			vector[i] = v[i][k]
		}
		vectors = append(vectors, Signed(vector))
	}
	return values, vectors
}

// Signed turns a vector in place so that its sum is at least 0 (invariant 5), and answers it.
func Signed(vector []float64) []float64 {
	sum, size := 0.0, 0.0
	for _, x := range vector {
		sum += x
		size += math.Abs(x)
	}
	if math.Abs(sum) <= 1e-12*size {
		if first := slices.IndexFunc(vector,
			func(x float64) bool { return math.Abs(x) > 1e-12*size }); first >= 0 {
			sum = vector[first]
		}
	}
	if sum < 0 {
		for i := range vector {
			vector[i] = -vector[i]
		}
	}
	return vector
}

// offDiagonal measures what rotations still have to remove; 0 when it is lost beside the diagonal.
func offDiagonal(a [][]float64) float64 {
	off, on := 0.0, 0.0
	for i, row := range a {
		for j, x := range row {
			if i == j {
				on += x * x
			} else {
				off += x * x
			}
		}
	}
	if off <= 1e-34*on {
		return 0
	}
	return off
}

// rotate removes a[p][q] by a plane rotation, and turns the vectors with it.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for i := range a {
		x, y := a[i][p], a[i][q]
		a[i][p], a[i][q] = c*x-s*y, s*x+c*y
	}
	for i := range a {
		x, y := a[p][i], a[q][i]
		a[p][i], a[q][i] = c*x-s*y, s*x+c*y
	}
	for i := range v {
		x, y := v[i][p], v[i][q]
		v[i][p], v[i][q] = c*x-s*y, s*x+c*y
	}
	a[p][q], a[q][p] = 0, 0
}

// singularBelow is the least pivot, beside the largest cell of its row, that counts as one.
const singularBelow = 1e-12

// Solve answers x with a·x = b, by elimination with row pivots. names name the columns for the refusal of a
// singular matrix, which says which column depends on those before it; without names it is their number.
func Solve(a [][]float64, b []float64, names []string) ([]float64, error) {
	right := make([][]float64, len(b))
	for i, x := range b {
		right[i] = []float64{x}
	}
	solved, err := eliminate(a, right, names)
	if err != nil {
		return nil, err
	}
	x := make([]float64, len(b))
	for i := range x {
		x[i] = solved[i][0]
	}
	return x, nil
}

// Inverse answers the inverse of a square matrix; refusals as those of Solve.
func Inverse(a [][]float64, names []string) ([][]float64, error) {
	return eliminate(a, identity(len(a)), names)
}

// eliminate solves a·X = right for all columns of right, which it changes.
func eliminate(a, right [][]float64, names []string) ([][]float64, error) {
	a = copied(a)
	scale := 0.0
	for _, row := range a {
		for _, x := range row {
			scale = max(scale, math.Abs(x))
		}
	}
	for k := range a {
		best := k
		for i := k + 1; i < len(a); i++ {
			if math.Abs(a[i][k]) > math.Abs(a[best][k]) {
				best = i
			}
		}
		if !(math.Abs(a[best][k]) > singularBelow*scale) {
			return nil, fault.New(fault.Invalid, "rating.matrix_singular", nameOf(names, k))
		}
		a[k], a[best], right[k], right[best] = a[best], a[k], right[best], right[k]
		for i := range a {
			if i != k {
				subtract(a[i], a[k], right[i], right[k], k)
			}
		}
	}
	for k := range a {
		for j := range right[k] {
			right[k][j] /= a[k][k]
		}
	}
	return right, nil
}

// subtract takes from a row so much of the pivot's row that its cell k is 0.
func subtract(row, pivot, right, pivotRight []float64, k int) {
	factor := row[k] / pivot[k]
	if factor == 0 {
		return
	}
	for j := k; j < len(row); j++ {
		row[j] -= factor * pivot[j]
	}
	for j := range right {
		right[j] -= factor * pivotRight[j]
	}
}

func nameOf(names []string, k int) string {
	if k < len(names) {
		return names[k]
	}
	return strconv.Itoa(k + 1)
}

func copied(a [][]float64) [][]float64 {
	b := make([][]float64, len(a))
	for i := range a {
		b[i] = slices.Clone(a[i])
	}
	return b
}

func identity(n int) [][]float64 {
	e := make([][]float64, n)
	for i := range e {
		e[i] = make([]float64, n)
		e[i][i] = 1
	}
	return e
}
