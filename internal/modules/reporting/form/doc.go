// Package form is the arithmetic of periodic forms: what a form asks and of what it is made, when it
// opens, is due and locks, what its cells add up to, what looks wrong in them, and what of a table may be
// published. It is pure: now, the calendar and all figures are arguments.
//
// # Words
//
//   - A definition (报表) has cells (指标). A cell is DERIVED (computed or drawn from what the program
//     holds), FEED (comes from another system through a measure) or ASKED (typed). The asked ratio is the
//     share of cells that somebody must type; it is printed on every form with the estimated minutes.
//   - A row is one unit's cells in one period. A total is the sum of approved rows.
//   - An element (数据元) is what a cell means, whatever the form calls it. Two forms that ask the same
//     elements are near-duplicates.
//
// # Invariants
//
//  1. A total is the sum of the rows, cell by cell; a ratio keeps its two parts and is computed from
//     their sums, never summed or averaged. Sums that do not fit are refused.
//  2. Terms and bands of a row are computed, never typed; computing twice gives the same.
//  3. Median and median absolute deviation are exact: whole numbers, no rounding, no floating point.
//  4. A published table: no suppressed count below the threshold can be computed back. For each of them
//     there is another table of whole counts that agrees with everything published and differs there
//     (Suppress finds one, or suppresses more). What the table of the place above hides of a place
//     stands neither in the place's own table nor follows from it.
//  5. Opening, due and locking days come in this order, and each is a working day: what would fall on a
//     day off moves to the next.
//
// Basis: rules-of-data 6 (一表通·一表同享: approved forms, standing ledgers, no double asking); the shape
// of validation and calendars follows what statistical systems have found to work (range, cross-item with
// a look-back, outlier, self-check of the configuration).
//
// Worked example: 3 of 12 villages report 400, 500 and 600 yuan for 2, 4 and 6 households. The total is
// 1,500 for 12, covered 3 of 12, and 125 a household – not the mean of 200, 125 and 100.
package form
