package statistic

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

var gap = math.NaN()

// near compares with a relative tolerance; NaN is near NaN.
func near(got, want, tolerance float64) bool {
	if got != got || want != want {
		return got != got && want != want
	}
	return got == want || math.Abs(got-want) <= tolerance*max(math.Abs(want), math.Abs(got))
}

func want(t *testing.T, name string, got, want float64) {
	t.Helper()
	if !near(got, want, 1e-12) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

func TestMomentsCountedByHand(t *testing.T) {
	x := []float64{1, gap, 2, 3, 4, 10} // mean 4, d −3 −2 −1 0 6: Σd² 50, Σd³ 180, Σd⁴ 1394
	want(t, "mean", Mean(x), 4)
	want(t, "variance", Variance(x), 12.5)
	want(t, "deviation", Deviation(x), math.Sqrt(12.5))
	want(t, "skewness", Skewness(x), math.Sqrt(5)*180/math.Pow(50, 1.5)*math.Sqrt(20)/3)
	r := 5.0 * 1394 / 2500
	want(t, "kurtosis", Kurtosis(x), (6*(r-3)+6)*4/(3*2))
	want(t, "median", Median(x), 3)
	want(t, "median of four", Median([]float64{4, gap, 1, 2, 10}), 3)
	want(t, "quantile", Quantile(x, 0.05), 1.2) // (5−1)·0.05 = 0.2 of the way from 1 to 2
	want(t, "quantile", Quantile(x, 0.95), 8.8)
	want(t, "last quantile", Quantile(x, 1), 10)
	want(t, "sum", Sum(x), 20)
	least, largest := Extremes(x)
	if least != 1 || largest != 10 {
		t.Errorf("extremes %v %v", least, largest)
	}
}

func TestWhatIsNotDefinedIsNoNumber(t *testing.T) {
	same := []float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}
	rising := []float64{1, 2, 3, 4, 5, 6, 7}
	for name, x := range map[string]float64{
		"mean of nothing": Mean([]float64{gap}), "median of nothing": Median(nil),
		"deviation of one": Deviation([]float64{3, gap}), "skewness of two": Skewness([]float64{3, 4}),
		"kurtosis of three": Kurtosis([]float64{3, 4, 9}), "skewness of a constant": Skewness(same),
		"kurtosis of a constant": Kurtosis(same), "correlation of a constant": Pearson(same, rising),
		"rank correlation of a constant": Spearman(rising, same), "tau of a constant": Kendall(same,
			rising),
		"alpha of one": Cronbach([][]float64{rising}), "p of two rows": PearsonProbability(1, 2),
		"covariance of no row": Covariance([]float64{1, gap}, []float64{gap, 2}),
		"no such method":       Correlate(rising, rising, "cosine"),
	} {
		if x == x {
			t.Errorf("%s is %v", name, x)
		}
	}
	if least, largest := Extremes([]float64{gap}); least == least || largest == largest {
		t.Errorf("extremes of none: %v %v", least, largest)
	}
	least, largest := Extremes([]float64{gap, math.Inf(1)})
	if !math.IsInf(least, 1) || !math.IsInf(largest, 1) {
		t.Errorf("extremes of the infinite: %v %v", least, largest)
	}
	if Deviation(same) != 0 {
		t.Errorf("the deviation of a constant is %v", Deviation(same))
	}
}

func TestRanksWithTiesAndGaps(t *testing.T) {
	x := []float64{7, gap, 9, 7, 1, 9, 9}
	if got := Rank(x, Descending); !slices.Equal(got, []int{4, 0, 1, 4, 6, 1, 1}) {
		t.Errorf("descending %v", got)
	}
	if got := Rank(x, Ascending); !slices.Equal(got, []int{2, 0, 4, 2, 1, 4, 4}) {
		t.Errorf("ascending %v", got)
	}
	for o, expected := range map[Order][]float64{
		Ascending: {2.5, gap, 5, 2.5, 1, 5, 5}, Descending: {4.5, gap, 2, 4.5, 6, 2, 2}} {
		got := AverageRank(x, o)
		for i := range x {
			want(t, "average rank", got[i], expected[i])
		}
	}
}

func TestCorrelationsCountedByHand(t *testing.T) {
	x := []float64{1, 2, 3, 4, gap, 9}
	y := []float64{2, 1, 4, gap, 7, 3}
	// The rows that have both: (1,2) (2,1) (3,4) (9,3); means 3.75 and 2.5.
	want(t, "pearson", Pearson(x, y), 5.5/math.Sqrt(38.75*5))
	want(t, "spearman", Spearman(x, y), 0.6) // ranks 1 2 3 4 and 2 1 4 3
	// Six pairs, two of them discordant.
	want(t, "kendall", Kendall(x, y), 2.0/6)
	// Tied: x 1 1 2, y 1 2 2: one pair tied in each, one concordant: 1/√(2·2).
	want(t, "tau-b", Kendall([]float64{1, 1, 2}, []float64{1, 2, 2}), 0.5)
	want(t, "covariance", Covariance(x, y), 5.5/3)
	// r = 0.6 over 12 rows: the integral of (1−r²)⁴ beyond 0.6 over that beyond 0.
	beyond := func(r float64) float64 {
		return 1 - 4.0/3 + 6.0/5 - 4.0/7 + 1.0/9 -
			(r - 4*math.Pow(r, 3)/3 + 6*math.Pow(r, 5)/5 - 4*math.Pow(r, 7)/7 + math.Pow(r, 9)/9)
	}
	if p := PearsonProbability(0.6, 12); !near(p, beyond(0.6)/beyond(0), 1e-11) {
		t.Errorf("p %v, want %v", p, beyond(0.6)/beyond(0))
	}
	if PearsonProbability(1, 9) != 0 {
		t.Error("a perfect correlation is not certain")
	}
	matrix := Correlations([][]float64{x, y, {0, 0, 0, 0, 0, 0}}, MethodPearson)
	if !near(matrix[0][1], matrix[1][0], 0) || matrix[0][0] != 1 || matrix[2][2] == matrix[2][2] {
		t.Errorf("matrix %v", matrix)
	}
}

// Two items, variances 1 and 4, covariance 1: 2/1·(1 − 5/7).
func TestCronbachCountedByHand(t *testing.T) {
	x, y := []float64{-1, 0, 1}, []float64{-1, -1, 2}
	c := Covariances([][]float64{x, y})
	if c[0][0] != 1 || c[1][1] != 3 || c[0][1] != 1.5 {
		t.Fatalf("covariances %v", c)
	}
	want(t, "alpha", Cronbach([][]float64{x, y}), 2*(1-4.0/7))
}

// TestTails compares with printed tables of the distributions.
func TestTails(t *testing.T) {
	for _, c := range []struct{ got, want float64 }{
		{StudentProbability(2, 10), 0.07338803477074039},
		{StudentProbability(-12.706204736432095, 1), 0.05},
		{StudentProbability(0.1, 3), 0.9266523488},
		{ChiSquareProbability(3.841458820694124, 1), 0.05},
		{ChiSquareProbability(10, 5), 0.07523524614651217},
		{ChiSquareProbability(1, 4), 0.9097959895689501},
		{ChiSquareProbability(0, 4), 1},
		{NormalProbability(1.959963984540054), 0.05},
		{NormalBelow(-1), 0.15865525393145707},
		{NormalQuantile(0.975), 1.959963984540054},
		{BetaBelow(0.3, 2, 3), 0.3483},
	} {
		if !near(c.got, c.want, 1e-6) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

func TestEigenOfAKnownMatrix(t *testing.T) {
	values, vectors := Eigen([][]float64{{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}})
	for i, expected := range []float64{2 + math.Sqrt2, 2, 2 - math.Sqrt2} {
		want(t, "eigenvalue", values[i], expected)
	}
	// The second is (1, 0, −1)/√2: its sum is 0, so its first cell is positive.
	if !near(vectors[1][0], 1/math.Sqrt2, 1e-12) || math.Abs(vectors[1][1]) > 1e-12 {
		t.Errorf("second vector %v", vectors[1])
	}
	// The first, (1, −√2, 1)/2, has a positive sum; the third too.
	if !near(vectors[0][1], -1/math.Sqrt2, 1e-12) && !near(vectors[0][1], 1/math.Sqrt2, 1e-12) {
		t.Errorf("first vector %v", vectors[0])
	}
	for k, v := range vectors {
		if sum := v[0] + v[1] + v[2]; sum < -1e-12 {
			t.Errorf("vector %d sums to %v", k, sum)
		}
	}
}

func TestEigenRebuildsTheMatrix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		a := identity(n)
		for i := range n {
			for j := range i + 1 {
				a[i][j] = rapid.Float64Range(-5, 5).Draw(t, "cell")
				a[j][i] = a[i][j]
			}
		}
		values, vectors := Eigen(a)
		if !slices.IsSortedFunc(values, func(x, y float64) int { return sign(y - x) }) {
			t.Fatalf("eigenvalues %v do not fall", values)
		}
		for i := range n {
			for j := range n {
				cell, dot := 0.0, 0.0
				for k := range n {
					cell += values[k] * vectors[k][i] * vectors[k][j]
					dot += vectors[i][k] * vectors[j][k]
				}
				if math.Abs(cell-a[i][j]) > 1e-11 || math.Abs(dot-identity(n)[i][j]) > 1e-12 {
					t.Fatalf("cell %d %d: %v for %v; product of vectors %v", i, j, cell, a[i][j], dot)
				}
			}
		}
	})
}

func TestSolveNamesWhatDepends(t *testing.T) {
	x, err := Solve([][]float64{{0, 2, 1}, {1, 0, 0}, {3, 1, -1}}, []float64{7, 2, 5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, expected := range []float64{2, 2, 3} {
		want(t, "solution", x[i], expected)
	}
	_, err = Solve([][]float64{{1, 2, 1}, {2, 4, 0}, {3, 6, 5}}, []float64{1, 2, 3}, []string{"P1", "P2",
		"P3"})
	if f := fault.Of(err); f == nil || f.Key != "rating.matrix_singular" || f.Args[0] != "P2" {
		t.Errorf("a singular matrix: %v", err)
	}
	inverse, err := Inverse([][]float64{{4, 7}, {2, 6}}, nil)
	if err != nil || !near(inverse[0][0], 0.6, 1e-12) || !near(inverse[1][0], -0.2, 1e-12) {
		t.Errorf("inverse %v, %v", inverse, err)
	}
	if _, err := Inverse([][]float64{{gap}}, nil); err == nil {
		t.Error("a matrix with a missing cell has an inverse")
	}
}

// TestStreamIsPhilox holds the published vectors of Philox 2×64-10.
func TestStreamIsPhilox(t *testing.T) {
	for _, c := range []struct{ index, stream, seed, first, second uint64 }{
		{0, 0, 0, 0xca00a0459843d731, 0x66c24222c9a845b5},
		{math.MaxUint64, math.MaxUint64, math.MaxUint64, 0x65b021d60cd8310f, 0x4d02f3222f86df20},
		{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x0a5e742c2997341c,
			0xb0f883d38000de5d},
	} {
		if a, b := NewStream(c.seed, c.stream).Words(c.index); a != c.first || b != c.second {
			t.Errorf("words of %x: %x %x", c.index, a, b)
		}
	}
}

func TestDrawsAreEvenAndOrdersWhole(t *testing.T) {
	s, counts := NewStream(7, 3), make([]int, 10)
	uniform, normal := 0.0, make([]float64, 0, 20000)
	for i := range uint64(20000) {
		counts[s.Below(i, 10)]++
		uniform += s.Uniform(i)
		normal = append(normal, s.Normal(i))
	}
	for digit, n := range counts {
		if n < 1850 || n > 2150 {
			t.Errorf("%d was drawn %d times of 20,000", digit, n)
		}
	}
	if math.Abs(uniform/20000-0.5) > 0.01 || math.Abs(Mean(normal)) > 0.03 ||
		math.Abs(Deviation(normal)-1) > 0.03 {
		t.Errorf("means %v %v, deviation %v", uniform/20000, Mean(normal), Deviation(normal))
	}
	order, again := make([]int, 50), make([]int, 50)
	s.Permute(4, order)
	s.Permute(4, again)
	if !slices.Equal(order, again) {
		t.Error("the same permutation came out otherwise")
	}
	s.Permute(5, again)
	if slices.Equal(order, again) {
		t.Error("two permutations are the same")
	}
	slices.Sort(order)
	for i, v := range order {
		if i != v {
			t.Fatalf("the permutation lacks %d", i)
		}
	}
}

// TestUnitsDoNotMatter: figures in another unit have the same shape, ranks and correlations.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 30).Draw(t, "n")
		column := func() []float64 {
			return rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e3, 1e3), rapid.Just(5.0),
				rapid.Just(gap)), n, n).
				Draw(t, "column")
		}
		x, y := column(), column()
		scaled := make([]float64, n)
		for i := range x {
			scaled[i] = 4 * x[i] // a power of two loses nothing
		}
		if !slices.Equal(Rank(x, Descending), Rank(scaled, Descending)) {
			t.Fatalf("ranks of %v", x)
		}
		for name, pair := range map[string][2]float64{
			"skewness": {Skewness(x), Skewness(scaled)}, "kurtosis": {Kurtosis(x), Kurtosis(scaled)},
			"pearson": {Pearson(x, y), Pearson(scaled, y)}, "kendall": {Kendall(x, y), Kendall(scaled, y)},
			"spearman": {Spearman(x, y), Spearman(scaled, y)}, "mean": {4 * Mean(x), Mean(scaled)},
		} {
			if !near(pair[0], pair[1], 1e-12) {
				t.Fatalf("%s %v became %v", name, pair[0], pair[1])
			}
		}
		if r := Pearson(x, y); r < -1 || r > 1 {
			t.Fatalf("a correlation of %v", r)
		}
	})
}
