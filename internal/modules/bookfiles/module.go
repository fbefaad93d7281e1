package bookfiles

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"sync"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Bookfiles is the module.
type Bookfiles struct {
	host     *manifest.Host
	ledger   *ledger.Ledger
	forms    []*form.Definition // of vouchers; the first is our own
	openings []*form.Definition // of opening balances, the same
	files    *intakepage.Files

	mu    sync.Mutex
	plans map[planKey]*plan
}

// New makes the module.
func New(h *manifest.Host, books *ledger.Ledger) *Bookfiles {
	s := &Bookfiles{host: h, ledger: books, plans: map[planKey]*plan{}}
	s.files = s.imports()
	return s
}

// Module is what it adds.
func (s *Bookfiles) Module() manifest.Module {
	tables, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      "bookfiles",
		Needs:     []string{"registry", "ledger"},
		Part:      store.Part{Name: "bookfiles", Migrations: tables},
		Tables:    []store.Sealed{runs},
		Texts:     texts,
		Views:     root,
		Pages:     append(s.files.Routes(), s.pages()...),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Checks:    s.checks(),
		JobKinds:  s.files.Jobs(),
		Start:     s.start,
	}
}

// start reads the forms of the pack and takes its place in the machinery.
func (s *Bookfiles) start(context.Context) error {
	library, _ := form.Load(s.host.Packs.FS()) // what is wrong with forms is told where packs are checked
	if err := s.takeForms(library); err != nil {
		return err
	}
	if s.host.Files != nil {
		s.host.Files.Own("bookfile", s.mayRead)
	}
	if s.host.Intake == nil {
		return nil // a program without the whole machinery: tests
	}
	return s.register()
}

// needed are the fields that forms cannot do without.
var (
	neededOfVoucher = map[string]form.Kind{"date": form.Text, "number": form.Text, "summary": form.Text,
		"account": form.Text, "debit": form.Text, "credit": form.Text}
	neededOfOpening = map[string]form.Kind{"account": form.Text, "counterparty": form.Text,
		"debit": form.Text, "credit": form.Text}
)

// takeForms finds the forms of vouchers and of opening balances, each with its variants behind it.
func (s *Bookfiles) takeForms(library *form.Library) error {
	var findings []fault.Finding
	own, ok := library.Form(voucherForm)
	opening, also := library.Form(openingForm)
	if !ok || !also {
		return fault.New(fault.Invalid, "bookfiles.pack")
	}
	s.forms, s.openings = []*form.Definition{own}, []*form.Definition{opening}
	for _, d := range library.Forms() {
		switch {
		case strings.HasPrefix(d.Key, voucherForm+"."):
			s.forms = append(s.forms, d)
		case strings.HasPrefix(d.Key, openingForm+"."):
			s.openings = append(s.openings, d)
		}
	}
	for _, d := range s.forms {
		findings = append(findings, d.Offers(neededOfVoucher)...)
	}
	for _, d := range s.openings {
		findings = append(findings, d.Offers(neededOfOpening)...)
	}
	if fault.Stops(findings) {
		return fault.New(fault.Invalid, "bookfiles.pack").With(findings)
	}
	return nil
}

// mayRead lets those read a file that was sent who may read the book.
func (s *Bookfiles) mayRead(_ context.Context, actor access.Actor, f files.File) error {
	return s.host.Access.Require(actor, ledger.MayRead, f.Place)
}
