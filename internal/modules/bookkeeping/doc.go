// Package bookkeeping is where people and programs meet the books of package ledger: the books of a
// village on one screen, vouchers, statements, the lists behind each figure, and the sheet for the
// villagers.
//
// How books are kept stands in package ledger; nothing here writes into them but through the use cases
// there. The module owns one table: which statements were published, and with which figures.
//
// # Law
//
//   - 农村集体经济组织财务制度 (财农〔2021〕121号): receipts and payments are checked and shown to the members;
//     who enters a voucher does not check it.
//   - 农村集体经济组织会计制度 (财会〔2023〕14号): chart, vouchers and statements; they are data of the pack.
//   - 农村集体经济组织法 (2025-05-01) articles 44 and 45: accounts are kept and open to the members, regularly
//     shown in plain form.
//
// # Invariants
//
//  1. What lies outside the reader's places looks as if it were not there: books, vouchers, files, sums.
//  2. A voucher is shown as it would be posted before it is: the dry run says exactly what the check says.
//  3. Every cell of a statement leads to the postings it is made of, and each posting to its voucher.
//  4. The public sees a sheet only of a closed month, only after somebody with the permit published it,
//     and only with the figures that were published then: once a month was reopened and its figures
//     changed, the sheet is shown no more until it is published again.
//  5. What a person cannot do, a list of many does not do either: each voucher of a list is checked by
//     itself, and those that cannot be are named with the reason.
//  6. A file on a voucher is part of it: its SHA-256 is in the voucher's content. A posted voucher
//     takes no more files.
//
// # Example
//
// The accountant of a village enters rent of 1,200.00 yuan that came into the bank: a line with the bank
// account in debit, a line with operating income in credit. The draft waits on the screen of
// the books; the township's bookkeeper reads it, sees what the balances will be, and checks it, which gives
// it the next number of its month. On the income statement the line of operating income rises by
// 1,200.00; its cell opens the postings, the posting opens the voucher.
package bookkeeping
