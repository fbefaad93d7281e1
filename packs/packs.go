// Package packs holds the packs that come with the program: what differs between provinces and
// years, as text that can be read, dated and tested. A city adopts Terrace by writing a pack of its
// own beside these, not code (internal/platform/pack says how).
package packs

import "embed"

// Files has a folder for each pack.
//
//go:embed all:national all:chongqing all:ezhou
var Files embed.FS
