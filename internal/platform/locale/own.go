package locale

import "embed"

// Own holds the texts of the platform's lower packages, which cannot carry their own.
//
//go:embed texts/*.csv
var Own embed.FS
