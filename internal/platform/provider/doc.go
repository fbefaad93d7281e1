// Package provider lets an OpenID Connect provider say who somebody is: the code flow of OpenID
// Connect Core 1.0 with PKCE (RFC 7636), state and nonce. Which account that is package identity
// decides.
//
// # Invariants
//
//  1. State, nonce and verifier are 32 random bytes each, carried by the person's own browser,
//     sealed under the installation's key; nothing is kept here. Whoever comes back in another
//     browser, too late, or with another state is refused.
//  2. Of an ID token nothing is believed before its signature, issuer, audience, expiry and nonce
//     have been checked.
//  3. Only an e-mail address or a phone number that the provider has verified counts as such; the
//     other claims can be changed by the person at many providers.
//  4. A provider that is down keeps neither the program from starting nor anybody from signing in
//     with a password.
package provider

import "embed"

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS
