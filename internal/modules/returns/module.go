package returns

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Returns is the module.
type Returns struct {
	host      *manifest.Host
	places    *territory.Service
	reporting *reporting.Reporting
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, reports *reporting.Reporting) *Returns {
	return &Returns{h, places, reports}
}

// Module is what the module adds.
func (m *Returns) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:  "returns",
		Needs: []string{"territory", "reporting"},
		Texts: texts,
		Views: root,
		Menu: []web.MenuEntry{{Key: "returns.menu", Href: "/reports/calendar", Permit: reporting.MayRead,
			Order: 50}},
		Pages:     m.pages(),
		Cards:     m.cards(),
		Endpoints: m.endpoints,
		Commands:  m.commands,
	}
}
