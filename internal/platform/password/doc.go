// Package password hashes passwords, checks new ones, and makes one-time passwords.
//
// # Invariants
//
//  1. A hash is argon2id (RFC 9106) with a salt of its own, written as a PHC string that carries its
//     cost; a cost beyond all bounds in a stored hash is not computed.
//  2. At most as many hashes are computed at once as the machine has cores: a hundred people who sign
//     in at once wait for each other instead of taking the machine's memory.
//  3. Verify does the same work for a hash that nobody has (Nobody) as for any other.
//  4. Check lists everything that is wrong with a password, not only the first.
//
// Worked example: "Rain on 7 terraces" has 18 characters and four classes and is taken;
// "Admin@123456" meets length and classes and is refused because everybody tries it first.
package password

import "embed"

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS
