package contracts

import (
	"context"
	"embed"
	"io/fs"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	Read   access.Permit = "contracts.read"
	Change access.Permit = "contracts.change"
	// Receiving takes payments; WritingOff gives claims up.
	Receiving  access.Permit = "contracts.receive"
	WritingOff access.Permit = "contracts.write_off"
)

// Places is what contracts need of the territory.
type Places interface {
	registry.Heights
	Name(place int64) string
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Contracts is the module.
type Contracts struct {
	host    *manifest.Host
	places  Places
	books   *ledger.Ledger
	codes   atomic.Pointer[codes]
	forms   forms
	chooser registry.Chooser
	files   *intakepage.Files
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, books *ledger.Ledger) *Contracts {
	s := &Contracts{host: h, places: places, books: books, chooser: registry.Chooser{Host: h,
		Places: places,
		Read:   Read, Change: Change}}
	s.files = s.imports()
	return s
}

// Module is what the contracts add.
func (s *Contracts) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      "contracts",
		Needs:     []string{"territory", "registry", "ledger"},
		Part:      part(),
		Tables:    tables(),
		Permits:   []access.Permit{Read, Change, Receiving, WritingOff},
		Texts:     texts,
		Views:     root,
		Menu:      []web.MenuEntry{{Key: "contracts.menu", Href: "/contracts", Permit: Read, Order: 27}},
		Pages:     append(s.files.Routes(), s.pages()...),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Sections:  sections(),
		Subjects:  []rule.Subject{subject(func() *keys.Ring { return s.host.Keys })},
		JobKinds: append(s.files.Jobs(), jobs.Kind{Key: raiseJob, Run: s.runRaise,
			Schedule: &jobs.Schedule{Slot: jobs.Nightly(0, 30), Homes: s.homes}}),
		Checks: []manifest.Check{{Name: "contracts.check", Run: s.checkAll}},
		Start:  s.start,
	}
}

// start reads the pack and takes its place in the machinery.
func (s *Contracts) start(context.Context) error {
	read, err := readCodes(s.host.Packs)
	if err != nil {
		return err
	}
	s.codes.Store(read)
	if err := s.makeForms(read); err != nil {
		return err
	}
	if s.host.Files != nil { // nil in a program without the whole machinery: tests
		s.host.Files.Own("contract", s.mayFile)
	}
	if s.host.Intake == nil {
		return nil
	}
	return s.host.Intake.Register(s.kind(read))
}

// mayFile judges who may see a file on a contract: whoever may read the evidence of its place.
func (s *Contracts) mayFile(_ context.Context, actor access.Actor, f files.File) error {
	if err := s.host.Access.Require(actor, Read, f.Place); err != nil {
		return err
	}
	return s.host.Access.Require(actor, files.ReadPermit, f.Place)
}
