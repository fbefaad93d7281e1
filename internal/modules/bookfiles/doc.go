// Package bookfiles is what comes into the books from files and what goes out of them: vouchers and
// opening balances from XLSX and CSV, journals as plain text, and the conversion of balances to the
// next chart of accounts. It writes nothing into the books but through package ledger.
//
// # Law
//
// Vouchers are made by one person and checked by another (代理记账管理办法; 会计基础工作规范 Art. 51). Books
// of village collectives go from 财会〔2004〕12号 to 财会〔2023〕14号 on 2024-01-01 as 财会〔2023〕20号 says:
// balances of accounts that were renamed go to their successors, those of accounts that were given
// up go where their substance lies.
//
// # A file of vouchers
//
//	日期        凭证字号  摘要        会计科目      借方金额   贷方金额  往来单位或个人
//	2025-03-05  记-1      收鱼塘租金  101 库存现金  3,000.00
//	                                  内部往来                 3000      王五
//
// A row is a posting line. Rows of one month and number are one voucher, wherever in the file they
// stand; a row without day and number goes on with the voucher above it; rows with a day and no
// number are a voucher as soon as they sum to zero. Accounts are read by code, name, pinyin, or code
// and name with a detail behind; amounts as cashbooks write them, red as -100, (100) or 红字100. Rows
// of sums and carry-overs are left out and told of.
//
// Which vouchers a file holds (plan) is a function of the file, the form and the book alone. The
// file is kept, checking and applying read it again, and so nothing hangs on where a portion of the
// intake ends. Forms whose keys begin with bookfiles.voucher. (or bookfiles.opening.) are other columns for
// the same; the form that fits best is taken. What offices really send stands in testdata/dirty, each file
// with what is read of it. What was guessed is warned of: sides written 1 and -1, a balance without its
// side, missing numbers, rows that stand twice.
//
// # Invariants
//
//  1. Checking changes nothing. With an error in a file nothing of it enters the books.
//  2. A voucher of a file enters a book once: its source is its month and number, or, without a
//     number, the file and its first row. The same number with another amount is an error.
//  3. Imported vouchers are drafts of whoever sent the file. History alone is posted at once: by who
//     may open books (ledger.open), for months before this one and before the first in which a
//     person checked a voucher, with the numbers it has, which have no gap.
//  4. Rows of a voucher stand or fall together: where it was refused, its rows are marked failed.
//  5. Opening balances sum to zero, details add up to the row of their account, and all of a file
//     take effect in one transaction.
//  6. An exported journal holds what was posted and nothing else. hledger computes from it the trial
//     balance of the books, account by account and detail by detail.
//  7. A conversion carries every balance whole: the next book opens with the sum of the older one,
//     to the fen. It is prepared by one person and approved by another, from the balances that were
//     handed in.
//  8. A conversion is refused while months are open, the result is not carried over, drafts wait, a
//     balance has no place to go, or whose it is under the new chart is not said.
//  9. An approved conversion that was stopped half-way goes on where it stopped (Carry).
//  10. terrace verify converts the older balances of every finished conversion again.
package bookfiles
