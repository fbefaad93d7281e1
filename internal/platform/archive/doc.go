// Package archive writes a whole installation into one file and makes a new one from it: the database,
// the evidence and, if asked for, the keys.
//
// # The file
//
// An archive is a zip file with
//
//	database.db     a SQLite copy of the whole database at one moment, whichever engine it is from
//	files/ab/cd…    the evidence that the rows of that copy refer to, by hash
//	keys.json       the keys, only if asked for
//	manifest.json   what is in it: the size and SHA-256 of each, the schema, the signed heads of the log
//
// The copy of the database is taken first and the evidence it names afterwards: evidence is never removed,
// so all of it is there, although the installation goes on working.
//
// # Invariants
//
//  1. An archive is under its final name only when all of it is on disk. It never replaces a file.
//  2. Nothing is restored before every part has been read and has its hash. What is damaged is refused
//     and named, and so is what a newer version wrote.
//  3. A restore goes into an empty installation only. It overwrites no database, evidence or key.
//  4. Without the keys, a restored installation can neither sign nor read personal data: the program
//     says so when it restores, and refuses to make new ones (package keys).
package archive
