// Package access decides who may do what where. It is one function and one SQL predicate, and both
// say no when nothing says yes.
//
// A permit names an act ("assets.check.count"). A role is a list of permits, from the pack. A post
// is a role at a place, which reaches the whole subtree below it, or in an area (a dated set of
// places such as a cluster of counties). A person may do an act at a place if one of their posts in
// force has a role with the permit and reaches the place.
//
// # Invariants
//
//  1. No post, unknown role, unknown place, unset permit: no.
//  2. Can(actor, permit, place) is true exactly if a row with that place passes
//     Scope(actor, permit).SQL: a property test holds both equal.
//  3. A post at no place and in no area is at the installation itself. It gives something only in an
//     administrator's role, and then everywhere and also where there is no place: accounts and the
//     log must be looked after before the first place is entered.
//  4. An abolished place gives nothing; what a post there meant passes to successors only when an
//     administrator confirms it (territory.md 2.5).
//
// Authority and place are two things: separation of duties within a procedure is a property of its
// steps (package procedure), not of access.
package access
