package accounts

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Module is the pages around accounts, posts and sessions.
type Module struct {
	host *manifest.Host
}

// New makes the module.
func New(h *manifest.Host) *Module { return &Module{h} }

// Module is what the program takes in.
func (m *Module) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name: "accounts", Permits: identity.Permits(), Texts: texts, Views: root,
		Menu: []web.MenuEntry{
			{Key: "accounts.menu.users", Href: "/users", Permit: identity.Read, Order: 81},
			{Key: "accounts.menu.posts", Href: "/posts", Permit: identity.Read, Order: 82},
			{Key: "accounts.menu.sign_ins", Href: "/sign-ins", Permit: identity.Audit, Order: 83},
			{Key: "accounts.menu.audit", Href: "/audit", Permit: identity.Audit, Order: 84},
		},
		Pages:     m.pages(),
		Endpoints: func(a *api.API) { m.endpoints(a) },
		Commands:  m.commands,
		Checks: []manifest.Check{
			{Name: "identity.check.posts", Run: func(ctx context.Context,
				report func(fault.Finding)) error {
				return m.host.Identity.CheckPosts(ctx, report)
			}},
			{Name: "audit.check.sign_ins", Run: func(ctx context.Context,
				report func(fault.Finding)) error {
				return m.host.Audit.Check(ctx, report)
			}},
		},
		Run: m.run,
	}
}

// tidyTime is how often what has run out is removed.
const tidyTime = 10 * time.Minute

// run keeps sessions and the record of sign-ins tidy while the program serves.
func (m *Module) run(ctx context.Context) {
	ticker := time.NewTicker(tidyTime)
	defer ticker.Stop()
	for {
		err := errors.Join(m.host.Identity.Tidy(ctx), m.host.Audit.Tidy(ctx))
		if err != nil && ctx.Err() == nil {
			slog.Error("accounts: tidying failed and will be tried again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
