package statistics

import (
	"context"
	"embed"
	"io/fs"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits.
const (
	MayRead  access.Permit = "statistics.read"
	MayEnter access.Permit = "statistics.enter" // take files in, correct figures
)

// Statistics is the module.
type Statistics struct {
	host   *manifest.Host
	places *territory.Service
	pack   atomic.Pointer[Library]
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Statistics {
	return &Statistics{host: h, places: places}
}

// Module is what statistics adds.
func (s *Statistics) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:     "statistics",
		Needs:    []string{"territory"},
		Part:     part(),
		Tables:   tables(),
		Permits:  []access.Permit{MayRead, MayEnter},
		Texts:    texts,
		Views:    root,
		Sections: []pack.Section{section()},
		Menu: []web.MenuEntry{{Key: "statistics.menu", Href: "/statistics", Permit: MayRead,
			Order: 59}},
		Pages:     s.pages(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Checks:    []manifest.Check{{Name: "statistics.check", Run: s.checkAll}},
		Start:     s.start,
	}
}

// start reads what the pack says of statistics.
func (s *Statistics) start(context.Context) error {
	l, found := ReadLibrary(s.host.Packs)
	if fault.Stops(found) {
		return fault.New(fault.Unavailable, "statistics.pack").With(found)
	}
	s.pack.Store(l)
	return nil
}

func (s *Statistics) library() *Library { return s.pack.Load() }

// Book are the series of the pack.
func (s *Statistics) Book() series.Book { return s.library().Book }

// Definition finds a series.
func (s *Statistics) Definition(key string) (series.Definition, error) {
	d, known := s.library().Book[key]
	if !known {
		return d, fault.New(fault.NotFound, "statistics.no_series", key)
	}
	return d, nil
}
