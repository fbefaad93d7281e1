// Package ledger keeps the books of collective economic organisations: what was booked, by whom, in which
// month, and what stands on the accounts on any day. The arithmetic is in package book, what is kept in
// package record; pages are the module bookkeeping.
//
// # Words
//
// A book (账簿) is the books of one organisation under one chart of accounts, by month, from a day on.
// A voucher (记账凭证) is entered as a draft, and posted (过账) by another person: then it has its
// number and its postings move the balances. A red-letter voucher (红字冲销) takes a posted one
// back. Months are closed (结账) one after
// the other; December carries income and expense into the result (年终结转). A hold (预留) sets money aside
// for a draft.
//
// # Law
//
// 财会〔2023〕14号 (accounts and statements, from 2024-01-01), 财农〔2021〕121号 (finance of collectives: maker and
// checker are two people), Rural Collective Economic Organisations Law Art. 44 to 46. What could not be
// read in its source is marked in the charts of the pack.
//
// # Posting
//
// Who posts reads and checks everything first and then passes the gate of the book (ledger_gate), a row that
// counts the passages. On SQLite nobody can have passed meanwhile, and refusals come before any change. On
// PostgreSQL one who finds that another passed waits there and begins again. Behind the gate numbers are
// taken, so one that does not commit is not taken. Balances are turnover rows by month, added to as
// vouchers are posted; a year's end becomes the opening rows of the next.
//
// # Invariants
//
//  1. Every posted voucher sums to zero, and its hash is that of its number, day, words and postings.
//  2. Numbers of a book, month and series are 1, 2, 3 … without a gap, whatever was aborted or discarded.
//  3. Maker and checker are two people; the program posts only what other modules book (PostFor), once for
//     each source.
//  4. A voucher's day lies in its book, in an open month, and not after the running month. It may differ
//     from the instant at which it was entered or posted.
//  5. A balance is the sum of the postings, on any day; a turnover that of a month; the opening of a year
//     what the year before ended with. No balance of an open year reads a closed one.
//  6. An account that must not be overdrawn is not, beside what is held for other drafts; only an entry
//     that takes from it is refused. A limit (cash on hand) warns: books must be able to say what happened.
//  7. A closed month changes no more: its hash is over the vouchers it had. Reopening goes from the last
//     month back, by a decision and with a reason, and stays in the record; what was published of the
//     month is taken back.
//  8. A reversal is exact, in red, and once; a reversal is not reversed, nor is what closed a year.
//  9. Books never mix: a posting is in its voucher's book, and a voucher in one.
//  10. A request with a key is done once: the same again gets the same answer, a refusal too; other
//     content under the key is a conflict (ledger.key_conflict).
//  11. DryRun says what Check would do.
//  12. EnterMany answers each draft as Enter would one after the other.
//  13. An attachment is a file that is kept in the home of the book.
//
// Acknowledged is durable, and nothing overflows: lines are bounded far below 64 bits, turnovers by
// the table, sums are checked. terrace verify proves 1 to 5, 7 to 9 and 13 from the rows.
//
// # Example
//
// Rent of 500 yuan, entered on 10 March by the village accountant: 102 debit 50000, 501 credit 50000. The
// delegated bookkeeper checks it: 2025-03 记-1. At the year's end 501 goes into 321, and 321 into
// 322 undistributed; the statement of income of 2025 still says 500 yuan, for entries that close are told
// apart.
package ledger
