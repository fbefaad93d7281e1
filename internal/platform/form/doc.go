// Package form holds forms as data: fields with their kinds, units and code lists, checks over one
// record, and checks across records and forms. The same definition is a page (View), a workbook
// (package sheet), a staged import (package intake) and the check of an API call.
//
// # A form
//
//	key: assets.fixed
//	version: 1
//	title: {zh: 固定资产清查登记表, en: Fixed assets}
//	basis: 农经发〔2017〕11号
//	mark: verified
//	fields:
//	  - {key: name, label: {zh: 名称, en: Name}, kind: text, required: true, max_length: 60}
//	  - {key: book, label: {zh: 账面数, en: Book amount}, kind: money, read_only: true}
//	  - {key: verified, label: {zh: 核实数, en: Verified amount}, kind: money, required: true}
//	  - {key: gain, label: {zh: 盘盈, en: Gain}, kind: money, min: 0}
//	  - {key: loss, label: {zh: 盘亏, en: Loss}, kind: money, min: 0}
//	checks:
//	  - key: balance
//	    expr: gain - loss == verified - book
//	    fields: [verified, gain, loss]
//	    text: {zh: 盘盈减盘亏应等于核实数{verified}减账面数{book}, en: …}
//	cross_checks:
//	  - key: total
//	    forms: {form19: assets.balance}
//	    expr: sum(rows, verified) == sum(form19.rows, fixed)
//	    text: …
//	examples:
//	  - given: {name: 水泵, book: "100", verified: "120", gain: "20"}
//	    expect: []
//	  - given: {name: 水泵, verified: "12o"}
//	    expect: [verified.number]
//
// A field may have more headings in files than its label: also: [设备名称, Item]. No two fields share one.
//
// Expressions are those of package rule. In a check {field} stands for the value as people see it.
//
// # Invariants
//
//  1. Reading is exact: money is whole fen, an area whole 0.01 m², a quantity or percentage whole
//     hundredths. What would have to be rounded is refused, not rounded – but for mu, which have no
//     exact decimal (package area).
//  2. What is read and written back is the same: Parse(Plain(record)) = record.
//  3. All findings are given, each beside its field. A check that reads a field which could not be
//     read is left out: it could only add noise.
//  4. A field nobody knows, a label or text without one of its languages, an expression that does not
//     compile, a code list that is not there, an example that does not hold: each is a finding of the
//     library, with file and line, before anybody sees the form.
//  5. A value of a read-only field is never taken from what was posted (Locked says when it changed).
//
// # Areas in mu
//
// 0.01 mu is 6.67 m² to the nearest 0.01 m². A total typed in mu may therefore differ from the sum of
// its rows by half a unit a row; a cross-check over mu says so:
//
//	sum(rows, area) - total <= size(rows) && total - sum(rows, area) <= size(rows)
//
// Totals that are computed instead of typed are exact.
package form
