// Package linear solves small linear programmes (线性规划): greatest c·x under linear constraints, x ≥ 0. The
// best-worst method and the benefit of the doubt stand on it.
//
// The method is the simplex in a condensed tableau (one column for each variable that is 0, one row for
// each constraint), in two phases. It takes the steepest column, and Bland's rule once it has stood still
// for a while, so that it always ends.
//
// # Invariants
//
//  1. What is answered fulfils every constraint within 1e-9 of its size and cannot be improved.
//  2. The same programme gives the same bits. Where several answers are equally good, which one comes depends
//     on the order of variables; the objective does not.
//  3. Constraints that contradict each other, and an objective without limit, are refused.
//
// # Example
//
// Greatest 3x + 5y under x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18 is 36 at (2, 6).
package linear
