// Package statistic holds the statistics that the methods of an evaluation stand on: moments, quantiles,
// ranks, correlations, reliability, small linear algebra, tails of distributions, and numbers drawn by
// lot that anybody can draw again.
//
// # Definitions
//
// With n figures that are not missing and d = x − mean:
//
//   - Deviation (标准差): √(Σd²/(n−1)).
//   - Skewness (偏度), type 2 of Joanes and Gill 1998, as SAS and spreadsheets print it:
//     √n·Σd³/(Σd²)^1.5 · √(n(n−1))/(n−2), from 3 figures on.
//   - Kurtosis (峰度), type 2, excess: ((n+1)(r−3)+6)(n−1)/((n−2)(n−3)) with r = n·Σd⁴/(Σd²)², from 4 on.
//   - Quantile: type 7 of Hyndman and Fan 1996, linear between the order statistics at (n−1)p.
//   - Correlation: Pearson; Spearman (Pearson of average ranks, taken inside the pair's complete rows);
//     Kendall tau-b.
//   - Cronbach's alpha: k²·c̄/ΣC of the covariance matrix C, each cell over the rows that have both.
//
// # Invariants
//
//  1. A missing cell (NaN) is left out of every statistic, and out of both columns of a pair.
//  2. What is not defined (too few figures, no spread) is NaN: a statistic never invents a number.
//  3. Sums run in the order of the areas, so that the same table gives the same bits on any machine and
//     with any number of processors.
//  4. A constant column has no skewness and no correlation, whatever rounding its mean suffers.
//  5. Eigenvectors have length 1 and a sum of at least 0 (a sum of 0: their first cell that is not 0 is
//     positive); eigenvalues fall.
//  6. A number drawn depends on (seed, stream, index) and on nothing else: not on what was drawn before.
//
// # Example
//
//	statistic.Skewness([]float64{1, 2, 3, 4, 10}) // 1.69705627484771
//	statistic.Rank([]float64{7, 9, 7}, statistic.Descending) // 2 1 2
package statistic
