// Package series says what a statistical series (统计指标序列) is, and computes those that follow from others.
//
// # Words
//
// A series is a figure asked again every year of every place, by one definition, in one unit. Its
// figures are whole numbers in units of 10^-Decimals. A break (口径变动) is a year from which the
// definition, the survey or the area differs, so that figures on both sides are no one series. A
// derived series (派生指标) has no figures of its own: it is computed from those of others whenever it
// is read.
//
// # Formulas
//
//   - ratio: a / b · Scale; sum: a + b + …; difference: a − b − …
//   - growth (增速): (a of the year / a of the year before − 1) · 100
//   - contrast (二元对比系数): (G1/L1) / (G2/L2), value added and employment of primary and other industries
//
// # Invariants
//
//  1. Computation is exact (rational); only the last result is rounded, half away from zero, to Decimals.
//  2. A derived figure is known only if all its parts are; what is missing is named, never taken as zero.
//  3. Growth has no figure in the year of a break: the two years are of two definitions.
//  4. The breaks of a derived series are its own and those of everything it is computed from.
//  5. No series follows from itself, through however many others.
//
// # Example
//
// Incomes of 25,147.20 and 9,489.80 yuan make the urban-rural ratio 2.65 (251472000/94898000 exactly).
package series
