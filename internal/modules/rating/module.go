package rating

import (
	"embed"
	"sync"

	"github.com/terrace-project/terrace/internal/platform/manifest"
)

//go:embed texts/*.csv
var texts embed.FS

//go:embed views/*.html
var views embed.FS

// Rating is the module.
type Rating struct {
	host *manifest.Host
	bar  sync.Mutex // of the bar of an audit, which many goroutines move
}

// New makes the module.
func New(h *manifest.Host) *Rating { return &Rating{host: h} }

// Module is what rating adds.
func (s *Rating) Module() manifest.Module {
	return manifest.Module{
		Name:     "rating",
		Texts:    texts,
		Commands: s.commands,
	}
}
