// Package book is the arithmetic of double entry: charts of accounts, entries that sum to zero,
// balances as folds of postings, statements as data. It does no I/O and never asks the time.
package book
