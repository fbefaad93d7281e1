// Package intake takes files in: staged, checked, then applied, so that a bad file changes nothing, a
// killed import goes on where it stopped, and the same file sent twice takes effect once.
//
//	in, err := intake.Stage(ctx, request)           // the file becomes rows
//	in, err  = intake.Check(ctx, actor, home, id)   // everything wrong with them; nothing changes
//	in, err  = intake.Apply(ctx, order)             // portion by portion into the module's tables
//
// A module registers a Kind: the form, whose file it must be, its own checks, and what applying a row
// means. Its pages show a View; package intakepage makes them.
//
// # States
//
//	staging → staged → checked → applying → done
//	staging, staged, checked → cancelled, and applying → cut (what was applied stays)
//	staging → refused (the file cannot be read to its end; its rows are removed)
//
// Three ends look different: done with no rows (empty), refused (failed), cut.
//
// # Invariants
//
//  1. Each step works in portions; the progress of a portion is kept in the same transaction as its
//     effect. Killed at any point and run again, a step ends as if it had run once.
//  2. A row takes effect with its operation, a key of its own in intake_operation, in one
//     transaction: never twice, whoever runs it again, in this intake or in another of the same file.
//  3. Nothing is applied while a check found an error, or a warning without an explanation.
//  4. A row that the module refuses while applying (somebody changed the data meanwhile) is marked
//     failed with its reason; the others are applied, and the counts say so.
//  5. rows = applied + repeated + failed when it is done: counts are made in the transactions that
//     make them true.
//  6. The same file for the same subject is recognised by its hash and is not staged again, unless
//     the earlier one was cancelled or refused.
//  7. Personal cells lie encrypted while they wait, and no cell stays after its row was applied or
//     the intake ended.
//
// # What is recorded
//
// Staging and checking change nothing official and record no event. Each applied portion records
// intake.applied with the numbers of its rows, and so names every row of the module that it changed.
package intake
