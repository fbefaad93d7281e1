// Package book is the arithmetic of double entry: charts of accounts, entries that sum to zero,
// balances as folds of postings, statements as data. It does no I/O and never asks the time.
//
// # Words
//
// A chart (会计科目表) is a file of a pack, packs/*/charts/*.yaml. No account code stands in Go code:
// whatever speaks of one – statements, roles, the year's close, templates, the way from an older chart
// – stands in the chart's own file, so that a chart of a province or of another year is one more file.
// Accounts are named by chart and code together, for the numbers clash: 511 was contract income until
// 2023 and is expenditure since.
//
// A posting is a signed amount on an account: debit above zero, credit below. An account may have
// sub-accounts (1002.01 under 1002, or any code with a parent); then only these are booked. An account
// may be kept per counterparty (detail: true) or in named parts (details: …); the key of a detail
// stands where a posting's counterparty stands. What is kept otherwise – member, asset, project, fund –
// is told in the posting and does not divide balances.
//
// A red-letter line (红字) is a posting that lessens: red, with the amount turned round. It takes from
// the side that it corrects instead of adding to the other, so that an entry and its reversal leave
// turnovers as if neither had been.
//
// # Law
//
// Chart "2024": 财会〔2023〕14号, in force from 2024-01-01; its full text was not at hand, codes and names
// agree with a public implementation, order and numbers of statement lines are unverified. Chart
// "2004": 财会〔2004〕12号, in force 2005 to 2023, read in its text: receivables hold the debit details of
// 内部往来 and payables its credit details; 未分配收益 is 本年收益 and 收益分配 together. Conversion: 财会〔2023〕20号.
// Distribution: Article 42 of the Law on Rural Collective Economic Organisations.
//
// # Statements
//
// A statement has columns – each a span (the period, its year so far, the same a year before) and what
// is taken there (opening, closing, debit, credit, net) – and lines. A line's formula is a list of
// terms: accounts (by code, prefix, range of codes, class, or all) or other lines, each added or taken
// away. Balances and net amounts are taken on the account's own side, as the regulation writes its
// formulas: 151 − 152, 501 − 511. "only: debit" takes the details that stand in debit, each by itself.
// A line "each" becomes one line for every account that its terms select.
//
// Net leaves out entries that close. Which these are is read from the postings alone (Chart.IsClosing),
// so that a year that is closed still shows what was earned in it, also in books that came from
// elsewhere.
//
// Equations of a statement are data too. They are tried on every sheet, and an equation of balances
// (whole: true) is proved for the formulas when the chart is read: it holds for all books that sum to
// zero if and only if each side of each account is in it, once.
//
// # Invariants
//
//  1. An entry without findings sums to zero, exactly: sums are taken in 128 bits.
//  2. A balance is the fold of its postings; so are turnovers; an amount that does not fit is an
//     error, never another amount.
//  3. An entry and its reversal leave balances and turnovers as they were.
//  4. Details of an account are never netted against each other in a line that takes a side.
//  5. For the charts of the pack every check of every statement holds for any books, closed or not,
//     and no account is left out.
//  6. Closing a year leaves nothing on income, expense and result, and moves the same amount to what is not
//     distributed.
//  7. A conversion keeps the sum, and every balance comes over whole.
//  8. Canonical is injective and never changes: the hash of a voucher is kept for decades.
//  9. Ages are exact: what is open in all bands less what was paid in advance is the sum of the claims.
//  10. A chart with an error is left out with findings that name the place; nothing panics. A chart without
//     statements or without a close is a chart in which books can be kept.
//
// # Worked example
//
// Of a year: operating revenue (501) 420,000; investment income (502) 30,000; subsidy (503) 80,000;
// other income (504) 5,000; operating expenditure (511) 180,000; taxes (512) 6,000; administration
// (513) 60,000; public welfare (514) 25,000; other expenditure (515) 3,000. Operating income is 420,000
// + 30,000 − 180,000 − 6,000 − 60,000 = 204,000; total income 204,000 + 80,000 + 5,000 − 25,000 − 3,000
// = 261,000; so is net income, for there was no income tax (testdata/books/vector-2024.txt).
package book
