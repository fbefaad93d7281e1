package policy

import (
	"context"
	"embed"
	"io/fs"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/statistics"
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

// MayRead lets somebody see targets.
const MayRead access.Permit = "policy.read"

// Policy is the module.
type Policy struct {
	host    *manifest.Host
	figures *statistics.Statistics
	targets atomic.Pointer[[]Target]
}

// New makes the module.
func New(h *manifest.Host, figures *statistics.Statistics) *Policy {
	return &Policy{host: h, figures: figures}
}

// Module is what policy adds.
func (p *Policy) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:     "policy",
		Needs:    []string{"statistics", "rating"},
		Permits:  []access.Permit{MayRead},
		Texts:    texts,
		Views:    root,
		Sections: []pack.Section{section()},
		Menu:     []web.MenuEntry{{Key: "policy.menu", Href: "/targets", Permit: MayRead, Order: 61}},
		Pages: []web.Route{
			{Pattern: "GET /targets", Access: web.Permitted(MayRead), Handle: p.list},
			{Pattern: "GET /targets/{key}", Access: web.Permitted(MayRead), Handle: p.page},
		},
		Cards:     p.cards(),
		Endpoints: p.endpoints,
		Commands:  p.commands,
		Start:     p.start,
	}
}

// start reads the targets of the pack.
func (p *Policy) start(context.Context) error {
	all, found := ReadTargets(p.host.Packs)
	if fault.Stops(found) {
		return fault.New(fault.Unavailable, "policy.pack").With(found)
	}
	p.targets.Store(&all)
	return nil
}
