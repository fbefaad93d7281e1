package desk

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// ReadCases lets officers see the cases of their places beyond their own inbox.
const ReadCases access.Permit = "desk.read_cases"

// Desk is the module.
type Desk struct {
	host *manifest.Host
}

// New makes the module.
func New(h *manifest.Host) *Desk { return &Desk{h} }

// Module is what the desk adds.
func (d *Desk) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "desk",
		Permits: []access.Permit{ReadCases},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{
			{Key: "desk.menu.home", Href: "/", Order: 0},
			{Key: "desk.menu.inbox", Href: "/inbox", Order: 1},
			{Key: "desk.menu.cases", Href: "/cases", Permit: ReadCases, Order: 60},
			{Key: "desk.menu.notices", Href: "/notices", Order: 61},
			{Key: "desk.menu.absence", Href: "/absence", Order: 90},
		},
		Pages:     d.pages(),
		Endpoints: func(a *api.API) { d.endpoints(a) },
		Bell:      d.bell,
		Checks:    []manifest.Check{{Name: "procedure.check", Run: d.check}},
	}
}

func (d *Desk) bell(ctx context.Context, actor access.Actor) (int, error) {
	n, err := store.Read(ctx, d.host.Store, func(v *store.View) (int64, error) {
		return d.host.Procedures.InboxCount(v, actor)
	})
	return int(n), err
}
