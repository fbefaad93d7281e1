// Package supervision asks the rules of the pack of everything the program holds, and follows what they
// hit until somebody has answered for it.
//
// # From a rule to a closed finding
//
// A rule (package rule, packs/national/rules) looks at a subject: a contract, a card, a book. A run asks all
// rules in force of one county; a hit becomes a finding, whose procedure goes
//
//	hit → the township answers (15 working days): explained, or rectified with evidence
//	    → another person verifies → closed, or handed to discipline inspection (refused by the verifier)
//
// Runs are jobs: every night of a whole county, every hour of those organisations at whose places something
// happened since (the log tells), and on demand. A finding keeps the values that made it true and the words
// that say so, in both languages, under the version of the rule that hit.
//
// # Words
//
// A finding is open until its case has ended. It is gone if the rule no longer hits though nobody has closed
// it: that is told, and somebody must still answer. A rule hits again what was closed once its cool-down has
// passed: the same finding is opened again, and counts how often. The colour of an organisation is that of
// its worst open finding. Confirmed is what was rectified or handed over; what was explained was a false
// alarm. The precision of a rule is confirmed of all that ended.
//
// # Invariants
//
//  1. A rule has at most one finding on a thing, and an open finding exactly one running case.
//  2. A run that is killed and run again, or run twice, gives what one run gives.
//  3. Nothing is raised within the cool-down of a finding that was closed.
//  4. Whoever answered does not verify.
//  5. Every end of a finding is kept with rule and version: precision is counted from these alone.
//  6. A rule that has no result on a record – overflow, division by zero – raises nothing there and is told
//     with its number; what it would have closed stays.
//
// Basis: Rural Collective Economic Organisations Law, Art. 49–56 (supervision); thresholds are the pack's.
//
// Worked example: rule A05-card hits card 17 on 3 November: finding 1 is open, its township has until 24
// November. It is rectified and verified on the 20th. With 30 days of cool-down the card is let alone until
// 20 December; if it hits then, finding 1 opens for the second time.
//
// A parameter that is set otherwise in a township or village holds there: the rule is asked apart of the
// places that have it. It must be set for the county as a whole, too.
package supervision
