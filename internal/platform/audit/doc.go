// Package audit keeps and shows what auditors read: every attempt to sign in, every look at unmasked
// personal data, and the log of events.
//
// # Invariants
//
//  1. Every attempt to sign in is a row of sign_in, with time and address (Cybersecurity Law 2016,
//     Art. 21 (3); renumbered by the amendment of 2025, unverified). What was entered as login is
//     kept as a keyed hash only: people type passwords there.
//  2. Each finished day of the record is sealed by an event in the city's log with the number and
//     the hash of its rows; Check finds a row that was changed, added or removed afterwards.
//  3. Whole sealed days are removed after SignInsKept, at least six months, and an event says so.
//  4. Personal data is shown whole one record at a time, for a reason, at most UnmaskingsMax times an hour
//     and person; who saw what and why is kept for good (PIPL Art. 55, 56: records of at least
//     three years), the reason in the row, its commitment in the event.
//  5. An auditor sees what happened within their reach; anybody their own sign-ins; nobody else
//     anything.
package audit
