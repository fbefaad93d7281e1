// Package match finds which lines of a bank statement and which postings on the account of bank deposits
// are the same money, and puts a reconciliation of both balances together. It proposes; a person
// confirms.
//
// # Passes
//
//  1. One line, one posting, the same amount: first those that name the same reference or the same
//     counterparty, then those of the nearest day.
//  2. One line, several postings (a deposit of a day's receipts).
//  3. Several lines, one posting (wages paid to each, booked in one sum).
//
// # Invariants
//
//  1. Every line and every posting is in one proposal at most.
//  2. Both sides of a proposal sum to the same fen, and every member moves money in the same direction.
//  3. No two members of a proposal from different sides lie further apart than the days allowed.
//  4. The order in which lines and postings are given changes nothing.
//  5. Where several groups would add up, nothing is proposed, unless only one of them is tied to the
//     single side by words. A pair that could as well be another says so.
//  6. Looking for groups costs no more than Limits.Steps in all.
//
// # Reconciliation (银行存款余额调节表)
//
//	balance of the bank + received by the books, not yet by the bank − paid by them, not yet by it
//	= balance of the books + received by the bank, not yet by the books − paid by it, not yet by them
//
// Worked example: the bank says 1,300.00 and the books 1,150.00. The bank has an interest of 50.00 that
// the books lack, and the books a payment of 100.00 that the bank has not carried out. 1,300.00 − 100.00
// = 1,200.00 = 1,150.00 + 50.00: the balances agree, with two items under way.
package match
