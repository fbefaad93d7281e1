// Package choice ranks areas by methods of multi-criteria decision: TOPSIS (优劣解距离法), VIKOR, grey relational
// grade (灰色关联度), outranking with Copeland's score, PROMETHEE II, benefit of the doubt, Mazziotta–Pareto.
//
// # Methods
//
// Z is the table brought to [0,1] by each column's least and largest figure, 1 best; w are shares of weights.
//
//   - TOPSIS (Hwang, Yoon 1981): C = D⁻/(D⁺+D⁻). vec: x/√Σx², times w, ideal by direction; mm: the same
//     on Z; mm_wd: D = √Σ w(z−z*)². Papers that print D⁺/(D⁺+D⁻) have it reversed. Posts fixed from a
//     base keep scores and order when areas come and go; a figure beyond its post counts as the post.
//   - VIKOR (Opricovic 1998): S = Σ w(1−z), R = max w(1−z), Q = v(S−S*)/(S⁻−S*) + (1−v)(R−R*)/(R⁻−R*);
//     lower is better.
//   - Grey relational grade (Deng 1982): Σ w (Δmin+ρΔmax)/(Δ+ρΔmax), Δ = 1−z, Δmin and Δmax of the whole
//     table.
//   - Outranking: o_ij is the weight of the columns in which i beats j, and half of those in which they are
//     equal. Copeland: wins less defeats, a pair being a tie when |o−½| ≤ 1e-9.
//   - PROMETHEE II (Brans, Vincke 1985): net flow, mean over the others of π(i,j) − π(j,i).
//   - Benefit of the doubt (Cherchye and others 2007): every area with the weights best for it, by a
//     linear programme: greatest Σ w y_i under Σ w y_k ≤ 1 for every area k; bounds limit each column's
//     share of an area's score.
//   - Mazziotta–Pareto (De Muro, Mazziotta, Pareto 2011): z of mean 100 and deviation 10 (÷ n), M ±
//     S·S/M, S the deviation of the row (÷ n). Adjusted (AMPI, Mazziotta, Pareto 2016):
//     (x−min)/(max−min)·60+70 between fixed posts.
//
// # Invariants
//
//  1. A missing cell is refused with column and area, but for outranking, whose rule is chosen.
//  2. The order of areas and columns moves no score (beyond the last bits); the answer does not depend on the
//     number of processors.
//  3. TOPSIS, grey grade and benefit of the doubt lie in [0,1]; an area at its best everywhere has 1
//     (grey: with Δmin 0).
//  4. Outranking: o_ij + o_ji = 1, and Copeland's scores sum to 0. Without a common column a pair is a tie.
//  5. Benefit of the doubt: at least one area has 1 unless bounds forbid it; a column in another unit changes
//     nothing; an area's score is never below that under any common weights within the bounds.
//  6. With an area equally good everywhere Mazziotta–Pareto is its mean; else the penalty S²/M is taken
//     off (or put on).
//
// # Example
//
// Areas A (60, 2.8, 40), B (72, 2.4, 55), C (50, 3.1, 30), D (90, 2.1, 70), the second column better with
// less, weights by entropy: TOPSIS on Z gives A .265582, B .618845, C 0, D 1.
package choice
