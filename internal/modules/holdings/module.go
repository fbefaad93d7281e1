package holdings

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Places is what the pages need of the territory.
type Places interface {
	registry.Heights
	Name(place int64) string
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Holdings is the module.
type Holdings struct {
	host    *manifest.Host
	places  Places
	assets  *assets.Assets
	forms   forms
	chooser registry.Chooser
	files   *intakepage.Files
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, cards *assets.Assets) *Holdings {
	s := &Holdings{host: h, places: places, assets: cards, chooser: registry.Chooser{Host: h,
		Places: places,
		Read:   assets.Read, Change: assets.Change}}
	s.files = s.imports()
	return s
}

// Module is what the holdings add.
func (s *Holdings) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:  "holdings",
		Needs: []string{"territory", "registry", "assets"},
		Texts: texts,
		Views: root,
		Menu: []web.MenuEntry{
			{Key: "assets.menu", Href: "/assets", Permit: assets.Read, Order: 25},
		},
		Pages:     append(s.files.Routes(), s.pages()...),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		JobKinds:  s.files.Jobs(),
		Start:     s.start,
	}
}

// start makes the forms and takes its place in the machinery.
func (s *Holdings) start(context.Context) error {
	if err := s.makeForms(s.assets.Codes()); err != nil {
		return err
	}
	if s.host.Intake == nil {
		return nil // a program without the whole machinery: tests
	}
	return s.host.Intake.Register(s.kind(s.assets.Codes()))
}
