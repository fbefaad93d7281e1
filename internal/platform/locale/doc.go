// Package locale is the one dictionary of Terrace: every text a person reads, in Chinese and in
// English, under one key.
//
// The entries are CSV files with the columns key,zh,en, one file a package, in its folder texts/.
// A text may hold numbered arguments in the manner of fmt: %[1]v. Where English needs a singular,
// the entry key.one is taken when the first argument is 1.
//
// A refusal (package fault) has three entries: key, key.rule and key.next.
//
// # Invariants
//
//  1. No entry lacks a language, and none stands twice: Load refuses.
//  2. Every key the source uses is in the dictionary, and every refusal is explained: the tests of
//     package app read the source and fail otherwise.
//  3. Both texts of an entry use the same arguments.
package locale
