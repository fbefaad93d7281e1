// Package measure keeps the figures of the city. A measure is a named number with a unit, a formula, a
// source and a rule for what is missing; a figure is a measure at a place in a period. Modules publish
// figures and read each other's by name, so that what one knows nobody types again.
//
// # Kinds of measure
//
//   - An amount: people, fen, 0.01 m². Its figures are whole numbers in units of 10^-Decimals.
//   - A ratio of two other measures (Numerator, Denominator): it has no figures of its own and is computed
//     from theirs whenever it is read.
//   - A ratio of parts (Parts): its figures carry both parts, which mean nothing by themselves.
//
// # Coverage
//
// A figure tells of how many reports it is made (Covered) and how many there should be (Expected). What is
// due and has not come is published with Covered 0, so that a sum over ten of twelve villages says so.
// The measure's Missing says what a gap means: the sum of what is there (Partial), nothing (Zero), or
// that there is no figure until all have come (Void).
//
// # Invariants
//
//  1. A ratio is computed after the sums, never summed or averaged.
//  2. The total of a place is the sum of the own figures in its subtree: its own, if it has one, and
//     those of everything below, each once. Totals of one roll-up are saved together.
//  3. A cumulative figure never falls from one period to the next at the same place.
//  4. Figures are derived: they can be published again from their source, so no event records them.
//  5. Sums that do not fit into 64 bits are refused, never wrapped.
//  6. Sums over the tree of another day than today are made of the same own figures (AddUpOwn), so that what
//     moved is counted where it lay on that day.
//
// Worked example: villages report 3 of 4 hectares and 1 of 6 in use; the township's share is 4 of 10 =
// 40 %, not the mean of 75 % and 16.7 %.
package measure
