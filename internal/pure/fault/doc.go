// Package fault is the one error type of Terrace.
//
// A refusal is part of the product: it says what was refused, by which rule, and what to do next,
// in the reader's language. A Fault therefore carries no text. It carries a code for machines, a
// dictionary key with arguments for the person, and a cause for the operator. Only the first two
// ever leave the process.
//
// # Invariants
//
//  1. Every key given to New stands three times in the dictionary: key (what), key.rule (why) and
//     key.next (what to do). TestEveryRefusalIsExplained in the locale package reads the source
//     and fails otherwise.
//  2. Of never loses a fault: a wrapped Fault comes back as itself, anything else is Internal.
//  3. A cause is never part of what a person is shown.
//
// A check over a file does not stop at the first thing wrong: it collects Findings, each with its
// place (sheet, row, column), and hands them over as data.
package fault
