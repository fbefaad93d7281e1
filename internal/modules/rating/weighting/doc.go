// Package weighting finds weights: decided ones, those that figures suggest, those that people's comparisons
// imply, and mixtures of them. Weights are relative; every answer sums to 1.
//
// # Methods
//
//   - Equal or given.
//   - From figures: Entropy (熵权法; raw, minmax, shift), Critic (and absolute), Deviation, Variation,
//     Independence, principal components (first component, and several). Z is Rescaled:
//     direction-adjusted, 0 to 1.
//   - From comparisons: AHP (层次分析法: eigenvector, geometric, column mean; three tables of random indices;
//     groups by judgements or by priorities), best-worst (最优最劣法, linear model), an order alone (ROC, RS,
//     RR).
//   - Combination (组合赋权): Additive, Product, Root, Game.
//   - Optimise: weights under which every column has its target share of the correlations with the index.
//
// # Invariants
//
//  1. Values sum to 1 (in Optimise with groups: in each group) and none is negative, except Components.First
//     (loadings, signed so that they sum to at least 0) and Optimise where negatives are asked for.
//  2. The order of areas and columns does not matter, nor does the unit of a raw column (Entropy raw,
//     Variation, components).
//  3. A missing cell is refused with column and area, unless components are told to drop the area, which they
//     then name. Nothing is filled in.
//  4. A constant column has weight 0 by entropy, deviation and variation, and is refused where
//     correlations are taken. Entropy raw refuses zeros and negatives by cell; the other variants refuse
//     negatives.
//  5. Components and Independence need more areas than columns, Critic at least as many; Few warns elsewhere.
//  6. Priorities of a consistent matrix are the same by every derivation, and CI and CR are 0.
//  7. Targets are paired with columns by their codes, whatever the order (the reference package pairs them by
//     position and so with the wrong ones).
//
// # Sources
//
// Entropy: Shannon 1948, as used by Chinese index papers. CRITIC: Diakoulaki, Mavrotas, Papayannakis
// 1995. AHP: Saaty 1980; groups: Forman, Peniwati 1998. Best-worst: Rezaei 2015, 2016; its ratio: Liang,
// Brunelli, Rezaei 2020. Orders: Barron, Barrett 1996; Stillwell and others 1981. KMO: Kaiser 1974.
// Importance by correlation: Becker and others 2017.
//
// # Example
//
// The judgement 3, 5, 2 (first beside second, first beside third, second beside third) has the priorities
// .648329, .229651, .122020 with λ 3.003695 and CR .003185 by Saaty's table.
package weighting
