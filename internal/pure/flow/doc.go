// Package flow is the machine under everything official: it knows the steps of a procedure, who may
// act, what comes next and when it is due. It is pure: a case is a fold over its acts, and the same
// acts give the same case for ever.
//
// # Words
//
// A Definition is a procedure as data: steps in order, each done by holders of a permit at a level
// of the tree. A Case is one run of it on one subject. An Act is what somebody did. The acts are
// the truth; a case is computed from them (Fold) and can be thrown away.
//
// Kinds of step: work (somebody prepares and submits), review (somebody decides), notice (public,
// with objections), meeting (a collective decides; the verdict is computed, package decision).
//
// # Invariants
//
//  1. The route is fixed when the case opens: steps that do not apply are left out then, and a
//     later change of the definition does not touch running cases.
//  2. Only the current step can be acted on. Every act raises the version by one; an act names the
//     version it was decided at (checked by package procedure).
//  3. Nobody decides on their own work: whoever acted in a step named in NotBy, for themselves or on
//     behalf of another, cannot act here, in any round.
//  4. A step with an open or upheld objection, an unfinished notice or an invalid or lost decision
//     cannot go forward. Only a return leads on from there.
//  5. A return goes to a step the definition allows, needs a reason, and begins a new round: what
//     was signed, posted or decided after that step is void.
//  6. A recall is possible for the one who moved the case last, until the next person acts.
//  7. While a case is suspended its clock stands; the working days lost are added to the deadline.
//  8. Due dates and notice ends are computed once, when they begin, and kept in the act: a calendar
//     published later does not change the past.
//  9. Done, Refused and Withdrawn are final: no act follows.
package flow
