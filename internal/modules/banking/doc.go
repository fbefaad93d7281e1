// Package banking brings the statements of an organisation's bank accounts together with its books.
//
// A statement is a file as the bank exports it. How each bank writes is pack data (banks/*.yaml, package
// statement): a bank nobody has seen needs a file and no code. What was read waits until a person takes it;
// then its lines are the account's. Lines and the postings on the account of bank deposits (102) that are the
// same money are proposed (package match) and confirmed by a person; from a line that the books lack the
// draft of a voucher is made by templates of the pack (bank_vouchers.yaml), which another person checks.
// A file that no format knows is shown with its first rows; a person says which column is which, and the next
// file of the account is read the same way.
//
// A statement taken by mistake is taken back with a reason: its lines stay for the record and count no more,
// their matches are undone, the file may be taken anew – unless something rests on it (Withdraw).
//
// The balance of a day is asserted with the reconciliation of both sides (银行存款余额调节表).
//
// # Which postings are an account's
//
// Those on its account of the chart, which follows the books through their conversions (package
// succession): what was registered on 102 stands on the successor of 102 in the next book. An
// organisation with several bank accounts keeps them apart by the counterparty of these postings, the
// account's detail: "农商行 1234".
//
// # Law
//
// Rural Collective Economic Organisations Law, Art. 44: collective funds are kept on accounts of the
// organisation and on no person's. An account is registered in the organisation's name; a statement whose
// holder is a person is refused. An account number is sensitive personal data (PIPL Art. 28): its last four
// digits and a keyed hash are kept, file names are masked, of counterparties four digits are kept, and what
// a line says is encrypted.
//
// # Invariants
//
//  1. A bad file changes nothing: a statement with an error is not taken, one with a warning only with an
//     explanation.
//  2. The same file twice changes nothing, overlapping files bring each line once. A line that was taken
//     never changes; one of a statement that was taken back counts nowhere.
//  3. A match is confirmed by a person. Both its sides sum to the same; it may lie on one side alone if it
//     sums to nothing (a reversal).
//  4. A line or posting is in one match that holds at most.
//  5. An assertion says what both sides had: bank + under way = books + under way + difference. One that
//     does not agree, or over gaps in the statements, is kept only with an explanation.
//  6. terrace verify adds it all up again, and names each assertion whose balances have moved since.
//  7. What lies outside the reader's places looks as if it were not there.
//
// Worked example: the statement of March ends with 1,300.00, account 102 with 1,150.00. Interest of 50.00
// is not booked and a payment of 100.00 not carried out: both sides come to 1,200.00, two items are under
// way, the assertion holds. A draft from the line of interest (利息) posts 102 / 504.
package banking
