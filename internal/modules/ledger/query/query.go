// Package query is the SQL of the ledger that is put together for so many books, accounts or rows. It
// does no I/O.
package query

import "strings"

// marks are places for so many values, or rows of them.
func marks(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+", ", n), ", ") }

// Among is the condition that a column is one of some values, with its arguments.
func Among[T int64 | string](column string, values []T) (string, []any) {
	args := make([]any, len(values))
	for i, value := range values {
		args[i] = value
	}
	return column + " IN (" + marks("?", len(values)) + ")", args
}

// Taken is which vouchers of a book have some sources: a row a source, 0 where none has it. Each source is
// looked up for itself, so that no plan can compare every voucher of a long book with every source.
func Taken(sources int) string {
	return `SELECT s.column1 AS source, coalesce((SELECT v.id FROM ledger_voucher v WHERE v.home = ?
		AND v.book = ? AND v.source = s.column1 AND v.source <> ''), 0) AS id
		FROM (VALUES ` + marks("(?)", sources) + `) s`
}

// Funds is what stands on accounts – the opening of the first open year and what moved since – and what
// is held. Years and accounts are few and named one by one, so that indexes are read and nothing else.
func Funds(years, accounts int) string {
	in := func(n int) string { return "(" + marks("?", n) + ")" }
	return `SELECT account, CAST(sum(amount) AS BIGINT) AS amount, CAST(sum(held) AS BIGINT) AS held FROM (
		SELECT account, amount, 0 AS held FROM ledger_opening WHERE home = ? AND book = ? AND year = ?
			AND account IN ` + in(accounts) + `
		UNION ALL SELECT account, debit - credit, 0 FROM ledger_turnover WHERE home = ? AND book = ?
			AND year IN ` + in(years) + ` AND account IN ` + in(accounts) + `
		UNION ALL SELECT account, 0, amount FROM ledger_hold WHERE home = ? AND book = ?
			AND account IN ` + in(accounts) + ` AND expires >= ? AND voucher <> ? AND state = 'reserved'
		) every_amount GROUP BY account`
}

// AddTurnovers adds turnovers to those there are.
func AddTurnovers(rows int) string {
	return `INSERT INTO ledger_turnover
		(home, book, year, account, month, counterparty, closing, debit, credit) VALUES ` +
		marks("(?, ?, ?, ?, ?, ?, ?, ?, ?)", rows) + `
		ON CONFLICT (home, book, year, account, month, counterparty, closing) DO UPDATE SET
		debit = ledger_turnover.debit + excluded.debit, credit = ledger_turnover.credit + excluded.credit`
}
