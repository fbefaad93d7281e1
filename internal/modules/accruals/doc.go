// Package accruals books what follows from the cards and from the annual check: the depreciation of each
// month, and the gains and losses that a check found. And it holds the books and the check against each
// other, line by line of the balance sheet.
//
// # Law
//
// Accounting system of rural collective economic organisations (财会〔2023〕14号): depreciation is booked
// monthly (accounts by the class of use; wording unverified); what is found or missing goes through
// 待处理财产损溢 until it is decided, and nothing is left there at the end of a year (unverified). Annual
// check: 农经发〔2017〕11号.
//
// # Depreciation
//
// A month falls due when it has ended. For each pair of accounts that the chart names for a kind of card
// (charts: assets), one voucher debits the expense and credits what is written off with the sum over
// the organisation's cards of what the month writes off (package depreciation), source
// depreciation/2025-03. Months that were missed are booked in the first month that is open; those that
// people depreciated by vouchers of their own, before the program first did, were not missed. Cards in
// dispute, and cards written off by work done, whose work has no month, are left out.
//
// # The check
//
// A row of an approved check says what was in the books and what is there. The entries, each with its
// accounts by the roles of the chart and the pack's list (accruals.yaml):
//
//	gain of a thing           Dr asset          Cr pending   – decided: Dr pending  Cr income
//	gain at the first check   Dr asset          Cr pending   – decided: Dr pending  Cr reserve
//	loss of a thing           Dr pending (and what was written off)  Cr asset
//	                          – decided: Dr claim on whoever is responsible, Dr expense the rest
//	bad debt                  Dr expense        Cr claim
//	debt to nobody            Dr payable        Cr income
//
// Found and decided are posted in one transaction, on the day of reference where its month is open, else
// today. What no account of the pack fits is listed to be entered by hand.
//
// # Invariants
//
//  1. A month of a book is depreciated once, whatever runs at the same time and whoever did it before.
//  2. The voucher of a month sums to what the row of the month says, and nothing else was posted for it.
//  3. A check is booked once; what it leaves on the pending account is nothing.
//  4. Gain minus loss of the rows booked is what the books change by, with what was written off.
//
// # Example
//
// A pump of 1,000.00 with 71.25 written off is missing: debit pending 928.75 and accumulated depreciation
// 71.25, credit fixed assets 1,000.00; decided: debit the keeper 500.00 and other expense 428.75, credit
// pending 928.75.
package accruals
