// Package editions takes places over from the official lists of the statistics office into the
// territory, says what was odd about them, and keeps what they make likely for an officer to decide.
//
// # Editions
//
// An edition is a list of places as of a day, as the statistics office published it. Reading and
// comparing are arithmetic (package territory/edition); here it is applied.
//
//  1. The first edition of a part of the country is taken as it is. A later one is compared with what
//     stands on its day, and only where the file covers it.
//  2. An import is staged – the plan, the numbers it will use, what was odd about the rows – and then
//     applied in portions, each in a transaction together with how far it got. Killed at any row and
//     run again it gives what one clean run gives.
//  3. The same file for the same day is recognised and changes nothing.
//  4. Every anomaly is kept and names its row. A row that cannot be used is refused, never the file in
//     silence; what hangs below it is kept under the nearest place above.
//  5. Merges and splits are suggestions. Confirming one makes it an act with its shares; rejecting it
//     asks for a reason. Neither changes the tree, which the edition has already shown.
//  6. An edition older than what stands for its places is refused: what the later one made anew could
//     not be made one with it any more.
package editions
