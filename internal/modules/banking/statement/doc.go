// Package statement reads the statement of a bank account as its bank exports it. How each bank writes
// is data: a Format, a file of the pack. A bank nobody has seen needs a file, no code.
//
// # Reading
//
// The headings are looked for in the first rows, in one row or in two of which the lower divides the
// upper (发生额 over 借方 and 贷方), by the titles a format gives each part, whatever their width, case, blanks
// and unit. What stands above or below the table is searched for holder, account number and the
// balances at both ends. Amounts may be signed, in two columns, or told by a word; with 元, ¥,
// full-width digits, a minus behind (1,234.50-) or brackets. Days may be text in the format's patterns
// or numbers (45717 is 2025-03-01). Rows of totals, repeated headings, carried balances (承前页), signatures
// and failed transactions move nothing.
//
// # Invariants
//
//  1. Nothing is left out silently: every row with text that gives no line has a finding with its row.
//  2. A row in which anything cannot be read gives a finding with its cell and no line, and a statement
//     with an error is not taken.
//  3. Lines come out oldest first, whichever way the file runs.
//  4. Where balances are given, each follows from the one before and the amount, the first from the
//     opening balance, the last is the closing one; every break is a finding with its row. Totals are
//     compared with the lines.
//  5. The same file again brings no new line; overlapping files bring each line once, and equal lines
//     as often as the fuller of both files has them (Known).
//  6. Of the counterparty's account number four digits are kept.
//
// # Law
//
// Rural Collective Economic Organisations Law, Art. 44: collective funds are not kept on personal
// accounts. A statement whose holder is a person is refused; one of another holder must be explained.
//
// Worked example: 余额 100.00, then 支出 30.00 with 余额 60.00: 70.00 is due, and the row has the finding
// banking.read.break.
package statement
