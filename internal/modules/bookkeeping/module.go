package bookkeeping

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// MayPublish lets somebody show a statement of a closed month to the public.
const MayPublish access.Permit = "ledger.publish"

// Places is what the pages need of the territory.
type Places interface {
	registry.Heights
	Name(place int64) string
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Bookkeeping is the module.
type Bookkeeping struct {
	host   *manifest.Host
	places Places
	ledger *ledger.Ledger
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, books *ledger.Ledger) *Bookkeeping {
	return &Bookkeeping{host: h, places: places, ledger: books}
}

// Module is what bookkeeping adds.
func (s *Bookkeeping) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "bookkeeping",
		Needs:   []string{"territory", "registry", "ledger"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{MayPublish},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{
			{Key: "books.menu", Href: "/books", Permit: ledger.MayRead, Order: 27},
		},
		Pages:     s.pages(),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Start:     s.start,
	}
}

// start takes its place in the machinery.
func (s *Bookkeeping) start(context.Context) error {
	if s.host.Files != nil {
		s.host.Files.Own(fileSubject, s.mayFile)
	}
	return nil
}

// mayFile judges who may see a file on a voucher: whoever may read the books and the evidence of its
// place.
func (s *Bookkeeping) mayFile(_ context.Context, actor access.Actor, f files.File) error {
	if err := s.host.Access.Require(actor, ledger.MayRead, f.Place); err != nil {
		return err
	}
	return s.host.Access.Require(actor, files.ReadPermit, f.Place)
}
