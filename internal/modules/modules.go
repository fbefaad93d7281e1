// Package modules is the list of all modules and their wiring, written out in one function.
package modules

import (
	"github.com/terrace-project/terrace/internal/modules/desk"
	"github.com/terrace-project/terrace/internal/platform/manifest"
)

// All makes the modules in the order in which they start: a module stands after those it needs.
func All(h *manifest.Host) []manifest.Module {
	return []manifest.Module{
		desk.New(h).Module(),
	}
}
