package operations

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Read lets the system administrator see the state of the installation.
const Read access.Permit = "operations.read"

// Operations is the module.
type Operations struct {
	host *manifest.Host
}

// New makes the module.
func New(h *manifest.Host) *Operations { return &Operations{h} }

// Module is what the operations add.
func (o *Operations) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name: "operations",
		// The permits of the platform's machinery are named here too: it has no module of its own.
		Permits: []access.Permit{Read, jobs.ReadPermit, jobs.ManagePermit, files.ReadPermit,
			measure.ReadPermit},
		Texts: texts,
		Views: root,
		Menu: []web.MenuEntry{
			{Key: "operations.menu.jobs", Href: "/jobs", Order: 80},
			{Key: "operations.menu", Href: "/operations", Permit: Read, Order: 95},
		},
		Pages:     o.pages(),
		Endpoints: o.endpoints,
		Checks:    []manifest.Check{{Name: "files.check", Run: o.checkFiles}},
	}
}
