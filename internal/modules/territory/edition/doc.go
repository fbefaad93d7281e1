// Package edition reads an official edition of places and compares it with the tree that stands.
//
// An edition is a table as the statistics office published it: one row a place with its code, name,
// level, parent and, for villages, its urban-rural category. Files differ in all of that, and every
// one has faults. This package never guesses silently and never stops at the first fault: it takes
// every row that can be taken, names every row with something odd, and says what it made of it.
//
// # Reading (Parse)
//
//  1. Columns are found by their headings, in any order, in English or Chinese. A table without code
//     and name is no place file and is refused as a whole.
//  2. A row is refused, by number, when its code cannot be one (length, letters, Excel's 5.00102E+11),
//     when it repeats another row's code, when it has no name, or when no place above it is known.
//     Everything else is taken with a warning or a note.
//  3. What hangs below a refused, missing or wrong parent is kept: it hangs under the nearest place
//     above it that its digits name, in the file or in the standing tree, and the finding names
//     both. Only townships and below for which there is none are refused.
//  4. A stated level is believed over the digits, unless no parent could stand above it.
//  5. Order of rows, line ends, quotes, missing optional columns and further columns do not matter:
//     the same table gives the same rows, in pre-order of the codes.
//
// # Comparing (Compare)
//
//  6. Each standing place is the match of at most one row and the other way round. A place is the
//     same when code and name agree; or the name (without official suffix and type) and the
//     children it had, wherever it hangs now: it was recoded and what lay in it moved with it.
//  7. A code that now means a body with another name and other children means another place.
//  8. 街道办事处 → 街道, 村委会 → 村民委员会 and the like are spellings, not renames. A character that one
//     edition could not write ('?') matches any, and the readable spelling is kept.
//  9. What the file does not cover is left alone: levels below its deepest, places beside those it
//     names, other provinces. A county is gone only if what lay in it is found elsewhere.
//  10. Merges and splits are never applied: they are suggestions, with shares counted in villages where
//     the villages say where they went.
package edition
