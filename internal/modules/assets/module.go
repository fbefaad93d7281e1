package assets

import (
	"context"
	"embed"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
)

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	Read   access.Permit = "assets.read"
	Change access.Permit = "assets.change"
	// Dispose ends a card; Transfer moves it to another organisation, and needs the permit at both.
	Dispose  access.Permit = "assets.dispose"
	Transfer access.Permit = "assets.transfer"
)

// Places is what the cards need of the territory.
type Places interface {
	registry.Heights
	Codes(place int64) []string
}

// Assets is the module.
type Assets struct {
	host   *manifest.Host
	places Places
	codes  atomic.Pointer[Codes]
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Assets {
	return &Assets{host: h, places: places}
}

// Module is what the cards add.
func (s *Assets) Module() manifest.Module {
	return manifest.Module{
		Name:    "assets",
		Needs:   []string{"territory", "registry"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{Read, Change, Dispose, Transfer},
		Texts:   texts,
		Checks: []manifest.Check{{Name: "assets.check", Run: s.checkCards},
			{Name: "assets.check_totals", Run: s.checkTotals}, {Name: "assets.check_links",
				Run: s.checkLinks}},
		Start: s.start,
	}
}

// start reads the form of a card from the pack and takes its place in the machinery.
func (s *Assets) start(context.Context) error {
	read, err := readCodes(s.host.Packs)
	if err != nil {
		return err
	}
	s.codes.Store(read)
	if s.host.Files != nil { // nil in a program without the whole machinery: tests
		s.host.Files.Own("asset", s.mayFile)
	}
	return nil
}
