// Package space tells whether like figures lie beside each other: weights matrices (空间权重矩阵) and Moran's I (莫兰
// 指数), global and local, with probabilities by permutation.
//
// # Definitions
//
// z = x − mean, w_ij the weight of neighbour j in the row of i, S0 = ΣΣ w_ij, m2 = Σz²/n.
//
//   - Global: I = (n/S0) · ΣΣ w_ij z_i z_j ÷ Σ z². Without pattern its expectation is E = −1/(n−1).
//   - Local (Anselin 1995): I_i = z_i/m2 · Σ_j w_ij z_j; they sum to S0·I. The expectation, i held and
//     the others permuted, is −z_i²/m2 · Σ_j w_ij ÷ (n−1).
//   - Probability: p = (1 + number of permutations as far from E as the figure found) ÷ (permutations +
//     1), two-sided. With 999 permutations the least p is .001. Under 30 areas read p, not stars.
//   - False discovery rate (Benjamini, Hochberg 1995): q_(k) = least over m ≥ k of p_(m)·n/m.
//
// # Invariants
//
//  1. A matrix is of the areas of its data and of no others: a difference is refused by name. Another
//     order of the same areas is put right.
//  2. No area is its own neighbour; a neighbour stands once in a row; weights are above 0. A
//     row-standardised row sums to 1.
//  3. An area without neighbours (island, 孤岛) is refused unless it is joined to its nearest or kept by
//     choice; kept, it counts in n and has no local I.
//  4. I does not change with the unit or the zero of a figure, nor with the order of areas.
//  5. The same seed gives the same p to the bit, on any number of processors: permutation r draws from a
//     stream of its own.
//  6. Equal distances go by the order of codes, so that nearest neighbours do not depend on the order of
//     rows.
//
// # Example
//
// Figures 60, 72, 50, 90 of four areas in a ring 1–2–4–3–1: I = −.220721, E = −.333333.
package space
