// Package reporting is the regular reports: what an organisation or a place owes at the end of a month, a
// quarter or a year, drawn from what the program holds instead of typed, checked, approved up the tree and
// added up. The arithmetic is package reporting/form; the pages are module returns.
//
// # Words
//
//   - A form (报表) is data of the pack (reports/*.yaml), or was proposed by a place and admitted.
//   - A round (报送期) is a form in a period in a county. Its reports are opened by a job, forty in a
//     transaction. From the first round that an officer orders the next ones open by themselves until the
//     form's sunset.
//   - A report (报表) is one unit's. Its cells are DERIVED, FEED or ASKED. What a source answers is locked;
//     what no source answers is asked, and counts as asked.
//   - A roll-up (汇总) is a place's: the township compiles, the county accepts; the county compiles, the
//     city accepts, and all of it is locked.
//
// # Where figures come from
//
// A cell names a measure, whose own figure at the unit's place is read (package measure; months are joined
// to the period where a measure is published by month), or a statement with line and column, which whoever
// keeps the books provides (Statements). Neither is stored while a report is being filled: what is shown is
// what is true now. At submission the cells are frozen with it.
//
// # Invariants
//
//  1. A county has one round of a form and period, and each unit in it one report.
//  2. A report is submitted only if no error of the four layers stands, and approved only if every
//     warning is explained. Findings are those of the values as submitted.
//  3. A total is that of the approved report, and there is none of any other: what was returned, reopened
//     or excused is in no sum.
//  4. Children before parents: a roll-up goes up only when every report below it is approved or excused
//     and every roll-up below it accepted; what lies under a roll-up that is on its way or accepted cannot
//     be reopened; a county's acceptance locks everything.
//  5. What goes up equals the sum of the reports' own cells, counted again before it is accepted.
//  6. A form with anything to type opens with the lead time, on working days, and not in a village that has
//     had its number of asks in the month; an emergency opens only when the approver whom it names, another
//     person than who orders it, says so.
//  7. A figure is published by whoever keeps it: an approved report publishes what it asked and nobody else
//     holds, and takes it back when it is opened again. What it drew from a source that source publishes.
//  8. What a form publishes of units of a level (publishes) it publishes in the transaction in which the city
//     accepts their county, one figure a measure and place, each counted from the reports' own cells; before
//     that the figure is expected and missing. Of an excused unit nothing is expected. An index is drawn from
//     these (package indicators), never from books that nobody has approved.
//  9. A form without basis, purpose, owner and sunset, one that nearly repeats a living one or asks mostly
//     what is held already is not admitted; past its sunset a form opens nothing.
//
// Basis: Rural Collective Economic Organisations Law Art. 45, 46 (finances are published regularly); the
// accounting system 财会〔2023〕14号 for the statements; rules-of-data 6 for asking less. Marks stand in the
// pack.
//
// Worked example: a village whose books are closed opens its annual statistics on the fifth working day of
// the year with 501 and 502 out of them (gross operating income 450,000) and costs that leave 204,000 net;
// two of 29 cells are asked: 6.9 %, about 2 minutes. Net lies between 100,000 and 500,000, so that band
// counts 1; the county's band counts its villages.
package reporting
