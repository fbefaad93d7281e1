// Package invent makes up a countryside: names of places and people, and what a collective owns. It
// is arithmetic: the same seed gives the same on every machine and for ever, without any I/O.
//
// # Invariants
//
//  1. No person is meant: names are put together from common surnames and given names, telephone
//     numbers lie in a range that is not assigned (199 0000 and four more digits).
//  2. No village is meant: names are put together from what land and trees are called. Where one
//     happens to be that of a real place, it is chance.
//  3. Names are unique under one parent.
//  4. Amounts are whole fen and areas whole 0.01 m²; most are small and a few are large, as in life.
//  5. What is drawn for one organisation depends on the seed and on its own number, not on what was
//     drawn before: adding a kind of asset leaves all other organisations as they were.
//
// Example: with one seed organisation 7 has the same fields, houses and machines whether the city
// has a hundred organisations or a hundred thousand.
package invent
