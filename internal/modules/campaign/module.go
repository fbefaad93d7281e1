package campaign

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Campaigns is the module.
type Campaigns struct {
	host      *manifest.Host
	places    *territory.Service
	inventory *inventory.Inventory
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, checks *inventory.Inventory) *Campaigns {
	return &Campaigns{h, places, checks}
}

// Module is what the campaigns add.
func (m *Campaigns) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:   "campaign",
		Needs:  []string{"territory", "registry", "inventory"},
		Part:   part(),
		Tables: tables(),
		Texts:  texts,
		Views:  root,
		Menu: []web.MenuEntry{{Key: "campaign.menu", Href: "/inventory", Permit: inventory.MayRead,
			Order: 40}},
		Pages:     m.pages(),
		Cards:     m.cards(),
		Endpoints: m.endpoints,
		Commands:  m.commands,
		JobKinds: []jobs.Kind{{Key: openKind, Run: m.openJob},
			{Key: figuresKind, Run: m.figuresJob, Schedule: &jobs.Schedule{Slot: jobs.Nightly(2, 30),
				Homes: m.homes}}},
		Measures: measures,
		Checks:   []manifest.Check{{Name: "campaign.check", Run: m.checkSamples}},
		Start:    m.start,
	}
}

func (m *Campaigns) start(context.Context) error {
	m.host.Procedures.Register(rollUpProcedure, m.handler())
	return nil
}
