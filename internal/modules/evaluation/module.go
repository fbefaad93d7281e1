package evaluation

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits.
const (
	Read    access.Permit = "evaluation.read"    // see published runs
	Compute access.Permit = "evaluation.compute" // make runs, see drafts
	Release access.Permit = "evaluation.release" // publish and withdraw what others made
)

// Evaluation is the module.
type Evaluation struct {
	host   *manifest.Host
	places *territory.Service
	packed FromPack // nil: nobody draws the schemes of the pack
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Evaluation {
	return &Evaluation{host: h, places: places}
}

// Module is what evaluation adds.
func (e *Evaluation) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "evaluation",
		Needs:   []string{"territory", "rating"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{Read, Compute, Release},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{{Key: "evaluation.menu", Href: "/evaluations", Permit: Read,
			Order: 60}},
		Pages:     e.pages(),
		Endpoints: e.endpoints,
		JobKinds:  []jobs.Kind{{Key: auditKind, Run: e.auditJob}},
		Commands:  e.commands,
		Checks:    []manifest.Check{{Name: "evaluation.check", Run: e.checkAll}},
	}
}
