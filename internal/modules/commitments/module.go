package commitments

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead   access.Permit = "commitments.read"
	MayChange access.Permit = "commitments.change" // enters commitments, repayments and matches
	// MayAnnounce enters transfers: county finance.
	MayAnnounce access.Permit = "commitments.announce"
)

// Places is what the register needs of the territory.
type Places interface {
	registry.Heights
	registry.Finder
	Name(place int64) string
	Today() *tree.Tree
}

// Commitments is the module.
type Commitments struct {
	host     *manifest.Host
	places   Places
	books    *ledger.Ledger
	codes    atomic.Pointer[codes]
	forms    forms
	chooser  registry.Chooser
	files    map[Kind]*intakepage.Files
	announce *intakepage.Files
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service, books *ledger.Ledger) *Commitments {
	s := &Commitments{host: h, places: places, books: books, files: map[Kind]*intakepage.Files{},
		chooser: registry.Chooser{Host: h, Places: places, Read: MayRead, Change: MayChange}}
	for _, kind := range record.Kinds {
		s.files[kind] = s.imports(kind)
	}
	s.announce = s.transferImports()
	return s
}

// Module is what the register adds.
func (s *Commitments) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	kinds, routes := s.announce.Jobs(), append(s.announce.Routes(), s.pages()...)
	for _, kind := range record.Kinds {
		kinds = append(kinds, s.files[kind].Jobs()...)
		routes = slices.Concat(s.files[kind].Routes(), routes)
	}
	kinds = append(kinds,
		jobs.Kind{Key: matchJob, Run: s.runMatch, Schedule: &jobs.Schedule{Slot: jobs.Nightly(1, 0),
			Homes: s.homes}},
		jobs.Kind{Key: figuresJob, Run: s.runFigures, Schedule: &jobs.Schedule{Slot: jobs.Nightly(2, 0)}})
	return manifest.Module{
		Name:    "commitments",
		Needs:   []string{"territory", "registry", "ledger"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{MayRead, MayChange, MayAnnounce},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{{Key: "commitments.menu", Href: "/commitments", Permit: MayRead, Order: 29},
			{Key: "commitments.transfers.menu", Href: "/transfers", Permit: MayRead, Order: 29}},
		Pages:     routes,
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Sections:  sections(),
		Subjects:  subjects(),
		Measures:  measures(),
		JobKinds:  kinds,
		Checks:    []manifest.Check{{Name: "commitments.check", Run: s.checkAll}},
		Start:     s.start,
	}
}

// start reads the pack and takes its place in the machinery.
func (s *Commitments) start(context.Context) error {
	read, err := readCodes(s.host.Packs)
	if err != nil {
		return err
	}
	s.codes.Store(read)
	if err := s.makeForms(); err != nil {
		return err
	}
	if s.host.Files != nil { // nil in a program without the whole machinery: tests
		s.host.Files.Own("commitment", s.mayFile)
	}
	if s.host.Intake == nil {
		return nil
	}
	for _, kind := range s.kindsOfFiles(read) {
		if err := s.host.Intake.Register(kind); err != nil {
			return err
		}
	}
	return nil
}

// mayFile judges who may see a file on a commitment: whoever may read the evidence of its place.
func (s *Commitments) mayFile(_ context.Context, actor access.Actor, f files.File) error {
	if err := s.host.Access.Require(actor, MayRead, f.Place); err != nil {
		return err
	}
	return s.host.Access.Require(actor, files.ReadPermit, f.Place)
}
