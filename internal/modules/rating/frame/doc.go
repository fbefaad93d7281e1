// Package frame holds the table that every method of an evaluation reads and writes: areas (评价单元) by
// columns (指标), full-precision numbers, and cells that are missing.
//
// Figures of an index are ratios, distances and scores, so they are floating point; money, areas of land
// and shares never come here but as the figures of a measure.
//
// # Invariants
//
//  1. Every column has one cell for each area, in the order of the areas; codes are unique and not empty.
//  2. A missing cell is NaN and nothing else is: what is read is finite or missing (Check refuses
//     infinities with their cell).
//  3. A method never changes the frame it was given: it answers a new one, which may share columns it
//     left alone.
//  4. The answer for an area does not depend on the order of areas or columns, except where a definition
//     says so, and not on the number of processors.
//
// # Example
//
//	f, err := frame.New([]string{"A", "B"}, []string{"x1"}, [][]float64{{60, frame.Missing()}})
//	f.Column("x1")[0] // 60
package frame
