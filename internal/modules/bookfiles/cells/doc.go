// Package cells reads the cells of cashbooks: which account is meant, and which amount. It does no
// I/O and never asks the time.
//
// # Invariants
//
//  1. Nothing is guessed. What may be several accounts, a name that is not the code's, an amount
//     that would have to be rounded: each is a finding or a problem.
//  2. What was read otherwise than it stands (pinyin) is told.
//  3. An account that only adds up others is never taken.
package cells
