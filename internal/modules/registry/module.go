package registry

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	Read    access.Permit = "registry.read"
	Change  access.Permit = "registry.change"
	Succeed access.Permit = "registry.succeed" // merge and divide
	// ReadOfficers lets one see who the officers are and, for a reason, call them.
	ReadOfficers access.Permit = "registry.read_officers"
)

// Places is what the registry needs of the territory.
type Places interface {
	Heights
	Name(place int64) string
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Registry is the module.
type Registry struct {
	host   *manifest.Host
	places Places
	forms  forms
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Registry {
	return &Registry{host: h, places: places}
}

// Module is what the registry adds.
func (g *Registry) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "registry",
		Needs:   []string{"territory"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{Read, Change, Succeed, ReadOfficers},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{
			{Key: "registry.menu", Href: "/organisations", Permit: Read, Order: 20},
		},
		Pages:     g.pages(),
		Cards:     g.cards(),
		Endpoints: g.endpoints,
		Checks:    []manifest.Check{{Name: "registry.check", Run: g.checkAll}},
		Start:     g.start,
	}
}
