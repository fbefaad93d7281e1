package demo

import "embed"

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS
