package banking

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/banking/drafts"
	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead access.Permit = "banking.read"
	// MayMatch lets one enter accounts, take statements, confirm what is the same money and assert
	// balances.
	MayMatch access.Permit = "banking.match"
)

// Places is what banking needs of the territory.
type Places interface {
	registry.Heights
	Name(place int64) string
	Codes(place int64) []string
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Banking is the module.
type Banking struct {
	host      *manifest.Host
	places    Places
	ledger    *ledger.Ledger
	formats   []*statement.Format
	templates []drafts.Template
	enter     *form.Definition
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, books *ledger.Ledger) *Banking {
	return &Banking{host: h, places: places, ledger: books}
}

// Module is what banking adds.
func (s *Banking) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "banking",
		Needs:   []string{"territory", "registry", "ledger"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{MayRead, MayMatch},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{
			{Key: "banking.menu", Href: "/bank-accounts", Permit: MayRead, Order: 28},
		},
		Pages:     s.pages(),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Checks:    []manifest.Check{{Name: "banking.check", Run: s.checkAll}},
		Sections:  sections(),
		Start:     s.start,
	}
}

// start reads the pack and makes the form of an account, which lists the formats.
func (s *Banking) start(context.Context) error {
	if err := s.readPack(s.host.Packs); err != nil {
		return err
	}
	return s.makeForm()
}

func (s *Banking) readPack(p *pack.Pack) error {
	formats, findings := formatsOf(p)
	templates, more := pack.Decode[drafts.Template](p, templateFile, templateList)
	if findings = append(findings, more...); fault.Stops(findings) {
		return fault.New(fault.Unavailable, "banking.pack").With(findings)
	}
	s.formats, s.templates = formats, templates
	return nil
}
