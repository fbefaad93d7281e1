package identity

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the tables of accounts, posts and sessions.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "identity", Migrations: root}
}

// Tables are all tables of the package.
func Tables() []store.Sealed {
	return []store.Sealed{accounts, posts, secrets, tokens, sessions, guards, uses, tokenUses}
}

// The permits of this package.
const (
	Read    access.Permit = "accounts.read"    // see accounts and posts
	Change  access.Permit = "accounts.change"  // create, change, lock, reset and close accounts
	Propose access.Permit = "accounts.propose" // propose posts
	Approve access.Permit = "accounts.approve" // approve and refuse posts
	End     access.Permit = "accounts.end"     // end posts
	Audit                 = audit.Read         // read sign-ins and the log of events
)

// Permits lists them.
func Permits() []access.Permit {
	return []access.Permit{Read, Change, Propose, Approve, End, Audit}
}
