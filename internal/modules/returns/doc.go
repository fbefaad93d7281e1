// Package returns is how regular reports (package reporting) are used: the list and the page of a report
// with its workbook, the calendar of what opens, is due and locks, boards of completeness, timeliness and
// asks, the sums of a place and what of them may be published, the catalogue of forms with the proposals of
// new ones, and the figures as SDMX. Pages, API and commands call the same use cases.
//
// # Invariants
//
//  1. The workbook of a report asks what the page asks: the same fields, bounds and rules; what comes back
//     is read by the same form, and a row is taken only if it is of this unit and period.
//  2. The asked ratio and the estimated minutes stand on every form and report before anything is typed.
//  3. A published table shows no suppressed count in any format.
//  4. Nothing here decides: every act is one of package reporting or of the procedure.
//
// Basis: as in package reporting.
package returns
