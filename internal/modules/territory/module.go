package territory

import (
	"embed"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
)

// Texts are the module's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Module is what the territory adds to the program.
func (s *Service) Module() manifest.Module {
	return manifest.Module{
		Name:    Name,
		Part:    Part(),
		Tables:  Tables(),
		Permits: []access.Permit{PermitRead, PermitChange, PermitImport},
		Texts:   Texts,
		Checks:  s.checks(),
		Start:   s.Start,
		Run:     s.Run,
	}
}
