// Package plaintext writes books as plain-text accounting: journals of hledger and of beancount. It
// does no I/O but to the writer it is given, and never asks the time.
//
// # A journal
//
//	account 资产:101 库存现金  ; type: A
//
//	2025-01-01 * (期初) 期初余额
//	    资产:101 库存现金  1200.00 CNY
//	    所有者权益:301 资本  -1200.00 CNY
//
//	2025-03-05 * (记-12) 收鱼塘租金
//	    资产:101 库存现金  3000.00 CNY
//	    资产:113 内部往来:王五  -3000.00 CNY  ; member: 王五
//
// An account is written as its class, its code and its name; an account that is kept per
// counterparty has one below it for each. In beancount, whose names must begin with a capital or a
// digit, the counterparty is metadata.
//
// # Invariants
//
//  1. The same journal gives the same bytes.
//  2. Whatever stands in a summary, a name or a note is text and nothing else: it cannot end a line,
//     begin a comment, or become a tag, a date of a posting, a virtual account or another account.
//     Signs that could are written as their full-width twins (； ： ｜ ， ［ ］ （ ）).
//  3. Every amount has two places and its currency. Nothing is left to be inferred.
//  4. A voucher that does not sum to zero is an error, not a line.
//  5. A balance that hledger or beancount computes for an account equals the sum of the opening
//     balance and the postings that were given for it.
package plaintext
