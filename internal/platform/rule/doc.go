// Package rule evaluates the expressions that packs and forms are written in: CEL, the Common
// Expression Language, without its floating point.
//
// An expression is compiled once against an Environment, which declares what it may speak of, and
// then evaluated on one record after another:
//
//	verified - book == gain - loss
//	use != "leased" || given(contract)
//	sum(form19.rows, verified) == sum(rows, verified)
//	sum(rows, r, r.class == "arable" ? r.area : 0) * 100 <= survey * (100 + param("assets.tolerance"))
//
// # What there is
//
//   - int: money in whole fen, areas in whole 0.01 m², quantities in hundredths, counts;
//   - string: texts, codes and dates, which compare as text ("2026-01-31" < "2026-02-01");
//   - bool; a record with named fields; a list of records.
//   - The operators of CEL, in, size, contains, startsWith, endsWith, matches, and the macros all,
//     exists, exists_one, filter and map.
//   - given(field): whether something was entered. Where nothing was, a number counts as 0, a text
//     as "" and a flag as false.
//   - sum(list, field) and sum(list, row, expression).
//   - unique(list, field): no value that was entered stands twice. It takes one pass; comparing every
//     row with every other is refused by the limit on cost from a few hundred rows on.
//   - add_days(day, n), add_months(day, n), add_years(day, n): a day moved; "" of what is no day.
//   - param("key"): a parameter of the pack as it holds on a day in a region. Who evaluates says on
//     which day and where (Parameters).
//
// Nothing else: no double, no time of day, no conversion between kinds. What is not here cannot
// make the two evaluators – of one record, and in SQL – disagree.
//
// # Subjects
//
// Rules of a pack look at subjects: kinds of things that modules contribute through their manifest
// (Subject). A subject is one SELECT with a column for each variable; what a rule needs from other rows –
// a median, a sum over thirty days – is a column too. Every subject has the variable today besides. What
// stands in the database as 0, "" or false counts as not given. What the pack knows and the database does
// not – accounts of a chart by what they do – is a Table that the SELECT joins, bound like everything else.
//
// A parameter may be otherwise in a part of a county: the rule is then asked twice, of the rows at those
// places with their value and of the others with theirs (Question.Only, Except).
//
// # Two evaluators
//
// Rule.Holds answers for one record. Subjects.Ask answers for all rows of a subject: all rules that SQL can
// take go into one statement, one text for SQLite and PostgreSQL with everything bound, and the others are
// asked record by record. SQL takes comparisons (texts are ordered only if both are days), and, or, not, the
// conditional, whole-number arithmetic, lists written out, startsWith and contains of a fixed text, given,
// param, and moved days where the day is fixed or moved by years.
//
// An evaluation without a result – a sum that does not fit, a division by zero – is NULL in SQL: and and or
// treat it as CEL does, where false && error is false. Such a row is neither hit nor cleared; it is told.
//
// # Rules of a pack
//
// A Definition has versions that hold from a day on; its examples are tests (terrace pack test). Words say
// why a row was hit, with the values that made it true.
//
// Worked example: with 10 for thing.least, a < param("thing.least") && given(c) holds on a = 9 fen, c = "甲";
// the explanation "{c} has {a}" then says "甲 has 0.09" (TestVersionsAndWords).
//
// # Invariants
//
//  1. An expression that compiles yields a bool or an error; it never panics and always ends: its
//     length, nesting and cost are limited.
//  2. An expression that does not compile is refused with the line and column of each thing wrong.
//  3. A sum or product that does not fit into 64 bits is an error, never another number.
//  4. Explain reports values that the evaluation read, and no others.
//  5. Both evaluators say the same of every record, on both engines, of missing values and errors too
//     (TestSQLAndRecordAgree).
//  6. Nothing that stands in a pack or was entered is ever part of the SQL's text: names of variables are
//     those of the program, all else is bound.
package rule
