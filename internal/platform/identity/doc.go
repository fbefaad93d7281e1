// Package identity knows who somebody is and which posts they hold.
//
// An account is a person's way in: a login, a name, a phone (class S2, sealed), a state, and the
// place whose administrators look after it (none: those of the installation). A post is a role at a
// place, in an area or at the installation, from a day to a day, with the document that gives it.
// What a post allows package access decides; how attempts to sign in are kept package audit.
//
// # Invariants
//
//  1. No shared account: one login, one person; a closed account's login is never given again.
//  2. Nothing that lets somebody in stands in the database in the clear: passwords are argon2id
//     hashes, session and API tokens SHA-256 of 32 random bytes, TOTP secrets sealed under the key
//     file, recovery codes keyed hashes. A stolen database opens nothing.
//  3. An outsider learns nothing about which accounts exist. An unknown login, a wrong password, a
//     locked or a closed account get one answer after one and the same work: argon2id runs for
//     each, and tries are counted for any login, by keyed hash, known or not.
//  4. A try is counted before it is looked at and forgiven when it succeeds, so that a thousand
//     tries at once are still FailuresMax tries.
//  5. A post takes effect only when somebody other than its proposer and its holder has approved
//     it. One exception: while the installation has never had a security administrator, the first
//     such post is approved by the program itself (there is nobody else), and the event says so.
//  6. The three administrators are three people: a post of one kind (system, security, audit) is
//     refused to whoever holds or is proposed for another on any common day. Who is audit
//     administrator holds no other post at all on any common day: the auditor reads and does
//     nothing else.
//  7. The system administrator cannot become another administrator by way of that person's
//     secrets: password, second factor and outside identity of an administrator are reset on the
//     server only (terrace user reset).
//  8. A post at a place that has been abolished gives nothing (access, invariant 4). Succession
//     lists such posts with the place's successors; an administrator proposes what continues.
//  9. Ending a session, locking or closing an account, revoking a token and changing a post take
//     effect at once in this process, and within CacheTime in others.
//  10. Whoever must change their password reaches nothing else before; an administrator without a
//     second factor likewise nothing but setting one up.
//  11. Every administrative act is an event of the city's log without personal data.
//
// # One sign-in, step by step
//
//	guard    the try is counted under HMAC(login); after five failures nothing succeeds for 30 minutes
//	hash     argon2id over the account's password, or over a password nobody has
//	decide   known, active, not locked, password right; else the one refusal
//	second   with a second factor the session waits: its cookie lets in only the six digits
//	session  32 random bytes to the browser, their SHA-256 to the database; 30 minutes idle, 12 hours
//
// A locked account is refused in the same words even with the right password. Telling the lock only
// then would tell whoever tries passwords during a lock which one is right.
//
// # OpenID Connect
//
// A provider proves a subject; which account that is an administrator says (Link). One case needs no
// administrator: the provider has verified an e-mail address or phone number that is the account's
// login, and the account is no administrator's. Nobody is created silently. A second factor set up
// here is asked for after the provider too.
package identity
