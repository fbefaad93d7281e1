// Package log makes what happened provable.
//
// Every write leaves an event in its own transaction (package store). A sequencer puts the events
// of each home into that home's Merkle log (RFC 6962, SHA-256), in the order in which it finds them
// committed, within a second or so; writers never queue on a chain. After each step the new tree head is
// signed as a checkpoint (C2SP tlog-checkpoint, a signed note). The city's log holds the counties'
// checkpoints as events of its own, so one city checkpoint vouches for all of them.
//
// A certificate is a C2SP tlog-proof: an event, its place in the log, the hashes up to the root and
// the signed checkpoint. Whoever has the public key checks it without the database and without us.
//
// # Invariants
//
//  1. Every event is either waiting or exactly once a leaf, and a leaf never changes.
//  2. Leaf n+1 exists only if leaf n does; the tree of a home only grows.
//  3. Checkpoints of one home are consistent with each other; each is signed.
//  4. Verify names every row of a sealed table whose content is not what the last event on it
//     recorded, every row no event speaks of, and every row that is gone without an event.
//  5. A leaf holds no personal data: only salted commitments and salted digests of rows.
//
// # Names
//
// The log of home 500102 of an installation with the origin "terrace.example/cq" is called
// "terrace.example/cq/500102"; the city's own is "terrace.example/cq/0". All are signed with one
// Ed25519 key; its public half is published under the installation's origin.
package log
