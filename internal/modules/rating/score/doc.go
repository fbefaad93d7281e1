// Package score computes a composite index (综合指数): from figures of areas to scores and ranks, by a scheme
// that is data, with every change of a cell on record.
//
// # Words
//
// An indicator (指标) is a column of figures, an aggregate (上级指标) what is made of its children. Level 1
// are the indicators, level 2 what is made of them, and so on; a child stands one level below its parent.
// A node is either. A panel (面板数据) has the same areas at several times.
//
// # Steps
//
// Denominate, impute, screen (together: prepare), treat, normalise, weigh, aggregate, rank. A step that the
// scheme does not name is left out. Definitions, x being a column without its missing cells:
//
//   - Denominate: figure ÷ denominator; missing where the denominator is missing or 0.
//   - Impute: see Impute. Screen: an area stays if the share of its indicators that are there is at least
//     the threshold (strict: more than it).
//   - Treat, the default rule: a column passes if |skewness| < 2 or kurtosis < 3.5. If not, the extreme at
//     the side of the skewness takes the next value, ties together, until it passes or 5 cells have moved.
//     If it still fails: ln(x − min + 0.01·(max − min)) of the column as it was. A column whose test is not
//     defined, before or after, stays as it was.
//   - Orient (before normalising): benefit x, cost −x, parity min(x, 1/x), interval
//     1 − max(a−x, x−b, 0)/max(a−min, max−b).
//   - Normalise: see Normalise. A column without spread is missing unless the scheme says what it becomes;
//     a distance from a reference or target that is itself the least figure is infinite, as in the source.
//   - Aggregate: see Aggregation. Missing children are left out and the other weights rescaled; an area with
//     too few of them has no score.
//   - Rank: 1 is the largest, ties share the least place, missing stays missing (0); in a panel each time
//     by itself.
//
// # Invariants
//
//  1. A scheme that Check accepts is a forest without cycles, with unique codes, no level skipped, no
//     negative weight and in no group all weights 0; what breaks this is refused with the code.
//  2. Scores do not depend on the order of areas, indicators and children, but for the last bits of sums.
//  3. Multiplying an indicator by a positive number changes no score under minmax, zscore and ranks.
//  4. Shares of weights add up to 1 in each group; effective weights of the indicators under a root too.
//  5. Contributions of the indicators to an area's score add up to it.
//  6. A score by amean, gmean, hmean or median lies between the least and the largest child, weights being
//     at least 0.
//  7. Figures that cannot enter a mean (0 before a geometric one) are refused with node and area.
//  8. Rebuild neither changes the plan nor depends on earlier calls; it answers the same bits with any
//     number of cores.
//
// # Use
//
//	plan, err := score.Compile(scheme, table, score.Methods{}) // prepares the data once
//	outcome, err := plan.Run()                                  // all steps, with changes, weights, ranks
//
// An audit rebuilds the rest (treat to rank) thousands of times. The plan is shared; each goroutine has a
// worker, whose memory the answer lies in until its next call:
//
//	w := plan.Worker(1)                                // 1: this goroutine alone
//	v := score.Variant{WinMax: 3, Weights: weights}    // what differs from the scheme; zero: nothing
//	v.Normalise = &score.Normalise{Method: score.ZScore, Mean: 10, Deviation: 2}
//	v.Aggregate = []score.Aggregation{{Method: score.Geometric}}
//	scores, err := w.Rebuild(v)                        // by node, then by area
//	ranks := w.Rank(plan.Top())                        // of the last rebuild
//
// Weights of a variant stand by node, in the order of plan.Nodes; removing a node is weight 0. Noise on data:
// fill w.Data(), which begins as a copy of the prepared figures, and pass it as Variant.Data.
//
// # Example
//
// Areas A to D of evaluation.md with x1 60 72 50 90, x2 (cost) 2.8 2.4 3.1 2.1, x3 40 55 30 70: minmax from 0
// to 1 gives A .25 .30 .25, and weights .344930 .315938 .339132 the score .265797.
package score
