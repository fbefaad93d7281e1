// Package counting is how a team counts in the annual inventory check: row by row on a phone in the
// yard, on a page at the desk, in a workbook that goes from house to house, or by program.
//
// What a count means – verdicts, the roll-back to the day of reference, who may change a check and
// when – is package inventory's. This package only carries what was found there, by four ways that
// read alike: page, workbook and CSV hold the same record, that of the form's counting sheet with its
// checks, and the API the same entry.
//
// # Worked example
//
// A pump stands in the ledger with 3,200.00 yuan. The counter finds it and chooses “matches”: nothing
// else need be filled in, and the counted amount is the book's. In January, before the count, a motor
// of 800.00 was bought for it: with “increases since” 800.00 the counted amount is taken as 4,000.00,
// and what is verified for 31 December is 3,200.00 again. Gone, it is a “loss” of 3,200.00, and the
// sheet asks for a remark.
//
// # Invariants
//
//  1. A figure left empty beside a verdict that says nothing differs is as booked, with what came and
//     went since. Beside gain, loss and damage it is zero.
//  2. An area that reads like the book's, in mu with two places, is the book's area to the last
//     0.01 m²: mu have no exact decimal, and writing down what stands there is no gain.
//  3. What a form does not ask is kept as it is.
//  4. Nobody's count is overwritten unseen: a page and a program name the version they read, a sheet
//     the version of each of its rows. A row counted since is a warning, and taken over only if it
//     was explained.
//  5. A row of a sheet without a verdict changes nothing. A row that stands on no row is something
//     found, and says so with its verdict.
//  6. A sheet that has anything wrong in it changes nothing (package intake).
//
// On the phone one row follows the other: first those without a verdict, then those that lack the
// photo or the position which their form asks for.
package counting
