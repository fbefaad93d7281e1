// Package sheet reads and writes workbooks (XLSX) and CSV files: lists to take away (Table), forms to
// fill in (Template), files that come back (Book, Reading), and the copy in which whoever filled
// them in finds what is wrong (Mark).
//
// # Reading
//
//	book, err := sheet.Open(upload, sheet.Limits{})           // refused by what it is, or too large
//	reading, err := book.Read(sheet.Wanted{Form: form, …})    // refused by whose it is
//	for entry, err := range reading.Records(context) { … }    // record and findings of each row
//	reading.Notes()                                           // what was left out
//
// Columns are found by the hidden row of field keys, so that they may be moved and the language
// changed; without it by their labels in either language, or other names that the form knows, in one row or
// in two that stand for one heading (金额 over 借方 and 贷方). XLSX and CSV give the same records and the
// same findings, each with sheet, row and column.
//
// # Invariants
//
//  1. What a template was filled in with is what is read back: Read(Fill(Write(t))) = the records.
//  2. A template of another form, version, organisation or period is refused by name.
//  3. A file is never guessed at. An encoding that is not certain, two sheets that both fit, a code
//     that lost its last digits, a year in place of a day, 单位：万元 above the headings, one amount merged
//     over several rows: each is refused or a finding.
//  4. Nothing is left out silently: totals, signatures, blank and hidden rows, hidden columns and sheets are
//     told of. Characters without width (Unicode's Cf) are no content.
//  5. Memory and time are bounded by Limits, whatever the file claims. No sheet is held in memory:
//     reading streams, and so does writing.
//  6. No file makes this package panic.
//
// # Why not excelize for reading
//
// excelize writes our workbooks (its stream writer) and marks findings in copies of them. Its row
// reader gives text alone: not whether a cell is a number, a formula or an error, no merged areas and
// no limits; the rest of its reading holds the whole sheet (1.67 GB for 100,000 rows). The parts of
// the format that a reader needs are few, and with our own pass over the XML reading takes a fraction
// of the time (benchmark sheet/read).
//
// # Dates and numbers
//
// A workbook counts days from 1900 (with a 29 February 1900 that never was) or from 1904, and keeps
// fifteen digits of a number in binary floating point. Numbers are taken as people see them: fifteen
// digits, written out in full. This is the one place where floating point touches an amount, because
// the file holds nothing else; from then on it is whole fen.
package sheet
