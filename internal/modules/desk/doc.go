// Package desk is where everybody's day begins: the home page with what waits and how one's place
// stands, the inbox, the page of a case of any procedure, the public notice board, absences, and the
// page on which anybody checks a certificate.
//
// The desk knows no subject: it shows what the procedure engine holds and what modules contribute
// as cards and figures.
//
// # Invariants
//
//  1. The inbox is ordered by legal deadline; a case stands in it once, with the reason why.
//  2. Deciding on many at once asks one reason for each decision and shows what became of each:
//     what was refused, by which rule, and what to do.
//  3. The notice board and a notice need no account, are never indexed, show nothing but what was
//     posted, and take objections from anybody while the notice is up.
//  4. Every act of a case goes through POST /cases/{home}/{id}/act with the version it was decided
//     at.
package desk
