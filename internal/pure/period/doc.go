// Package period knows civil dates, instants, reporting periods and working days.
//
// Three kinds of time never mix: an Instant is when something was recorded (UTC microseconds), a
// Date is what a law or a document says (a civil day in China, no zone), a Period is what a figure
// belongs to (2026, 2026H1, 2026Q3, 2026-11). A deadline "by 28 February" ends at 24:00 Beijing
// time of that day.
//
// # Invariants
//
//  1. Dates compare as text: "2026-02-28" < "2026-03-01".
//  2. Every period is the half-open stretch of days [First, Next.First).
//  3. A working day is a weekday that is no holiday, or a weekend day declared a make-up day.
//     Years without a published calendar are never guessed: Calendar says so.
//  4. Day 1 of a notice or a deadline is the day after it starts (domain: public notices).
package period
