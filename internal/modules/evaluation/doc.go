// Package evaluation keeps the evaluations of a city (城乡融合评价): runs of an index with everything that made
// them, so that a published score can be explained, and computed again by anybody.
//
// # Words
//
// A run (评价结果) is one computation: a scheme, its figures, a seed, and the result. A draft (草稿) is its
// author's; a published run (已发布) is the city's and frozen: what was published stays, a correction is a new
// run, and a run that must not be used any more is withdrawn (撤回) with a reason, still readable.
// The arithmetic is that of module rating; this package stores, shows and publishes.
//
// # Invariants
//
//  1. A run holds scheme, figures and result as text, and the SHA-256 of each; none of them ever changes.
//  2. The result follows from scheme, figures, seed and replications alone: computed again it is the same
//     text to the last bit on a machine of the same kind (Proof), and terrace verify proves it.
//  3. The answer of an audit follows from scheme, figures, seed and design alone, and is proved likewise
//     (AuditProof); terrace verify computes one of ordinary size, terrace rating verify --audits any.
//  4. Who publishes is not who made the run, and publishing names the three hashes in the log: a
//     certificate of that event proves which run was published, when and by whom.
//  5. A published run is neither changed nor deleted; withdrawing leaves all of it in place.
//  6. Figures that come from measures carry the edition of the places (the day of the tree), so that areas
//     of different editions are not compared unawares.
//  7. A published run is read by whoever may read evaluations anywhere in the city; a draft by those who
//     may compute or publish at its place.
//
// # Example
//
// An analyst computes the index of 37 districts for 2005 to 2017. The run says which cells were filled or
// tamed, how ranks spread over 1,000 other choices, and what holds district A back. The officer publishes
// it: event evaluation.published, certificate /evaluations/1/7/certificate.
package evaluation
