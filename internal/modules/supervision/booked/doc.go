// Package booked is what rules of supervision may ask of the books: the balance of an account, the state of a
// book at its last closed month, a year of it, its vouchers, payments, and lines of bank statements.
//
// No account code stands here. What an account does is said by the chart of the book, which is pack data: its
// statements, roles and the year's close. They are joined as tables of the subjects (rule.Table), so that a
// rule over liabilities and assets is one statement of the database.
//
// # Figures
//
// A figure is a line of a statement of the chart – the total of the liabilities – taken apart into the
// accounts it is made of, with the side and the quantity the line takes of each. What a column says is
// therefore what the statement says (TestFiguresAreThoseOfTheStatements). A chart without the line has 0.
//
// # Invariants
//
//  1. A figure of a book is that of its statement at the end of the same month or year.
//  2. A voucher that was taken back, and the one that took it back, are not asked.
//  3. Names are compared by hash; a subject never carries a name that stands sealed elsewhere.
//
// Basis: 财会〔2023〕14号 (statements), Rural Collective Economic Organisations Law, Art. 35, 42, 44.
//
// Worked example: a book with 600.00 on 102, 1,000.00 on 151 and 900.00 owed on 201 has assets of 160000
// and liabilities of 90000 fen: a ratio of 56 in a hundred, and no finding at 60.
package booked
