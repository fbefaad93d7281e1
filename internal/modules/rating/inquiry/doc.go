// Package inquiry asks a table of figures how its areas relate to each other: it reads columns, parts the
// rows by time, lets relation, disparity and space compute, and answers tables.
//
// # Invariants
//
//  1. Every time is computed by itself; only convergence compares times, and then of the same areas.
//  2. An area that lacks a figure is refused with its column, area and time; by choice it is left out and
//     stands in the table left_out.
//  3. Parts that are answered add up to the whole that is answered beside them.
//  4. An answer has every figure in full; whoever prints it rounds.
//
// # Example
//
//	terrace rating relation disparity chongqing.csv --from 2014 \
//	    --urban urban_income_yuan,urban_pop_10k_src --rural rural_income_yuan,rural_pop_10k_src
package inquiry
