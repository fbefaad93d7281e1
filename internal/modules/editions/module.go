package editions

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// Name is the module's name.
const Name = "editions"

//go:embed texts/*.csv
var texts embed.FS

//go:embed views/*.html
var views embed.FS

// Editions is the module.
type Editions struct {
	host   *manifest.Host
	places *territory.Service

	chunk int          // steps of an edition in one transaction; tests make it small
	halt  func() error // called between the transactions of an import; tests stop it there
}

// New makes the module. It keeps nothing in memory: several of them on one host are as good as one.
func New(h *manifest.Host, places *territory.Service) *Editions {
	return &Editions{host: h, places: places, chunk: chunkSteps}
}

// Module is what the editions add. Their commands stand below terrace place (package gazetteer).
func (g *Editions) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      Name,
		Needs:     []string{"territory"},
		Part:      Part(),
		Tables:    Tables(),
		Texts:     texts,
		Views:     root,
		Menu:      menu(),
		Pages:     g.pages(),
		Endpoints: g.endpoints,
	}
}

func (g *Editions) pages() []web.Route {
	read, change := web.Permitted(territory.PermitRead), web.Permitted(territory.PermitChange)
	return []web.Route{
		{Pattern: "GET /editions", Access: read, Handle: g.editions},
		{Pattern: "GET /editions/{id}", Access: read, Handle: g.edition},
		{Pattern: "GET /suggestions", Access: read, Handle: g.suggestions},
		{Pattern: "POST /suggestions/confirm", Access: change, Handle: g.confirmMany},
		{Pattern: "POST /suggestions/reject", Access: change, Handle: g.rejectMany},
	}
}

func menu() []web.MenuEntry {
	return []web.MenuEntry{
		{Key: "editions.menu.editions", Href: "/editions", Permit: territory.PermitImport, Order: 80},
		{Key: "editions.menu.suggestions", Href: "/suggestions?state=waiting",
			Permit: territory.PermitChange,
			Order:  81},
	}
}
