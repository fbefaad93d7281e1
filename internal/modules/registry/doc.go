// Package registry keeps who there is: first of all the collective economic organisations, at three
// levels, and their officers.
//
// # Law
//
// Rural Collective Economic Organisations Law (in force 2025-05-01): an organisation stands at
// township, village or group level (Art. 2, 19); it is a special legal person once the agriculture
// authority has registered it (Art. 6, 22); where none exists the village committee or the group
// acts in its place under the same rules of decision (Art. 64): such a body is recorded as acting,
// with its own code or none. Its name contains 集体经济组织 and the names of its places (Art. 21);
// older names stay valid until the certificate ends (Art. 65). A merger or division needs an asset
// check, the members' decision, the township's review and the county government's approval, and
// creditors are told within ten days of it (Art. 23, 24).
//
// # Finding them
//
// Lists are asked by what a reader reaches (Reach): whole counties by home, which needs no join; what
// lies below a county by the paths of its places. The first page counts up to a limit; its total
// travels with the cursor. A place that moved to another county is found under its new one as soon
// as its rows have been re-homed.
//
// Organisations that are loaded in bulk (Load) have one event for a portion of a thousand.
//
// # Invariants
//
//  1. An organisation lies at a place of its own level, and at most one that is active lies there.
//  2. A credit code passes both its checks, its type digit is that of the level (a group is N1, a
//     village N2, a township N3), and stands once in the whole city. An acting body may have none or
//     one of another department.
//  3. Merging places does not merge organisations: that is an act of its own, with a document.
//  4. A merger or division keeps everything: the old organisation stays readable with its end, the
//     link says what became of it, and the successors name their origins. Shares of a division sum
//     to one.
//  5. Names and telephone numbers of officers are sealed at rest and never in an event. Names are shown
//     to those who hold registry.read_officers there, numbers masked, and whole only for a reason that
//     is kept (package audit).
//  6. Nobody is supervisor and at the same time chair, council member, accountant or cashier of the
//     same organisation (supervisors are none of council, finance staff or accountants), nor
//     accountant and cashier; and an organisation has one chair, who represents it (Art. 29).
package registry
