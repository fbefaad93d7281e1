// Package accounts is the pages, operations and commands around package identity: signing in and
// out, one's own account, users and posts for administrators, and the record of sign-ins and the
// log of events for auditors. It has no tables and decides nothing: every rule is in identity.
//
// # Invariants
//
//  1. A secret (one-time password, API token, recovery codes) is shown on the page that answers the
//     form and nowhere else; that page is never stored by a browser.
//  2. After signing in one goes on only to an address of this site.
//  3. Phones are masked. To see one whole takes a reason and is recorded (identity.Unmask).
package accounts
