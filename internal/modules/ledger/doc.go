// Package ledger keeps the books of collective economic organisations: vouchers, balances, periods.
package ledger
