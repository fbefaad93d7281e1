package gazetteer

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/manifest"
)

// Name is the module's name.
const Name = "gazetteer"

//go:embed texts/*.csv
var texts embed.FS

//go:embed views/*.html
var views embed.FS

// Gazetteer is the module.
type Gazetteer struct {
	host   *manifest.Host
	places *territory.Service
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Gazetteer {
	return &Gazetteer{host: h, places: places}
}

// Module is what the gazetteer adds.
func (g *Gazetteer) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      Name,
		Needs:     []string{"territory", "editions"},
		Texts:     texts,
		Views:     root,
		Menu:      menu(),
		Pages:     g.pages(),
		Endpoints: g.endpoints,
		Commands:  g.commands,
		Sections:  sections(),
	}
}
