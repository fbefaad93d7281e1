// Package procedure runs everything official: it keeps cases (package flow), asks who may act,
// holds the guards of modules, and gives all procedures the inbox, deadlines in working days,
// returns with a reason, delegation, further signers, bulk decisions, public notice with
// objections, collective decisions, escalation and a timeline.
//
// A module declares a procedure as pack data (package flow) and registers a Handler: the guards its
// steps name, what happens when a step begins or the case ends, and what a notice says. Pages of
// all procedures are one set (module desk); a module shows the Panel of a case on its own page.
//
// # Invariants
//
//  1. A case row is derived: folding its acts gives exactly it (Check proves it again).
//  2. An act is taken at the version it was decided at. Of two people deciding at once one
//     succeeds; the other is told so (fault store.stale) and nothing of theirs is kept.
//  3. An act on a step needs its permit at the step's place, or a delegation from somebody who has
//     it, or a request to sign. Unset means no.
//  4. An act, the case, what the handler does and the event are one transaction.
//  5. What waits for a person is in their inbox, once, with its legal deadline; what does not, is not.
//  6. A notice's text is kept with its hash; another text is another posting and begins anew.
//  7. The program closes notices and escalates what is overdue; a failure at one case or in one
//     county stops no other.
//  8. Who objects is personal data: sealed at rest, never in an event, never on the public page.
package procedure
