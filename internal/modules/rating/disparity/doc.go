// Package disparity measures how unequally a figure is spread over areas and people: Theil's measures (泰尔指数),
// Gini (基尼系数), Atkinson, Hoover, the coefficient of variation; it splits them by groups, above all into
// urban and rural, and tells whether areas converge.
//
// # Definitions
//
// v is the share of an area in all people (1/n where every area counts one), μ the mean weighted by v, r
// = y/μ.
//
//   - Theil's T = Σ v r ln r. Split: T = Σ s_g T_g + Σ s_g ln(μ_g/μ), s_g the group's share of the VALUE.
//   - Theil's L, mean logarithmic deviation = Σ v ln(1/r). Split: L = Σ v_g L_g + Σ v_g ln(μ/μ_g), v_g the
//     group's share of PEOPLE. Mixing the two shares is the frequent mistake.
//   - GE(2) = Σ v (r²−1)/2. Hoover = Σ v |r−1|/2. Atkinson(ε) = 1 − (Σ v r^(1−ε))^(1/(1−ε)), and for ε = 1
//     1 − exp(−L).
//   - Gini = ΣΣ v v' |r−r'|/2, exact and in n log n. Corrected for few areas: × n/(n−1), without weights
//     only.
//   - Sundrum 1990: urban and rural parts, between, and the residual that overlapping leaves.
//   - Dagum 1997: G = G_w + G_nb + G_t for any groups; G_jh = mean|y−y'|/(μ_j+μ_h), D = (d−p)/(d+p), d and p
//     the mean gains of one group over the other and back.
//   - σ-convergence: the coefficient of variation (÷ n) or the deviation of ln y (÷ n−1) falls.
//   - β-convergence (Barro and Sala-i-Martin 1992): (1/T) ln(y_T/y_0) = a + b ln y_0, λ = −ln(1+bT)/T. Papers
//     that print −ln(1+b)/T mean growth over the whole time, not a year's.
//
// # Invariants
//
//  1. A missing or negative figure and a missing or negative weight are refused with indicator and area;
//     Present leaves gaps out by choice and names them.
//  2. Zeros: 0·ln 0 = 0 in T; L is +Inf; Atkinson with ε ≥ 1 is 1; L is not split and logarithms of
//     convergence are not taken: the area is named. A distribution of zeros only is refused.
//  3. Every measure is at least 0 and the same in any unit (scale); Gini, Hoover and Atkinson are at most 1.
//  4. Merging areas of equal figure, or splitting one into two, changes no weighted measure.
//  5. Parts add up to the whole: within + between, and within + between + overlap or residual.
//  6. Sundrum's residual is at least 0, and 0 where the groups do not overlap.
//
// # Example
//
// Two counties, urban and rural: people 120, 80, 60, 90 and income 48, 20, 42, 17 a head. The mean is 32.6,
// Theil's T .095445, of which .093147 between urban and rural; Gini .227620 = .010818 + .005409 + .211394.
package disparity
