// Package campaign is the annual check of a whole county: it opens it, draws the sample that is
// counted again, follows it on a board, and takes the county's figures up to the city.
//
// # The job
//
// A county officer opens the campaign of a year. The day of reference and the share to sample are the
// pack's, as they stand on the day of opening. Each active organisation then gets its check (package
// inventory), by a job, forty in a transaction: killed at any moment it goes on where it stopped. Once
// everything is approved the county compiles; the city accepts, and everything is locked.
//
// # Invariants
//
//  1. A county has one campaign a year, and each of its organisations one check in it. One that is
//     registered later gets its check when the county asks for what is missing.
//  2. The sample is drawn once, from all checks there are at that moment, by a random seed that is
//     stored and published: anybody can draw it again and gets the same (package inventory/count), and
//     terrace verify does. A check that comes later is not drawn.
//  3. What goes to the city equals the sum of its parts exactly, counts approved checks only, and is
//     added up again from the rows before the city accepts it.
//  4. Children before parents: a county with a check that is not approved cannot compile.
//  5. What the city accepted is locked: an error found later becomes an adjustment of the next year.
//
// Basis: nine-ministry notice 农经发〔2017〕11号; what varies by place is in the pack (check.*).
package campaign
